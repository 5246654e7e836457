"""The figures on a page: what is behind them for who may see, approved once, published, with the answers to what is asked."""

from datetime import date

import pytest
from sqlmodel import select

from tests.cast import Cast
from tests.driving import applied, noon
from tests.figures.test_asb_figures import APPLIED, five_and_three
from tests.routes.browse import Browser, Clock
from tests.routes.pages import Page, visit
from tracker.db import Database
from tracker.models import AccessLog, Case, PublishedFigures, Sensitivity

YEAR = "/figures/asb?place=area:herefordshire&first=2025-04-01&last=2026-03-31"


@pytest.fixture(autouse=True)
def april(clock: Clock, sqlite_database: Database, settled: Cast) -> None:
    """Five applications, two withdrawn, three reviewed, in the year that has just ended."""
    clock.at = noon(date(2026, 4, 20))
    with sqlite_database.transaction() as session:
        five_and_three(session, settled)


def figures(page: Page) -> list[str]:
    return [row[1] for row in page.rows("#figures tbody tr")]


def answer(page: Page, question: str) -> str:
    for row in page.soup.select("#asked .govuk-summary-list__row"):
        if question in row.dt.get_text():
            return " ".join(row.dd.get_text(" ").split())
    raise AssertionError(question)


def test_the_last_full_year_is_shown_at_first(browse: Browser) -> None:
    page = visit(browse.as_("auditor"), "/figures/asb")
    assert "1 April 2025 to" in page.text
    assert figures(page) == ["5", "0", "3", "3"]
    assert "As soon as practicable" in page.text
    assert "Our own target is Monday 1 June 2026" in page.text
    assert "Approve these figures" not in page.buttons()


def test_the_questions_that_people_send_are_answered(browse: Browser) -> None:
    page = visit(browse.as_("officer"), YEAR)
    assert answer(page, "How many applications") == "5"
    assert answer(page, "How many did not meet") == "0"
    assert answer(page, "How many met") == "3"
    assert answer(page, "result in a review") == "3 of 3."
    assert answer(page, "How did people apply") == "Phone: 5."
    assert "0, of which 0 upheld" in answer(page, "requests about the threshold")
    assert len(page.rows("#years tbody tr")) == 5
    assert page.rows("#years tbody tr")[1][1:] == ["0", "0", "0", "0"]


def test_a_year_without_applications_answers_in_words(browse: Browser) -> None:
    page = visit(browse.as_("officer"), YEAR.replace("2025-", "2023-").replace("2026-", "2024-"))
    assert answer(page, "How many applications") == "0"
    assert answer(page, "result in a review") == "None met it."
    assert answer(page, "How did people apply") == "No application was received."
    assert answer(page, "passed on to every") == "No application was received."


def test_thirteen_months_are_refused_in_a_sentence(browse: Browser) -> None:
    page = visit(browse.as_("manager"), "/figures/asb?first=1+3+2025&last=31+3+2026")
    assert page.status == 422
    assert page.errors() == [
        "A reporting period is at most 12 months (section 105 of the Anti-social Behaviour, Crime and Policing Act 2014)."
    ]
    assert visit(browse, "/figures/asb?first=yesterday&last=31+3+2026").status == 422
    assert browse.open("/figures/asb.csv?first=1+3+2025&last=31+3+2026").status_code == 404


def test_a_case_that_one_cannot_open_is_counted_and_not_named(
    browse: Browser, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        case = session.exec(select(Case).where(Case.process == "asb_case_review")).first()
        case.sensitivity, secret = Sensitivity.RESTRICTED, case.reference
    page = visit(browse.as_("auditor"), YEAR)
    assert figures(page)[0] == "5"
    assert secret not in page.response.text
    assert "and 1 in a case that you cannot open" in page.text


def test_a_manager_approves_once_and_corrects_with_a_reason(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    page = visit(browse.as_("manager"), YEAR).submit({"footnote": "None."})
    assert "The figures are approved, version 1." in page.text
    again = page.submit({"footnote": "None."}, which=-2)
    assert again.errors() == ["These figures are approved already"]
    with sqlite_database.transaction() as session:
        applied(session, settled, APPLIED)
    page = visit(browse, YEAR)
    assert "Other figures were approved (version 1): 5, 0, 3, 3." in page.text
    refused = page.submit({"footnote": "", "reason": ""}, which=-2)
    assert refused.errors() == ["Say why the approved figures are corrected"]
    done = refused.submit({"reason": "One came to light."}, which=-2)
    assert "The figures are approved, version 2." in done.text
    with sqlite_database.reading() as session:
        assert [row.applications for row in session.exec(select(PublishedFigures)).all()] == [5, 6]


def test_figures_that_changed_since_the_page_was_opened_are_looked_at_again(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    page = visit(browse.as_("manager"), YEAR)
    with sqlite_database.transaction() as session:
        applied(session, settled, APPLIED)
    refused = page.submit({"footnote": "Kept"})
    assert refused.errors() == ["The figures have changed since you looked. Look at them again"]
    assert figures(refused)[0] == "6"
    assert ("footnote", "Kept") in refused.fields()


def test_where_they_are_published_is_recorded(browse: Browser) -> None:
    page = visit(browse.as_("manager"), YEAR).submit({"footnote": ""})
    wrong = page.submit({"url": "the website", "on": "17 4 2026"})
    assert wrong.errors() == ["The address must begin with https:// and name a page"]
    assert page.submit({"url": "https://council.example/asb", "on": ""}).errors() == [
        "Day on which they were published is missing"
    ]
    done = page.submit({"url": "https://council.example/asb", "on": "17 4 2026"})
    assert "Friday 17 April 2026 https://council.example/asb" in done.text


def test_files_hold_numbers_and_no_case(browse: Browser, sqlite_database: Database) -> None:
    page = visit(browse.as_("officer"), YEAR)
    table = browse.open(page.links("Download as CSV")[0])
    assert table.text.splitlines()[2] == "a,Applications for an ASB case review,5"
    piece = browse.open(page.links("Download as a piece")[0])
    assert "attachment" in piece.headers["Content-Disposition"]
    for file in (table, piece):
        assert "HCSP" not in file.text
    with sqlite_database.reading() as session:
        made = session.exec(select(AccessLog).where(AccessLog.what == "disclosed")).all()
        assert [row.detail["file"] for row in made] == ["asb-figures", "asb-figures"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 200), ("chair", 200), ("auditor", 200), ("admin", 403), ("lead", 403), ("panel", 403)],
)
def test_who_may_look(browse: Browser, who: str, status: int) -> None:
    assert visit(browse.as_(who), "/figures/asb").status == status


def test_another_partnership_sees_its_own_only(browse: Browser) -> None:
    browse.as_("outsider")
    assert figures(visit(browse, YEAR)) == ["0", "0", "0", "0"], "a place that is not theirs is not offered"
    assert "Herefordshire" not in visit(browse, YEAR).text
    for who in ("officer", "outsider"):
        answer = browse.as_(who).submit(f"/figures/asb/approve?{YEAR.partition('?')[2]}", seen="5,0,3,3")
        assert answer.status_code == 403


def test_the_return_for_the_policing_body_leaves_out_what_one_cannot_open(
    browse: Browser, sqlite_database: Database
) -> None:
    address = YEAR.replace("/asb?", "/asb-returns.csv?")
    answer = browse.as_("auditor").open(address)
    assert answer.status_code == 200
    assert len(answer.get_data(as_text=True).splitlines()) == 6
    with sqlite_database.transaction() as session:
        case = session.exec(select(Case).where(Case.process == "asb_case_review")).first()
        case.sensitivity, secret = Sensitivity.RESTRICTED, case.reference
    text = browse.as_("auditor").open(address).get_data(as_text=True)
    assert secret not in text
    assert len(text.splitlines()) == 5
