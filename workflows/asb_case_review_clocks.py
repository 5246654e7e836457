"""The clocks of an ASB case review: the register of docs/asb-case-review.md 4.3.

C12 is the target date of an action, so it is ``ACTION_TARGET`` of ``action_item``. C17 to C19 (procedure, published
figures, reporting period) belong to an area, C21 and C22 are tests of the threshold, and C23 has no length in force:
none of these is a clock of a case. C4, C11, C15 and C16 stand here for the register's sake: they run on the requests,
recommendations and second looks that belong to the case.

Only the pass-on is a duty that its row takes from the Act (ASBCPA 2014 s.104(3)(b)), and even there the days are
local. Every other length is what the area has published or a proposal, and may be replaced by its policy.
"""

from workflows.dates import Mode, Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, Halving, StartsBy
from workflows.document_ladders import case_review_ladder
from workflows.ladder import Rung, Who

_SURVEY = "Middle of the published local timescales; no number of days is in the Act"
_PROPOSED = "Local target"


def _working_days(n: int) -> Period:
    return Period(n, Unit.WORKING_DAYS)


def _before(n: int) -> Period:
    return Period(n, Unit.WORKING_DAYS, Mode.BEFORE)


_BY_AGENCY = Who.ESCALATION

CLOCKS: tuple[Clock, ...] = (
    Clock(
        "C0", "Safeguarding look", "entered:received", ("safeguarding_looked_on",), _working_days(1),
        Force.LOCAL, f"{_PROPOSED}: by the end of the next working day", Decider.BU_OFFICER,
        extendable=False, ladder=case_review_ladder(()),
    ),
    Clock(
        "C1", "Acknowledge the application", "application_date", ("letter_sent_L1",), _working_days(5),
        Force.LOCAL, "Herefordshire's published page: contact within 5 working days", Decider.BU_OFFICER,
        pausable=True, ladder=case_review_ladder((2,)),
    ),
    Clock(
        "C2", "Pass on to all relevant bodies", "application_date", ("passed_to_all_relevant_bodies",), _working_days(2),
        Force.STATUTE, "Anti-social Behaviour, Crime and Policing Act 2014 s.104(3)(b); the number of days is local",
        Decider.BU_OFFICER,
        extendable=False, ladder=case_review_ladder((1,)),
    ),
    Clock(
        "C3", "Reply about authority or what is missing", "letter_sent_L2", ("authority_reply_on",), _working_days(10),
        Force.LOCAL, f"{_PROPOSED}, with a chaser halfway", Decider.BU_OFFICER,
        pausable=True, ladder=case_review_ladder((5,)),
    ),
    Clock(
        "C4", "Agency return", "requested_on", ("returned_on",), _working_days(10),
        Force.LOCAL, "Published local timescales: Wyre 10, Richmond 14 working days; asked under Sch 4 para 7",
        Decider.AGENCY_LEAD,
        pausable=True, ladder=case_review_ladder((3,), leads_manager=_BY_AGENCY),
        child="information_request", child_kind="agency_return",
    ),
    Clock(
        "C5", "Threshold decision told", "application_date", ("letter_sent_L4", "letter_sent_L5"), _working_days(15),
        Force.LOCAL, f"{_SURVEY}. That the applicant is told is s.104(6)", Decider.BU_OFFICER,
        pausable=True, ladder=case_review_ladder((5, 2)),
        halved=Halving("harm_band", "high", ("received", "acknowledged", "awaiting_authority", "threshold_check")),
        note="Not paused because an agency is slow. Half of it where harm is high, if the area wants that.",
    ),
    Clock(
        "C6", "Review meeting held", "letter_sent_L4", ("review_held_on",), _working_days(20),
        Force.LOCAL, _SURVEY, Decider.BU_OFFICER,
        pausable=True, ladder=case_review_ladder((10, 5)), halved=Halving("harm_band", "high"),
        note="Half of it where harm is high when it begins, if the area wants that.",
    ),
    Clock(
        "C7", "Victim's choice and invitation", "review_on", ("letter_sent_L6", "letter_sent_L7"), _before(5),
        Force.LOCAL, f"{_PROPOSED}: 5 working days before the meeting at the latest", Decider.BU_OFFICER,
        starts_by=StartsBy.FACT, extendable=False, ladder=case_review_ladder((3,)),
    ),
    Clock(
        "C8", "Reasons for not inviting the victim", "meeting_without_victim_on", ("not_inviting_reasons_sent_on",),
        _before(2), Force.LOCAL, "Richmond's published timescale: 2 working days before the meeting", Decider.PANEL_CHAIR,
        starts_by=StartsBy.FACT, extendable=False, ladder=case_review_ladder((1,)),
    ),
    Clock(
        "C9", "Panel papers", "review_on", ("papers_sent_on",), _before(5),
        Force.LOCAL, "Local target; Richmond publishes 2 working days before the meeting", Decider.BU_OFFICER,
        extendable=False, ladder=case_review_ladder((3,)),
    ),
    Clock(
        "C10", "Outcome letter", "review_held_on", ("letter_sent_L8",), _working_days(10),
        Force.LOCAL, "Published by Ashfield and Birmingham. That the applicant is told is s.104(8)", Decider.BU_OFFICER,
        pausable=True, ladder=case_review_ladder((3,)),
    ),
    Clock(
        "C11", "Response to the recommendation", "letter_sent_L17", ("responded_on",), _working_days(20),
        Force.LOCAL, f"{_PROPOSED}; the duty in s.104(7) is to have regard", Decider.AGENCY_LEAD,
        pausable=True, ladder=case_review_ladder((5,), leads_manager=_BY_AGENCY), child="recommendation",
    ),
    Clock(
        "C13", "Victim update", "last_contact_on", ("last_contact_on",), _working_days(20),
        Force.GUIDANCE, "Home Office guidance of September 2025: victims are kept informed; the number of days is local",
        Decider.BU_OFFICER,
        starts_by=StartsBy.FACT, pausable=True, repeats=True, ladder=case_review_ladder((3,)),
        length_fact="update_every",
        note="Or the frequency that was promised. Each contact starts the next.",
    ),
    Clock(
        "C14", "Time to ask for a second look", "letter_sent_L5",
        ("dissatisfaction_requested_on", "dissatisfaction_waived_on", "dissatisfaction_window_over_on"), _working_days(20),
        Force.LOCAL, "Published by Birmingham (20 working days) and Suffolk (21)", Decider.BU_OFFICER,
        minimum=True, ladder=(Rung("after-1", 1, Unit.WORKING_DAYS, (Who.LEAD,)),),
        later_if="told_by_post", later_by=_working_days(2),
        note="From the letter that tells the decision or the outcome; 2 working days more if it was posted.",
    ),
    Clock(
        "C15", "Acknowledge the request for a second look", "requested_on", ("letter_sent_L9",), _working_days(5),
        Force.LOCAL, _PROPOSED, Decider.BU_OFFICER,
        pausable=True, ladder=case_review_ladder((2,)), child="dissatisfaction",
    ),
    Clock(
        "C16", "Decide the request for a second look", "requested_on",
        ("letter_sent_L11", "letter_sent_L10"), _working_days(20),
        Force.LOCAL, "Local target; East Herts publishes 15 working days", Decider.DISSATISFACTION_REVIEWER,
        pausable=True, ladder=case_review_ladder((5,)), child="dissatisfaction",
    ),
    Clock(
        "C20", "Action-plan check-in", "check_in_on", ("check_in_on",), Period(60, Unit.DAYS),
        Force.LOCAL, _PROPOSED, Decider.BU_OFFICER,
        starts_by=StartsBy.FACT, repeats=True, ladder=case_review_ladder((5,)),
        note="First from the day the plan is agreed; each check-in starts the next.",
    ),
    Clock(
        "C24", "Draft purge", "entered:draft", (), Period(28, Unit.DAYS),
        Force.LOCAL, _PROPOSED, Decider.BU_OFFICER,
        ladder=case_review_ladder((5,)),
        note="A draft that is not submitted by then is taken out.",
    ),
    Clock(
        "C25", "Call the victim: harm is high", "harm_high_on", ("harm_called_on",), Period(0, Unit.DAYS),
        Force.LOCAL, f"{_PROPOSED}: the same day", Decider.BU_OFFICER,
        starts_by=StartsBy.FACT, extendable=False, ladder=case_review_ladder(()),
        note="From the day on which the band becomes high. Think of safeguarding; the manager is told.",
    ),
)  # fmt: skip
