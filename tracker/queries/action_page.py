"""Everything that the page of one action shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access, policy
from tracker.audit import Happened
from tracker.errors import NotVisible
from tracker.models import ActionDetails, Case, CaseParty, Deadline, Event, Organisation, Plan, Role, User
from tracker.policy import Actor, Permission, Subject
from tracker.queries import case_page, history, standing, steps
from tracker.queries.action_rag import moved_times, rag_of
from tracker.queries.action_rows import RAG_TAGS
from tracker.queries.case_page import CaseHead
from tracker.queries.choices import now_called
from tracker.queries.date_words import PLAN_DATE
from tracker.queries.history import Entry
from tracker.queries.standing import DateShown
from tracker.queries.steps import StepShown
from tracker.services import cases, new_actions
from tracker.services.actions import OPEN_STATES, Answer
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from workflows.deciders import Decider
from workflows.facts import FactValue
from workflows.facts import words as fact_words
from workflows.rag import Rag, times

IN_FORMS = frozenset({"start", "report_complete", "verify", "send_back"})
"""Steps that the page offers as answers to a question, not as steps."""

LATEST = 50

BEHIND = (
    "recommendation_ref",
    "recommendation_text",
    "recommendation_scope",
    "lead_role",
    "milestones",
    "target_condition",
)
"""What is shown of where an action comes from, beside its plan."""

_WHY: Mapping[str, tuple[str, ...]] = {
    "not_accepted": ("rejection_reason", "csp_minute_ref"),
    "superseded": ("supersede_reason",),
    "abandoned": ("abandon_reason",),
    "verified": ("verification_note", "impact"),
}
"""Why an action has ended, by where it has ended."""


@dataclass(frozen=True, slots=True)
class MoreTime:
    """What the lead asks for."""

    asked_for_on: date
    why: str
    by: str
    asked_on: date | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where the action was printed: its plan, and every cell as printed."""

    plan: str
    position: int
    theme: str
    cells: tuple[tuple[str, str], ...]
    after_plan_end: bool
    condition: str


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action for one reader. ``own_report``: the reader reported it, so somebody else must verify it.

    ``moved`` is how often its date moved, in words; ``behind`` are facts in words; ``replaced_by`` and ``replaces``
    are references that the reader may open; ``looks``: a look at its effect is due, and the reader may record it.
    """

    case: Case
    head: CaseHead
    text: str
    leads: tuple[str, ...]
    source: Source | None
    parent: str
    target: DateShown | None
    dates: tuple[DateShown, ...]
    updates: tuple[Entry, ...]
    steps: tuple[StepShown, ...]
    last_update_on: date | None
    reports: bool
    verifies: bool
    own_report: bool
    waits_for_check: bool
    claim: str
    more_time: MoreTime | None
    decides_time: bool
    reader_leads: bool
    rag: Rag
    rag_tag: str
    moved: str
    evidence: str
    behind: tuple[tuple[str, str], ...]
    ended_words: tuple[str, ...]
    replaced_by: str
    replaces: tuple[str, ...]
    hands_over: bool
    not_theirs: str
    looks: bool
    agreed_on: date | None
    planned_on: date | None  # the target date that a draft gets once it is accepted

    @property
    def late(self) -> bool:
        """Whether its target date has passed."""
        return self.target is not None and self.target.state == "overdue"

    @property
    def hands_to_colleague(self) -> bool:
        """Whether the reader leads it and can ask a colleague to answer in their stead."""
        return self.reports and self.reader_leads


def action_page(session: Session, actor: Actor, reference: str, today: date) -> ActionPage:
    """One action, if the actor may read it.

    Raises:
        NotVisible: there is no such action, or it is not theirs to see.
    """
    case = access.case_for(session, actor, reference)
    if case.process != "action_item":
        raise NotVisible("There is no such action, or it is not yours to see.")
    subject = access.subject_of(session, case)
    facts = facts_of(workflow_for(case), case)
    dates = standing.dates_of(session, case, today)
    days = {name: facts.get(name) for name in ("last_update_on", "agreed_on", "target_on")}
    updated, agreed, planned = (day if isinstance(day, date) else None for day in days.values())
    target = _target(session, case)
    moved = moved_times(session, [target]).get(target.id or 0, 0) if target else 0
    rag = rag_of(case, target, moved, today)
    records = policy.allows(actor, Permission.CASE_RECORD, subject)
    return ActionPage(
        case=case,
        head=case_page.head_of(session, actor, case, dates),
        text=case.title or str(facts.get("action_text", "")),
        leads=_leads(session, case),
        source=_source(session, case),
        parent=_parent(session, actor, case),
        target=next((d for d in dates if d.key == PLAN_DATE), None),
        dates=dates,
        updates=history.latest(session, actor, case, LATEST),
        steps=tuple(
            s for s in steps.steps_of(session, actor, case, today) if s.name not in IN_FORMS and s.may_take
        ),
        last_update_on=updated,
        reports=case.state in OPEN_STATES and policy.allows(actor, Permission.ACTION_UPDATE, subject),
        verifies=policy.allows(actor, Permission.ACTION_VERIFY, subject),
        own_report=_own_report(session, actor, case, subject),
        waits_for_check=case.state == "completed_unverified",
        claim=str(facts.get("outcome", "")),
        more_time=_more_time(session, case, facts),
        decides_time=policy.decides(actor, (Decider.BU_MANAGER, Decider.CSP_CHAIR), subject),
        reader_leads=bool(actor.organisations(Role.LEAD) & subject.organisation_ids),
        rag=rag,
        rag_tag=RAG_TAGS[rag.colour],
        moved=f"moved {times(moved)}" if moved else "",
        evidence=str(facts.get("evidence", "")),
        behind=_said(case, {**_words_behind(session, case, facts), **facts}, BEHIND),
        ended_words=tuple(str(facts[name]) for name in _WHY.get(case.state, ()) if facts.get(name)),
        replaced_by=_visible(session, actor, str(facts.get("superseded_by", "")))
        if case.state == "superseded"
        else "",
        replaces=_replaces(session, actor, case),
        hands_over=records and not workflow_for(case).state_by_name[case.state].final,
        not_theirs=_not_theirs(case, facts),
        looks=records and any(d.key == "IMPACT_CHECK" and d.running for d in dates),
        agreed_on=agreed or (None if case.state == "draft" else case.opened_on),
        planned_on=planned if case.state == "draft" else None,
    )


def _target(session: Session, case: Case) -> Deadline | None:
    """The latest target date."""
    return session.exec(
        select(Deadline)
        .where(Deadline.case_id == case.id, Deadline.key == PLAN_DATE)
        .order_by(col(Deadline.cycle).desc())
    ).first()


def _words_behind(session: Session, case: Case, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """What the recommendation says by now, where it was still a draft when the action was written down."""
    if case.parent_id is None or not facts.get("recommendation_ref"):
        return {}
    found = session.exec(
        select(Case).where(
            Case.reference == str(facts["recommendation_ref"]),
            Case.parent_id == case.parent_id,
            Case.process == new_actions.RECOMMENDATION,
        )
    ).first()
    return {**new_actions.words_of(session.get_one(Case, case.parent_id), found)} if found else {}


def _said(case: Case, facts: Mapping[str, FactValue], names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Facts with their labels, in this order."""
    workflow = workflow_for(case)
    return tuple(
        (workflow.fact_by_name[name].label, fact_words(workflow.fact_by_name[name], facts[name]))
        for name in names
        if facts.get(name)
    )


def _visible(session: Session, actor: Actor, reference: str) -> str:
    """The reference, if there is such a case for the reader."""
    found = session.exec(select(Case.reference).where(Case.reference == reference, access.visible(actor)))
    return found.first() or ""


def _replaces(session: Session, actor: Actor, case: Case) -> tuple[str, ...]:
    """The actions whose place this one takes."""
    rows = session.exec(
        select(Case.reference)
        .where(
            Case.partnership_id == case.partnership_id,
            Case.state == "superseded",
            col(Case.facts)["superseded_by"].as_string() == case.reference,
            access.visible(actor),
        )
        .order_by(col(Case.reference))
    ).all()
    return tuple(rows)


def _not_theirs(case: Case, facts: dict[str, FactValue]) -> str:
    """What the lead said when they said that it is not theirs, until somebody settles it."""
    if case.state not in OPEN_STATES or facts.get("update_kind") != Answer.NOT_OURS:
        return ""
    belongs = facts.get("belongs_to")
    return f"{facts.get('update_note', '')}{f' They suggest: {belongs}.' if belongs else ''}"


def _leads(session: Session, case: Case) -> tuple[str, ...]:
    """The accountable body first, then those that share the lead, as bodies or as written in the plan."""
    owner = session.get(Organisation, case.owner_organisation_id) if case.owner_organisation_id else None
    rows = session.exec(
        select(CaseParty, Organisation)
        .outerjoin(Organisation, col(CaseParty.organisation_id) == col(Organisation.id))
        .where(CaseParty.case_id == case.id, col(CaseParty.to_on).is_(None))
        .order_by(col(CaseParty.id))
    ).all()
    now = now_called(session, (owner, *(body for _, body in rows)))
    named = [_called(owner, now)] if owner else []
    named += [_called(body, now) if body else party.words for party, body in rows]
    return tuple(dict.fromkeys(name for name in named if name))


def _called(body: Organisation, now: Mapping[int | None, str]) -> str:
    return f"{body.name} ({now[body.id]})" if body.id in now else body.name


def _source(session: Session, case: Case) -> Source | None:
    details = session.get(ActionDetails, case.id)
    if details is None:
        return None
    plan = session.get(Plan, details.plan_id) if details.plan_id else None
    headings = plan.headings if plan else []
    known = [heading for heading in headings if heading in details.cells]
    order = [*known, *(name for name in details.cells if name not in known)]
    return Source(
        plan=plan.name if plan else "",
        position=details.position,
        theme=details.theme,
        cells=tuple((name, str(details.cells[name])) for name in order),
        after_plan_end=details.after_plan_end,
        condition=details.condition,
    )


def _parent(session: Session, actor: Actor, case: Case) -> str:
    """The case it belongs to, if the reader may see that too."""
    parent = session.exec(select(Case).where(Case.id == case.parent_id, access.visible(actor))).first()
    return parent.reference if parent else ""


def _own_report(session: Session, actor: Actor, case: Case, subject: Subject) -> bool:
    reported = session.exec(
        select(Event)
        .where(Event.case_id == case.id, Event.kind == Happened.CASE_MOVED, Event.name == "report_complete")
        .order_by(col(Event.seq).desc())
    ).first()
    leads = actor.organisations(Role.LEAD) & subject.organisation_ids
    return bool(leads) or (reported is not None and cases.by_them(session, actor, reported))


def _more_time(session: Session, case: Case, facts: dict[str, FactValue]) -> MoreTime | None:
    wanted = facts.get("asked_for_on")
    if (
        case.state not in OPEN_STATES
        or facts.get("update_kind") != Answer.MORE_TIME
        or not isinstance(wanted, date)
    ):
        return None
    found = session.exec(
        select(Event, User)
        .outerjoin(User, col(Event.actor_id) == col(User.id))
        .where(Event.case_id == case.id, Event.name == Answer.MORE_TIME)
        .order_by(col(Event.seq).desc())
    ).first()
    event, user = found or (None, None)
    why = event.reason if event else str(facts.get("update_note", ""))
    by = history.acted(session, event, user) if event else "the system"
    return MoreTime(wanted, why, by, event.occurred_on if event else None)
