"""What somebody else changed while a form was open: as it was, as it is, and as the person wants it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import access, audit
from tracker.models import Case, Event, User
from tracker.models.columns import JsonObject
from tracker.policy import Actor
from tracker.queries import choices, history
from tracker.queries.choices import Choices, names_in
from tracker.services.positions import workflow_for
from tracker.services.recording import as_stored, values_of
from workflows.definition import Workflow
from workflows.facts import Fact, FactValue
from workflows.facts import words as fact_words

_UNASKED = "Not in your answers"

Said = tuple[str, str, str]
"""One answer of a form: the name of its field, its label, and the answer as the person would read it."""


@dataclass(frozen=True, slots=True)
class Differs:
    """One row: only what differs is shown. ``by`` and ``at`` are of the change that came in between."""

    what: str
    opened: str
    now: str
    yours: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people saved one thing."""

    rows: tuple[Differs, ...]
    state: str
    by: str
    at: datetime | None

    @property
    def moved(self) -> bool:
        """Whether anything is other than it was when the form was opened; answers alone are no change."""
        return any(row.opened != row.now for row in self.rows)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the person was answering: the questions of the form, and whether its step can still be taken."""

    case: Case
    facts: tuple[Fact, ...]
    people: Choices
    organisations: Choices
    possible: bool
    to_state: str


def ground(
    session: Session, actor: Actor, reference: str, posted: Collection[str], today: date, *, step: str = ""
) -> Ground:
    """The case as it is now, and the questions that were answered. Without a ``step``, facts can always be recorded.

    Raises:
        NotVisible: there is no such case, or it is not theirs to see.
    """
    case = access.case_for(session, actor, reference)
    workflow = workflow_for(case)
    move = workflow.move(step, case.state) if step else None
    return Ground(
        case=case,
        facts=tuple(workflow.fact_by_name[name] for name in posted if name in workflow.fact_by_name),
        people=choices.people(session, case.partnership_id),
        organisations=choices.organisations(session, case.partnership_id, today),
        possible=not step or move is not None,
        to_state=workflow.state_by_name[move.to].label if move else "",
    )


def typed(ground: Ground, facts: Mapping[str, FactValue], words: Iterable[tuple[str, str]]) -> str:
    """Everything that was answered, as lines to copy."""
    names = dict([*ground.people, *ground.organisations])
    lines = [
        f"{fact.label}: {fact_words(fact, facts[fact.name], names)}"
        for fact in ground.facts
        if fact.name in facts
    ]
    return "\n".join([*lines, *(f"{label}: {said}" for label, said in words if said.strip())])


def conflict(
    session: Session,
    reader: Actor,
    case: Case,
    seen_seq: int,
    given: Mapping[str, FactValue],
    *,
    to_state: str = "",
) -> Conflict:
    """What differs between the case when the form was opened (after event ``seen_seq``), now, and the answers given.

    ``to_state`` is the label of the state that the person's step leads to, if it still can be taken.
    """
    workflow = workflow_for(case)
    events = session.exec(
        select(Event, User)
        .outerjoin(User, col(Event.actor_id) == col(User.id))
        .where(Event.case_id == case.id)
        .order_by(col(Event.seq))
    ).all()
    before: JsonObject = {}
    state_before = case.state
    changed: dict[str, tuple[Event, User | None]] = {}
    last: tuple[Event, User | None] | None = None
    for event, user in events:
        if event.seq <= seen_seq:
            before = audit.fold(before, event.facts)
            state_before = event.to_state or state_before
            continue
        last = (event, user)
        changed |= dict.fromkeys(event.facts, last)
        if event.to_state:
            changed["state"] = last
    mine = as_stored(given)
    names = names_in(session, workflow, before, case.facts, mine)
    states = workflow.state_by_name
    rows = []
    if state_before != case.state:
        rows.append(
            Differs(
                "Stage of the case", states[state_before].label, states[case.state].label, to_state or _UNASKED,
                *_who(changed.get("state")),
            )
        )  # fmt: skip
    for name in dict.fromkeys([*changed, *mine]):
        if name in {"state", "case_ref"}:
            continue
        was, now = _said(workflow, before, name, names), _said(workflow, case.facts, name, names)
        yours = _said(workflow, mine, name, names)
        if was != now or (yours and yours != now):
            rows.append(
                Differs(_label(workflow, name), was, now, yours or _UNASKED, *_who(changed.get(name)))
            )
    by, at = _who(last)
    told = {row.at for row in rows}
    for entry in history.since(session, reader, case, seen_seq):
        if entry.recorded_at not in told:  # what it changed in the case is a row of its own
            what = "\n".join(filter(None, (entry.text, entry.reason))) or "Done"
            rows.append(Differs(entry.title, "Not there yet", what, _UNASKED, entry.by, entry.recorded_at))
    return Conflict(tuple(rows), states[case.state].label, by, at)


def of_form(
    session: Session,
    reader: Actor,
    case: Case,
    seen_seq: int,
    *,
    was: Mapping[str, str],
    now: Iterable[Said] | None,
    yours: Iterable[Said],
) -> Conflict:
    """What differs for a form of any kind: its own answers, where it corrects something (``now``), and all that happened.

    ``was`` are the answers that it showed when it was opened. Without ``seen_seq``, the last thing that happened.
    """
    after = seen_seq or max(0, case.head_seq - 1)
    found = conflict(session, reader, case, after, {})
    there = None if now is None else {name: said for name, _, said in now}
    return replace(found, rows=(*found.rows, *answers(was, there, yours, by=found.by, at=found.at)))


def answers(
    was: Mapping[str, str],
    now: Mapping[str, str] | None,
    yours: Iterable[Said],
    *,
    by: str = "",
    at: datetime | None = None,
) -> Iterable[Differs]:
    """Each answer that is not as it stands now; of something new, each that was given."""
    for name, label, said in yours:
        what = label.removesuffix(" (optional)")
        if now is None:
            if said:
                yield Differs(what, "", "", said)
        elif now.get(name, "") != said:
            before, there = was.get(name, ""), now.get(name, "")
            moved = before != there
            yield Differs(what, before, there, said, by if moved else "", at if moved else None)


def _who(found: tuple[Event, User | None] | None) -> tuple[str, datetime | None]:
    if found is None:
        return "", None
    event, user = found
    by = "an e-mail link" if audit.LINK in event.detail else "the system"
    return (user.name if user else by), event.recorded_at


def _label(workflow: Workflow, name: str) -> str:
    fact = workflow.fact_by_name.get(name.partition("@")[0])
    return fact.label if fact else name


def _said(workflow: Workflow, facts: JsonObject, name: str, names: Mapping[str, str]) -> str:
    if name not in facts:
        return ""
    fact = workflow.fact_by_name.get(name.partition("@")[0])
    value = values_of(workflow, {name: facts[name]})[name]
    return fact_words(fact, value, names) if fact else str(value)
