"""Reviews as lists show them: state and days in it, who holds it, the next date, flags, and the dates of the report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker.models import Case, Deadline, DeadlineStatus, Partnership, Sensitivity, User
from tracker.queries.date_words import due_words
from tracker.queries.due_dates import Horizon, running, with_calendars
from tracker.queries.overdue import unit_of
from tracker.services.positions import workflow_for
from tracker.services.process_names import process_name, shown_on
from workflows.calendars import Calendar
from workflows.definition import HeldBy

HELD_BY: Mapping[HeldBy, str] = {
    HeldBy.US: "Us",
    HeldBy.AGENCY: "Agencies",
    HeldBy.APPLICANT: "The applicant",
    HeldBy.HOME_OFFICE: "The Home Office",
    HeldBy.NOBODY: "Nobody",
}
HOLDS: Mapping[str, str] = {
    "full": "On hold",
    "partial": "Partial hold",
    "publication_only": "Publication on hold",
}
"""What an active hold is called on a list, by its kind."""

HOLD = "hold"
REPORT = "REPORT_6M"
"""The clock of the overview report (statutory guidance 2016, paragraph 47)."""

Row = tuple[Case, Partnership, User]


@dataclass(frozen=True, slots=True)
class ReportDates:
    """When the report was first due, when it is due now, and how that stands in words."""

    first: date | None
    due_on: date | None
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One case on the list. ``days`` are those in its present state; ``next_what`` says what the next date is.

    ``flags`` are words, such as ``Restricted``; ``report`` stands only where it was asked for and has a date.
    """

    reference: str
    href: str
    type: str
    restricted: bool
    state: str
    state_tag: str
    days: int
    held_by: str
    due_on: date | None
    words: str
    due_state: str
    next_what: str
    officer: str
    flags: tuple[str, ...]
    report: ReportDates | None


def shown(
    session: Session, rows: Sequence[Row], horizon: Horizon, *, reports: bool = False
) -> tuple[CaseShown, ...]:
    """The rows as a page shows them; what belongs to many rows is read in one query for all."""
    ids = [case.id or 0 for case, _, _ in rows]
    calendars = with_calendars(session, horizon.calendars, (case.partnership_id for case, _, _ in rows))
    soonest = _soonest(session, ids)
    names = shown_on(session, (case for case, _, _ in rows))
    holds = _holds(session, ids)
    dates = _reports(session, ids) if reports else {}
    return tuple(
        _row(
            row,
            soonest.get(row[0].id or 0),
            calendars[row[0].partnership_id],
            horizon.today,
            name=process_name(row[1], workflow_for(row[0]), names.get(row[0].policy_id, "")),
            holds=holds.get(row[0].id or 0, ()),
            report=dates.get(row[0].id or 0),
        )
        for row in rows
    )


def _row(
    row: Row,
    deadline: Deadline | None,
    calendar: Calendar,
    today: date,
    *,
    name: str,
    holds: Sequence[str],
    report: Deadline | None,
) -> CaseShown:
    case, _, officer = row
    state = workflow_for(case).state_by_name[case.state]
    words, due_state = ("", "")
    if deadline is not None:
        words, due_state = due_words(deadline.due_on, unit_of(deadline), calendar, today)
    restricted = case.sensitivity == Sensitivity.RESTRICTED
    return CaseShown(
        reference=case.reference,
        href=f"/cases/{case.reference}",
        type=name,
        restricted=restricted,
        state=state.label,
        state_tag={HeldBy.US: "working", HeldBy.NOBODY: "closed"}.get(state.held_by, "waiting"),
        days=max(0, ((case.closed_on or today) - case.state_since_on).days),
        held_by=HELD_BY[state.held_by],
        due_on=deadline.due_on if deadline else None,
        words=words,
        due_state=due_state,
        next_what=deadline.label if deadline else "",
        officer=officer.name if officer else "",
        flags=tuple(dict.fromkeys((*(["Restricted"] if restricted else []), *holds))),
        report=_report(report, calendar, today) if report else None,
    )


def _report(deadline: Deadline, calendar: Calendar, today: date) -> ReportDates:
    words, state = "No longer counts", ""
    if deadline.status == DeadlineStatus.MET:
        late = deadline.met_on and deadline.due_on and deadline.met_on > deadline.due_on
        words = "Met late" if late else "Met in time"
    elif deadline.status == DeadlineStatus.RUNNING and deadline.paused:
        words, state = "Paused", "paused"
    elif deadline.status == DeadlineStatus.RUNNING:
        words, state = due_words(deadline.due_on, unit_of(deadline), calendar, today)
    return ReportDates(deadline.first_due_on, deadline.due_on, words, state)


def _soonest(session: Session, cases: Sequence[int]) -> Mapping[int, Deadline]:
    """The next date of each case."""
    rows = session.exec(
        select(Deadline)
        .where(col(Deadline.case_id).in_(cases), running(), col(Deadline.due_on).is_not(None))
        .order_by(col(Deadline.due_on), col(Deadline.id))
    ).all()
    found: dict[int, Deadline] = {}
    for deadline in rows:
        found.setdefault(deadline.case_id, deadline)
    return found


def _holds(session: Session, cases: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """The active holds of each case, in words: for everybody who may open the case."""
    rows = session.exec(
        select(Case)
        .where(col(Case.parent_id).in_(list(cases)), Case.process == HOLD, col(Case.closed_on).is_(None))
        .order_by(col(Case.id))
    ).all()
    found: dict[int, tuple[str, ...]] = {}
    for hold in rows:
        above = hold.parent_id or 0
        found[above] = (*found.get(above, ()), HOLDS.get(str(hold.facts.get("kind", "")), "On hold"))
    return found


def _reports(session: Session, cases: Iterable[int]) -> Mapping[int, Deadline]:
    """The latest date of each review's report."""
    rows = session.exec(
        select(Deadline)
        .where(col(Deadline.case_id).in_(list(cases)), Deadline.key == REPORT)
        .order_by(col(Deadline.id))
    ).all()
    return {deadline.case_id: deadline for deadline in rows}
