"""What a partnership did of its own duties."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from tracker.models.columns import one_of
from workflows.duties import Duty


class DutyRecord(SQLModel, table=True):
    """One duty done once. Never changed: taken out where it was recorded by mistake."""

    __tablename__ = "duty_records"
    __table_args__ = (one_of("duty", Duty), Index(None, "partnership_id", "duty"))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    partnership_id: int = Field(foreign_key="partnerships.id", description="Whose duty.")
    duty: str = Field(description="assessment, strategy, copy or scrutiny.")
    done_on: date = Field(description="Day on which it was done.")
    location: str = Field(default="", description="Link to the paper, where there is one.")
    recorded_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who recorded it.")
    recorded_at: datetime = Field(description="When.")
    removed_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who took it out.")
    removed_at: datetime | None = Field(default=None, description="When; empty while it counts.")
