"""What an agency is asked for: a summary of involvement, a chronology, a management review, a return on ASB reports.

The ``imr`` machine of docs/domestic-homicide-review.md 4.5, which serves every kind (docs/asb-case-review.md 5.3). A
short return goes ``requested`` to ``submitted`` to ``accepted``. "Chased" is no state: ``chasers`` counts the chasers.
"""

from datetime import date

from workflows import questions as ask
from workflows.dates import Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, HeldBy, Kind, Move, Stage, State, Workflow
from workflows.document_ladders import case_review_ladder, review_ladder
from workflows.effects import Effect, Start, Stop, TellParent
from workflows.ladder import Who
from workflows.position import Position, Requirement
from workflows.requirements import has
from workflows.selfcheck import checked

_UNIT = (Decider.BU_OFFICER, Decider.BU_MANAGER)
_AGENCY = (Decider.AGENCY_LEAD, *_UNIT)
_WD = Unit.WORKING_DAYS
_RETURNS = {Who.OFFICER: (1,), Who.MANAGER: (5,)}
_REVIEWS = {**_RETURNS, Who.ESCALATION: (10,)}
_CLOCK_OF = {"summary": "SUMMARY", "chronology": "CHRONOLOGY", "imr": "IMR", "agency_return": "C4"}
_TOLD = TellParent("all_summaries_returned_on", from_fact="returned_on", kind="summary", when_all=True)
_AGAIN: tuple[Effect, ...] = tuple(Start(clock, only_kinds=(kind,)) for kind, clock in _CLOCK_OF.items())


def _ended(outcome: str) -> tuple[Effect, ...]:
    return (*(Stop(clock, outcome=outcome) for clock in _CLOCK_OF.values()), _TOLD)


SHORT = Requirement(
    "short_return",
    "A management review is signed off by a senior officer of the agency before it is sent in.",
    lambda here: here.facts.get("kind") != "imr",
)


def _apart(here: Position) -> bool:
    return here.facts.get("kind") != "imr" or (
        has(here.facts, "author_role") and here.facts.get("author_independent") is True
    )


APART = Requirement(
    "author_independent_of_case",
    "The author of a management review must have had no part in the case and no line management of it.",
    _apart,
    hard=False,
    facts=("author_role", "author_independent"),
)
RATED = Requirement(
    "quality_rated",
    "The chair rates the quality of a management review.",
    lambda here: here.facts.get("kind") != "imr" or has(here.facts, "quality_rating"),
    hard=False,
    facts=("quality_rating",),
)

_STAGES = (
    Stage("asked", "Asked"),
    Stage("working", "Being written"),
    Stage("in", "Sent in"),
    Stage("ended", "Ended"),
)
_STATES = (
    State("requested", "Asked for", "asked", "The agency has been asked and has not answered yet.", held_by=HeldBy.AGENCY),
    State("in_progress", "Being prepared", "working", "The agency has it in hand.", held_by=HeldBy.AGENCY),
    State("draft_received", "Draft received", "working", "A draft is in. The agency has not signed it off yet."),
    State(
        "awaiting_agency_sign_off", "Waiting for the agency's sign-off", "working",
        "A senior officer of the agency checks it and signs it.", held_by=HeldBy.AGENCY,
    ),
    State("submitted", "Sent in", "in", "It is in, and is read."),
    State("queries_raised", "Queries with the agency", "in", "Questions about it are with the agency.", held_by=HeldBy.AGENCY),
    State("accepted", "Accepted", "ended", "It is complete and answers what was asked.", final=True, held_by=HeldBy.NOBODY),
    State("nil_return", "Nil return", "ended", "The agency holds nothing.", final=True, held_by=HeldBy.NOBODY),
    State("refused", "Refused", "ended", "The agency refuses, for a legal reason.", final=True, held_by=HeldBy.NOBODY),
    State("waived", "Not needed", "ended", "The chair does without it, for a reason.", final=True, held_by=HeldBy.NOBODY),
)  # fmt: skip

_FACTS = (
    ask.choice(
        "kind", "What the agency is asked for",
        summary="Summary of involvement", chronology="Chronology", imr="Individual management review",
        agency_return="Return on reports of anti-social behaviour",
    ),
    ask.organisation("agency", "Agency"),
    ask.day("requested_on", "Date it was asked for"),
    ask.long_text(
        "asked_for", "What is asked", "The period, the people by pseudonym, the questions. Say that a nil return is wanted too",
        private=True,
    ),
    ask.text("author_role", "Author's role", "The role, not the name"),
    ask.yes_no("author_independent", "Had the author no part in the case and no line management of it?"),
    ask.document("draft_document", "Where the draft is kept", "A link or a file reference"),
    ask.day("draft_on", "Date the draft arrived"),
    ask.day("returned_on", "Date it was sent in"),
    ask.document("return_document", "Where the return is kept", "A link or a file reference"),
    ask.long_text("return_summary", "What the agency says", private=True),
    ask.text("senior_signatory", "Senior officer who signed it off", "The role, not the name"),
    ask.long_text("nil_statement", "What was searched, and that nothing is held"),
    ask.day("refused_on", "Date of the refusal"),
    ask.long_text("legal_basis", "Legal reason for the refusal", "The Act or the rule that the agency relies on"),
    ask.day("waived_on", "Date the chair decided that it is not needed"),
    ask.long_text("waiver_reason", "The chair's reason for doing without it"),
    ask.day("queried_on", "Date the questions were sent"),
    ask.long_text("queries", "Questions for the agency", private=True),
    ask.day("responded_on", "Date of the agency's answer"),
    ask.long_text("response", "The agency's answer", private=True),
    ask.choice(
        "quality_rating", "Quality, as the chair rates it",
        good="Good", adequate="Adequate", poor="Poor",
    ),
    ask.number("recommendations_count", "Number of recommendations in it"),
    ask.day("accepted_on", "Date it was accepted"),
    ask.day("staff_debrief_on", "Date the staff concerned were debriefed"),
    ask.long_text("reopen_reason", "Why it is opened again"),
    ask.day("chased_on", "Date of the last chaser", through="chasers"),
    ask.number("chasers", "Number of chasers", through="chasers"),
    ask.day("escalated_on", "Date it was raised with the agency's escalation contact", through="chasers"),
)  # fmt: skip

_MOVES = (
    Move(
        "acknowledge", ("requested",), "in_progress", "Acknowledge", "Acknowledged", _AGENCY,
        does="The agency has it in hand. The date stays as it is.",
    ),
    Move(
        "submit_return", ("requested", "in_progress"), "submitted", "Send in the return", "Return sent in", _AGENCY,
        needs=(("returned_on",), ("return_document", "return_summary")),
        requirements=(SHORT,),
        does="The return is in and is read.",
        anew=("returned_on",),
    ),
    Move(
        "submit_draft", ("in_progress",), "draft_received", "Send in a draft", "Draft sent in", _AGENCY,
        needs=(("draft_on",), ("draft_document",)),
        does="The draft is read before the agency signs it off.",
        anew=("draft_on", "draft_document"),
    ),
    Move(
        "send_for_sign_off", ("draft_received",), "awaiting_agency_sign_off", "Send it for the agency's sign-off",
        "Sent for the agency's sign-off", _AGENCY,
        does="A senior officer of the agency checks it and signs it.",
    ),
    Move(
        "submit", ("in_progress",), "awaiting_agency_sign_off", "Put it to the agency's senior officer",
        "Put to the agency's senior officer", _AGENCY,
        does="A senior officer of the agency checks it and signs it, without a draft for us first.",
        usual=False,
    ),
    Move(
        "agency_sign_off", ("awaiting_agency_sign_off",), "submitted", "Sign it off and send it in",
        "Signed off and sent in", _AGENCY,
        needs=(("returned_on",), ("senior_signatory",), ("return_document", "return_summary")),
        requirements=(APART,),
        does="It is in, signed off by the agency, and is read.",
        anew=("returned_on", "senior_signatory"),
    ),
    Move(
        "raise_queries", ("submitted",), "queries_raised", "Ask the agency about it", "Questions sent", (*_UNIT, Decider.PANEL),
        needs=(("queried_on",), ("queries",)),
        does="The agency is asked to answer. The first date stays met.",
        anew=("queried_on", "queries"),
    ),
    Move(
        "respond", ("queries_raised",), "submitted", "Answer the questions", "Questions answered", _AGENCY,
        needs=(("responded_on",), ("response",)),
        does="The answer is in and is read.",
        anew=("responded_on", "response"),
    ),
    Move(
        "accept", ("submitted",), "accepted", "Accept it", "Accepted", _UNIT,
        needs=(("accepted_on",),),
        requirements=(RATED,),
        effects=(_TOLD,),
        does="The request ends here: it is complete and answers what was asked.",
        anew=("accepted_on",),
    ),
    Move(
        "return_nil", ("requested", "in_progress"), "nil_return", "Record a nil return", "Nil return", _AGENCY,
        needs=(("returned_on",), ("nil_statement",)),
        effects=(_TOLD,),
        does="The request ends here: the agency holds nothing.",
        anew=("returned_on",),
    ),
    Move(
        "refuse", ("requested", "in_progress"), "refused", "Record a refusal", "Refused", _AGENCY,
        needs=(("refused_on",), ("legal_basis",)),
        effects=_ended("refused"),
        does="The request ends here with the agency's legal reason.",
        usual=False, anew=("refused_on", "legal_basis"),
    ),
    Move(
        "waive", ("requested", "in_progress"), "waived", "Do without it", "Not needed", (Decider.PANEL_CHAIR,),
        needs=(("waived_on",), ("waiver_reason",)),
        effects=_ended("waived"),
        does="The request ends here with the chair's reason.",
        usual=False,
    ),
    Move(
        "reopen", ("accepted",), "queries_raised", "Open it again", "Opened again", (Decider.BU_MANAGER,),
        needs=(("reopen_reason",), ("queries",)),
        does="The agency is asked again.",
        usual=False, anew=("reopen_reason", "queries"),
    ),
    Move(
        "reopen", ("refused",), "in_progress", "Open it again", "Opened again", (Decider.BU_MANAGER,),
        needs=(("reopen_reason",),),
        effects=_AGAIN,
        does="The agency has it in hand after all, with a new date.",
        usual=False, anew=("reopen_reason",),
    ),
)  # fmt: skip

_CLOCKS = (
    Clock(
        "SUMMARY", "Agency summary of involvement", "requested_on", ("returned_on",), Period(10, _WD),
        Force.LOCAL, "Local scoping practice", Decider.AGENCY_LEAD, ladder=review_ladder((3, 1, 0), _WD, _RETURNS),
    ),
    Clock(
        "CHRONOLOGY", "Agency chronology", "requested_on", ("returned_on",), Period(20, _WD),
        Force.LOCAL, "Local target", Decider.AGENCY_LEAD, ladder=review_ladder((5, 1, 0), _WD, _REVIEWS),
    ),
    Clock(
        "IMR", "Individual management review", "requested_on", ("returned_on",), Period(40, _WD),
        Force.LOCAL, "2016 guidance s.7 (content); length local, set by the chair in the terms of reference",
        Decider.AGENCY_LEAD, ladder=review_ladder((10, 5, 1, 0), _WD, _REVIEWS),
    ),
    Clock(
        "C4", "Agency return", "requested_on", ("returned_on",), Period(10, _WD),
        Force.LOCAL, "Published local timescales: Wyre 10, Richmond 14 working days; asked under Sch 4 para 7",
        Decider.AGENCY_LEAD, pausable=True, ladder=case_review_ladder((3,), leads_manager=Who.ESCALATION),
    ),
)  # fmt: skip

INFORMATION_REQUEST = checked(
    Workflow(
        key="information_request",
        version=1,
        title="Information request",
        effective_from=date(2008, 1, 1),
        initial="requested",
        stages=_STAGES,
        states=_STATES,
        moves=_MOVES,
        clocks=_CLOCKS,
        facts=_FACTS,
        opening_needs=(("kind",), ("agency",), ("requested_on",)),
        date_order=("requested_on", "draft_on", "returned_on", "accepted_on"),
        kinds=(
            Kind("summary", "Summary of involvement", "SUMMARY"),
            Kind("chronology", "Chronology", "CHRONOLOGY"),
            Kind("imr", "Individual management review", "IMR"),
            Kind("agency_return", "Agency return", "C4"),
        ),
    )
)
