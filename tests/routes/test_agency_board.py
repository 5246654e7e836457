"""The board of agencies: who was asked for what, how often, and what came back; the file holds exactly that."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest
from sqlmodel import Session, select

from tests.cast import NOON, Cast
from tests.routes.browse import Browser, soup
from tests.routes.filling import counting, log_action, log_dhr, words
from tests.services.test_date_changes import review
from tracker import clock
from tracker.db import Database
from tracker.models import Case, Deadline, Outbox
from tracker.policy import Actor
from tracker.queries.agency_board import Answer, BoardFilters, BoardRow, Often, What, every_row
from tracker.queries.due_dates import horizon_for
from tracker.services.ladders import ladder_to
from workflows.ladder import DEFAULT_LADDER

BOARD = "/reports/agencies"


def owe(session: Session, case: Case, body: str, due_on: date, **more: object) -> Deadline:
    deadline = Deadline(
        case_id=case.id or 0, key="C4", instance=body, label="Agency return", rule={}, basis="Local", force="local",
        length_local=True, owner="agency_lead", starts_on=date(2026, 11, 2), due_on=due_on, first_due_on=due_on,
        ladder=ladder_to(DEFAULT_LADDER), next_notice_at=clock.morning_of(date(2026, 11, 24)), recorded_at=NOON,
        **more,
    )  # fmt: skip
    session.add(deadline)
    session.flush()
    return deadline


def ask(session: Session, deadline: Deadline, on: date, who: str = "lead", **more: object) -> None:
    """A mail that went to the agency on a day: by the timetable unless said otherwise."""
    at = clock.morning_of(on)
    given = {"kind": "reminder", "rung": f"after-{on.day}", "payload": {}} | more
    session.add(
        Outbox(
            dedupe_key=f"{deadline.id}:{on}:{who}:{len(given)}:{given['kind']}", to_address=f"{who}@police.example", who=who,
            case_id=deadline.case_id, deadline_id=deadline.id, generation=1, template="overdue", owed_on=on,
            not_before=at, state="sent", sent_at=at, created_at=at, **given,
        )
    )  # fmt: skip


def fill(session: Session, cast: Cast) -> str:
    """A review with two returns owed, an action, and a restricted review with one."""
    case = review(session, cast)
    owed = owe(session, case, "west-mercia-police", date(2026, 11, 9))
    owe(session, case, "housing", date(2026, 12, 7))
    ask(session, owed, date(2026, 11, 10))
    ask(session, owed, date(2026, 11, 12), kind="chaser", rung="chaser-2026-11-12", payload={"letter": {}})
    ask(session, owed, date(2026, 11, 20), "escalation")
    log_action(session, cast, date(2026, 11, 30), lead=cast.police)
    owe(session, log_dhr(session, cast), "west-mercia-police", date(2026, 11, 27))
    session.flush()
    return case.reference


def rows(session: Session, actor: Actor, filters: BoardFilters) -> Sequence[BoardRow]:
    return every_row(session, actor, filters, horizon_for(session, actor, NOON.date()), NOON)


@pytest.fixture
def filled(database: Database, cast: Cast) -> tuple[Database, str]:
    with database.transaction() as session:
        reference = fill(session, cast)
    return database, reference


def test_each_asking_stands_in_its_order_with_the_next_and_the_last_answer(
    filled: tuple[Database, str], cast: Cast
) -> None:
    database, reference = filled
    with database.reading() as session:
        actor = cast.actor(session, "officer2")
        housing, police = rows(session, actor, BoardFilters())
        assert (police.agency, police.asked_for, police.reference) == (
            "West Mercia Police",
            "Agency return",
            reference,
        )
        assert police.chased == (
            "First, 10 Nov 2026; Second, 12 Nov 2026, by hand; Named senior, 20 Nov 2026"
        )
        assert (police.next_on, police.next_to) == (date(2026, 12, 7), "to the named senior")
        assert (housing.chased, housing.next_on, housing.next_to) == ("", date(2026, 11, 30), "to the lead")
        assert (police.answered_on, police.answer) == (None, "")


def test_the_filters_and_who_sees_what(filled: tuple[Database, str], cast: Cast) -> None:
    database, reference = filled
    with database.reading() as session:
        actor, named = cast.actor(session, "officer2"), cast.actor(session, "officer")

        def shown(filters: BoardFilters, who: Actor = actor) -> list[str]:
            return [f"{row.agency[:4]} {row.reference[5:8]}" for row in rows(session, who, filters)]

        assert shown(BoardFilters()) == ["Hous ASB", "West ASB"]
        assert shown(BoardFilters(), named) == ["Hous ASB", "West ASB", "West DHR"], (
            "the restricted review is theirs"
        )
        assert shown(BoardFilters(), cast.actor(session, "outsider")) == []
        assert shown(BoardFilters(chased=Often.NEVER)) == ["Hous ASB"]
        assert shown(BoardFilters(chased=Often.ONCE)) == ["West ASB"]
        assert shown(BoardFilters(chased=Often.SENIOR)) == ["West ASB"]
        assert shown(BoardFilters(overdue=True)) == ["West ASB"]
        assert shown(BoardFilters(agency="housing")) == ["Hous ASB"]
        assert shown(BoardFilters(case=reference.lower(), descending=True)) == ["West ASB", "Hous ASB"]
        assert shown(BoardFilters(what=What.ACTIONS)) == ["West ACT"]
        assert shown(BoardFilters(case="HCSP-DHR-2026-001")) == []
        assert shown(BoardFilters(answer=Answer.ENDED)) == []
    with database.transaction() as session:
        met = session.exec(select(Deadline).where(Deadline.instance == "housing")).one()
        met.status, met.met_on, met.next_notice_at = "met", date(2026, 11, 19), None
    with database.reading() as session:
        [ended] = rows(session, cast.actor(session, "officer2"), BoardFilters(answer=Answer.ENDED))
        assert (ended.words, ended.answered_on, ended.answer, ended.next_to) == (
            "Met",
            date(2026, 11, 19),
            "Done",
            "",
        )


def test_the_page_asks_few_questions_and_the_file_holds_what_it_shows(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        reference = fill(session, settled)
    officer = browse.as_("officer2")
    with counting(sqlite_database) as asked:
        page = soup(officer.open(BOARD))
    assert len(asked) <= 12, "\n".join(asked)
    shown = [[words(cell) for cell in row.select("th, td")] for row in page.select("tbody tr")]
    file = list(csv.reader(io.StringIO(officer.open(f"{BOARD}.csv").text)))
    assert (
        [row[0] for row in file[1:]]
        == [row[0] for row in shown]
        == ["Housing association", "West Mercia Police"]
    )
    for line, cells in zip(file[1:], shown, strict=True):
        assert line[2] in cells[1]
        assert all(part.strip() in cells[4] for part in line[7].split(";"))
        assert line[6] in cells[3]
        assert line[11] in cells[6]
    assert f'href="/cases/{reference}/chase/2/letter"' in str(page)
    assert len(list(csv.reader(io.StringIO(officer.open(f"{BOARD}.csv?agency=housing").text)))) == 2
    for address in ("/reports", "/at-risk", f"/cases/{reference}/related"):
        assert f'href="{BOARD}' in browse.as_("manager").open(address).text, address
    chair = browse.as_("chair").open(BOARD).text
    assert "Chase now" not in chair
    assert "/letter" not in chair
    assert browse.as_("lead").open(BOARD).status_code == 403
