"""Nothing typed is lost when a session ends under a form, or when somebody puts it aside; and nobody else sees it."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlmodel import select

from tests import asb, dhr
from tests.cast import Cast
from tests.routes.browse import Browser, Clock
from tests.routes.pages import send, sent, visit
from tracker.db import Database
from tracker.models import Draft
from tracker.services import drafts


def kept(database: Database) -> list[Draft]:
    with database.reading() as session:
        found = list(session.exec(select(Draft)).all())
        session.expunge_all()
    return found


def hidden(page: BeautifulSoup, address: str) -> dict[str, str]:
    form = page.find("form", action=address)
    assert form is not None
    return {field["name"]: field["value"] for field in form.find_all("input")}


def after_the_session(browse: Browser, clock: Clock, **typed: str) -> str:
    """Sign in, open a form, let the session run out, send the form: the text of the answer."""
    browse.as_("officer")
    token = browse.token()
    clock.forward(minutes=25)
    return browse.client.post(ADDRESS, data={"csrf_token": token, **typed}).text


ADDRESS = "/cases/new/asb/check"
TYPED = {"title": "A long story about the lane", "version": "3"}


def test_what_was_sent_after_the_end_is_there_after_signing_in(
    app: Flask, browse: Browser, clock: Clock, settled: Cast, sqlite_database: Database
) -> None:
    page = after_the_session(browse, clock, **TYPED)
    (draft,) = kept(sqlite_database)
    assert "What you typed is kept for you" in page
    assert f"/sign-in?next=/drafts/{draft.id}" in page.replace("%2F", "/")
    assert (draft.user_id, draft.address) == (settled.people["officer"], ADDRESS)
    browse.as_("officer")
    shown = BeautifulSoup(browse.open(f"/drafts/{draft.id}").text, "html.parser")
    assert "A long story about the lane" in shown.main.get_text()
    sent = hidden(shown, ADDRESS)
    assert {name: sent[name] for name in TYPED} == TYPED
    assert sent["kept_draft"] == str(draft.id)
    assert "officer" not in shown.title.get_text()


def test_nobody_else_opens_it(app: Flask, browse: Browser, clock: Clock, sqlite_database: Database) -> None:
    after_the_session(browse, clock, **TYPED)
    (draft,) = kept(sqlite_database)
    other = Browser(app).as_("manager")
    assert other.open(f"/drafts/{draft.id}").status_code == 404
    assert "nothing is kept" in other.open("/drafts").text.lower()
    other.submit(f"/drafts/{draft.id}/drop")
    assert kept(sqlite_database)
    for odd in ("0", "x", "99999999999999999999"):
        assert browse.as_("officer").open(f"/drafts/{odd}").status_code == 404


def test_a_stranger_and_a_forged_form_leave_nothing(
    app: Flask, browse: Browser, clock: Clock, sqlite_database: Database
) -> None:
    assert app.test_client().post(ADDRESS, data=TYPED).status_code == 401
    browse.as_("officer")
    clock.forward(minutes=25)
    assert browse.client.post(ADDRESS, data={"csrf_token": "forged", **TYPED}).status_code == 401
    clock.forward(days=8)
    assert "is kept for you" not in browse.client.post(ADDRESS, data=TYPED).text
    assert kept(sqlite_database) == []


def test_passwords_are_never_kept(browse: Browser, clock: Clock, sqlite_database: Database) -> None:
    browse.as_("officer")
    token = browse.token()
    clock.forward(minutes=25)
    sent = {"csrf_token": token, "present": "a secret of four words"}
    assert browse.client.post("/account/password", data=sent).status_code == 401
    assert kept(sqlite_database) == []


def test_put_aside_and_thrown_away(browse: Browser, sqlite_database: Database) -> None:
    browse.as_("officer")
    assert browse.submit("/drafts", draft_address=ADDRESS, **TYPED).status_code == 303
    assert "Answers kept" in browse.open("/drafts").text
    (draft,) = kept(sqlite_database)
    assert draft.fields == {name: [value] for name, value in TYPED.items()}
    browse.submit(f"/drafts/{draft.id}/drop")
    assert kept(sqlite_database) == []
    for elsewhere in (
        "https://evil.example/",
        "//evil.example",
        "/account/password",
        "/sign-in",
        "/no/such/page",
    ):
        assert browse.submit("/drafts", draft_address=elsewhere, **TYPED).status_code == 422
    assert kept(sqlite_database) == []


def test_what_is_taken_up_is_kept_no_longer(browse: Browser, sqlite_database: Database) -> None:
    browse.as_("officer")
    browse.submit("/drafts", draft_address=ADDRESS, **TYPED)
    (draft,) = kept(sqlite_database)
    refused = browse.submit("/cases/new/asb/check", kept_draft=str(draft.id))
    assert (refused.status_code, len(kept(sqlite_database))) == (422, 1)
    browse.submit("/drafts", kept_draft=str(draft.id), draft_address=ADDRESS, title="another")
    assert [each.fields for each in kept(sqlite_database)] == [{"title": ["another"]}]


def test_what_is_saved_is_said_to_be_saved_though_its_draft_is_out_of_reach(
    app: Flask, settled: Cast, sqlite_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite_database.transaction() as session:
        home = f"/cases/{dhr.review_at(session, settled, 'amending').reference}"
    form = visit(Browser(app).as_("officer"), f"{home}/notes/new")
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE drafts RENAME TO gone")
    assert "The note is in the history" in form.submit({"words": "Quiet this week"}).soup.get_text()
    assert "draft_still_kept" in "".join(capsys.readouterr())


def test_what_was_only_looked_at_is_kept_until_it_is_saved(
    app: Flask, settled: Cast, sqlite_database: Database
) -> None:
    manager = Browser(app).as_("manager")
    form = dict(sent(visit(manager, "/names/herefordshire").form())) | {"dhr_2016": "Review of a death here"}
    del form["csrf_token"]
    for _ in range(2):
        manager.submit("/drafts", draft_address="/names/herefordshire/check", **form)
    (draft,) = kept(sqlite_database)
    checked = visit(manager, f"/drafts/{draft.id}").submit(which=0)
    assert (checked.status, len(kept(sqlite_database))) == (200, 1)
    saved = checked.submit({"reason": "As it is called here"})
    assert "is called “Review of a death here”" in saved.text
    assert kept(sqlite_database) == []


FORMS = {
    "review": {
        "/panel": "role_title",
        "/tasks/amending.1": "not_needed_reason",
        "/documents/new": "title",
        "/people/add": "equality_note",
        "/notes/new": "words",
        "/actions/add": "fact_action_text",
        "/related/add/hold": "fact_requested_by",
    },
    "application": {
        "/steps/": "note",
        "/pass-ons": "late_reason",
        "/incidents/new": "what",
        "/record?fact=channel": "note",
    },
}


@pytest.mark.parametrize(("kind", "path"), [(kind, path) for kind, paths in FORMS.items() for path in paths])
def test_every_form_about_a_case_can_be_put_aside_and_gone_on_with(
    app: Flask, clock: Clock, settled: Cast, sqlite_database: Database, kind: str, path: str
) -> None:
    with sqlite_database.transaction() as session:
        if kind == "application":
            asb.settle_area(session, settled)
        case = (
            dhr.review_at(session, settled, "amending")
            if kind == "review"
            else asb.case_at(session, settled, "acknowledged")
        )
        home = f"/cases/{case.reference}"
    officer = Browser(app).as_("officer")
    steps = [str(a["href"]) for a in visit(officer, home).soup.select("a[href*='/steps/']")]
    form = visit(officer, steps[0] if path == "/steps/" else home + path)
    assert "Save for later" in form.buttons()
    kept_of = [pair for pair in form.fields() if pair[0] not in {FORMS[kind][path], "bodies"}]
    pairs = [*kept_of, (FORMS[kind][path], "Half a sentence")]
    put = send(form.browser, "/drafts", pairs)
    assert "Nothing has been saved to the case" in put.soup.get_text()
    clock.forward(minutes=25)  # signed out
    browser = Browser(app).as_("officer")
    (draft,) = kept(sqlite_database)
    again = visit(browser, f"/drafts/{draft.id}").submit(which=0)
    assert again.status in {200, 409, 422}
    assert "Half a sentence" in again.response.text


def test_what_was_typed_beside_a_large_file_is_kept_without_the_file(
    browse: Browser, clock: Clock, sqlite_database: Database
) -> None:
    browse.as_("officer")
    token = browse.token()
    clock.forward(minutes=25)
    address = "/cases/HCSP-DHR-2026-001/documents/new"
    data = {"csrf_token": token, "title": "Terms of May", "file": (BytesIO(b"x" * 300_000), "terms.pdf")}
    assert "is kept for you" in browse.client.post(address, data=data).text
    assert [each.fields for each in kept(sqlite_database)] == [{"title": ["Terms of May"]}]


def test_twenty_for_one_person_and_28_days(database: Database, cast: Cast, clock: Clock) -> None:
    officer, at = cast.people["officer"], clock.at
    with database.transaction() as session:
        for number in range(25):
            clock.forward(minutes=1)
            drafts.keep(session, officer, "/cases/new/asb", {"note": [f"no {number}"]}, at=clock.at)
        mine = drafts.of(session, officer, at=clock.at)
        assert [each.pairs[0][1] for each in mine] == [f"no {number}" for number in range(24, 4, -1)]
        clock.forward(days=29)
        assert drafts.of(session, officer, at=clock.at) == ()
        assert drafts.keep(session, officer, "/x", {"note": ["y" * 300_000]}, at=clock.at) is None
        assert drafts.keep(session, officer, "/x", {"csrf_token": ["y"]}, at=clock.at) is None
        assert at < clock.at


def test_it_is_called_by_its_reference() -> None:
    def about(address: str) -> str:
        return drafts.Kept(1, address, (), None).about  # type: ignore[arg-type]

    assert about("/cases/HCSP-DHR-2026-001/steps/start-drafting/check") == "HCSP-DHR-2026-001, start drafting"
    assert about("/actions/HCSP-ACT-2026-027") == "HCSP-ACT-2026-027"
    assert about("/cases/new/asb/check?x=1") == "a new application"
    assert about("/cases/HCSP-DHR-2026-001/notes/new") == "HCSP-DHR-2026-001, a note"
    assert (
        about("/cases/HCSP-DHR-2026-001/related/add/family_contact")
        == "HCSP-DHR-2026-001, a new family contact"
    )
    assert about("/cases/HCSP-ASB-2026-001/letters/new/L1/applicant") == "HCSP-ASB-2026-001, letter L1"
    assert (
        about("/cases/HCSP-ASB-2026-001/deadlines/c5/extend/check")
        == "HCSP-ASB-2026-001, more time for a date"
    )
    assert about("/cases/HCSP-ASB-2026-001/documents/2/new-version") == "HCSP-ASB-2026-001, document 2"
