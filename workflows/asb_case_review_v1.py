"""The ASB case review (community trigger) under sections 104 and 105 of the 2014 Act: docs/asb-case-review.md section 5."""

from datetime import date

from workflows.asb_case_review_clocks import CLOCKS
from workflows.asb_case_review_facts import FACTS
from workflows.asb_case_review_moves import MOVES
from workflows.definition import HeldBy, Stage, State, Workflow
from workflows.effects import Start
from workflows.selfcheck import checked

_STAGES = (
    Stage("application", "Application"),
    Stage("threshold", "Threshold"),
    Stage("review", "Review"),
    Stage("outcome", "Outcome and actions"),
    Stage("ended", "Ended"),
)

_STATES = (
    State("draft", "Draft", "application", "Being keyed in. It is no application yet."),
    State("received", "Received", "application", "We acknowledge it and pass it on to every relevant body."),
    State("acknowledged", "Acknowledged", "application", "We start the threshold check."),
    State(
        "awaiting_authority", "Waiting for authority", "application",
        "The applicant or the victim is asked for authority or for what is missing.", held_by=HeldBy.APPLICANT,
    ),
    State(
        "threshold_check", "Threshold check", "threshold",
        "The bodies give their information, then the decision-maker decides.", held_by=HeldBy.AGENCY,
    ),
    State("threshold_met", "Threshold met", "threshold", "Decided; we tell the applicant."),
    State("threshold_not_met", "Threshold not met", "threshold", "Decided; we tell the applicant, with the reasons."),
    State(
        "not_met_notified", "Told: not met", "threshold",
        "The applicant can ask for a second look while the time for it runs.", held_by=HeldBy.APPLICANT,
    ),
    State(
        "review_preparation", "Preparing the review", "review",
        "We find the chair, invite the panel, ask the victim and prepare the papers.",
    ),
    State("review_scheduled", "Review scheduled", "review", "The meeting has its date."),
    State("review_held", "Review held", "review", "We send the outcome and the recommendations."),
    State(
        "outcome_notified", "Outcome told", "outcome",
        "Recipients respond, and the applicant can ask for a second look.", held_by=HeldBy.AGENCY,
    ),
    State(
        "action_plan_monitoring", "Following the action plan", "outcome", "Each action is followed to its end.",
        held_by=HeldBy.AGENCY,
    ),
    State("closed", "Closed", "ended", "Finished. It can be opened again.", final=True, held_by=HeldBy.NOBODY),
    State(
        "withdrawn", "Withdrawn", "ended", "Ended at the applicant's wish. It can be taken up again.",
        final=True, held_by=HeldBy.NOBODY,
    ),
    State(
        "not_pursued", "Not pursued", "ended",
        "No permission, anonymous, or nobody can be reached. It can be taken up again.",
        final=True, held_by=HeldBy.NOBODY,
    ),
    State(
        "transferred", "Transferred", "ended", "The behaviour is in another area, which leads.",
        final=True, held_by=HeldBy.NOBODY,
    ),
    State("merged", "Merged", "ended", "Another case about the same goes on.", final=True, held_by=HeldBy.NOBODY),
    State(
        "misdirected", "Not an application", "ended", "A first report or a service request; a manager agreed.",
        final=True, held_by=HeldBy.NOBODY,
    ),
)  # fmt: skip

ASB_CASE_REVIEW = checked(
    Workflow(
        key="asb_case_review",
        version=1,
        title="ASB case review",
        effective_from=date(2014, 10, 20),
        initial="draft",
        stages=_STAGES,
        states=_STATES,
        moves=MOVES,
        clocks=CLOCKS,
        facts=FACTS,
        opening=(Start("C24"),),
        family=(
            "information_request",
            "recommendation",
            "action_item",
            "dissatisfaction",
            "parallel_process",
        ),
        date_order=("application_date", "decided_on", "review_held_on"),
    )
)
