"""How alembic reaches the database: through the engine that ``tracker.migrating`` hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from tracker import models  # noqa: F401 - the tables must be known


def render_item(kind: str, item: object, _autogen: AutogenContext) -> str | Literal[False]:
    """Migrations name plain SQLAlchemy types, so that they never import the application."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, UTCDateTime | DateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the migrations in one transaction."""
    with context.config.attributes["engine"].connect() as connection:
        if connection.dialect.name == "sqlite":
            # A batch migration drops and re-makes the table: with foreign keys on, its child rows would go with it.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
