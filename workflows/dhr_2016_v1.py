"""The domestic homicide review under section 9 of the 2004 Act and the guidance of December 2016.

docs/domestic-homicide-review.md section 4. ``received_on`` starts the month to decide; where the partnership knew
earlier (``aware_on``) it runs from that day.
"""

from datetime import date

from workflows.definition import HeldBy, Stage, State, Workflow
from workflows.dhr_2016_clocks import CLOCKS
from workflows.dhr_2016_facts import FACTS
from workflows.dhr_2016_guards import held
from workflows.dhr_2016_moves import MOVES_TO_SIGN_OFF
from workflows.dhr_2016_publication import MOVES_AFTER_SIGN_OFF
from workflows.dhr_2016_tasks import TASKS
from workflows.effects import Start
from workflows.selfcheck import checked

_STAGES = (
    Stage("1", "Notification"),
    Stage("2", "Decision"),
    Stage("3", "Set up"),
    Stage("4", "Conduct"),
    Stage("5", "Sign-off & QA"),
    Stage("6", "Publication"),
    Stage("7", "Delivery"),
    Stage("8", "Closure"),
)

_STATES = (
    State(
        "notified", "Notified", "1",
        "A death has come to the attention of the CSP (police letter, referral, family, coroner, media). Clock DECISION"
        " runs from received_on.",
    ),
    State(
        "scoping", "Scoping", "1",
        "Area/lead CSP confirmed, records secured, agencies asked for a summary of involvement, SIO contacted, other"
        " reviews identified.",
    ),
    State(
        "awaiting_decision", "Awaiting CSP chair decision", "2",
        "Decision paper is with the CSP chair after consultation with partners.",
    ),
    State(
        "no_review_with_ho", "No review - with Home Office", "2",
        "Decision NOT to review made; Home Office and family told; Home Office / QA panel scrutiny outstanding.",
        held_by=HeldBy.HOME_OFFICE,
    ),
    State(
        "commissioning", "Commissioning chair and panel", "3",
        "Decision to review made (or directed under s.9(2)); Home Office and family being told; independent"
        " chair/author and panel being appointed. Clock REPORT_6M runs.",
    ),
    State(
        "setting_terms", "Setting terms of reference", "3",
        "Panel convened; scope, key lines of enquiry, review period, IMR agencies, family engagement plan,"
        " parallel-process plan.",
    ),
    State(
        "gathering", "Gathering evidence", "4",
        "Chronologies, IMRs, family/friend/employer contributions, agency clarification.", held_by=HeldBy.AGENCY,
    ),
    State(
        "drafting", "Analysis and drafting", "4",
        "Combined chronology, panel meetings, overview report, executive summary, recommendations, draft action plan.",
    ),
    State(
        "consultation", "Family and agency consultation", "4",
        "Family read the draft with time and support; agencies check facts; staff feedback; panel approves final draft.",
        held_by=HeldBy.AGENCY,
    ),
    State("csp_sign_off", "CSP sign-off", "5", "CSP considers report, executive summary and action plan."),
    State(
        "signed_off", "Signed off - to submit", "5",
        "CSP has signed off; report is 'completed' for s.9(3C); submit to Home Office and send copy to DA Commissioner.",
    ),
    State(
        "with_home_office", "With Home Office QA", "5",
        "In the Home Office Quality Assurance queue. No published time limit on the Home Office.",
        held_by=HeldBy.HOME_OFFICE,
    ),
    State(
        "amending", "Amending after QA letter", "5",
        "Feedback letter received; amendments required (publish after amendment) or resubmission required.",
    ),
    State(
        "cleared", "Cleared - publication planning", "6",
        "Home Office content for publication. Family, media, agencies, staff prepared. Publication may be held"
        " (trial/inquest) or withheld.",
    ),
    State(
        "implementing", "Action plan delivery", "7",
        "Report published (or withheld with reasons). Action plan monitored. NB actions may start in any earlier state.",
        held_by=HeldBy.AGENCY,
    ),
    State(
        "closed", "Closed", "8",
        "CSP formally concluded the review: action plan implemented and audited. Retention clock runs.",
        final=True, held_by=HeldBy.NOBODY,
    ),
    State(
        "closed_no_review", "Closed - no review", "2",
        "No review; Home Office scrutiny complete (or recorded as unanswered).", final=True, held_by=HeldBy.NOBODY,
    ),
    State(
        "transferred_out", "Transferred to another area", "1",
        "Another CSP (or, in Wales, a Safeguarding Board SUSR) leads. We may still be a contributor: keep agency tasks.",
        final=True, held_by=HeldBy.NOBODY,
    ),
    State(
        "stood_down", "Stood down", "3",
        "Review discontinued after it began (e.g. later evidence shows the definition is not met). Home Office and"
        " family told.",
        final=True, held_by=HeldBy.NOBODY,
    ),
    State(
        "void", "Void (logged in error / duplicate)", "1", "Never a case. Kept for audit.",
        final=True, held_by=HeldBy.NOBODY,
    ),
)  # fmt: skip

DHR_2016 = checked(
    Workflow(
        key="dhr_2016",
        version=1,
        title="Domestic homicide review",
        effective_from=date(2016, 12, 7),
        initial="notified",
        stages=_STAGES,
        states=_STATES,
        moves=(*MOVES_TO_SIGN_OFF, *MOVES_AFTER_SIGN_OFF),
        clocks=CLOCKS,
        facts=FACTS,
        opening_needs=(("received_on",), ("notification_source",)),
        opening=(Start("DECISION"),),
        date_order=(
            "received_on", "decision_on", "chair_appointed_on", "signed_off_on", "submitted_on", "feedback_letter_on",
            "published_on", "closed_on",
        ),
        holds=held,
        tasks=TASKS,
        family=(
            "information_request", "recommendation", "action_item", "parallel_process", "family_contact", "hold",
        ),
    )
)  # fmt: skip
