"""The stages of a case with the days spent in each, those with the Home Office counted apart from ours."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker.models import Case, Event
from tracker.services.positions import workflow_for
from tracker.templating import count
from workflows.definition import HeldBy


@dataclass(frozen=True, slots=True)
class StageShown:
    """One stage in the strip at the top; ``time_spent`` is words such as ``16 days``."""

    text: str
    done: bool = False
    current: bool = False
    time_spent: str = ""


def stages_of(session: Session, case: Case, today: date) -> tuple[StageShown, ...]:
    """The stages with the days spent in each, from the history. A closed case has no current stage."""
    workflow = workflow_for(case)
    moves = session.exec(
        select(col(Event.to_state), col(Event.occurred_on))
        .where(Event.case_id == case.id, Event.to_state != "")
        .order_by(col(Event.seq))
    ).all()
    spent: dict[str, Counter[HeldBy]] = defaultdict(Counter)
    for number, (name, on) in enumerate(moves):
        until = moves[number + 1][1] if number + 1 < len(moves) else (case.closed_on or today)
        state = workflow.state_by_name[name]
        spent[state.stage][state.held_by] += max(0, (until - on).days)
    here = workflow.state_by_name[case.state]
    order = [stage.key for stage in workflow.stages]
    place = order.index(here.stage)
    shown: Sequence[StageShown] = [
        _stage(stage.label, spent.get(stage.key), current=number == place and not here.final,
               done=number < place if not here.final else stage.key in spent)
        for number, stage in enumerate(workflow.stages)
    ]  # fmt: skip
    return tuple(shown)


def _stage(label: str, days: Counter[HeldBy] | None, *, current: bool, done: bool) -> StageShown:
    if days is None or not (current or done):
        return StageShown(label, current=current, done=done)
    return StageShown(label, done=done and not current, current=current, time_spent=time_spent(days, current))


def time_spent(days: Counter[HeldBy], current: bool) -> str:
    """``12 days so far, and 30 with the Home Office``: its days are nobody's here, so they stand apart."""
    theirs = days[HeldBy.HOME_OFFICE]
    words = count(days.total() - theirs, "day") + (" so far" if current else "")
    return f"{words}, and {theirs} with the Home Office" if theirs else words
