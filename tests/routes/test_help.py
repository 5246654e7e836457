"""The pages that are open to everybody say what they must."""

import re
from pathlib import Path

import pytest

from tests.routes.browse import Browser, errors, soup
from tracker.known_issues import KNOWN_ISSUES

PARTS = {  # regulation 8, SI 2018/952, and the model statement
    "how": "How accessible this service is",
    "contact": "Feedback and contact",
    "enforcement": "Enforcement procedure",
    "compliance": "Compliance status",
    "not-accessible": "Content that is not accessible",
    "non-compliance": "Non-compliance with the accessibility regulations",
    "burden": "Disproportionate burden",
    "exempt": "Content that is not within the scope of the accessibility regulations",
    "improving": "What we are doing to improve accessibility",
    "preparation": "Preparation of this accessibility statement",
}


def test_the_statement_has_every_part_that_the_regulations_ask_for(browse: Browser) -> None:
    page = soup(browse.open("/accessibility"))
    assert {key: page.find(id=key).get_text() for key in PARTS} == PARTS
    text = " ".join(page.main.get_text().split())
    for issue in KNOWN_ISSUES:
        for said in (issue.what, issue.criterion, issue.instead, issue.plan):
            assert said in text
    for words in ("Equality and Human Rights Commission", "Equality Advisory and Support Service", "2.2 AA"):
        assert words in text
    assert "was prepared on 22 November 2026" in text


def test_help_says_what_the_words_on_the_pages_mean(browse: Browser) -> None:
    """The table of docs/ux.md, section (j), line by line; the page ends each meaning with a full stop."""
    words = (Path(__file__).parents[2] / "docs" / "ux.md").read_text()
    table = words.partition("| Term | Meaning shown in help |\n|---|---|\n")[2].partition("\n\n")[0]
    written = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.splitlines()]
    rows = soup(browse.open("/help")).select("table tbody tr")
    shown = [tuple(" ".join(cell.get_text().split()) for cell in row.select("th, td")) for row in rows]
    assert len(written) == 18
    assert [_letters(pair) for pair in shown] == [_letters(pair) for pair in written]


def _letters(pair: tuple[str, ...]) -> list[list[str]]:
    return [re.findall(r"[a-z]+", each.lower()) for each in pair]


def test_the_example_is_worked_out_by_the_code_that_works_out_every_date(browse: Browser) -> None:
    steps = [
        line.get_text(" ", strip=True) for line in soup(browse.open("/help/dates")).select(".app-sum li")
    ]
    assert steps[0].startswith("Wed 1 Apr 2026 Clock starts")
    assert steps[-1] == "Thu 7 May 2026 Due by the end of this day; overdue from Friday 8 May"


def test_anyone_signed_in_works_out_a_date(browse: Browser) -> None:
    assert soup(browse.open("/help/dates?start=1+4+2026&n=20")).select_one("#calculator") is None
    browse.as_("lead")
    address = "/help/dates?start=1+4+2026&n=20&unit=working_days&mode=after"
    told = soup(browse.open(address)).select(".app-sum")[-1].get_text(" ", strip=True)
    assert "Fri 1 May 2026 Due by the end" in told
    refused = browse.open("/help/dates?start=31+2+2026&n=0&unit=years&mode=after")
    assert refused.status_code == 422
    assert errors(refused) == [
        "The day must be a real date, such as 23 11 2026", "Give a whole number from 1 to 3,650", "Choose one of the answers",
    ]  # fmt: skip
    assert 'value="31 2 2026"' in refused.text
    endless = browse.open(f"/help/dates?start=1+4+2026&n={'0' * 8}1{'9' * 5000}&unit=days&mode=after")
    assert (endless.status_code, errors(endless)) == (422, ["Give a whole number from 1 to 3,650"])


@pytest.mark.parametrize(
    "address", ["/help", "/help/dates", "/accessibility", "/privacy", "/status", "/sign-in"]
)
def test_they_are_whole_pages_for_anybody(browse: Browser, address: str) -> None:
    page = soup(browse.open(address))
    assert len(page.find_all("h1")) == 1
    assert page.title.get_text() == f"{page.h1.get_text()} - Case tracker"
    footer = [link.get_text() for link in page.select("footer a")]
    assert footer == [
        "Help and contact", "Accessibility statement", "Privacy", "How dates are worked out", "Service status",
    ]  # fmt: skip
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
