"""The pages that are open to everybody say what they must."""

import pytest

from tests.routes.browse import Browser, soup
from tracker.routes.help import KNOWN_ISSUES

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


def test_the_example_is_worked_out_by_the_code_that_works_out_every_date(browse: Browser) -> None:
    steps = [
        line.get_text(" ", strip=True) for line in soup(browse.open("/help/dates")).select(".app-sum li")
    ]
    assert steps[0].startswith("Wed 1 Apr 2026 Clock starts")
    assert steps[-1] == "Thu 7 May 2026 Due by the end of this day; overdue from Friday 8 May"


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
