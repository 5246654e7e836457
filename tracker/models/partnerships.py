"""Partnerships, organisations and the bank holidays and closed days that their clocks count by."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tracker.models.columns import one_of


class PartnershipKind(StrEnum):
    """A CSP commissions reviews; a board co-ordinates for one or more CSPs."""

    CSP = "csp"
    BOARD = "board"


class Partnership(SQLModel, table=True):
    """A Community Safety Partnership, or a county board that co-ordinates for several."""

    __tablename__ = "partnerships"
    __table_args__ = (UniqueConstraint("key"), UniqueConstraint("prefix"), one_of("kind", PartnershipKind))

    id: int | None = Field(default=None, primary_key=True, description="Row number; never shown.")
    key: str = Field(description="Short name in commands and addresses: herefordshire.")
    prefix: str = Field(description="Start of every reference: HCSP.")
    name: str = Field(description="Full name as printed.")
    kind: str = Field(description="csp or board.")
    coordinator_id: int | None = Field(
        default=None, foreign_key="partnerships.id", description="The board that co-ordinates for this CSP."
    )
    dhr_name: str = Field(default="Domestic homicide review", description="Name shown for the DHR process.")
    dardr_name: str = Field(
        default="Domestic abuse related death review",
        sa_column_kwargs={"server_default": "Domestic abuse related death review"},
        description="Name shown for the DARDR process.",
    )
    asb_name: str = Field(
        default="ASB case review", description="Name shown for the ASB case review process."
    )
    unit_phone: str = Field(
        default="", description="Telephone number of its business unit, as mails give it."
    )
    unit_mailbox: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="Mailbox of its business unit, as pages give it.",
    )
    reply_to: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="Where answers to its mails go; empty: to the address they come from.",
    )
    from_on: date | None = Field(default=None, description="First day it existed, where known.")
    to_on: date | None = Field(default=None, description="Last day it existed; empty while it does.")


class Organisation(SQLModel, table=True):
    """An agency, a group or a body that leads actions or returns information. Never merged or renamed: succeeded."""

    __tablename__ = "organisations"
    __table_args__ = (UniqueConstraint("key"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number; never shown.")
    key: str = Field(description="Short name in commands: west-mercia-police.")
    name: str = Field(description="Name of the time.")
    kind: str = Field(
        description="police, council, health, probation, fire, housing, voluntary, group, other."
    )
    partnership_id: int | None = Field(
        default=None,
        foreign_key="partnerships.id",
        description="The partnership it belongs to; empty: several.",
    )
    from_on: date | None = Field(
        default=None, description="First day it existed under this name, where known."
    )
    to_on: date | None = Field(default=None, description="Last day it existed under this name.")
    successor_id: int | None = Field(
        default=None, foreign_key="organisations.id", description="The body that took over its work."
    )
    contact_email: str | None = Field(default=None, description="Mailbox that reminders to the lead go to.")
    escalation_email: str | None = Field(default=None, description="Mailbox of the named senior.")


class Holiday(SQLModel, table=True):
    """A bank holiday added after the bundled table, or a day on which one partnership is closed."""

    __tablename__ = "holidays"
    __table_args__ = (
        Index(
            "ix_holidays_counted",
            "on",
            "partnership_id",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    on: date = Field(description="The day that does not count as a working day.")
    name: str = Field(description="What the day is called in a worked date.")
    partnership_id: int | None = Field(
        default=None,
        foreign_key="partnerships.id",
        description="Whose closed day; empty: a bank holiday for all.",
    )
    revision: int = Field(description="Counts up with each change of the table.")
    added_at: datetime = Field(description="When it was entered.")
    removed_at: datetime | None = Field(
        default=None, description="When it was taken out as a mistake; empty while it counts."
    )
