"""Bringing a database to the present schema."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from tracker import packs
from tracker.db import Database

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def config_for(database: Database) -> Config:
    """Alembic's settings for a database; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to a revision."""
    command.upgrade(config_for(database), revision)


def prepare(database: Database) -> None:
    """Bring the database to the present schema, and load the starting packs where it knows no partnership yet."""
    upgrade(database)
    with database.transaction() as session:
        packs.load(session)


def downgrade(database: Database, revision: str) -> None:
    """Take the database back to a revision."""
    command.downgrade(config_for(database), revision)


def is_current(database: Database) -> bool:
    """Whether the database is at the newest revision."""
    head = ScriptDirectory.from_config(config_for(database)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def differences(database: Database) -> list[object]:
    """How the database differs from the tables in ``tracker.models``; empty when the migrations are complete."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))
