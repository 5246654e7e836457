"""Chase now: to the lead three times, then to the named senior; once a day; in the history and on the ledger."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from tests.reminders.conftest import EIGHT, Office, words
from tracker.audit import Happened
from tracker.errors import NotPermitted, NotPossible, NotVisible
from tracker.letters import filling
from tracker.models import Case, Event, Organisation, Outbox, OutboxState
from tracker.services.chaser_letters import word_file
from tracker.services.chasers import COUNTS, askings
from tracker.services.chasing import Chase, Chased, chase_now
from tracker.services.ladders import ladder_to
from workflows.ladder import Who, rungs_from
from workflows.periods import Unit

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


def test_the_letters_are_made_by_the_same_click(owing: Office) -> None:
    made = []
    for day in range(4):
        at = EIGHT(MONDAY + timedelta(days=day)) + HOUR
        made.append(chase(owing, at).letter)
        owing.deliver(at)
    with owing.reading() as session:
        case, officer = session.exec(select(Case)).one(), owing.cast.actor(session, "officer")
        first = filling.text_of(word_file(session, officer, case, made[0]))
        senior = filling.text_of(word_file(session, officer, case, made[3]))
        assert "To West Mercia Police" in first
        assert "Agency return. It is due on Friday 22 January 2027 (local target)." in first
        assert "Tuesday 24 November 2026" not in first
        assert "The senior officer responsible, West Mercia Police" in senior
        for day in ("Monday 23", "Tuesday 24", "Wednesday 25", "Thursday 26"):
            assert f"{day} November 2026" in senior
        with pytest.raises(NotPermitted):
            word_file(session, owing.cast.actor(session, "chair"), case, made[0])
        with pytest.raises(NotVisible):
            word_file(session, officer, case, made[3] + 1)


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


def late(office: Office, due_on: date) -> None:
    """The date passed on that day; nothing before it was told, and the timetable goes on from the next morning."""
    office.change(1, due_on=due_on, next_notice_at=EIGHT(due_on + timedelta(days=1)))


def test_a_chase_by_hand_counts_as_the_step_of_the_next_morning(owing: Office) -> None:
    late(owing, MONDAY)  # the first overdue note falls on Tuesday, the manager's on the Monday after
    chase(owing, EIGHT(MONDAY + timedelta(days=1)) - HOUR)  # before eight: it goes with the morning's round
    owing.round(EIGHT(MONDAY + timedelta(days=1)))
    owing.round(EIGHT(MONDAY + timedelta(days=2)))
    assert [mail["To"] for mail in owing.post.take()].count("lead@example.test") == 1
    [row] = [row for row in owing.rows() if row.rung == "after-1" and row.who == "lead"]
    assert (row.state, row.last_error) == ("skipped", COUNTS)
    officers = [row.state for row in owing.rows() if row.rung == "after-1" and row.who == "officer"]
    assert officers == ["sent"], "what others are told goes as ever"


def test_a_chase_before_the_date_takes_nothing_from_the_first_note_that_it_has_passed(owing: Office) -> None:
    late(owing, MONDAY)
    chase(owing, EIGHT(MONDAY) + HOUR)
    owing.round(EIGHT(MONDAY) + HOUR)
    owing.round(EIGHT(MONDAY + timedelta(days=1)))
    assert [mail["To"] for mail in owing.post.take()].count("lead@example.test") == 2


def test_the_named_senior_is_not_asked_again_the_morning_after(owing: Office) -> None:
    late(owing, MONDAY)  # the named senior's step is ten working days after: 7 December
    for day in (1, 2, 3, 11):
        chase(owing, EIGHT(MONDAY + timedelta(days=day)) + HOUR)
    for day in (11, 14):
        owing.round(EIGHT(MONDAY + timedelta(days=day)) + HOUR)
    assert [mail["To"] for mail in owing.post.take()].count("senior@police.example") == 1


def test_askings_of_the_timetable_count_towards_the_named_senior(owing: Office) -> None:
    owing.change(1, ladder=ladder_to(rungs_from((1,), also={Who.LEAD: (1, 2, 3)}, unit=Unit.WORKING_DAYS)))
    late(owing, MONDAY - timedelta(days=3))
    for day in range(-3, 3):
        owing.round(EIGHT(MONDAY + timedelta(days=day)))
    with owing.reading() as session:
        found = askings(session, [1])[1]
    assert [(one.on.day, one.senior, one.by_hand, one.late) for one in found] == [
        (23, False, False, True), (24, False, False, True), (25, False, False, True)
    ]  # fmt: skip
    done = chase(owing, EIGHT(MONDAY + timedelta(days=3)) + HOUR)
    assert (done.number, done.senior) == (4, True)
