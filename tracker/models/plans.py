"""Action plans and what an action-plan item needs besides the spine."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText


class Plan(SQLModel, table=True):
    """One adopted plan, with the headings that it was printed with."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("partnership_id", "key"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    key: str = Field(description="Short name, made from its name: community-safety-agreement-2018-19.")
    partnership_id: int = Field(foreign_key="partnerships.id", description="Whose plan.")
    name: str = Field(description="Name as printed.")
    starts_on: date | None = Field(default=None, description="First day.")
    ends_on: date | None = Field(default=None, description="Last day; an ended plan is kept as of its time.")
    headings: list[str] = Field(default_factory=list, sa_type=Json, description="Column headings as printed.")
    imported_at: datetime = Field(description="When it was read in.")
    source_name: str = Field(default="", description="Name of the file it was read from.")
    left_out: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="Cells that are no action, and why."
    )


class ActionDetails(SQLModel, table=True):
    """Where an action came from: the row of its plan, every cell as printed."""

    __tablename__ = "action_details"
    __table_args__ = (UniqueConstraint("plan_id", "position"), Index(None, "plan_id"))

    case_id: int = Field(primary_key=True, foreign_key="cases.id", description="The action.")
    plan_id: int | None = Field(default=None, foreign_key="plans.id", description="The plan it is a row of.")
    position: int = Field(default=0, description="Row in the plan, from 1.")
    theme: str = Field(default="", description="Theme, filled down from a merged cell.")
    cells: JsonObject = Field(default_factory=dict, sa_type=Json, description="Every printed cell, verbatim.")
    timescale: str = Field(default="", description="As written.")
    timescale_kind: str = Field(default="", description="How precise it is: day, month, none.")
    condition: str = Field(default="", sa_type=LongText, description="What the date hangs on, as written.")
    after_plan_end: bool = Field(default=False, description="Whether the date lies after the plan's end.")
    questions: list[str] = Field(
        default_factory=list, sa_type=Json, description="What was open at the reading."
    )
