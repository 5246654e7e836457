"""The spine: cases of every process, who takes part, who may open them, and their append-only history."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, Index, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.models.columns import Json, JsonObject, LongText, one_of
from workflows.released import RELEASED

STATES = frozenset(state.name for workflow in RELEASED.values() for state in workflow.states)
PROCESSES = frozenset(workflow.key for workflow in RELEASED.values()) | {"dardr"}

_version = Column("version", Integer, nullable=False)


class Sensitivity(StrEnum):
    """Open: everybody with a role in the partnership. Restricted: only people named in ``case_grants``."""

    OPEN = "open"
    RESTRICTED = "restricted"


class Case(SQLModel, table=True):
    """Anything with a state machine: a DHR, an ASB case review, an action, and what belongs to them."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("reference"),
        one_of("process", PROCESSES),
        one_of("state", STATES),
        one_of("sensitivity", Sensitivity),
        Index(None, "partnership_id", "process", "state"),
        Index(None, "owner_organisation_id", "process"),
        Index(None, "owner_user_id"),
        Index(None, "parent_id"),
    )
    __mapper_args__ = {"version_id_col": _version}

    id: int | None = Field(default=None, primary_key=True, description="Row number; never shown.")
    reference: str = Field(description="Readable and unique, without a name: HCSP-DHR-2026-001.")
    process: str = Field(description="Process key: dhr_2016.")
    workflow_version: int = Field(description="The released version that the case is pinned to.")
    partnership_id: int = Field(foreign_key="partnerships.id", description="The partnership that owns it.")
    parent_id: int | None = Field(default=None, foreign_key="cases.id", description="The case it belongs to.")
    state: str = Field(description="Set by the services only.")
    state_since_on: date = Field(description="Day on which it entered the state.")
    version: int = Field(
        default=1, sa_column=_version, description="Counts up with each change; the optimistic lock."
    )
    title: str = Field(
        default="", sa_type=LongText, description="What it is, without names: the text of an action."
    )
    sensitivity: str = Field(default=Sensitivity.OPEN, description="open or restricted.")
    owner_user_id: int | None = Field(default=None, foreign_key="users.id", description="Lead officer.")
    owner_organisation_id: int | None = Field(
        default=None, foreign_key="organisations.id", description="Lead agency; empty: nobody can be chased."
    )
    opened_on: date = Field(description="The legally relevant date: received, applied, agreed.")
    closed_on: date | None = Field(default=None, description="Day on which it reached a final state.")
    policy_id: int | None = Field(
        default=None,
        foreign_key="local_policies.id",
        description="The procedure version that it took on its legally relevant date, and keeps.",
    )
    facts: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="Fold of the facts on its events."
    )
    head_seq: int = Field(default=0, description="Number of its last event.")
    head_hash: str = Field(default="", description="Hash of its last event: a cut tail shows.")


class CaseParty(SQLModel, table=True):
    """An organisation or person that plays a part in a case."""

    __tablename__ = "case_parties"
    __table_args__ = (Index(None, "case_id", "part"), Index(None, "organisation_id"), Index(None, "user_id"))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which case.")
    part: str = Field(description="lead, joint_lead, panel, contributor.")
    organisation_id: int | None = Field(
        default=None, foreign_key="organisations.id", description="Which organisation."
    )
    user_id: int | None = Field(default=None, foreign_key="users.id", description="Which person.")
    words: str = Field(default="", description="As written in the plan.")
    from_on: date | None = Field(default=None, description="First day.")
    to_on: date | None = Field(default=None, description="Last day.")


class CaseGrant(SQLModel, table=True):
    """Who may open a restricted case. Never deleted: ended."""

    __tablename__ = "case_grants"
    __table_args__ = (Index(None, "case_id"), Index(None, "user_id"))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Which case.")
    user_id: int = Field(foreign_key="users.id", description="Who may open it.")
    granted_by_id: int | None = Field(
        default=None, foreign_key="users.id", description="Who said so; empty: the system."
    )
    why: str = Field(description="Why they need to know.")
    granted_at: datetime = Field(description="When.")
    ended_at: datetime | None = Field(default=None, description="When it ended; empty while it holds.")


class Event(SQLModel, table=True):
    """One line of a case's history. Added in the transaction of the change; never changed, never removed."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("case_id", "seq"), UniqueConstraint("case_id", "request_id"))

    id: int | None = Field(default=None, primary_key=True, description="Row number.")
    case_id: int = Field(foreign_key="cases.id", description="Whose history.")
    seq: int = Field(description="1, 2, 3 ... within the case, without gaps.")
    kind: str = Field(
        description="case_opened, case_moved, facts_recorded, deadline_extended ... past tense."
    )
    name: str = Field(default="", description="Which move, clock or fact.")
    from_state: str = Field(default="", description="State before.")
    to_state: str = Field(default="", description="State after.")
    actor_id: int | None = Field(default=None, foreign_key="users.id", description="Who; empty: the system.")
    occurred_on: date = Field(description="London date on which it happened.")
    recorded_at: datetime = Field(description="When it was recorded.")
    reason: str = Field(default="", sa_type=LongText, description="Why, in the person's words.")
    facts: JsonObject = Field(default_factory=dict, sa_type=Json, description="Values recorded by it.")
    detail: JsonObject = Field(
        default_factory=dict, sa_type=Json, description="Overrides, evidence, what was imported."
    )
    workflow: str = Field(description="The definition it happened under: dhr_2016/1.")
    request_id: str | None = Field(
        default=None, description="Of the form that caused it: makes a double press harmless."
    )
    prev_hash: str = Field(description="Hash of the event before; empty for the first.")
    hash: str = Field(description="SHA-256 of this event and prev_hash.")
