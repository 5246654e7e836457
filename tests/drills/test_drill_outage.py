"""After a day, and after a fortnight, without a single round: what each person gets is worked out by hand, and it is that.

The slow calculation knows nothing of the product's: it has a list of working days and the steps as docs/architecture.md
section 8 lists them.
"""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from tests.cast import Cast
from tests.drills.sizes import size
from tests.reminders.conftest import EIGHT, Office
from tracker.db import Database
from tracker.models import Outbox, OutboxState

ITEMS = size(16, 500)
WORKING = [on for n in range(250) if (on := date(2026, 9, 1) + timedelta(days=n)).weekday() < 5]
"""There is no bank holiday between September and Christmas, and what is owed after that is not asked."""
STEPS = (
    ("before-10", -10, ("lead", "officer"), False), ("before-5", -5, ("lead", "officer"), False),
    ("before-1", -1, ("lead", "officer"), False), ("on", 0, ("lead", "officer"), False),
    ("after-1", 1, ("lead", "officer"), True), ("after-5", 5, ("manager",), True),
    ("after-10", 10, ("escalation",), True), ("after-15", 15, ("chair",), True),
    ("after-20", 20, ("escalation",), False), ("after-30", 30, ("escalation",), False),
)  # fmt: skip
LAST_GOOD = date(2026, 11, 6)
MAILBOX = {
    "lead": "lead@example.test", "manager": "manager@example.test", "chair": "chair@example.test",
    "escalation": "senior@police.example",
}  # fmt: skip
Step = tuple[int, str, str]
"""Number of the date, step, mailbox."""


def by_hand(dates: dict[int, tuple[date, str]], today: date) -> tuple[dict[Step, bool], set[Step]]:
    """What each mailbox is owed this morning (and whether on its own), and what that overtakes."""
    owed: dict[Step, bool] = {}
    overtaken: set[Step] = set()
    for number, (due_on, officer) in dates.items():
        for part in ("lead", "officer", "manager", "escalation", "chair"):
            mailbox = f"{officer}@example.test" if part == "officer" else MAILBOX[part]
            missed = [
                (number, key, mailbox, singly)
                for key, offset, to, singly in STEPS
                if part in to and LAST_GOOD < WORKING[WORKING.index(due_on) + offset] <= today
            ]
            overtaken |= {step[:3] for step in missed[:-1]}
            owed |= {step[:3]: step[3] for step in missed[-1:]}
    return owed, overtaken


def step(row: Outbox) -> Step:
    return (row.deadline_id or 0, row.rung, row.to_address)


def all_went(office: Office, at: datetime) -> None:
    """A morning of the past on which all went well."""
    with office.database.transaction() as session:
        session.connection().execute(
            update(Outbox)
            .where(col(Outbox.state) == OutboxState.QUEUED)
            .values(state=OutboxState.SENT, sent_at=at, attempts=1)
        )


@pytest.mark.parametrize("days", [1, 14])
def test_each_person_gets_one_digest_and_the_notes_owed_at_eight_and_nothing_twice(
    database: Database, cast: Cast, days: int
) -> None:
    office = Office(database, cast)
    dates: dict[int, tuple[date, str]] = {}
    middle = WORKING.index(LAST_GOOD)
    for n in range(ITEMS):
        officer = ("officer", "officer2")[n % 2]
        due_on = WORKING[middle - 24 + 7 * n % 40]
        case = office.case(organisation=cast.police, officer=officer)
        dates[office.deadline(case, due_on)] = (due_on, officer)
    for on in WORKING[middle - 36 : middle + 1]:
        office.tick(EIGHT(on))
        all_went(office, EIGHT(on))
    before = {row.id for row in office.rows()}

    back = EIGHT(LAST_GOOD + timedelta(days=2 + days)) + timedelta(days=1, hours=-5)
    at, first = back, None
    while at < back + timedelta(hours=6):  # from three in the night until nine
        went = office.round(at).mails
        if went:
            assert first is None, "something went in a second round"
            first = at
        at += timedelta(minutes=size(10, 1))
    today = back.date()
    assert first == datetime.combine(today, datetime.min.time(), tzinfo=back.tzinfo) + timedelta(hours=8)

    owed, overtaken = by_hand(dates, today)
    new = [row for row in office.rows() if row.id not in before]
    sent = [row for row in new if row.state == OutboxState.SENT]
    assert {step(row): row.singly for row in sent} == owed
    assert {step(row) for row in new if row.state == OutboxState.SKIPPED} == overtaken
    assert len({row.dedupe_key for row in new}) == len(new) == len(owed) + len(overtaken)
    digests = {mailbox for (_, _, mailbox), singly in owed.items() if not singly}
    notes = Counter(mailbox for (_, _, mailbox), singly in owed.items() if singly)
    got = Counter(str(mail["To"]) for mail in office.post.mails)
    assert got == notes + Counter(dict.fromkeys(digests, 1))
    assert "lead@example.test" in digests
    print(f"{days} days: {ITEMS} dates, {len(owed)} notices in {sum(got.values())} mails to {len(got)} people, {len(overtaken)} overtaken")  # noqa: T201  # fmt: skip
