"""The migrations give exactly the tables of ``tracker.models``, on both databases, and take them away again."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from tests.cast import NOON
from tracker import migrating
from tracker.db import Database
from tracker.models import AccessLog
from workflows.released import RELEASED


def test_migrations_match_the_models(database: Database) -> None:
    assert migrating.differences(database) == []
    assert migrating.is_current(database)


def test_down_leaves_nothing_and_up_again_works(database: Database) -> None:
    migrating.downgrade(database, "base")
    left = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    assert not migrating.is_current(database)
    migrating.upgrade(database)
    assert migrating.differences(database) == []


@pytest.mark.parametrize("statement", ["UPDATE access_log SET reason = 'x'", "DELETE FROM access_log"])
def test_what_is_append_only_refuses_changes(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.add(AccessLog(at=NOON, what="signed_in"))
    with pytest.raises(DatabaseError, match="only ever added"), database.transaction() as session:
        session.connection().execute(text(statement))


def test_every_append_only_table_has_both_triggers(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        names = set(
            session.connection()
            .execute(text("SELECT name FROM sqlite_master WHERE type='trigger'"))
            .scalars()
        )
    assert names == {
        f"{table}_no_{act}"
        for table in ("events", "deadline_changes", "access_log", "setup_changes")
        for act in ("update", "delete")
    }


def test_every_state_of_every_process_is_allowed_by_the_database(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        made = (
            session.connection()
            .execute(text("SELECT sql FROM sqlite_master WHERE name='cases'"))
            .scalar_one()
        )
    for workflow in RELEASED.values():
        for state in workflow.states:
            assert f"'{state.name}'" in made, f"{workflow.id}: {state.name} needs a migration"


def test_every_column_is_described() -> None:
    from sqlmodel import SQLModel

    import tracker.models as tables

    missing = [
        f"{model.__name__}.{name}"
        for model in vars(tables).values()
        if isinstance(model, type) and issubclass(model, SQLModel)
        for name, field in model.model_fields.items()
        if not field.description
    ]
    assert missing == []


def test_migrations_are_numbered_in_one_line() -> None:
    names = sorted(path.name for path in Path("migrations/versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
