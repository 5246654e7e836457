"""What the timetable and people asked of an agency stands in the case's history, each once and in its place."""

from datetime import date, timedelta

from sqlmodel import select

from tests.reminders.conftest import EIGHT, Office
from tracker import audit
from tracker.audit import Happened
from tracker.models import Case
from tracker.policy import SYSTEM
from tracker.queries.history import PER_PAGE, history_page
from tracker.queries.history_kinds import Shown
from tracker.queries.history_mails import with_mails
from tracker.services.chasing import Chase, chase_now

MONDAY = date(2026, 11, 23)
HOUR = timedelta(hours=1)


def told(office: Office, page: int = 1, shown: Shown = Shown.ALL) -> list[tuple[str, str, str]]:
    """Day, who and what of each entry of a page, the newest first."""
    with office.reading() as session:
        case = session.exec(select(Case)).one()
        officer = office.cast.actor(session, "officer")
        found = with_mails(session, officer, case, history_page(session, officer, case, page, shown), shown)
        return [
            (f"{day.day} {day:%b}", entry.by, entry.text or entry.title)
            for day, group in found.days
            for entry in group
        ]


def test_askings_of_both_kinds_stand_in_the_history(office: Office) -> None:
    case = office.case(process="asb_case_review", officer="officer")
    office.deadline(case, MONDAY, key="C4", label="Agency return", instance="west-mercia-police")
    for day in (0, 1):
        office.round(EIGHT(MONDAY + timedelta(days=day)))
    with office.database.transaction() as session:
        row = session.exec(select(Case)).one()
        at = EIGHT(MONDAY + timedelta(days=3)) + HOUR
        officer = office.cast.actor(session, "officer", at)
        chase_now(session, officer, row, Chase("C4", "west-mercia-police"), at=at)
    office.deliver(EIGHT(MONDAY + timedelta(days=3)) + HOUR)
    office.round(EIGHT(MONDAY + timedelta(days=14)))  # ten working days after: the named senior
    expected = [
        ("7 Dec", "the system", "Agency return: asked the named senior, number 4"),
        ("26 Nov", "Officer", "Agency return: asked the lead, number 3"),
        ("24 Nov", "the system", "Agency return: asked the lead, number 2"),
        ("23 Nov", "the system", "Agency return: asked the lead, number 1"),
    ]
    assert told(office) == told(office, shown=Shown.MESSAGES) == expected
    assert told(office, shown=Shown.STEPS) == []


def test_each_stands_on_one_page_of_a_long_history(small_office: Office) -> None:
    case = small_office.case(process="asb_case_review", officer="officer")
    small_office.deadline(case, MONDAY, key="C4", label="Agency return", instance="west-mercia-police")
    with small_office.database.transaction() as session:
        row = session.exec(select(Case)).one()
        for n in range(2 * PER_PAGE + 5):
            at = EIGHT(MONDAY) + n * HOUR
            audit.record(session, row, SYSTEM, Happened.NOTE_ADDED, occurred_on=MONDAY, at=at, reason=str(n))
    for day in (0, 1, 14):
        small_office.round(EIGHT(MONDAY + timedelta(days=day)))
    pages = [told(small_office, page) for page in (1, 2, 3)]
    assert [sum("asked" in text for _, _, text in page) for page in pages] == [1, 1, 1]
    assert sum(map(len, pages)) == 2 * PER_PAGE + 5 + 3
