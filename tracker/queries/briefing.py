"""What the mails to the business unit say besides dates: an officer's morning and a manager's week, as numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from tracker import access, clock
from tracker.models import Case, Event, Outbox, OutboxState
from tracker.policy import ACTIONS, REVIEWS, Actor
from tracker.queries import action_list, risk_items, unreminded
from tracker.queries.at_risk import PATTERN, by_week, calendar_of, kinds_of
from tracker.queries.decisions import waiting_for
from tracker.queries.due_dates import Horizon
from tracker.queries.reminders import did_not_arrive
from tracker.queries.risk_items import WEEKS, RiskItem
from tracker.services.notices import WEEKS_NOTE
from tracker.templating import count
from workflows.likely_late import last_day_of


@dataclass(frozen=True, slots=True)
class LikelyLate:
    """What will be late: how many up to which day, and the one week with most of them, if one stands out."""

    number: int
    upto: date
    worst: date | None = None
    in_worst: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """The numbers of a manager's note: those of At risk. ``kinds`` and ``decisions`` are ready phrases."""

    overdue: int
    kinds: str
    last_week: int | None
    likely: LikelyLate
    decisions: tuple[str, ...]
    sent: int
    came_back: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write about."""
        return not (self.overdue or self.decisions or self.came_back or self.likely.number)


def came_in(session: Session, actor: Actor, since: datetime) -> str:
    """``1 application, 1 done to check, 1 wants more time``: new cases since then, and what leads said and still waits."""
    new = session.exec(
        select(Case.process, func.count())
        .join(Event, and_(col(Event.case_id) == col(Case.id), col(Event.seq) == 1))
        .where(
            access.visible(actor),
            col(Case.process).in_(REVIEWS),
            col(Event.recorded_at) > since,
            or_(col(Event.actor_id).is_(None), col(Event.actor_id) != actor.user_id),
            col(Event.detail)["imported"].as_string().is_(None),
        )
        .group_by(Case.process)
    ).all()
    by = Counter[str]()
    for process, number in new:
        by["application" if process == "asb_case_review" else "notification"] += number
    done, asked = _reported(session, actor), _asked(session, actor)
    said = [count(by[what], what) for what in ("application", "notification") if by[what]]
    said += [f"{done} done to check"] if done else []
    if more := asked["more_time"]:
        said.append(f"{more} {'wants' if more == 1 else 'want'} more time")
    said += [f"{asked['not_ours']} not theirs"] if asked["not_ours"] else []
    back = did_not_arrive(session, actor)
    said += [f"{count(back, 'e-mail')} came back"] if back else []
    return ", ".join(said)


def cannot_be_reminded(session: Session, actor: Actor, today: date) -> str:
    """``4 actions have no date or no lead``, of those that the actor is to see to; empty if all can be reminded."""
    total = unreminded.how_many(session, actor, today)
    return f"{count(total, 'action')} {'has' if total == 1 else 'have'} no date or no lead" if total else ""


def named_gaps(session: Session, actor: Actor, today: date) -> tuple[str, ...]:
    """Each of them by reference with the reason, as lines of a mail."""
    found = unreminded.unreminded(session, actor, today)
    return (*found.lines, f"And {found.left_out} more") if found.left_out else found.lines


def week_of(session: Session, actor: Actor, horizon: Horizon, at: datetime, monday: date) -> Week:
    """The numbers of the week that begins on ``monday``, as at an instant."""
    found, _ = risk_items.items(session, actor, horizon)
    overdue = [item for item in found if item.overdue]
    sent, back = _mornings(session, actor, at)
    return Week(
        len(overdue),
        kinds_of(overdue).removesuffix(", 0 plan dates"),
        _said_before(session, actor, monday - timedelta(days=7)),
        _likely(found, horizon),
        tuple(group.text for group in waiting_for(session, actor)),
        sent,
        back,
    )


def week_in_words(week: Week) -> tuple[tuple[str, ...], str]:
    """The lines of the note and its subject (docs/ux.md (i) 5)."""
    now = f"Overdue now: {week.overdue}{f' ({week.kinds})' if week.kinds else ''}."
    before = f" Last week: {week.last_week}." if week.last_week is not None else ""
    likely = week.likely
    worst = f" The week of {_day(likely.worst)} has {likely.in_worst}." if likely.worst else ""
    lines = [now + before, f"Likely to be late: {likely.number}.{worst}"]
    if week.decisions:
        lines.append(f"Waiting for you: {', '.join(week.decisions)}.")
    back = f", {week.came_back} came back" if week.came_back else ""
    lines.append(f"Reminders: {week.sent} sent this morning{back}.")
    subject = f"{week.overdue} overdue, {likely.number} likely to be late by {_day(likely.upto)}"
    return tuple(lines), subject


def _likely(found: Sequence[RiskItem], horizon: Horizon) -> LikelyLate:
    weeks = by_week(found, calendar_of(horizon), horizon.today)
    most = sorted(weeks, key=lambda week: (-week.late, week.monday))[:2]
    stands_out = most[0].late >= PATTERN and most[1].late < most[0].late
    return LikelyLate(
        sum(item.late for item in found),
        last_day_of(WEEKS, horizon.today),
        most[0].monday if stands_out else None,
        most[0].late,
    )


def _day(on: date) -> str:
    return f"{on.day} {on:%B}"


def _reported(session: Session, actor: Actor) -> int:
    return _actions(session, actor, col(Case.state) == "completed_unverified")


def _asked(session: Session, actor: Actor) -> Counter[str]:
    """How many actions wait because their lead asks for more time, or says that they are not theirs."""
    said = col(Case.facts)["update_kind"].as_string()
    return Counter(
        {
            kind: _actions(session, actor, and_(col(Case.state).in_(action_list.OPEN_STATES), said == kind))
            for kind in ("more_time", "not_ours")
        }
    )


def _actions(session: Session, actor: Actor, condition: ColumnElement[bool]) -> int:
    return session.exec(
        select(func.count(col(Case.id))).where(
            access.visible(actor), col(Case.process).in_(ACTIONS), condition
        )
    ).one()


def _mornings(session: Session, actor: Actor, at: datetime) -> tuple[int, int]:
    """Reminders of this morning, sent or about to be, and those that came back."""
    started = clock.morning_of(clock.london(at))
    going = or_(
        and_(Outbox.state == OutboxState.SENT, col(Outbox.sent_at) >= started),
        and_(col(Outbox.state).in_([OutboxState.QUEUED, OutboxState.SENDING]), col(Outbox.not_before) <= at),
    )
    sent = session.exec(
        select(func.count(col(Outbox.id)))
        .join(Case, col(Case.id) == col(Outbox.case_id))
        .where(access.visible(actor), going)
    ).one()
    return sent, did_not_arrive(session, actor)


def _said_before(session: Session, actor: Actor, monday: date) -> int | None:
    """How many were overdue as the note of that week said; None if there was none."""
    row = session.exec(
        select(Outbox)
        .where(
            Outbox.kind == WEEKS_NOTE,
            Outbox.recipient_id == actor.user_id,
            Outbox.rung == monday.isoformat(),
        )
        .order_by(col(Outbox.id).desc())
    ).first()
    number = row.payload.get("overdue") if row else None
    return number if isinstance(number, int) else None
