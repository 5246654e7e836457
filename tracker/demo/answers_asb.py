"""Plausible answers for invented ASB case reviews. Applicants are called by what they are; nobody has a name."""

from collections.abc import Mapping

from tracker.demo.beats import Given, Here, Off
from tracker.demo.people import email_of


def _in_turn(*answers: str) -> Given:
    """One of these, by the number of the case."""
    return lambda here: answers[here.number % len(answers)]


def _officer(here: Here) -> str:
    return email_of(here.story.officer or "officer", here.story.partnership)


def _manager(here: Here) -> str:
    return email_of("manager", here.story.partnership)


def _chair(here: Here) -> str:
    return email_of("chair", here.story.partnership)


def _area(here: Here) -> str:
    return here.story.area


def _applicant(here: Here) -> str:
    kinds = ("Applicant", "Resident", "Applicant", "Community group")
    return kinds[here.number % len(kinds)]


ASB_ANSWERS: Mapping[str, Given] = {
    "applicant_name": _applicant,
    "applicant_contact": _in_turn("By telephone", "By e-mail", "By letter", "Through their housing officer"),
    "area": _area,
    "description": _in_turn(
        "Loud music and shouting at night, several times a week, since the summer.",
        "Groups gather in the parking area in the evening; litter, noise and damage to a fence.",
        "Repeated threats and banging on the wall from a neighbouring flat.",
        "Off-road bikes on the common at weekends; complaints have brought no change.",
        "Rubbish and abuse directed at residents of a shared stairwell.",
        "Barking, fires in the garden and verbal abuse when asked to stop.",
    ),
    "channel": _in_turn("web", "phone", "email", "letter", "landlord"),
    "spoc_id": _officer,
    "authority_basis": _in_turn("victim_applies", "recorded_consent", "victim_applies"),
    "missing_information": "Consent of the victim on whose behalf the application is made.",
    "not_pursued_reason": "no_consent",
    "safeguarding_note": "No further concern was found.",
    "decision_route": "mandatory",
    "decision_reasons": "Three qualifying incidents in six months, each reported within a month and each followed up late.",
    "finding_persistence": "Two incidents in six months; the earlier ones lie outside the period.",
    "finding_harm": "The effect on daily life is real and is acknowledged.",
    "finding_adequacy": "Each report was answered within the agencies' own times.",
    "countersigned_by": _manager,
    "countersign_reason": "The reports were counted twice, with the same result.",
    "informal_follow_up": "The neighbourhood team visits once a month until the spring.",
    "review_chair": "Head of service of another agency",
    "chair_independence": _in_turn("other_agency", "other_team", "external"),
    "victim_choice": _in_turn("attend", "statement", "represented"),
    "panel_invited": ("council", "police", "landlord"),
    "review_on": Off(9),
    "attended_by": ("council", "police", "landlord"),
    "quorum_met": True,
    "victim_voice": _in_turn("attended", "statement", "represented"),
    "findings": "Each body acted on single reports; nobody saw the pattern. Records were not shared between the teams.",
    "step_reason": "The landlord could not attend on the first day.",
    "manager_reason": _in_turn(
        "Checked with the officer and agreed.", "Agreed at the weekly meeting of the unit.",
    ),
    "withdrawal_reason": "The applicant has moved and wants no review.",
    "no_recommendations_reason": "Everything that can be done is being done.",
    "disagreement_reason": "The applicant's dates are taken.",
    "misdirected_reason": "first_report",
    "receiving_area": "Shropshire",
    "recommendation_text": _in_turn(
        "Share reports about one address between the agencies every week.",
        "Name one contact for residents of the estate and publish it.",
    ),
    "about": "application_handling",
    "grounds": ("procedure_not_followed",),
    "stage": "internal",
    "made_by": "Applicant",
    "request_words": "One of the reports was not looked at.",
    "late": False,
    "extension_considered": "Considered; no reason for the delay was given.",
    "refusal_reason": "The review is not over, so there is no outcome to look at again.",
    "reviewer_id": _chair,
    "reviewer_role": "Head of another service",
    "reasons": "The papers show that every report was looked at.",
    "withdrawal_note": "The applicant telephoned: content with the answer.",
    "recipient": "west-mercia-police",
    "public_functions": True,
    "reply_text": "Accepted. The teams have begun.",
    "return_document": "Case reviews/returns/return.docx",
    "asked_for": "Every report held, with dates, references and what was done.",
    "redecision_ground": "manager_direction",
    "redecision_reason": "One report had been left out of the count.",
    "action_found_incomplete": "The lighting was ordered but not put up.",
}  # fmt: skip
