"""The pages of a review beside its steps: checklist, people, panel, submissions and amendments."""

from datetime import date

import pytest
from sqlmodel import select

from tests import asb, dhr
from tests.cast import Cast
from tests.routes.browse import Browser, errors, soup
from tracker.db import Database
from tracker.models import Amendment, Case, PanelMember, ReviewSubject, ReviewTask


@pytest.fixture
def review(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        return dhr.review_at(session, settled, "amending").reference


def hidden(browse: Browser, address: str) -> dict[str, str]:
    form = soup(browse.open(address))
    return {
        name: str(form.select_one(f"main input[name={name}]")["value"]) for name in ("version", "request_id")
    }


def post(browse: Browser, shown: str, to: str, **typed: object):
    return browse.submit(to, page=shown, **hidden(browse, shown), **typed)


@pytest.mark.parametrize("page", ["tasks", "people", "panel", "amendments"])
def test_each_page_is_there_for_who_may_read_and_404_for_who_may_not(
    browse: Browser, review: str, page: str
) -> None:
    assert browse.as_("officer").open(f"/cases/{review}/{page}").status_code == 200
    assert browse.as_("officer").open(f"/cases/{review.lower()}/{page}").status_code == 301
    assert browse.as_("outsider").open(f"/cases/{review}/{page}").status_code == 404
    assert browse.as_("officer2").open(f"/cases/{review}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["people", "panel", "amendments"])
def test_a_case_review_has_no_such_page(
    browse: Browser, sqlite_database: Database, settled: Cast, page: str
) -> None:
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
        reference = asb.applied(session, settled).reference
    assert browse.as_("officer").open(f"/cases/{reference}/{page}").status_code == 404


def test_tasks_are_done_together_or_one_is_not_needed(
    browse: Browser, review: str, sqlite_database: Database
) -> None:
    shown = f"/cases/{review}/tasks"
    browse.as_("officer")
    done = post(browse, shown, shown, done=["amending.1", "scoping.2"], done_on="20 11 2026")
    assert done.status_code == 303
    assert "2 tasks are done." in browse.open(shown).text
    one = f"{shown}/amending.3"
    refused = post(browse, one, one, became="not_needed", note="Kept")
    assert errors(refused) == ["Say why it is not needed"]
    assert "Kept" in refused.text
    assert post(browse, one, one, became="not_needed", not_needed_reason="No pack").status_code == 303
    with sqlite_database.reading() as session:
        rows = {row.key: row for row in session.exec(select(ReviewTask))}
        assert rows["scoping.2"].done_on == date(2026, 11, 20)
        assert rows["amending.3"].not_needed_reason == "No pack"
        assert rows["amending.2"].done_on is None


def test_nothing_ticked_is_said(browse: Browser, review: str) -> None:
    shown = f"/cases/{review}/tasks"
    assert errors(post(browse.as_("officer"), shown, shown)) == ["Tick at least one task"]


def test_somebody_else_was_faster_and_nothing_typed_is_lost(browse: Browser, review: str) -> None:
    shown = f"/cases/{review}/tasks/amending.1"
    seen = hidden(browse.as_("officer"), shown)
    assert post(browse, shown, shown, became="done", done_on="20 11 2026").status_code == 303
    late = browse.submit(
        shown, page=shown, version=seen["version"], request_id="another", became="open", note="My words"
    )
    assert late.status_code == 409
    assert "This case changed while you were working" in late.text
    assert "My words" in late.text


def test_two_people_died_and_nobody_did_it(browse: Browser, review: str, sqlite_database: Database) -> None:
    people, new = f"/cases/{review}/people", f"/cases/{review}/people/add"
    browse.as_("officer")
    assert errors(post(browse, new, new)) == ["Choose the part in the review"]
    for pseudonym in ("Rowan", "Hazel"):
        answer = post(
            browse, new, new, role="deceased", pseudonym=pseudonym, age_band="25-34", considered=["age", "sex"],
            relevant=["disability"], equality_note="Disability: section 15.2",
        )  # fmt: skip
        assert answer.status_code == 303
    text = soup(browse.open(people)).get_text(" ", strip=True)
    assert "3 of 9 considered" in text
    assert "Relevant: Disability" in text
    one = f"{people}/2"
    wrong = post(browse, one, one, role="deceased", equality_note="Height: tall")
    assert "Begin each line with one of" in errors(wrong)[0]
    out = f"{people}/2/remove"
    assert errors(post(browse, out, out)) == ["Say why this person was entered in error"]
    assert post(browse, out, out, why="Entered twice").status_code == 303
    assert browse.open(one).status_code == 404
    with sqlite_database.reading() as session:
        rows = session.exec(select(ReviewSubject).order_by(ReviewSubject.number)).all()
        assert [(row.role, row.is_deceased, row.removed_on is None) for row in rows] == [
            ("deceased", True, True), ("deceased", True, False),
        ]  # fmt: skip


def test_the_panel_says_what_the_act_says(browse: Browser, review: str, sqlite_database: Database) -> None:
    shown = f"/cases/{review}/panel"
    browse.as_("officer")
    added = post(
        browse, shown, shown, organisation="west-mercia-police", role_title="Detective inspector", part="member",
        from_on="10 11 2026", managed_the_case="y",
    )  # fmt: skip
    assert added.status_code == 303
    text = soup(browse.open(shown)).get_text(" ", strip=True)
    assert "Chief officer of police: s.9(4)(a)" in text
    assert "Managed the case or staff who worked on it" in text
    out = f"{shown}/1/leave"
    assert "must be after the first" in errors(post(browse, out, out, to_on="1 11 2026"))[0]
    assert post(browse, out, out, to_on="20 11 2026").status_code == 303
    with sqlite_database.reading() as session:
        assert session.exec(select(PanelMember)).one().to_on == date(2026, 11, 20)
        case = session.exec(select(Case).where(Case.reference == review)).one()
        assert case.facts["panel_members"] == ""


def test_amendments_belong_to_the_letter_on_the_latest_submission(
    browse: Browser, review: str, sqlite_database: Database
) -> None:
    shown, new = f"/cases/{review}/amendments", f"/cases/{review}/amendments/add"
    browse.as_("officer")
    assert "Resubmission wanted" in browse.open(shown).text
    assert post(browse, new, new, text="Say more of equality", assigned="Author").status_code == 303
    one = f"{shown}/1"
    refused = post(browse, one, one, text="Say more of equality", resolved_on="20 11 2026")
    assert errors(refused) == ["Say what was changed, or why not"]
    answer = post(
        browse, one, one, text="Say more of equality", resolved_on="20 11 2026", response="Section 15 is new"
    )
    assert answer.status_code == 303
    with sqlite_database.reading() as session:
        row = session.exec(select(Amendment)).one()
        assert (row.submission_no, row.number, row.resolved_on) == (1, 1, date(2026, 11, 20))


def test_a_reader_sees_no_form(browse: Browser, review: str, sqlite_database: Database) -> None:
    browse.as_("chair")
    page = soup(browse.open(f"/cases/{review}/panel"))
    assert page.select("main form") == []
    assert browse.open(f"/cases/{review}/people/add").status_code in {403, 404}
