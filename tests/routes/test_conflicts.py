"""Two people save one thing: every form shows what was, what is and what they want, and loses nothing that was typed."""

import pytest
from sqlmodel import select

from tests import asb, dhr
from tests.cast import Cast
from tests.routes.browse import Browser
from tests.routes.pages import Page, send, visit
from tests.services.test_families import REQUEST, add
from tracker.access import case_for
from tracker.db import Database
from tracker.models import Case, Event
from tracker.services.positions import workflow_for

HEADING = "This case changed while you were working"
DHR_FORMS: dict[str, tuple[str, dict[str, str | list[str] | None]]] = {
    "/people/add": ("Rowan", {"role": "deceased", "pseudonym": "Rowan"}),
    "/panel": (
        "Detective inspector",
        {"role_title": "Detective inspector", "part": "member", "from_on": "20 11 2026"},
    ),
    "/tasks/amending.1": ("Not asked here", {"became": "not_needed", "not_needed_reason": "Not asked here"}),
    "/amendments/add": ("Say more of housing", {"text": "Say more of housing"}),
    "/related/add/hold": ("Only chronologies", {
        "fact_kind": "full", "fact_reason": "inquest", "fact_requested_by": "The coroner",
        "fact_placed_on": "23 11 2026", "fact_review_on": "11 1 2027",
        "fact_still_permitted_work": "Only chronologies",
    }),
    "/documents/new": ("Terms of reference of May", {
        "kind": "terms_of_reference", "title": "Terms of reference of May", "dated_on": "20 11 2026",
        "marking": "official", "location": "https://store.example.gov.uk/1",
    }),
    "/record?fact=deceased_pseudonym": ("Hazel", {"fact_deceased_pseudonym": "Hazel"}),
}  # fmt: skip
ASB_FORMS: dict[str, tuple[str, dict[str, str | list[str] | None]]] = {
    "/incidents/new": ("Shouting", {"dated": "on", "first_on": "1 9 2026", "what": "Shouting"}),
    "/pass-ons": ("20 11 2026", {"bodies": [asb.POLICE], "on": "20 11 2026"}),
    "/letters/new/L1/applicant": ("1 Sample Street", {"channel": "post", "address": "1 Sample Street"}),
}  # fmt: skip


@pytest.fixture
def review(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        return f"/cases/{dhr.review_at(session, settled, 'amending').reference}"


@pytest.fixture
def application(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
        return f"/cases/{asb.case_at(session, settled, 'acknowledged').reference}"


def noted(browse: Browser, case: str, words: str = "The coroner rang") -> Page:
    """Somebody else of the business unit writes a note."""
    return visit(Browser(browse.app).as_("officer"), f"{case}/notes/new").submit({"words": words})


def held(
    browse: Browser, case: str, path: str, typed: str, answers: dict[str, str | list[str] | None]
) -> None:
    form = visit(browse.as_("officer"), case + path)
    noted(browse, case)
    page = form.submit(answers)
    assert (page.status, page.heading) == (409, HEADING)
    happened = next(row for row in page.rows() if row[0] == "Note")
    assert happened[:2] == ["Note", "Not there yet"]
    assert happened[2].startswith("The coroner rang by Officer, Monday 23 November 2026")
    assert any(typed in row[3] for row in page.rows()), page.rows()
    assert page.buttons() == ["Carry on with my answers"]
    after = page.submit()
    assert after.status == 200, (after.heading, after.errors())


@pytest.mark.parametrize("path", DHR_FORMS)
def test_a_form_of_a_review_says_what_happened_and_goes_on(browse: Browser, review: str, path: str) -> None:
    held(browse, review, path, *DHR_FORMS[path])


@pytest.mark.parametrize("path", ASB_FORMS)
def test_a_form_of_an_application_says_what_happened_and_goes_on(
    browse: Browser, application: str, path: str
) -> None:
    held(browse, application, path, *ASB_FORMS[path])


def test_a_correction_shows_each_answer_as_it_was_is_and_is_wanted(browse: Browser, review: str) -> None:
    visit(browse.as_("officer"), f"{review}/people/add").submit({"role": "deceased", "pseudonym": "Rowan"})
    number = max(visit(browse, f"{review}/people").links("Change") or [f"{review}/people/1"])
    mine = visit(browse, number)
    visit(Browser(browse.app).as_("officer"), number).submit({"pseudonym": "Hazel"})
    page = mine.submit({"pseudonym": "Ash", "relationship": "Sister"})
    rows = {row[0]: row[1:] for row in page.rows()}
    assert page.status == 409
    assert rows["Pseudonym"][0] == "Rowan"
    assert rows["Pseudonym"][1].startswith("Hazel by Officer")
    assert rows["Pseudonym"][2] == "Ash"
    assert rows["Relationship to the person who died"] == ["Not recorded", "Not recorded", "Sister"]
    assert "Part in the review" not in rows
    page.submit()
    assert dict(visit(browse, number).fields())["pseudonym"] == "Ash"


def test_the_same_form_with_other_answers_is_no_double_press(
    browse: Browser, review: str, sqlite_database: Database
) -> None:
    form = visit(browse.as_("officer"), f"{review}/notes/new")
    action = str(form.form()["action"])
    pairs = [(name, value) for name, value in form.fields() if name not in {"words", "draft_address"}]
    for _ in range(2):
        assert send(browse, action, [*pairs, ("words", "The first words")]).status == 200
    page = send(browse, action, [*pairs, ("words", "Quite other words")])
    assert page.status == 409
    assert page.rows()[0][2].startswith("The first words")
    assert page.rows()[-1][3] == "Quite other words"
    assert page.submit().status == 200
    with sqlite_database.reading() as session:
        said = [e.detail["said"] for e in session.exec(select(Event).where(Event.kind == "note_added"))]
    assert said == ["The first words", "Quite other words"]


def test_what_cannot_be_done_any_more_can_be_copied_to_a_note(
    browse: Browser, sqlite_database: Database, settled: Cast, review: str
) -> None:
    with sqlite_database.transaction() as session:
        parent = case_for(session, settled.actor(session, "officer"), review.rpartition("/")[2])
        asked = add(session, settled, parent, "information_request", REQUEST).reference
    form = visit(browse.as_("officer"), f"/cases/{asked}/chasers")
    with sqlite_database.transaction() as session:
        row = session.exec(select(Case).where(Case.reference == asked)).one()
        row.state = next(state.name for state in workflow_for(row).states if state.final)
    page = form.submit()
    assert page.status == 409
    assert "the request is not with an agency now" in page.text

    form = visit(browse, f"{review}/notes/new")
    kept = send(
        browse, f"{review}/notes/new",
        [*((n, v) for n, v in form.fields() if n == "csrf_token"), ("words", "Why: because"), ("change", "words")],
    )  # fmt: skip
    assert (kept.status, dict(kept.fields())["words"]) == (200, "Why: because")
    assert "Note" in [row.get_text() for row in kept.submit().soup.select(".moj-timeline__title")]


def test_the_history_is_narrowed_and_a_correction_leads_to_what_it_corrects(
    browse: Browser, review: str
) -> None:
    noted(browse.as_("officer"), review)
    for pseudonym in ("Rowan", "Hazel"):
        visit(browse, f"{review}/record?fact=deceased_pseudonym").submit(
            {"fact_deceased_pseudonym": pseudonym}
        )
    page = visit(browse, f"{review}/history")
    [address] = page.links("Corrects the entry of")
    entry = address.partition("#e")[2]
    assert visit(browse, address.partition("#")[0]).soup.select_one(f"#e{entry}") is not None
    assert visit(browse, f"{review}/history?entry={10**30}").status == 200
    assert "The coroner rang" in page.text
    steps = visit(browse, f"{review}/history?show=steps")
    assert "The coroner rang" not in steps.text
    assert "Logged" in steps.text
    assert "Nothing of this kind has happened" in visit(browse, f"{review}/history?show=documents").text
    assert "The coroner rang" in visit(browse, f"{review}/history?show=nothing").text


def test_the_page_of_a_review_shows_the_tasks_in_plain_words_and_who_owes_what(
    browse: Browser, sqlite_database: Database, settled: Cast, review: str
) -> None:
    with sqlite_database.transaction() as session:
        case = case_for(session, settled.actor(session, "officer"), review.rpartition("/")[2])
        add(session, settled, case, "information_request", REQUEST)
    page = visit(browse.as_("officer"), review)
    tasks = [link.get_text() for link in page.soup.select("#tasks .govuk-task-list__link")]
    assert "Prepare the pack to submit again, if it is asked for" in tasks
    assert "West Mercia Police" in [row[0] for row in page.rows("#agencies tbody tr")]
    kept = visit(browse, f"{review}/tasks/amending.3").submit({"became": "open", "note": "Half of it"})
    assert kept.status == 200
    assert "In progress" in visit(browse, review).soup.select_one("#tasks").get_text()


def test_a_date_that_says_when_it_happened_is_asked_for_once(browse: Browser, application: str) -> None:
    form = visit(browse.as_("officer"), f"{application}/record?fact=last_contact_on")
    assert not form.soup.select("[name=happened]")
    form.submit({"fact_last_contact_on": "20 11 2026"})
    history = visit(browse, f"{application}/history")
    assert "Friday 20 November 2026, recorded 3 days later" in history.text
    assert visit(browse, f"{application}/record?fact=channel").soup.select("[name=happened]")


def test_the_letters_page_begins_with_what_is_owed_and_keeps_the_rest_closed(
    browse: Browser, application: str
) -> None:
    page = visit(browse.as_("officer"), f"{application}/letters")
    assert page.soup.select_one("details #kinds, #kinds details") is not None
    assert not page.soup.select("details[open]")
    shut = {str(link["href"]) for link in page.soup.select("#kinds details a")}
    assert len([link for link in page.soup.select("main a") if str(link["href"]) not in shut]) < 30
    assert visit(browse, min(shut)).links("It was sent outside the tracker")


def test_the_day_of_a_step_can_be_the_date_that_is_asked_for(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        address = f"/cases/{dhr.review_at(session, settled, 'awaiting_decision').reference}"
    form = visit(browse.as_("officer"), f"{address}/steps/decide-to-review")
    given = form.soup.select_one("[name=happened][value=given]")
    assert given is not None
    wrong = form.submit({"happened": "given", "fact_decision_on": "31 2 2026"})
    assert "Date of the decision must be a real date, such as 23 11 2026" in wrong.errors()
    assert not any("day it happened" in error.lower() for error in wrong.errors())
