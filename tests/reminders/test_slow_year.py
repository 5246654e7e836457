"""A year with outages, pauses, extensions, new closed days and new leads agrees, reminder by reminder, with the slow one."""

import random
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from tests.drills.sizes import size
from tests.reminders.conftest import EIGHT, WORKING_DAYS, Office
from tests.reminders.slow_year import DAY, SlowDate, SlowYear
from tracker import audit, clock
from tracker.audit import Happened
from tracker.models import Case, Deadline, DeadlineStatus, OutboxState
from tracker.policy import SYSTEM
from tracker.services import deadlines, holidays
from workflows.changes import Change, ChangeKind

CASES = size(40, 2000)
SEEDS = size(3, 1)
"""Several small years, or a large one."""
FIRST, LAST = date(2026, 1, 5), date(2026, 12, 31)
NOON = timedelta(hours=4)


class Year:
    """The product's year and the slow one, with the same things happening to both at midday."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.slow, self.chance = office, SlowYear(), random.Random(seed)  # noqa: S311 - no secret
        self.coming: list[SlowDate] = []
        self.off = {
            first + n * DAY
            for _ in range(6)
            for first in [FIRST + self.chance.randrange(350) * DAY]
            for n in range(self.chance.choice((1, 1, 2, 5, 14)))
        }

    def begin(self) -> None:
        """Which dates there will be: each is entered at midday of the day from which it counts."""
        for _ in range(CASES):
            starts_on, length = FIRST + self.chance.randrange(200) * DAY, self.chance.randrange(5, 60)
            self.coming.append(SlowDate(0, starts_on, length, self.chance.choice(("police", "housing"))))

    def enter(self, one: SlowDate) -> None:
        self.slow.reckon(one)
        case = self.office.case(officer="officer", organisation=getattr(self.office.cast, one.lead))
        rule, morning = WORKING_DAYS | {"n": one.length}, EIGHT(one.starts_on)
        one.number = self.office.deadline(case, one.due_on, rule=rule, asked_from=morning)
        self.office.change(one.number, starts_on=one.starts_on, recorded_at=morning)
        self.slow.dates.append(one)

    def live(self) -> None:
        on = FIRST
        while on <= LAST:
            if on not in self.off:
                self.office.round(EIGHT(on) + timedelta(minutes=5))
                self.slow.morning(on)
            self.midday(on)
            on += DAY

    def midday(self, on: date) -> None:
        for one in self.coming:
            if one.starts_on == on:
                self.enter(one)
        with self.office.database.transaction() as session:
            for one in self.slow.dates:
                if one.starts_on < on and not one.met:
                    self.happens(session, one, on)
            if self.chance.random() < 0.03:
                self.closes(session, on)

    def happens(self, session: Session, one: SlowDate, on: date) -> None:
        draw = self.chance.random()
        if one.paused:
            if draw < 0.1:
                one.resume(on)
                self.change(session, one, Change(kind=ChangeKind.RESUME, on=on), on)
        elif draw < 0.005:
            one.pauses.append([on, None])
            self.change(session, one, Change(kind=ChangeKind.PAUSE, on=on), on)
        elif draw < 0.012:
            more = self.chance.randrange(1, 25)
            one.length += more
            self.change(session, one, Change(kind=ChangeKind.EXTEND, on=on, n=more), on)
        elif draw < 0.020:
            one.lead = "housing" if one.lead == "police" else "police"
            deadline = session.get_one(Deadline, one.number)
            session.get_one(Case, deadline.case_id).owner_organisation_id = getattr(
                self.office.cast, one.lead
            )
        elif draw < 0.023:
            one.met = True
            deadline = session.get_one(Deadline, one.number)
            deadline.status, deadline.met_on, deadline.next_notice_at = DeadlineStatus.MET, on, None

    def change(self, session: Session, one: SlowDate, entry: Change, on: date) -> None:
        deadline, at = session.get_one(Deadline, one.number), EIGHT(on) + NOON
        case = session.get_one(Case, deadline.case_id)
        event = audit.record(session, case, SYSTEM, Happened.DEADLINE_CHANGED, occurred_on=on, at=at)
        session.flush()
        deadlines.change(session, case, deadline, entry, event=event, at=at)
        self.slow.reckon(one)

    def closes(self, session: Session, on: date) -> None:
        closed = on + self.chance.randrange(3, 40) * DAY
        if self.slow.works(closed):
            cast, at = self.office.cast, EIGHT(on) + NOON
            holidays.add(
                session, cast.actor(session, "manager", at), closed, "Closed", cast.herefordshire, at=at
            )
            self.slow.closed.add(closed)
            for one in self.slow.dates:
                self.slow.reckon(one)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_year_agrees_with_the_slow_one(office: Office, seed: int) -> None:
    year = Year(office, seed)
    year.begin()
    year.live()
    sent = {
        (row.deadline_id or 0, row.rung, row.to_address, clock.london(row.sent_at))
        for row in office.rows(OutboxState.SENT)
        if row.sent_at
    }
    assert sorted(sent - year.slow.sent)[:5] == [], "sent, and not owed"
    assert sorted(year.slow.sent - sent)[:5] == [], "owed, and not sent"
    assert len(sent) > CASES * 5
    print(f"seed {seed}: {CASES} dates, {len(sent)} reminders in a year: the same")  # noqa: T201 - for docs
