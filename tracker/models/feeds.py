"""Private calendar feeds: one running address for each person."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, one_of


class FeedScope(StrEnum):
    """Whose dates a calendar shows, of those that its reader may see."""

    ALL = "all"
    MINE = "mine"
    AGENCY = "agency"


class DateKind(StrEnum):
    """Sorts of dates, by what they rest on."""

    STATUTE = "statute"
    GUIDANCE = "guidance"
    LOCAL = "local"
    PLAN = "plan"


class CalendarFeed(SQLModel, table=True):
    """One secret address. Whoever has it reads the dates; only a digest of its key is kept."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        UniqueConstraint("key_hash"),
        one_of("scope", FeedScope),
        Index(
            "ix_calendar_feeds_running",
            "user_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    user_id: int = Field(foreign_key="users.id", description="Whose calendar.")
    key_hash: str = Field(description="SHA-256 of the key in the address.")
    scope: str = Field(default=FeedScope.ALL, description="all, mine or agency.")
    kinds: list[str] = Field(
        default_factory=list, sa_type=Json, description="Sorts of dates; empty: every one."
    )
    made_at: datetime = Field(description="When.")
    ended_at: datetime | None = Field(default=None, description="When it was ended; empty while it runs.")
    fetched_at: datetime | None = Field(
        default=None, description="When a calendar program last read it, to a quarter of an hour."
    )
