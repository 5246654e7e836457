"""People who sign in, the roles they hold, their sessions, and what they looked at."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText, one_of


class Role(StrEnum):
    """What somebody is, in one partnership or for one organisation."""

    OFFICER = "officer"
    MANAGER = "manager"
    CHAIR = "chair"
    DECISION_MAKER = "decision_maker"
    LEAD = "lead"
    PANEL = "panel"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class User(SQLModel, table=True):
    """Somebody who can sign in."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number; never shown.")
    email: str = Field(description="Sign-in name, lower case; reminders go here.")
    name: str = Field(description="How the person is called on pages: a role title will do.")
    password_hash: str | None = Field(default=None, description="Argon2id; empty until a password is set.")
    organisation_id: int | None = Field(
        default=None, foreign_key="organisations.id", description="The agency the person works for."
    )
    active: bool = Field(default=True, description="Whether the person may sign in.")
    demonstration: bool = Field(
        default=False, description="Invented for the demonstration; refused in production."
    )
    created_at: datetime = Field(description="When the account was made.")
    first_page: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="Address of the first page that somebody with several chose; empty: the first of them.",
    )


class Membership(SQLModel, table=True):
    """One role that one person holds in one partnership or for one organisation."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "partnership_id", "organisation_id"),
        one_of("role", Role),
        CheckConstraint("partnership_id IS NOT NULL OR organisation_id IS NOT NULL", name="somewhere"),
        Index(None, "partnership_id", "role"),
        Index(None, "organisation_id", "role"),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    user_id: int = Field(foreign_key="users.id", description="Who.")
    role: str = Field(description="Which role.")
    partnership_id: int | None = Field(default=None, foreign_key="partnerships.id", description="Where.")
    organisation_id: int | None = Field(
        default=None, foreign_key="organisations.id", description="For which agency."
    )
    from_on: date | None = Field(default=None, description="First day it holds.")
    to_on: date | None = Field(default=None, description="Last day it holds.")


class SignIn(SQLModel, table=True):
    """One session on the server. The cookie carries a random token; only its hash is here."""

    __tablename__ = "sign_ins"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "user_id"))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    token_hash: str = Field(description="SHA-256 of the token in the cookie.")
    user_id: int = Field(foreign_key="users.id", description="Who signed in.")
    started_at: datetime = Field(description="When; the session ends at most 10 hours later.")
    last_seen_at: datetime = Field(description="Last request; the session ends 20 minutes after it.")
    ended_at: datetime | None = Field(default=None, description="When it was ended; empty while it runs.")


class SignInAttempt(SQLModel, table=True):
    """One try to sign in, for slowing down guesses."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "email_hash", "at"), Index(None, "address_hash", "at"))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    email_hash: str = Field(description="SHA-256 of the address that was tried.")
    address_hash: str = Field(description="SHA-256 of the network address it came from.")
    at: datetime = Field(description="When.")
    succeeded: bool = Field(description="Whether the password was right.")


class Looked(StrEnum):
    """What was done without changing a case. The six verbs of s.62 Data Protection Act 2018, and the door."""

    CONSULTED = "consulted"
    DISCLOSED = "disclosed"
    SEARCHED = "searched"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"


class AccessLog(SQLModel, table=True):
    """Reads of restricted records, exports, searches, and sign-ins. Rows are only ever added."""

    __tablename__ = "access_log"
    __table_args__ = (one_of("what", Looked), Index(None, "case_id", "at"), Index(None, "user_id", "at"))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    at: datetime = Field(description="When.")
    user_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who; empty: not signed in."
    )
    what: str = Field(description="Which of the verbs.")
    case_id: int | None = Field(default=None, foreign_key="cases.id", description="Which case, if one.")
    reason: str = Field(default="", sa_type=LongText, description="Why, where a reason was asked for.")
    detail: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="References returned, file made."
    )
