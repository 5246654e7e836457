"""What somebody meets who starts the tracker for the first time: the door, the people, and whose cases they see."""

import re

import pytest

from tests.browser.conftest import Somebody
from tests.browser.people import Person
from tests.browser.servers import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROLES = ("officer", "manager", "chair", "decision-maker", "lead", "panel", "auditor", "admin")
PEOPLE = [
    *(f"{role}@{place}.example" for place in ("herefordshire", "worcestershire") for role in ROLES),
    "officer@both.example",
]


@pytest.mark.parametrize("scripts", [True, False])
def test_each_thing_on_the_door_has_one_name(visitor: Somebody, scripts: bool) -> None:
    with visitor(scripts=scripts) as somebody:
        somebody.open("/sign-in")
        page = somebody.page
        for found in (
            page.get_by_label("E-mail address"),
            page.get_by_label("Password"),
            page.get_by_label("Password", exact=True),
            page.get_by_role("button", name="Sign in"),
        ):
            assert found.count() == 1
            assert found.is_visible()
        assert page.get_by_label("Password").get_attribute("type") == "password"
        assert page.get_by_label("Password").get_attribute("autocomplete") == "current-password"


def test_the_door_of_a_demonstration_shows_its_people_and_their_password(visitor: Somebody) -> None:
    with visitor() as somebody:
        somebody.open("/sign-in")
        listed = somebody.page.locator("#demonstration-h ~ ul li").all_inner_texts()
        assert sorted(line.partition(":")[0] for line in listed) == sorted(PEOPLE)
        assert somebody.page.locator("code").inner_text() == PASSWORD
        assert "Demonstration." in somebody.page.locator("body").inner_text()


def test_what_is_typed_can_be_shown(visitor: Somebody) -> None:
    with visitor() as somebody:
        somebody.open("/sign-in")
        page = somebody.page
        page.get_by_label("Password").fill("what I typed")
        page.get_by_role("button", name="Show what you typed").click()
        assert page.get_by_label("Password").get_attribute("type") == "text"
        assert page.get_by_label("Password").input_value() == "what I typed"


@pytest.mark.parametrize(
    ("who", "places"),
    [
        ("officer@herefordshire.example", ["Today", "Cases", "Actions", "Calendar", "Reports"]),
        ("lead@herefordshire.example", ["My work", "Calendar"]),
        ("auditor@herefordshire.example", ["Reports", "Cases", "Audit"]),
        ("admin@herefordshire.example", ["Admin"]),
    ],
)
def test_everybody_sees_the_places_of_their_role(visitor: Somebody, who: str, places: list[str]) -> None:
    with visitor() as somebody:
        somebody.sign_in(who)
        links = somebody.page.get_by_role("navigation", name="Main").get_by_role("link")
        assert [" ".join(text.split()) for text in links.all_inner_texts()] == places
        assert somebody.page.get_by_role("searchbox").count() == (0 if who.startswith("admin") else 1)


def test_a_review_is_seen_by_those_named_for_it_and_by_nobody_else(visitor: Somebody) -> None:
    with visitor() as officer, visitor() as manager, visitor() as outsider:
        officer.sign_in("officer@herefordshire.example")
        manager.sign_in("manager@herefordshire.example")
        outsider.sign_in("officer@worcestershire.example")
        named = _reviews(officer)
        assert len(named) >= 5
        hidden = sorted(named - _reviews(manager))
        assert hidden, "the manager is named for some and not for others"
        for reference in hidden[:3]:
            assert officer.open(f"/cases/{reference}") == 200
            for other in (manager, outsider):
                for address in (
                    f"/cases/{reference}",
                    f"/cases/{reference}/history",
                    f"/cases/{reference.lower()}",
                ):
                    assert other.open(address) == 404
                    assert other.heading == "Page not found"
                other.open(f"/search?q={reference}")
                assert "Nothing that you may open" in other.said()
        assert officer.open(f"/cases/{hidden[0].lower()}?x=1") == 200
        assert officer.where.partition("?")[0] == f"/cases/{hidden[0]}"
        for other in (manager, outsider):
            other.complaints.clear()


def _reviews(person: Person) -> set[str]:
    """References of the reviews on the person's list of cases."""
    person.open("/cases?type=dhr&show=all")
    assert re.match(r"\d+ cases?", person.page.locator("#results").inner_text())
    return set(person.page.locator("tbody a.app-ref").all_inner_texts())
