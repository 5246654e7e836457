"""What a partnership has published, read as parameters: which version a case takes, and what it says of each clock.

A case takes the version in force on its legally relevant date and keeps it: :func:`policy_for` reads, and
:mod:`tracker.services.clocks` puts it on the case with the first act that finds it. A case that belongs to another
goes by the version of that other. Nothing here moves a date that runs.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker import db
from tracker.models import Area, Case, LocalPolicy, Partnership
from tracker.models.columns import JsonObject
from tracker.services.areas import area_named
from tracker.services.ladders import local_ladder
from workflows.calendars import Calendar
from workflows.dates import DayZero, Mode, Period, Roll, Unit
from workflows.definition import Clock
from workflows.released import workflow_of

RELEVANT: Mapping[str, str] = {"asb_case_review": "application_date"}
"""The fact that gives the legally relevant date of a case, where that is not the day on which it was opened."""

HIGH_HARM_HALVES = "high_harm_halves"
"""What a policy says of a clock whose length is halved where harm is high."""


def policy_for(session: Session, case: Case, facts: Mapping[str, object] | None = None) -> LocalPolicy | None:
    """The version that a case took, or that it takes now that its area and date are known; None if there is none.

    ``facts`` are those of the case with new ones laid over them. A version that was taken is kept, however later
    versions are dated; only where the recorded area turns out to be another, that area's own is taken instead.
    """
    if case.parent_id is not None:
        return policy_for(session, session.get_one(Case, case.parent_id))
    known = case.facts if facts is None else facts
    on = _relevant_on(case, known)
    area: Area | None = None
    if "area" in workflow_of(case.process, case.workflow_version).fact_by_name:
        area = area_named(session, case.partnership_id, str(known.get("area") or ""), on)
        if area is None:
            return None
    owners = _owners(session, area.partnership_id if area else case.partnership_id)
    if case.policy_id is not None:
        taken = session.get_one(LocalPolicy, case.policy_id)
        if area is None or (
            taken.partnership_id in owners
            and taken.area in {"", area.key}
            and not _moved(session, case, area, on)
        ):
            return taken
    return version_on(session, owners, case.process, area.key if area else "", on)


def version_on(
    session: Session, owners: tuple[int, ...], process: str, area: str, on: date
) -> LocalPolicy | None:
    """The version in force on a day: the area's own before the partnership's, the partnership's before its board's."""
    rows = session.exec(
        select(LocalPolicy).where(
            col(LocalPolicy.partnership_id).in_(owners),
            LocalPolicy.process == process,
            col(LocalPolicy.area).in_({"", area}),
            LocalPolicy.effective_from <= on,
            or_(col(LocalPolicy.effective_to).is_(None), col(LocalPolicy.effective_to) >= on),
        )
    ).all()
    return max(
        rows,
        key=lambda row: (-owners.index(row.partnership_id), bool(row.area), row.effective_from),
        default=None,
    )


def in_area(session: Session, process: str, area: Area, on: date) -> LocalPolicy | None:
    """The version that a case of an area takes on a day; None if it takes none."""
    return version_on(session, _owners(session, area.partnership_id), process, area.key, on)


def own_of(policy: LocalPolicy | None, clock: Clock) -> Mapping[str, object]:
    """What the policy says of this clock; empty if nothing."""
    return policy.clocks.get(clock.key) or {} if policy else {}


def halves(policy: LocalPolicy | None, clock: Clock) -> bool:
    """Whether the area wants half the length of this clock where harm is high (docs/asb-case-review.md 6.3)."""
    return own_of(policy, clock).get(HIGH_HARM_HALVES) is True


def length_of(policy: LocalPolicy | None, clock: Clock) -> Period | None:
    """How long this clock runs under the policy: the definition's default unless the policy says otherwise."""
    own = policy.clocks.get(clock.key) if policy else None
    return clock.period if own is None else period_from(own, clock.period)


def period_from(own: Mapping[str, object], default: Period | None) -> Period | None:
    """A length as a policy writes it. ``then`` are further lengths of a chain, in the same unit: 3, then 7 more."""
    if default is None or "n" not in own:
        return default
    chain = own.get("then") or ()
    more = sum(int(str(n)) for n in chain) if isinstance(chain, list | tuple) else 0
    return Period(
        int(str(own["n"])) + more,
        Unit(str(own["unit"])),
        Mode(str(own.get("mode") or default.mode)),
        DayZero(str(own.get("day_zero") or default.day_zero)),
        Roll(str(own.get("roll") or default.roll)),
    )


def start_of(policy: LocalPolicy | None, clock: Clock) -> str:
    """The fact from which this clock runs under the policy; empty for the definition's own."""
    own = policy.clocks.get(clock.key) if policy else None
    return "" if own is None else start_name(str(own.get("start") or ""))


def start_name(given: str) -> str:
    """The fact that a starting event is recorded as: a letter may be named by its number alone, L1."""
    return f"letter_sent_{given}" if given[:1] == "L" and given[1:].isdigit() else given


def warned(policy: LocalPolicy | None, clock: Clock) -> Clock:
    """The clock with the reminders that the policy wants before its date, and after it; what it leaves out stays."""
    own = policy.ladders.get(clock.key) if policy else None
    return clock if own is None else replace(clock, ladder=local_ladder(clock.ladder, own))


def closed_by(policy: LocalPolicy | None) -> dict[date, str]:
    """The closed days that the clocks of the policy leave out, with their names."""
    return {date.fromisoformat(on): str(name) for on, name in (policy.closed_days if policy else {}).items()}


def counted_by(calendar: Calendar, closed: Mapping[date, str]) -> Calendar:
    """The calendar without those closed days."""
    return calendar.with_closed(closed) if closed else calendar


def rule_to(period: Period | None, closed: Mapping[date, str] | None = None, why: str = "") -> JsonObject:
    """A length as the snapshot on a deadline, with the closed days that were published for it, and why it is unusual."""
    if period is None:
        return {}
    rule: JsonObject = {
        "n": period.n,
        "unit": str(period.unit),
        "mode": str(period.mode),
        "day_zero": str(period.day_zero),
        "roll": str(period.roll),
    }
    rule |= {"why": why} if why else {}
    return rule | (
        {"closed": {on.isoformat(): name for on, name in sorted(closed.items())}} if closed else {}
    )


def rule_from(rule: JsonObject) -> Period | None:
    """The length back from the snapshot."""
    if not rule:
        return None
    return Period(
        int(rule["n"]),
        Unit(str(rule["unit"])),
        Mode(str(rule["mode"])),
        DayZero(str(rule["day_zero"])),
        Roll(str(rule["roll"])),
    )


def closed_in(rule: JsonObject) -> dict[date, str]:
    """The closed days back from the snapshot."""
    return {date.fromisoformat(on): str(name) for on, name in rule.get("closed", {}).items()}


def _relevant_on(case: Case, facts: Mapping[str, object]) -> date:
    value = facts.get(RELEVANT.get(case.process, ""))
    if isinstance(value, str) and value:
        return date.fromisoformat(value)
    return value if isinstance(value, date) else case.opened_on


def _moved(session: Session, case: Case, area: Area, on: date) -> bool:
    """Whether the area that is recorded on the case is another one than is said now."""
    before = area_named(session, case.partnership_id, str(case.facts.get("area") or ""), on)
    return before is not None and before.id != area.id


def _owners(session: Session, partnership_id: int) -> tuple[int, ...]:
    """The partnership, then the board that co-ordinates for it."""
    row = select(Partnership.coordinator_id).where(Partnership.id == partnership_id)
    board = db.once(session, (_owners, partnership_id), lambda: session.exec(row).one_or_none())
    return (partnership_id, board) if board else (partnership_id,)
