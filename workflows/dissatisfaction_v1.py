"""A request to look again at how an application was dealt with, or at how a case review was carried out.

docs/asb-case-review.md 5.4 (``DS_STATES``, ``DS_TRANSITIONS``); the two limbs are those of Schedule 4 paragraph 3 of the
Anti-social Behaviour, Crime and Policing Act 2014. The conditions are hard: refusing a request without justification,
and never deciding it, were both complained of to the Ombudsman. A result that orders it sends the case above back.
"""

from datetime import date

from workflows import questions as ask
from workflows.dates import Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, HeldBy, Move, Stage, State, Workflow
from workflows.document_ladders import case_review_ladder
from workflows.effects import MoveParent, Start, TellParent
from workflows.position import Position, Requirement
from workflows.requirements import has, letter_sent, recorded
from workflows.selfcheck import checked

_REVIEWER = ("reviewer_id", "reviewer_role")
_BACK = (("redecision_ground", "dissatisfaction_upheld"), ("redecision_reason", "=reasons"))
_OFFICER, _MANAGER = Decider.BU_OFFICER, Decider.BU_MANAGER


def _uninvolved(here: Position) -> bool:
    involved = here.known.get("involved_before", ())
    named = [str(here.facts[name]).strip().casefold() for name in _REVIEWER if has(here.facts, name)]
    return bool(named) and not (isinstance(involved, tuple) and set(named) & set(involved))


UNINVOLVED = Requirement(
    "reviewer_not_involved_before",
    "Name a reviewer who was not the decision-maker, the chair, the applicant's contact or a member of the panel.",
    _uninvolved,
    facts=_REVIEWER,
)
LATE = recorded(
    "extension_considered",
    "Say what was considered about more time, and why none is given.",
    "extension_considered",
)
REASON = recorded("reason_recorded", "Give the reason.", "refusal_reason")
RESULT = recorded(
    "outcome_and_reasons", "Record the result, the reasons and the date.", "result", "reasons", "decided_on"
)
WITHDRAWAL = recorded(
    "withdrawal_recorded", "Record when and how the request was withdrawn.", "withdrawn_on", "withdrawal_note"
)


def _letter(number: str, what: str) -> Requirement:
    return letter_sent(number, what)


_STAGES = (Stage("asked", "Asked"), Stage("looking", "Looked at again"), Stage("ended", "Ended"))
_STATES = (
    State("requested", "Requested", "asked", "The request has arrived. It is to be acknowledged."),
    State("screening", "Being checked", "asked", "Whether it is in time, and about one of the two grounds."),
    State("under_review", "Under review", "looking", "Somebody who was not involved before looks at it again."),
    State("decided", "Decided", "looking", "The result is there. Whoever asked has still to be told."),
    State("notified", "Told", "ended", "Whoever asked has the result and the reasons.", final=True, held_by=HeldBy.NOBODY),
    State("out_of_time", "Too late", "ended", "It came too late, and more time was not given.", final=True, held_by=HeldBy.NOBODY),
    State("inadmissible", "Not admitted", "ended", "It is about neither ground.", final=True, held_by=HeldBy.NOBODY),
    State("withdrawn", "Withdrawn", "ended", "Whoever asked does not want it any more.", final=True, held_by=HeldBy.NOBODY),
)  # fmt: skip
_FACTS = (
    ask.choice(
        "about", "What it is about",
        application_handling="How the application was dealt with",
        review_carrying_out="How the review was carried out",
    ),
    ask.choices(
        "grounds", "Grounds",
        threshold_wrong="The threshold was wrongly decided", policy_ignored="A relevant policy or process was not considered",
        facts_ignored="Relevant facts were not considered", procedure_not_followed="A procedure or timescale was not followed",
        victim_not_heard="The victim was not heard", other="Other",
    ),
    ask.choice(
        "stage", "Who looks at it",
        internal="Here, somebody else", other_csp="Another partnership", countywide_panel="A countywide panel",
        local_policing_body="The local policing body",
    ),
    ask.text("made_by", "Who asks", "Applicant, victim or who speaks for them", private=True),
    ask.day("requested_on", "Date it was asked for"),
    ask.long_text("request_words", "What they say", private=True),
    ask.text("referred_by", "Who sends it on, where that is not who asks"),
    ask.yes_no("late", "Did it come after the time to ask was over?"),
    ask.long_text("extension_considered", "What was considered about more time, and why", private=True),
    ask.person("reviewer_id", "Reviewer, if they sign in here"),
    ask.text("reviewer_role", "Reviewer, if they do not", "Name or role", private=True),
    ask.long_text("refusal_reason", "Why it is not admitted", private=True),
    ask.choice(
        "result", "Result",
        upheld_redecide_threshold="Upheld: decide the threshold again", upheld_rerun_review="Upheld: hold the review again",
        upheld_other_remedy="Upheld: another remedy", partly="Partly upheld", not_upheld="Not upheld",
        no_jurisdiction="Not for us to decide",
    ),
    ask.day("decided_on", "Date of the result"),
    ask.long_text("reasons", "Reasons", private=True),
    ask.long_text("instructions", "What is to be done, and by whom", private=True),
    ask.day("withdrawn_on", "Date it was withdrawn"),
    ask.long_text("withdrawal_note", "How it was withdrawn", private=True),
    ask.day("letter_sent_L9", "Date the request was acknowledged (L9)", through="letters"),
    ask.day("letter_sent_L10", "Date the letter “request not admitted” (L10) was sent", through="letters"),
    ask.day("letter_sent_L11", "Date the result (L11) was sent", through="letters"),
)  # fmt: skip
_MOVES = (
    Move(
        "acknowledge", ("requested",), "screening", "Acknowledge the request", "Acknowledged", (_OFFICER,),
        requirements=(_letter("L9", "the acknowledgement"),),
        effects=(TellParent("letter_sent_L9", from_fact="letter_sent_L9"),),
        does="It is checked whether the request is in time and about one of the two grounds.",
    ),
    Move(
        "admit", ("screening",), "under_review", "Admit it", "Admitted", (_MANAGER,),
        requirements=(UNINVOLVED,),
        does="The reviewer looks at it again.",
    ),
    Move(
        "refuse_late", ("screening",), "out_of_time", "Refuse it as too late", "Refused as too late", (_MANAGER,),
        requirements=(LATE, _letter("L10", "the letter that says why")),
        effects=(TellParent("letter_sent_L10", from_fact="letter_sent_L10"),),
        does="The request ends here. The letter says why, and where else to turn.",
        usual=False,
    ),
    Move(
        "refuse_inadmissible", ("screening",), "inadmissible", "Do not admit it", "Not admitted", (_MANAGER,),
        requirements=(REASON, _letter("L10", "the letter that says why")),
        effects=(TellParent("letter_sent_L10", from_fact="letter_sent_L10"),),
        does="The request ends here. The letter says why, and where else to turn.",
        usual=False,
    ),
    Move(
        "decide", ("under_review",), "decided", "Record the result", "Decided", (Decider.DISSATISFACTION_REVIEWER,),
        requirements=(UNINVOLVED, RESULT),
        effects=(
            MoveParent("redetermine_threshold", "result", "upheld_redecide_threshold", _BACK),
            MoveParent("rerun_review", "result", "upheld_rerun_review", _BACK),
        ),
        does="Where the result orders it, the case goes back to the threshold or to the review.",
    ),
    Move(
        "notify", ("decided",), "notified", "Tell the result", "Result told", (_OFFICER,),
        requirements=(_letter("L11", "the result with the reasons"),),
        effects=(TellParent("letter_sent_L11", from_fact="letter_sent_L11"),),
        does="The request ends here. The letter names the outside routes.",
    ),
    Move(
        "withdraw", ("requested", "screening", "under_review"), "withdrawn", "Record that it is withdrawn", "Withdrawn",
        (_OFFICER,),
        requirements=(WITHDRAWAL,),
        effects=(TellParent("dissatisfaction_withdrawn_on", from_fact="withdrawn_on"),),
        does="The request ends here, at the wish of whoever asked.",
        usual=False,
    ),
)  # fmt: skip
_CLOCKS = (
    Clock(
        "C15", "Acknowledge the request for a second look", "requested_on", ("letter_sent_L9",),
        Period(5, Unit.WORKING_DAYS), Force.LOCAL, "Local target", _OFFICER,
        pausable=True, ladder=case_review_ladder((2,)),
    ),
    Clock(
        "C16", "Decide the request for a second look", "requested_on", ("letter_sent_L11", "letter_sent_L10"),
        Period(20, Unit.WORKING_DAYS), Force.LOCAL, "Local target; East Herts publishes 15 working days",
        Decider.DISSATISFACTION_REVIEWER,
        pausable=True, ladder=case_review_ladder((5,)),
    ),
)  # fmt: skip

DISSATISFACTION = checked(
    Workflow(
        key="dissatisfaction",
        version=1,
        title="Request for a second look",
        effective_from=date(2014, 10, 20),
        initial="requested",
        stages=_STAGES,
        states=_STATES,
        moves=_MOVES,
        clocks=_CLOCKS,
        facts=_FACTS,
        opening_needs=(("about",), ("grounds",), ("stage",), ("made_by",), ("requested_on",), ("request_words",), ("late",)),
        opening=(
            Start("C15"),
            Start("C16"),
            TellParent("dissatisfaction_requested_on", from_fact="requested_on"),
        ),
        date_order=("requested_on", "decided_on"),
    )
)  # fmt: skip
