"""``tracker verify`` finds whatever was done to the record behind the services' back."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlmodel import Session

from tests.cast import NOON, Cast
from tests.services.test_cases import SCOPING, ask, log_dhr
from tracker.db import Database
from tracker.queries.verification import faults
from tracker.services import cases


@pytest.fixture
def two_cases(database: Database, cast: Cast) -> Database:
    with database.transaction() as session:
        for _ in range(2):
            case = log_dhr(session, cast)
            officer = cast.actor(session, "officer")
            cases.move(session, officer, case, "begin_scoping", ask(case, facts=SCOPING), at=NOON)
    with database.reading() as session:
        assert list(faults(session)) == []
    return database


def _unguarded(session: Session, *statements: str) -> None:
    """What somebody with the database in hand could do: take the triggers off first."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        for table in ("events", "deadline_changes"):
            for act in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{act}"))
    else:
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER ALL"))
        connection.execute(text("ALTER TABLE deadline_changes DISABLE TRIGGER ALL"))
        connection.execute(text("SET session_replication_role = replica"))
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    for statement in statements:
        connection.execute(text(statement))


LAST = "(SELECT max(seq) FROM events WHERE case_id = 1)"
TAMPERING: dict[str, tuple[tuple[str, ...], str]] = {
    "reason changed": (("UPDATE events SET reason = 'other' WHERE case_id = 1 AND seq = 2",), "changed"),
    "fact changed": (("UPDATE events SET facts = '{\"received_on\": \"2026-01-01\"}' WHERE case_id = 1 AND seq = 1",), "changed"),
    "day changed": (("UPDATE events SET occurred_on = '2026-11-01' WHERE case_id = 1 AND seq = 3",), "changed"),
    "actor changed": (("UPDATE events SET actor_id = 3 WHERE case_id = 1 AND seq = 3",), "changed"),
    "middle removed": (("DELETE FROM events WHERE case_id = 1 AND seq = 2",), "missing"),
    "tail cut": ((f"DELETE FROM events WHERE case_id = 1 AND seq = {LAST}",), "cut off"),
    "whole history removed": (("DELETE FROM events WHERE case_id = 1",), "no history"),
    "swapped": (
        (
            "UPDATE events SET seq = 99 WHERE case_id = 1 AND seq = 2",
            "UPDATE events SET seq = 2 WHERE case_id = 1 AND seq = 3",
            "UPDATE events SET seq = 3 WHERE case_id = 1 AND seq = 99",
        ),
        "swapped",
    ),
    "inserted": (
        (
            "INSERT INTO events (case_id, seq, kind, name, from_state, to_state, actor_id, occurred_on, recorded_at,"
            " reason, facts, detail, workflow, request_id, prev_hash, hash) SELECT case_id, seq + 1, kind, name,"
            " from_state, to_state, actor_id, occurred_on, recorded_at, reason, facts, detail, workflow, NULL, hash,"
            f" 'forged' FROM events WHERE case_id = 1 AND seq = {LAST}",
        ),
        "inserted",
    ),
    "state changed": (("UPDATE cases SET state = 'closed' WHERE id = 1",), "history ends at"),
    "facts of the case changed": (("UPDATE cases SET facts = '{}' WHERE id = 1",), "differ"),
    "due date changed": (("UPDATE deadlines SET due_on = '2030-01-01' WHERE id = 1",), "differs from its ledger"),
    "met quietly": (("UPDATE deadlines SET status = 'met', met_on = '2026-11-03' WHERE id = 1",), "differs"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERING)
def test_what_was_tampered_with_is_found(two_cases: Database, what: str) -> None:
    statements, words = TAMPERING[what]
    with two_cases.transaction() as session:
        _unguarded(session, *statements)
    with two_cases.reading() as session:
        found = list(faults(session))
    assert found, what
    assert any(words in fault for fault in found), found
    assert not any("DHR-2026-002" in fault for fault in found)


def test_the_sound_case_is_not_blamed(two_cases: Database) -> None:
    check: Callable[[Session], list[str]] = lambda session: list(faults(session))
    with two_cases.reading() as session:
        assert check(session) == []
