"""Every kind of letter through its pages: written, read, checked, taken and sent, with the dates of its case and no name."""

import io
import re
import zipfile
from datetime import date

import pytest
from docx import Document
from sqlmodel import Session, select

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser
from tests.routes.filling import log_dhr
from tests.routes.pages import visit
from tests.services.test_letter_service import noted
from tracker import access
from tracker.db import Database
from tracker.letters import filling
from tracker.models import Case, Deadline, DeadlineStatus, Letter
from tracker.policy import SYSTEM
from tracker.services import acts
from tracker.services.letter_values import in_plain_words
from workflows.effects import Start
from workflows.letter_kinds import kinds_of
from workflows.letters import VALUES, LetterKind, To, unsaid

MEETING, LATER = date(2026, 12, 14), date(2027, 3, 1)
FROM_FACTS = {
    "application_date": "application_date", "decided_on": "decided_on", "meeting_on": "review_on",
    "held_on": "review_held_on", "signed_off_on": "signed_off_on", "published_on": "published_on",
    "withhold_review_on": "withhold_review_on", "stood_down_on": "stood_down_on",
}  # fmt: skip
FROM_CLOCKS = {"decision_by": "C5", "answer_by": "C16", "report_by": "REPORT_6M"}
BLANK = re.compile(
    r"None|\{\{|\}\}|\{%|%\}|\bby \.|\bon \.|  |: \.|\ban? \.| ,|\.\.|\ba [aeiou]|\ban [^aeiouAEIOU]"
)


@pytest.fixture
def application(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
        case = asb.case_at(session, settled, "received")
        noted(
            session, case, spoc_id="officer@example.test", decided_on=MONDAY, review_on=MEETING,
            review_held_on=MONDAY, applicant_is_victim=True,
        )  # fmt: skip
        asb.tell(session, settled, case, date(2026, 11, 2), date(2026, 11, 3))
        return case.reference


@pytest.fixture
def review(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        case = log_dhr(session, settled, opening=(Start("REPORT_6M"),))
        noted(
            session, case, lead_officer_id="officer@example.test", decision_on=MONDAY,
            deceased_pseudonym="Canary-Rowan",
        )  # fmt: skip
        return case.reference


def below(database: Database, reference: str, process: str, facts: dict[str, object]) -> str:
    with database.transaction() as session:
        above = access.case_for(session, SYSTEM, reference)
        return acts.open_child(session, SYSTEM, above, process, facts, MONDAY, at=NOON).reference


def walked(database: Database, officer: Browser, reference: str, kind: LetterKind) -> None:
    """Write, check, take and send one letter; every step through its page."""
    address, to = f"/cases/{reference}/letters", kind.to[0]
    form = visit(officer, f"{address}/new/{kind.code}/{to}")
    assert form.status == 200, kind.code
    typed = {f"prose_{prose.name}": f"Words about {prose.label.lower()}." for prose in kind.prose}
    typed |= {"channel": "through" if to is To.FAMILY else "email"}
    if to is To.BODY:
        typed["organisation"] = "west-mercia-police"
    if not form.soup.select_one("[name=label]").get("value"):
        typed["label"] = "Sample Recipient"
    page = form.submit(typed)
    assert page.status == 200, (kind.code, page.errors())
    name = page.address.rpartition("/")[2]
    checked = visit(officer, f"{address}/{name}/check")
    assert all(typed[f"prose_{prose.name}"] in checked.text for prose in kind.prose), kind.code
    assert "The letter is checked" in checked.submit({"read_for_others": "y"}).text, kind.code
    taken = officer.open(f"{address}/{name}/file").data
    sent = visit(officer, f"{address}/{name}/sent").submit()
    assert "recorded as sent" in sent.text, (kind.code, sent.errors())
    with database.reading() as session:
        case = access.case_for(session, SYSTEM, reference)
        number = int(name.rpartition("-")[2])
        row = session.exec(
            select(Letter).where(Letter.case_id == case.id, Letter.kind == kind.code, Letter.number == number)
        ).one()
        assert (row.state, row.document) == ("sent", taken)
        right(session, case, kind, row)


def right(session: Session, case: Case, kind: LetterKind, row: Letter) -> None:
    """The file: nothing empty, what must be said, the dates of the case, nobody in its properties."""
    text = filling.text_of(row.document or b"")
    assert not BLANK.search(text), (kind.code, BLANK.search(text), text)
    values = {name: str(value) for name, value in row.values.items() if not isinstance(value, list)}
    assert unsaid(kind, text, values) == (), kind.code
    assert "Canary" not in text
    for name in kind.values:
        if name in FROM_FACTS:
            recorded = case.facts.get(FROM_FACTS[name]) or case.facts.get("decision_on")
            assert values[name] == in_plain_words(date.fromisoformat(str(recorded))), (kind.code, name)
        if name in FROM_CLOCKS:
            due = session.exec(
                select(Deadline.due_on).where(
                    Deadline.case_id == case.id, Deadline.key == FROM_CLOCKS[name],
                    Deadline.status == DeadlineStatus.RUNNING,
                )
            ).one()  # fmt: skip
            assert due
            assert values[name] == in_plain_words(due), (kind.code, name)
    opened = Document(io.BytesIO(row.document or b""))
    about = opened.core_properties
    assert (about.title, about.author, about.last_modified_by, about.comments) == (case.reference, "", "", "")
    with zipfile.ZipFile(io.BytesIO(row.document or b"")) as archive:
        app = archive.read("docProps/app.xml") if "docProps/app.xml" in archive.namelist() else b""
    assert b"<Company>" not in app
    assert all(each.text.strip() for each in opened.paragraphs), kind.code


def test_every_letter_of_an_application(browse: Browser, application: str, sqlite_database: Database) -> None:
    officer = browse.as_("officer")
    for kind in kinds_of("asb_case_review"):
        walked(sqlite_database, officer, application, kind)


def test_every_letter_of_a_second_look(browse: Browser, application: str, sqlite_database: Database) -> None:
    facts = {
        "about": "application_handling", "grounds": ("threshold_wrong",), "stage": "internal",
        "made_by": "Applicant", "requested_on": MONDAY, "request_words": "It is wrong.", "late": False,
    }  # fmt: skip
    request = below(sqlite_database, application, "dissatisfaction", facts)
    for kind in kinds_of("dissatisfaction"):
        walked(sqlite_database, browse.as_("officer"), request, kind)


def test_every_letter_of_a_review(browse: Browser, review: str, sqlite_database: Database) -> None:
    for kind in kinds_of("dhr_2016"):
        if kind.code == "D8":  # the report is signed off: no date for it runs any more
            with sqlite_database.transaction() as session:
                noted(
                    session, access.case_for(session, SYSTEM, review), signed_off_on=MONDAY, submission_no=1,
                    published_on=MONDAY, publication_urls="https://example.test/report",
                    withhold_review_on=LATER, stood_down_on=MONDAY,
                )  # fmt: skip
        walked(sqlite_database, browse.as_("officer"), review, kind)


def test_the_letter_of_a_national_recommendation(
    browse: Browser, review: str, sqlite_database: Database
) -> None:
    facts = {
        "kind": "national", "recommendation_text": "Share the records.", "recipient": "west-mercia-police",
        "public_functions": True, "source": "overview",
    }  # fmt: skip
    made = below(sqlite_database, review, "recommendation", facts)
    for kind in kinds_of("recommendation"):
        walked(sqlite_database, browse.as_("officer"), made, kind)


def test_dates_in_letters_have_their_weekday() -> None:
    assert in_plain_words(MONDAY) == "Monday 23 November 2026"
    assert VALUES["dispute_by"].sample.startswith("Monday ")
