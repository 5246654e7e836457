"""Areas of ASB case reviews with their relevant bodies by date, and the procedures that a partnership has published."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText, one_of


class AreaKind(StrEnum):
    """A local government area of s.105: a district in two tiers, a unitary, or one in Wales."""

    DISTRICT = "district"
    UNITARY = "unitary"
    WELSH = "welsh"


class BodyKind(StrEnum):
    """As what an organisation takes part in an area: s.105, and co-option under Schedule 4 paragraph 5."""

    COUNCIL = "council"
    POLICE = "police"
    ICB = "icb"
    LOCAL_HEALTH_BOARD = "local_health_board"
    LANDLORD = "landlord"
    OTHER = "other"


class Independence(StrEnum):
    """What a partnership means by an independent chair, from the least to the most."""

    NOT_SAME_TEAM = "not_same_team"
    NOT_AGENCY_UNDER_REVIEW = "not_agency_under_review"
    EXTERNAL = "external"


class Area(SQLModel, table=True):
    """One local government area: the bodies in it review, and it publishes its own figures."""

    __tablename__ = "areas"
    __table_args__ = (UniqueConstraint("key"), one_of("kind", AreaKind), Index(None, "partnership_id"))

    id: int | None = Field(default=None, primary_key=True, description="Row number; never shown.")
    partnership_id: int = Field(foreign_key="partnerships.id", description="The partnership it lies in.")
    key: str = Field(description="Short name in facts, files and commands: malvern-hills.")
    name: str = Field(description="Name as printed.")
    kind: str = Field(description="district, unitary or welsh.")
    contact: str = Field(default="", description="Point of contact that the procedures name (s.104(3)(a)).")
    from_on: date | None = Field(default=None, description="First day it existed, where known.")
    to_on: date | None = Field(default=None, description="Last day it existed; empty while it does.")


class AreaBody(SQLModel, table=True):
    """One relevant body of an area: every application is passed on to it (s.104(3)(b))."""

    __tablename__ = "area_bodies"
    __table_args__ = (
        UniqueConstraint("area_id", "organisation_id", "from_on"),
        one_of("kind", BodyKind),
        Index(None, "organisation_id"),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    area_id: int = Field(foreign_key="areas.id", description="Which area.")
    organisation_id: int = Field(foreign_key="organisations.id", description="Which organisation.")
    kind: str = Field(description="council, police, icb, local_health_board, landlord or other.")
    from_on: date | None = Field(default=None, description="First day it takes part, or was co-opted.")
    to_on: date | None = Field(default=None, description="Last day; empty while it takes part.")
    contact: str = Field(default="", description="Mailbox or desk that an application is passed on to.")


class LocalPolicy(SQLModel, table=True):
    """What one partnership (or one area of it) has published for one process, from a date. Never edited once taken."""

    __tablename__ = "local_policies"
    __table_args__ = (
        UniqueConstraint("partnership_id", "area", "process", "effective_from"),
        Index(None, "process", "partnership_id"),
        one_of("chair_independence", Independence),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    partnership_id: int = Field(foreign_key="partnerships.id", description="Whose policy it is.")
    area: str = Field(default="", description="Key of the area it is for; empty: all of them.")
    process: str = Field(description="Process key: asb_case_review.")
    name: str = Field(description="What the procedure version is called.")
    effective_from: date = Field(description="First legally relevant date that takes it.")
    effective_to: date | None = Field(default=None, description="Last such date; empty: still in force.")
    clocks: JsonObject = Field(
        default_factory=dict,
        sa_type=Json,
        description="Lengths that differ: {clock: {n, unit, start, then, mode, day_zero, roll}}.",
    )
    rules: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="Threshold rules, for ASB case reviews."
    )
    published_url: str = Field(default="", description="Where the procedure is published (s.104(2)).")
    published_on: date | None = Field(default=None, description="Day on which it was published (s.104(2)).")
    guidance_version: str = Field(default="", description="The statutory guidance that it was written to.")
    policing_body_consulted_on: date | None = Field(
        default=None, description="Day on which the local policing body was consulted (Sch 4 para 1)."
    )
    landlords_consulted_on: date | None = Field(
        default=None, description="Day on which suitable landlords were consulted (Sch 4 para 2)."
    )
    chair_independence: str = Field(
        default=Independence.NOT_SAME_TEAM,
        description="Independent chair: not_same_team, not_agency_under_review or external.",
    )
    dissatisfaction: JsonObject = Field(
        default_factory=dict,
        sa_type=Json,
        description="Route of an applicant who is dissatisfied (Sch 4 para 3): {heard_by, live_plan_bar}.",
    )
    letters_checked_by_another: bool = Field(
        default=False, description="Whether whoever writes a letter may not be the one who checks it."
    )
    name_shown: str = Field(default="", description="Name of the process on pages; empty: the partnership's.")
    closed_days: JsonObject = Field(
        default_factory=dict,
        sa_type=Json,
        description="Closed days that its clocks leave out: {date: name}.",
    )
    ladders: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="Reminders before a date: {clock: [offsets]}."
    )
    notes: str = Field(
        default="", sa_type=LongText, description="What was unclear in the published text, and who answered."
    )
    created_by_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who entered it; empty: the command line."
    )
    created_at: datetime | None = Field(default=None, description="When it was entered.")
    ended_by_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who gave it its last day; empty: the command line."
    )
    ended_at: datetime | None = Field(default=None, description="When it was given its last day.")
    replaced_by_id: int | None = Field(
        default=None, foreign_key="local_policies.id", description="The version that follows it."
    )
