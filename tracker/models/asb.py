"""What an application says happened, who was told of it, which bodies have the application, and how much harm it does.

Nothing here is edited: a correction is a new revision, and the latest revision of a number is the one that counts.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText, one_of


class Dated(StrEnum):
    """What is known of the days of an incident."""

    ON = "on"  # it happened on a day, or went on from one day to another
    BETWEEN = "between"  # its day is not known: the earliest and the latest it could be
    UNKNOWN = "unknown"  # nothing is known yet


class Method(StrEnum):
    """How a report was made, or an application passed on."""

    PHONE = "phone"
    ONLINE = "online"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"
    SYSTEM = "system"
    OTHER = "other"


class RecordStatus(StrEnum):
    """What is known of a report at the body that it was made to."""

    CONFIRMED = "confirmed"
    EVIDENCED = "evidenced"
    UNVERIFIED = "unverified"
    NOT_FOUND = "not_found"


class Band(StrEnum):
    """How much harm: docs/asb-case-review.md 6.3."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"


class IncidentRecord(SQLModel, table=True):
    """One incident of an application, in one revision. What happened and where are private."""

    __tablename__ = "incidents"
    __table_args__ = (UniqueConstraint("case_id", "number", "revision"), one_of("dated", Dated))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which application.")
    number: int = Field(description="1, 2, 3 ... within the application: how everything speaks of it.")
    revision: int = Field(description="1, then one more with each correction.")
    dated: str = Field(description="on, between or unknown.")
    first_on: date | None = Field(default=None, description="First day, or the earliest that it could be.")
    last_on: date | None = Field(default=None, description="Last day, or the latest that it could be.")
    what: str = Field(default="", sa_type=LongText, description="Private: what happened.")
    place: str = Field(default="", description="Private: where.")
    linked: bool = Field(default=True, description="Part of the problem that the application is about.")
    hate: bool = Field(default=False, description="Seen by anybody as motivated by hate; never taken back.")
    alarm: bool = Field(
        default=True, description="With the others, could be harassment, alarm or distress (s.105)."
    )
    note: str = Field(default="", sa_type=LongText, description="Private: an officer's note; why corrected.")
    recorded_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who recorded it.")
    recorded_at: datetime = Field(description="When.")


class AsbReport(SQLModel, table=True):
    """One call, message or visit to one body, about one incident or several, in one revision."""

    __tablename__ = "asb_reports"
    __table_args__ = (
        UniqueConstraint("case_id", "number", "revision"),
        one_of("method", Method),
        one_of("record", RecordStatus),
        Index(None, "organisation_id"),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which application.")
    number: int = Field(description="1, 2, 3 ... within the application.")
    revision: int = Field(description="1, then one more with each correction.")
    earliest_on: date | None = Field(
        default=None, description="Day of the call, or the earliest it could be."
    )
    latest_on: date | None = Field(default=None, description="The latest that it could be; mostly the same.")
    person: str = Field(description="Who reported, without a name: applicant, victim, other-1 ...")
    household: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="Whose household, by a letter that the officer chose: A, B ...; empty: not said. Never an address.",
    )
    organisation_id: int | None = Field(
        default=None, foreign_key="organisations.id", description="Body that was told; empty: another."
    )
    other_body: str = Field(default="", description="Who was told, if no listed body: councillor, landlord.")
    method: str = Field(default=Method.OTHER, description="How: phone, online, letter ...")
    external_reference: str = Field(default="", description="Private: the body's own reference number.")
    record: str = Field(
        default=RecordStatus.UNVERIFIED, description="confirmed, evidenced, unverified, not_found."
    )
    agency_on: date | None = Field(default=None, description="The day the body's record gives, if another.")
    withdrawn: bool = Field(default=False, description="Recorded by mistake: counts for nothing.")
    note: str = Field(default="", sa_type=LongText, description="Private: action taken; why corrected.")
    recorded_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who recorded it.")
    recorded_at: datetime = Field(description="When.")


class ReportIncident(SQLModel, table=True):
    """Which incidents a report is about."""

    __tablename__ = "report_incidents"
    __table_args__ = (UniqueConstraint("report_id", "incident_number"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    report_id: int = Field(foreign_key="asb_reports.id", description="The report, in its revision.")
    incident_number: int = Field(description="Number of the incident within the same application.")


class PassOn(SQLModel, table=True):
    """The application went to one relevant body (s.104(3)(b))."""

    __tablename__ = "pass_ons"
    __table_args__ = (Index(None, "case_id"), one_of("method", Method))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which application.")
    organisation_id: int = Field(foreign_key="organisations.id", description="To whom.")
    on: date = Field(description="The day on which it went.")
    method: str = Field(description="How: email, system ...")
    external_reference: str = Field(default="", description="The body's reference, if it gave one.")
    recorded_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who recorded it.")
    recorded_at: datetime = Field(description="When.")


class HarmAssessment(SQLModel, table=True):
    """One harm assessment. The score never decides the threshold alone."""

    __tablename__ = "harm_assessments"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        one_of("scored_band", Band),
        one_of("band", Band),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which application.")
    number: int = Field(description="1, 2, 3 ... within the application; the latest counts.")
    questionnaire: str = Field(description="Version of the questions: asb-2026-1.")
    answers: JsonObject = Field(default_factory=dict, sa_type=Json, description="{question: 0 to 3}.")
    score: int = Field(description="Sum of the answers.")
    scored_band: str = Field(description="Band that score and overrides give.")
    overrides: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="{question: band that it forces at least}."
    )
    band: str = Field(description="Band after raising or lowering.")
    reason: str = Field(default="", sa_type=LongText, description="Private: why raised or lowered.")
    assessed_on: date = Field(description="The day of the assessment.")
    recorded_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who assessed.")
    recorded_at: datetime = Field(description="When.")
