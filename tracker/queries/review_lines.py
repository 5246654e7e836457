"""Every open review of a death on one line: where it stands, with whom, since when, and when its report is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, select

from tracker import access
from tracker.models import Case, Deadline, DeadlineStatus, Sensitivity
from tracker.policy import Actor
from tracker.queries.case_rows import HELD_BY
from tracker.queries.date_words import due_words
from tracker.queries.due_dates import Horizon, address_of, with_calendars
from tracker.queries.overdue import unit_of
from tracker.queries.risk_signs import NOTHING_BESIDE, Beside, Reviews, Signs
from tracker.services.positions import workflow_for
from tracker.templating import count, day_brief
from workflows.calendars import Calendar
from workflows.definition import HeldBy
from workflows.rag import times
from workflows.released import RELEASED

DEATHS = frozenset({"dhr_2016", "dardr"})
REPORT = "REPORT_6M"
_KINDS = {"full": "Full hold", "partial": "Partial hold", "publication_only": "Publication hold"}


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One review. ``first`` and ``due`` are a day or words; ``holds`` are tags."""

    reference: str
    href: str
    stage: str
    holds: tuple[str, ...]
    held_by: str
    days: int
    first: date | str
    due: date | str
    words: str
    state: str
    restricted: bool = False


def open_reviews(session: Session, actor: Actor) -> Reviews:
    """The open reviews that the actor may see, each with the date of its report, the newest case first."""
    later = aliased(Deadline)
    newest = (
        select(func.max(later.id))
        .where(later.case_id == Case.id, later.key == REPORT)
        .correlate(Case)
        .scalar_subquery()
    )
    ended = {s.name for w in RELEASED.values() if w.key in DEATHS for s in w.states if s.final}
    rows = session.exec(
        select(Case, Deadline)
        .outerjoin(Deadline, and_(col(Deadline.case_id) == col(Case.id), col(Deadline.id) == newest))
        .where(col(Case.process).in_(DEATHS), col(Case.state).not_in(ended), access.visible(actor))
        .order_by(col(Case.opened_on).desc(), col(Case.reference).desc())
    ).all()
    return list(rows)


def lines(session: Session, found: Reviews, signs: Signs, horizon: Horizon) -> tuple[ReviewLine, ...]:
    """The rows as the page shows them."""
    calendars = with_calendars(session, horizon.calendars, (case.partnership_id for case, _ in found))
    return tuple(
        _line(
            case,
            report,
            signs.beside.get(case.id or 0, NOTHING_BESIDE),
            calendars[case.partnership_id],
            horizon.today,
            signs.moved.get(report.id or 0, 0) if report else 0,
        )
        for case, report in found
    )


def _line(
    case: Case, report: Deadline | None, beside: Beside, calendar: Calendar, today: date, moved: int
) -> ReviewLine:
    state = workflow_for(case).state_by_name[case.state]
    first, due, words, drawn = _report(report, calendar, today, moved)
    return ReviewLine(
        reference=case.reference,
        href=address_of(case),
        stage=state.label,
        holds=tuple(dict.fromkeys(_KINDS.get(str(one.facts.get("kind")), "Hold") for one in beside.holds)),
        held_by=_held_by(state.held_by, beside.returns),
        days=max(0, (today - case.state_since_on).days),
        first=first,
        due=due,
        words=words,
        state=drawn,
        restricted=case.sensitivity == Sensitivity.RESTRICTED,
    )


def _held_by(held_by: HeldBy, returns: Iterable[Case]) -> str:
    owing = {one.owner_organisation_id for one in returns}
    if held_by is HeldBy.AGENCY and owing:
        return count(len(owing), "agency", "agencies")
    return HELD_BY[held_by]


def _report(
    report: Deadline | None, calendar: Calendar, today: date, moved: int
) -> tuple[date | str, date | str, str, str]:
    """First due, due now, the words under it, and how it is drawn."""
    if report is None or report.due_on is None:
        return "Not yet", "No date yet", "runs from the decision to review", ""
    first = report.first_due_on or report.due_on
    if report.status == DeadlineStatus.MET and report.met_on is not None:
        late = report.met_on > report.due_on
        return first, "Met late" if late else "Met", f"signed off {day_brief(report.met_on)}", ""
    if report.status != DeadlineStatus.RUNNING:
        return first, "Ended", "no longer counts", ""
    words, state = due_words(report.due_on, unit_of(report), calendar, today)
    if report.paused:
        return first, report.due_on, "Paused", "paused"
    often = f"Extended {times(moved)}, " if moved else ""
    return first, report.due_on, f"{often}{words}" if often else words, state
