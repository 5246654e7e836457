"""The demonstration: complete, plausible around any day, restricted where it says so, and quiet at first."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlmodel import Session, col, select

from tests.demo.conftest import DAYS, MONDAY, PASSWORD, Loaded, day_of, settings
from tracker import access, clock, demo, passwords
from tracker.commands.demo import demo_command
from tracker.db import Database
from tracker.demo.people import TITLES
from tracker.errors import NotVisible, Refuses
from tracker.models import (
    ActionDetails,
    Case,
    CaseGrant,
    Deadline,
    DeadlineChange,
    DeadlineStatus,
    Event,
    Organisation,
    Outbox,
    OutboxState,
    Partnership,
    Plan,
    Role,
    Sensitivity,
    User,
)
from tracker.policy import SYSTEM, Actor
from tracker.queries.verification import faults
from tracker.services import people, reminders
from tracker.services.calendars import calendar_for
from tracker.services.people import NewPerson
from workflows.released import RELEASED

OFFICER = "officer@herefordshire.example"
OLD_PLAN = "community-safety-agreement-2018-19"
pytestmark = pytest.mark.xdist_group("demo")  # one process loads it once for all of them
EVERY_DAY = pytest.mark.parametrize("day", list(DAYS))


def actor(session: Session, email: str, at: datetime = MONDAY) -> Actor:
    return access.actor_for(session, session.exec(select(User).where(User.email == email)).one(), at)


def the_cases(session: Session, process: str, prefix: str = "") -> Sequence[Case]:
    statement = select(Case).where(Case.process == process, col(Case.reference).startswith(prefix))
    return session.exec(statement.order_by(col(Case.id))).all()


def of_plan(session: Session, key: str) -> Sequence[Case]:
    statement = (
        select(Case)
        .join(ActionDetails, col(ActionDetails.case_id) == col(Case.id))
        .join(Plan, col(ActionDetails.plan_id) == col(Plan.id))
        .where(Plan.key == key)
        .order_by(col(ActionDetails.position))
    )
    return session.exec(statement).all()


def running(session: Session, email: str) -> list[date]:
    statement = (
        select(Deadline.due_on)
        .join(Case, col(Case.id) == col(Deadline.case_id))
        .where(Deadline.status == DeadlineStatus.RUNNING, access.visible(actor(session, email)))
    )
    return [due for due in session.exec(statement).all() if due is not None]


def test_it_loads_the_same_on_both_databases_without_a_fault_and_only_once(
    database: Database, loaded: Loaded
) -> None:
    assert demo.load(database, settings(), MONDAY) == PASSWORD
    with database.reading() as session:
        assert list(faults(session)) == []
        assert Counter(case.process for case in session.exec(select(Case)).all())["action_item"] == 72
        before = session.exec(select(Event.hash).order_by(col(Event.id))).all()
    with loaded("monday").reading() as session:
        assert session.exec(select(Event.hash).order_by(col(Event.id))).all() == before, (
            "nothing is left to chance"
        )
    with pytest.raises(Refuses, match="holds something already"):
        demo.load(database, settings(), MONDAY)
    with database.reading() as session:
        assert session.exec(select(Event.hash).order_by(col(Event.id))).all() == before


@pytest.mark.parametrize("process", ["dhr_2016", "asb_case_review", "action_item"])
def test_every_state_of_every_process_is_there(loaded: Loaded, process: str) -> None:
    with loaded("monday").reading() as session:
        seen = {case.state for case in the_cases(session, process)}
        wanted = {state.name for w in RELEASED.values() if w.key == process for state in w.states}
    assert seen == wanted


def test_there_are_forty_cases_twelve_real_actions_and_sixty_invented_ones(loaded: Loaded) -> None:
    with loaded("monday").reading() as session:
        reviews = [*the_cases(session, "dhr_2016"), *the_cases(session, "asb_case_review")]
        assert len(reviews) >= 40
        assert {case.reference.split("-")[0] for case in reviews} == {"HCSP", "NWCSP", "SWCSP"}
        real = of_plan(session, OLD_PLAN)
        assert len(real) == 12
        assert len(the_cases(session, "action_item")) - len(real) == 60
        assert len(of_plan(session, "action-plan-2026-to-2027")) == 34


@EVERY_DAY
def test_nothing_is_wrong_and_nothing_happens_on_the_day_or_after_it(loaded: Loaded, day: str) -> None:
    with loaded(day).reading() as session:
        assert list(faults(session)) == []
        midnight = clock.morning_of(day_of(day)) - timedelta(hours=8)
        for event in session.exec(select(Event)).all():
            assert event.occurred_on < day_of(day)
            assert event.recorded_at.replace(tzinfo=UTC) < midnight
            assert event.occurred_on == clock.london(
                event.recorded_at.replace(tzinfo=UTC)
            ) or event.detail.get("imported")
        for table in (DeadlineChange, CaseGrant):
            for row in session.exec(select(table)).all():
                at = row.recorded_at if isinstance(row, DeadlineChange) else row.granted_at
                assert at.replace(tzinfo=UTC) < midnight


@EVERY_DAY
def test_acts_of_people_fall_on_working_days_and_histories_run_with_time(loaded: Loaded, day: str) -> None:
    with loaded(day).reading() as session:
        calendar = calendar_for(session, None)
        events = session.exec(select(Event).order_by(col(Event.id))).all()
        assert all(calendar.is_working(event.occurred_on) for event in events if event.actor_id)
        instants = [event.recorded_at for event in events]
        assert instants == sorted(instants)
        for prefix in ("HCSP-DHR", "HCSP-ASB", "NWCSP-ASB"):
            ordered = sorted(
                session.exec(select(Case).where(col(Case.reference).startswith(prefix))).all(),
                key=lambda c: c.reference,
            )
            opened = [case.opened_on for case in ordered]
            assert opened == sorted(opened), "references are given in the order of logging"


@EVERY_DAY
def test_today_has_something_overdue_and_something_coming_but_is_no_flood(loaded: Loaded, day: str) -> None:
    today = day_of(day)
    with loaded(day).reading() as session:
        calendar = calendar_for(session, None)
        soon = calendar.working_day_after(today, 10)
        due = running(session, OFFICER)
        overdue = sum(on < today for on in due)
        now = sum(on == today for on in due)
        coming = sum(today < on <= soon for on in due)
    assert 3 <= overdue <= 6
    # On a day off only plan dates fall due; what working days count is due on the next one.
    assert (2 <= now <= 4, 6 <= coming <= 12) == (True, True) if day == "monday" else 1 <= now <= 2
    assert coming <= 16


def test_reviews_are_restricted_to_some_and_not_to_others(loaded: Loaded) -> None:
    with loaded("monday").reading() as session:
        reviews = the_cases(session, "dhr_2016", "HCSP")
        assert len(reviews) >= 8
        assert {case.sensitivity for case in the_cases(session, "dhr_2016")} == {Sensitivity.RESTRICTED}

        def opened_by(who: str) -> set[str]:
            found = set()
            for case in reviews:
                try:
                    found.add(access.case_for(session, actor(session, who), case.reference).reference)
                except NotVisible:
                    continue
            return found

        everything = {case.reference for case in reviews}
        assert opened_by(OFFICER) == everything
        for who in ("manager@herefordshire.example", "chair@herefordshire.example", "officer@both.example"):
            assert 0 < len(opened_by(who)) < len(everything), who
        assert len(opened_by("panel@herefordshire.example")) == 1
        for who in ("lead", "admin", "decision-maker"):
            assert opened_by(f"{who}@herefordshire.example") == set(), who
        assert opened_by("officer@worcestershire.example") == set()
        waiting = {case.reference for case in reviews if case.state in {"awaiting_decision", "csp_sign_off"}}
        assert waiting <= opened_by("chair@herefordshire.example")


def test_the_actions_of_a_review_that_is_not_public_are_restricted_too(loaded: Loaded) -> None:
    with loaded("monday").reading() as session:
        parents = {case.id: case for case in the_cases(session, "dhr_2016")}
        children = [case for case in the_cases(session, "action_item") if case.parent_id in parents]
        assert len(children) == 14
        for child in children:
            public = parents[child.parent_id].facts.get("publication_status") == "published"
            assert (child.sensitivity == Sensitivity.OPEN) == public


def test_everybody_is_there_once_by_role_and_can_sign_in(loaded: Loaded) -> None:
    with loaded("monday").reading() as session:
        users = session.exec(select(User)).all()
        wanted = {
            f"{who}@{place}.example" for who, _, _ in TITLES for place in ("herefordshire", "worcestershire")
        }
        wanted |= {"lead@herefordshire.example", "lead@worcestershire.example", "officer@both.example"}
        assert {user.email for user in users} == wanted
        assert {user.name for user in users} == {title for _, title, _ in TITLES} | {"Agency lead"}
        assert all(
            user.demonstration and passwords.matches(user.password_hash, PASSWORD) for user in users[:3]
        )
        assert len({user.password_hash for user in users}) == 1
        roles = {person.email: person.roles for person in people.everybody(session)}
        assert {role for role, _ in roles["officer@both.example"]} == {Role.OFFICER}
        assert len(roles["officer@both.example"]) == 2
        assert len(roles["lead@herefordshire.example"]) > 3
        reach = actor(session, "officer@worcestershire.example").partnerships(Role.OFFICER)
        keys = set(session.exec(select(Partnership.key).where(col(Partnership.id).in_(reach))).all())
        assert keys == {"worcestershire", "north-worcestershire", "south-worcestershire"}


TREES = {
    "Rowan", "Hazel", "Alder", "Juniper", "Willow", "Maple", "Aspen", "Linden", "Elder", "Cedar", "Sorrel", "Laurel",
    "Heather", "Myrtle", "Bramble", "Birch", "Hawthorn", "Holly", "Poplar", "Sycamore", "Chestnut", "Larch", "Medlar",
    "Quince",
}  # fmt: skip
PERSON = re.compile(r"\b(Mr|Mrs|Ms|Miss|Dr|Sir|Cllr|PC|DS|DI)\b\.? [A-Z]")
WHO = (
    "applicant_name", "victim_name", "review_chair", "review_chair_id", "author_id", "anonymisation_checked_by",
    "decision_maker_id", "transfer_agreed_by",
)  # fmt: skip
PLACES = {"Redditch", "Bromsgrove", "Wyre Forest", "Worcester", "Malvern Hills", "Wychavon", "Herefordshire"}


def test_nobody_invented_has_a_name(loaded: Loaded) -> None:
    with loaded("monday").reading() as session:
        for event in session.exec(select(Event)).all():
            texts = [event.reason, *(str(value) for value in event.facts.values())]
            assert not [text for text in texts if PERSON.search(text)]
            for name in WHO:
                said = str(event.facts.get(name, ""))
                for place in PLACES:
                    said = said.replace(place, "")
                assert not re.search(r"[A-Z][a-z]+ [A-Z][a-z]+", said), said
            if pseudonym := event.facts.get("deceased_pseudonym"):
                assert pseudonym in TREES


def test_no_title_holds_a_pseudonym(loaded: Loaded) -> None:
    with loaded("monday").reading() as session:
        for case in session.exec(select(Case)).all():
            assert not set(re.findall(r"\w+", case.title)) & TREES
            assert case.process in {"action_item", "recommendation"} or not case.title


def test_the_real_plan_is_kept_as_a_plan_of_its_time(loaded: Loaded) -> None:
    with loaded("monday").reading() as session:
        plan = session.exec(select(Plan).where(Plan.key == OLD_PLAN)).one()
        assert (plan.starts_on, plan.ends_on) == (date(2018, 4, 1), date(2019, 3, 31))
        for action in of_plan(session, OLD_PLAN):
            assert action.state == "superseded"
            assert action.closed_on is not None
            assert action.closed_on.year == 2019
            assert action.facts["supersede_reason"].startswith("The plan ended on 31 March 2019")
            assert not {"outcome", "completed_on", "verified_on"} & set(action.facts)


def test_the_invented_actions_show_what_goes_wrong_with_plans(loaded: Loaded) -> None:
    with loaded("monday").reading() as session:
        invented = the_cases(session, "action_item", "HCSP")
        bodies = {body.id: body for body in session.exec(select(Organisation)).all()}
        assert any(case.owner_organisation_id is None for case in invented), "no lead"
        assert any(
            (body := bodies.get(case.owner_organisation_id)) and body.to_on and body.to_on < day_of("monday")
            for case in invented
        ), "a lead that has ended"
        answers = Counter(
            event.name for event in session.exec(select(Event).where(Event.kind == "action_reported")).all()
        )
        assert answers["more_time"] >= 2
        assert answers["not_ours"] >= 1
        assert any(case.facts.get("update_kind") == "more_time" for case in invented), "waits for a decision"
        moved = session.exec(
            select(Deadline).where(Deadline.key == "ACTION_TARGET", Deadline.due_on != Deadline.first_due_on)
        ).all()
        assert moved, "more time was agreed, and the first date stays"
        assert any("target_on" not in case.facts for case in invented), "no date"


@EVERY_DAY
def test_the_first_round_sends_only_what_is_owed_that_day(fresh: Loaded, day: str) -> None:
    database = fresh(day)
    with database.reading() as session:
        before = session.exec(select(Outbox)).all()
        assert OutboxState.SENT in {row.state for row in before}
        assert not {row.state for row in before} & {
            OutboxState.QUEUED,
            OutboxState.SENDING,
            OutboxState.FAILED,
        }
        assert max(clock.london(row.sent_at) for row in before if row.sent_at) < day_of(day)
        first = clock.morning_of(calendar_for(session, None).next_working(day_of(day)))
    reminders.tick(database, first)
    with database.reading() as session:
        queued = session.exec(select(Outbox).where(Outbox.state == OutboxState.QUEUED)).all()
        assert queued
        assert {row.owed_on for row in queued} == {clock.london(first)}
        singly = Counter(row.to_address for row in queued if row.singly)
        # What was due on the day off itself is told as overdue that morning, besides what fell due on Friday.
        assert max(singly.values(), default=0) <= (1 if day == "monday" else 2)
        assert len({row.to_address for row in queued}) <= 8


@pytest.mark.parametrize("what", ["person", "plan"])
def test_a_database_that_holds_anything_is_left_as_it_is(sqlite_database: Database, what: str) -> None:
    with sqlite_database.transaction() as session:
        home = Partnership(key="elsewhere", prefix="ECSP", name="Elsewhere CSP", kind="csp")
        session.add(home)
        session.flush()
        assert demo.is_empty(session)
        if what == "person":
            asked = NewPerson("officer@elsewhere.example", "Officer", Role.OFFICER, partnership="elsewhere")
            people.add(session, SYSTEM, asked, password="four words in a row", at=MONDAY)
        else:
            session.add(Plan(key="p", partnership_id=home.id or 0, name="P", imported_at=MONDAY))
        session.flush()
        assert not demo.is_empty(session)
    with pytest.raises(Refuses, match="empty one only"):
        demo.load(sqlite_database, settings(), MONDAY)


def test_it_is_not_loaded_where_other_people_reach_it(sqlite_database: Database) -> None:
    production = settings(base_url="https://tracker.example.gov.uk", secret_key="k" * 40)
    with pytest.raises(Refuses, match="for trying out"):
        demo.load(sqlite_database, production, MONDAY)
    with sqlite_database.reading() as session:
        assert demo.is_empty(session)


def test_the_command_says_what_it_loaded_and_the_password(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TRACKER_DEMO_PASSWORD", PASSWORD)
    monkeypatch.setenv("TRACKER_SECRET_KEY", "k" * 40)
    done = CliRunner().invoke(demo_command, ["--as-at", "2026-11-23"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "360 cases and actions around Monday 23 November 2026" in done.output
    assert PASSWORD in done.output
    assert OFFICER in done.output
    again = CliRunner().invoke(demo_command, ["--as-at", "2026-11-23"])
    assert isinstance(again.exception, Refuses)
