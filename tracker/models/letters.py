"""Letters of a case, and the Word templates that a partnership wrote for them."""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText, one_of
from workflows.letter_kinds import KINDS
from workflows.letters import Channel, Form, LetterState, To


class Letter(SQLModel, table=True):
    """One letter to one recipient. Private through and through: only the case's letter pages show what it says."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "number"),
        one_of("state", LetterState),
        one_of("kind", KINDS),
        one_of("recipient", To),
        one_of("channel", Channel),
        one_of("accessible_format", Form),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number; never shown.")
    case_id: int = Field(foreign_key="cases.id", description="The case that it belongs to.")
    kind: str = Field(description="Kind of the catalogue: L5.")
    number: int = Field(description="1, 2 ... of its kind within the case.")
    state: str = Field(
        default=LetterState.DRAFTED, description="drafted, checked, sent, returned, cancelled or waived."
    )
    recipient: str = Field(description="Whose letter it is: applicant, victim, body, family_via_route ...")
    recipient_label: str = Field(default="", description="Name as the letter has it. Private.")
    organisation_id: int | None = Field(
        default=None, foreign_key="organisations.id", description="The body, where it goes to one."
    )
    instance: str = Field(
        default="",
        description="Reference of the family contact, or of the merged case whose applicant it is for.",
    )
    channel: str | None = Field(
        default=None, description="How it travels: post, email ...; empty: it was not sent, for a reason."
    )
    accessible_format: str = Field(default=Form.STANDARD, description="standard, large_print, easy_read ...")
    language: str = Field(default="English", description="Language in which it goes out.")
    drafted_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who drafted it.")
    drafted_at: datetime = Field(description="When.")
    checked_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who checked it.")
    checked_at: datetime | None = Field(default=None, description="When.")
    sent_by_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who recorded the sending."
    )
    sent_on: date | None = Field(default=None, description="London date on which it went out.")
    outside: bool = Field(default=False, description="Written and sent outside the tracker.")
    kept_at: str = Field(default="", description="Where that letter is kept: a link or a file reference.")
    note: str = Field(
        default="",
        sa_type=LongText,
        description="How it went, where it was read out; why it was not sent. Private.",
    )
    returned_on: date | None = Field(default=None, description="Day on which it came back.")
    returned_why: str = Field(default="", sa_type=LongText, description="Why it came back. Private.")
    replaces_id: int | None = Field(
        default=None, foreign_key="letters.id", description="The letter that it takes the place of."
    )
    template: str = Field(
        default="", description="Which template filled it: default, or the number of an uploaded one."
    )
    template_digest: str = Field(default="", description="SHA-256 of that template.")
    document: bytes | None = Field(
        default=None, sa_type=LargeBinary, description="The filled letter, .docx. Private."
    )
    document_digest: str = Field(default="", description="SHA-256 of it.")
    values: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="What it was filled with. Private."
    )


class LetterTemplate(SQLModel, table=True):
    """A Word template that one partnership uses for one kind of letter. Never changed: a newer one takes its place."""

    __tablename__ = "letter_templates"
    __table_args__ = (one_of("kind", KINDS), Index(None, "partnership_id", "kind"))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    partnership_id: int = Field(foreign_key="partnerships.id", description="Whose template it is.")
    kind: str = Field(description="Kind of the catalogue: L5.")
    name: str = Field(description="What the partnership calls it.")
    document: bytes = Field(sa_type=LargeBinary, description="The template, .docx.")
    digest: str = Field(description="SHA-256 of it.")
    uploaded_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who uploaded it.")
    uploaded_at: datetime = Field(description="When.")
    active: bool = Field(default=True, description="Whether new letters take it.")
