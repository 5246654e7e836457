"""Who may do what to a case, asked of the services with everybody named for it: pages only hide what is refused here."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, PEOPLE, Cast
from tests.services.test_cases import ask, log_dhr
from tracker.db import Database
from tracker.errors import NotPermitted
from tracker.models import Case, CaseGrant, Event, User
from tracker.policy import Actor
from tracker.services import cases, grants
from tracker.services.asked import FactsRequest

Act = Callable[[Session, Actor, Case, User], object]
UNIT = {"officer", "officer2", "manager"}
VOID = {"void_reason": "Logged twice"}


def _record(session: Session, actor: Actor, case: Case, _user: User) -> object:
    return cases.record_facts(
        session, actor, case, FactsRequest(case.version, MONDAY, {"aware_reason": "By post"}), at=NOON
    )


def _name(session: Session, actor: Actor, case: Case, user: User) -> object:
    return grants.grant(session, actor, case, user, "Needs it", at=NOON)


def _shut_out(session: Session, actor: Actor, case: Case, user: User) -> object:
    return grants.end(session, actor, case, user, "No longer works on it", at=NOON)


def _scope(session: Session, actor: Actor, case: Case, _user: User) -> object:
    facts = {
        "csp_id": "herefordshire", "lead_officer_id": "officer@example.test", "death_month": "2026-10",
        "death_basis": "homicide", "deceased_pseudonym": "Rowan",
    }  # fmt: skip
    return cases.move(
        session, actor, case, "begin_scoping", ask(case, facts=facts, evidence="Minute 4"), at=NOON
    )


def _void(session: Session, actor: Actor, case: Case, _user: User) -> object:
    return cases.move(session, actor, case, "void", ask(case, facts=VOID, evidence="Minute 4"), at=NOON)


ACTS: dict[str, tuple[Act, set[str]]] = {
    "record a fact": (_record, UNIT),
    "name somebody": (_name, UNIT),
    "end somebody's leave": (_shut_out, UNIT),
    "an officer's step": (_scope, UNIT),
    "a manager's step, even with a minute": (_void, {"manager"}),
}


@pytest.mark.parametrize("what", ACTS)
def test_who_may(database: Database, cast: Cast, what: str) -> None:
    act, expected = ACTS[what]
    with database.transaction() as session:
        number = log_dhr(session, cast).id
        for who, _, _ in PEOPLE:
            # As rows: the service names nobody whose role would not open the case.
            session.add(CaseGrant(case_id=number, user_id=cast.people[who], why="Needs it", granted_at=NOON))
    done = set()
    for who, _, _ in PEOPLE:
        with database.rehearsal() as session:
            case = session.get_one(Case, number)
            other = session.get_one(User, cast.people["auditor"])
            events = len(session.exec(select(Event).where(Event.case_id == number)).all())
            if act is _name:  # naming somebody who is named already does nothing
                for row in session.exec(select(CaseGrant).where(CaseGrant.user_id == other.id)).all():
                    row.ended_at = NOON
                session.flush()
            try:
                act(session, cast.actor(session, who), case, other)
            except NotPermitted:
                assert len(session.exec(select(Event).where(Event.case_id == number)).all()) == events
            else:
                assert len(session.exec(select(Event).where(Event.case_id == number)).all()) == events + 1
                done.add(who)
    assert done == expected
