"""What is owed to whom, and whether the sender is alive."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText, one_of


class OutboxState(StrEnum):
    """Where one notice stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class Outbox(SQLModel, table=True):
    """One notice owed to one person. Written with the act that owes it; sent later, by whoever claims it."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        one_of("state", OutboxState),
        Index(
            "ix_outbox_waiting",
            "not_before",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index(None, "deadline_id", "generation"),
        Index(None, "to_address", "sent_at"),
        Index(None, "case_id"),
        Index(None, "state"),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    dedupe_key: str = Field(description="deadline:generation:step:recipient; one notice for ever.")
    kind: str = Field(description="reminder or alert.")
    recipient_id: int | None = Field(default=None, foreign_key="users.id", description="Person it goes to.")
    to_address: str = Field(description="Mailbox it goes to.")
    who: str = Field(
        default="", description="Part the recipient plays: lead, officer, manager, chair, escalation."
    )
    case_id: int | None = Field(default=None, foreign_key="cases.id", description="What it is about.")
    deadline_id: int | None = Field(default=None, foreign_key="deadlines.id", description="Which deadline.")
    generation: int = Field(default=0, description="Generation of the deadline when it was decided.")
    rung: str = Field(default="", description="Step of the ladder: before-5, on, after-1.")
    singly: bool = Field(default=False, description="Goes as a mail of its own, not in the day's digest.")
    template: str = Field(description="Which words.")
    payload: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="Allowed variables only; no names."
    )
    owed_on: date = Field(description="London day on which it was owed.")
    not_before: datetime = Field(description="Not sent before this instant.")
    state: str = Field(
        default=OutboxState.QUEUED, description="queued, sending, sent, failed, cancelled, skipped."
    )
    attempts: int = Field(default=0, description="Tries so far.")
    ambiguous: int = Field(default=0, description="Tries whose outcome is unknown; at most two are repeated.")
    claimed_by: str | None = Field(default=None, description="Sender that holds it.")
    claimed_until: datetime | None = Field(default=None, description="When the claim lapses.")
    message_id: str | None = Field(default=None, description="Message-ID, the same for every try.")
    sent_at: datetime | None = Field(default=None, description="When it was handed over.")
    last_error: str = Field(
        default="", sa_type=LongText, description="Why it was not sent, skipped or cancelled."
    )
    created_at: datetime = Field(description="When it was decided.")


class Early(StrEnum):
    """How somebody wants to hear of what is not urgent: dates that are still to come."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class ReminderChoice(SQLModel, table=True):
    """What one person chose about reminders. Whoever has no row is told at 8:00am every working day."""

    __tablename__ = "reminder_choices"
    __table_args__ = (
        one_of("early", Early),
        CheckConstraint("hour BETWEEN 8 AND 16", name="in_the_day"),
        CheckConstraint("digest_day BETWEEN 1 AND 5", name="a_weekday"),
    )

    user_id: int = Field(primary_key=True, foreign_key="users.id", description="Whose choice.")
    hour: int = Field(default=8, description="Hour of the London day from which mails may go: 8 to 16.")
    early: str = Field(default=Early.DAILY, description="Before a date: daily, weekly or never.")
    digest_day: int = Field(default=1, description="Day for what is not urgent, if weekly: 1 is Monday.")
    changed_at: datetime = Field(description="When it was chosen.")
    teams_url: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="Address of a Teams workflow that takes cards; empty: none. Never shown again whole.",
    )


class ReturningMail(SQLModel, table=True):
    """An address from which mail comes back. One row for each time; it ends when somebody says that it works again."""

    __tablename__ = "returning_mail"
    __table_args__ = (
        Index(
            "ix_returning_mail_open",
            "address",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    address: str = Field(description="The address, lower case.")
    since_at: datetime = Field(description="When the first came back.")
    message_id: str = Field(default="", description="Message-ID of the mail that came back last.")
    why: str = Field(default="", sa_type=LongText, description="The mail server's code: 5.1.1.")
    ended_at: datetime | None = Field(default=None, description="When somebody put it right.")
    ended_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who put it right.")
    ended_why: str = Field(default="", sa_type=LongText, description="What they said about it.")
    corrected_to: str = Field(
        default="", description="The address that agencies have instead; empty: the same."
    )


class CardState(StrEnum):
    """Where one card for Microsoft Teams stands."""

    WAITING = "waiting"
    POSTED = "posted"
    FAILED = "failed"


class TeamsCard(SQLModel, table=True):
    """The card that follows one mail to somebody who asked for cards. The mail has gone already."""

    __tablename__ = "teams_cards"
    __table_args__ = (
        UniqueConstraint("message_id"),
        one_of("state", CardState),
        Index(None, "user_id", "made_at"),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    message_id: str = Field(description="Message-ID of the mail that it follows: one card for each.")
    user_id: int = Field(foreign_key="users.id", description="Whose card.")
    card: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="What it says; emptied once it is posted or given up."
    )
    state: str = Field(default=CardState.WAITING, description="waiting, posted or failed.")
    attempts: int = Field(default=0, description="Tries so far.")
    not_before: datetime = Field(description="Not posted before this instant.")
    last_error: str = Field(default="", sa_type=LongText, description="Why it was not posted.")
    made_at: datetime = Field(description="When the mail went.")
    posted_at: datetime | None = Field(default=None, description="When it was posted.")


class Lease(SQLModel, table=True):
    """Who is doing a round just now, and when one last went well: the heartbeat."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True, description="What is leased: reminders.")
    holder: str = Field(description="Process that holds it.")
    expires_at: datetime = Field(description="When the hold lapses.")
    last_ok_at: datetime | None = Field(default=None, description="When a round last ended well.")
    detail: JsonObject = Field(default_factory=dict, sa_type=Json, description="Counts of the last round.")
