"""The clocks of a domestic homicide review: the table of docs/domestic-homicide-review.md section 3.

``COPY_SOS`` belongs to the later regime; ``ACTION_TARGET`` and ``ACTION_UPDATE`` belong to ``action_item``. One length
comes from the guidance for each of ``DECISION`` and ``REPORT_6M``; the Act gives one duty a clock, ``COPY_DAC``, and no
length. Every other length is local. A hold stops none of them.
"""

from workflows.dates import Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, StartsBy
from workflows.document_ladders import chaser_ladder, review_ladder
from workflows.ladder import Rung, Who, rungs_from

_WD, _DAYS = Unit.WORKING_DAYS, Unit.DAYS
_OFFICER, _MANAGER, _CHAIR = Decider.BU_OFFICER, Decider.BU_MANAGER, Decider.CSP_CHAIR
_TO_MANAGER = {Who.MANAGER: (1,)}
_TO_CHAIR = {Who.CHAIR: (1,)}
_RETURNS = {Who.OFFICER: (1,), Who.MANAGER: (5,)}
_REVIEWS = {**_RETURNS, Who.ESCALATION: (10,)}


def _working_days(n: int) -> Period:
    return Period(n, _WD)


def _months(n: int) -> Period:
    return Period(n, Unit.MONTHS)


def _no_review_ladder() -> tuple[Rung, ...]:
    month = 21  # working days
    return rungs_from(
        (0,), also={Who.LEAD: (1, 7, month), Who.MANAGER: (month,)}, unit=_WD, repeat_every=month
    )


_BEFORE_DECIDED: tuple[Clock, ...] = (
    Clock(
        "DECISION", "Decide whether to review", "received_on", ("decision_on",), _months(1),
        Force.GUIDANCE, "2016 guidance s.3 and s.5", _CHAIR,
        length_local=False, extendable=False, or_earlier="aware_on",
        ladder=review_ladder((14, 7, 3, 1, 0), _DAYS, {Who.MANAGER: (-7,), Who.CHAIR: (-3, 1)}),
        note="The guidance gives no extension: record why it is late and tell the Home Office. Not the date of death.",
    ),
    Clock(
        "SECURE_RECORDS", "Agencies asked to secure records", "received_on", ("records_secured_on",), _working_days(2),
        Force.GUIDANCE, "2016 guidance s.4 and s.5; length local", _OFFICER,
        extendable=False, ladder=review_ladder((0,), _WD, _TO_MANAGER),
    ),
    Clock(
        "SUMMARY_RETURNS", "Agency summaries of involvement returned", "summary_requested_on",
        ("all_summaries_returned_on",), _working_days(10),
        Force.LOCAL, "Local scoping practice", Decider.AGENCY_LEAD,
        ladder=review_ladder((3, 1, 0), _WD, _RETURNS),
    ),
    Clock(
        "TELL_HO_DECISION", "Tell Home Office of decision", "decision_on", ("ho_notified_on",), _working_days(5),
        Force.GUIDANCE, "2016 guidance s.3; length local", _OFFICER,
        extendable=False, ladder=review_ladder((2, 0), _WD, _TO_MANAGER),
        note="Whichever way it went.",
    ),
    Clock(
        "TELL_FAMILY_DECISION", "Tell family of decision", "decision_on",
        ("family_notified_on", "family_not_notified_reason"), _working_days(5),
        Force.GUIDANCE, "2016 guidance s.3 and s.6; length local", _OFFICER,
        extend_by=_CHAIR, ladder=review_ladder((2, 0), _WD, _TO_MANAGER),
        note="In writing, through the family liaison officer or advocate.",
    ),
    Clock(
        "HO_NO_REVIEW_REPLY", "Home Office reply on no-review decision", "ho_notified_on", ("ho_response_on",),
        _working_days(30), Force.LOCAL, "No time limit found; chaser only", _OFFICER,
        ladder=_no_review_ladder(),
    ),
)  # fmt: skip

_SET_UP: tuple[Clock, ...] = (
    Clock(
        "REPORT_6M", "Complete overview report", "decision_on", ("signed_off_on",), _months(6),
        Force.GUIDANCE, "2016 guidance s.5", _CHAIR,
        length_local=False, extend_by=_CHAIR,
        ladder=review_ladder((90, 60, 30, 14, 7, 0), _DAYS, {Who.MANAGER: (-30,), Who.CHAIR: (-14, 1)}),
        note="From the decision to proceed, or from the direction. Complete means signed off by the partnership.",
    ),
    Clock(
        "APPOINT_CHAIR", "Independent chair and author appointed", "decision_on", ("chair_appointed_on",),
        _working_days(20), Force.LOCAL, "2016 guidance paras 36-39 set requirements; length local", _MANAGER,
        ladder=review_ladder((10, 5, 0), _WD, _TO_CHAIR),
    ),
    Clock(
        "FIRST_PANEL", "First panel meeting", "decision_on", ("first_panel_on",), _working_days(30),
        Force.LOCAL, "Local target", _MANAGER,
        ladder=review_ladder((10, 5, 0), _WD, _TO_MANAGER),
    ),
    Clock(
        "TOR_AGREED", "Terms of reference agreed", "chair_appointed_on", ("tor_agreed_on",), _working_days(30),
        Force.LOCAL, "2016 guidance s.4 'Determining the scope' (content); length local", _MANAGER,
        ladder=review_ladder((10, 5, 0), _WD, _TO_MANAGER),
        note="After the family has been asked.",
    ),
    Clock(
        "PARALLEL_CHECK", "Re-check parallel proceedings", "last_checked_on", ("last_checked_on",), Period(28, _DAYS),
        Force.LOCAL, "Local target", _OFFICER,
        starts_by=StartsBy.FACT, repeats=True, child="parallel_process",
        ladder=review_ladder((0,), _DAYS, {Who.MANAGER: (14,)}),
        note="Trial date, inquest date, other reviews.",
    ),
    Clock(
        "FAMILY_CONTACT", "Keep in touch with the family", "last_contact_on", ("last_contact_on",), _months(6),
        Force.LOCAL, "Local target, set to what the family prefers", _OFFICER,
        starts_by=StartsBy.FACT, repeats=True, child="family_contact",
        ladder=review_ladder((14, 0), _DAYS, _TO_MANAGER),
        note="Never more often than the family asked. Stop it where they asked for no contact.",
    ),
    Clock(
        "HOLD_REVIEW", "Review an active hold", "hold_placed_on", ("hold_reviewed_on",), _months(3),
        Force.LOCAL, "Local target", _MANAGER,
        starts_by=StartsBy.FACT, repeats=True, child="hold", ladder=review_ladder((14, 0), _DAYS, _TO_CHAIR),
        note="Each review starts the next three months; lifting the hold ends it.",
    ),
)  # fmt: skip

_CONDUCT: tuple[Clock, ...] = (
    Clock(
        "CHRONOLOGY", "Agency chronology", "chronology_requested_on", ("chronology_received_on",), _working_days(20),
        Force.LOCAL, "Local target", Decider.AGENCY_LEAD,
        per="agency", each_of="imr_requests", child="information_request", child_kind="chronology",
        ladder=review_ladder((5, 1, 0), _WD, _REVIEWS),
    ),
    Clock(
        "IMR", "Individual management review", "imr_requested_on", ("imr_submitted_on",), _working_days(40),
        Force.LOCAL, "2016 guidance s.7 (content); length local, set by the chair in the terms of reference",
        Decider.AGENCY_LEAD,
        per="agency", each_of="imr_requests", child="information_request", child_kind="imr",
        ladder=review_ladder((10, 5, 1, 0), _WD, _REVIEWS),
    ),
    Clock(
        "FIRST_DRAFT", "First full draft of overview report", "entered:drafting", (), _working_days(40),
        Force.LOCAL, "Local target", Decider.PANEL,
        ladder=review_ladder((10, 0), _WD, _TO_MANAGER),
    ),
    Clock(
        "FAMILY_READ", "Family reading time for the draft", "family_offered_draft_on",
        ("family_feedback_on", "family_reading_time_waived"), _working_days(15),
        Force.GUIDANCE, "2016 guidance s.6: adequate time to read in private and respond; length local", _OFFICER,
        extend_by=_CHAIR, minimum=True, ladder=rungs_from((5, 0), unit=_WD),
        note="A time that must be given, not a limit.",
    ),
    Clock(
        "FACT_CHECK", "Agencies' factual accuracy check", "fact_check_sent_on", ("fact_check_complete_on",),
        _working_days(10), Force.LOCAL, "Local target", Decider.AGENCY_LEAD,
        ladder=review_ladder((3, 0), _WD, {Who.MANAGER: (3,)}),
    ),
)  # fmt: skip

_QUALITY: tuple[Clock, ...] = (
    Clock(
        "SUBMIT_HO", "Submit signed-off report to Home Office QA", "signed_off_on", ("submitted_on",), _working_days(5),
        Force.GUIDANCE, "2016 guidance s.10; length local", _OFFICER,
        extend_by=_CHAIR, ladder=review_ladder((1, 0), _WD, _TO_MANAGER),
    ),
    Clock(
        "COPY_DAC", "Send copy of report to Domestic Abuse Commissioner", "signed_off_on", ("dac_copy_sent_on",),
        _working_days(5), Force.STATUTE,
        "DVCVA 2004 s.9(3B)-(3C): as soon as reasonably practicable after the report is completed; 5 working days is local",
        _OFFICER,
        extendable=False, ladder=review_ladder((1, 0), _WD, _TO_MANAGER),
        note="Many partnerships send it after quality assurance, because the Home Office asks for the final version.",
    ),
    Clock(
        "HO_QA_CHASE", "Home Office QA feedback chaser", "submitted_on", ("feedback_letter_on",), Period(90, _DAYS),
        Force.LOCAL, "No Home Office time limit found", _OFFICER,
        # 180 and 365 days after submission are 90 and 275 after this date.
        ladder=chaser_ladder(30, _DAYS, {Who.MANAGER: (90,), Who.CHAIR: (275,)}),
        note="A chaser, not a limit on the Home Office. Repeated every 30 days.",
    ),
    Clock(
        "AMENDMENTS", "Complete QA amendments or resubmit", "feedback_letter_on", (), _working_days(30),
        Force.LOCAL, "Local target; the date in the letter if it gives one", Decider.PANEL,
        ladder=review_ladder((10, 5, 0), _WD, _TO_MANAGER),
    ),
)  # fmt: skip

_AFTER_CLEARANCE: tuple[Clock, ...] = (
    Clock(
        "PUBLISH", "Publish after clearance", "entered:cleared", ("published_on",), _working_days(30),
        Force.GUIDANCE, "2016 guidance s.8: publish following agreement of the QA panel; length local", _MANAGER,
        extend_by=_CHAIR, ladder=review_ladder((10, 5, 0), _WD, _TO_CHAIR),
    ),
    Clock(
        "AGENCY_COPIES", "Copies to senior manager of each participating agency", "published_on",
        ("agency_copies_sent_on",), _working_days(5),
        Force.GUIDANCE, "2016 guidance s.10; length local", _OFFICER,
        extendable=False, ladder=review_ladder((0,), _WD, _TO_MANAGER),
    ),
    Clock(
        "TELL_HO_DAC_PUBLISHED", "Send final PDF + weblink to Home Office and DA Commissioner", "published_on",
        ("ho_weblink_sent_on", "dac_weblink_sent_on"), _working_days(5),
        Force.GUIDANCE, "Home Office QA feedback letter template; length local", _OFFICER,
        met_by_all=True, extendable=False, ladder=review_ladder((1, 0), _WD, _TO_MANAGER),
    ),
    Clock(
        "WITHHOLD_REVIEW", "Review decision not to publish", "withhold_decided_on", ("withhold_reviewed_on",), _months(6),
        Force.LOCAL, "Local target; 2016 guidance requires compelling reasons", _CHAIR,
        due_fact="withhold_review_on", repeats=True, ladder=review_ladder((30, 7, 0), _DAYS, _TO_CHAIR),
        note="On the date that was set for it, else after six months; publishing ends it.",
    ),
    Clock(
        "NATIONAL_REC_REPLY", "Chase reply to a national recommendation", "national_rec_sent_on",
        ("national_rec_reply_on",), Period(56, _DAYS),
        Force.LOCAL, "Local proxy, borrowed from the 56 days of DA Act 2021 s.16(6), which does not bind here", _OFFICER,
        starts_by=StartsBy.FACT, child="recommendation", child_kind="national",
        ladder=review_ladder((0,), _DAYS, _TO_MANAGER),
    ),
    Clock(
        "AUDIT_6M", "Action plan audit 1", "published_on", ("audit_1_completed_on",), _months(6),
        Force.GUIDANCE, "2016 guidance s.10: conclude when implemented 'and include an audit process'; length local",
        _MANAGER,
        extend_by=_CHAIR, ladder=review_ladder((30, 7, 0), _DAYS, _TO_CHAIR),
    ),
    Clock(
        "AUDIT_12M", "Action plan audit 2 and closure decision", "published_on", ("audit_completed_on",), _months(12),
        Force.GUIDANCE, "2016 guidance s.10: conclude when implemented 'and include an audit process'; length local",
        _MANAGER,
        extend_by=_CHAIR, ladder=review_ladder((30, 7, 0), _DAYS, _TO_CHAIR),
    ),
    Clock(
        "RETENTION", "Retention review of the case record", "closed_on", ("disposal_decision_on",), _months(72),
        Force.LOCAL, "No statutory period found; set by the council's schedule", _MANAGER,
        ladder=review_ladder((90, 30, 0), _DAYS, _TO_MANAGER),
    ),
)  # fmt: skip

CLOCKS = (*_BEFORE_DECIDED, *_SET_UP, *_CONDUCT, *_QUALITY, *_AFTER_CLEARANCE)
