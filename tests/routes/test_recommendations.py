"""Recommendations on pages: found, answered, followed by actions, and beside those like them."""

from datetime import date

import pytest

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser
from tests.routes.filling import listed, log_asb, log_dhr
from tests.routes.pages import visit
from tracker.db import Database
from tracker.models import Case
from tracker.services import acts, new_actions
from tracker.services.new_actions import NewAction

TEXT = "Train housing staff in coercive control"


@pytest.fixture
def made(sqlite_database: Database, settled: Cast) -> dict[str, str]:
    """One of an open review, one of a restricted one, one elsewhere; their references."""
    with sqlite_database.transaction() as session:
        officer = settled.actor(session, "officer")

        def of(parent: Case, text: str, **facts: object) -> Case:
            given = {
                "kind": "national",
                "recommendation_text": text,
                "addressed_to": "The department",
                "public_functions": True,
            }
            return acts.open_child(
                session, officer, parent, "recommendation", given | facts, MONDAY, title=text, at=NOON
            )  # fmt: skip

        review, hidden, other = (
            log_asb(session, settled),
            log_dhr(session, settled),
            log_asb(session, settled, "outsider"),
        )
        plain = of(
            review, TEXT, theme="Housing", sent_on=date(2026, 10, 1), acknowledged_on=date(2026, 10, 9)
        )
        plain.state = "acknowledged"
        found = {"plain": plain, "hidden": of(hidden, f"{TEXT} every year"), "other": of(other, TEXT)}
        new_actions.add(session, officer, review, NewAction("Book a trainer", {}, plain.reference), at=NOON)
        session.flush()
        return {name: row.reference for name, row in found.items()} | {"review": review.reference}


def test_the_list_says_what_was_answered_and_whether_it_held(browse: Browser, made: dict[str, str]) -> None:
    page = visit(browse.as_("manager"), "/recommendations")
    assert page.rows() == [
        [f"{TEXT} {made['plain']} · National · Housing", made["review"], "The department",
         "Acknowledged Sent 1 October 2026, acknowledged 9 October 2026, no reply yet", "1, 1 open", "Not looked at yet"],
    ]  # fmt: skip
    assert listed(browse.as_("officer"), "/recommendations?q=housing+TRAIN&theme=Housing")[:1] == [
        made["plain"]
    ]
    assert listed(browse, "/recommendations?scope=local") == []
    assert len(browse.open("/recommendations.csv").text.splitlines()) == 3


@pytest.mark.parametrize(
    ("who", "sees"),
    [("officer", {"plain", "hidden"}), ("manager", {"plain"}), ("outsider", {"other"}), ("lead", set()), ("auditor", {"plain"})],
)  # fmt: skip
def test_nobody_is_shown_one_that_is_not_theirs(
    browse: Browser, made: dict[str, str], who: str, sees: set[str]
) -> None:
    text = browse.as_(who).open("/recommendations").text
    for name in ("plain", "hidden", "other"):
        assert (made[name] in text) is (name in sees)
        status = browse.open(f"/recommendations/{made[name]}").status_code
        assert status == (200 if name in sees else 404), name


def test_one_that_was_made_before_is_shown_before_another_is_added(
    browse: Browser, made: dict[str, str]
) -> None:
    page = visit(browse.as_("officer"), "/recommendations/add")
    assert "Choose the review that it comes from" in page.submit({"text": "Train"}).errors()
    asked = page.submit({"review": made["review"], "text": "Housing staff are trained in coercive control"})
    assert "2 like this were made before" in asked.text
    assert made["other"] not in asked.text
    done = asked.submit(
        {"fact_kind": "local", "fact_addressed_to": "All landlords", "fact_public_functions": "no"}
    )
    assert done.status == 200, done.errors()
    assert made["review"] in done.address
    newest = listed(browse, "/recommendations")[0]
    assert "2 like this were made before" in visit(browse, f"/recommendations/{newest}").text
    assert "made before" not in visit(browse, f"/recommendations/{made['plain']}").text
    assert "1 like this was made before" in visit(browse.as_("manager"), f"/recommendations/{newest}").text, (
        "only among what the reader may see"
    )


def test_added_under_a_case_those_like_it_are_shown_first_and_once(
    browse: Browser, made: dict[str, str]
) -> None:
    def rows() -> int:
        return len(visit(browse, "/recommendations").rows())

    form = visit(browse.as_("officer"), f"/cases/{made['review']}/related/add/recommendation")
    given = {
        "fact_recommendation_text": TEXT, "fact_kind": "local",
        "fact_addressed_to": "All landlords", "fact_public_functions": "no",
    }  # fmt: skip
    page = form.submit(given)
    assert (page.status, page.buttons()[0]) == (200, "Add it all the same")
    assert "2 like this were made before" in page.text
    assert made["plain"] in page.text
    assert made["other"] not in page.text
    assert rows() == 2
    done = page.submit()
    assert done.address.endswith("/related")
    assert page.submit().address.endswith("/related")
    assert rows() == 3
    fresh = visit(browse, f"/cases/{made['review']}/related/add/recommendation")
    other = fresh.submit(given | {"fact_recommendation_text": "Publish a leaflet for neighbours"})
    assert other.address.endswith("/related")


def test_a_way_to_add_an_action_leads_to_the_review(browse: Browser, made: dict[str, str]) -> None:
    assert made["review"] in visit(browse.as_("officer"), "/actions/add").text
    assert (
        browse.open(f"/actions/add?case={made['review']}")
        .headers["Location"]
        .endswith(f"/cases/{made['review']}/actions/add")
    )


def test_its_words_are_searched_unless_they_are_restricted(browse: Browser, made: dict[str, str]) -> None:
    found = visit(browse.as_("officer"), "/search?q=coercive+housing")
    assert [row[0] for row in found.rows()] == [f"{made['plain']} {TEXT}"]
    assert found.links(made["plain"]) == [f"/recommendations/{made['plain']}"]
    assert visit(browse, f"/search?q={made['hidden']}").links(made["hidden"])
    page = visit(browse, f"/recommendations/{made['hidden']}")
    assert page.soup.select_one(".app-restricted"), "a restricted one says so"
    assert made["hidden"] in page.soup.select_one(".app-printmark").get_text()
    assert not visit(browse.as_("manager"), f"/search?q={made['hidden']}").rows()
