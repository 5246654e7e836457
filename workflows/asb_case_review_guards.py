"""The conditions of the steps of an ASB case review, named as docs/asb-case-review.md 5.2 names them.

None can be overridden: each is the least that lets a step be defended to the applicant and to the Ombudsman. A
condition that the document writes as ``unless`` has "not_" before its name.
"""

from collections.abc import Mapping
from datetime import date

from workflows.position import Position, Requirement
from workflows.requirements import confirmed, day_of, either, has, letter_sent, recorded

APPLICATION = recorded(
    "has_minimum_application",
    "Give the applicant's name, one way to reach them, the area, what has been happening, and when and how they applied.",
    "applicant_name", "applicant_contact", "area", "description", "application_date", "channel",
)  # fmt: skip
SPOC = recorded("spoc_assigned", "Name the applicant's single point of contact.", "spoc_id")
MISSING = recorded(
    "authority_or_clarification_missing", "Say exactly what is missing.", "missing_information"
)
AUTHORITY = either(
    "authority_ok",
    "Record what shows that the applicant may act, or why the application goes on without it.",
    "authority_basis",
    "authority_reason",
)
AREA_HAS_POLICY = Requirement(
    "area_has_policy",
    "The area has no procedure in force for this application date, so it cannot go on yet. It stays received.",
    lambda here: here.known.get("area_has_policy") is True,
    facts=("area",),
)
PASSED_ON = Requirement(
    "passed_to_all_relevant_bodies",
    "Pass the application on to every relevant body first (section 104(3)(b)).",
    lambda here: here.known.get("not_passed_on") == (),
    page="pass-ons",
)
NOT_PURSUED = recorded("not_pursued_reason", "Say why the application is not pursued.")
SAFEGUARDING = confirmed("safeguarding_considered", "Consider safeguarding first.")
MANAGER = recorded("manager_approved", "A manager approves this, with the reason.", "manager_reason")
REASON = recorded("reason_recorded", "Give the reason.", "step_reason")
ROUTES: Mapping[str, frozenset[str]] = {
    "met_mandatory": frozenset({"mandatory"}),
    "met_local_rule": frozenset({"local", "discretionary"}),
    "discretion_required": frozenset({"discretionary"}),
}
"""The routes of decision that each result of the calculation leaves open."""


def _complete(here: Position) -> bool:
    calculated, route = str(here.known.get("threshold_result", "")), here.facts.get("decision_route")
    return all(has(here.facts, name) for name in _DECIDED) and route in ROUTES.get(calculated, ())


_DECIDED = ("decision_route", "decided_on", "decision_reasons")
DECISION = Requirement(
    "decision_record_complete",
    "Record the decision: its date, its reasons, and a route that fits the calculation on the threshold page. Without the"
    " area's rules there is no calculation, and so no decision.",
    _complete,
    facts=_DECIDED,
)
DISAGREEMENT = Requirement(
    "disagreement_explained",
    "An agency's dates would give another result. The applicant's dates are used: record why.",
    lambda here: here.known.get("dates_disagree") is not True or has(here.facts, "disagreement_reason"),
    facts=("disagreement_reason",),
)
HARM = recorded("harm_assessed", "Complete the harm assessment.", "harm_assessed_on", "harm_band")


def _not_told(here: Position) -> bool:
    code = "L4" if here.state == "threshold_met" else "L5"
    if here.known.get(f"letter_told_{code}") is True:
        return False
    told = day_of(here.facts, f"letter_sent_{code}")
    decided = day_of(here.facts, "decided_on")
    return told is None or (decided is not None and told < decided)


NOT_TOLD = Requirement(
    "not_decision_letter_sent",
    "The letter with the decision has been sent: the decision can be taken anew, and no longer corrected.",
    _not_told,
)
FINDINGS = recorded(
    "discretion_reasons_recorded",
    "Record a finding on each of persistence, harm and the adequacy of the response (section 104(5)).",
    "finding_persistence", "finding_harm", "finding_adequacy",
)  # fmt: skip
NOT_MANDATORY = Requirement(
    "not_mandatory_threshold_met",
    "Section 104(4) is reached: the bodies must decide that the threshold is met.",
    lambda here: here.known.get("threshold_result") != "met_mandatory",
    page="threshold",
)


def _countersigned(here: Position) -> bool:
    doubtful = (
        here.known.get("threshold_result") == "met_local_rule" or here.known.get("threshold_warning") is True
    )
    return not doubtful or (has(here.facts, "countersigned_by") and has(here.facts, "countersign_reason"))


COUNTERSIGNED = Requirement(
    "manager_countersigned",
    "A local rule is met, or another way of counting reaches the threshold: a manager countersigns in person, with a"
    " reason.",
    _countersigned,
    facts=("countersigned_by", "countersign_reason"),
)


VICTIM_CHOICE = recorded(
    "victim_choice_recorded", "Ask the victim how they want to take part.", "victim_choice"
)


def _invited(here: Position) -> bool:
    invited = here.facts.get("panel_invited")
    needed = {"council", "police"}
    if here.facts.get("tenancy_involved") is True:
        needed.add("landlord")
    if here.facts.get("health_involved") is True:
        needed.add("icb")
    return isinstance(invited, tuple) and needed <= set(invited)


PANEL = Requirement(
    "panel_invited",
    "Invite the council and the police; the landlord where there is a tenancy; the integrated care board where health"
    " plays a part.",
    _invited,
    facts=("panel_invited", "tenancy_involved", "health_involved"),
)
QUORUM = Requirement(
    "quorum_recorded",
    "Record who attended, and that the panel was quorate.",
    lambda here: has(here.facts, "attended_by") and here.facts.get("quorum_met") is True,
    facts=("attended_by", "quorum_met"),
)
VOICE = recorded("victim_voice_recorded", "Record how the victim was heard.", "victim_voice")


def _window_over(here: Position) -> bool:
    letters = (day_of(here.facts, name) for name in ("letter_sent_L5", "letter_sent_L8"))
    told = max((day for day in letters if day is not None), default=None)
    over = day_of(here.facts, "dissatisfaction_window_over_on")
    waived = day_of(here.facts, "dissatisfaction_waived_on")
    if waived is not None and (told is None or waived >= told):
        return True
    if over is None or (told is not None and over < told):
        return False
    until = here.known.get("second_look_until")
    return not isinstance(until, date) or (until <= over and until < here.today)


WINDOW_OVER = Requirement(
    "dissatisfaction_window_over_or_waived",
    "Wait until the time to ask for a second look is over, or record that none is wanted. It begins with the letter"
    " that tells the decision or the outcome, and its last day has to be past.",
    _window_over,
    facts=("dissatisfaction_window_over_on", "dissatisfaction_waived_on"),
)


VIEWS = recorded("victim_views_sought", "Ask the victim for their view first.", "victim_views_sought_on")
WITHDRAWAL = recorded(
    "withdrawal_recorded",
    "Record when and why the applicant withdrew, and that the victim has been told.",
    "withdrawn_on", "withdrawal_reason", "victim_told_of_withdrawal",
)  # fmt: skip
OTHER_AREA = recorded(
    "receiving_area_accepted",
    "The other area must have accepted the case in writing and have the papers.",
    "receiving_area", "receiving_area_accepted_on", "papers_passed",
)  # fmt: skip
SURVIVOR = recorded(
    "surviving_case_open", "Name the open case about the same behaviour that goes on.", "surviving_case"
)
SECOND_LOOK = recorded(
    "dissatisfaction_upheld_or_manager_direction",
    "Say what calls for the second look, and why.",
    "redecision_ground",
    "redecision_reason",
)
ACTION_FOUND = recorded(
    "action_found_incomplete", "Say which action was found not done.", "action_found_incomplete"
)


def letter(number: str, what: str) -> Requirement:
    """The letter of that number is sent."""
    return letter_sent(number, what)
