"""Everything that the page of one action shows."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access, policy
from tracker.audit import Happened
from tracker.errors import NotVisible
from tracker.models import ActionDetails, Case, CaseParty, Event, Organisation, Plan, Role
from tracker.policy import Actor, Permission, Subject
from tracker.queries import case_page, history, standing, steps
from tracker.queries.case_page import CaseHead
from tracker.queries.history import Entry
from tracker.queries.standing import DateShown
from tracker.queries.steps import StepShown
from tracker.services.actions import OPEN_STATES, Answer
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from workflows.deciders import Decider
from workflows.facts import FactValue

IN_FORMS = frozenset({"start", "report_complete", "verify", "send_back"})
"""Steps that the page offers as answers to a question, not as steps."""

LATEST = 50


@dataclass(frozen=True, slots=True)
class MoreTime:
    """What the lead asks for."""

    asked_for_on: date
    why: str


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
    """One action for one reader. ``own_report``: the reader reported it, so somebody else must verify it."""

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

    @property
    def late(self) -> bool:
        """Whether its target date has passed."""
        return self.target is not None and self.target.state == "overdue"


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
    updated = facts.get("last_update_on")
    return ActionPage(
        case=case,
        head=case_page.head_of(session, actor, case, dates),
        text=case.title or str(facts.get("action_text", "")),
        leads=_leads(session, case),
        source=_source(session, case),
        parent=_parent(session, actor, case),
        target=next((d for d in dates if d.key == standing.PLAN_DATE), None),
        dates=dates,
        updates=history.latest(session, case, LATEST),
        steps=tuple(
            s for s in steps.steps_of(session, actor, case, today) if s.name not in IN_FORMS and s.may_take
        ),
        last_update_on=updated if isinstance(updated, date) else None,
        reports=case.state in OPEN_STATES and policy.allows(actor, Permission.ACTION_UPDATE, subject),
        verifies=policy.allows(actor, Permission.ACTION_VERIFY, subject),
        own_report=_own_report(session, actor, case, subject),
        waits_for_check=case.state == "completed_unverified",
        claim=str(facts.get("outcome", "")),
        more_time=_more_time(case, facts),
        decides_time=policy.decides(actor, (Decider.BU_MANAGER, Decider.CSP_CHAIR), subject),
        reader_leads=bool(actor.organisations(Role.LEAD) & subject.organisation_ids),
    )


def _leads(session: Session, case: Case) -> tuple[str, ...]:
    """The accountable body first, then those that share the lead, as bodies or as written in the plan."""
    owner = session.get(Organisation, case.owner_organisation_id) if case.owner_organisation_id else None
    rows = session.exec(
        select(CaseParty, Organisation)
        .outerjoin(Organisation, col(CaseParty.organisation_id) == col(Organisation.id))
        .where(CaseParty.case_id == case.id, col(CaseParty.to_on).is_(None))
        .order_by(col(CaseParty.id))
    ).all()
    named = [owner.name] if owner else []
    named += [body.name if body else party.words for party, body in rows]
    return tuple(dict.fromkeys(name for name in named if name))


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
    return bool(leads) or (reported is not None and reported.actor_id == actor.user_id)


def _more_time(case: Case, facts: dict[str, FactValue]) -> MoreTime | None:
    wanted = facts.get("asked_for_on")
    if (
        case.state not in OPEN_STATES
        or facts.get("update_kind") != Answer.MORE_TIME
        or not isinstance(wanted, date)
    ):
        return None
    return MoreTime(wanted, str(facts.get("update_note", "")))
