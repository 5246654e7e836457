"""The letters that go with a chaser. The documents name none, so these are ours (docs/letters.md, "Chasing an agency").

They are no letters that a step waits for and none that is checked and recorded as sent: each goes with a reminder that
the ledger has, and says no more than that reminder does.
"""

from workflows.letters import LetterKind, Prose, To

_OWING = ("asb_case_review", "dhr_2016", "dardr", "information_request", "recommendation", "action_item")
_PROSE = (Prose("owed", "What is owed"), Prose("asked", "When it was asked for", lines=True))

TO_LEAD = LetterKind(
    "chaser", "Chaser, to an agency", _OWING, (To.BODY,), "When an agency has not answered", (),
    ("reference", "body"), _PROSE, heading="We are waiting for an answer",
)  # fmt: skip
TO_SENIOR = LetterKind(
    "chaser-senior", "Chaser, to somebody senior in an agency", _OWING, (To.BODY,), "After three chasers in vain", (),
    ("reference", "body"), _PROSE, heading="Your agency has not answered us",
)  # fmt: skip

_OWED = (
    "# What is owed",
    "{{ owed }}",
    "# When we asked",
    "{%p for day in asked %}",
    "- {{ day }}",
    "{%p endfor %}",
)
BODY_TO_LEAD = (
    "To {{ body }}",
    "We asked you for something that has not reached us. Our reference is {{ reference }}.",
    *_OWED,
    (
        "Please send it, tell us the day on which you will, or tell us who else to ask."
        " If there is nothing to send, tell us so and why."
    ),
)
BODY_TO_SENIOR = (
    "To {{ body }}",
    "We asked your agency for something, and nobody has answered. Our reference is {{ reference }}. So we write to you.",
    *_OWED,
    (
        "Please have it sent, tell us the day on which it will be, or tell us who else to ask."
        " If there is nothing to send, tell us so and why."
    ),
)
