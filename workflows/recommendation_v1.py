"""Recommendations of every review: local, regional and national, with dispatch and reply.

The ``national_recommendation`` machine of docs/domestic-homicide-review.md 4.5 and 5.4, which serves every kind
(docs/asb-case-review.md 5.3). A body that exercises public functions must have regard to a recommendation of an ASB
case review (Anti-social Behaviour, Crime and Policing Act 2014 s.104(7)): it gives reasons where it does not accept.
"""

from datetime import date

from workflows import questions as ask
from workflows.dates import Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, HeldBy, Kind, Move, Stage, State, Workflow
from workflows.document_ladders import case_review_ladder, review_ladder
from workflows.effects import Effect, HandTo, Start, Stop
from workflows.ladder import Who
from workflows.position import Position, Requirement
from workflows.requirements import has, recorded
from workflows.selfcheck import checked

_UNIT = (Decider.BU_OFFICER, Decider.BU_MANAGER)
_RECIPIENT = (Decider.AGENCY_LEAD, *_UNIT)
_OUT = ("sent", "acknowledged")
_UNANSWERED: tuple[Effect, ...] = (
    Stop("C11", outcome="no_reply"),
    Stop("NATIONAL_REC_REPLY", outcome="no_reply"),
)


def _reasoned(here: Position) -> bool:
    return here.facts.get("public_functions") is not True or has(here.facts, "reply_reasons")


REASONS = Requirement(
    "public_body_gives_reasons",
    "A body that exercises public functions gives its reasons for not accepting all of it.",
    _reasoned,
    facts=("reply_reasons",),
)
ESCALATED = recorded(
    "escalated",
    "Raise it with somebody above first, and record with whom and when.",
    "escalated_on",
    "escalated_to",
)

_STAGES = (
    Stage("writing", "Being written"),
    Stage("out", "With the recipient"),
    Stage("answered", "Answered"),
)


def _answered(name: str, label: str, meaning: str) -> State:
    return State(name, label, "answered", meaning, final=True, held_by=HeldBy.NOBODY)


_STATES = (
    State("drafted", "Drafted", "writing", "Written down, but not sent to whom it is for."),
    State("sent", "Sent", "out", "It is with whom it is for. No answer has come yet.", held_by=HeldBy.AGENCY),
    State("acknowledged", "Acknowledged", "out", "Its receipt is confirmed. No answer has come yet.", held_by=HeldBy.AGENCY),
    _answered("replied_accepted", "Accepted", "It is accepted. What is done about it is followed as actions."),
    _answered("replied_partly", "Accepted in part", "Part of it is accepted."),
    _answered("replied_already_happening", "Already happening", "What it asks for is done already."),
    _answered("replied_rejected", "Not accepted", "It is not accepted."),
    _answered("no_reply_closed", "Closed without a reply", "No answer came, though it was raised with somebody above."),
)  # fmt: skip

_FACTS = (
    ask.choice("kind", "Scope", local="Local", regional="Regional", national="National"),
    ask.long_text("recommendation_text", "Recommendation"),
    ask.organisation("recipient", "Who it is for"),
    ask.text("addressed_to", "Who it is for, if not listed", "A government department or another body"),
    ask.yes_no("public_functions", "Does the recipient exercise public functions?"),
    ask.text("number", "Number in the report"),
    ask.choice(
        "source", "Where it comes from",
        overview="Overview report", imr="Management review", qa_letter="Home Office letter",
        early_learning="Early learning", case_review="ASB case review",
    ),
    ask.choice("agencies", "Who carries it out", single_agency="One agency", multi_agency="Several agencies"),
    ask.text("theme", "Theme"),
    ask.yes_no("smart_checked", "Is it specific, measurable and dated?"),
    ask.day("sent_on", "Date it was sent"),
    ask.text("sent_to", "Mailbox or post that it was sent to"),
    ask.day("acknowledged_on", "Date its receipt was confirmed"),
    ask.day("replied_on", "Date of the reply"),
    ask.long_text("reply_text", "What the reply says"),
    ask.long_text("reply_reasons", "Reasons for not accepting all of it"),
    ask.day("escalated_on", "Date it was raised with somebody above"),
    ask.text("escalated_to", "With whom it was raised", "The role, not the name"),
    ask.long_text("no_reply_reason", "Why it is closed without a reply"),
)  # fmt: skip


def _reply(name: str, to: str, label: str, past: str, *requirements: Requirement, does: str) -> Move:
    return Move(
        name, _OUT, to, label, past, _RECIPIENT,
        needs=(("replied_on",), ("reply_text",)), requirements=requirements, does=does,
        anew=("replied_on", "reply_text"),
    )  # fmt: skip


_MOVES = (
    Move(
        "send", ("drafted",), "sent", "Record that it is sent", "Sent", _UNIT,
        needs=(("recommendation_text",), ("recipient", "addressed_to"), ("sent_on",)),
        effects=(
            Start("C11", only_kinds=("local", "regional")),
            Start("NATIONAL_REC_REPLY", only_kinds=("national",)),
            HandTo("recipient"),
        ),
        does="The recipient can open it from now on, and the time for the reply begins.",
        anew=("sent_on",),
    ),
    Move(
        "acknowledge", ("sent",), "acknowledged", "Record that its receipt is confirmed", "Receipt confirmed", _RECIPIENT,
        needs=(("acknowledged_on",),),
        does="The date of the reply stays as it is.",
    ),
    _reply(
        "reply_accept", "replied_accepted", "Accept it", "Accepted",
        does="The recommendation is answered. What is done about it is followed as actions.",
    ),
    _reply(
        "reply_part", "replied_partly", "Accept part of it", "Accepted in part", REASONS,
        does="The recommendation is answered. What is done about the part is followed as actions.",
    ),
    _reply(
        "reply_already", "replied_already_happening", "Say that it is happening already", "Already happening",
        does="The recommendation is answered: what it asks for is done already.",
    ),
    _reply(
        "reply_reject", "replied_rejected", "Do not accept it", "Not accepted", REASONS,
        does="The recommendation is answered: it is not accepted.",
    ),
    Move(
        "close_unanswered", _OUT, "no_reply_closed", "Close it without a reply", "Closed without a reply",
        (Decider.BU_MANAGER,),
        needs=(("no_reply_reason",),), requirements=(ESCALATED,),
        effects=_UNANSWERED,
        does="The recommendation ends here, unanswered. It is counted as that.",
        usual=False,
    ),
)  # fmt: skip

_CLOCKS = (
    Clock(
        "C11", "Response to the recommendation", "sent_on", ("replied_on",), Period(20, Unit.WORKING_DAYS),
        Force.LOCAL, "Local target; the duty is to have regard, ASBCPA 2014 s.104(7)", Decider.AGENCY_LEAD,
        pausable=True, ladder=case_review_ladder((5,), leads_manager=Who.ESCALATION),
    ),
    Clock(
        "NATIONAL_REC_REPLY", "Chase reply to a national recommendation", "sent_on", ("replied_on",),
        Period(56, Unit.DAYS), Force.LOCAL,
        "Local proxy, borrowed from the 56 days of DA Act 2021 s.16(6), which does not bind here", Decider.BU_OFFICER,
        ladder=review_ladder((0,), Unit.DAYS, {Who.MANAGER: (1,)}),
    ),
)  # fmt: skip

RECOMMENDATION = checked(
    Workflow(
        key="recommendation",
        version=1,
        title="Recommendation",
        effective_from=date(2008, 1, 1),
        initial="drafted",
        stages=_STAGES,
        states=_STATES,
        moves=_MOVES,
        clocks=_CLOCKS,
        facts=_FACTS,
        opening_needs=(
            ("kind",),
            ("recommendation_text",),
            ("recipient", "addressed_to"),
            ("public_functions",),
        ),
        date_order=("sent_on", "acknowledged_on", "replied_on"),
        kinds=(Kind("local", "Local"), Kind("regional", "Regional"), Kind("national", "National")),
    )
)
