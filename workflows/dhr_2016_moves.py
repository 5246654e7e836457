"""The steps of a domestic homicide review up to the sign-off: the rows of docs/domestic-homicide-review.md 4.3."""

from workflows import dhr_2016_guards as guard
from workflows.deciders import Decider
from workflows.definition import Move
from workflows.effects import (
    ALL_CLOCKS,
    OPEN_CLOCKS,
    Alert,
    Cancel,
    Effect,
    KeepRequests,
    MoveChildren,
    Note,
    SetFact,
    Start,
    Stop,
    Tasks,
)

_OFFICERS = (Decider.BU_OFFICER, Decider.BU_MANAGER)
_MANAGER = (Decider.BU_MANAGER,)
_CHAIR = (Decider.CSP_CHAIR,)
_MANAGER_OR_CHAIR = (Decider.BU_MANAGER, Decider.CSP_CHAIR)
_DECISION = (("decision_on",), ("decision_maker_id",), ("decision_rationale",))
_DECISION_ANEW = ("decision_on", "decision_maker_id", "decision_rationale")
_FAMILY_TOLD = ("family_notified_on", "family_not_notified_reason")
_REVIEW_STARTS: tuple[Effect, ...] = (
    Start("REPORT_6M"), Start("TELL_HO_DECISION"), Start("TELL_FAMILY_DECISION"), Start("APPOINT_CHAIR"),
    Start("FIRST_PANEL"), SetFact("legal_basis", "csp_decision"), Tasks("commissioning"),
)  # fmt: skip

_DECIDING: tuple[Move, ...] = (
    Move(
        "begin_scoping", ("notified",), "scoping", "Begin scoping", "Scoping begun", _OFFICERS,
        needs=(
            ("received_on",), ("notification_source",), ("csp_id",), ("lead_officer_id",), ("death_month",),
            ("death_basis",), ("case_ref",), ("deceased_pseudonym",),
        ),
        effects=(Start("SECURE_RECORDS"), Start("SUMMARY_RETURNS"), Tasks("scoping")),
        does="Agencies are asked to secure their records and to say how they were involved: each under “Requests and related”.",
    ),
    Move(
        "transfer_out", ("notified", "scoping", "awaiting_decision", "commissioning"), "transferred_out",
        "Transfer to another area", "Transferred to another area", _MANAGER_OR_CHAIR,
        needs=(("receiving_area",), ("transfer_reason",), ("transfer_agreed_by",), ("transferred_on",)),
        requirements=(guard.OTHER_PROCESS,),
        effects=(
            Stop("DECISION", "transferred"), Cancel("REPORT_6M"), Note("notify:home_office_if_already_notified"),
            KeepRequests(),
        ),
        does="The area where the person normally lived leads. Our agencies may still contribute.",
        usual=False,
    ),
    Move(
        "void", ("notified", "scoping", "awaiting_decision"), "void", "Void: logged in error", "Voided", _MANAGER,
        needs=(("void_reason",),),
        effects=(Cancel(ALL_CLOCKS),),
        does="It was never a case. It is kept for the record, and nothing runs.",
        usual=False,
    ),
    Move(
        "submit_for_decision", ("scoping",), "awaiting_decision", "Put it to the CSP chair", "Put to the CSP chair",
        _OFFICERS,
        needs=(("criteria_test",), ("consultees",), ("parallel_processes_checked",), ("decision_paper_doc",)),
        requirements=(guard.POLICE, guard.SPECIALIST, guard.SUMMARIES, guard.CRITERIA_ANSWERED),
        effects=(Alert("csp_chair"),),
        does="The CSP chair is told that a decision is wanted.",
        anew=("outstanding_summaries_acknowledged",),
    ),
    Move(
        "return_to_scoping", ("awaiting_decision",), "scoping", "Return it to scoping", "Returned to scoping", _CHAIR,
        needs=(("return_note",),),
        does="The business unit finds out more. The month to decide goes on.",
        usual=False, anew=("return_note",),
    ),
    Move(
        "decide_to_review", ("awaiting_decision",), "commissioning", "Decide to review", "Decided to review", _CHAIR,
        needs=(*_DECISION, ("definition_limb",)),
        requirements=(guard.DISSENT,),
        effects=(Stop("DECISION"), *_REVIEW_STARTS),
        does="A review begins. The Home Office and the family are told; six months for the report run.",
        anew=(*_DECISION_ANEW, "definition_limb", "dissent"),
    ),
    Move(
        "decide_no_review", ("awaiting_decision",), "no_review_with_ho", "Decide not to review",
        "Decided not to review", _CHAIR,
        needs=(*_DECISION, ("alternative_learning_route",)),
        requirements=(guard.DISSENT,),
        effects=(
            Stop("DECISION"), Start("TELL_HO_DECISION"), Start("TELL_FAMILY_DECISION"), Start("HO_NO_REVIEW_REPLY"),
            Tasks("no_review_with_ho", "no_review"),
        ),
        does="The Home Office and the family are told, and the Home Office looks at the decision.",
        anew=(*_DECISION_ANEW, "alternative_learning_route", "dissent"),
    ),
    Move(
        "ho_accepts_no_review", ("no_review_with_ho",), "closed_no_review", "Close without a review",
        "Closed without a review", _MANAGER,
        needs=(("ho_notified_on",), _FAMILY_TOLD, ("ho_response_on", "ho_no_response_reason")),
        effects=(Stop("HO_NO_REVIEW_REPLY"), Start("RETENTION")),
        does="The case ends without a review. It can be opened again, and a direction can still come.",
    ),
    Move(
        "reconsider_to_review", ("no_review_with_ho",), "commissioning", "Decide to review after all",
        "Decided to review after all", _CHAIR,
        needs=(*_DECISION, ("definition_limb",)),
        requirements=(guard.DISSENT,),
        effects=(Stop("HO_NO_REVIEW_REPLY"), *_REVIEW_STARTS),
        does="A review begins, and the first decision stays on record. Six months for the report run from now.",
        usual=False, anew=(*_DECISION_ANEW, "definition_limb", "dissent"),
    ),
    Move(
        "direct_review", ("no_review_with_ho", "closed_no_review", "notified", "scoping", "awaiting_decision"),
        "commissioning", "Record a direction to review", "Directed to review", _MANAGER_OR_CHAIR,
        needs=(("direction_on",), ("direction_reference",), ("direction_document",)),
        effects=(
            Stop("DECISION"), Stop("HO_NO_REVIEW_REPLY"), Cancel("RETENTION"),
            Start("REPORT_6M", from_fact="direction_on"), Start("TELL_FAMILY_DECISION"), Start("APPOINT_CHAIR"),
            Start("FIRST_PANEL"), SetFact("legal_basis", "direction"), Tasks("commissioning"),
        ),
        does="A review begins by direction of the Secretary of State (section 9(2)).",
        usual=False, anew=("direction_on", "direction_reference", "direction_document"),
    ),
    Move(
        "reopen_decision", ("closed_no_review",), "scoping", "Open the decision again", "Decision opened again", _CHAIR,
        needs=(("reopen_reason",), ("new_information_on",)),
        effects=(Cancel("RETENTION"), Start("DECISION", from_fact="new_information_on")),
        does="The month to decide runs again, from the day the new information arrived.",
        usual=False, anew=("reopen_reason", "new_information_on"),
    ),
)  # fmt: skip

_REVIEWING: tuple[Move, ...] = (
    Move(
        "convene_panel", ("commissioning",), "setting_terms", "Convene the panel", "Panel convened", _MANAGER,
        needs=(
            ("review_chair_id",), ("chair_appointed_on",), ("chair_independence_confirmed",), ("author_id",),
            ("panel_members",), ("ho_notified_on",), _FAMILY_TOLD, ("records_secured_on",),
        ),
        requirements=(guard.STATUTORY_PANEL, guard.SPECIALIST_PANEL, guard.UNINVOLVED_PANEL),
        effects=(Stop("APPOINT_CHAIR"), Start("TOR_AGREED"), Tasks("setting_terms")),
        does="The panel sets the terms of reference.",
        stands=(("chair_appointed_on", "reinstate_reason"),),
    ),
    Move(
        "agree_terms", ("setting_terms",), "gathering", "Agree the terms of reference", "Terms of reference agreed",
        _MANAGER,
        needs=(
            ("first_panel_on",), ("tor_agreed_on",), ("review_period_from",), ("review_period_to",),
            ("key_lines_of_enquiry",), ("family_tor_consultation",), ("sio_cps_coroner_discussed_on",),
            ("imr_requests",), ("equality_considered",),
        ),
        effects=(
            Stop("FIRST_PANEL"), Stop("TOR_AGREED"), Start("CHRONOLOGY", each="agency"), Start("IMR", each="agency"),
            Tasks("gathering"),
        ),
        does="Each agency is asked for its chronology and its management review.",
    ),
    Move(
        "start_drafting", ("gathering",), "drafting", "Start drafting", "Drafting started", _MANAGER,
        needs=(("combined_chronology_doc",), ("family_contributions_status",)),
        requirements=(guard.IMRS,),
        effects=(Start("FIRST_DRAFT"), Tasks("drafting")),
        does="The overview report is written.",
        anew=("all_imrs_terminal_or_chair_waived",),
    ),
    Move(
        "reopen_gathering", ("drafting", "consultation"), "gathering", "Go back to gathering", "Gathering opened again",
        _MANAGER,
        needs=(("reopen_reason",),),
        does="More evidence is gathered before the report goes on.",
        usual=False, anew=("reopen_reason",),
    ),
    Move(
        "start_consultation", ("drafting",), "consultation", "Start the consultation", "Consultation started", _MANAGER,
        needs=(
            ("overview_draft_version",), ("exec_summary_draft_version",), ("recommendations_drafted",),
            ("action_plan_drafted",),
        ),
        effects=(Stop("FIRST_DRAFT"), Start("FAMILY_READ"), Start("FACT_CHECK"), Tasks("consultation")),
        does="The family has time to read the draft; the agencies check the facts.",
        anew=("overview_draft_version", "exec_summary_draft_version"),
    ),
    Move(
        "return_to_drafting", ("consultation", "csp_sign_off"), "drafting", "Return it to drafting",
        "Returned to drafting", _MANAGER,
        needs=(("return_note",),),
        does="The draft is worked on again.",
        usual=False, anew=("return_note",),
    ),
    Move(
        "submit_to_csp", ("consultation",), "csp_sign_off", "Submit it to the CSP", "Submitted to the CSP", _MANAGER,
        needs=(
            ("panel_approved_on",), ("family_offered_draft_on", "family_not_offered_reason"),
            ("fact_check_complete_on",), ("anonymisation_checked_by",), ("anonymisation_checked_on",),
            ("csp_meeting_on",),
        ),
        requirements=(guard.ACTIONS_PLANNED, guard.PSEUDONYMS, guard.READING_TIME),
        effects=(Stop("FAMILY_READ"), Stop("FACT_CHECK"), Alert("csp_chair"), Tasks("csp_sign_off")),
        does="The CSP considers the report, the executive summary and the action plan.",
        anew=(
            "panel_approved_on", "anonymisation_checked_by", "anonymisation_checked_on", "csp_meeting_on",
            "every_recommendation_has_action_lead_and_target_date", "pseudonyms_set_for_all_people",
            "family_reading_time_over",
        ),
    ),
    Move(
        "sign_off", ("csp_sign_off",), "signed_off", "Sign off the report", "Report signed off", _CHAIR,
        needs=(("signed_off_on",), ("sign_off_minute_ref",)),
        effects=(
            Stop("REPORT_6M"), Start("SUBMIT_HO"), Start("COPY_DAC"), MoveChildren("action_item", "accept", "open:actions(draft->agreed)"),
            Tasks("signed_off"),
        ),
        does="The report is complete: the Home Office and the Domestic Abuse Commissioner get it, and the actions open.",
        anew=("signed_off_on", "sign_off_minute_ref"),
    ),
    Move(
        "stand_down", ("commissioning", "setting_terms", "gathering", "drafting"), "stood_down", "Stand the review down",
        "Stood down", _CHAIR,
        needs=(
            ("stand_down_reason",), ("stood_down_on",), ("ho_told_of_stand_down_on",),
            ("family_told_of_stand_down_on", "family_not_told_reason"),
        ),
        effects=(
            Stop("REPORT_6M", "stood_down"), Cancel(OPEN_CLOCKS), Start("RETENTION", from_fact="stood_down_on"),
        ),
        does="The review stops after it began. It can be taken up again.",
        usual=False,
        anew=(
            "stand_down_reason", "stood_down_on", "ho_told_of_stand_down_on", "family_told_of_stand_down_on",
            "family_not_told_reason",
        ),
    ),
    Move(
        "reinstate", ("stood_down",), "commissioning", "Take the review up again", "Review taken up again", _CHAIR,
        needs=(("reinstate_reason",), ("decision_on",)),
        effects=(Cancel("RETENTION"), Start("REPORT_6M")),
        does="The review goes on; six months for the report run from the new decision.",
        usual=False, anew=("reinstate_reason", "decision_on"),
    ),
)  # fmt: skip

MOVES_TO_SIGN_OFF = (*_DECIDING, *_REVIEWING)
