"""A scratch database with very many running dates, and how long the rounds of reminders take in it."""

import secrets
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import (
    URL,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    case,
    cast,
    create_engine,
    false,
    insert,
    inspect,
    literal,
    make_url,
    select,
    true,
)
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel

from tracker import clock, migrating
from tracker.db import Database
from tracker.errors import Refuses
from tracker.models import (
    Case,
    Deadline,
    DeadlineStatus,
    Membership,
    Organisation,
    Partnership,
    Role,
    User,
)
from tracker.services.ladders import ladder_to
from tracker.services.reconciling import reconcile
from tracker.services.reminders import BATCH, owing, tick
from workflows.calendars import england_and_wales
from workflows.ladder import DEFAULT_LADDER, plan

TODAY = date(2026, 11, 9)
"""A Monday: the day as at which everything is measured."""
MORNING = clock.morning_of(TODAY)
OWED_DUE = england_and_wales().working_day_after(TODAY, 10)
YEARS_AHEAD = 3
DATES_IN_A_CASE = 4
BODIES = 20
IDLE_RUNS = 200

_CASES, _COLUMNS = (SQLModel.metadata.tables[name].c for name in ("cases", "deadlines"))


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured in one database: milliseconds for an idle tick (median and 19 of 20), seconds for the rest.

    The processor's seconds are those of this process, not of a PostgreSQL server beside it. ``told`` counts the notices
    that the sweep wrote, ``untold`` what the daily check missed; ``plan`` is how the database looks for what is owed.
    """

    size: int
    owed: int
    idle_ms: float
    idle_p95_ms: float
    idle_after_ms: float
    sweep_seconds: float
    sweep_processor_seconds: float
    told: int
    check_seconds: float
    checked: int
    untold: int
    plan: tuple[str, ...]


@contextmanager
def scratch(like: str) -> Iterator[Database]:
    """A new, migrated database of its own beside the one at ``like``: another file, or another name on the server.

    It is removed at the end. The database at ``like`` is neither read nor written.

    Raises:
        Refuses: the server does not let this user make a database.
    """
    address = make_url(like)
    if address.get_backend_name() == "sqlite":
        beside = Path(address.database or "").resolve().parent if address.database else None
        folder = tempfile.TemporaryDirectory(prefix="bench-", dir=beside)
        with folder, _opened(f"sqlite:///{folder.name}/bench.db") as database:
            yield database
        return
    name = f"tracker_bench_{secrets.token_hex(6)}"
    _on_server(address, f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        with _opened(address.set(database=name).render_as_string(hide_password=False)) as database:
            yield database
    finally:
        _on_server(address, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def given(url: str) -> Iterator[Database]:
    """The empty database at ``url``, migrated. It stays as it is at the end, for looking at.

    Raises:
        Refuses: it holds something, or cannot be reached.
    """
    database = Database(url)
    try:
        tables = inspect(database.engine).get_table_names()
    except SQLAlchemyError:
        raise Refuses("That database cannot be reached.") from None
    finally:
        database.dispose()
    if tables:
        raise Refuses("That database holds something already. Give an empty one, or none at all.")
    with _opened(url) as database:
        yield database


def fill(database: Database, size: int, owed: int) -> None:
    """Put ``size`` running dates into an empty, migrated database; on TODAY ``owed`` of them owe their first notice.

    The others fall due over the years ahead, so late that nobody is to be told yet.
    """
    due = _COLUMNS.due_on.type
    notice = _COLUMNS.next_notice_at.type
    days = Table(
        "bench_days", MetaData(), Column("n", Integer, primary_key=True), Column("due_on", due), Column("notice_at", notice)
    )  # fmt: skip
    later = [OWED_DUE + timedelta(days=n) for n in range(1, 366 * YEARS_AHEAD)]
    with database.transaction() as session:
        partnership, body = _settle(session)
        connection = session.connection()
        days.create(connection)
        rows = [{"n": n, "due_on": on, "notice_at": _first_notice(on)} for n, on in enumerate(later)]
        connection.execute(insert(days), rows)
        number = select(literal(1).label("i")).cte("numbers", recursive=True)
        i = number.union_all(select(number.c.i + 1).where(number.c.i < size)).c.i
        every = max(1, size // owed)
        is_owed = (i % every == 0) & (i <= every * owed)
        a_case = {
            "id": i, "reference": literal("BENCH-ACT-").concat(cast(i, String)), "process": literal("action_item"),
            "workflow_version": literal(1), "partnership_id": literal(partnership), "state": literal("agreed"),
            "state_since_on": literal(TODAY), "version": literal(1), "title": literal(""), "sensitivity": literal("open"),
            "owner_organisation_id": literal(body) + i % BODIES, "opened_on": literal(TODAY),
            "facts": literal({}, _CASES.facts.type), "head_seq": literal(0), "head_hash": literal(""),
        }  # fmt: skip
        cases = select(*a_case.values()).where(i <= -(-size // DATES_IN_A_CASE))
        connection.execute(insert(Case).from_select(list(a_case), cases))
        ladder, asked = ladder_to(DEFAULT_LADDER), MORNING - timedelta(days=60)
        due_on = case((is_owed, literal(OWED_DUE, due)), else_=days.c.due_on)
        a_date = {
            "case_id": (i - 1) // DATES_IN_A_CASE + 1, "key": literal("ACTION_TARGET"), "instance": literal(""),
            "cycle": i % DATES_IN_A_CASE + 1, "label": literal("Action target date"), "rule": literal({}, _COLUMNS.rule.type),
            "ladder": literal(ladder, _COLUMNS.ladder.type), "basis": literal("Local practice"), "force": literal("local"),
            "length_local": true(), "owner": literal("agency_lead"), "pausable": false(), "extendable": true(),
            "minimum": false(), "starts_on": literal(clock.london(asked)), "start_words": literal(""), "due_on": due_on,
            "first_due_on": due_on, "provisional": false(), "status": literal(str(DeadlineStatus.RUNNING)),
            "paused": false(), "generation": literal(1),
            "next_notice_at": case((is_owed, literal(MORNING, notice)), else_=days.c.notice_at),
            "recorded_at": literal(asked, notice),
        }  # fmt: skip
        dates = select(*a_date.values()).join(days, days.c.n == i % len(rows))
        connection.execute(insert(Deadline).from_select(list(a_date), dates))
    if not database.is_sqlite:  # as the server does by itself within a minute
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(sql("VACUUM ANALYZE"))


def measure(database: Database, size: int) -> Figures:
    """Time the rounds in a database that :func:`fill` filled: a round before the morning, the morning's, the check."""
    idle = [_milliseconds(database, MORNING - clock.MINUTE) for _ in range(IDLE_RUNS)]
    shown = _plan(database)
    started, busy = clock.seconds(), clock.processor_seconds()
    swept = tick(database, MORNING)
    sweep, busy = clock.seconds() - started, clock.processor_seconds() - busy
    after = [_milliseconds(database, MORNING) for _ in range(IDLE_RUNS)]
    started = clock.seconds()
    with database.reading() as session:
        checked = reconcile(session, MORNING)
    check = clock.seconds() - started
    return Figures(
        size=size,
        owed=swept.looked_at,
        idle_ms=statistics.median(idle),
        idle_p95_ms=statistics.quantiles(idle, n=20)[-1],
        idle_after_ms=statistics.median(after),
        sweep_seconds=sweep,
        sweep_processor_seconds=busy,
        told=swept.queued,
        check_seconds=check,
        checked=checked.dates,
        untold=len(checked.untold),
        plan=shown,
    )


def _milliseconds(database: Database, at: datetime) -> float:
    """How long a tick takes that finds nothing."""
    started = clock.seconds()
    tick(database, at)
    return (clock.seconds() - started) * 1000


def _plan(database: Database) -> tuple[str, ...]:
    """How the database looks for what is owed, in its own words."""
    with database.reading() as session:
        statement = owing(MORNING).limit(BATCH)
        how = (
            "EXPLAIN QUERY PLAN"
            if database.is_sqlite
            else "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)"
        )
        shown = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        rows = session.connection().exec_driver_sql(f"{how} {shown}").all()
        return tuple(str(row[-1]) for row in rows)


def _settle(session: Session) -> tuple[int, int]:
    """A partnership with an officer and a manager, and bodies with mailboxes; the numbers of it and of the first body."""
    partnership = Partnership(key="bench", prefix="BENCH", name="Bench", kind="csp")
    bodies = [
        Organisation(key=f"body-{n}", name=f"Body {n}", kind="other", contact_email=f"body-{n}@bench.example")
        for n in range(BODIES)
    ]
    session.add(partnership)
    session.flush()
    for role in (Role.OFFICER, Role.MANAGER):
        user = User(email=f"{role}@bench.example", name=role.capitalize(), created_at=MORNING)
        session.add(user)
        session.flush()
        session.add(Membership(user_id=user.id or 0, role=role, partnership_id=partnership.id))
    for body in bodies:
        session.add(body)
        session.flush()
    return partnership.id or 0, bodies[0].id or 0


def _first_notice(due_on: date) -> datetime:
    on = plan(DEFAULT_LADDER, due_on, TODAY - timedelta(days=60), (), england_and_wales()).next_on
    return clock.morning_of(on or due_on)


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        migrating.upgrade(database)
        yield database
    finally:
        database.dispose()


def _on_server(address: URL, statement: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(sql(statement))
    except SQLAlchemyError:
        raise Refuses(
            "The server does not let this user make a database. Give an empty one with --into."
        ) from None
    finally:
        engine.dispose()
