"""What was changed in the set-up of a partnership: names, areas, relevant bodies, and who holds which role."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText, one_of


class SetupKind(StrEnum):
    """What can be changed."""

    NAMES_SET = "names_set"
    AREA_ADDED = "area_added"
    AREA_ENDED = "area_ended"
    BODY_ADDED = "body_added"
    BODY_ENDED = "body_ended"
    PERSON_ADDED = "person_added"
    ROLE_ENDED = "role_ended"
    PERSON_DISABLED = "person_disabled"
    PERSON_ENABLED = "person_enabled"
    PASSWORD_LINK_SENT = "password_link_sent"  # noqa: S105 - what happened, no password
    AGENCY_ADDED = "agency_added"
    AGENCY_ENDED = "agency_ended"
    AGENCY_CHANGED = "agency_changed"
    AGENCY_REHOMED = "agency_rehomed"
    PARTNERSHIP_CHANGED = "partnership_changed"
    SIGNED_OUT = "signed_out"
    LINKS_ENDED = "links_ended"
    RETENTION_SET = "retention_set"
    ROUND_RUN = "round_run"


class SetupChange(SQLModel, table=True):
    """One change of the set-up, with its reason. Rows are only ever added."""

    __tablename__ = "setup_changes"
    __table_args__ = (
        UniqueConstraint("request_id"),
        one_of("what", SetupKind),
        Index(None, "partnership_id"),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    partnership_id: int = Field(foreign_key="partnerships.id", description="Whose set-up was changed.")
    what: str = Field(description="Which of the kinds of change.")
    about: str = Field(
        default="",
        description="Key of the area, or number of the person, that was changed; empty: the names.",
    )
    said: str = Field(sa_type=LongText, description="The change in one sentence.")
    detail: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="The values before and after the change."
    )
    reason: str = Field(sa_type=LongText, description="Why.")
    actor_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who changed it; empty: the command line."
    )
    at: datetime = Field(description="When.")
    request_id: str | None = Field(
        default=None, description="Number of the form: sent twice, it is one change."
    )
