"""Plausible answers for invented domestic homicide reviews. Roles and tree names stand for people; dates are the beat's."""

from collections.abc import Mapping

from tracker.demo.beats import Given, Here, Off
from tracker.demo.people import email_of


def _in_turn(*answers: str) -> Given:
    """One of these, by the number of the case."""
    return lambda here: answers[here.number % len(answers)]


def _officer(here: Here) -> str:
    return email_of(here.story.officer or "officer", here.story.partnership)


_PARTNERSHIPS = {
    "herefordshire": "Herefordshire Community Safety Partnership",
    "north-worcestershire": "North Worcestershire Community Safety Partnership",
    "south-worcestershire": "South Worcestershire Community Safety Partnership",
}

DHR_ANSWERS: Mapping[str, Given] = {
    "notification_source": _in_turn("police", "police", "agency", "coroner", "police", "family"),
    "csp_id": lambda here: _PARTNERSHIPS[here.story.partnership],
    "lead_officer_id": _officer,
    "death_month": lambda here: here.month_of_opening,
    "death_basis": _in_turn("homicide", "homicide", "suicide", "homicide", "unexplained"),
    "deceased_pseudonym": lambda here: here.story.pseudonym,
    "criteria_test": _in_turn(
        "The death appears to have resulted from violence by a former partner. The test is met on what is known.",
        "The death appears to have resulted from abuse by a member of the same household.",
        "A history of controlling behaviour is recorded by two agencies. The panel of partners thinks the test is met.",
    ),
    "consultees": "Police, adult social care, the integrated care board and the specialist domestic abuse service: all"
    " agree with the recommendation.",
    "decision_paper_doc": _in_turn("Reviews/decision-paper-v2.docx", "Reviews/decision-paper-final.docx"),
    "decision_maker_id": "CSP chair",
    "decision_rationale": _in_turn(
        "Several agencies knew the family; the learning is likely to matter to all of them.",
        "The definition is met and partners were unanimous.",
        "Partners considered the summaries; contact with services in the last year needs an independent look.",
    ),
    "definition_limb": _in_turn("intimate", "relative", "intimate", "household"),
    "alternative_learning_route": "A joint learning event of the agencies that were involved, reported to the partnership.",
    "ho_no_response_reason": "No reply after two reminders; recorded as unanswered.",
    "return_note": "Ask the ambulance service for its summary as well.",
    "receiving_area": "Shropshire",
    "transfer_reason": "The person normally lived there.",
    "transfer_agreed_by": "Community safety manager of the other area",
    "void_reason": "Logged twice: the same notification came from the police and from the coroner's office.",
    "review_chair_id": "Independent chair from the regional list",
    "author_id": "The same as the chair",
    "panel_members": "Police; council adult social care; integrated care board; probation; specialist domestic abuse"
    " service; housing.",
    "review_period_from": Off(-760),
    "review_period_to": Off(-60),
    "key_lines_of_enquiry": "How risk was assessed; what agencies knew of the household; how information was shared;"
    " access to services in a rural area.",
    "family_tor_consultation": _in_turn("commented", "no_comment"),
    "combined_chronology_doc": "Reviews/combined-chronology-v3.xlsx",
    "family_contributions_status": _in_turn("received", "declined", "received"),
    "overview_draft_version": "Draft 3",
    "exec_summary_draft_version": "Draft 2",
    "reopen_reason": "A further record was found.",
    "anonymisation_checked_by": "A panel member who did not write the report",
    "csp_meeting_on": Off(8),
    "sign_off_minute_ref": "Partnership minutes, item 6",
    "submission_pack": ("overview", "exec_summary", "action_plan", "data_form"),
    "submission_reference": _in_turn("Home Office portal, submission 1", "Sent by secure e-mail, receipt on file"),
    "feedback_letter_doc": "Reviews/home-office-letter.pdf",
    "qa_panel_on": Off(-7),
    "amendments_required": "Clarify how the equality duty was considered; shorten the chronology; correct two dates.",
    "amended_version": "Version 5",
    "publication_urls": "https://www.example.org/community-safety/reviews",
    "comms_plan_doc": "Reviews/communications-plan.docx",
    "publication_pack": ("overview", "exec_summary", "action_plan_annex", "ho_letter_annex"),
    "withhold_reason": "Publication would identify children who still live in the area.",
    "withhold_review_on": Off(120),
    "closure_report_doc": "Reviews/closure-report.docx",
    "closure_minute_ref": "Partnership minutes, item 9",
    "stand_down_reason": "The inquest found that the definition is not met.",
    "stood_down_on": Off(0),
    "qa_outcome": "cleared",
    "resulted_from": ("violence", "abuse"),
    "relationship_type": _in_turn("ex_partner", "intimate_partner", "household_member"),
    "deceased_16_or_over": True,
    "suicide_concern": True,
    "imr_recommendations": 2,
    "asked_for": "What your service knew, what it did, and what it has learned since.",
    "return_document": "Reviews/returns/return.docx",
    "not_applicable_reason": "No other proceedings.",
    "author_role": "Head of quality",
    "author_independent": True,
    "senior_signatory": "Director of operations",
    "quality_rating": _in_turn("good", "adequate", "good"),
    "led_by": "HM Coroner",
    "arrangement": "parallel",
    "outcome": "Ended. The findings are with the panel.",
    "pseudonym": "A sibling",
    "relation": "Sibling of the person who died",
    "route": _in_turn("flo", "advocate"),
    "legal_basis": "Part of the record is under a court order; the rest was sent.",
    "waived_on": Off(0),
    "waiver_reason": "The contact was one telephone call; the chair needs no review of it.",
    "nil_statement": "No record of any contact was found.",
    "draft_document": "Reviews/returns/draft.docx",
    "queries": "Which assessment was made at the second visit?",
    "defer_reason": "The liaison officer advises to wait until after the hearing.",
    "advocate_organisation": "A specialist advocacy service",
    "trace_attempts": "Two letters through the liaison officer, without an answer.",
    "lift_reason": "The trial is over.",
    "recommendation_text": "Guidance on sharing information about carers is to be made clearer.",
    "recipient": "west-mercia-police",
    "addressed_to": "The department responsible",
    "public_functions": True,
    "reply_text": "The reply is on the case file.",
    "reply_reasons": "The matter is under review nationally.",
    "escalated_to": "The department's private office",
    "no_reply_reason": "Two reminders and a letter to the minister's office brought no answer.",
    "reason": _in_turn("criminal_proceedings", "inquest"),
    "requested_by": "Senior investigating officer",
    "still_permitted_work": "Reading of records and drafting go on; witnesses are not interviewed.",
    "review_on": Off(60),
    "placed_on": Off(0),
}  # fmt: skip
