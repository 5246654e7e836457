"""The annual figures of ASB case reviews as they were approved: locked, and corrected only by a new version."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText


class PublishedFigures(SQLModel, table=True):
    """One approved set of the four figures of s.104(9) for one area and one period. The numbers never change."""

    __tablename__ = "published_figures"
    __table_args__ = (
        UniqueConstraint("partnership_id", "area", "from_on", "to_on", "version"),
        CheckConstraint("to_on >= from_on", name="runs_forward"),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    partnership_id: int = Field(foreign_key="partnerships.id", description="Whose figures.")
    area: str = Field(default="", description="Key of the area; empty: the whole partnership.")
    from_on: date = Field(description="First day of the reporting period.")
    to_on: date = Field(description="Last day of it; at most 12 months in all (s.105).")
    version: int = Field(description="1 as first approved; counts up with each correction.")
    applications: int = Field(description="Applications made (s.104(9)(a)).")
    not_met: int = Field(description="Times the threshold was decided not to be met (s.104(9)(b)).")
    reviews: int = Field(description="Case reviews carried out (s.104(9)(c)).")
    with_recommendations: int = Field(description="Reviews that resulted in recommendations (s.104(9)(d)).")
    behind: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="References of the cases behind each figure."
    )
    footnote: str = Field(default="", sa_type=LongText, description="What is printed below the figures.")
    reason: str = Field(default="", sa_type=LongText, description="Why an earlier version was corrected.")
    approved_by_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who approved them; empty: the command line."
    )
    approved_at: datetime = Field(description="When.")
    url: str = Field(default="", description="Where they are published; empty until that is recorded.")
    published_on: date | None = Field(default=None, description="Day on which they were published.")
    logged_by_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who recorded where they are published."
    )
    logged_at: datetime | None = Field(default=None, description="When that was recorded.")
