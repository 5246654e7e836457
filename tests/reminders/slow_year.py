"""A year worked out by hand, a day at a time: slow, and with nothing of the product's in it but the steps it promises.

After a pause everybody is told anew only if the date has moved: of one date nobody is told the same step twice.

It knows bank holidays from a list, counts working days one by one, and keeps for each date what was said to whom.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

BANK_HOLIDAYS = {
    date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31),
    date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3),
    date(2027, 5, 31), date(2027, 8, 30), date(2027, 12, 27), date(2027, 12, 28),
}  # fmt: skip
STEPS = (
    (-10, "before-10", ("lead", "officer")), (-5, "before-5", ("lead", "officer")),
    (-1, "before-1", ("lead", "officer")), (0, "on", ("lead", "officer")), (1, "after-1", ("lead", "officer")),
    (5, "after-5", ("manager",)), (10, "after-10", ("escalation",)), (15, "after-15", ("chair",)),
    *((n, f"after-{n}", ("escalation",)) for n in range(20, 400, 10)),
)  # fmt: skip
"""docs/architecture.md, section 8: where a clock's row names no steps, these."""
PARTS = ("lead", "officer", "manager", "escalation", "chair")
DAY = timedelta(days=1)
Sent = tuple[int, str, str, date]
"""Number of the date, step, mailbox, day."""


@dataclass
class SlowDate:
    """One date: so many working days from its start, and what happened to it."""

    number: int
    starts_on: date
    length: int
    lead: str
    pauses: list[list[date | None]] = field(default_factory=list)
    met: bool = False
    told: set[tuple[str, str]] = field(default_factory=set)
    due_on: date = date.max

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None

    def resume(self, on: date) -> None:
        """Let it run again: the day of its resuming counts."""
        self.pauses[-1][1] = on


@dataclass
class SlowYear:
    """All dates, and the days that do not count as they are known so far."""

    closed: set[date] = field(default_factory=set)
    dates: list[SlowDate] = field(default_factory=list)
    sent: set[Sent] = field(default_factory=set)

    def works(self, on: date) -> bool:
        return on.weekday() < 5 and on not in BANK_HOLIDAYS and on not in self.closed

    def steps_away(self, on: date, n: int) -> date:
        """So many working days after a day, or before it."""
        while n:
            on += DAY if n > 0 else -DAY
            if self.works(on):
                n += -1 if n > 0 else 1
        return on

    def reckon(self, one: SlowDate) -> None:
        """Work a date out again from its start; if it has moved, everybody is told anew."""
        if one.paused or one.met:
            return
        on, left = one.starts_on, one.length
        while left:
            on += DAY
            stopped = any(since <= on and (to is None or on < to) for since, to in one.pauses if since)
            left -= self.works(on) and not stopped
        if on != one.due_on:
            one.due_on = on
            one.told = set()

    def morning(self, today: date) -> None:
        """What one morning's round sends."""
        if not self.works(today):
            return
        for one in self.dates:
            if not one.met and not one.paused:
                self._tell(one, today)

    def _tell(self, one: SlowDate, today: date) -> None:
        latest: dict[str, tuple[date, str]] = {}
        for part in PARTS:
            due_steps = [
                (self.steps_away(one.due_on, n), key)
                for n, key, parts in STEPS
                if part in parts and (n <= 0 or one.due_on < today)
            ]
            past = [step for step in due_steps if step[0] <= today]
            had = [place for place, (_, key) in enumerate(past) if (key, part) in one.told]
            fresh = past[had[-1] + 1 :] if had else past
            one.told |= {(key, part) for _, key in past}
            if fresh:
                mailbox = self.mailbox(one, part)
                latest[mailbox] = max(latest.get(mailbox, fresh[-1]), fresh[-1])
        self.sent |= {(one.number, key, mailbox, today) for mailbox, (_, key) in latest.items()}

    def mailbox(self, one: SlowDate, part: str) -> str:
        """Where a part is played: the housing association has named no senior, so the manager is told."""
        if part == "lead":
            return "lead@example.test" if one.lead == "police" else "lead2@example.test"
        if part == "escalation":
            return "senior@police.example" if one.lead == "police" else "manager@example.test"
        return f"{part}@example.test"
