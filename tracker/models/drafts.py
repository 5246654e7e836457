"""Answers of a form that were sent, but not yet saved to what they are about."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject


class Draft(SQLModel, table=True):
    """What one person filled in, kept for that person alone. It is no record of a case and changes nothing."""

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "user_id", "saved_at"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number; part of its address.")
    user_id: int = Field(foreign_key="users.id", description="Whose answers they are; nobody else sees them.")
    address: str = Field(description="Where the form was sent to: a path of this tracker.")
    fields: JsonObject = Field(sa_type=Json, description="Name of each field, and the list of its values.")
    saved_at: datetime = Field(description="When they were kept; they go 28 days later.")
