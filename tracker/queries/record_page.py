"""What can be recorded on a case without a step: what meets a clock, and what the present steps will ask for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker import access
from tracker.errors import BadInput, NotPermitted, NotPossible, NotVisible
from tracker.models import Case
from tracker.policy import Actor, Permission, allows
from tracker.queries import case_page, choices, standing, steps
from tracker.queries.case_page import CaseHead
from tracker.queries.choices import Choices
from tracker.services import recording
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from workflows.definition import Workflow
from workflows.facts import Fact, FactKind, FactValue

_WITH_ITS_STEP = "This is recorded with its step: choose the step on the page of the case."
_BY_ITSELF = frozenset({"case_ref"})


@dataclass(frozen=True, slots=True)
class Recording:
    """The questions of one record form. ``needs`` must be answered; ``late`` are passed dates that it would meet."""

    case: Case
    head: CaseHead
    what: str
    sub: str
    facts: tuple[Fact, ...]
    needs: tuple[tuple[str, ...], ...]
    known: dict[str, FactValue]
    late: bool
    people: Choices
    organisations: Choices

    @property
    def day_fact(self) -> str:
        """The one date that is asked for and says itself when it happened; nothing if there is none, or several."""
        days = [fact.name for fact in self.facts if fact.kind is FactKind.DATE]
        asked = {name for need in self.needs for name in need}
        past = [fact for fact in self.facts if fact.name in days and not fact.may_be_future]
        return days[0] if len(days) == len(past) == 1 and asked == {days[0]} else ""

    def happened_on(self, facts: Mapping[str, FactValue], today: date) -> date:
        """The day that such a date says; what lies before the case, or cannot be read, is recorded as of today."""
        day = facts.get(self.day_fact)
        return day if isinstance(day, date) and self.case.opened_on <= day <= today else today


@dataclass(frozen=True, slots=True)
class Recordable:
    """What can be recorded now: asked for and still open, not asked for by anything, and recorded already.

    ``fixed`` are names of recorded facts that cannot be changed by themselves.
    """

    case: Case
    head: CaseHead
    open: tuple[Fact, ...]
    other: tuple[Fact, ...]
    recorded: tuple[case_page.FactShown, ...]
    fixed: frozenset[str]


def clock_form(
    session: Session, actor: Actor, reference: str, key: str, instance: str, today: date
) -> Recording:
    """The form that records a running date as done.

    Raises:
        NotVisible: there is no such case or date, or it is not theirs to see.
        NotPossible: only a step of the case meets that date.
        NotPermitted: the actor does not record things on this case.
    """
    case = _mine(session, actor, reference)
    deadline = access.deadline_for(session, case, key.upper(), instance)
    workflow = workflow_for(case)
    clock = workflow.clock_by_key.get(deadline.key)
    if clock is None or clock.key not in steps.recordable(case):
        raise NotPossible(_WITH_ITS_STEP)
    alone = tuple(name for name in clock.met_by if _alone(workflow, name, {}))
    facts = tuple(workflow.fact_by_name[name] for name in alone)
    shown = next(
        d for d in standing.dates_of(session, case, today) if (d.key, d.instance) == (deadline.key, instance)
    )
    needs = tuple((name,) for name in clock.met_by) if clock.met_by_all else (alone,)
    late = deadline.due_on is not None and deadline.due_on < today and shown.running
    return _recording(
        session, actor, case, shown.what, shown.sub, facts, needs, instance=instance, today=today, late=late
    )


def fact_form_of(session: Session, actor: Actor, reference: str, name: str, today: date) -> Recording:
    """The form that records one fact, or changes it: the earlier value stays in the history.

    Raises:
        NotVisible: there is no such case or fact, or it is not theirs to see.
        NotPossible: it is said with a step of the case, or changed by an act of its own.
        NotPermitted: the actor does not record things on this case.
    """
    case = _mine(session, actor, reference)
    workflow = workflow_for(case)
    fact = workflow.fact_by_name.get(name)
    if fact is None or name in _BY_ITSELF:
        raise NotVisible("There is nothing of that name to record on this case.")
    if name in recording.with_their_steps(workflow):
        raise NotPossible(_WITH_ITS_STEP)
    try:
        recording.recordable(workflow, (name,), facts_of(workflow, case))
    except BadInput as refused:
        raise NotPossible(str(refused)) from None
    dates = standing.dates_of(session, case, today)
    meets = {clock.key for clock in workflow.clocks if name in clock.met_by}
    late = any(d.running and d.key in meets and d.state == "overdue" for d in dates)
    return _recording(
        session,
        actor,
        case,
        "Record a fact",
        fact.label,
        (fact,),
        ((name,),),
        instance="",
        today=today,
        late=late,
    )


def recordable(session: Session, actor: Actor, reference: str, today: date) -> Recordable:
    """What the steps from here ask for and what meets a running date, not recorded yet; and what is recorded."""
    case = _mine(session, actor, reference)
    workflow = workflow_for(case)
    known = facts_of(workflow, case)
    dates = standing.dates_of(session, case, today)
    asked = [name for move in workflow.moves_from(case.state) for name in move.asks()]
    running = {shown.key for shown in dates if shown.running and not shown.instance}
    asked += [name for clock in workflow.clocks if clock.key in running for name in clock.met_by]
    asked += [clock.starts_on for clock in workflow.clocks if clock.starts_on in workflow.fact_by_name]
    open_facts = {
        n for n in workflow.fact_by_name if known.get(n) in (None, "", ()) and _alone(workflow, n, known)
    }
    recorded = tuple(f for f in case_page.facts_shown(session, case) if "@" not in f.name)
    return Recordable(
        case,
        case_page.head_of(session, actor, case, dates),
        tuple(_in_order(workflow, open_facts & set(asked))),
        tuple(_in_order(workflow, open_facts - _asked_for(workflow))),
        recorded,
        frozenset(f.name for f in recorded if not _alone(workflow, f.name, known)),
    )


def _asked_for(workflow: Workflow) -> set[str]:
    """Names of all facts that a step, a clock or logging asks for at some time."""
    names = {name for move in workflow.moves for name in move.asks()}
    names |= {name for need in workflow.opening_needs for name in need}
    for clock in workflow.clocks:
        names |= {clock.starts_on, clock.or_earlier, clock.each_of, clock.due_fact, *clock.met_by}
    return names


def _alone(workflow: Workflow, name: str, known: Mapping[str, FactValue]) -> bool:
    try:
        recording.recordable(workflow, (name,), known)
    except BadInput:
        return False
    return name in workflow.fact_by_name and name not in _BY_ITSELF


def _in_order(workflow: Workflow, names: Collection[str]) -> list[Fact]:
    return [fact for name, fact in workflow.fact_by_name.items() if name in names]


def _mine(session: Session, actor: Actor, reference: str) -> Case:
    case = access.case_for(session, actor, reference)
    if not allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit records things on this case.")
    return case


def _recording(
    session: Session,
    actor: Actor,
    case: Case,
    what: str,
    sub: str,
    facts: tuple[Fact, ...],
    needs: tuple[tuple[str, ...], ...],
    *,
    instance: str,
    today: date,
    late: bool,
) -> Recording:
    return Recording(
        case=case,
        head=case_page.head_of(session, actor, case, ()),
        what=what,
        sub=sub,
        facts=facts,
        needs=needs,
        known={} if instance else choices.as_read(session, facts_of(workflow_for(case), case)),
        late=late,
        people=choices.people(session, case.partnership_id),
        organisations=choices.organisations(session, case.partnership_id, today),
    )
