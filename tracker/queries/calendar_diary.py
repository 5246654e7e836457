"""The statutory diary: each partnership's own duties with their dates, and where the record has a gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker.models import DutyRecord, Partnership, Plan, PublishedFigures
from tracker.policy import READERS, Actor, Permission, Subject, allows
from tracker.queries.date_words import due_words
from tracker.services.calendars import calendars_for
from tracker.services.duties import done_of, records_of
from tracker.services.figures import TARGET
from workflows.calendars import Calendar
from workflows.dates import Unit, compute
from workflows.duties import WORDS, Duty, DutyDue, Term, diary, gaps, standing
from workflows.periods import corresponding
from workflows.traces import in_words

FIGURES = "Figures of ASB case reviews published"
FIGURES_BASIS = "Anti-social Behaviour, Crime and Policing Act 2014, sections 104(9) and 105"
FIGURES_RULE = "For each period of at most 12 months, 40 working days after it (length set locally)"


@dataclass(frozen=True, slots=True)
class DutyShown:
    """One duty. ``words`` and ``state`` say how its date stands; ``last_on`` when it was done last, ``link`` where."""

    label: str
    basis: str
    rule: str
    due_on: date | None
    words: str
    state: str
    last_on: date | None
    link: str


@dataclass(frozen=True, slots=True)
class DiaryShown:
    """The diary of one partnership. ``counted_from`` says what its dates are counted back from."""

    key: str
    name: str
    counted_from: str
    gaps: tuple[str, ...]
    duties: tuple[DutyShown, ...]
    done: tuple[tuple[str, str, date], ...]
    records: bool


def diaries(session: Session, actor: Actor, today: date) -> tuple[DiaryShown, ...]:
    """The diaries of the partnerships that the actor works in, by name."""
    places = session.exec(
        select(Partnership)
        .where(col(Partnership.id).in_(actor.partnerships(*READERS)), col(Partnership.to_on).is_(None))
        .order_by(Partnership.name)
    ).all()
    calendars = calendars_for(session, {place.id for place in places})
    return tuple(_diary(session, actor, place, calendars[place.id], today) for place in places)


def _diary(session: Session, actor: Actor, place: Partnership, calendar: Calendar, today: date) -> DiaryShown:
    plans = session.exec(select(Plan).where(Plan.partnership_id == place.id).order_by(col(Plan.id))).all()
    dated = {
        Term(plan.starts_on, plan.ends_on): plan.name for plan in plans if plan.starts_on and plan.ends_on
    }
    rows = records_of(session, place)
    shown = [
        DutyShown(
            WORDS[each.duty].label, WORDS[each.duty].basis, WORDS[each.duty].rule, each.due_on,
            *_stands(each, calendar, today),
            each.last_on, _link(rows, each.duty, each.last_on),
        )
        for each in diary(tuple(dated), done_of(rows), today)
    ]  # fmt: skip
    figures, missing = _figures(session, place, calendar, today)
    now = standing(tuple(dated), today) if dated else None
    never = ", ".join(each.label[0].lower() + each.label[1:] for each in shown if each.last_on is None)
    return DiaryShown(
        place.key,
        place.name,
        f"{dated[now]}, which runs to {in_words(now.last)}" if now else "",
        (*gaps(tuple(dated), today), *([f"Never recorded: {never}."] if never else []), *missing),
        (*shown, *figures),
        tuple((str(row.duty), WORDS[Duty(row.duty)].label, row.done_on) for row in rows),
        allows(actor, Permission.CASE_LOG, Subject(partnership_id=place.id)),
    )


def _stands(each: DutyDue, calendar: Calendar, today: date) -> tuple[str, str]:
    """How a date stands. Of what nobody recorded, nobody knows whether it is late."""
    if each.done:
        return "Done for this round", ""
    if each.last_on is None and each.due_on < today:
        return "Not recorded as done", "risk"
    return due_words(each.due_on, Unit.DAYS, calendar, today)


def _figures(
    session: Session, place: Partnership, calendar: Calendar, today: date
) -> tuple[tuple[DutyShown, ...], tuple[str, ...]]:
    """The duty to publish, from the figures that were approved; what is missing of it in words."""
    approved = session.exec(
        select(PublishedFigures)
        .where(PublishedFigures.partnership_id == place.id)
        .order_by(col(PublishedFigures.to_on).desc(), col(PublishedFigures.version).desc())
    ).first()
    if approved is None:
        return (), ("Figures of ASB case reviews: no period was ever approved.",)
    waits = approved.published_on is None
    to_on = approved.to_on if waits else corresponding(approved.to_on, 12)
    due_on = compute(to_on, TARGET, calendar).due_on
    missing = f"Figures to {in_words(approved.to_on)}: approved, and not recorded as published."
    words, state = due_words(due_on, TARGET.unit, calendar, today)
    row = DutyShown(
        FIGURES, FIGURES_BASIS, FIGURES_RULE, due_on, words, state, approved.published_on, approved.url
    )
    return (row,), (missing,) if waits else ()


def _link(rows: Sequence[DutyRecord], duty: Duty, on: date | None) -> str:
    return next((row.location for row in rows if row.duty == duty and row.done_on == on), "")
