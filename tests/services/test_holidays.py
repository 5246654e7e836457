"""A new day off moves the open dates that it touches, with history, and leaves the rest alone."""

from datetime import date

import pytest
from sqlmodel import select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_cases import DECISION, SCOPING, _fitting, _to_decision, ask, log_dhr
from tracker import access
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted
from tracker.models import Deadline, Event
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
    with database.rehearsal() as session:
        rehearsed = holidays.add(session, SYSTEM, CLOSED, "Council closed", cast.herefordshire, at=NOON)
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
        with pytest.raises(NotPermitted):
            holidays.add(session, cast.actor(session, "admin"), CLOSED, "Closed", cast.herefordshire, at=NOON)
