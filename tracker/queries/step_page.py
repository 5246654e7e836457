"""All that the form of a step shows, and what is said of the answers before anything is saved."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access
from tracker.models import Case, Deadline, DeadlineStatus, Event
from tracker.policy import Actor
from tracker.queries import case_page, choices, steps
from tracker.queries.case_page import CaseHead, FactShown
from tracker.queries.choices import Choices
from tracker.queries.steps import Ended, Foretold, Missing, StepShown
from tracker.services import tasks
from tracker.services.clocks import Foreseen
from tracker.services.positions import position_of, workflow_for
from tracker.services.recording import HELD_BY
from workflows.definition import Move, Workflow
from workflows.engine import unmet_by, with_facts
from workflows.facts import Fact, FactKind, FactValue
from workflows.facts import words as fact_words
from workflows.position import Position
from workflows.traces import short

_MOST_SAID = 5
_NAMING = {FactKind.PERSON, FactKind.ORGANISATION, FactKind.ORGANISATIONS}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form of a step is made from.

    ``asked`` are its questions, ``recorded`` what the case holds already; ``either`` the needs that any one of several
    answers meets; ``skippable`` what the actor may go ahead without, ``for_others`` what only somebody else may;
    ``stuck`` what no answer on the form puts right; ``late`` dates that have passed and that the step would meet.
    """

    step: StepShown
    move: Move
    workflow: Workflow
    position: Position
    asked: tuple[Fact, ...]
    recorded: tuple[FactShown, ...]
    either: tuple[tuple[str, ...], ...]
    optional: frozenset[str]
    skippable: tuple[Missing, ...]
    for_others: tuple[Missing, ...]
    stuck: tuple[Missing, ...]
    late: tuple[str, ...]
    people: Choices
    organisations: Choices
    known: Mapping[str, FactValue]

    @property
    def kept(self) -> tuple[Fact, ...]:
        """The questions whose recorded answer stands in the box. What is wanted anew starts empty, but for a planned day
        that is still to come: it was recorded for this step, such as for the letter that names it.
        """
        leads_on = self.move.to not in self.move.sources
        return tuple(
            fact
            for fact in self.asked
            if fact.name not in self.move.anew
            or (leads_on and fact.may_be_future and self._ahead(self.position.facts.get(fact.name)))
        )

    def _ahead(self, value: FactValue | None) -> bool:
        return isinstance(value, date) and value >= self.position.today


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of the answers: what is still in the way, and what the step will do."""

    refused: tuple[Missing, ...]
    skipped: tuple[Missing, ...]
    late: tuple[str, ...]
    to_state: str
    from_state: str
    starts: tuple[Foretold, ...]
    ends: tuple[Ended, ...]
    told: tuple[str, ...]
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with one of its steps; no ``sheet`` where the step does not lead out of the present state."""

    case: Case
    head: CaseHead
    sheet: Sheet | None


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """One answer on the check page, with the question that changes it."""

    key: str
    value: str
    field: str


def opened(
    session: Session, actor: Actor, reference: str, step: str, today: date, *, change: Collection[str] = ()
) -> Opened:
    """The case, if the actor may read it, and the step as the address names it.

    Raises:
        NotVisible: there is no such case, or it is not theirs to see.
    """
    case = access.case_for(session, actor, reference)
    move = workflow_for(case).move(steps.named(step), case.state)
    sheet = sheet_of(session, actor, case, move, today, change=change) if move else None
    return Opened(case, case_page.head_of(session, actor, case, ()), sheet)


def sheet_of(
    session: Session, actor: Actor, case: Case, move: Move, today: date, *, change: Collection[str] = ()
) -> Sheet:
    """What the form of a step shows to the actor. ``change`` are recorded facts to ask for again."""
    workflow = workflow_for(case)
    position = position_of(session, workflow, case, {}, today)
    step = steps.step_of(session, actor, case, move, today)
    asked = steps.asks(workflow, move, position, change)
    names = {fact.name for fact in asked}
    shown = [workflow.fact_by_name[name] for name in move.asks() if name not in names]
    stale = (
        set(move.anew) - position.given
    )  # of an earlier step of this name, such as a letter of the first round
    known = choices.names_in(session, workflow, case.facts)
    unmet = unmet_by(workflow, move, position)
    subject = access.subject_of(session, case)
    skippable = steps.may_skip(unmet, actor, subject)
    soft = steps.missing_from(u for u in unmet if not u.hard)
    needed = steps.needed(workflow, move, position)
    kinds = {fact.kind for fact in asked}
    foreseen = steps.foretell(session, case, move, position, {}, today)
    return Sheet(
        step=step,
        move=move,
        workflow=workflow,
        position=position,
        asked=asked,
        recorded=tuple(
            FactShown(
                fact.name, fact.label, fact_words(fact, position.facts[fact.name], known),
                long=fact.kind is FactKind.LONG_TEXT,
            )
            for fact in shown
            if fact.name in position.facts and fact.name != "case_ref" and fact.name not in stale
        ),
        either=tuple(dict.fromkeys(need for need in move.needs if len(need) > 1 and names & set(need))),
        optional=frozenset(names - needed - set(steps.groups(move)) - {n for u in unmet for n in u.facts}),
        skippable=tuple(point for point in soft if point.name in skippable),
        for_others=tuple(point for point in soft if point.name not in skippable),
        stuck=steps.missing_from(u for u in unmet if u.hard and not set(u.facts) & names),
        late=_late(foreseen),
        people=_who(session, case, asked) if kinds & _NAMING else (),
        organisations=choices.organisations(session, case.partnership_id, today) if kinds & _NAMING else (),
        known=choices.as_read(session, position.facts),
    )  # fmt: skip


def _who(session: Session, case: Case, asked: Iterable[Fact]) -> Choices:
    """Who can be named in the answers: only those whom the one question about a person allows, if there is one."""
    held_by = {HELD_BY.get(fact.name, frozenset()) for fact in asked if fact.kind is FactKind.PERSON}
    roles = held_by.pop() if len(held_by) == 1 else frozenset()
    return choices.people(session, case.partnership_id, *sorted(roles))


def judge(
    session: Session,
    case: Case,
    sheet: Sheet,
    facts: Mapping[str, FactValue],
    *,
    occurred_on: date,
    overridden: Collection[str],
) -> Judged:
    """What is still in the way with these answers, and what the step will do to the case and its dates."""
    position = with_facts(sheet.position, facts)
    unmet = unmet_by(sheet.workflow, sheet.move, position)
    foreseen = steps.foretell(session, case, sheet.move, position, facts, occurred_on)
    states = sheet.workflow.state_by_name
    return Judged(
        refused=steps.missing_from(u for u in unmet if u.hard or u.name not in overridden),
        skipped=steps.missing_from(u for u in unmet if not u.hard and u.name in overridden),
        late=_late(foreseen),
        to_state=states[sheet.move.to].label,
        from_state=states[case.state].label,
        starts=steps.startings(session, foreseen),
        ends=steps.endings(foreseen),
        told=steps.told(sheet.move),
        tasks=tuple(tasks.tell_home_office(sheet.workflow, foreseen.late_deadlines).values()),
    )


def answers(sheet: Sheet, facts: Mapping[str, FactValue]) -> tuple[AnswerShown, ...]:
    """The answers to a step's questions in words."""
    return answered(sheet.asked, facts, dict([*sheet.people, *sheet.organisations]))


def answered(
    asked: Iterable[Fact], facts: Mapping[str, FactValue], names: Mapping[str, str]
) -> tuple[AnswerShown, ...]:
    """Answers in words, in the order of the questions; dates are read back in full."""
    return tuple(
        AnswerShown(fact.label, fact_words(fact, facts[fact.name], names), fact.name)
        for fact in asked
        if fact.name in facts
    )


def _late(foreseen: Foreseen) -> tuple[str, ...]:
    return tuple(ending.deadline.label for ending in foreseen.endings if ending.late)


def last_date(session: Session, case: Case) -> int:
    """The row number of the latest date of a case: what is started after it is new."""
    found = session.exec(
        select(Deadline.id).where(Deadline.case_id == case.id).order_by(col(Deadline.id).desc())
    ).first()
    return found or 0


def done_words(session: Session, case: Case, event: Event, since: int) -> str:
    """Say what was done and which dates started since."""
    move = workflow_for(case).move(event.name, event.from_state)
    return f"{move.past if move else 'Recorded'}. {started_words(session, case, since)}".strip()


def started_words(session: Session, case: Case, since: int) -> str:
    """Say which dates have started and run on: "2 dates started: first draft by Thu 4 Feb 2027, ...". Nothing if none has."""
    rows = session.exec(
        select(Deadline)
        .where(
            Deadline.case_id == case.id,
            col(Deadline.id) > since,
            Deadline.status == DeadlineStatus.RUNNING,
        )
        .order_by(col(Deadline.due_on), col(Deadline.id))
    ).all()
    if not rows:
        return ""
    said = [
        f"{row.label} by {short(row.due_on)}" if row.due_on else f"{row.label}, with no date yet"
        for row in rows
    ]
    rest = [f"{len(said) - _MOST_SAID} more"] if len(said) > _MOST_SAID else []
    return f"{len(rows)} {'date' if len(rows) == 1 else 'dates'} started: {'; '.join([*said[:_MOST_SAID], *rest])}."
