"""Co-applicants begin with their own reports alone; whoever checks reads for other people's data; who waits is named."""

from datetime import date

import pytest

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser
from tests.routes.pages import visit
from tests.routes.test_letter_pages import PROSE
from tests.services.test_letter_service import noted
from tracker.db import Database
from tracker.services import incidents


@pytest.fixture
def both(sqlite_database: Database, settled: Cast) -> tuple[str, str]:
    """A case that failed, and the reference of the case of a co-applicant with a report and words of their own."""
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
        case = asb.case_at(session, settled, "threshold_check")
        asb.tell(session, settled, case, date(2026, 11, 2), date(2026, 11, 3))
        noted(session, case, applicant_name="Canary Mine", decided_on=MONDAY)
        other = asb.applied(
            session, settled, applicant_name="Canary Third", applicant_contact="third-canary@example.test"
        )
        asb.tell(session, settled, other, date(2026, 10, 3), date(2026, 10, 5), body=asb.COUNCIL)
        said = incidents.IncidentSaid(
            other.version, what="A red van parked across the gate all night", place="Canary Row 7"
        )
        incidents.record_incident(session, settled.actor(session, "officer"), other, said, at=NOON)
        other.state, other.facts = "merged", {**other.facts, "surviving_case": case.reference}
        session.add(other)
        return f"/cases/{case.reference}", other.reference


def test_a_co_applicant_begins_with_the_reasons_of_their_own_reports(
    browse: Browser, both: tuple[str, str]
) -> None:
    case, other = both
    officer = browse.as_("officer")
    mine = visit(officer, f"{case}/letters/new/L5/applicant").soup.select_one("[name=prose_reasons]")
    theirs = visit(officer, f"{case}/letters/new/L5/co_applicant?whom={other}")
    reasons = theirs.soup.select_one("[name=prose_reasons]").get_text()
    assert "3 October 2026" in reasons
    assert "2 November 2026" not in reasons
    assert "2 November 2026" in mine.get_text()
    assert "3 October 2026" not in mine.get_text()
    page = theirs.submit({"channel": "email", "prose_reasons": reasons, **PROSE})
    assert page.address.endswith("/L5-1"), page.errors()
    assert "Canary Third" in page.text
    assert "Canary Mine" not in page.text


def test_whoever_checks_sees_what_may_be_of_others_and_says_that_they_read_it(
    browse: Browser, both: tuple[str, str]
) -> None:
    case, _ = both
    officer = browse.as_("officer")
    form = visit(officer, f"{case}/letters/new/L5/applicant")
    words = {**PROSE, "prose_harm": "You saw the red van parked across the gate."}
    refused = form.submit(
        {"channel": "email", **words, "prose_anyway": "Write to third-canary@example.test."}
    )
    assert "The letter names somebody else" in refused.errors()[0]
    page = refused.submit(words)
    assert page.address.endswith("/L5-1"), page.errors()
    check = visit(officer, f"{case}/letters/L5-1/check")
    assert "red van parked across” also stands in what is kept of the co-applicant of" in check.text
    assert check.text.count("Look again:") == 1
    unread = check.submit()
    assert unread.errors() == ["Read the letter for other people's data first, then say that you have"]
    assert "The letter is checked" in unread.submit({"read_for_others": "y"}).text


def test_the_letters_page_names_who_still_waits(
    browse: Browser, both: tuple[str, str], sqlite_database: Database
) -> None:
    case, other = both
    officer = browse.as_("officer")
    page = visit(officer, f"{case}/letters")
    assert page.status == 200
    assert officer.open(f"{case}/letters/not-sent/L5/co_applicant?whom={other}").status_code == 200
    assert officer.open(f"{case}/letters/not-sent/L5/co_applicant?whom=XX-1").status_code == 404
    assert browse.as_("auditor").open(f"{case}/letters/not-sent/L5/applicant").status_code == 403
