"""What the board is asked about a date, and the indicators that it watches."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tracker.models.columns import LongText, one_of

DIRECTIONS = ("", "bigger", "smaller")
"""Which way is better; empty where nobody has said."""


class BoardItem(SQLModel, table=True):
    """One date that was taken to the board: on its packs until what the board decided is recorded."""

    __tablename__ = "board_items"
    __table_args__ = (
        CheckConstraint("(taken_off_at IS NULL) = (decided_on IS NULL)", name="off_with_its_day"),
        # One date is taken to the board once at a time.
        Index(
            "ix_board_items_on_the_pack", "case_id", "deadline_key", "instance", unique=True,
            sqlite_where=text("taken_off_at IS NULL"), postgresql_where=text("taken_off_at IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which case.")
    deadline_key: str = Field(description="Which of its clocks: REPORT_6M.")
    instance: str = Field(default="", description="Organisation key where each agency has one of them.")
    why: str = Field(sa_type=LongText, description="What the board is asked, in a sentence.")
    put_by_id: int = Field(foreign_key="users.id", description="Who put it on the pack.")
    put_at: datetime = Field(description="When.")
    decided: str = Field(default="", sa_type=LongText, description="What the board decided.")
    decided_on: date | None = Field(
        default=None, description="Day on which it did; empty while it is on the pack."
    )
    taken_off_by_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who recorded that; empty while it is on the pack."
    )
    taken_off_at: datetime | None = Field(
        default=None, description="When that was recorded; empty while it is on the pack."
    )


class Indicator(SQLModel, table=True):
    """One number that a partnership watches, such as recorded crime. It may have no value yet."""

    __tablename__ = "indicators"
    __table_args__ = (
        UniqueConstraint("partnership_id", "key"),
        UniqueConstraint("partnership_id", "position"),
        one_of("direction", DIRECTIONS),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    partnership_id: int = Field(foreign_key="partnerships.id", description="Who watches it.")
    key: str = Field(description="Short name, unique in the partnership.")
    position: int = Field(description="Place in the list, from 1.")
    priority: str = Field(
        default="", sa_type=LongText, description="The priority that it belongs to, as printed."
    )
    name: str = Field(sa_type=LongText, description="What is counted, as printed.")
    source: str = Field(default="", description="Who counts it.")
    unit: str = Field(default="", description="count, percent ...; empty where it is not known.")
    direction: str = Field(
        default="", description="bigger or smaller is better; empty where nobody has said."
    )
    target: float | None = Field(default=None, description="The number to reach or to stay within, if any.")


class IndicatorValue(SQLModel, table=True):
    """What an indicator was in one period."""

    __tablename__ = "indicator_values"
    __table_args__ = (
        UniqueConstraint("indicator_id", "from_on", "to_on"),
        CheckConstraint("to_on >= from_on", name="runs_forward"),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    indicator_id: int = Field(foreign_key="indicators.id", description="Which indicator.")
    label: str = Field(description="What the period is called: Q1 13-14.")
    from_on: date = Field(description="First day of the period.")
    to_on: date = Field(description="Last day of it.")
    value: float = Field(description="The number.")
