"""Letters through their pages: written, read, checked, sent, come back; templates; who sees what."""

import io
import zipfile
from datetime import date

import pytest
from docx import Document
from sqlmodel import select
from werkzeug.test import TestResponse

from tests import asb
from tests.cast import MONDAY, Cast
from tests.routes.browse import Browser
from tests.routes.filling import log_dhr
from tests.routes.pages import Page, visit
from tests.services.test_letter_service import noted
from tracker import access
from tracker.db import Database
from tracker.letters import filling
from tracker.models import AccessLog, Letter, Looked
from tracker.policy import SYSTEM

PROSE = {
    "prose_persistence": "Twice in six months.", "prose_harm": "It disturbed your sleep.",
    "prose_adequacy": "Both were answered.", "prose_different": "A third report within six months.",
    "prose_anyway": "The council goes on visiting.",
}  # fmt: skip


@pytest.fixture
def officer(browse: Browser) -> Browser:
    return browse.as_("officer")


@pytest.fixture
def received(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
        case = asb.case_at(session, settled, "received")
        noted(session, case, spoc_id="officer@example.test")
        return f"/cases/{case.reference}"


@pytest.fixture
def not_met(sqlite_database: Database, settled: Cast) -> str:
    """An application that failed, with one report of the applicant's own and one of the victim's."""
    with sqlite_database.transaction() as session:
        asb.settle_area(session, settled)
        case = asb.case_at(session, settled, "threshold_check")
        noted(session, case, applicant_is_victim=False, victim_name="Canary Victim")
        asb.tell(session, settled, case, date(2026, 11, 2), date(2026, 11, 3))
        return f"/cases/{case.reference}"


def facts_of(database: Database, address: str) -> dict[str, object]:
    with database.reading() as session:
        return dict(access.case_for(session, SYSTEM, address.rpartition("/")[2]).facts)


def drafted(officer: Browser, case: str) -> Page:
    return visit(officer, f"{case}/letters/new/L1/applicant").submit({"channel": "post"})


def checked(officer: Browser, case: str, name: str = "L1-1") -> Page:
    return visit(officer, f"{case}/letters/{name}/check").submit({"read_for_others": "y"})


def test_the_list_says_what_the_next_step_waits_for(officer: Browser, received: str) -> None:
    page = visit(officer, f"{received}/letters")
    assert page.heading.endswith(", letters")
    assert "L1: acknowledgement, to the applicant, is needed for: Acknowledge the application." in page.text
    assert page.links("Write it")[0] == f"{received}/letters/new/L1/applicant"
    assert "No letter is written yet." in page.text
    assert visit(officer, received).links("Put it right")[0] == f"{received}/letters"
    assert visit(officer, received).soup.find("a", href=f"{received}/letters")


def test_a_letter_is_written_read_checked_taken_and_recorded_as_sent(
    officer: Browser, received: str, sqlite_database: Database
) -> None:
    form = visit(officer, f"{received}/letters/new/L1/applicant")
    assert "Applicant" in str(form.soup.select_one("[name=label]"))
    assert any(row[0] == "The date by which the decision is told" for row in form.rows())
    page = form.submit({"channel": "post"})
    assert page.address == f"{received}/letters/L1-1"
    assert page.soup.select_one(".moj-sub-navigation a[aria-current]").get_text().startswith("Documents")
    assert page.soup.select_one(".app-subnav .app-inline b").get_text(strip=True) == "Letters"
    assert "The letter is drafted" in page.text
    assert "999" in page.text
    page = checked(officer, received)
    assert "The letter is checked" in page.text
    taken = officer.open(f"{received}/letters/L1-1/file")
    reference = received.rpartition("/")[2]
    assert taken.headers["Content-Disposition"] == f'attachment; filename="{reference}-L1-1.docx"'
    assert Document(io.BytesIO(taken.data)).paragraphs
    with sqlite_database.reading() as session:
        noted_row = session.exec(select(AccessLog).where(AccessLog.what == Looked.DISCLOSED)).one()
        assert noted_row.detail == {"file": "letter-L1-1", "references": [reference]}
    sent = visit(officer, f"{received}/letters/L1-1/sent").submit()
    assert "The letter is recorded as sent." in sent.text
    assert facts_of(sqlite_database, received)["letter_sent_L1"] == MONDAY.isoformat()
    assert (
        "L1: acknowledgement, to the applicant, is needed for"
        not in visit(officer, f"{received}/letters").text
    )
    assert "Letter sent" in visit(officer, f"{received}/history").text


def test_a_letter_comes_back_and_is_written_again(officer: Browser, received: str) -> None:
    drafted(officer, received)
    checked(officer, received)
    visit(officer, f"{received}/letters/L1-1/sent").submit()
    form = visit(officer, f"{received}/letters/L1-1/returned")
    wrong = form.submit({"returned_on": "23 11 2026", "why": " "})
    assert wrong.errors() == ["Say why the letter came back"]
    page = wrong.submit({"why": "Moved away"})
    assert "Why it came back Moved away" in page.text
    again = visit(officer, page.links("Write it again")[0]).submit({"channel": "email"})
    assert again.address.endswith("/L1-2")
    assert "In place of L1-1" in again.text


def test_a_draft_is_given_up(officer: Browser, received: str) -> None:
    page = drafted(officer, received).submit(which=-1)
    assert "The letter is given up." in page.text
    assert visit(officer, f"{received}/letters").rows("#letters tbody tr")[0][2] == "Given up"
    assert page.soup.select("main form[method=post]") == []


def test_nothing_typed_is_lost(officer: Browser, received: str) -> None:
    form = visit(officer, f"{received}/letters/new/L1/applicant")
    page = form.submit({"letter_on": "31 2 2027", "address": "1 Sample Street", "channel": None})
    assert page.status == 422
    assert page.errors()[-1] == "Choose how it goes" or "Choose how it goes" in page.errors()
    assert page.soup.select_one("[name=address]").get_text(strip=True) == "1 Sample Street"
    late = page.submit({"letter_on": "1 3 2027", "channel": "post"})
    assert late.errors() == ["The day it goes out must be today or in the next four weeks"]
    assert late.soup.select_one("[name=address]").get_text(strip=True) == "1 Sample Street"


def test_somebody_elses_change_is_said_and_the_words_stay(
    officer: Browser, received: str, sqlite_database: Database
) -> None:
    form = visit(officer, f"{received}/letters/new/L1/applicant")
    drafted(officer, received)
    page = form.submit({"channel": "post", "address": "1 Sample Street"})
    assert (page.status, page.heading) == (409, "This case changed while you were working")
    assert page.rows()[0][0] == "Letter drafted"
    assert any(row[0] == "Address lines" and row[3] == "1 Sample Street" for row in page.rows())
    assert page.submit().address.endswith("/L1-2")


def test_an_unsafe_way_is_refused_at_its_field(
    officer: Browser, received: str, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        noted(session, access.case_for(session, SYSTEM, received[7:]), unsafe_channels=("post",))
    form = visit(officer, f"{received}/letters/new/L1/applicant")
    assert "Not safe for this person: post." in form.text
    page = form.submit({"channel": "post"})
    assert page.errors() == ["The case says not to reach this person by post: choose another way"]
    assert page.submit({"channel": "email"}).status == 200


def test_a_letter_sent_outside_the_tracker_counts(
    officer: Browser, received: str, sqlite_database: Database
) -> None:
    form = visit(officer, f"{received}/letters/outside/L1/applicant")
    assert "to call 999 in danger" in form.text
    page = form.submit({"channel": "email"})
    assert page.errors() == ["Say where the letter is kept"]
    page = page.submit({"kept_at": "File 12"})
    assert "Kept at File 12" in page.text
    assert officer.open(f"{received}/letters/L1-1/file").status_code == 404
    assert facts_of(sqlite_database, received)["letter_sent_L1"] == MONDAY.isoformat()


def decide_not_met(database: Database, case: str) -> None:
    with database.transaction() as session:
        noted(session, access.case_for(session, SYSTEM, case[7:]), decided_on=MONDAY)


def test_the_reasons_of_each_recipient_are_of_their_own_reports(
    officer: Browser, not_met: str, sqlite_database: Database
) -> None:
    decide_not_met(sqlite_database, not_met)
    mine = visit(officer, f"{not_met}/letters/new/L5/applicant")
    assert "Your report to" in mine.soup.select_one("[name=prose_reasons]").get_text()
    theirs = visit(officer, f"{not_met}/letters/new/L5/victim")
    assert theirs.soup.select_one("[name=prose_reasons]").get_text(strip=True) == ""
    page = mine.submit({"channel": "post", **PROSE})
    assert page.address.endswith("/L5-1"), page.errors()
    assert "Your report to" in page.text
    checked(officer, not_met, "L5-1")
    wrong = visit(officer, f"{not_met}/letters/L5-1/sent").submit({"channel": "email"})
    assert wrong.status == 422
    assert "Draft it again" in wrong.errors()[0]
    wrong.submit({"channel": "post"})
    assert "told_by_post" not in facts_of(sqlite_database, not_met), "the victim has no letter yet"
    asked = visit(officer, f"{not_met}/letters/not-sent/L5/victim")
    assert asked.submit({"why": " "}).errors() == [
        "Say why they do not get the letter, and how they know instead"
    ]
    assert "why they do not get this letter" in asked.submit({"why": "Told in person."}).text
    assert facts_of(sqlite_database, not_met)["told_by_post"] is True
    assert officer.open(f"{not_met}/letters/not-sent/L5/victim").status_code == 404


def test_nobody_elses_name_comes_into_a_letter(
    officer: Browser, not_met: str, sqlite_database: Database
) -> None:
    decide_not_met(sqlite_database, not_met)
    form = visit(officer, f"{not_met}/letters/new/L5/applicant")
    page = form.submit({"channel": "post", **PROSE, "prose_harm": "Canary victim was harmed."})
    assert page.status == 422
    assert "The letter names somebody else" in page.errors()[0]
    page = page.submit({"prose_harm": "It disturbed your sleep."})
    with sqlite_database.reading() as session:
        row = session.exec(select(Letter)).one()
        with zipfile.ZipFile(io.BytesIO(row.document or b"")) as archive:
            whole = b"".join(archive.read(name) for name in archive.namelist()).lower()
    assert b"canary" not in whole


@pytest.mark.parametrize("who", ["lead", "panel", "admin", "outsider"])
def test_letters_are_for_the_partnership_alone(browse: Browser, received: str, who: str) -> None:
    drafted(browse.as_("officer"), received)
    other = browse.as_(who)
    for page in ("", "/L1-1", "/L1-1/file", "/new/L1/applicant"):
        assert other.open(f"{received}/letters{page}").status_code in {403, 404}


def test_whoever_only_reads_sees_the_letter_and_no_button(browse: Browser, received: str) -> None:
    drafted(browse.as_("officer"), received)
    page = visit(browse.as_("auditor"), f"{received}/letters/L1-1")
    assert page.status == 200
    assert page.buttons() == []
    assert visit(browse, f"{received}/letters").links("Write it") == []


def test_what_is_not_there_is_not_found(officer: Browser, received: str) -> None:
    for page in ("L1-9", "L9-1", "nothing", "new/L99/applicant", "new/L1/panel", "new/D4/family_via_route"):
        assert officer.open(f"{received}/letters/{page}").status_code == 404, page


def test_a_letter_of_a_review_goes_through_the_officer_and_its_reading_is_recorded(
    officer: Browser, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        review = log_dhr(session, settled)
        noted(session, review, lead_officer_id="officer@example.test")
        case = f"/cases/{review.reference}"
    form = visit(officer, f"{case}/letters/new/D4/family_via_route")
    assert form.status == 200, form.text
    page = form.submit({"channel": "post"})
    assert "goes through their family liaison officer" in page.errors()[0]
    page = page.submit({"channel": "through"})
    assert page.address.endswith("/D4-1"), page.errors()
    with sqlite_database.reading() as session:
        looked = session.exec(select(AccessLog).where(AccessLog.what == Looked.CONSULTED)).all()
        assert len(looked) >= 2


class TestTemplates:
    def test_a_manager_takes_an_own_template_and_goes_back(self, browse: Browser) -> None:
        manager = browse.as_("manager")
        page = visit(manager, "/letter-templates")
        page = visit(manager, page.response.headers["Location"])
        assert len(page.rows()) == 36
        default = manager.open("/letter-templates/herefordshire/L5/default")
        assert default.data == filling.default_template("L5")
        answer = self.upload(manager, "L5", default.data)
        assert answer.status_code == 303
        page = visit(manager, "/letter-templates/herefordshire/L5")
        assert "your own template “Ours”" in page.text
        assert manager.open("/letter-templates/herefordshire/L5/own").data == default.data
        assert "take the default template again" in page.submit(which=0).text
        assert manager.open("/letter-templates/herefordshire/L5/own").status_code == 404

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"no Word file", "Word"),
            (b"", "Word"),
            (filling.default_template("L1"), "The file leaves out “reasons”"),
            (b"x" * (1024 * 1024 + 1), "larger than 1 megabyte"),
        ],
    )
    def test_an_unfit_file_is_refused_in_words(self, browse: Browser, content: bytes, words: str) -> None:
        answer = self.upload(browse.as_("manager"), "L5", content)
        assert answer.status_code == 422
        assert words in answer.text

    @pytest.mark.parametrize("who", ["officer", "chair", "auditor", "admin", "outsider"])
    def test_only_a_manager_of_the_partnership(self, browse: Browser, who: str) -> None:
        assert browse.as_(who).open("/letter-templates/herefordshire").status_code in {403, 404}

    def upload(self, browser: Browser, code: str, content: bytes) -> TestResponse:
        """As bytes: the client keeps a large file open otherwise."""
        address = f"/letter-templates/herefordshire/{code}"
        begin = b"--x\r\nContent-Disposition: form-data; name="
        body = (
            begin + b'"csrf_token"\r\n\r\n' + browser.token(address).encode() + b"\r\n"
            + begin + b'"name"\r\n\r\nOurs\r\n'
            + begin + b'"file"; filename="ours.docx"\r\n\r\n' + content + b"\r\n--x--\r\n"
        )  # fmt: skip
        return browser.client.post(address, data=body, content_type="multipart/form-data; boundary=x")
