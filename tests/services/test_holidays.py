"""A new day off moves the open dates that it touches, with history, and leaves the rest alone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Barrier, Thread
from threading import Event as Waiting
from time import sleep

import pytest
from sqlmodel import select

from tests.cast import MONDAY, NOON, Cast
from tests.driving import applied, go, say
from tests.services.test_cases import DECISION, SCOPING, _fitting, _to_decision, ask, log_dhr
from tracker import access
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted
from tracker.models import Deadline, Event, Holiday
from tracker.policy import SYSTEM
from tracker.queries.verification import faults
from tracker.services import cases, holidays
from tracker.services.asked import FactsRequest

CLOSED = date(2026, 11, 25)


def _decided(session, cast: Cast):
    case = _to_decision(session, cast)
    facts = {name: _fitting(name, value) for name, value in DECISION.items()}
    facts["definition_limb"] = _fitting("definition_limb", "x")
    asked = ask(case, facts=facts, evidence="Minute 7")
    cases.move(session, cast.actor(session, "officer"), case, "decide_to_review", asked, at=NOON)
    return case


def test_a_closed_day_moves_working_day_clocks_only(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = _decided(session, cast)
        told = access.deadline_for(session, case, "TELL_HO_DECISION")
        report = access.deadline_for(session, case, "REPORT_6M")
        was, kept = told.due_on, report.due_on
    with database.reading() as session:
        rehearsed = holidays.foresee_adding(
            session, SYSTEM, CLOSED, "Council closed", cast.herefordshire, at=NOON
        )
    with database.reading() as session:
        assert session.get_one(Deadline, told.id).due_on == was, "a rehearsal changes nothing"
    with database.transaction() as session:
        moved = holidays.add(session, SYSTEM, CLOSED, "Council closed", cast.herefordshire, at=NOON)
        assert moved == rehearsed
        assert (was, date(2026, 12, 1)) in [(one.from_on, one.to_on) for one in moved]
        told, report = session.get_one(Deadline, told.id), session.get_one(Deadline, report.id)
        assert (told.due_on, told.first_due_on, told.generation) == (date(2026, 12, 1), was, 2)
        assert (report.due_on, report.generation) == (kept, 1)
        last = session.exec(select(Event).order_by(Event.id.desc())).first()
        assert (last.kind, last.name, last.reason) == ("deadline_changed", "recalculated", "Council closed")
    with database.reading() as session:
        assert list(faults(session)) == []


def test_what_has_ended_and_other_partnerships_are_untouched(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        cases.move(session, officer, case, "begin_scoping", ask(case, facts=SCOPING), at=NOON)
        asked = FactsRequest(case.version, MONDAY, {"records_secured_on": MONDAY}, late_reason="x")
        cases.record_facts(session, officer, case, asked, at=NOON)
        met = access.deadline_for(session, case, "SECURE_RECORDS").due_on
        holidays.add(
            session, SYSTEM, date(2026, 11, 3), "Closed after the event", cast.herefordshire, at=NOON
        )
        assert access.deadline_for(session, case, "SECURE_RECORDS").due_on == met
        moved = holidays.add(session, SYSTEM, date(2026, 11, 4), "Elsewhere", cast.worcestershire, at=NOON)
        assert moved == []


def test_a_weekend_or_a_day_off_is_refused(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        for on, words in ((date(2026, 11, 28), "Saturday"), (date(2026, 12, 25), "Christmas")):
            with pytest.raises(BadInput, match=words):
                holidays.add(session, SYSTEM, on, "Closed", cast.herefordshire, at=NOON)


MAY_ENTER = {  # for one partnership, a bank holiday for all
    "officer": (False, False), "manager": (True, False), "chair": (False, False), "auditor": (False, False),
    "admin": (False, True), "outsider": (False, False), "lead": (False, False), "panel": (False, False),
}  # fmt: skip


@pytest.mark.parametrize("who", MAY_ENTER)
def test_a_manager_enters_their_own_days_and_an_administrator_those_of_all(
    database: Database, cast: Cast, who: str
) -> None:
    for place, may in zip((cast.herefordshire, None), MAY_ENTER[who], strict=True):
        with database.transaction() as session:
            actor = cast.actor(session, who)
            if may:
                assert holidays.add(session, actor, CLOSED, "Closed", place, at=NOON) == []
                assert holidays.remove(session, actor, CLOSED, place, reason="A mistake", at=NOON) == []
                continue
            with pytest.raises(NotPermitted):
                holidays.add(session, actor, CLOSED, "Closed", place, at=NOON)
            with pytest.raises(NotPermitted):
                holidays.remove(session, actor, CLOSED, place, reason="A mistake", at=NOON)


def test_a_day_entered_by_mistake_is_taken_out_and_its_dates_move_back(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = _decided(session, cast)
        was = access.deadline_for(session, case, "TELL_HO_DECISION").due_on
        holidays.add(session, SYSTEM, CLOSED, "Council closed", cast.herefordshire, at=NOON)
    with database.reading() as session:
        listed = holidays.foresee_removing(session, SYSTEM, CLOSED, cast.herefordshire)
    with database.transaction() as session:
        with pytest.raises(BadInput, match="Say why"):
            holidays.remove(session, SYSTEM, CLOSED, cast.herefordshire, reason=" ", at=NOON)
        done = holidays.remove(session, SYSTEM, CLOSED, cast.herefordshire, reason="Wrong week", at=NOON)
        assert done == listed
        told = session.exec(select(Deadline).where(Deadline.key == "TELL_HO_DECISION")).one()
        assert (told.due_on, told.first_due_on, told.generation) == (was, was, 3)
        with pytest.raises(BadInput, match="was not entered"):
            holidays.remove(session, SYSTEM, CLOSED, cast.herefordshire, reason="Again", at=NOON)
        assert holidays.add(
            session, SYSTEM, CLOSED, "Closed after all", cast.herefordshire, at=NOON
        ) == done_back(done)
    with database.reading() as session:
        assert list(faults(session)) == []


def done_back(moved: list[holidays.Moved]) -> list[holidays.Moved]:
    return [replace(one, from_on=one.to_on, to_on=one.from_on) for one in moved]


def test_what_ended_while_the_day_counted_stays_right(database: Database, cast: Cast) -> None:
    later, last = datetime(2026, 11, 26, 12, tzinfo=UTC), datetime(2026, 11, 27, 12, tzinfo=UTC)
    with database.transaction() as session:
        case = _decided(session, cast)
        holidays.add(session, SYSTEM, CLOSED, "Council closed", cast.herefordshire, at=NOON)
        day = date(2026, 11, 26)
        say(session, case, day, ho_notified_on=day)
        ended = access.deadline_for(session, case, "TELL_HO_DECISION")
        kept = (ended.status, ended.due_on, ended.generation)
        assert kept[0] == "met"
        holidays.remove(session, SYSTEM, CLOSED, cast.herefordshire, reason="A mistake", at=last)
        assert (ended.status, ended.due_on, ended.generation) == kept
        assert later < last
    with database.reading() as session:
        assert list(faults(session)) == []


def test_two_people_enter_the_same_day_at_once(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        _decided(session, cast)
    gate, said = Barrier(2), []

    def enter() -> None:
        gate.wait()
        try:
            with database.transaction() as session:
                manager = cast.actor(session, "manager")
                said.append(
                    len(holidays.add(session, manager, CLOSED, "Closed", cast.herefordshire, at=NOON))
                )
        except BadInput as refused:
            said.append(str(refused))

    both = [Thread(target=enter) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    moved, refused = sorted(said, key=str)
    assert isinstance(moved, int)
    assert "is no working day already" in str(refused)
    with database.reading() as session:
        assert len(session.exec(select(Holiday)).all()) == 1
        assert {d.generation for d in session.exec(select(Deadline)).all()} <= {1, 2}
        assert list(faults(session)) == []


def test_a_date_that_starts_while_the_day_is_entered_is_moved_too(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        reference = applied(session, cast, MONDAY).reference
    held, done = Waiting(), []

    def step() -> None:
        with database.transaction() as session:
            case = access.case_for(session, SYSTEM, reference, lock=True)
            held.set()
            sleep(0.5)  # the other has begun by now, and waits for this case
            go(session, case, "acknowledge", MONDAY, letter_sent_L1=MONDAY)

    def enter() -> None:
        held.wait(30)
        with database.transaction() as session:
            done.append(holidays.add(session, SYSTEM, CLOSED, "Closed", cast.herefordshire, at=NOON))

    both = [Thread(target=step), Thread(target=enter)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert "Victim update" in {moved.label for moved in done[0]}, "the date that the step started"
    with database.reading() as session:
        assert list(faults(session)) == []
        running = session.exec(select(Deadline).where(Deadline.status == "running")).all()
        assert {d.due_on for d in running if d.key == "C13"} == {date(2026, 12, 22)}
