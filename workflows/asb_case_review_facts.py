"""What an ASB case review records: docs/asb-case-review.md sections 2, 4.3, 5.2 and 6. Letters are dates of sending."""

from workflows import questions as ask
from workflows.facts import Fact

_APPLICATION: tuple[Fact, ...] = (
    ask.text("applicant_name", "Applicant's name", "A person, a business or a community group", private=True),
    ask.text(
        "applicant_contact", "How to reach the applicant", "One way is enough: phone, e-mail, address or a go-between",
        private=True,
    ),
    ask.choices(
        "unsafe_channels", "Ways not to use to reach the victim or the applicant", "A letter in such a way is refused",
        post="Post", email="E-mail", by_hand="By hand", phone="Phone", portal="Secure portal",
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
    ask.text("victim_area", "Area where the victim lives, if it is another"),
    ask.text("joint_area", "Other area that takes part", "A joint review is led by one area, which also counts it"),
    ask.yes_no(
        "hate", "Does anybody see it as motivated by hate?",
        "What the victim or anybody else perceives counts. Once said, it stays; a note can be added",
    ),
    ask.long_text("hate_note", "Note on the hate element", private=True),
    ask.day("safeguarding_looked_on", "Date of the safeguarding look"),
    ask.choices(
        "safeguarding_found", "What the safeguarding look found",
        life="Threat to life", self_harm="Risk of self-harm", hate="Hate", child="A child at risk",
        adult="An adult at risk", domestic_abuse="Domestic abuse: goes to safeguarding, not to this review",
        nothing="No further concern",
    ),
    ask.long_text("safeguarding_note", "Note of the safeguarding look", private=True),
    ask.person("spoc_id", "Single point of contact"),
    ask.organisations("relevant_bodies", "Relevant bodies", "Only where the area has none listed"),
    ask.confirm(
        "passed_to_all_relevant_bodies", "The application is passed on to every relevant body", through="pass-ons"
    ),
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
    ask.day("support_offered_on", "Date victim support was offered"),
    ask.yes_no("crime_alleged", "Is any of it alleged to be a crime?"),
    ask.text("crime_reference", "Crime reference", private=True),
    ask.day("victims_code_given_on", "Date the Victims' Code leaflet was given"),
    ask.day("victim_referred_on", "Date of the referral to victim services, with consent"),
    ask.long_text("vexatious_note", "Note on vexatiousness, with the manager's reason", "It changes no count", private=True),
    ask.number("co_applicants", "Number of co-applicants from merged cases", through="merge"),
    ask.confirm(
        "safeguarding_considered", "Safeguarding has been considered, and whether the harm is high enough to go on"
    ),
)  # fmt: skip

_THRESHOLD: tuple[Fact, ...] = (
    ask.choice(
        "threshold_result", "Result of the calculation", through="threshold",
        met_mandatory="Threshold reached: the bodies must review", met_local_rule="A local rule is met",
        discretion_required="People decide",
    ),
    ask.yes_no("threshold_warning", "Would another way of counting reach the threshold?", through="threshold"),
    ask.number("count_complaint", "Qualifying complaints", through="threshold"),
    ask.number("count_incident", "Qualifying incidents that were reported", through="threshold"),
    ask.number("count_distinct_report", "Qualifying incidents with a report of their own", through="threshold"),
    ask.long_text(
        "disagreement_reason", "Why the applicant's dates are used where an agency's would change the result",
        private=True,
    ),
    ask.choice(
        "decision_route", "Route of the decision",
        mandatory="Section 104(4): must review", local="Local rule", discretionary="Section 104(5): discretion",
    ),
    ask.day("decided_on", "Date of the decision"),
    ask.long_text("decision_reasons", "Reasons for the decision", private=True),
    ask.day("bodies_consulted_on", "Date on which the relevant bodies had been consulted"),
    ask.day("harm_assessed_on", "Date of the harm assessment", through="harm"),
    ask.day("harm_high_on", "Date on which harm was first found to be high", through="harm"),
    ask.day("harm_called_on", "Date the victim was called because harm is high"),
    ask.choice("harm_band", "Harm band", through="harm", standard="Standard", medium="Medium", high="High"),
    ask.long_text("finding_persistence", "Finding on persistence", private=True),
    ask.long_text("finding_harm", "Finding on harm or potential harm", private=True),
    ask.long_text("finding_adequacy", "Finding on the adequacy of the response", private=True),
    ask.person(
        "countersigned_by", "Manager who countersigns",
        "Only this manager can record it: beforehand, or with this step where somebody else decides",
    ),
    ask.long_text("countersign_reason", "Manager's reason for agreeing that the threshold is not met", private=True),
    ask.long_text("informal_follow_up", "What will be done anyway, where the threshold is not met", private=True),
)  # fmt: skip

_REVIEW: tuple[Fact, ...] = (
    ask.text("review_chair", "Independent chair", "Name or role", private=True),
    ask.person("review_chair_id", "The chair, if they can sign in here"),
    ask.organisation("review_chair_body", "Organisation that the chair comes from"),
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
    ask.long_text("panel_note", "Others invited, access needs, agenda part for the victim", private=True),
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
    ask.organisations("recommendation_recipients", "Bodies that recommendations go to", through="related"),
    ask.day("check_in_on", "Date of the action-plan check-in"),
    ask.day("last_contact_on", "Date of the last contact with the victim"),
    ask.number("update_every", "Working days between updates, as promised to the victim"),
)  # fmt: skip

_ENDING: tuple[Fact, ...] = (
    ask.day("dissatisfaction_requested_on", "Date somebody asked for the decision or review to be looked at again"),
    ask.day("dissatisfaction_waived_on", "Date the applicant said that no second look is wanted"),
    ask.day("dissatisfaction_window_over_on", "Date the time to ask for a second look ended"),
    ask.day("victim_views_sought_on", "Date the victim was asked for their view"),
    ask.long_text("step_reason", "Reason", private=True),
    ask.long_text("manager_reason", "Manager's reason for approving this", private=True),
    ask.day("withdrawn_on", "Date the applicant withdrew"),
    ask.long_text("withdrawal_reason", "Why the application is withdrawn", private=True),
    ask.confirm("victim_told_of_withdrawal", "The victim has been told"),
    ask.choice(
        "misdirected_reason", "Why it is not an application",
        first_report="A first report: no complaint has been made yet", service="A service request or service complaint",
        domestic_abuse="Domestic abuse between partners: taken to safeguarding",
    ),
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
    ask.day("letter_sent_L12", "Date the letter before closing (L12) was sent", through="letters"),
    ask.day("letter_sent_L13", "Date the withdrawal was confirmed (L13)", through="letters"),
    ask.day("letter_sent_L14", "Date the letter about the new contact (L14) was sent", through="letters"),
    ask.day("letter_sent_L17", "Date the recommendations (L17) were sent", through="letters"),
    ask.yes_no("told_by_post", "Was the letter with the decision or the outcome posted?", through="letters"),
)  # fmt: skip

FACTS = (*_APPLICATION, *_THRESHOLD, *_REVIEW, *_ENDING, *_LETTERS)
