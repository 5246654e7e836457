"""One act on many actions, on both databases: reminding their leads, changing their lead."""

from datetime import date

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.filling import log_action
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotVisible
from tracker.models import Case, Event, Outbox
from tracker.queries.verification import faults
from tracker.services import many_actions
from tracker.services.many_actions import ManyHandovers


def three(session: Session, cast: Cast) -> list[Case]:
    return [
        log_action(session, cast, date(2026, 12, 14), lead=cast.police),
        log_action(session, cast, date(2026, 12, 31), lead=cast.police),
        log_action(session, cast, date(2026, 12, 31)),
    ]


def asked(rows: list[Case], **more: object) -> ManyHandovers:
    given = {"to": "housing", "reason": "They took it on", "request_id": "form-1"}
    return ManyHandovers({row.reference: row.version for row in rows}, **(given | more))  # type: ignore[arg-type]


def test_one_mail_to_each_lead_and_what_cannot_be_asked_is_said(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        rows = three(session, cast)
        references = [row.reference for row in rows]
        officer = cast.actor(session, "officer")
        done = many_actions.remind(session, officer, references, "form-1", at=NOON)
        again = many_actions.remind(session, officer, references, "form-1", at=NOON)
        assert done == again
        assert (done.done, done.leads) == (tuple(references[:2]), 1)
        assert [reference for reference, _ in done.left] == references[2:]
        sent = session.exec(select(Outbox).where(Outbox.kind == "chaser")).all()
        assert {(row.to_address, row.singly, row.template) for row in sent} == {
            ("lead@example.test", False, "digest")
        }
        other = many_actions.remind(session, officer, references[:1], "form-2", at=NOON)
        assert other.done == ()
        assert "today already" in other.left[0][1]
        assert not list(faults(session))


def test_all_get_the_new_lead_each_with_its_own_event(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        rows = three(session, cast)
        officer = cast.actor(session, "officer")
        wanted = asked(rows)
        assert many_actions.change_leads(session, officer, wanted, at=NOON) == tuple(
            r.reference for r in rows
        )
        assert many_actions.change_leads(session, officer, wanted, at=NOON) == tuple(
            r.reference for r in rows
        )
        assert {row.owner_organisation_id for row in rows} == {cast.housing}
        for row in rows:
            events = session.exec(
                select(Event).where(Event.case_id == row.id, Event.name == "handed_over")
            ).all()
            assert [(event.reason, event.facts["lead_agency"]) for event in events] == [
                ("They took it on", "housing")
            ]
        assert not list(faults(session))


def test_none_changes_where_one_was_changed_meanwhile(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        rows = three(session, cast)
        seen = asked(rows)
        rows[1].version += 1
        session.flush()
        with pytest.raises(ChangedMeanwhile) as changed:
            many_actions.change_leads(session, cast.actor(session, "officer"), seen, at=NOON)
        assert str(changed.value) == rows[1].reference
        assert rows[0].owner_organisation_id == cast.police
        assert not session.exec(select(Event).where(Event.name == "handed_over")).all()


def test_nobody_changes_what_is_not_theirs_and_nothing_that_has_ended(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        rows = three(session, cast)
        theirs = log_action(session, cast, MONDAY, lead=cast.police, where=cast.worcestershire)
        for who, these, refused in (
            ("chair", rows, NotPermitted),
            ("lead", rows[:1], NotPermitted),
            ("officer", [*rows, theirs], NotVisible),
        ):
            with pytest.raises(refused):
                many_actions.change_leads(session, cast.actor(session, who), asked(these), at=NOON)
        rows[2].state = "verified"
        session.flush()
        with session.begin_nested() as part:
            with pytest.raises(BadInput, match=f"{rows[2].reference}: This action has ended"):
                many_actions.change_leads(session, cast.actor(session, "officer"), asked(rows), at=NOON)
            part.rollback()
