"""At risk and Reports before the eyes: bars in proportion, rows that open their lists, readable without colour."""

import pytest

from tests.browser.conftest import Somebody
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BARS = """rows => rows.map(row => ({
  head: row.querySelector('th a').textContent,
  href: row.querySelector('th a').getAttribute('href'),
  numbers: [...row.querySelectorAll('.app-num')].map(cell => Number(cell.textContent)),
  lengths: ['ok', 'risk'].map(fill => row.querySelector('i.' + fill)?.getBoundingClientRect().width || 0),
}))"""
LEFT = (
    "heads => heads.map(head => [...head.querySelectorAll('th')].map(th => th.getBoundingClientRect().left))"
)
RIGHT = "links => links.map(link => link.getBoundingClientRect().right)"
FILLS = """() => ['ok', 'risk'].map(fill => {
  const style = getComputedStyle(document.querySelector('.app-bars i.' + fill));
  return [style.backgroundImage, style.backgroundColor];
})"""


def manager(person: Person) -> Person:
    return person.sign_in("manager@herefordshire.example")


def test_the_weeks_of_at_risk_are_in_proportion_and_add_up(visitor: Somebody) -> None:
    """Check 23: bars as long as their numbers, lists as long as their rows say, and the weeks sum to the total."""
    with visitor() as person:
        manager(person)
        assert person.where == "/at-risk"
        weeks = person.page.locator("#chart tbody tr").evaluate_all(BARS)
        assert len(weeks) == 12
        steps = [
            length / number
            for week in weeks
            for number, length in zip(week["numbers"], week["lengths"], strict=True)
            if number
        ]
        assert steps
        assert max(steps) - min(steps) < 0.6, "a bar is as long as its number says"
        assert all(
            not length
            for week in weeks
            for n, length in zip(week["numbers"], week["lengths"], strict=True)
            if not n
        )
        shown = person.page.locator("#chart .app-section__head a").inner_text()
        assert int(shown.split()[0]) == sum(sum(week["numbers"]) for week in weeks)
        for week in weeks:
            assert person.open(week["href"]) == 200
            said = person.page.locator(".app-line").inner_text()
            assert int(said.split()[0]) == sum(week["numbers"]), week["head"]


def test_the_columns_of_the_agenda_stand_below_each_other(visitor: Somebody) -> None:
    with visitor() as person:
        manager(person).open("/calendar")
        heads = person.page.locator("main thead").evaluate_all(LEFT)
        assert len(heads) > 1
        assert all(head == heads[0] for head in heads)
        edges = person.page.locator("main td.app-act > a").evaluate_all(RIGHT)
        assert max(edges) - min(edges) < 1, "every act ends at the edge of the table"


def test_at_risk_is_readable_on_a_phone_and_without_colours(visitor: Somebody) -> None:
    with visitor() as person:
        manager(person)
        assert person.faults() == []
        person.page.set_viewport_size({"width": 390, "height": 844})
        assert person.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
        assert person._axe() == []
        late = person.page.locator(".app-due--risk span").all_inner_texts()
        assert late
        assert all(words.startswith("At risk, ") for words in late)
        person.page.emulate_media(forced_colors="active")
        (solid, _), (striped, _) = person.page.evaluate(FILLS)
        assert (solid, "gradient" in striped) == ("none", True), (
            "the fills differ in pattern, not in colour alone"
        )
        assert "Likely late (striped)" in person.said()


@pytest.mark.parametrize(
    "address",
    ["/reports", "/reports/performance", "/reports/stage-times", "/reports/stage-times?type=asb&show=all",
     "/at-risk/likely-late", "/at-risk/quiet", "/at-risk/met", "/at-risk/decisions/verify"],
)  # fmt: skip
def test_reports_and_lists_are_accessible_and_fit(visitor: Somebody, address: str) -> None:
    with visitor() as person:
        manager(person)
        assert person.open(address) == 200
        assert person.faults() == []


def test_a_manager_steps_in_without_scripts(visitor: Somebody) -> None:
    with visitor(scripts=False) as person:
        manager(person)
        before = person.page.locator(".app-stat__n").nth(1).inner_text()
        person.follow("Step in")
        person.choose("What do you expect?", "It will be in time")
        person.fill("Why?", "They rang, and it is nearly done.")
        person.press("Save what you expect")
        assert person.notice() == "What you expect is recorded. What the rules say stays beside it."
        assert int(person.page.locator(".app-stat__n").nth(1).inner_text()) == int(before) - 1
        person.open("/at-risk/likely-late")
        assert "They rang, and it is nearly done." in person.page.locator("#in-time").inner_text()
