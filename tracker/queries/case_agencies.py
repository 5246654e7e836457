"""The agencies of a case: what each was asked for, how far it is, and when it is due."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker.models import Case
from tracker.policy import Actor
from tracker.queries.related import RelatedRow, related_to

_REQUEST, _CHRONOLOGY = "information_request", "chronology"


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that an agency was asked for: where it stands in words, how often they were chased, its reference."""

    reference: str
    words: str
    ended: bool
    chased: str


@dataclass(frozen=True, slots=True)
class AgencyShown:
    """One agency. The date is the first that still runs; without one all is in, or nothing was asked with a date."""

    name: str
    chronology: tuple[Owed, ...]
    report: tuple[Owed, ...]
    due_on: date | None
    due: str
    due_state: str

    @property
    def all_in(self) -> bool:
        """Whether everything that was asked for has ended."""
        return all(owed.ended for owed in (*self.chronology, *self.report))


def agencies_of(session: Session, actor: Actor, case: Case, today: date) -> tuple[AgencyShown, ...]:
    """Every agency that was asked for something, those that still owe it first, by their dates."""
    asked: dict[str, list[RelatedRow]] = defaultdict(list)
    for group in related_to(session, actor, case, today):
        if group.process == _REQUEST:
            for row in group.rows:
                asked[row.who].append(row)
    found = [_agency(name, rows) for name, rows in asked.items()]
    return tuple(sorted(found, key=lambda each: (each.all_in, each.due_on or date.max, each.name)))


def _agency(name: str, rows: list[RelatedRow]) -> AgencyShown:
    running = sorted((row for row in rows if row.due_on and not row.ended), key=lambda row: str(row.due_on))
    first = running[0] if running else None
    return AgencyShown(
        name,
        tuple(_owed(row) for row in rows if row.sort == _CHRONOLOGY),
        tuple(_owed(row) for row in rows if row.sort != _CHRONOLOGY),
        first.due_on if first else None,
        first.due if first else "",
        first.due_state if first else "",
    )


def _owed(row: RelatedRow) -> Owed:
    times = row.chasers.partition(",")[0]
    chased = "" if not times or row.ended else "chased once" if times == "1" else f"chased {times} times"
    return Owed(row.reference, row.state, row.ended, chased)
