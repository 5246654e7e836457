"""Chase now: to the lead three times, then to the named senior; once a day; in the history and on the ledger."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from tests.reminders.conftest import EIGHT, Office, words
from tracker.audit import Happened
from tracker.errors import NotPermitted, NotPossible, NotVisible
from tracker.models import Case, Event, Organisation, Outbox, OutboxState
from tracker.services.chasing import Chase, Chased, chase_now

MONDAY = date(2026, 11, 23)
LATER = MONDAY + timedelta(days=60)
HOUR = timedelta(hours=1)


@pytest.fixture
def owing(office: Office) -> Office:
    """An agency's return on a review that the unit leads, and no reminder of it due."""
    case = office.case(process="asb_case_review", officer="officer")
    office.deadline(
        case, LATER, key="C4", label="Agency return", instance="west-mercia-police", asked_from=EIGHT(LATER)
    )
    return office


def chase(office: Office, at: datetime, who: str = "officer", **asked: str) -> Chased:
    with office.database.transaction() as session:
        case = session.exec(select(Case)).one()
        wanted = Chase(asked.get("key", "C4"), asked.get("instance", "west-mercia-police"))
        return chase_now(session, office.cast.actor(session, who), case, wanted, at=at)


def test_the_lead_is_asked_three_times_and_then_the_named_senior(owing: Office) -> None:
    asked = []
    for day in range(5):
        at = EIGHT(MONDAY + timedelta(days=day)) + HOUR
        done = chase(owing, at)
        owing.deliver(at)
        asked += [(done.number, done.senior, mail["To"]) for mail in owing.post.take()]
    assert asked == [
        (1, False, "lead@example.test"), (2, False, "lead@example.test"), (3, False, "lead@example.test"),
        (4, True, "senior@police.example"), (5, True, "senior@police.example"),
    ]  # fmt: skip
    with owing.reading() as session:
        events = session.exec(select(Event).where(Event.kind == Happened.CHASED)).all()
        assert [event.detail["number"] for event in events] == [1, 2, 3, 4, 5]
        assert events[3].detail["said"] == "Agency return: asked the named senior, number 4"
    assert {row.kind for row in owing.rows(OutboxState.SENT)} == {"chaser"}


def test_nobody_is_asked_twice_on_one_day_by_hand_or_by_the_timetable(owing: Office) -> None:
    chase(owing, EIGHT(MONDAY) + HOUR)
    with pytest.raises(NotPossible, match="reminded of this today already"):
        chase(owing, EIGHT(MONDAY) + 5 * HOUR)
    owing.change(1, due_on=MONDAY + timedelta(days=8), next_notice_at=EIGHT(MONDAY + timedelta(days=1)))
    owing.round(EIGHT(MONDAY + timedelta(days=1)))
    with pytest.raises(NotPossible, match="reminded of this today already"):
        chase(owing, EIGHT(MONDAY + timedelta(days=1)) + HOUR)


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.CANCELLED])
def test_one_that_did_not_go_is_followed_by_another_the_same_day(owing: Office, state: OutboxState) -> None:
    chase(owing, EIGHT(MONDAY) + HOUR)
    with owing.database.transaction() as session:
        session.exec(select(Outbox)).one().state = state
    chase(owing, EIGHT(MONDAY) + 2 * HOUR)
    owing.deliver(EIGHT(MONDAY) + 2 * HOUR)
    assert [mail["To"] for mail in owing.post.take()] == ["lead@example.test"]


def test_at_night_it_waits_for_the_morning(owing: Office) -> None:
    assert chase(owing, EIGHT(MONDAY) - 3 * HOUR).goes_at == EIGHT(MONDAY)
    friday = EIGHT(MONDAY + timedelta(days=4))
    assert chase(owing, friday + 30 * HOUR).goes_at == EIGHT(MONDAY + timedelta(days=7))


def test_the_mail_says_what_is_asked_for(owing: Office) -> None:
    chase(owing, EIGHT(MONDAY) + HOUR)
    owing.deliver(EIGHT(MONDAY) + HOUR)
    [mail] = owing.post.mails
    assert mail["Subject"] == "1 agency return is due on Friday 22 January 2027"
    assert words(mail).startswith(
        "The agency return for HCSP-ASB-2026-001 is due on Friday 22 January 2027.\n"
    )


def test_what_cannot_be_chased_says_why(owing: Office) -> None:
    with pytest.raises(NotPermitted):
        chase(owing, EIGHT(MONDAY), who="chair")
    with pytest.raises(NotVisible):
        chase(owing, EIGHT(MONDAY), key="C5", instance="")
    with owing.database.transaction() as session:
        session.get_one(Organisation, owing.cast.police).to_on = MONDAY - timedelta(days=1)
    with pytest.raises(NotPossible, match="Nobody at the agency can be written to"):
        chase(owing, EIGHT(MONDAY))
    owing.meet(1, MONDAY)
    with pytest.raises(NotPossible, match="does not run now"):
        chase(owing, EIGHT(MONDAY))
