"""Passing an application on to every relevant body (ASBCPA 2014 s.104(3)(b)): which bodies, and which have it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from tracker import audit
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput
from tracker.models import Case, Event, Method, PassOn
from tracker.policy import Actor
from tracker.services import acts
from tracker.services.asb_records import (
    applied_on,
    asked_to_pass_on,
    not_passed_on,
    pass_ons_of,
    relevant_bodies,
)
from tracker.services.asked import FactsRequest
from tracker.services.guarded import done_before
from tracker.services.incidents import require_open

FACT = "passed_to_all_relevant_bodies"


@dataclass(frozen=True, slots=True)
class PassedOn:
    """The application went to these bodies (keys) on a day."""

    seen_version: int
    bodies: tuple[str, ...]
    on: date
    method: Method
    external_reference: str = ""
    late_reason: str = ""
    request_id: str | None = None


def pass_on(session: Session, actor: Actor, case: Case, asked: PassedOn, *, at: datetime) -> Event:
    """Record that the application went to some of the relevant bodies. With the last of them the date for it is met.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the case is no ASB case review, or has ended.
        BadInput: no body, a body that is not relevant here, or a day that cannot be.
    """
    if before := done_before(session, case, asked.request_id):
        return before
    require_open(session, actor, case, asked.seen_version)
    today = time.london(at)
    if not applied_on(case) <= asked.on <= today:
        raise BadInput("The day it went must be between the day of the application and today.")
    there = {body.organisation.key: body.organisation for body in relevant_bodies(session, case)}
    if not asked.bodies or set(asked.bodies) - set(there):
        raise BadInput("Choose the bodies that the application went to.")
    session.add_all(
        PassOn(
            case_id=case.id or 0,
            organisation_id=there[key].id or 0,
            on=asked.on,
            method=asked.method,
            external_reference=asked.external_reference.strip()[:200],
            recorded_by_id=actor.user_id,
            recorded_at=at,
        )
        for key in dict.fromkeys(asked.bodies)
    )
    event = audit.record(
        session, case, actor, Happened.PASSED_ON,
        occurred_on=asked.on, at=at,
        detail={
            "bodies": sorted(set(asked.bodies)), "method": str(asked.method),
            "said": ", ".join(sorted(there[key].name for key in set(asked.bodies))),
        },
        request_id=asked.request_id,
    )  # fmt: skip
    session.flush()
    if not not_passed_on(session, case, asked_to_pass_on(session, case)):
        last = max(row.on for row in pass_ons_of(session, case))
        noted = FactsRequest(case.version, last, {}, late_reason=asked.late_reason)
        acts.note(session, actor, case, {FACT: True}, noted, at=at, because=case.reference)
    return event
