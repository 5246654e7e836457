"""The real Worcestershire action plan of 2018-19, as printed, kept as a plan of its time."""

from datetime import UTC, date, datetime
from importlib.resources import files

from sqlmodel import Session, col, select

from tracker.demo.people import WORCESTERSHIRE
from tracker.imports import read_plan
from tracker.models import ActionDetails, Case, Plan
from tracker.policy import SYSTEM
from tracker.services import cases
from tracker.services.asked import MoveRequest
from tracker.services.plans import NewPlan, import_plan, partnership_keyed
from workflows.timescales import Context

SOURCE = "worcestershire_2018_19.csv"
NAME = "Community Safety Agreement 2018-19"
STARTS_ON = date(2018, 4, 1)
ENDS_ON = date(2019, 3, 31)
READ_AT = datetime(2018, 4, 3, 9, tzinfo=UTC)
CLOSED_AT = datetime(2019, 5, 1, 9, tzinfo=UTC)
"""After the last of its dates, which lies a month past its end."""

WHY = "The plan ended on 31 March 2019. What became of the action is not recorded."


def add_old_plan(session: Session) -> Plan:
    """Read the plan in as it was printed."""
    context = Context(plan_start=STARTS_ON, plan_end=ENDS_ON)
    printed = files("tracker.demo").joinpath(SOURCE).read_bytes()
    asked = NewPlan(
        partnership_id=partnership_keyed(session, WORCESTERSHIRE).id or 0,
        name=NAME,
        reading=read_plan(printed, SOURCE, context),
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        source_name=SOURCE,
    )
    return import_plan(session, SYSTEM, asked, at=READ_AT)


def close_old_plan(session: Session, plan: Plan) -> None:
    """End every action of the plan without an outcome: none is known."""
    for action in session.exec(
        select(Case)
        .join(ActionDetails, col(ActionDetails.case_id) == col(Case.id))
        .where(ActionDetails.plan_id == plan.id)
        .order_by(col(ActionDetails.position))
    ).all():
        asked = MoveRequest(
            action.version,
            CLOSED_AT.date(),
            facts={"superseded_by": "Not recorded", "supersede_reason": WHY},
            reason=WHY,
        )
        cases.move(session, SYSTEM, action, "supersede", asked, at=CLOSED_AT)
