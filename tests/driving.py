"""Cases taken along their process without asking whether they may: for tests of what comes after the steps."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from sqlmodel import Session

from tests.cast import Cast
from tracker.models import Case
from tracker.policy import SYSTEM
from tracker.services import acts
from tracker.services.asked import FactsRequest, MoveRequest, NewCase
from tracker.services.positions import position_of, workflow_for
from tracker.services.references import hold
from workflows.facts import FactValue


def noon(on: date) -> datetime:
    """Noon of a day."""
    return datetime.combine(on, time(12), UTC)


def opened(session: Session, cast: Cast, process: str, on: date, **facts: FactValue) -> Case:
    """A case of Herefordshire, logged on that day with the officer as its lead."""
    asked = NewCase(
        process=process,
        partnership_id=cast.herefordshire,
        opened_on=on,
        facts=facts,
        owner_user_id=cast.people["officer"],
    )
    return acts.open_case(session, SYSTEM, hold(session, cast.herefordshire), asked, today=on, at=noon(on))


def go(session: Session, case: Case, name: str, on: date, **facts: FactValue) -> None:
    """One step, guards aside."""
    workflow = workflow_for(case)
    step = workflow.move(name, case.state)
    assert step is not None, f"{case.reference} is at {case.state}: no {name} from there"
    position = position_of(session, workflow, case, facts, on)
    asked = MoveRequest(case.version, on, facts=facts, late_reason="Late for a reason.")
    acts.take(
        session, SYSTEM, case, step, position, dict(facts), asked, to_state=step.to, detail={}, at=noon(on)
    )


def say(session: Session, case: Case, on: date, **facts: FactValue) -> None:
    """Facts by themselves, such as a letter that was sent."""
    asked = FactsRequest(case.version, on, facts, late_reason="Late for a reason.")
    acts.note(session, SYSTEM, case, dict(facts), asked, at=noon(on))


def applied(session: Session, cast: Cast, on: date, area: str = "Herefordshire") -> Case:
    """An application for an ASB case review that was received on that day."""
    told: Mapping[str, FactValue] = {
        "applicant_name": "An applicant", "applicant_contact": "By letter", "area": area,
        "description": "Noise", "application_date": on, "channel": "phone",
    }  # fmt: skip
    case = opened(session, cast, "asb_case_review", on, **told)
    go(session, case, "submit", on)
    return case
