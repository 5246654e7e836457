"""How long closed records are kept: the schedule of each partnership, legal holds, and what was decided of each record."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tracker.models.columns import LongText, one_of

_STANDING = text("state = 'proposed'")


class RecordType(StrEnum):
    """What a schedule speaks of. What belongs to a review is kept as long as the review."""

    DHR = "dhr_2016"
    DARDR = "dardr"
    ASB = "asb_case_review"
    ACTION = "action_item"


class DecisionState(StrEnum):
    """Where a decision about a record stands. Keeping longer stands at once; disposal needs a second person."""

    MADE = "made"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class RetentionSchedule(SQLModel, table=True):
    """How long one partnership keeps one type of record after it was closed. Without a row: six years."""

    __tablename__ = "retention_schedules"
    __table_args__ = (
        UniqueConstraint("partnership_id", "record"),
        one_of("record", RecordType),
        CheckConstraint("months BETWEEN 1 AND 1200", name="some_time"),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    partnership_id: int = Field(foreign_key="partnerships.id", description="Whose records.")
    record: str = Field(description="Which type of record, as a process key.")
    months: int = Field(description="Calendar months from the day it was closed.")
    authority: str = Field(sa_type=LongText, description="Where the time comes from: the council's schedule.")
    set_at: datetime = Field(description="When it was last set.")


class LegalHold(SQLModel, table=True):
    """A reason for which one record must not be disposed of, whatever the schedule says. Never deleted: ended."""

    __tablename__ = "legal_holds"
    __table_args__ = (Index(None, "case_id"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which record.")
    reason: str = Field(sa_type=LongText, description="Why, without names.")
    until_on: date | None = Field(default=None, description="Last day; empty: until somebody ends it.")
    placed_by_id: int = Field(foreign_key="users.id", description="Who placed it.")
    placed_at: datetime = Field(description="When.")
    ended_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who ended it.")
    ended_at: datetime | None = Field(default=None, description="When it was ended; empty while it stands.")
    ended_why: str = Field(default="", sa_type=LongText, description="Why it was ended.")


class RetentionDecision(SQLModel, table=True):
    """What was decided of one closed record: keep it longer, or dispose of it once a second person agrees."""

    __tablename__ = "retention_decisions"
    __table_args__ = (
        one_of("state", DecisionState),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two_people"),
        Index(None, "case_id"),
        Index(
            "ix_retention_decisions_open",
            "case_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which record.")
    state: str = Field(description="made (keep longer), proposed, approved or refused (disposal).")
    keep_until_on: date | None = Field(
        default=None, description="Kept until then; empty where disposal was proposed."
    )
    reason: str = Field(sa_type=LongText, description="Why, without names.")
    authority: str = Field(
        default="", sa_type=LongText, description="Under which schedule it may be disposed of."
    )
    proposed_by_id: int = Field(foreign_key="users.id", description="Who decided or proposed.")
    proposed_at: datetime = Field(description="When.")
    decided_by_id: int | None = Field(
        default=None, foreign_key="users.id", description="The second person; never the first."
    )
    decided_at: datetime | None = Field(default=None, description="When the second person decided.")
    decided_why: str = Field(default="", sa_type=LongText, description="What the second person said.")
    history_hash: str = Field(
        default="", description="Hash of the last entry of the history when it was approved."
    )
