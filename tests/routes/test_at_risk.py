"""At risk: numbers that equal their lists, weeks that add up, sentences by rule, and nothing of others."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser, Clock, errors, soup
from tests.routes.filling import counting, fill, listed, log_action, log_dhr, numbers, words
from tracker.db import Database
from tracker.models import CaseGrant, Deadline, Lease, Outbox, OutboxState
from tracker.queries import at_risk
from tracker.queries.at_risk import Week
from tracker.queries.risk_items import RiskItem
from tracker.queries.standing_out import stands_out
from workflows.calendars import england_and_wales
from workflows.likely_late import Reason, Sign

FOUR = ("overdue now", "likely to be late", "leads gone quiet", "no date or no lead")


def rows(browse: Browser, address: str) -> int:
    """How many rows a list has, all pages of it."""
    found = 0
    while address:
        page = soup(browse.open(address))
        found += len(page.select("main table")[0].select("tbody tr")) if page.select("main table") else 0
        following = page.select_one(".govuk-pagination__next a")
        address = following["href"] if following else ""
    return found


@pytest.mark.parametrize("who", ["manager", "chair", "officer"])
def test_each_number_equals_the_list_it_opens(
    sqlite_database: Database, settled: Cast, browse: Browser, who: str
) -> None:
    fill(sqlite_database, settled)
    browse.as_(who)
    found = numbers(browse, "/at-risk")
    assert tuple(found) == FOUR
    for name, (number, behind) in found.items():
        assert rows(browse, behind) == number, name
        assert number, name
    assert found["overdue now"][0] == numbers(browse, "/today")["overdue"][0]
    page = soup(browse.open("/at-risk"))
    assert words(page.title).startswith(f"({found['overdue now'][0]} overdue, ")
    total = 0
    for week in page.select(".app-bars tbody tr"):
        on_time, late = (int(words(cell)) for cell in week.select(".app-num"))
        assert rows(browse, week.th.a["href"]) == on_time + late, words(week.th)
        total += on_time + late
    whole = page.select_one("#chart .app-section__head a")
    assert int(words(whole).split()[0]) == total == rows(browse, whole["href"])
    for one in page.select("#decide li"):
        assert int(words(one).split()[0]) == rows(browse, one.a["href"])
    assert len(browse.open("/at-risk/likely-late.csv").text.splitlines()) == found["likely to be late"][0] + 1


def test_the_further_numbers_of_today_equal_their_lists_too(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled)
    with sqlite_database.transaction() as session:
        running = session.exec(select(Deadline).where(Deadline.key == "ACTION_TARGET")).all()
        for number, (deadline, generation, sent) in enumerate(
            (
                (running[0], 1, None),
                (running[1], 1, NOON),
                (running[2], 9, None),
            )  # the last is for an earlier date
        ):
            session.add(
                Outbox(
                    dedupe_key=str(number), kind="reminder", to_address="gone@example.test", who="lead",
                    template="item", case_id=deadline.case_id, deadline_id=deadline.id, generation=generation,
                    owed_on=MONDAY, not_before=NOON, created_at=NOON, sent_at=sent, state=OutboxState.FAILED,
                )
            )  # fmt: skip
    page = soup(browse.as_("officer").open("/today"))
    said = {words(link): link["href"] for link in page.select("main a")}
    numbered = {text: behind for text, behind in said.items() if re.match(r"All \d+ ", text)}
    assert {text.split()[2] for text in numbered} == {"dates", "that"}
    for text, behind in numbered.items():
        assert rows(browse, behind) == int(text.split()[1]), text
    needs = int(words(page.select_one("#needs .app-section__head .app-meta")).split()[0])
    assert needs == rows(browse, "/today/overdue") + rows(browse, "/today/due-today")
    failed = next(item for item in page.select("#in li") if "did not arrive" in words(item))
    assert int(words(failed).split()[0]) == rows(browse, failed.a["href"]) == 2


def test_the_page_asks_few_questions_of_the_database(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled)
    browse.as_("officer")
    browse.open("/at-risk")
    at_the_door = 6  # the session, the person, their places, roles, boards and grants
    for address in ("/at-risk", "/at-risk/likely-late", "/at-risk/quiet", "/at-risk/met"):
        with counting(sqlite_database) as asked:
            browse.open(address)
        assert len(asked) - at_the_door <= 12, "\n\n".join(asked)


def test_nobody_is_shown_what_is_not_theirs(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        hidden = log_dhr(session, settled)
        log_action(session, settled, MONDAY, lead=settled.police, where=settled.worcestershire)
    secret = hidden.reference
    for address in ("/at-risk", "/at-risk/due", "/at-risk/overdue", "/at-risk/due.csv"):
        assert secret in browse.as_("officer").open("/at-risk").text
        for who in ("manager", "chair", "auditor"):
            assert secret not in browse.as_(who).open(address).text, (who, address)
            assert "WSCB" not in browse.open(address).text
    assert browse.as_("manager").open(f"/at-risk/step-in/{secret}/decision").status_code == 404
    assert browse.as_("officer").open(f"/at-risk/step-in/{secret.lower()}/decision").status_code == 301
    assert browse.open(f"/at-risk/step-in/{secret}/decision").status_code == 200
    assert browse.open(f"/at-risk/step-in/{secret}/publish").status_code == 404
    for who in ("lead", "panel", "admin"):
        assert browse.as_(who).open("/at-risk").status_code == 403


def test_a_review_has_one_line_with_both_dates_of_its_report(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        for number in range(2):
            dhr = log_dhr(session, settled, on=date(2026, 10, 20 + number), state="gathering")
        session.add(CaseGrant(case_id=dhr.id, user_id=settled.people["chair"], why="Chair", granted_at=NOON))
        session.add(
            Deadline(
                case_id=dhr.id, key="REPORT_6M", label="Report", rule={}, basis="x", force="guidance",
                length_local=False, owner="csp_chair", starts_on=MONDAY, first_due_on=date(2026, 8, 25),
                due_on=date(2027, 2, 25), recorded_at=NOON,
            )
        )  # fmt: skip
    assert [words(row) for row in soup(browse.as_("chair").open("/at-risk")).select("#reviews tbody tr")] == [
        "HCSP-DHR-2026-002 Gathering evidence Agencies 33 Tue 25 Aug 2026 Thu 25 Feb 2027 in 94 days"
    ]


def test_nothing_is_said_calmly(browse: Browser, settled: Cast) -> None:
    page = soup(browse.as_("manager").open("/at-risk"))
    assert words(page.select_one(".app-lead")) == (
        "Nothing is overdue or likely to be late in the next 12 weeks."
    )
    assert words(page.title) == "At risk - Case tracker"
    assert words(page.select_one("#late")).endswith("Nothing is likely to be late in the next 12 weeks.")


def test_it_is_said_when_reminders_stand_still(
    sqlite_database: Database, settled: Cast, browse: Browser, clock: Clock
) -> None:
    with sqlite_database.transaction() as session:
        session.add(Lease(name="reminders", holder="x", expires_at=NOON, last_ok_at=NOON))
    browse.as_("manager")
    clock.forward(minutes=14)
    assert "Reminders have not run" not in browse.open("/at-risk").text
    clock.forward(minutes=2)
    assert "Reminders have not run since Monday 23 November 2026 at midday." in browse.open("/at-risk").text


def test_a_manager_says_what_they_expect(
    sqlite_database: Database, settled: Cast, browse: Browser, app: Flask
) -> None:
    with sqlite_database.transaction() as session:
        log_action(session, settled, MONDAY + timedelta(days=20), lead=settled.police, title="Silent")
    browse.as_("manager")
    address = soup(browse.open("/at-risk")).select_one("#late tbody .app-act a")["href"]
    assert address == "/at-risk/step-in/HCSP-ACT-2026-001/action_target"
    page = soup(browse.open(address))
    sent = {
        f["name"]: f["value"]
        for f in page.select("main form input[type=hidden]")
        if f["name"] != "csrf_token"
    }
    refused = browse.submit(address, **{**sent, "reason": "They called"})
    assert (refused.status_code, errors(refused)) == (422, ["Say what you expect"])
    assert "They called" in refused.text
    done = browse.submit(address, **{**sent, "reading": "in_time", "reason": "They called"})
    assert (done.status_code, done.location) == (303, "/at-risk")
    assert numbers(browse, "/at-risk")["likely to be late"][0] == 0
    aside = soup(browse.open("/at-risk/likely-late")).select_one("#in-time")
    assert "No answer for 90 days" in words(aside)
    assert "They called" in words(aside)
    changed = browse.submit(address, **{**sent, "request_id": "two", "reading": "late", "reason": "No"})
    assert changed.status_code == 409
    again = {
        f["name"]: f["value"] for f in soup(changed).select("form[action*=step-in] input") if f.get("name")
    }
    assert (again["reading"], again["reason"]) == ("late", "No"), "carried, to go on with"
    assert browse.submit(address, **again).status_code == 303
    officer = Browser(app).as_("officer")
    assert not soup(officer.open(address)).select("main form")
    assert officer.submit(address, reading="late", reason="x").status_code == 403
    assert "Said what is expected of a date" in browse.open("/cases/HCSP-ACT-2026-001/history").text


@pytest.mark.parametrize(
    ("overdue", "late", "said"),
    [
        (0, 0, "Nothing is overdue or likely to be late in the next 12 weeks."),
        (9, 14, "9 items are overdue and 14 more are likely to be late by 14 February."),
        (1, 1, "1 item is overdue and 1 more is likely to be late by 14 February."),
        (0, 1, "Nothing is overdue, and 1 item is likely to be late by 14 February."),
        (2, 0, "2 items are overdue, and nothing more is likely to be late by 14 February."),
    ],
)
def test_the_sentence_follows_its_rule(overdue: int, late: int, said: str) -> None:
    assert at_risk.headline(overdue, late, date(2027, 2, 14)) == said


@pytest.mark.parametrize(
    ("late", "said"),
    [
        ((0, 3, 1), "3 of those fall in the week of 30 November."), ((1, 1, 0), ""), ((2, 2, 0), ""), ((0, 0, 0), ""),
        ((1, 0, 0), ""),
    ],
)  # fmt: skip
def test_the_worst_week_is_named_where_there_is_one(late: tuple[int, ...], said: str) -> None:
    mondays = (MONDAY + timedelta(weeks=n) for n in range(3))
    assert at_risk.busiest([Week(on, on, on, 5, n, "") for on, n in zip(mondays, late, strict=True)]) == said


@pytest.mark.parametrize("longest", [1, 3, 13, 25, 96])
def test_bars_are_in_proportion_to_the_numbers_beside_them(longest: int) -> None:
    step = at_risk.length_of(1, longest)
    assert all(at_risk.length_of(n, longest) == n * step for n in range(longest + 1))
    assert 48 < longest * step <= 96
    assert at_risk.length_of(300, 300) == 96
    assert at_risk.length_of(1, 300) == 1


ITEM = RiskItem(
    "HCSP-ACT-2026-001", "/actions/HCSP-ACT-2026-001", "Write it", "Plan date", "ACTION_TARGET",
    date(2026, 12, 23), "in 30 days", None, "Probation Service", "probation", 0,
    (Reason(Sign.SILENCE, "No answer for 41 days"),), None, overdue=False, step_in="/x", act="Step in",
)  # fmt: skip


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], []),
        ([ITEM] * 2, ["Christmas. 2 items fall between 21 December and 3 January."]),
        (
            [replace(ITEM, due_on=date(2026, 12, 1))] * 3,
            ["One agency, 3 items. Probation Service holds 3 of the 3."],
        ),
        (
            [replace(ITEM, due_on=date(2026, 12, 1), agency="", moved_times=3, first=date(2026, 3, 31))],
            ["One date has moved 3 times. HCSP-ACT-2026-001, first due March 2026."],
        ),
        (
            [replace(ITEM, due_on=date(2026, 12, 1), reasons=(Reason(Sign.NOT_ARRIVING, "x"),))],
            ["Reminders do not arrive. Nobody has been told about 1 date."],
        ),
    ],
)
def test_what_stands_out_follows_its_rules(found: list[RiskItem], said: list[str]) -> None:
    findings = stands_out(found, england_and_wales(), MONDAY, date(2027, 2, 14))
    assert [f"{one.title} {one.text}" for one in findings] == said


def test_the_lists_are_narrowed_by_the_address(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    fill(sqlite_database, settled)
    with sqlite_database.transaction() as session:
        assert session.exec(select(Deadline)).first()
    browse.as_("manager")
    every = listed(browse, "/at-risk/likely-late")
    police = listed(browse, "/at-risk/likely-late?agency=west-mercia-police")
    assert 0 < len(police) < len(every)
    assert set(police) < set(every)
    assert listed(browse, "/at-risk/likely-late?sign=r1&agency=west-mercia-police") == police
    assert listed(browse, "/at-risk/likely-late?sign=r7") == []
    assert browse.open("/at-risk/due?from=yesterday&to=2026-13-45&sign=r99&page=x").status_code == 200
    assert browse.open("/at-risk/nothing").status_code == 404
