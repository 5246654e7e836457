"""Every minute of the days on which clocks change, of a leap day and of both ends of a year: each reminder once, at eight."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import Cast
from tests.drills.sizes import FULL
from tests.reminders.conftest import Office
from tracker.db import Database
from tracker.models import OutboxState

MINUTE = timedelta(minutes=1)
EIGHT_IN_UTC = {
    # The Sunday on which clocks go back, and the working days around it.
    date(2026, 10, 25): {date(2026, 10, 23): 7, date(2026, 10, 26): 8, date(2026, 10, 27): 8},
    # Clocks go forward on Easter Sunday: Good Friday and Easter Monday are no working days either.
    date(2027, 3, 28): {date(2027, 3, 25): 8, date(2027, 3, 30): 7, date(2027, 3, 31): 7},
    date(2027, 10, 31): {date(2027, 10, 29): 7, date(2027, 11, 1): 8, date(2027, 11, 2): 8},
    date(2028, 2, 29): {date(2028, 2, 28): 8, date(2028, 2, 29): 8, date(2028, 3, 1): 8},
    date(2026, 12, 31): {date(2026, 12, 30): 8, date(2026, 12, 31): 8, date(2027, 1, 4): 8},
    date(2027, 12, 31): {date(2027, 12, 30): 8, date(2027, 12, 31): 8, date(2028, 1, 4): 8},
}
"""By hand: the working days of each stretch, and the hour of UTC at which it is 08:00 in London."""


def minutes(day: date, last: date) -> Iterator[datetime]:
    """Every minute of the night of ``day`` (all day in full), and of the hours around eight; else every half hour."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3)
    while at.date() <= last:
        yield at
        night = at.date() in {day, day + timedelta(days=1)} and (FULL or at.hour < 4)
        at += (
            MINUTE if night or (at.hour in {7, 8} and at.minute < 5) else timedelta(minutes=5 if FULL else 30)
        )
        if not FULL and at.minute % 30 and at.minute > 5 and at.hour >= 4:
            at = at.replace(minute=30)


@pytest.mark.parametrize("day", EIGHT_IN_UTC, ids=str)
def test_one_reminder_for_each_key_at_eight_in_london(database: Database, cast: Cast, day: date) -> None:
    office, mornings = Office(database, cast), EIGHT_IN_UTC[day]
    for due_on in mornings:
        for _ in range(2):
            office.deadline(office.case(officer="officer", organisation=cast.police), due_on)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3, hours=12)
    office.round(start - timedelta(days=1))  # whatever was owed before
    went = [at for at in minutes(day, max(mornings)) if office.round(at).mails]
    expected = [datetime(on.year, on.month, on.day, hour, tzinfo=UTC) for on, hour in mornings.items()]
    assert [at for at in went if at >= expected[0]] == expected
    digests = {
        (row.sent_at, row.to_address, row.message_id)
        for row in office.rows()
        if row.sent_at and not row.singly
    }
    for at in expected:
        mailboxes = Counter(to for sent_at, to, _ in digests if sent_at == at)
        assert mailboxes["officer@example.test"] == mailboxes["lead@example.test"] == 1, "one digest each"
    rows = office.rows()
    assert len({row.dedupe_key for row in rows}) == len(rows)
    assert {row.state for row in rows} <= {OutboxState.SENT, OutboxState.SKIPPED}
    for row in rows:
        if row.rung == "on" and row.state == OutboxState.SENT:
            assert row.sent_at == datetime.combine(row.owed_on, datetime.min.time(), tzinfo=UTC) + timedelta(hours=mornings[row.owed_on])  # fmt: skip

    # A machine's clock that jumps back two hours tells nothing twice, nor does one that jumps on by two days.
    back = max(expected) - timedelta(hours=2)
    known = {row.dedupe_key for row in rows}
    assert office.round(back).mails == 0
    assert office.round(max(expected)).mails == 0
    office.round(max(expected) + timedelta(days=2))
    after = office.rows()
    assert len({row.dedupe_key for row in after}) == len(after)
    assert known <= {row.dedupe_key for row in after}
    assert (
        max(Counter(row.message_id for row in after if row.singly and row.message_id).values(), default=1)
        == 1
    )
