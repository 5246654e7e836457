"""Other proceedings beside a review: another review, an inquest, a trial.

The ``parallel_process`` machine of docs/domestic-homicide-review.md 4.5; kinds from section 2 step 14 and section 7.
They overlap with the review and stop no clock of it; what must wait is a hold.
"""

from datetime import date

from workflows import questions as ask
from workflows.dates import Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, HeldBy, Kind, Move, Stage, State, Workflow
from workflows.document_ladders import review_ladder
from workflows.effects import Start
from workflows.facts import Choice, Fact, FactKind
from workflows.ladder import Who
from workflows.selfcheck import checked

_UNIT = (Decider.BU_OFFICER, Decider.BU_MANAGER)
_KINDS = {
    "sar": "Safeguarding adults review",
    "cspr": "Child safeguarding practice review",
    "rapid_review": "Child rapid review",
    "mappa_scr": "MAPPA serious case review",
    "mhhr_psii": "Mental-health homicide review or patient safety investigation",
    "owhr": "Offensive weapons homicide review",
    "iopc": "IOPC investigation",
    "ppo": "Prisons and Probation Ombudsman investigation",
    "leder": "LeDeR review",
    "inquest": "Inquest",
    "criminal": "Criminal proceedings",
    "susr": "Single unified safeguarding review (Wales)",
    "civil": "Civil or family proceedings",
    "complaint": "Complaint or Ombudsman",
    "other": "Other",
}

_STAGES = (Stage("identified", "Identified"), Stage("running", "Running"), Stage("ended", "Ended"))
_STATES = (
    State("identified", "Identified", "identified", "It may concern this case. Whether it runs is not settled."),
    State("active", "Active", "running", "It runs beside this case."),
    State("awaiting_outcome", "Waiting for the outcome", "running", "It has been heard; what it found is not known yet."),
    State("concluded", "Concluded", "ended", "It has ended.", final=True, held_by=HeldBy.NOBODY),
    State("not_applicable", "Not applicable", "ended", "It does not concern this case.", final=True, held_by=HeldBy.NOBODY),
)  # fmt: skip
_FACTS = (
    Fact("kind", FactKind.CHOICE, "What it is", choices=tuple(Choice(*kind) for kind in _KINDS.items())),
    ask.day("identified_on", "Date it was identified"),
    ask.text("led_by", "Who leads it", "The body or the role, not a name"),
    ask.text("its_reference", "Its reference", private=True),
    ask.choice(
        "arrangement", "How it goes with this case",
        joint="Together with this case", parallel="Side by side", sequenced="One after the other",
    ),
    ask.day("started_on", "Date it began"),
    ask.day("next_date_on", "Its next date", "Trial, hearing, report", planned=True),
    ask.text("next_date_what", "What happens on that date"),
    ask.day("last_checked_on", "Date it was last checked"),
    ask.long_text("check_note", "What the check found", private=True),
    ask.day("concluded_on", "Date it ended"),
    ask.long_text("outcome", "Its outcome, and what it means for this case", private=True),
    ask.long_text("not_applicable_reason", "Why it does not concern this case"),
    ask.long_text("reopen_reason", "Why it runs again"),
)  # fmt: skip
_MOVES = (
    Move(
        "start", ("identified",), "active", "Record that it runs", "Recorded as running", _UNIT,
        needs=(("started_on",), ("arrangement",)),
        does="It is checked every 28 days.",
    ),
    Move(
        "rule_out", ("identified",), "not_applicable", "Record that it does not apply", "Recorded as not applicable", _UNIT,
        needs=(("not_applicable_reason",),),
        does="It ends here, with the reason.",
        usual=False,
    ),
    Move(
        "await_outcome", ("active",), "awaiting_outcome", "Wait for its outcome", "Waiting for its outcome", _UNIT,
        does="It is checked every 28 days until the outcome is known.",
    ),
    Move(
        "conclude", ("active", "awaiting_outcome"), "concluded", "Record its end", "Concluded", _UNIT,
        needs=(("concluded_on",), ("outcome",)),
        does="It is not checked any more. Look at the holds that wait for it.",
        anew=("concluded_on", "outcome"),
    ),
    Move(
        "reopen", ("concluded",), "active", "Record that it runs again", "Runs again", _UNIT,
        needs=(("reopen_reason",),), effects=(Start("PARALLEL_CHECK"),),
        does="It is checked every 28 days again.",
        usual=False, anew=("reopen_reason",),
    ),
)  # fmt: skip
_CLOCKS = (
    Clock(
        "PARALLEL_CHECK", "Re-check parallel proceedings", "last_checked_on", ("last_checked_on",), Period(28, Unit.DAYS),
        Force.LOCAL, "Local target", Decider.BU_OFFICER,
        repeats=True, ladder=review_ladder((0,), Unit.DAYS, {Who.MANAGER: (14,)}),
        note="Trial date, inquest date, other reviews. Each check starts the next 28 days.",
    ),
)  # fmt: skip

PARALLEL_PROCESS = checked(
    Workflow(
        key="parallel_process",
        version=1,
        title="Parallel process",
        effective_from=date(2008, 1, 1),
        initial="identified",
        stages=_STAGES,
        states=_STATES,
        moves=_MOVES,
        clocks=_CLOCKS,
        facts=_FACTS,
        opening_needs=(("kind",), ("identified_on",), ("led_by",)),
        opening=(Start("PARALLEL_CHECK", from_fact="identified_on"),),
        date_order=("started_on", "concluded_on"),
        kinds=tuple(Kind(name, label) for name, label in _KINDS.items()),
    )
)
