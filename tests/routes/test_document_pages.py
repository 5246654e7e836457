"""The pages of the register: links by default, stored files where the settings say so, downloads that cannot act."""

from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from config import Settings
from tests import dhr
from tests.cast import NOON, Cast
from tests.routes.browse import Browser, Clock
from tests.routes.conftest import KEY
from tests.routes.pages import Page, checked, sent, visit
from tests.services.test_cases import log_dhr
from tests.services.test_document_checks import HOSTILE, pdf
from tests.services.test_document_store import scanner
from tracker import create_app
from tracker.db import Database
from tracker.models import AccessLog, Document, User
from tracker.services import grants

ANSWERS = {
    "kind": "overview_report", "title": "Overview report", "dated_on": "20 11 2026", "marking": "official_sensitive",
    "publishable": "y",
}  # fmt: skip
LINK = "https://store.example.gov.uk/reviews/1"


@pytest.fixture
def case(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        made = log_dhr(session, settled)
        panel = session.get_one(User, settled.people["panel"])
        grants.grant(session, settled.actor(session, "officer"), made, panel, "Sits on it", at=NOON)
        return made.reference


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


def storing(database: Database, clock: Clock, folder: Path, scanner: str = "") -> Flask:
    settings = Settings(
        secret_key=KEY, scheduler="off", documents="stored", document_dir=folder, document_megabytes=1,
        document_scanner=scanner,
    )  # fmt: skip
    app = create_app(settings, now=clock, database=database)
    app.testing = True
    return app


def upload(browser: Browser, address: str, name: str, content: bytes, **typed: str) -> Page:
    """Fill in the form of a page with a file and send it."""
    form = visit(browser, address).form()
    response = send_file(
        browser, str(form["action"]), {**dict(sent(form)), **ANSWERS, **typed}, name, content
    )
    if response.status_code == 303:
        return visit(browser, response.headers["Location"])
    return checked(Page(browser, response, address))


def send_file(
    browser: Browser, address: str, typed: dict[str, str], name: str, content: bytes
) -> TestResponse:
    """Send a form as a browser does."""
    head = b'--x\r\nContent-Disposition: form-data; name="%s"'
    fields = [
        head % key.encode() + b"\r\n\r\n" + value.encode() for key, value in typed.items() if key != "file"
    ]
    fields.append(head % b"file" + b'; filename="%s"\r\n\r\n' % name.encode() + content)
    return browser.client.post(
        address, data=b"\r\n".join([*fields, b"--x--\r\n"]), content_type="multipart/form-data; boundary=x"
    )


def test_a_link_goes_in_gets_a_version_a_check_and_a_release(
    browse: Browser, case: str, sqlite_database: Database
) -> None:
    address = f"/cases/{case}/documents"
    empty = visit(browse.as_("officer"), address)
    assert "No document is in the register yet" in empty.text
    assert visit(browse, f"/cases/{case.lower()}/documents").status == 301
    form = visit(browse, empty.links("Add a document")[0])
    assert form.soup.select("input[type=file]") == [], "files are off by default"
    refused = form.submit()
    assert refused.status == 422
    assert refused.errors() == [
        "Choose what it is", "Title: enter what the document is called", "Enter the date on it", "Choose the marking",
        "Where it is kept: enter the link",
    ]  # fmt: skip
    again = refused.submit({**ANSWERS, "location": "javascript:alert(1)"})
    assert again.errors() == [
        "Where it is kept must be a whole address that begins with https:// or http://."
    ]
    assert again.soup.select_one("input[name=title]")["value"] == "Overview report", "nothing typed is lost"
    done = again.submit({"location": LINK})
    assert "The document is in the register." in done.text
    (row,) = done.rows()
    assert row == [
        "Overview report Overview report", "1 Not released to the panel", "20 Nov 2026", "OFFICIAL-SENSITIVE",
        "In your own store : Overview report", "Not checked yet",
    ]  # fmt: skip
    assert done.links("In your own store") == [LINK]
    assert Browser(browse.app).as_("panel").open(f"{address}/1").status_code == 404
    assert "No document is open to you here" in visit(Browser(browse.app).as_("panel"), address).text
    page = visit(browse, done.links("Overview report")[0])
    assert "Overview report" not in page.soup.title.get_text()
    assert page.submit({"anonymised_on": "21 11 2026"}, which=0).errors() == [
        "Who checked it: enter the role"
    ]
    page = visit(browse, f"{address}/1").submit(
        {"anonymised_by": "Reviewing officer", "anonymised_on": "21 11 2026"}, which=0
    )
    assert "Checked by Reviewing officer, Saturday 21 November 2026" in page.text
    released = visit(browse, f"{address}/1").submit(which=1)
    assert "May read it since Monday 23 November 2026" in released.text
    seen = visit(Browser(browse.app).as_("panel"), address)
    assert [each[0] for each in seen.rows()] == ["Overview report Overview report"]
    assert visit(Browser(browse.app).as_("panel"), f"{address}/1").soup.select("main form") == []
    newer = visit(browse, f"{address}/1/new-version").submit(
        {"dated_on": "23 11 2026", "location": f"{LINK}b"}
    )
    assert newer.rows()[0][1] == "2 Not released to the panel"
    gone = visit(browse, f"{address}/1").submit({"why": "The wrong case"})
    assert "The document is taken out." in gone.text
    assert visit(Browser(browse.app).as_("panel"), f"{address}").rows() == []
    history = visit(browse, f"/cases/{case}/history").text
    for words in (
        "Document added",
        "Document checked for names",
        "Document released to the panel",
        "Document taken out",
    ):
        assert words in history
    for who in ("officer2", "outsider", "lead"):
        for path in (address, f"{address}/1", f"{address}/new"):
            assert Browser(browse.app).as_(who).open(path).status_code in {403, 404}, (who, path)
    with sqlite_database.reading() as session:
        assert len(session.exec(select(Document)).all()) == 2


def test_somebody_else_was_faster_and_the_register_is_as_it_was(browse: Browser, case: str) -> None:
    form = visit(browse.as_("officer"), f"/cases/{case}/documents/new")
    form.submit({**ANSWERS, "location": LINK})
    stale = [
        (name, value) for name, value in form.fields() if name not in {"request_id", *ANSWERS, "location"}
    ]
    response = browse.client.post(
        f"/cases/{case}/documents/new", data=dict([*stale, *ANSWERS.items(), ("location", f"{LINK}2")])
    )
    assert response.status_code == 409
    assert "This case changed while you were working" in response.text
    assert f"{LINK}2" in response.text


def test_a_stored_file_comes_back_as_a_download_that_cannot_act(
    sqlite_database: Database, settled: Cast, clock: Clock, case: str, folder: Path
) -> None:
    app = storing(sqlite_database, clock, folder)
    officer, address = Browser(app).as_("officer"), f"/cases/{case}/documents"
    content = pdf(b"/Title (\xe9)")
    done = upload(officer, f"{address}/new", "../../../tmp/Name of a person.pdf", content)
    (download,) = done.links("PDF, 1 kB")
    (stored,) = folder.iterdir()
    assert "person" not in stored.name
    answer = officer.open(download)
    assert answer.data == content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{case}-document-1-v1.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert Browser(app).open(download).status_code == 302
    assert Browser(app).as_("panel").open(download).status_code == 404, "not released"
    visit(officer, f"{address}/1").submit(which=1)
    assert Browser(app).as_("panel").open(download).status_code == 200
    with sqlite_database.reading() as session:
        noted = [row for row in session.exec(select(AccessLog)) if row.detail.get("file") == "document-1-v1"]
        assert [row.detail["references"] for row in noted] == [[case]] * 2
    for wrong in (
        f"{address}/1/versions/2/file",
        f"{address}/2/versions/1/file",
        f"{address}/x/versions/1/file",
    ):
        assert officer.open(wrong).status_code == 404
    both = upload(officer, f"{address}/new", "a.pdf", content, location=LINK)
    assert both.errors() == ["Where it is kept: give the link or the file, not both"]
    stored.write_bytes(b"changed")
    assert officer.open(download).status_code == 409


@pytest.mark.parametrize(
    "which", ["empty", "two endings", "a picture that can act", "a bomb", "a PDF with a script"]
)
def test_a_hostile_file_is_refused_at_its_field_and_nothing_is_kept(
    sqlite_database: Database, clock: Clock, case: str, folder: Path, which: str
) -> None:
    officer = Browser(storing(sqlite_database, clock, folder)).as_("officer")
    name, content, words = HOSTILE[which]
    refused = upload(officer, f"/cases/{case}/documents/new", name, content)
    assert refused.status == 422
    (said,) = refused.errors()
    assert words in said
    assert refused.soup.select_one("input[name=title]")["value"] == "Overview report"
    assert not folder.exists()


def test_too_large_is_refused_twice_over(
    sqlite_database: Database, clock: Clock, case: str, folder: Path
) -> None:
    officer = Browser(storing(sqlite_database, clock, folder)).as_("officer")
    address = f"/cases/{case}/documents/new"
    assert upload(officer, address, "a.txt", b"x" * (2**20 + 1)).errors() == [
        "The file must be 1 megabytes or smaller"
    ]
    assert officer.upload(address, token=officer.token(), size=27 * 2**20).status_code == 413


def test_a_form_that_is_sent_twice_keeps_one_file(
    sqlite_database: Database, clock: Clock, case: str, folder: Path
) -> None:
    officer = Browser(storing(sqlite_database, clock, folder)).as_("officer")
    form = visit(officer, f"/cases/{case}/documents/new").form()
    for _ in range(2):
        answer = send_file(officer, str(form["action"]), {**dict(sent(form)), **ANSWERS}, "a.pdf", pdf())
        assert answer.status_code == 303
    assert len(list(folder.iterdir())) == 1


def test_nothing_is_given_out_before_the_scanner_has_looked(
    sqlite_database: Database, clock: Clock, case: str, folder: Path, tmp_path: Path
) -> None:
    path, got = str(tmp_path / "clamd"), []
    officer = Browser(storing(sqlite_database, clock, folder, f"unix:{path}")).as_("officer")
    address = f"/cases/{case}/documents"
    waiting = upload(officer, f"{address}/new", "a.pdf", pdf())
    assert "Waits for the virus scan" in waiting.text
    assert officer.open(f"{address}/1/versions/1/file").status_code == 404
    silent = visit(officer, f"{address}/1").submit(which=0)
    assert "does not answer" in silent.text
    with scanner(b"stream: OK\0", got, path):
        opened = visit(officer, f"{address}/1").submit(which=0)
    assert "found nothing" in opened.text
    assert officer.open(f"{address}/1/versions/1/file").status_code == 200
    Path(path).unlink()
    with scanner(b"stream: Eicar-Test-Signature FOUND\0", got, path):
        refused = upload(officer, f"{address}/new", "b.pdf", pdf())
    assert refused.errors() == ["The virus scanner found something in this file. It was not kept"]
    assert got == [pdf(), pdf()]
    assert len(list(folder.iterdir())) == 1


def test_what_steps_recorded_and_what_they_ask_for_are_listed(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        review = dhr.review_at(session, settled, "amending").reference
    page = visit(browse.as_("officer"), f"/cases/{review}/documents")
    assert "Recorded with the steps" in page.text
    (history,) = page.links("in the history: Home Office feedback letter")
    assert visit(browse, history).status == 200
    with sqlite_database.transaction() as session:
        review = dhr.review_at(session, settled, "scoping").reference
    assert "What the next steps ask for" in visit(browse, f"/cases/{review}/documents").text
