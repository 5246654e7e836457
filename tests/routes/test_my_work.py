"""My work: a lead's own actions with the question on each, and nothing of anybody else's."""

from datetime import date

import pytest

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser, soup
from tests.routes.filling import log_action, log_asb, log_dhr, words
from tracker.db import Database
from tracker.models import Case, CaseGrant
from tracker.services import actions, cases
from tracker.services.actions import Answer, Update
from tracker.services.asked import MoveRequest

EMPTY = "Nothing is waiting for you. We will e-mail you when something is."


def cards(browse: Browser) -> list[tuple[str, str]]:
    """Reference and how it stands, of each card."""
    return [
        (words(card.select_one(".app-ref")), words(card.select_one(".app-due > span")))
        for card in soup(browse.open("/my-work")).select(".app-card")
    ]


def test_the_cards_are_the_agencys_open_actions_most_urgent_first(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        log_action(session, settled, date(2026, 12, 4), lead=settled.police)
        log_action(session, settled, None, lead=settled.police)
        log_action(session, settled, date(2026, 11, 20), lead=settled.housing, shared_with=settled.police)
        log_action(session, settled, date(2026, 11, 27), lead=settled.housing)
        ended = log_action(session, settled, date(2026, 11, 2), lead=settled.police)
        ended.state, ended.closed_on = "abandoned", MONDAY
        log_asb(session, settled)
        log_dhr(session, settled)
    assert cards(browse.as_("lead")) == [
        ("HCSP-ACT-2026-003", "3 days overdue"),
        ("HCSP-ACT-2026-001", "in 11 days"),
        ("HCSP-ACT-2026-002", "No date yet"),
    ]
    assert "3 actions are yours. One is overdue." in browse.open("/my-work").text
    assert [reference for reference, _ in cards(browse.as_("lead2"))] == [
        "HCSP-ACT-2026-003",
        "HCSP-ACT-2026-004",
    ]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ((30,), "1 action is yours. One needs an update by 30 November 2026."),
        ((30, 30, 31), "3 actions are yours. 2 need an update by 30 November 2026."),
        ((23,), "1 action is yours. One needs an update by 23 November 2026."),
        ((20, 22, 30), "3 actions are yours. 2 are overdue."),
    ],
)
def test_one_sentence_says_what_is_next(
    sqlite_database: Database, settled: Cast, browse: Browser, days: tuple[int, ...], sentence: str
) -> None:
    with sqlite_database.transaction() as session:
        for day in days:
            on = date(2026, 12, 1) if day == 31 else date(2026, 11, day)
            log_action(session, settled, on, lead=settled.police)
    assert words(soup(browse.as_("lead").open("/my-work")).select_one(".app-line")) == sentence


@pytest.mark.parametrize("who", ["lead", "panel", "officer", "manager"])
def test_an_empty_page_says_that_we_will_write(browse: Browser, who: str) -> None:
    page = soup(browse.as_(who).open("/my-work"))
    assert words(page.select_one(".app-line")) == EMPTY
    assert page.select(".app-card, table, form[action^='/actions']") == []


def test_the_question_is_answered_on_the_card(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        for _ in range(2):
            log_action(session, settled, date(2026, 12, 4), lead=settled.police)
    page = soup(browse.as_("lead").open("/my-work"))
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert page.select("input[type=radio][checked]") == []
    form = page.select_one("form[action='/actions/HCSP-ACT-2026-002/update']")
    labels = [words(label) for label in form.select(".govuk-radios__label")]
    assert labels == [
        "No change since the last update", "There is progress", "It is done", "We need more time", "It is not ours",
    ]  # fmt: skip
    assert all("only if" in words(form.find("label", attrs={"for": f"hcsp-act-2026-002-{name}"}))
               for name in ("asked-for-on", "belongs-to"))  # fmt: skip
    given = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
    nothing = browse.client.post(form["action"], data=given)
    assert nothing.status_code == 422
    saved = browse.client.post(
        form["action"], data={**given, "answer": "progress", "note": "Half is written"}
    )
    assert saved.status_code == 303
    with sqlite_database.reading() as session:
        action = session.get_one(Case, 2)
        assert (action.state, action.facts["update_note"]) == ("in_progress", "Half is written")
    card = words(soup(browse.open("/my-work")).select(".app-card")[1])
    assert "You last told us on Monday 23 November 2026: there is progress. Half is written" in card
    assert "No change since Monday 23 November 2026" in card


def test_a_date_that_was_asked_for_is_told_back(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        action = log_action(session, settled, date(2026, 12, 4), lead=settled.police)
        update = Update(
            Answer.MORE_TIME, action.version, note="The supplier is late", asked_for_on=date(2027, 1, 29)
        )
        actions.report(session, settled.actor(session, "lead"), action, update, at=NOON)
    card = words(soup(browse.as_("lead").open("/my-work")).select_one(".app-card"))
    assert "you need more time, until Friday 29 January 2027. The supplier is late" in card


def test_what_is_done_this_year_stands_below(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        lead, officer = settled.actor(session, "lead"), settled.actor(session, "officer")
        for title in ("Checked", "Waiting", "Long ago"):
            action = log_action(session, settled, date(2026, 12, 4), lead=settled.police, title=title)
            actions.report(session, lead, action, Update(Answer.DONE, action.version, note="Done"), at=NOON)
            if title != "Waiting":
                seen = MoveRequest(
                    action.version, MONDAY, facts={"verified_on": MONDAY, "verification_note": "Seen"}
                )
                cases.move(session, officer, action, "verify", seen, at=NOON)
            if title == "Long ago":
                action.closed_on = date(2025, 12, 31)
    page = soup(browse.as_("lead").open("/my-work"))
    assert [words(row.select_one(".app-what")) for row in page.select("#done li")] == ["Checked", "Waiting"]
    assert "somebody else has still to look" in words(page.select_one("#done"))
    assert words(page.select_one(".app-line")) == EMPTY


def test_a_panel_member_sees_the_cases_they_are_named_for(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        log_dhr(session, settled)
        mine = log_dhr(session, settled)
        session.add(CaseGrant(case_id=mine.id, user_id=settled.people["panel"], why="Panel", granted_at=NOON))
    page = soup(browse.as_("panel").open("/my-work"))
    assert [words(row.a) for row in page.select("#named tbody tr")] == ["HCSP-DHR-2026-002"]
    assert "HCSP-DHR-2026-001" not in page.get_text()


def test_it_is_open_to_those_with_work_in_it(browse: Browser) -> None:
    assert browse.as_("admin").open("/my-work").status_code == 403
    assert browse.as_("officer").open("/my-work").status_code == 200


def test_a_lead_of_many_actions_has_a_page_that_stays_small(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        for number in range(40):
            log_action(session, settled, date(2026, 12, 1 + number % 28), lead=settled.police)
    page = browse.as_("lead").open("/my-work")
    assert len(page.data) < 150_000
    asked = soup(page)
    assert len(asked.select(".app-card")) == 40
    assert len(asked.select(".app-card form")) == 20
    assert all("#update" in card.select("a")[-1]["href"] for card in asked.select(".app-card")[20:])
