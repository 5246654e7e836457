"""What waits for the reader's own decision: more time, finished actions to verify, and steps that are theirs to decide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from tracker import access, policy
from tracker.models import Case
from tracker.policy import ACTIONS, Actor, Permission
from tracker.queries.due_dates import address_of
from tracker.queries.next_act import MORE_TIME_BY
from tracker.queries.steps import slug
from tracker.services.actions import OPEN_STATES
from tracker.services.positions import workflow_for
from tracker.templating import count, day_short
from workflows.deciders import Decider
from workflows.effects import Alert
from workflows.rag import REPORTED
from workflows.released import RELEASED


class Kind(StrEnum):
    """What sort of decision; the last part of the address of its list."""

    MORE_TIME = "more-time"
    VERIFY = "verify"
    STEP = "steps"


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide. ``since`` is the day from which it waits."""

    kind: Kind
    reference: str
    href: str
    what: str
    sub: str
    since: date
    act: str
    act_href: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """All of one kind, the longest waiting first."""

    kind: Kind
    text: str
    sub: str
    act: str
    rows: tuple[Decision, ...]


_WORDS: Mapping[Kind, tuple[str, str, str]] = {
    Kind.MORE_TIME: ("request for more time", "requests for more time", "Decide"),
    Kind.VERIFY: ("finished action to verify", "finished actions to verify", "Check"),
    Kind.STEP: ("case at a decision", "cases at a decision", "Look"),
}


def _awaiting() -> Mapping[tuple[str, int, str], frozenset[Decider]]:
    """Whose decision a case waits for in a state: whom the step that leads there alerts, if a step out is theirs."""
    found: dict[tuple[str, int, str], frozenset[Decider]] = {}
    for workflow in RELEASED.values():
        for move in workflow.moves:
            told = {Decider(effect.decider) for effect in move.effects if isinstance(effect, Alert)}
            deciding = {d for onward in workflow.moves_from(move.to) for d in onward.decided_by}
            if told & deciding:
                place = (workflow.key, workflow.version, move.to)
                found[place] = found.get(place, frozenset()) | (told & deciding)
    return found


AWAITING = _awaiting()


def waiting_for(session: Session, actor: Actor) -> tuple[Decisions, ...]:
    """Every kind of which something waits for the actor."""
    rows = session.exec(
        select(Case).where(access.visible(actor), _asks()).order_by(col(Case.state_since_on), col(Case.id))
    ).all()
    found = [decision for case in rows for decision in _of(case, actor)]
    found.sort(key=lambda one: (one.since, one.reference))
    groups = ((kind, tuple(one for one in found if one.kind is kind)) for kind in Kind)
    return tuple(_group(kind, there) for kind, there in groups if there)


def _asks() -> ColumnElement[bool]:
    actions = col(Case.process).in_(ACTIONS)
    done = and_(actions, col(Case.state) == REPORTED)
    asked = and_(
        actions,
        col(Case.state).in_(OPEN_STATES),
        col(Case.facts)["update_kind"].as_string() == "more_time",
    )
    at_a_decision = (
        and_(col(Case.process) == process, col(Case.workflow_version) == version, col(Case.state) == state)
        for process, version, state in AWAITING
    )
    return or_(done, asked, *at_a_decision)


def _of(case: Case, actor: Actor) -> Iterator[Decision]:
    subject, home = access.subject_with(case, ()), address_of(case)
    if case.process not in ACTIONS:
        theirs = AWAITING[case.process, case.workflow_version, case.state]
        if policy.decides(actor, tuple(sorted(theirs)), subject):
            label = workflow_for(case).state_by_name[case.state].label
            since = case.state_since_on
            yield Decision(
                Kind.STEP, case.reference, home, label, f"since {day_short(since)}", since,
                "Look", _first_step(case, theirs, home),
            )  # fmt: skip
    elif case.state == REPORTED:
        if policy.allows(actor, Permission.ACTION_VERIFY, subject):
            since = _day(case, "completed_on") or case.state_since_on
            yield Decision(
                Kind.VERIFY, case.reference, home, case.title, f"reported done, {day_short(since)}", since,
                "Check", f"{home}/verify",
            )  # fmt: skip
    elif policy.decides(actor, MORE_TIME_BY, subject):
        since = _day(case, "last_update_on") or case.state_since_on
        wanted = _day(case, "asked_for_on")
        to = f", to {day_short(wanted)}" if wanted else ""
        yield Decision(
            Kind.MORE_TIME, case.reference, home, case.title, f"asked on {day_short(since)}{to}", since,
            "Decide", f"{home}/more-time",
        )  # fmt: skip


def _first_step(case: Case, deciders: frozenset[Decider], home: str) -> str:
    usual = (m for m in workflow_for(case).moves_from(case.state) if m.usual and deciders & set(m.decided_by))
    steps = list(usual)
    return f"{home}/steps/{slug(steps[0].name)}" if len(steps) == 1 else f"{home}#next"


def _group(kind: Kind, rows: tuple[Decision, ...]) -> Decisions:
    one, many, act = _WORDS[kind]
    oldest = rows[0]
    sub = {
        Kind.MORE_TIME: f"oldest asked on {day_short(oldest.since)}",
        Kind.VERIFY: f"oldest reported on {day_short(oldest.since)}",
        Kind.STEP: oldest.reference if len(rows) == 1 else f"oldest since {day_short(oldest.since)}",
    }[kind]
    return Decisions(kind, count(len(rows), one, many), sub, act, rows)


def _day(case: Case, fact: str) -> date | None:
    value = case.facts.get(fact)
    return date.fromisoformat(str(value)) if value else None
