"""The conditions of the steps of an ASB case review, named as docs/asb-case-review.md 5.2 names them.

None can be overridden: each is the least that lets a step be defended to the applicant and to the Ombudsman. A
condition that the document writes as ``unless`` has "not_" before its name.
"""

from workflows.position import Position, Requirement
from workflows.requirements import confirmed, day_of, either, has, recorded

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
PASSED_ON = confirmed(
    "passed_to_all_relevant_bodies",
    "Pass the application on to every relevant body first (section 104(3)(b)).",
)
NOT_PURSUED = recorded("not_pursued_reason", "Say why the application is not pursued.")
SAFEGUARDING = confirmed("safeguarding_considered", "Consider safeguarding first.")
MANAGER = recorded("manager_approved", "A manager approves this, with the reason.", "manager_reason")
REASON = recorded("reason_recorded", "Give the reason.", "step_reason")
DECISION = recorded(
    "decision_record_complete",
    "Record the decision: its date, its route, what the calculation gave, whether another way of counting would reach"
    " the threshold, and the reasons.",
    "decided_on", "decision_route", "threshold_result", "threshold_warning", "decision_reasons",
)  # fmt: skip
CONSULTED = either(
    "bodies_consulted_or_lapsed",
    "Consult the relevant bodies, or let the time that they were given run out.",
    "bodies_consulted_on",
    "bodies_time_lapsed",
)
HARM = recorded("harm_assessed", "Complete the harm assessment.", "harm_assessed_on", "harm_band")
FINDINGS = recorded(
    "discretion_reasons_recorded",
    "Record a finding on each of persistence, harm and the adequacy of the response (section 104(5)).",
    "finding_persistence", "finding_harm", "finding_adequacy",
)  # fmt: skip
NOT_MANDATORY = Requirement(
    "not_mandatory_threshold_met",
    "Section 104(4) is reached: the bodies must decide that the threshold is met.",
    lambda here: here.facts.get("threshold_result") != "met_mandatory",
)


def _countersigned(here: Position) -> bool:
    doubtful = (
        here.facts.get("threshold_result") == "met_local_rule" or here.facts.get("threshold_warning") is True
    )
    return not doubtful or (has(here.facts, "countersigned_by") and has(here.facts, "countersign_reason"))


COUNTERSIGNED = Requirement(
    "manager_countersigned",
    "A local rule is met, or another way of counting reaches the threshold: a manager countersigns with a reason.",
    _countersigned,
    facts=("countersigned_by", "countersign_reason"),
)


def _independent(here: Position) -> bool:
    independence = here.facts.get("chair_independence")
    return has(here.facts, "review_chair") and independence not in {None, "handled_the_case"}


CHAIR = Requirement(
    "independent_chair_appointed",
    "Appoint a chair who is neither the applicant's contact nor from the team that handled the case.",
    _independent,
    facts=("review_chair", "chair_independence"),
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


def _made(here: Position) -> int:
    numbers = (here.facts.get("recommendations_made"), here.facts.get("actions_agreed"))
    return sum(number for number in numbers if isinstance(number, int))


def _findings(here: Position) -> bool:
    counted = has(here.facts, "recommendations_made") and has(here.facts, "actions_agreed")
    reasoned = _made(here) > 0 or has(here.facts, "no_recommendations_reason")
    return has(here.facts, "findings") and counted and reasoned


RESULT = Requirement(
    "findings_recorded",
    "Record the findings, and how many recommendations and actions were made, or why there are none.",
    _findings,
    facts=("findings", "recommendations_made", "actions_agreed", "no_recommendations_reason"),
)


def _issued(here: Position) -> bool:
    if not here.facts.get("recommendations_made"):
        return True
    return has(here.facts, "recommendation_recipients") and has(here.facts, "letter_sent_L17")


ISSUED = Requirement(
    "recommendations_issued",
    "Send each recommendation to whom it is for (L17).",
    _issued,
    facts=("recommendation_recipients", "letter_sent_L17"),
)
SOMETHING_TO_DO = Requirement(
    "has_recommendations_or_actions",
    "There is no recommendation and no action to follow: close the case instead.",
    lambda here: _made(here) > 0,  # said when the review was recorded: the form does not ask again
)


def _window_over(here: Position) -> bool:
    letters = (day_of(here.facts, name) for name in ("letter_sent_L5", "letter_sent_L8"))
    told = max((day for day in letters if day is not None), default=None)
    ends = (
        day_of(here.facts, name) for name in ("dissatisfaction_window_over_on", "dissatisfaction_waived_on")
    )
    return any(end is not None and (told is None or end >= told) for end in ends)


WINDOW_OVER = Requirement(
    "dissatisfaction_window_over_or_waived",
    "Wait until the time to ask for a second look is over, or record that none is wanted. It begins with the letter"
    " that tells the decision or the outcome.",
    _window_over,
    facts=("dissatisfaction_window_over_on", "dissatisfaction_waived_on"),
)


def _no_open_request(here: Position) -> bool:
    asked = day_of(here.facts, "dissatisfaction_requested_on")
    ends = (
        day_of(here.facts, name)
        for name in ("letter_sent_L10", "letter_sent_L11", "dissatisfaction_withdrawn_on")
    )
    return asked is None or any(end is not None and end >= asked for end in ends)


NO_OPEN_REQUEST = Requirement(
    "not_open_dissatisfaction_request",
    "A request for a second look is still open.",
    _no_open_request,
    facts=("letter_sent_L10", "letter_sent_L11", "dissatisfaction_withdrawn_on"),
)
NOTHING_OPEN = Requirement(
    "not_has_open_recommendations_or_actions",
    "A recommendation or an action is still open. Each action must have ended, verified by somebody who does not lead it.",
    # Where the threshold was not met there was no review, so nothing can be open.
    lambda here: (
        here.state == "not_met_notified" or here.facts.get("no_open_recommendations_or_actions") is True
    ),
    facts=("no_open_recommendations_or_actions",),
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
    return recorded(f"letter_sent_{number}", f"Send {what} ({number}).", f"letter_sent_{number}")
