"""Everything that the page of one case shows. The case itself was fetched through ``access``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, and_, col, func, select

from tracker import access
from tracker.models import Case, CaseGrant, Deadline, DeadlineStatus, Event, Organisation, Sensitivity, User
from tracker.policy import ACTIONS, Actor
from tracker.queries.choices import names_in
from tracker.queries.standing import DateShown
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
    may not open that one. ``readers`` are named for this one.
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
    documents: int


@dataclass(frozen=True, slots=True)
class StageShown:
    """One stage in the strip at the top; ``time_spent`` is words such as ``16 days``."""

    text: str
    done: bool = False
    current: bool = False
    time_spent: str = ""


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
    children = session.exec(
        select(func.count()).select_from(Case).where(Case.parent_id == case.id, access.visible(actor))
    ).one()
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
        documents=len(
            {row.number for row in access.documents_of(session, actor, case) if row.withdrawn_on is None}
        ),
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
        bodies = sorted({*asked, *(shown.for_whom for shown in dates if shown.running and shown.for_whom)})
        if bodies:
            many = "agency" if len(bodies) == 1 else "agencies"
            return f"Waiting on {len(bodies)} {many}: {', '.join(bodies)}."
    return _HELD[state.held_by]


def stages_of(session: Session, case: Case, today: date) -> tuple[StageShown, ...]:
    """The stages with the days spent in each, from the history. A closed case has no current stage."""
    workflow = workflow_for(case)
    moves = session.exec(
        select(col(Event.to_state), col(Event.occurred_on))
        .where(Event.case_id == case.id, Event.to_state != "")
        .order_by(col(Event.seq))
    ).all()
    spent: dict[str, int] = {}
    for number, (state, on) in enumerate(moves):
        until = moves[number + 1][1] if number + 1 < len(moves) else (case.closed_on or today)
        stage = workflow.state_by_name[state].stage
        spent[stage] = spent.get(stage, 0) + max(0, (until - on).days)
    here = workflow.state_by_name[case.state]
    order = [stage.key for stage in workflow.stages]
    place = order.index(here.stage)
    return tuple(
        _stage(stage.label, spent.get(stage.key), current=number == place and not here.final,
               done=number < place if not here.final else stage.key in spent)
        for number, stage in enumerate(workflow.stages)
    )  # fmt: skip


def _stage(label: str, days: int | None, *, current: bool, done: bool) -> StageShown:
    spent = "" if days is None else f"{days} {'day' if days == 1 else 'days'}"
    if current:
        return StageShown(label, current=True, time_spent=f"{spent} so far" if spent else "")
    return StageShown(label, done=done, time_spent=spent if done else "")


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
    return f"Closed on {in_words(head.closed_on)}: {head.state}. {head.meaning}"
