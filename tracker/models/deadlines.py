"""Deadlines and their ledger."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText, one_of


class DeadlineStatus(StrEnum):
    """Overdue is not one of them: it is running and due before today."""

    RUNNING = "running"
    STOPPED = "stopped"
    MET = "met"
    CANCELLED = "cancelled"


class Deadline(SQLModel, table=True):
    """One running or ended clock of one case. ``due_on`` is a cache of the fold of its ledger."""

    __tablename__ = "deadlines"
    __table_args__ = (
        UniqueConstraint("case_id", "key", "instance", "cycle"),
        one_of("status", DeadlineStatus),
        # The sweep asks only for running deadlines that owe a notice.
        Index(
            "ix_deadlines_next_notice_at",
            "next_notice_at",
            sqlite_where=text("status = 'running' AND next_notice_at IS NOT NULL"),
            postgresql_where=text("status = 'running' AND next_notice_at IS NOT NULL"),
        ),
        # Today, Cases and `tracker overdue` ask for running deadlines by due date.
        Index(
            "ix_deadlines_running_due_on",
            "due_on",
            sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
        Index(None, "case_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Whose deadline.")
    key: str = Field(description="Clock of the definition: REPORT_6M.")
    instance: str = Field(
        default="", description="Organisation key where there is one clock for each agency."
    )
    cycle: int = Field(default=1, description="1, 2 ... each time the clock starts again.")
    label: str = Field(description="What must be done, as the definition said when it started.")
    rule: JsonObject = Field(
        sa_type=Json, description="Snapshot: n, unit, mode, roll; empty where the date was entered."
    )
    ladder: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="Snapshot of the reminder ladder."
    )
    basis: str = Field(description="Act, guidance or local practice it rests on.")
    force: str = Field(description="statute, guidance or local.")
    length_local: bool = Field(description="The duty is in law or guidance, the length is ours.")
    owner: str = Field(description="Decider who owes it: agency_lead.")
    pausable: bool = Field(default=False, description="Whether it may be paused.")
    extendable: bool = Field(default=True, description="Whether it may be extended.")
    minimum: bool = Field(default=False, description="A time that must be given, not a limit: never overdue.")
    starts_on: date = Field(description="London date of the start event; that day does not count.")
    start_words: str = Field(default="", description="What started it.")
    due_on: date | None = Field(default=None, description="Last day in time; empty: no date.")
    first_due_on: date | None = Field(default=None, description="The date before any change; never changes.")
    provisional: bool = Field(default=False, description="Bank holidays are not published that far ahead.")
    status: str = Field(default=DeadlineStatus.RUNNING, description="running, stopped, met or cancelled.")
    paused: bool = Field(default=False, description="Whether a pause is open.")
    met_on: date | None = Field(default=None, description="Day on which it was met.")
    generation: int = Field(
        default=1, description="Counts up when the date moves; old notices are then unwanted."
    )
    next_notice_at: datetime | None = Field(default=None, description="When a reminder may next be owed.")
    recorded_at: datetime = Field(description="When the tracker learnt of it: older steps never go singly.")


class DeadlineChange(SQLModel, table=True):
    """One entry of a deadline's ledger. Rows are only ever added."""

    __tablename__ = "deadline_changes"
    __table_args__ = (UniqueConstraint("deadline_id", "seq"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    deadline_id: int = Field(foreign_key="deadlines.id", description="Whose ledger.")
    seq: int = Field(description="1, 2, 3 ... within the deadline.")
    kind: str = Field(description="pause, resume, extend, set, meet, stop, cancel, recalculate, reopen.")
    on: date = Field(description="Day on which it takes effect.")
    n: int | None = Field(
        default=None, description="Units, for an extension; the new length, for a recalculation."
    )
    due_on: date | None = Field(
        default=None, description="Date, for a set or a recalculation; for a pause the one until then."
    )
    reason: str = Field(default="", sa_type=LongText, description="Why.")
    authorised_by: str = Field(default="", description="Who agreed, as a role.")
    event_id: int | None = Field(
        default=None, foreign_key="events.id", description="The line of history it belongs to."
    )
    recorded_at: datetime = Field(description="When it was recorded.")
