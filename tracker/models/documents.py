"""The register of a case's documents. Nothing is edited in place: a newer version is a row of its own."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.models.columns import LongText, one_of


class DocumentKind(StrEnum):
    """What a document is."""

    TERMS_OF_REFERENCE = "terms_of_reference"
    CHRONOLOGY = "chronology"
    AGENCY_REPORT = "agency_report"
    OVERVIEW_REPORT = "overview_report"
    EXECUTIVE_SUMMARY = "executive_summary"
    ACTION_PLAN = "action_plan"
    DECISION = "decision"
    MINUTES = "minutes"
    LETTER = "letter"
    EVIDENCE = "evidence"
    OTHER = "other"


class Marking(StrEnum):
    """Protective marking (Government Security Classifications)."""

    OFFICIAL = "official"
    OFFICIAL_SENSITIVE = "official_sensitive"


class Scan(StrEnum):
    """What the virus scanner said of a stored file. What waits is not given to anybody."""

    NONE = "none"
    WAITING = "waiting"
    CLEAN = "clean"


class Metadata(StrEnum):
    """What became of the properties of a stored file: who made it, when, with what."""

    NONE = "none"
    REMOVED = "removed"
    LEFT = "left"


class Document(SQLModel, table=True):
    """One version of one document: where it is, or the file that is stored here."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("case_id", "number", "version"),
        UniqueConstraint("stored_name"),
        one_of("kind", DocumentKind),
        one_of("marking", Marking),
        one_of("scan", Scan),
        one_of("metadata_state", Metadata),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number; never shown.")
    case_id: int = Field(foreign_key="cases.id", description="The case that it belongs to.")
    number: int = Field(description="1, 2 ... within the case.")
    version: int = Field(description="1, 2 ... of the document; the highest stands.")
    kind: str = Field(description="overview_report, chronology, minutes ...")
    title: str = Field(description="What it is called, without names. Private until it is released.")
    dated_on: date = Field(description="The date on it.")
    marking: str = Field(description="official or official_sensitive.")
    publishable: bool = Field(default=False, description="Whether it is meant to be published.")
    released_on: date | None = Field(
        default=None, description="Day from which the panel may read it; empty: the business unit's alone."
    )
    anonymised_on: date | None = Field(
        default=None, description="Day on which somebody found that nobody can be recognised in it."
    )
    anonymised_by: str = Field(default="", description="Who looked, as a role.")
    anonymised_by_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who recorded that."
    )
    location: str = Field(
        default="", description="Link into the council's own store; empty for a stored file."
    )
    stored_name: str | None = Field(default=None, description="Random name of the stored file.")
    stored_type: str = Field(default="", description="What the file is by its content: pdf, docx.")
    size: int = Field(default=0, description="Bytes of the stored file.")
    digest: str = Field(default="", description="SHA-256 of the stored file.")
    scan: str = Field(default=Scan.NONE, description="none, waiting or clean.")
    metadata_state: str = Field(
        default=Metadata.NONE,
        description="Properties of a stored file: removed, left, or none (a link, or stored before they were looked at).",
    )
    withdrawn_on: date | None = Field(default=None, description="Day on which it was taken out.")
    withdrawn_why: str = Field(default="", sa_type=LongText, description="Why it was taken out.")
    recorded_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who recorded it.")
    recorded_at: datetime = Field(description="When.")
