"""Everything that the page of one case shows. The case itself was fetched through ``access``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy
from sqlmodel import Session, and_, col, func, select

from tracker import access
from tracker.models import (
    Case,
    CaseGrant,
    Deadline,
    DeadlineStatus,
    Organisation,
    ReviewTask,
    Sensitivity,
    User,
)
from tracker.policy import ACTIONS, Actor
from tracker.queries.choices import names_in
from tracker.queries.standing import DateShown
from tracker.services import retention
from tracker.services.positions import workflow_for
from tracker.services.process_names import name_of
from tracker.services.recording import values_of
from workflows.deciders import Decider
from workflows.definition import HeldBy, State
from workflows.facts import FactKind
from workflows.facts import words as fact_words
from workflows.traces import in_words

_HELD: Mapping[HeldBy, str] = {
    HeldBy.US: "With the business unit.",
    HeldBy.AGENCY: "Waiting on the agencies.",
    HeldBy.APPLICANT: "Waiting on the applicant.",
    HeldBy.HOME_OFFICE: "Waiting on the Home Office.",
    HeldBy.NOBODY: "",
}
_COLOURS: Mapping[HeldBy, str] = {HeldBy.US: "working", HeldBy.NOBODY: "closed"}


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The head of every page of a case: what it is, where it stands, who must act, who may look.

    ``below``: it belongs to another case, and opens for whoever is named for that; ``parent`` is empty where the reader
    may not open that one. ``readers`` are named for this one. ``dates_below`` run on what belongs to it, actions apart;
    ``actions`` are those in its plan, ``tasks`` those of its checklists that are neither done nor said not to be needed.
    """

    reference: str
    process_name: str
    workflow: str
    state: str
    meaning: str
    colour: str
    waiting: str
    lead_officer: str
    restricted: bool
    readers: int
    opened_on: date
    closed_on: date | None
    version: int
    seq: int
    parent: str
    below: bool
    children: int
    dates_below: int
    actions: int
    tasks: int
    documents: int
    kept: str


@dataclass(frozen=True, slots=True)
class FactShown:
    """One recorded fact in words. ``long`` ones are told in paragraphs."""

    name: str
    label: str
    words: str
    long: bool


@dataclass(frozen=True, slots=True)
class Child:
    """One case that belongs to this one."""

    reference: str
    title: str
    state: str


def head_of(session: Session, actor: Actor, case: Case, dates: Iterable[DateShown]) -> CaseHead:
    """The head of a case's pages."""
    workflow, called = workflow_for(case), name_of(session, case)
    state = workflow.state_by_name[case.state]
    officer = session.get(User, case.owner_user_id) if case.owner_user_id else None
    above = select(Case.reference).where(Case.id == case.parent_id, access.visible(actor))
    parent = session.exec(above).first() if case.parent_id else None
    readers = session.exec(
        select(func.count(func.distinct(CaseGrant.user_id))).where(
            CaseGrant.case_id == case.id, col(CaseGrant.ended_at).is_(None)
        )
    ).one()
    theirs = select(func.count()).select_from(Case).where(Case.parent_id == case.id, access.visible(actor))
    run = theirs.join(Deadline, col(Deadline.case_id) == col(Case.id)).where(
        Deadline.status == DeadlineStatus.RUNNING, col(Case.process).not_in(ACTIONS)
    )
    planned = theirs.where(Case.process == "action_item")
    listed = select(func.count()).where(
        ReviewTask.case_id == case.id, col(ReviewTask.done_on).is_(None), ReviewTask.not_needed_reason == ""
    )
    [(children, dates_below, actions, open_tasks)] = session.connection().execute(
        sqlalchemy.select(*(each.scalar_subquery() for each in (theirs, run, planned, listed)))
    )
    return CaseHead(
        reference=case.reference,
        process_name=called,
        workflow=f"{called}, version {workflow.version}",
        state=state.label,
        meaning=state.meaning,
        colour=_COLOURS.get(state.held_by, "waiting"),
        waiting=_waiting(session, case, state, dates),
        lead_officer=officer.name if officer else "",
        restricted=case.sensitivity == Sensitivity.RESTRICTED,
        readers=readers,
        opened_on=case.opened_on,
        closed_on=case.closed_on,
        version=case.version,
        seq=case.head_seq,
        parent=parent or "",
        below=case.parent_id is not None,
        children=children,
        dates_below=dates_below,
        actions=actions,
        tasks=open_tasks,
        documents=len(
            {row.number for row in access.documents_of(session, actor, case) if row.withdrawn_on is None}
        ),
        kept=retention.kept_words(session, case) if case.closed_on else "",
    )


def _waiting(session: Session, case: Case, state: State, dates: Iterable[DateShown]) -> str:
    if state.held_by is HeldBy.AGENCY:
        asked = session.exec(
            select(Organisation.name)
            .join(Case, col(Case.owner_organisation_id) == col(Organisation.id))
            .join(Deadline, col(Deadline.case_id) == col(Case.id))
            .where(
                Case.parent_id == case.id,
                Deadline.status == DeadlineStatus.RUNNING,
                Deadline.owner == Decider.AGENCY_LEAD,
                col(Case.process) != "action_item",
            )
        ).all()
        bodies = sorted(
            {
                *asked,
                *_with_requests(session, case),
                *(shown.for_whom for shown in dates if shown.running and shown.for_whom),
            }
        )
        if bodies:
            many = "agency" if len(bodies) == 1 else "agencies"
            return f"Waiting on {len(bodies)} {many}: {', '.join(bodies)}."
        body = session.get(Organisation, case.owner_organisation_id) if case.owner_organisation_id else None
        if body is not None:
            return f"Waiting on {body.name}."
    return _HELD[state.held_by]


def _with_requests(session: Session, case: Case) -> set[str]:
    """The agencies that have a request of the case, also one whose date has been met: queries are with them again."""
    requests = session.exec(
        select(Case, Organisation.name)
        .join(Organisation, col(Case.owner_organisation_id) == col(Organisation.id))
        .where(Case.parent_id == case.id, Case.process == "information_request")
    )
    held = HeldBy.AGENCY
    return {name for one, name in requests if workflow_for(one).state_by_name[one.state].held_by is held}


def facts_shown(session: Session, case: Case) -> tuple[FactShown, ...]:
    """What is recorded, in the order of the definition; what belongs to one agency names it."""
    workflow = workflow_for(case)
    names = names_in(session, workflow, case.facts)
    order = {name: place for place, name in enumerate(workflow.fact_by_name)}
    found = []
    for key, value in values_of(workflow, case.facts).items():
        name, _, instance = key.partition("@")
        fact = workflow.fact_by_name.get(name)
        if fact is None or name == "case_ref" or value in ("", ()):
            continue
        label = f"{fact.label} ({names.get(instance, instance)})" if instance else fact.label
        found.append(
            FactShown(key, label, fact_words(fact, value, names), long=fact.kind is FactKind.LONG_TEXT)
        )
    return tuple(sorted(found, key=lambda shown: (order[shown.name.partition("@")[0]], shown.name)))


def children_of(session: Session, actor: Actor, case: Case) -> tuple[Child, ...]:
    """The actions that the actor may see: of this case, or of the recommendation that is behind them.

    What else belongs to a case, tracker.queries.related lists.
    """
    theirs = col(Case.parent_id) == case.id
    if case.process == "recommendation":  # its actions belong to its review, and name it
        named = col(Case.facts)["recommendation_ref"].as_string() == case.reference
        theirs = and_(col(Case.parent_id) == case.parent_id, named)
    rows = session.exec(
        select(Case)
        .where(theirs, col(Case.process).in_(ACTIONS), access.visible(actor))
        .order_by(col(Case.reference))
    ).all()
    return tuple(
        Child(row.reference, row.title, workflow_for(row).state_by_name[row.state].label) for row in rows
    )


def mark_of(head: CaseHead) -> str:
    """What is printed at the end of each page of the case."""
    return f"OFFICIAL-SENSITIVE {head.reference}" if head.restricted else head.reference


def closed_words(head: CaseHead) -> str:
    """The banner over a closed case."""
    if head.closed_on is None:
        return ""
    return " ".join(
        filter(None, (f"Closed on {in_words(head.closed_on)}: {head.state}. {head.meaning}", head.kept))
    )
