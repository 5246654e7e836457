"""What an ASB case review records: docs/asb-case-review.md sections 2, 4.3, 5.2 and 6. Letters are dates of sending."""

from workflows import questions as ask
from workflows.facts import Fact

_APPLICATION: tuple[Fact, ...] = (
    ask.text("applicant_name", "Applicant's name", "A person, a business or a community group", private=True),
    ask.text(
        "applicant_contact", "How to reach the applicant", "One way is enough: phone, e-mail, address or a go-between",
        private=True,
    ),
    ask.text("area", "Area where the behaviour happens", "The district or unitary area, not where the victim lives"),
    ask.long_text(
        "description", "What has been happening, in the applicant's words",
        "Dates of reports may follow later: an application is never refused for missing dates", private=True,
    ),
    ask.day(
        "application_date", "Date the application was made",
        "The day of the call, the web form or the day the letter arrived, even if incomplete",
    ),
    ask.choice(
        "channel", "How the application came",
        web="Web form", phone="Phone", email="E-mail", letter="Letter", in_person="In person",
        landlord="Landlord", practitioner="Practitioner",
    ),
    ask.yes_no("applicant_is_victim", "Is the applicant the victim?"),
    ask.text("victim_name", "Victim's name, if somebody else", private=True),
    ask.yes_no("tenancy_involved", "Does a tenancy play a part?"),
    ask.yes_no("health_involved", "Does health play a part?"),
    ask.day("safeguarding_looked_on", "Date of the safeguarding look"),
    ask.long_text("safeguarding_note", "What the safeguarding look found", private=True),
    ask.person("spoc_id", "Single point of contact"),
    ask.confirm("passed_to_all_relevant_bodies", "The application is passed on to every relevant body"),
    ask.choice(
        "authority_basis", "What shows that the applicant may act",
        victim_applies="The victim applies in person", written_consent="Written consent is on file",
        recorded_consent="Consent was given by phone or in person and is noted",
        guardian="Parent, guardian or deputy",
    ),
    ask.long_text("authority_reason", "Why the application goes on without proof of authority", private=True),
    ask.long_text("missing_information", "What is missing", private=True),
    ask.day("authority_reply_on", "Date of the reply about authority or what was missing"),
    ask.choice(
        "not_pursued_reason", "Why the application is not pursued",
        no_consent="No permission to share information", anonymous="Anonymous", no_contact="Nobody can be reached",
    ),
    ask.confirm(
        "safeguarding_considered", "Safeguarding has been considered, and whether the harm is high enough to go on"
    ),
)  # fmt: skip

_THRESHOLD: tuple[Fact, ...] = (
    ask.organisations("information_requests", "Bodies asked for information"),
    ask.day("information_requested_on", "Date information was asked for"),
    ask.day("information_returned_on", "Date the body's return arrived"),
    ask.choice(
        "threshold_result", "Result of the calculation",
        met_mandatory="Threshold reached: the bodies must review", met_local_rule="A local rule is met",
        discretion_required="People decide",
    ),
    ask.yes_no("threshold_warning", "Would another way of counting reach the threshold?"),
    ask.choice(
        "decision_route", "Route of the decision",
        mandatory="Section 104(4): must review", local="Local rule", discretionary="Section 104(5): discretion",
    ),
    ask.day("decided_on", "Date of the decision"),
    ask.long_text("decision_reasons", "Reasons for the decision", private=True),
    ask.day("bodies_consulted_on", "Date on which the relevant bodies had been consulted"),
    ask.confirm("bodies_time_lapsed", "The time that the bodies were given to answer is over"),
    ask.day("harm_assessed_on", "Date of the harm assessment"),
    ask.choice("harm_band", "Harm band", standard="Standard", medium="Medium", high="High"),
    ask.long_text("finding_persistence", "Finding on persistence", private=True),
    ask.long_text("finding_harm", "Finding on harm or potential harm", private=True),
    ask.long_text("finding_adequacy", "Finding on the adequacy of the response", private=True),
    ask.person("countersigned_by", "Manager who countersigns"),
    ask.long_text("countersign_reason", "Manager's reason for agreeing that the threshold is not met", private=True),
    ask.long_text("informal_follow_up", "What will be done anyway, where the threshold is not met", private=True),
)  # fmt: skip

_REVIEW: tuple[Fact, ...] = (
    ask.text("review_chair", "Independent chair", "Name or role", private=True),
    ask.choice(
        "chair_independence", "How the chair is independent",
        handled_the_case="From the team that handled the case, or its contact: cannot chair",
        other_team="Not from the team that handled the case", other_agency="Not from an agency under review",
        external="External",
    ),
    ask.choice(
        "victim_choice", "How the victim wants to take part",
        attend="Attend", represented="Send a representative", statement="Send a statement", none="Not take part",
    ),
    ask.choices(
        "panel_invited", "Who is invited",
        council="Council", police="Police", landlord="Landlord", icb="Integrated care board", other="Others",
    ),
    ask.day("review_on", "Date of the review meeting", planned=True),
    ask.day(
        "meeting_without_victim_on", "Date of the meeting that the victim is not invited to",
        "Only where the chair decides not to invite: the reasons are due 2 working days before", planned=True,
    ),
    ask.day("not_inviting_reasons_sent_on", "Date the reasons for not inviting the victim were sent"),
    ask.day("papers_sent_on", "Date the panel papers were sent"),
    ask.day("review_held_on", "Date the review was held"),
    ask.choices(
        "attended_by", "Who attended",
        council="Council", police="Police", landlord="Landlord", icb="Integrated care board", other="Others",
    ),
    ask.yes_no("quorum_met", "Was the panel quorate?"),
    ask.choice(
        "victim_voice", "How the victim was heard",
        attended="Attended", represented="Represented", statement="Statement read", declined="Declined",
    ),
    ask.long_text("findings", "Findings for each body", private=True),
    ask.number("recommendations_made", "Number of recommendations"),
    ask.number("actions_agreed", "Number of actions"),
    ask.long_text("no_recommendations_reason", "Why there are no recommendations and no actions", private=True),
    ask.organisations("recommendation_recipients", "Bodies that recommendations go to"),
    ask.day("recommendation_response_on", "Date the response to the recommendation arrived"),
    ask.day("check_in_on", "Date of the action-plan check-in"),
    ask.day("last_contact_on", "Date of the last contact with the victim"),
)  # fmt: skip

_ENDING: tuple[Fact, ...] = (
    ask.day("dissatisfaction_requested_on", "Date somebody asked for the decision or review to be looked at again"),
    ask.day("dissatisfaction_waived_on", "Date the applicant said that no second look is wanted"),
    ask.day("dissatisfaction_window_over_on", "Date the time to ask for a second look ended"),
    ask.day("dissatisfaction_withdrawn_on", "Date the request for a second look was withdrawn"),
    ask.confirm("no_open_recommendations_or_actions", "Every recommendation is answered and every action has ended and is verified"),
    ask.day("victim_views_sought_on", "Date the victim was asked for their view"),
    ask.long_text("step_reason", "Reason", private=True),
    ask.long_text("manager_reason", "Manager's reason for approving this", private=True),
    ask.day("withdrawn_on", "Date the applicant withdrew"),
    ask.long_text("withdrawal_reason", "Why the application is withdrawn", private=True),
    ask.confirm("victim_told_of_withdrawal", "The victim has been told"),
    ask.text("receiving_area", "Area that takes the case over"),
    ask.day("receiving_area_accepted_on", "Date that area accepted in writing"),
    ask.confirm("papers_passed", "The papers are passed on"),
    ask.text("surviving_case", "Reference of the case that goes on", "It is open and about the same behaviour"),
    ask.choice(
        "redecision_ground", "What calls for a second look",
        dissatisfaction_upheld="A request for a second look was upheld", policing_body="The local policing body refers it",
        manager_direction="A manager directs it",
    ),
    ask.long_text("redecision_reason", "Reason for the second look", private=True),
    ask.long_text("action_found_incomplete", "Which action was found not done", private=True),
)  # fmt: skip

_LETTERS: tuple[Fact, ...] = (
    ask.day("letter_sent_L1", "Date the acknowledgement (L1) was sent", through="letters"),
    ask.day("letter_sent_L2", "Date the letter asking for what is missing (L2) was sent", through="letters"),
    ask.day("letter_sent_L3", "Date the letter saying it is not pursued (L3) was sent", through="letters"),
    ask.day("letter_sent_L4", "Date the letter “threshold met” (L4) was sent", through="letters"),
    ask.day("letter_sent_L5", "Date the letter “threshold not met” (L5) was sent", through="letters"),
    ask.day("letter_sent_L6", "Date the invitation (L6) was sent", through="letters"),
    ask.day("letter_sent_L7", "Date the letter about the change (L7) was sent", through="letters"),
    ask.day("letter_sent_L8", "Date the outcome letter (L8) was sent", through="letters"),
    ask.day("letter_sent_L9", "Date the request for a second look was acknowledged (L9)", through="letters"),
    ask.day("letter_sent_L10", "Date the letter “request not admitted” (L10) was sent", through="letters"),
    ask.day("letter_sent_L11", "Date the result of the second look (L11) was sent", through="letters"),
    ask.day("letter_sent_L12", "Date the letter before closing (L12) was sent", through="letters"),
    ask.day("letter_sent_L13", "Date the withdrawal was confirmed (L13)", through="letters"),
    ask.day("letter_sent_L14", "Date the letter about the new contact (L14) was sent", through="letters"),
    ask.day("letter_sent_L17", "Date the recommendations (L17) were sent", through="letters"),
)  # fmt: skip

FACTS = (*_APPLICATION, *_THRESHOLD, *_REVIEW, *_ENDING, *_LETTERS)
