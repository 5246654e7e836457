"""The database, and every difference between SQLite and PostgreSQL.

SQLite: WAL, ``BEGIN IMMEDIATE`` for each write unit, ``busy_timeout``, ``foreign_keys`` and ``recursive_triggers`` on
(without the last, ``INSERT OR REPLACE`` slips past the triggers that keep history append-only).
PostgreSQL: READ COMMITTED, row locks, ``SKIP LOCKED`` to share work.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    create_engine,
    event,
    func,
    literal_column,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Mapped
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, SQLModel
from sqlmodel.sql.expression import SelectOfScalar

T = TypeVar("T")
_WRITING = "tracker_writing"
_ANSWERED = "tracker_answered"
BUSY_SECONDS = 30
UNREACHABLE = (OperationalError, InterfaceError, NoConnection)
"""What is raised where the database is away, restarting, or too busy to answer."""


class Database:
    """One database. Opening it touches nothing; the first transaction connects."""

    def __init__(self, url: str) -> None:
        self.url = url
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
            _prepare_sqlite(self.engine)
        else:
            self.engine = create_engine(
                url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True
            )
        self._writer = self.engine.execution_options(**{_WRITING: True})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One write unit: commits at the end, rolls back on any exception."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent look without writing; whatever was changed by mistake is rolled back."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            session.info[_ANSWERED] = {}
            try:
                yield session
            finally:
                session.rollback()

    @contextmanager
    def rehearsal(self) -> Iterator[Session]:
        """A write unit that is always rolled back: to show what an act would do."""
        with Session(self._writer, expire_on_commit=False) as session:
            session.begin()
            try:
                yield session
            finally:
                session.rollback()

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(dbapi: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        # The driver must not begin transactions by itself: `begin` below says which kind.
        dbapi.isolation_level = None
        cursor = dbapi.cursor()
        for pragma in (
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def is_sqlite(session: Session) -> bool:
    """Whether the session talks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def for_update(
    session: Session, statement: SelectOfScalar[T], *, skip_locked: bool = False
) -> SelectOfScalar[T]:
    """The same selection, holding its rows until the end of the transaction.

    On SQLite the whole write unit already holds the database, so nothing is added.
    """
    return statement if is_sqlite(session) else statement.with_for_update(skip_locked=skip_locked)


def once(session: Session, question: Hashable, ask: Callable[[], T]) -> T:
    """The answer to a question that several parts of a page ask: asked once in a look, which changes nothing.

    A write unit asks every time, as what it has just done may change the answer.
    """
    answered = session.info.get(_ANSWERED)
    if answered is None:
        return ask()
    if question not in answered:
        answered[question] = ask()
    return cast("T", answered[question])


def alone(session: Session, what: str) -> None:
    """Nobody else does what goes by this name until the transaction ends. On SQLite one who writes is alone anyhow."""
    if not is_sqlite(session):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def insert_new(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows whose unique key is not there yet; return how many were new."""
    return len(insert_new_keys(session, table, rows, literal_column("1", Integer)))


def insert_new_keys(
    session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]], key: Mapped[T] | ColumnElement[T]
) -> list[T]:
    """Insert the rows whose unique key is not there yet; return the ``key`` column of those that were new."""
    if not rows:
        return []
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    # PostgreSQL's driver gives no row count here; what comes back does.
    statement = insert(table).on_conflict_do_nothing().returning(key)
    return list(session.connection().execute(statement, list(rows)).scalars().all())
