"""Who sees what: the loader and the list condition give the same answer for everybody and every kind of record."""

import pytest
from sqlmodel import Session, select

from tests.cast import NOON, PEOPLE, Cast
from tests.services.test_cases import RECEIVED, log_dhr
from tracker import access, policy
from tracker.db import Database
from tracker.errors import NotVisible
from tracker.models import Case, CaseParty, Membership, Partnership, Role, User
from tracker.policy import DECIDERS, POLICY, SYSTEM, Actor, Permission, Subject, allows, may_knock
from tracker.services import cases, grants
from tracker.services.asked import NewCase
from workflows.deciders import Decider

UNIT = {"officer", "officer2", "manager", "chair", "decision-maker", "auditor"}
SEEN_BY = {
    "open asb": UNIT,
    "restricted dhr": {"officer"},
    "restricted dhr, manager named": {"officer", "manager"},
    "restricted dhr, panel named": {"officer", "panel"},
    "open action of the police": UNIT | {"lead"},
    "open action, housing shares": UNIT | {"lead", "lead2"},
    "action without a lead": UNIT,
    "other partnership's asb": {"outsider"},
}


@pytest.fixture
def records(database: Database, cast: Cast) -> dict[str, str]:
    with database.transaction() as session:
        officer, outsider = cast.actor(session, "officer"), cast.actor(session, "outsider")

        def log(actor: Actor, process: str, where: int, **more: object) -> Case:
            asked = NewCase(process=process, partnership_id=where, opened_on=RECEIVED, imported=True, **more)
            return cases.log_case(session, actor, asked, at=NOON)

        asb = log(officer, "asb_case_review", cast.herefordshire)
        alone, with_manager, with_panel = (log_dhr(session, cast) for _ in range(3))
        officer = cast.actor(session, "officer")
        for case, who in ((with_manager, "manager"), (with_panel, "panel")):
            grants.grant(session, officer, case, session.get_one(User, cast.people[who]), "Needs it", at=NOON)
        police = log(officer, "action_item", cast.herefordshire, owner_organisation_id=cast.police)
        shared = log(officer, "action_item", cast.herefordshire, owner_organisation_id=cast.police)
        session.add(CaseParty(case_id=shared.id, part="joint_lead", organisation_id=cast.housing))
        nobody = log(officer, "action_item", cast.herefordshire)
        other = log(outsider, "asb_case_review", cast.worcestershire)
        made = (asb, alone, with_manager, with_panel, police, shared, nobody, other)
        return {name: case.reference for name, case in zip(SEEN_BY, made, strict=True)}


def _opens(session: Session, actor: Actor, reference: str) -> bool:
    try:
        access.case_for(session, actor, reference)
    except NotVisible:
        return False
    return True


def test_the_loader_and_the_lists_agree_for_everybody(
    database: Database, cast: Cast, records: dict[str, str]
) -> None:
    with database.reading() as session:
        for who, _, _ in PEOPLE:
            actor = cast.actor(session, who)
            listed = set(session.exec(select(Case.reference).where(access.visible(actor))).all())
            opened = {ref for ref in records.values() if _opens(session, actor, ref)}
            assert listed == opened, who
            expected = {records[name] for name, people in SEEN_BY.items() if who in people}
            assert opened == expected, who


def test_the_administrator_sees_no_case(database: Database, cast: Cast, records: dict[str, str]) -> None:
    with database.reading() as session:
        admin = cast.actor(session, "admin")
        assert session.exec(select(Case.id).where(access.visible(admin))).all() == []
    assert records


def test_a_boards_officer_reaches_the_csps_it_co_ordinates_for(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        north = Partnership(
            key="north", prefix="NW", name="North", kind="csp", coordinator_id=cast.worcestershire
        )
        session.add(north)
        session.flush()
        assert north.id in cast.actor(session, "outsider").partnerships(Role.OFFICER)
        assert north.id not in cast.actor(session, "officer").partnerships(Role.OFFICER)


def test_a_role_that_has_ended_opens_nothing(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        row = session.exec(select(Membership).where(Membership.user_id == cast.people["officer2"])).one()
        row.to_on = RECEIVED
        session.add(row)
        session.flush()
        assert cast.actor(session, "officer2").holdings == frozenset()


def test_a_grant_without_a_role_opens_nothing() -> None:
    named = Actor(user_id=1, name="x", granted=frozenset({7}))
    subject = Subject(partnership_id=1, case_id=7, process="dhr_2016", restricted=True)
    assert not allows(named, Permission.CASE_READ, subject)


@pytest.mark.parametrize(
    "permission", [p for p in Permission if p not in {Permission.PUBLIC, Permission.SIGNED_IN}]
)
def test_every_permission_has_a_line_and_a_door(permission: Permission) -> None:
    assert POLICY[permission]
    assert policy.AT_THE_DOOR[permission]
    assert not may_knock(Actor(user_id=1, name="nobody in particular"), permission)
    assert not allows(Actor(user_id=1, name="x"), permission, Subject(partnership_id=1))


def test_an_unlisted_permission_is_held_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "POLICY", {})
    assert not allows(SYSTEM, Permission.CASE_LOG, Subject(partnership_id=1))


@pytest.mark.parametrize("decider", list(Decider))
def test_every_decider_has_a_line(decider: Decider) -> None:
    assert decider in DECIDERS


DECIDE = {
    Decider.BU_OFFICER: {"officer", "officer2", "manager"},
    Decider.BU_MANAGER: {"manager"},
    Decider.CSP_CHAIR: {"chair"},
    Decider.AGENCY_LEAD: {"officer", "officer2", "manager", "lead"},
    Decider.PANEL: {"officer", "officer2", "manager"},
    Decider.DECISION_MAKER: {"decision-maker"},
    Decider.PANEL_CHAIR: set(),
    Decider.DISSATISFACTION_REVIEWER: set(),
    Decider.SYSTEM: set(),
}


@pytest.mark.parametrize("decider", list(Decider))
def test_who_decides(decider: Decider, database: Database, cast: Cast) -> None:
    with database.reading() as session:
        subject = Subject(
            partnership_id=cast.herefordshire, case_id=1, process="action_item",
            organisation_ids=frozenset({cast.police}),
        )  # fmt: skip
        deciding = {
            who for who, _, _ in PEOPLE if policy.decides(cast.actor(session, who), (decider,), subject)
        }
    assert deciding == DECIDE[decider]
