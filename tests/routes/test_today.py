"""Today: five numbers that equal their lists, what needs doing in the clock's own words, and nothing of others."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlmodel import Session, SQLModel, select

from config import Settings
from tests.cast import NOON, Cast
from tests.routes.browse import Browser, Clock, soup
from tests.routes.conftest import KEY
from tests.routes.filling import counting, fill, listed, log_action, log_asb, log_dhr, numbers, words
from tracker import clock as time
from tracker import create_app
from tracker.db import Database
from tracker.imports import read_plan
from tracker.models import Case, CaseGrant, Deadline, Lease, Organisation, Outbox
from tracker.policy import SYSTEM
from tracker.services import actions, plans
from tracker.services.actions import Answer, Update
from tracker.services.plans import NewPlan
from workflows.effects import Start
from workflows.timescales import Context

PRINTED = Path(__file__).resolve().parents[1] / "data" / "worcs_csa_action_plan_2018_19_as_printed.csv"
NEVER = "Reminders have not run yet."
LONDON = ZoneInfo("Europe/London")
FIVE = ("overdue", "due today", "due in 10 working days", "waiting on others", "no date or no lead")


def needs(browse: Browser, address: str = "/today") -> list[tuple[str, str, str]]:
    """Each row of "Needs you today": reference, how it stands, and the act it names."""
    rows = soup(browse.open(address)).select("#needs tbody tr")
    return [
        (words(row.select_one(".app-ref")), words(row.select_one(".app-due > span")),
         words(row.select_one(".app-act"), but=".govuk-visually-hidden"))
        for row in rows
    ]  # fmt: skip


def came_in(browse: Browser, address: str = "/today") -> list[tuple[str, str]]:
    rows = soup(browse.open(address)).select("#in .app-list li")
    return [(words(row.select_one(".app-what")), words(row.a, but=".govuk-visually-hidden")) for row in rows]


def many_ended(session: Session) -> None:
    """Years of dates that were met long ago: what makes an index worth having."""
    kept = [column.name for column in SQLModel.metadata.tables["deadlines"].columns]
    given = {"id": "NULL", "cycle": "100 + i", "status": "'met'", "next_notice_at": "NULL"}
    values = ", ".join(given.get(name, f'"{name}"') for name in kept)
    session.connection().exec_driver_sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) "
        f"INSERT INTO deadlines SELECT {values} FROM deadlines, n"
    )


@pytest.mark.parametrize("who", ["officer", "manager", "chair", "decision-maker"])
def test_each_number_equals_the_list_it_opens(
    sqlite_database: Database, settled: Cast, browse: Browser, who: str
) -> None:
    fill(sqlite_database, settled)
    browse.as_(who)
    for address in ("/today?whose=unit", "/today?whose=mine"):
        found = numbers(browse, address)
        assert tuple(found) == FIVE
        for number, behind in found.values():
            assert len(listed(browse, behind)) == number, (who, behind)
    if who == "officer":
        mine, unit = numbers(browse), numbers(browse, "/today?whose=unit")
        assert all(mine[name][0] <= unit[name][0] for name in FIVE)
        assert 0 < mine["overdue"][0] < unit["overdue"][0]


def test_what_came_in_counts_from_the_last_day_that_one_was_here(
    sqlite_database: Database, settled: Cast, browse: Browser, clock: Clock
) -> None:
    def heading() -> str:
        return words(soup(browse.open("/today")).select_one("#in-h"))

    browse.as_("officer")
    assert heading() == "Came in over the last 7 days"
    with sqlite_database.transaction() as session:
        log_asb(session, settled, "officer2", imported=False, opening=())
    assert len(came_in(browse)) == 1
    clock.forward(days=1)
    browse.as_("officer")
    assert heading() == "Came in since Monday"
    assert came_in(browse) == [], "they were here on the day on which it came in"
    assert len(came_in(browse.as_("manager"))) == 1
    clock.forward(days=9)
    browse.as_("officer")
    assert heading() == "Came in since 24 November 2026"


def test_mine_or_the_whole_units_is_kept(settled: Cast, browse: Browser) -> None:
    def now() -> str:
        return words(soup(browse.open("/today")).select_one('nav[aria-label="Whose work"] [aria-current]'))

    browse.as_("officer")
    assert now() == "Whole unit"
    browse.open("/today?whose=mine")
    assert now() == "Mine"
    browse.open("/today/overdue?whose=unit")
    assert now() == "Mine", "a list behind a number changes nothing"
    browse.open("/today?whose=unit")
    assert now() == "Whole unit"


def test_the_page_asks_few_questions_of_the_database(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled)
    browse.as_("officer")
    browse.open("/today")
    with counting(sqlite_database) as asked:
        browse.open("/account")
    with counting(sqlite_database) as of_today:
        browse.open("/today")
    at_the_door = 6  # the session, the person, their places, roles, boards and grants
    assert len(asked) >= at_the_door
    assert len(of_today) - at_the_door <= 12, "\n\n".join(of_today)


def test_the_numbers_are_counted_by_indexes(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled)
    with sqlite_database.transaction() as session:
        many_ended(session)
        session.connection().exec_driver_sql("ANALYZE")
    browse.as_("officer")
    with counting(sqlite_database, values=True) as asked:
        browse.open("/today")
    with sqlite_database.reading() as session:
        for statement, values in asked:
            for line in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
                step = str(line[-1])
                whole = step.startswith("SCAN deadlines") and "USING" not in step
                assert not whole, f"{step}\n{statement}"


@pytest.mark.parametrize(
    ("on", "overdue"),
    [
        (date(2018, 6, 1), 1), (date(2018, 7, 2), 3), (date(2018, 8, 1), 5), (date(2018, 10, 1), 7),
        (date(2019, 1, 1), 10), (date(2019, 4, 1), 11), (date(2019, 5, 1), 12),
    ],
)  # fmt: skip
def test_the_real_plan_is_overdue_on_the_page_as_its_dates_say(
    sqlite_database: Database, settled: Cast, on: date, overdue: int
) -> None:
    starts, ends = date(2018, 4, 1), date(2019, 3, 31)
    reading = read_plan(PRINTED.read_bytes(), PRINTED.name, Context(plan_start=starts, plan_end=ends))
    with sqlite_database.transaction() as session:
        plans.import_plan(
            session,
            SYSTEM,
            NewPlan(settled.worcestershire, "Community Safety Agreement 2018-19", reading, starts, ends),
            at=time.morning_of(date(2018, 4, 3)),
        )
    app = create_app(
        Settings(secret_key=KEY, scheduler="off"), now=lambda: time.end_of(on), database=sqlite_database
    )
    browse = Browser(app).as_("outsider")
    number, behind = numbers(browse)["overdue"]
    assert number == overdue
    assert len(listed(browse, behind)) == overdue
    assert sum(state.endswith("overdue") for _, state, _ in needs(browse)) == overdue
    assert soup(browse.open("/today")).title.string.startswith(f"({overdue} overdue")
    assert numbers(Browser(app).as_("officer"))["overdue"][0] == 0


@pytest.mark.parametrize(
    ("now", "asb", "action"),
    [
        ("2026-11-20T12:00", "in 1 working day", "in 3 days"),
        ("2026-11-23T23:59", "Due today", "Due today"),
        ("2026-11-24T00:01", "1 working day overdue", "1 day overdue"),
        ("2026-11-30T09:00", "5 working days overdue", "7 days overdue"),
    ],
)
def test_lateness_is_said_in_the_clocks_own_unit(
    sqlite_database: Database, settled: Cast, browse: Browser, clock: Clock, now: str, asb: str, action: str
) -> None:
    with sqlite_database.transaction() as session:
        log_asb(session, settled, on=date(2026, 11, 16), opening=(Start("C1"),))
        log_action(session, settled, date(2026, 11, 23), lead=settled.police)
    clock.at = datetime.fromisoformat(now).replace(tzinfo=LONDON)
    browse.as_("officer")
    which = {"in": "coming-up", "Due": "due-today"}.get(asb.split(maxsplit=1)[0], "overdue")
    rows = soup(browse.open(f"/today/{which}")).select("tbody tr")
    assert [words(row.select_one(".app-due > span")) for row in rows] == [action, asb]


def test_the_title_counts_and_each_row_names_the_next_act(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        log_asb(session, settled, on=date(2026, 11, 9), opening=(Start("C1"),))
        log_dhr(session, settled, on=date(2026, 10, 23))
        session.flush()
        dhr = session.exec(select(Case).where(Case.process == "dhr_2016")).one()
        dhr.state = "awaiting_decision"
        log_action(session, settled, date(2026, 11, 23), lead=settled.police)
    page = soup(browse.as_("officer").open("/today"))
    assert page.title.string == "(1 overdue, 2 due today) Today - Case tracker"
    assert page.h1.get_text() == "Today"
    assert needs(browse) == [
        ("HCSP-ASB-2026-001", "5 working days overdue", "Acknowledge the application"),
        ("HCSP-ACT-2026-001", "Due today", "Record an update"),
        ("HCSP-DHR-2026-001", "Due today", "Decide to review"),
    ]
    for link in page.select("#needs .app-act a"):
        assert browse.open(link["href"].partition("#")[0]).status_code == 200, link["href"]
    assert [row[2] for row in needs(browse.as_("chair"))] == ["Open the case", "Open the action"]


def test_what_came_in_stays_until_it_has_an_answer(
    sqlite_database: Database, settled: Cast, browse: Browser, clock: Clock
) -> None:
    with sqlite_database.transaction() as session:
        lead = settled.actor(session, "lead")
        done, time_asked, not_ours, quiet = (
            log_action(session, settled, date(2026, 12, 31), lead=settled.police) for _ in range(4)
        )
        log_asb(session, settled, "officer2", imported=False)
        log_asb(session, settled, "officer2")
        for action, update in (
            (done, Update(Answer.DONE, 1, note="It is on the website")),
            (time_asked, Update(Answer.MORE_TIME, 1, note="Late", asked_for_on=date(2027, 1, 29))),
            (not_ours, Update(Answer.NOT_OURS, 1, note="Moved", belongs_to="the housing association")),
            (quiet, Update(Answer.NO_CHANGE, 1)),
        ):
            actions.report(
                session, lead, action, Update(**{**_plain(update), "seen_version": action.version}), at=NOON
            )
        deadline = session.exec(select(Deadline).where(Deadline.case_id == quiet.id)).first()
        session.add(_failed(quiet, deadline))
    said = [
        ("New case: ASB case review", "HCSP-ASB-2026-001"),
        ("Reported as done", "HCSP-ACT-2026-001"),
        ("Asks for more time, to Friday 29 January 2027", "HCSP-ACT-2026-002"),
        ("Says it is not theirs", "HCSP-ACT-2026-003"),
        ("1 reminder did not arrive", "See which"),
    ]
    assert sorted(came_in(browse.as_("officer"))) == sorted(said)
    assert sorted(came_in(browse.as_("officer2"))) == sorted(said[1:]), (
        "what one logged oneself did not come in"
    )
    clock.forward(days=8)
    assert sorted(came_in(browse.as_("officer"))) == sorted(said[1:])
    with sqlite_database.transaction() as session:
        action = session.get_one(Case, time_asked.id)
        actions.decide_more_time(
            session, settled.actor(session, "manager"), action, agreed=True, reason="Agreed",
            seen_version=action.version, at=clock.at,
        )  # fmt: skip
    assert ("Asks for more time, to Friday 29 January 2027", "HCSP-ACT-2026-002") not in came_in(browse)


def test_what_others_owe_says_how_often_they_were_chased(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        action = log_action(session, settled, date(2026, 11, 30), lead=settled.police)
        log_action(session, settled, date(2027, 6, 30), lead=settled.police)
        log_action(session, settled, date(2026, 11, 24))
        dhr = log_dhr(session, settled)
        dhr.state, dhr.state_since_on = "with_home_office", date(2026, 8, 18)
        deadline = session.exec(select(Deadline).where(Deadline.case_id == action.id)).one()
        for days, state, who in (
            (9, "sent", "lead"),
            (3, "sent", "lead"),
            (2, "failed", "lead"),
            (1, "sent", "officer"),
        ):
            session.add(_reminder(action, deadline, days, state, who))
        deadline.next_notice_at = time.morning_of(date(2026, 11, 27))
    browse.as_("officer")
    rows = soup(browse.open("/today")).select("#waiting tbody tr")
    assert [[words(cell) for cell in row.select("th, td")] for row in rows] == [
        ["West Mercia Police", "Write the protocol", "HCSP-ACT-2026-001", "Mon 30 Nov 2026 in 7 days",
         "Twice, 20 Nov", "Reminder, 27 Nov", "Chase now West Mercia Police: Write the protocol, HCSP-ACT-2026-001"],
        ["Home Office", "With Home Office QA", "HCSP-DHR-2026-001", "No time limit 97 days with them",
         "Since Tuesday 18 August 2026", "Nothing is sent by itself", ""],
    ]  # fmt: skip
    assert numbers(browse)["waiting on others"][0] == 2


def test_nothing_due_says_when_the_next_date_is(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    page = soup(browse.as_("officer").open("/today"))
    assert page.title.string == "Today - Case tracker"
    assert words(page.select_one("#needs .app-empty")) == "Nothing is due today, and no date is running."
    with sqlite_database.transaction() as session:
        log_action(session, settled, date(2027, 3, 2), lead=settled.police)
    assert "The next date is Tuesday 2 March 2027." in browse.open("/today").text


@pytest.mark.parametrize(
    ("ran", "detail", "said"),
    [
        (None, {}, ""),
        (None, {}, NEVER),
        (timedelta(minutes=14), {"mails": 41}, ""),
        (timedelta(minutes=16), {"mails": 41}, "Reminders have not run since Monday 23 November 2026 at 11:44am."),
        (timedelta(minutes=1), {"mails": 0, "down": "refused", "down_since": "2026-11-23T11:30:00+00:00"},
         "No e-mail has left since Monday 23 November 2026 at 11:30am."),
    ],
)  # fmt: skip
def test_it_is_said_aloud_when_reminders_stand_still(
    sqlite_database: Database,
    browse: Browser,
    monkeypatch: pytest.MonkeyPatch,
    ran: timedelta | None,
    detail: dict[str, object],
    said: str,
) -> None:
    started_at = NOON - timedelta(minutes=20 if said == NEVER else 1)
    monkeypatch.setattr("tracker.routes.today.STARTED_AT", started_at)
    if ran is not None:
        with sqlite_database.transaction() as session:
            session.add(
                Lease(name="reminders", holder="x", expires_at=NOON, last_ok_at=NOON - ran, detail=detail)
            )
    page = soup(browse.as_("officer").open("/today"))
    alert = page.select_one(".moj-alert__content")
    assert words(alert).startswith(said) if said else alert is None
    if ran == timedelta(minutes=14):
        assert "Reminders last ran today at 11:46am: 41 sent." in page.select("main > p")[-1].get_text()


def test_gaps_are_counted_by_what_is_missing(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        ended = Organisation(key="old", name="The old board", kind="group", to_on=date(2026, 1, 1))
        session.add(ended)
        session.flush()
        log_action(session, settled, date(2027, 1, 4), lead=settled.police)
        log_action(session, settled, date(2027, 1, 4))
        log_action(session, settled, date(2027, 1, 4), lead=ended.id)
        log_action(session, settled, None, lead=settled.police)
        log_action(session, settled, None)
    browse.as_("officer")
    panel = words(soup(browse.open("/today")).select_one("#gaps"))
    assert "4 actions cannot be chased" in panel
    assert "2 without a lead · 1 led by a body that has ended · 2 without a date" in panel
    number, behind = numbers(browse)["no date or no lead"]
    assert number == len(listed(browse, behind)) == 4


@pytest.mark.parametrize("who", ["officer2", "manager", "chair", "decision-maker", "outsider", "auditor"])
def test_a_restricted_case_is_in_no_number_and_no_list_of_those_not_named(
    sqlite_database: Database, settled: Cast, browse: Browser, who: str
) -> None:
    addresses = ("/today", "/today/overdue", "/today/due-today", "/today/coming-up", "/today/waiting")
    before = [numbers(browse.as_(who))[name][0] for name in FIVE]
    with sqlite_database.transaction() as session:
        for on in (date(2026, 10, 2), date(2026, 10, 23), date(2026, 10, 30)):
            log_dhr(session, settled, on=on)
        held = log_dhr(session, settled, imported=False)
        held.state = "with_home_office"
    assert [numbers(browse)[name][0] for name in FIVE] == before
    for address in addresses:
        assert "-DHR-" not in browse.open(address).text, address
    assert [numbers(browse.as_("officer"))[name][0] for name in FIVE[:4]] != before[:4]
    with sqlite_database.transaction() as session:
        session.add(CaseGrant(case_id=held.id, user_id=settled.people[who], why="Needs it", granted_at=NOON))
    assert "-DHR-" in browse.as_(who).open("/today/waiting").text, "whoever is named for a case sees it"


@pytest.mark.parametrize("who", ["lead", "panel", "admin"])
def test_today_is_for_those_whose_work_it_is(browse: Browser, who: str) -> None:
    assert browse.as_(who).open("/today").status_code == 403


def test_an_address_that_is_no_list_is_not_found(app: Flask, browse: Browser) -> None:
    assert browse.as_("officer").open("/today/nothing").status_code == 404


def _plain(update: Update) -> dict[str, object]:
    return {
        "answer": update.answer,
        "note": update.note,
        "asked_for_on": update.asked_for_on,
        "belongs_to": update.belongs_to,
    }


def _failed(action: Case, deadline: Deadline) -> Outbox:
    row = _reminder(action, deadline, 1, "failed", "lead")
    row.generation = deadline.generation
    return row


def _reminder(action: Case, deadline: Deadline, days: int, state: str, who: str) -> Outbox:
    at = NOON - timedelta(days=days)
    return Outbox(
        dedupe_key=f"{deadline.id}:1:{days}:{who}", kind="reminder", to_address="mailbox@police.example", who=who,
        case_id=action.id, deadline_id=deadline.id, generation=1, rung=f"before-{days}", template="digest",
        owed_on=at.date(), not_before=at, state=state, sent_at=at if state == "sent" else None, created_at=at,
    )  # fmt: skip
