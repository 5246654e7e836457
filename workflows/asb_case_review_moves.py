"""The steps of an ASB case review: the 27 rows of docs/asb-case-review.md 5.2."""

from collections.abc import Iterable

from workflows import asb_case_review_chair as chair
from workflows import asb_case_review_family as family
from workflows import asb_case_review_guards as guard
from workflows.asb_case_review_guards import letter
from workflows.deciders import Decider
from workflows.definition import Move
from workflows.effects import (
    ALL_CLOCKS,
    Cancel,
    CountChildren,
    Effect,
    Enclose,
    Keep,
    MoveChildren,
    Note,
    Start,
    Stop,
)
from workflows.position import Requirement

_OFFICER, _MANAGER = Decider.BU_OFFICER, Decider.BU_MANAGER
_EARLY = ("received", "acknowledged", "awaiting_authority", "threshold_check")
_BEFORE_OUTCOME = (*_EARLY, "threshold_met", "review_preparation", "review_scheduled")
# These stand from step to step. Everything else that a step asks for is said anew each time the step is taken.
_STANDING = frozenset({
    "applicant_name", "applicant_contact", "area", "description", "application_date", "channel", "spoc_id",
    "authority_basis", "authority_reason", "harm_assessed_on", "harm_band", "bodies_consulted_on", "tenancy_involved",
    "health_involved", "review_chair", "review_chair_id", "review_chair_body", "chair_independence", "victim_choice",
    "dissatisfaction_waived_on",
})  # fmt: skip


def _needs(requirements: Iterable[Requirement], *more: str) -> tuple[tuple[str, ...], ...]:
    """Every fact behind the requirements that must be there in any case, and ``more``."""
    needs: list[tuple[str, ...]] = []
    for requirement in requirements:
        if requirement in {guard.AUTHORITY, guard.WINDOW_OVER}:
            needs.append(requirement.facts)  # any one of these will do
        elif requirement not in _CONDITIONAL:
            needs += [(name,) for name in requirement.facts]
    return (*needs, *((name,) for name in more))


_CONDITIONAL = {
    guard.COUNTERSIGNED, guard.DISAGREEMENT, guard.PANEL, family.CONSULTED, family.RESULT, family.ISSUED,
    chair.UNINVOLVED, chair.AS_THE_AREA_DEFINES, guard.AREA_HAS_POLICY,
}  # fmt: skip


def _step(
    name: str,
    sources: str | tuple[str, ...],
    to: str,
    label: str,
    past: str,
    decided_by: tuple[Decider, ...],
    *requirements: Requirement,
    does: str,
    effects: tuple[Effect, ...] = (),
    more: tuple[str, ...] = (),
    usual: bool = True,
) -> Move:
    needs = _needs(requirements, *more)
    asked = dict.fromkeys([n for need in needs for n in need] + [n for r in requirements for n in r.facts])
    return Move(
        name,
        (sources,) if isinstance(sources, str) else sources,
        to,
        label,
        past,
        decided_by,
        needs=needs,
        requirements=requirements,
        effects=effects,
        does=does,
        usual=usual,
        anew=tuple(fact for fact in asked if fact not in _STANDING),
    )


_CANCELLED = (Cancel(ALL_CLOCKS),)
_CALCULATED: tuple[Effect, ...] = (
    *(Keep(fact) for fact in (
        "threshold_result", "threshold_warning", "count_complaint", "count_incident", "count_distinct_report",
    )),
    Enclose("calculation"),
)  # fmt: skip
"""What the calculation gave at the moment of the decision stays with it, whatever is added afterwards."""

MOVES: tuple[Move, ...] = (
    _step(
        "submit", "draft", "received", "Submit the application", "Application received", (_OFFICER,),
        guard.APPLICATION,
        effects=(Stop("C24", "submitted"), Start("C0"), Start("C1"), Start("C2"), Start("C5")),
        does="The application counts from the day it was made; the first dates run from then.",
    ),
    _step(
        "acknowledge", "received", "acknowledged", "Acknowledge the application", "Acknowledged", (_OFFICER,),
        guard.AREA_HAS_POLICY, guard.SPOC, letter("L1", "the acknowledgement"),
        effects=(Stop("C1"), Start("C13", from_fact="letter_sent_L1")),
        does="The applicant knows their contact and what happens next.",
    ),
    _step(
        "request_authority", ("acknowledged", "threshold_check"), "awaiting_authority",
        "Ask for authority or what is missing", "Authority or clarification asked for", (_OFFICER,),
        guard.MISSING, letter("L2", "the letter asking for what is missing"),
        effects=(Start("C3"),),
        does="The case waits for the applicant. The date by which they are told the decision stays.",
        usual=False,
    ),
    _step(
        "confirm_authority", "awaiting_authority", "threshold_check", "Go on to the threshold check",
        "Authority settled", (_OFFICER,),
        guard.AUTHORITY, guard.PASSED_ON,
        effects=(Stop("C3"),),
        does="The threshold check starts.",
    ),
    _step(
        "give_up_authority", "awaiting_authority", "not_pursued", "Stop pursuing the application",
        "Application not pursued", (_MANAGER,),
        guard.NOT_PURSUED, guard.SAFEGUARDING, guard.MANAGER, letter("L3", "the letter saying it is not pursued"),
        effects=(Stop("C3", "given_up"), *_CANCELLED),
        does="The application ends here. It is counted on its own line, and can be taken up again.",
        usual=False,
    ),
    _step(
        "start_check", "acknowledged", "threshold_check", "Start the threshold check", "Threshold check started",
        (_OFFICER,),
        guard.AUTHORITY, guard.PASSED_ON,
        does="The bodies' information is gathered and the reports are counted.",
    ),
    _step(
        "decide_met", "threshold_check", "threshold_met", "Decide that the threshold is met", "Threshold met",
        (Decider.DECISION_MAKER,),
        guard.PASSED_ON, guard.AUTHORITY, guard.DECISION, guard.DISAGREEMENT, family.CONSULTED,
        effects=_CALCULATED,
        does="A case review follows once the applicant is told.",
    ),
    _step(
        "decide_not_met", "threshold_check", "threshold_not_met", "Decide that the threshold is not met",
        "Threshold not met", (Decider.DECISION_MAKER,),
        guard.PASSED_ON, guard.AUTHORITY, guard.DECISION, guard.DISAGREEMENT, family.CONSULTED, guard.HARM,
        guard.FINDINGS, guard.NOT_MANDATORY, guard.COUNTERSIGNED,
        effects=_CALCULATED,
        does="The applicant is told why, report by report, and how to ask for a second look.",
    ),
    _step(
        "correct_decision", ("threshold_met", "threshold_not_met"), "threshold_check", "Correct the decision",
        "Decision taken back for correction", (_MANAGER,),
        guard.MANAGER, guard.NOT_TOLD,
        does="The case is back at the threshold check. Possible only before the applicant is told.",
        usual=False,
    ),
    _step(
        "notify_met", "threshold_met", "review_preparation", "Tell the applicant: threshold met",
        "Applicant told that the threshold is met", (_OFFICER,),
        letter("L4", "the letter “threshold met”"),
        effects=(Stop("C5"), Start("C6")),
        does="The review is prepared: chair, panel, the victim's choice, papers.",
    ),
    _step(
        "notify_not_met", "threshold_not_met", "not_met_notified", "Tell the applicant: threshold not met",
        "Applicant told that the threshold is not met", (_OFFICER,),
        letter("L5", "the letter “threshold not met” with the reasons, the route and where else to turn"),
        effects=(Stop("C5"), Start("C14", from_fact="letter_sent_L5")),
        does="The time in which the applicant can ask for a second look begins.",
    ),
    _step(
        "schedule_review", "review_preparation", "review_scheduled", "Schedule the review", "Review scheduled",
        (_OFFICER,),
        chair.CHAIR, chair.UNINVOLVED, chair.AS_THE_AREA_DEFINES, guard.VICTIM_CHOICE, guard.PANEL,
        letter("L6", "the invitation"),
        effects=(Stop("C7"), Start("C9")),
        more=("panel_invited", "review_on"),
        does="The meeting has its date; papers and invitations count back from it.",
    ),
    _step(
        "reschedule_review", "review_scheduled", "review_scheduled", "Move the review to another day",
        "Review moved to another day", (_OFFICER,),
        guard.REASON, letter("L7", "the letter about the change"),
        effects=(Stop("C7"), Cancel("C9"), Start("C9")),
        more=("review_on",),
        does="The meeting has a new date; everybody is told why.",
        usual=False,
    ),
    _step(
        "adjourn_review", "review_scheduled", "review_preparation", "Adjourn the review", "Review adjourned",
        (Decider.PANEL_CHAIR,),
        guard.REASON, letter("L7", "the letter about the change"),
        effects=(Cancel("C7"), Cancel("C8"), Cancel("C9")),
        does="The review goes back to preparation; everybody is told why.",
        usual=False,
    ),
    _step(
        "hold_review", "review_scheduled", "review_held", "Record the review", "Review held", (Decider.PANEL_CHAIR,),
        chair.CHAIR, chair.UNINVOLVED, chair.AS_THE_AREA_DEFINES, guard.QUORUM, guard.VOICE, family.RESULT,
        effects=(
            CountChildren("recommendations_made", "recommendation", "drafted"),
            CountChildren("actions_agreed", "action_item", "draft"),
            Keep("recommendation_recipients"), Stop("C6"), Start("C10"),
        ),
        more=("findings", "review_held_on"),
        does="The outcome letter is due next.",
    ),
    _step(
        "notify_outcome", "review_held", "outcome_notified", "Tell the outcome", "Outcome told", (_OFFICER,),
        letter("L8", "the outcome letter with the recommendations"), family.ISSUED,
        effects=(
            Stop("C10"), Start("C14", from_fact="letter_sent_L8"),
            MoveChildren("recommendation", "send", "send:recommendations"),
            MoveChildren("action_item", "accept", "open:actions(draft->agreed)"),
        ),
        does="Recipients of recommendations are asked to respond; the time for a second look begins.",
    ),
    _step(
        "start_monitoring", "outcome_notified", "action_plan_monitoring", "Start following the action plan",
        "Action plan being followed", (Decider.SYSTEM, _OFFICER),
        family.SOMETHING_TO_DO,
        effects=(Start("C20"),),
        does="Actions and recommendations are followed until each has ended.",
    ),
    _step(
        "close_case", ("not_met_notified", "outcome_notified"), "closed", "Close the case", "Closed",
        (_OFFICER, _MANAGER),
        guard.WINDOW_OVER, letter("L12", "the letter before closing"), family.NO_OPEN_REQUEST, family.NOTHING_OPEN,
        effects=_CANCELLED,
        does="The case ends. It can be opened again.",
    ),
    _step(
        "close_case", "action_plan_monitoring", "closed", "Close the case", "Closed", (_MANAGER,),
        guard.WINDOW_OVER, guard.VIEWS, letter("L12", "the letter before closing"), family.NO_OPEN_REQUEST,
        family.NOTHING_OPEN,
        effects=_CANCELLED,
        does="The case ends. It can be opened again.",
    ),
    _step(
        "withdraw", _BEFORE_OUTCOME, "withdrawn", "Record that it is withdrawn", "Withdrawn", (_OFFICER,),
        guard.WITHDRAWAL, guard.SAFEGUARDING, letter("L13", "the confirmation"),
        effects=_CANCELLED,
        does="The application ends here at the applicant's wish. It can be taken up again.",
        usual=False,
    ),
    _step(
        "reinstate", ("withdrawn", "not_pursued"), "acknowledged", "Take the application up again",
        "Application taken up again", (_OFFICER,),
        guard.REASON,
        effects=(Start("C2"), Start("C5", from_fact="application_date"), Start("C13")),
        does="The application goes on and keeps its original date. Every relevant body is told that it does.",
        usual=False,
    ),
    _step(
        "transfer", _EARLY, "transferred", "Transfer to another area", "Transferred to another area", (_MANAGER,),
        guard.OTHER_AREA, letter("L14", "the letter about the new contact"),
        effects=_CANCELLED,
        does="The other area takes the case over. It does not count here.",
        usual=False,
    ),
    _step(
        "merge", _EARLY, "merged", "Merge into another case", "Merged into another case", (_MANAGER,),
        guard.SURVIVOR, guard.MANAGER, letter("L14", "the letter about the new contact"),
        effects=(*_CANCELLED, Note("survivor:application_date=earlier_of_both")),
        does="The other case goes on, with the earlier of the two application dates.",
        usual=False,
    ),
    _step(
        "mark_misdirected", ("received", "acknowledged"), "misdirected", "Record that it is not an application",
        "Recorded as not an application", (_MANAGER,),
        guard.MANAGER, letter("L14", "the letter about where to turn"),
        effects=_CANCELLED,
        more=("misdirected_reason",),
        does="It was a first report or a service request: it ends here and is counted on its own line.",
        usual=False,
    ),
    _step(
        "redetermine_threshold", ("not_met_notified", "closed"), "threshold_check",
        "Decide the threshold again", "Threshold to be decided again", (_MANAGER, Decider.SYSTEM),
        guard.SECOND_LOOK,
        effects=(Cancel("C14"), Cancel("C13"), Start("C5"), Start("C13")),
        does="The threshold is checked and decided afresh; the earlier decision stays on record.",
        usual=False,
    ),
    # Both ended before the check: the bodies may never have had the application, so the decision asks for it again.
    _step(
        "redetermine_threshold", ("not_pursued", "misdirected"), "threshold_check",
        "Decide the threshold again", "Threshold to be decided again", (_MANAGER, Decider.SYSTEM),
        guard.SECOND_LOOK,
        effects=(Cancel("C14"), Cancel("C13"), Start("C2"), Start("C5"), Start("C13")),
        does="Every relevant body is told that the application goes on; the threshold is checked and decided.",
        usual=False,
    ),
    _step(
        "rerun_review", ("outcome_notified", "action_plan_monitoring", "closed"), "review_preparation",
        "Hold the review again", "Review to be held again", (_MANAGER, Decider.SYSTEM),
        guard.SECOND_LOOK,
        effects=(
            *(Cancel(clock) for clock in ("C14", "C13", "C20", "C7", "C8", "C9")), Start("C6"), Start("C13"),
        ),
        does="A new review is prepared; the earlier one stays on record.",
        usual=False,
    ),
    _step(
        "reopen_monitoring", "closed", "action_plan_monitoring", "Follow the action plan again",
        "Action plan being followed again", (_MANAGER,),
        guard.ACTION_FOUND, guard.MANAGER,
        effects=(Start("C20"), Start("C13")),
        does="The case is open again until the action is done.",
        usual=False,
    ),
)  # fmt: skip
