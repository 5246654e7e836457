"""Taking a date to the board and off again: who may, once at a time, each an event, nothing lost or doubled."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.filling import log_action
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible, TrackerError
from tracker.models import BoardItem, Case, Deadline, DeadlineStatus, Event
from tracker.services import board_items
from tracker.services.board_items import Decision, Question

LATER = NOON + timedelta(days=17)


@pytest.fixture
def action(database: Database, cast: Cast) -> str:
    with database.transaction() as session:
        return log_action(session, cast, MONDAY + timedelta(days=9), lead=cast.police).reference


def there(session: Session, reference: str) -> tuple[Case, Deadline]:
    case = session.exec(select(Case).where(Case.reference == reference)).one()
    return case, session.exec(select(Deadline).where(Deadline.case_id == case.id)).one()


def test_an_item_is_on_the_pack_until_what_the_board_decided_is_recorded(
    database: Database, cast: Cast, action: str
) -> None:
    with database.transaction() as session:
        case, deadline = there(session, action)
        chair = cast.actor(session, "chair")
        asked = Question(" May it wait until March? ", case.version, "one")
        first = board_items.put(session, chair, case, deadline, asked, at=NOON)
        assert board_items.put(session, chair, case, deadline, asked, at=NOON).id == first.id
        with pytest.raises(NotPossible, match="already"):
            board_items.put(session, chair, case, deadline, Question("Again?", case.version), at=NOON)
    with database.transaction() as session:
        case, deadline = there(session, action)
        deadline.status = DeadlineStatus.MET  # met before the board sat: still to be taken off
        deadline.met_on = MONDAY
        officer = cast.actor(session, "officer")
        decided = Decision("It may", date(2026, 12, 10), case.version, "two")
        board_items.take_off(session, officer, case, deadline, decided, at=LATER)
        board_items.take_off(session, officer, case, deadline, decided, at=LATER)
        assert board_items.on_the_pack(session, case, deadline.key, "") is None
        with pytest.raises(NotPossible):
            board_items.put(session, officer, case, deadline, Question("Late?", case.version), at=LATER)
        row = session.exec(select(BoardItem)).one()
        assert (row.why, row.decided, row.decided_on) == (
            "May it wait until March?",
            "It may",
            date(2026, 12, 10),
        )
    with database.reading() as session:
        events = session.exec(
            select(Event).where(Event.name == "ACTION_TARGET").order_by(col(Event.seq))
        ).all()
        told = [(event.kind, event.reason, event.occurred_on) for event in events]
        assert told[-2:] == [
            ("taken_to_board", "May it wait until March?", MONDAY),
            ("board_decided", "It may", date(2026, 12, 10)),
        ]


@pytest.mark.parametrize("who", ["lead", "panel", "auditor", "decision-maker", "admin", "outsider"])
def test_only_the_unit_and_the_chair_take_something_to_the_board(
    database: Database, cast: Cast, action: str, who: str
) -> None:
    with database.transaction() as session:
        case, deadline = there(session, action)
        actor, asked = cast.actor(session, who), Question("Why?", case.version)
        with pytest.raises(NotPermitted):
            board_items.put(session, actor, case, deadline, asked, at=NOON)


@pytest.mark.parametrize(
    ("words", "behind", "refused"),
    [(" ", 0, BadInput), ("x" * 501, 0, BadInput), ("Why?", 1, ChangedMeanwhile)],
)
def test_nothing_is_put_without_a_sentence_or_over_somebody_elses_change(
    database: Database, cast: Cast, action: str, words: str, behind: int, refused: type[TrackerError]
) -> None:
    with database.transaction() as session:
        case, deadline = there(session, action)
        manager, asked = cast.actor(session, "manager"), Question(words, case.version - behind)
        with pytest.raises(refused):
            board_items.put(session, manager, case, deadline, asked, at=NOON)


@pytest.mark.parametrize("days", [-1, 1])
def test_the_board_decided_after_it_was_asked_and_not_in_the_future(
    database: Database, cast: Cast, action: str, days: int
) -> None:
    with database.transaction() as session:
        case, deadline = there(session, action)
        manager = cast.actor(session, "manager")
        board_items.put(session, manager, case, deadline, Question("Why?", case.version), at=NOON)
        decided = Decision("Yes", MONDAY + timedelta(days=days), case.version)
        with pytest.raises(BadInput):
            board_items.take_off(session, manager, case, deadline, decided, at=NOON)
