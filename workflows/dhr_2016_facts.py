"""What a domestic homicide review records: docs/domestic-homicide-review.md 4.3 and 5. No real name is asked for."""

from workflows import questions as ask
from workflows.facts import Fact

_NOTIFICATION: tuple[Fact, ...] = (
    ask.day("received_on", "Date the death came to the partnership's attention", "Not the date of death"),
    ask.day("aware_on", "Date the partnership knew earlier, if it did", "The month to decide runs from the earlier date"),
    ask.long_text("aware_reason", "How the partnership knew earlier", private=True),
    ask.choice(
        "notification_source", "Where the notification came from",
        police="Police", agency="Another agency", family="Family", coroner="Coroner", media="Media", other="Other",
    ),
    ask.text("csp_id", "Partnership that leads"),
    ask.person("lead_officer_id", "Lead officer"),
    ask.month("death_month", "Month of the death", "The month is enough", private=True),
    ask.choice(
        "death_basis", "Kind of death", private=True,
        homicide="Homicide", suicide="Suicide", homicide_suicide="Homicide and suicide", neglect="Neglect",
        unexplained="Unexplained",
    ),
    ask.text("case_ref", "Case reference", "No name in it"),
    ask.text("deceased_pseudonym", "Pseudonym of the person who died", "Never the real name", private=True),
    ask.day("police_notified_on", "Date of the police letter"),
    ask.text("receiving_area", "Area that takes the case over", "In Wales, the safeguarding board"),
    ask.choice(
        "external_process", "Process that the other area uses",
        "A domestic homicide in Wales follows the Single Unified Safeguarding Review, and still goes to the Home Office",
        csp_review="Review by the other partnership", susr="Single Unified Safeguarding Review (Wales)", other="Other",
    ),
    ask.long_text("transfer_reason", "Why the other area leads", private=True),
    ask.text("transfer_agreed_by", "Who agreed in the other area", "The role is enough", private=True),
    ask.day("transferred_on", "Date of the transfer"),
    ask.long_text("void_reason", "Why this was never a case", private=True),
    ask.day("records_secured_on", "Date agencies were asked to secure records"),
    ask.day("summary_requested_on", "Date summaries of involvement were asked for"),
    ask.day("all_summaries_returned_on", "Date the last summary or nil return arrived"),
)  # fmt: skip

CRITERIA: tuple[Fact, ...] = (
    ask.choices(
        "resulted_from", "What the death has, or appears to have, resulted from",
        "That it appears so is enough: nobody need be charged or convicted",
        violence="Violence", abuse="Abuse", neglect="Neglect", none="None of these, as far as it appears",
    ),
    ask.choice(
        "relationship_type", "By whom, in relation to the person who died", private=True,
        intimate_partner="Intimate partner", ex_partner="Former intimate partner", familial="Relative",
        parricide="Child of the person who died", household_member="Member of the same household", other="Other",
        nobody="Nobody else was involved, as far as it appears",
    ),
    ask.yes_no("deceased_16_or_over", "Was the person who died 16 or over?"),
    ask.yes_no(
        "suicide_concern", "For a suicide: do the circumstances give rise to concern, such as coercive control?",
        "Even if nobody is charged, or somebody is acquitted", private=True,
    ),
)  # fmt: skip

LIMB = ask.choice(
    "definition_limb", "Which limb of the definition is met",
    relative="By a relative", intimate="By a present or former intimate partner",
    household="By a member of the same household",
)  # fmt: skip

_DECISION: tuple[Fact, ...] = (
    ask.long_text("criteria_test", "Does the death appear to have resulted from violence, abuse or neglect, and by whom", private=True),
    *CRITERIA,
    ask.long_text("consultees", "Who was consulted, and their view", private=True),
    ask.confirm("parallel_processes_checked", "Other reviews and proceedings have been checked for"),
    ask.document("decision_paper_doc", "Decision paper", "A link or a file reference", private=True),
    ask.confirm("police_consulted", "The police have been consulted"),
    ask.confirm("specialist_da_consulted", "A specialist domestic abuse service has been consulted"),
    ask.confirm("outstanding_summaries_acknowledged", "Summaries that are still outstanding are noted in the paper"),
    ask.long_text("return_note", "What is still to be done", private=True),
    ask.day("decision_on", "Date of the decision"),
    ask.text("decision_maker_id", "Who decided", "The CSP chair or the minuted deputy; the role is enough", private=True),
    ask.long_text(
        "decision_rationale", "Reasons for the decision",
        "That nobody was charged, or that little would be learned, is no reason against a review", private=True,
    ),
    LIMB,
    ask.long_text("dissent", "Who disagreed with the decision, and why", "Roles, not names", private=True),
    ask.long_text("alternative_learning_route", "How else the learning is taken up", private=True),
    ask.text("decision_evidence", "Minute or e-mail that records the chair's decision"),
    ask.choice(
        "late_reason", "Why it is late",
        criminal_proceedings="Criminal proceedings", inquest="Inquest", chair_availability="Availability of the chair",
        agency_returns="Agency returns", family_wishes="The family's wishes", home_office_qa="Home Office quality assurance",
        other="Other",
    ),
    ask.choice(
        "legal_basis", "Legal basis",
        csp_decision="Decision of the partnership", direction="Direction under section 9(2)",
    ),
    ask.day("ho_notified_on", "Date the Home Office was told of the decision"),
    ask.day("family_notified_on", "Date the family was told of the decision"),
    ask.long_text("family_not_notified_reason", "Why the family was not told", private=True),
    ask.day("ho_response_on", "Date the Home Office replied about the decision not to review"),
    ask.long_text("ho_no_response_reason", "Why the case closes without a Home Office reply"),
    ask.day("direction_on", "Date of the direction"),
    ask.text("direction_reference", "Reference of the direction"),
    ask.document("direction_document", "The direction", "A link or a file reference"),
    ask.long_text("reopen_reason", "Why it is opened again", private=True),
    ask.day("new_information_on", "Date the new information arrived"),
)  # fmt: skip

_SET_UP: tuple[Fact, ...] = (
    ask.text("review_chair_id", "Independent chair", private=True),
    ask.day("chair_appointed_on", "Date the chair was appointed"),
    ask.confirm("chair_independence_confirmed", "The chair's statement of independence is on file"),
    ask.text("author_id", "Author of the report", "The same as the chair if there is no other", private=True),
    ask.long_text("panel_members", "Panel members and their agencies", private=True),
    ask.confirm("panel_has_each_involved_statutory_body", "Each statutory body that was involved is on the panel"),
    ask.confirm("panel_has_specialist_da_member", "A specialist domestic abuse member is on the panel"),
    ask.confirm("no_panel_member_managed_the_case", "No panel member managed the case or its staff"),
    ask.day("first_panel_on", "Date of the first panel meeting"),
    ask.day("tor_agreed_on", "Date the terms of reference were agreed"),
    ask.day("review_period_from", "Start of the period under review"),
    ask.day("review_period_to", "End of the period under review"),
    ask.long_text("key_lines_of_enquiry", "Key lines of enquiry", private=True),
    ask.choice(
        "family_tor_consultation", "The family's say on the terms of reference",
        commented="They commented", no_comment="Offered, no comment", not_offered="Not offered, with the reason on file",
    ),
    ask.day("sio_cps_coroner_discussed_on", "Date it was discussed with the investigating officer, the CPS and the coroner"),
    ask.organisations("imr_requests", "Agencies asked for a chronology and an individual management review"),
    ask.confirm("equality_considered", "All nine protected characteristics have been considered"),
)  # fmt: skip

_CONDUCT: tuple[Fact, ...] = (
    ask.document("combined_chronology_doc", "Combined chronology", "A link or a file reference", private=True),
    ask.choice(
        "family_contributions_status", "Contributions of family, friends, employers and neighbours",
        received="Received", declined="Approached and declined", none_possible="None possible, with the reason on file",
    ),
    ask.confirm("all_imrs_terminal_or_chair_waived", "The chair has waived the management reviews that are still out"),
    ask.text("overview_draft_version", "Version of the overview report draft"),
    ask.text("exec_summary_draft_version", "Version of the executive summary draft"),
    ask.confirm("recommendations_drafted", "The recommendations are drafted"),
    ask.confirm("action_plan_drafted", "The action plan is drafted"),
    ask.day("family_offered_draft_on", "Date the family was offered the draft"),
    ask.long_text("family_not_offered_reason", "Why the family was not offered the draft", private=True),
    ask.day("family_feedback_on", "Date of the family's comments"),
    ask.confirm("family_reading_time_waived", "The family has said that it needs no more time to read"),
    ask.confirm("family_reading_time_over", "The family's time to read the draft is over"),
    ask.day("fact_check_sent_on", "Date the draft went to the agencies to check facts"),
    ask.day("fact_check_complete_on", "Date the agencies' fact check was complete"),
    ask.day("panel_approved_on", "Date the panel approved the final draft"),
    ask.text("anonymisation_checked_by", "Who checked the anonymisation", private=True),
    ask.day("anonymisation_checked_on", "Date the anonymisation was checked"),
    ask.day("csp_meeting_on", "Date of the partnership's meeting", planned=True),
    ask.confirm("every_recommendation_has_action_lead_and_target_date", "Every recommendation has an action, a lead and a target date"),
    ask.confirm("pseudonyms_set_for_all_people", "Everybody in the report has a pseudonym, apart from the chair and the panel"),
)  # fmt: skip

_QUALITY: tuple[Fact, ...] = (
    ask.day("signed_off_on", "Date the partnership signed the report off"),
    ask.text("sign_off_minute_ref", "Minute of the sign-off"),
    ask.day("submitted_on", "Date it was submitted to the Home Office"),
    ask.choices(
        "submission_pack", "What is in the submission",
        overview="Overview report", exec_summary="Executive summary", action_plan="Action plan", data_form="Data form",
    ),
    ask.text("submission_reference", "Reference of the submission"),
    ask.number("submission_no", "Number of submissions so far"),
    ask.choice(
        "dac_send_point", "When the Domestic Abuse Commissioner gets the copy",
        signed_off="At sign-off", post_qa="After quality assurance",
    ),
    ask.day("dac_copy_sent_on", "Date the copy went to the Domestic Abuse Commissioner"),
    ask.confirm("dac_copy_sent_or_scheduled", "The copy to the Domestic Abuse Commissioner is sent or planned"),
    ask.document("feedback_letter_doc", "Home Office feedback letter", "A link or a file reference"),
    ask.day("feedback_letter_on", "Date of the Home Office feedback letter"),
    ask.day("qa_panel_on", "Date of the quality assurance panel"),
    ask.choice(
        "qa_outcome", "Outcome of quality assurance",
        cleared="Cleared", publish_after_amendments="Publish after amendments", resubmit="Resubmit",
    ),
    ask.long_text("amendments_required", "Amendments that the letter asks for", private=True),
    ask.text("amended_version", "Version of the amended report"),
    ask.day("amendments_confirmed_by_chair_on", "Date the review chair confirmed the amendments"),
    ask.confirm("all_amendments_resolved", "Every amendment is made or answered"),
)  # fmt: skip

_PUBLICATION: tuple[Fact, ...] = (
    ask.day("published_on", "Date of publication"),
    ask.long_text("publication_urls", "Web addresses of the published report"),
    ask.day("family_told_of_publication_on", "Date the family was told of the publication"),
    ask.long_text("family_not_told_reason", "Why the family was not told", private=True),
    ask.day("final_anonymisation_checked_on", "Date of the final anonymisation check", "Document properties and tracked changes too"),
    ask.document("comms_plan_doc", "Communications plan", "A link or a file reference"),
    ask.choices(
        "publication_pack", "What is in the publication",
        overview="Overview report", exec_summary="Executive summary", action_plan_annex="Action plan, annexed",
        ho_letter_annex="Home Office letter, annexed",
    ),
    ask.choice(
        "publication_status", "Publication",
        not_ready="Not ready", planned="Planned", on_hold="On hold", published="Published", withheld="Withheld",
        removed="Removed",
    ),
    ask.long_text("withhold_reason", "Compelling reasons for not publishing", private=True),
    ask.day("withhold_decided_on", "Date it was decided not to publish"),
    ask.day("withhold_review_on", "Date on which that decision is to be reviewed", planned=True),
    ask.day("withhold_reviewed_on", "Date that decision was last reviewed"),
    ask.day("ho_told_of_withholding_on", "Date the Home Office was told of it"),
    ask.day("ho_weblink_sent_on", "Date the final report and link went to the Home Office"),
    ask.day("dac_weblink_sent_on", "Date the final report and link went to the Domestic Abuse Commissioner"),
    ask.day("agency_copies_sent_on", "Date copies went to the agencies' senior managers"),
)  # fmt: skip

_ENDING: tuple[Fact, ...] = (
    ask.day("audit_1_completed_on", "Date the first audit of the action plan was complete"),
    ask.day("audit_completed_on", "Date the closing audit of the action plan was complete"),
    ask.day("learning_disseminated_on", "Date the learning was shared"),
    ask.confirm("all_actions_terminal", "Every action has ended"),
    ask.confirm("national_recommendations_all_dispatched", "Every national recommendation has been sent"),
    ask.confirm("no_open_mandatory_tasks", "No task that must be done is open"),
    ask.day("closed_on", "Date the partnership concluded the review"),
    ask.document("closure_report_doc", "Closure report", "A link or a file reference"),
    ask.text("closure_minute_ref", "Minute of the closure"),
    ask.long_text("stand_down_reason", "Why the review stops", private=True),
    ask.day("stood_down_on", "Date the review was stood down"),
    ask.day("ho_told_of_stand_down_on", "Date the Home Office was told that it stops"),
    ask.day("family_told_of_stand_down_on", "Date the family was told that it stops"),
    ask.long_text("reinstate_reason", "Why the review goes on after all", private=True),
    ask.day("disposal_decision_on", "Date of the decision about keeping the record"),
)  # fmt: skip

FACTS = (*_NOTIFICATION, *_DECISION, *_SET_UP, *_CONDUCT, *_QUALITY, *_PUBLICATION, *_ENDING)
