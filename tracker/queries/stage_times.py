"""Stage times: where each review is, and whose time it has been. One row for each review, its days counted once."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access
from tracker.models import Case, Event
from tracker.policy import Actor
from tracker.queries.bar_lengths import length_of
from tracker.queries.due_dates import address_of
from tracker.queries.review_lines import DEATHS
from tracker.services.positions import workflow_for
from workflows.definition import HeldBy
from workflows.hold_v1 import HOLD
from workflows.released import RELEASED
from workflows.spells import HELD, Hold, days_by_holder, entered

FEW = 3
"""Below so many there is nothing to compare."""

Series = tuple[tuple[str, str, str], ...]
SERIES: Mapping[str, Series] = {
    "dhr": (
        (HeldBy.US, "Ours", "ok"),
        (HeldBy.AGENCY, "Agencies'", "ext"),
        (HeldBy.HOME_OFFICE, "Home Office's", "risk"),
        (HELD, "Held", "held"),
    ),
    "asb": (
        (HeldBy.US, "Ours", "ok"),
        (HeldBy.AGENCY, "Agencies'", "ext"),
        (HeldBy.APPLICANT, "Applicant's", "risk"),
    ),
}
"""What an address calls the reviews, and for each: by whom days are counted, the heading, how the bar is filled."""
PROCESSES: Mapping[str, frozenset[str]] = {"dhr": DEATHS, "asb": frozenset({"asb_case_review"})}
_WHOSE: Mapping[str, str] = {
    HeldBy.US: "ours",
    HeldBy.AGENCY: "the agencies'",
    HeldBy.HOME_OFFICE: "the Home Office's",
    HeldBy.APPLICANT: "the applicant's",
    HELD: "held",
}
_KINDS = tuple(kind.name for kind in HOLD.kinds)


@dataclass(frozen=True, slots=True)
class ReviewTimes:
    """One review: days, and bars as (fill, length of 100), in the order of the series. A closed one counts up to its end."""

    reference: str
    href: str
    state: str
    closed: bool
    days: tuple[int, ...]
    bars: tuple[tuple[str, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Every review of one sort, the newest first."""

    headline: str
    series: Series
    rows: tuple[ReviewTimes, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The headings of the numbers."""
        return tuple(words for _, words, _ in self.series)

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """The fills of the bars with their words."""
        return tuple((fill, words) for _, words, fill in self.series)


def stage_times(session: Session, actor: Actor, sort: str, today: date, *, closed: bool) -> StageTimes:
    """The times of the reviews that the actor may see; ``sort`` is a key of :data:`SERIES`; closed ones if asked."""
    processes, series = PROCESSES[sort], SERIES[sort]
    ended = {s.name for w in RELEASED.values() if w.key in processes for s in w.states if s.final}
    wanted = [col(Case.process).in_(processes), access.visible(actor)]
    if not closed:
        wanted.append(col(Case.state).not_in(ended))
    cases = session.exec(
        select(Case).where(*wanted).order_by(col(Case.opened_on).desc(), col(Case.reference).desc())
    ).all()
    numbers = [case.id for case in cases]
    moves, holds = _moves(session, numbers), _holds(session, actor, numbers)
    times = [_days(case, moves[case.id or 0], holds[case.id or 0], today) for case in cases]
    longest = max((sum(days.values()) for days in times), default=0)
    rows = tuple(_row(case, days, series, longest) for case, days in zip(cases, times, strict=True))
    return StageTimes(whose_time(times), series, rows)


def whose_time(times: Sequence[Mapping[str, int]]) -> str:
    """The headline, by rule: with whom most of the time was."""
    if len(times) < FEW:
        return f"Too few cases to compare: {len(times)}."
    total: Counter[str] = Counter()
    for days in times:
        total.update(days)
    whole = sum(total.values())
    if not whole:
        return "No time has passed yet."
    who, most = min(total.items(), key=lambda one: (-one[1], one[0]))
    share = "Most" if most * 2 > whole else "The largest part"
    return f"{share} of the time of {len(times)} reviews was {_WHOSE[who]}: {most:,} of {whole:,} days."


def _moves(session: Session, numbers: Sequence[int | None]) -> Mapping[int, list[Event]]:
    """Every event that led into a state, in order."""
    found: dict[int, list[Event]] = defaultdict(list)
    for event in session.exec(
        select(Event)
        .where(col(Event.case_id).in_(numbers), col(Event.to_state) != "")
        .order_by(col(Event.case_id), col(Event.seq))
    ).all():
        found[event.case_id].append(event)
    return found


def _holds(session: Session, actor: Actor, numbers: Sequence[int | None]) -> Mapping[int, list[Hold]]:
    found: dict[int, list[Hold]] = defaultdict(list)
    for case in session.exec(
        select(Case)
        .where(col(Case.parent_id).in_(numbers), Case.process == HOLD.key, access.visible(actor))
        .order_by(col(Case.id))
    ).all():
        lifted = case.facts.get("lifted_on")
        found[case.parent_id or 0].append(
            Hold(
                str(case.facts.get("kind", "")),
                date.fromisoformat(str(case.facts.get("placed_on") or case.opened_on.isoformat())),
                date.fromisoformat(str(lifted)) if lifted else case.closed_on,
            )
        )
    return found


def _days(case: Case, moves: Sequence[Event], holds: Sequence[Hold], today: date) -> Mapping[str, int]:
    workflow = workflow_for(case)
    known = [event for event in moves if event.to_state in workflow.state_by_name]
    states = [entered(workflow, event.to_state, event.occurred_on, _KINDS) for event in known]
    if not states:
        states = [entered(workflow, case.state, case.state_since_on, _KINDS)]
    return days_by_holder(states, holds, case.closed_on or today)


def _row(case: Case, days: Mapping[str, int], series: Series, longest: int) -> ReviewTimes:
    counted = tuple(days.get(who, 0) for who, _, _ in series)
    state = workflow_for(case).state_by_name[case.state]
    return ReviewTimes(
        reference=case.reference,
        href=address_of(case),
        state=state.label,
        closed=state.final,
        days=counted,
        bars=tuple(
            (fill, length_of(number, longest)) for (_, _, fill), number in zip(series, counted, strict=True)
        ),
        total=sum(counted),
    )
