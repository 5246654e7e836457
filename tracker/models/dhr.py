"""What a review keeps besides its facts: people without names, the panel, checklists and the Home Office's amendments."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText, one_of


class SubjectRole(StrEnum):
    """Part of a person in a review. There is no column for a name: the key to the pseudonyms is kept elsewhere."""

    DECEASED = "deceased"
    ALLEGED_PERPETRATOR = "alleged_perpetrator"
    PERPETRATOR = "perpetrator"
    CHILD = "child"
    FAMILY = "family"
    FRIEND = "friend"
    EMPLOYER = "employer"
    NEIGHBOUR = "neighbour"
    OTHER = "other"


class PanelPart(StrEnum):
    """Part of a person on a review panel."""

    CHAIR = "chair"
    AUTHOR = "author"
    MEMBER = "member"
    SPECIALIST_DA = "specialist_da"
    ADVISER = "adviser"


AGE_BANDS = ("under_16", "16-19", "20-24", "25-34", "35-44", "45-54", "55-64", "65+", "not_known")
"""Bands of the Home Office library; children are younger."""


class ReviewSubject(SQLModel, table=True):
    """A person in a review, without a name. Several may have died, and there may be no perpetrator."""

    __tablename__ = "review_subjects"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        one_of("role", SubjectRole),
        one_of("age_band", AGE_BANDS),
    )

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which review.")
    number: int = Field(description="1, 2, 3 ... within the review: how history and addresses speak of them.")
    role: str = Field(description="deceased, alleged_perpetrator, perpetrator, child, family ...")
    pseudonym: str = Field(default="", description="Private: shown on the review's own page alone.")
    pseudonym_by: str = Field(default="", description="Who chose it, and when: the family, the chair.")
    age_band: str = Field(default="not_known", description="Band of the Home Office library.")
    relationship: str = Field(default="", description="Relationship to the person who died.")
    is_deceased: bool = Field(default=False, description="A perpetrator may have died too.")
    characteristics: JsonObject = Field(
        default_factory=dict,
        sa_type=Json,
        description="Per protected characteristic: {considered, relevant, note}.",
    )
    removed_on: date | None = Field(default=None, description="Entered in error; never deleted.")
    removed_why: str = Field(default="", description="Why it was an error.")


class PanelMember(SQLModel, table=True):
    """A place on the panel of a review: an agency and a role, not a name."""

    __tablename__ = "panel_members"
    __table_args__ = (Index(None, "case_id"), one_of("part", PanelPart))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which review.")
    organisation_id: int | None = Field(
        default=None, foreign_key="organisations.id", description="Whom they come from; empty: nobody listed."
    )
    role_title: str = Field(description="Role, not name: detective inspector.")
    part: str = Field(description="chair, author, member, specialist_da, adviser.")
    independent: bool = Field(default=True, description="Independent of the line management of the case.")
    managed_the_case: bool = Field(default=False, description="Managed the case or staff who worked on it.")
    from_on: date = Field(description="First day.")
    to_on: date | None = Field(default=None, description="Last day; empty while they sit.")


class ReviewTask(SQLModel, table=True):
    """One line of a checklist of a case, opened when the case entered the state."""

    __tablename__ = "review_tasks"
    __table_args__ = (UniqueConstraint("case_id", "key"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which case.")
    state: str = Field(description="The state whose checklist it is.")
    key: str = Field(description="Name within the definition: scoping.3.")
    text: str = Field(sa_type=LongText, description="What is to be done, as the definition said then.")
    must: bool = Field(description="Whether it must be done, or not needed for a reason.")
    opened_on: date = Field(description="Day on which the state was entered.")
    done_on: date | None = Field(default=None, description="Day on which it was done; empty: open.")
    done_by_id: int | None = Field(default=None, foreign_key="users.id", description="Who settled it.")
    note: str = Field(default="", sa_type=LongText, description="Where the paper is, what was agreed.")
    not_needed_reason: str = Field(default="", sa_type=LongText, description="Why it is not needed here.")


class Amendment(SQLModel, table=True):
    """One numbered point of a Home Office quality assurance letter, and what became of it."""

    __tablename__ = "review_amendments"
    __table_args__ = (UniqueConstraint("case_id", "submission_no", "number"),)

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which review.")
    submission_no: int = Field(description="The submission that the letter answers.")
    number: int = Field(description="1, 2, 3 ... within the letter.")
    text: str = Field(sa_type=LongText, description="What the letter asks for.")
    assigned: str = Field(default="", description="Who deals with it: a role or an agency.")
    response: str = Field(default="", sa_type=LongText, description="What was changed, or why not.")
    resolved_on: date | None = Field(default=None, description="Day on which it was made or answered.")
