"""Links by which a mailbox answers without an account: the links, what was done by them, and the codes they ask for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tracker.models.columns import LongText, one_of

_OWN = text("ended_at IS NULL AND covers_id IS NULL")
_COVERING = text("ended_at IS NULL AND covers_id IS NOT NULL")


class LinkUse(StrEnum):
    """What somebody did by a link, other than look."""

    UPDATE = "update"
    NOT_ME = "not_me"
    COVERING = "covering"
    WRONG_PERSON = "wrong_person"
    ASKED = "asked"
    FRESH = "fresh"


class UpdateLink(SQLModel, table=True):
    """One key in the mails to one mailbox. The key itself is nowhere: it is derived with the server's secret."""

    __tablename__ = "update_links"
    __table_args__ = (
        UniqueConstraint("key_hash"),
        Index("ix_update_links_own", "address", unique=True, sqlite_where=_OWN, postgresql_where=_OWN),
        Index(
            "ix_update_links_covering",
            "covers_id",
            "address",
            unique=True,
            sqlite_where=_COVERING,
            postgresql_where=_COVERING,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number; never shown.")
    address: str = Field(description="Mailbox that the link is sent to, lower case.")
    nonce: str = Field(description="Random part from which the key is derived with the secret of the server.")
    key_hash: str = Field(description="SHA-256 of the key in the mails.")
    created_at: datetime = Field(description="When it was made.")
    carried_at: datetime = Field(description="When a mail last carried it; it ends 90 days later.")
    ended_at: datetime | None = Field(default=None, description="When it was ended; empty while it may work.")
    ended_by_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who ended it; empty: the system."
    )
    ended_why: str = Field(default="", sa_type=LongText, description="Why it was ended.")
    covers_id: int | None = Field(
        default=None,
        foreign_key="update_links.id",
        description="The link whose holder is covered for; empty: it is the mailbox's own.",
    )
    agreed_at: datetime | None = Field(
        default=None, description="When the unit agreed that whoever covers may read what is restricted."
    )
    agreed_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who agreed.")


class UpdateLinkUse(SQLModel, table=True):
    """One thing that was done by a link. What the unit should look at stays on Today until it is noted."""

    __tablename__ = "update_link_uses"
    __table_args__ = (
        UniqueConstraint("case_id", "request_id"),
        one_of("what", LinkUse),
        Index(None, "link_id", "at"),
        Index(
            "ix_update_link_uses_open",
            "case_id",
            sqlite_where=text("to_note AND noted_at IS NULL"),
            postgresql_where=text("to_note AND noted_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    link_id: int = Field(foreign_key="update_links.id", description="By which link.")
    at: datetime = Field(description="When.")
    what: str = Field(description="update, not_me, covering, wrong_person, asked or fresh.")
    case_id: int | None = Field(default=None, foreign_key="cases.id", description="About which record.")
    seq: int | None = Field(default=None, description="Number of the event in the history of that record.")
    request_id: str | None = Field(default=None, description="Of the form: sent twice, it counts once.")
    words: str = Field(default="", sa_type=LongText, description="What was written.")
    given_name: str = Field(default="", description="Name that whoever covers gave; not checked.")
    given_address: str = Field(default="", description="Mailbox that whoever covers gave.")
    to_note: bool = Field(default=False, description="Whether the unit should look at it.")
    noted_at: datetime | None = Field(default=None, description="When somebody of the unit had seen it.")
    noted_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who had seen it.")


class UpdateLinkCode(SQLModel, table=True):
    """One six-digit code for what is restricted. The code itself is nowhere: it is derived like the key."""

    __tablename__ = "update_link_codes"
    __table_args__ = (Index(None, "link_id", "asked_at"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    link_id: int = Field(foreign_key="update_links.id", description="For which link.")
    nonce: str = Field(
        description="Random part from which the code is derived with the secret of the server."
    )
    asked_at: datetime = Field(description="When it was asked for; it works for 15 minutes.")
    tries: int = Field(default=0, description="Wrong codes so far; 5 at most.")
    entered_at: datetime | None = Field(default=None, description="When it was entered rightly.")
    opened_hash: str = Field(default="", description="SHA-256 of the token in the browser that entered it.")


class UpdateLinkGuess(SQLModel, table=True):
    """One try of a key that is nobody's, for slowing down guesses. Kept for an hour."""

    __tablename__ = "update_link_guesses"
    __table_args__ = (Index(None, "address_hash", "at"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    address_hash: str = Field(description="SHA-256 of the network address it came from.")
    at: datetime = Field(description="When.")
