"""What a partnership has published, read as parameters: the lengths that differ from the definition's defaults."""

from sqlmodel import Session, col, or_, select

from tracker.models import Case, LocalPolicy
from workflows.dates import DayZero, Mode, Period, Roll, Unit
from workflows.definition import Clock


def policy_on(session: Session, case: Case, area: str = "") -> LocalPolicy | None:
    """The policy in force for a process on the case's legally relevant date; an area's own comes first."""
    rows = session.exec(
        select(LocalPolicy)
        .where(
            LocalPolicy.partnership_id == case.partnership_id,
            LocalPolicy.process == case.process,
            col(LocalPolicy.area).in_({"", area}),
            LocalPolicy.effective_from <= case.opened_on,
            or_(col(LocalPolicy.effective_to).is_(None), col(LocalPolicy.effective_to) >= case.opened_on),
        )
        .order_by(col(LocalPolicy.area).desc(), col(LocalPolicy.effective_from).desc())
    ).all()
    return rows[0] if rows else None


def length_of(policy: LocalPolicy | None, clock: Clock) -> Period | None:
    """How long this clock runs under the policy: the definition's default unless the policy says otherwise."""
    own = policy.clocks.get(clock.key) if policy else None
    if own is None or clock.period is None:
        return clock.period
    return Period(
        int(own["n"]), Unit(own["unit"]), clock.period.mode, clock.period.day_zero, clock.period.roll
    )


def rule_to(period: Period | None) -> dict[str, str | int]:
    """A length as the snapshot on a deadline."""
    if period is None:
        return {}
    return {
        "n": period.n,
        "unit": str(period.unit),
        "mode": str(period.mode),
        "day_zero": str(period.day_zero),
        "roll": str(period.roll),
    }


def rule_from(rule: dict[str, str | int]) -> Period | None:
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
