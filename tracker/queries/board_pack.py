"""The board pack: whose, as at which day, what is in it, and what to put right before it goes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel import Session, col, select

from tracker import access
from tracker.models import Case, Partnership, Sensitivity
from tracker.policy import AT_THE_DOOR, Actor, Permission
from tracker.queries import (
    board_actions,
    board_items,
    board_sections,
    indicators,
    performance,
    review_lines,
    risk_signs,
)
from tracker.queries import risk_items as risk
from tracker.queries.board_sections import Cell, Section, Table, columns, numbered
from tracker.queries.due_dates import Horizon, horizon_for
from tracker.queries.figures import WORDS
from tracker.queries.performance_dates import counted, past_dates
from tracker.services import figures
from tracker.services.figures import Place, Reporting
from tracker.services.positions import workflow_for
from workflows.likely_late import last_day_of
from workflows.traces import in_words

SECTIONS: Mapping[str, str] = {
    "late": "What is late, and what will be",
    "board": "For the board to decide",
    "reviews": "Reviews of a death, one line each",
    "asb": "ASB case reviews in numbers",
    "actions": "Action plan, with every date that moved",
    "performance": "Performance: who answers in time, whether dates slip",
    "quarters": "Actions opened and closed by quarter",
    "indicators": "Indicators",
}
"""What a pack can hold, in its order."""
MEETINGS: Mapping[str, str] = {
    "board": "Partnership board",
    "executive": "Executive or steering group",
    "scrutiny": "Overview and scrutiny committee",
}
NEW_YEAR = (4, 1)
"""Numbers of a year are those of a financial year."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the pack is made of. ``sections`` are keys of :data:`SECTIONS`, ``meeting`` of :data:`MEETINGS`."""

    partnership: str
    as_at: date
    meeting: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """The pack as it is drawn. ``note`` says how a day that is not today was counted; ``mark`` is its marking."""

    partnership: str
    meeting: str
    as_at: date
    mark: str
    note: str
    sections: tuple[Section, ...]
    references: tuple[str, ...]

    @property
    def title(self) -> str:
        """``Board pack for 10 December 2026``."""
        return f"Board pack for {self.as_at.day} {self.as_at:%B %Y}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose work is in the pack: a partnership's and that of those which it co-ordinates for."""

    partnership: Partnership
    ids: tuple[int, ...]
    actor: Actor
    horizon: Horizon
    today: date


def places(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The partnerships whose packs the actor puts together, boards first: key and name."""
    theirs = actor.partnerships(*AT_THE_DOOR[Permission.BOARD_PACK])
    rows = session.exec(
        select(Partnership).where(col(Partnership.id).in_(theirs)).order_by(col(Partnership.name))
    ).all()
    above = {row.coordinator_id for row in rows}
    return tuple((row.key, row.name) for row in sorted(rows, key=lambda row: row.id not in above))


def pack(session: Session, actor: Actor, asked: Asked, today: date) -> Pack:
    """The pack with the sections that were asked for, from what is recorded now.

    Raises:
        NotVisible: there is no such partnership, or its pack is not the actor's to put together.
    """
    scope = _scope(session, actor, asked, today)
    made = [(key, _MADE[key](session, scope)) for key in SECTIONS if key in asked.sections]
    rows = [row for _, section in made for table in section.tables for row in table.rows]
    named = tuple(sorted({cell.href.split("/")[2] for row in rows for cell in row[:1] if cell.href}))
    return Pack(
        partnership=scope.partnership.name,
        meeting=MEETINGS[asked.meeting],
        as_at=asked.as_at,
        mark="OFFICIAL-SENSITIVE" if _restricted(session, scope, named) else "OFFICIAL",
        note=_note(asked.as_at, today),
        sections=tuple(section for _, section in made),
        references=named,
    )


def _scope(session: Session, actor: Actor, asked: Asked, today: date) -> Scope:
    """The same person with what they hold in these partnerships alone: nothing of others comes into the pack."""
    place = access.partnership_for(session, actor, asked.partnership, Permission.BOARD_PACK)
    below = session.exec(select(Partnership.id).where(Partnership.coordinator_id == place.id)).all()
    ids = {place.id, *below}
    granted = session.exec(
        select(Case.id).where(col(Case.id).in_(actor.granted), col(Case.partnership_id).in_(ids))
    ).all()
    here = replace(
        actor,
        holdings=frozenset(held for held in actor.holdings if held.partnership_id in ids),
        granted=frozenset(number for number in granted if number is not None),
    )
    kept = tuple(sorted(number for number in ids if number is not None))
    return Scope(place, kept, here, horizon_for(session, here, asked.as_at), today)


def _note(as_at: date, today: date) -> str:
    if as_at == today:
        return ""
    if as_at > today:
        return f"Made on {in_words(today)}. Dates are counted as on {in_words(as_at)}: what is not done by then is overdue."
    return (
        f"Made on {in_words(today)}. {in_words(as_at)} has passed: dates are counted as on that day, and what was done"
        " since counts as done."
    )


def _restricted(session: Session, scope: Scope, named: Sequence[str]) -> bool:
    found = session.exec(
        select(Case.id).where(
            col(Case.reference).in_(named),
            Case.sensitivity == Sensitivity.RESTRICTED,
            access.visible(scope.actor),
        )
    )
    return found.first() is not None


def _late(session: Session, scope: Scope) -> Section:
    found, _ = risk.items(session, scope.actor, scope.horizon)
    return board_sections.late(found, last_day_of(risk.WEEKS, scope.horizon.today))


def _board(session: Session, scope: Scope) -> Section:
    return board_sections.asked(board_items.taken(session, scope.actor))


def _reviews(session: Session, scope: Scope) -> Section:
    reviews = review_lines.open_reviews(session, scope.actor)
    signs = risk_signs.read(session, scope.actor, (), reviews)
    return board_sections.reviews(review_lines.lines(session, reviews, signs, scope.horizon))


def _asb(session: Session, scope: Scope) -> Section:
    place, on = Place(scope.partnership), scope.horizon.today
    first = date(on.year if (on.month, on.day) >= NEW_YEAR else on.year - 1, *NEW_YEAR)
    this = figures.count(session, place, Reporting(first, on))
    before = figures.count(
        session, place, Reporting(first.replace(year=first.year - 1), first - timedelta(days=1))
    )
    counts = Table(
        "ASB case reviews",
        (*columns("What is counted"), *numbered(f"Since {first.day} {first:%B %Y}", "The year before")),
        tuple(
            (Cell(words), Cell(str(now)), Cell(str(then)))
            for (_, _, words), now, then in zip(WORDS, this.numbers, before.numbers, strict=True)
        ),
    )
    theirs = session.exec(
        select(Case).where(Case.process == figures.PROCESS, access.visible(scope.actor))
    ).all()
    open_ = [case for case in theirs if not workflow_for(case).state_by_name[case.state].final]
    stages: dict[str, int] = {}
    for case in open_:
        label = workflow_for(case).state_by_name[case.state].label
        stages[label] = stages.get(label, 0) + 1
    stands = Table(
        "Where open ones stand",
        (*columns("Stage"), *numbered("Open")),
        tuple((Cell(label), Cell(str(number))) for label, number in sorted(stages.items())),
    )
    said = f"{len(open_) or 'No'} ASB case review{' is' if len(open_) == 1 else 's are'} open."
    return Section("asb", "ASB case reviews", (said,), (counts, stands) if open_ else (counts,))


def _actions(session: Session, scope: Scope) -> Section:
    return board_actions.section(session, scope.actor, scope.horizon)


def _performance(session: Session, scope: Scope) -> Section:
    dates = counted(past_dates(session, scope.actor, scope.horizon.today), before_us=False)
    agencies = performance.by_agency(dates)
    return board_sections.performance(
        agencies,
        performance.agencies_said(agencies),
        performance.by_source(dates),
        performance.sources_said(dates),
    )


def _quarters(session: Session, scope: Scope) -> Section:
    found = performance.by_quarter(performance.opened_and_closed(session, scope.actor), scope.horizon.today)
    said = performance.actions_said(found)
    return board_sections.quarters(found, said, performance.chart_of(found, said))


def _indicators(session: Session, scope: Scope) -> Section:
    return indicators.section(indicators.readings(session, scope.ids))


_MADE: Mapping[str, Callable[[Session, Scope], Section]] = {
    "late": _late,
    "board": _board,
    "reviews": _reviews,
    "asb": _asb,
    "actions": _actions,
    "performance": _performance,
    "quarters": _quarters,
    "indicators": _indicators,
}
