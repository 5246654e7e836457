"""People and access on pages: a look at what a change does, a reason, a history; and a password set by a link."""

from datetime import timedelta

from sqlmodel import select

from tests.cast import NOON, Cast
from tests.routes.browse import Browser, Clock
from tests.routes.conftest import KEY
from tests.routes.filling import log_asb
from tests.routes.pages import visit
from tracker.db import Database
from tracker.models import Outbox, User
from tracker.services import password_links, update_links

GOOD = "four quiet words apart"


def test_a_person_is_added_after_a_look_with_a_reason(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    listed = visit(browse.as_("admin"), "/admin/people")
    assert listed.heading == "People and access"
    names = [row[0] for row in listed.rows("#people tbody tr")]
    assert any("officer2@example.test" in name for name in names)
    assert any("lead@example.test" in name for name in names)
    assert not any("outsider" in name for name in names)
    form = visit(browse, "/admin/people/add")
    bad = form.submit({"email": "nobody", "role": "officer"})
    assert bad.errors() == [
        "Enter an e-mail address, such as officer@council.example", "Enter how pages call them",
        "Choose the partnership",
    ]  # fmt: skip
    check = bad.submit(
        {"email": "new@example.test", "name": "Review officer", "partnership": "herefordshire"}
    )
    assert (check.status, check.heading) == (200, "Check: give this role")
    assert "Review officer is officer, Herefordshire" in check.text
    bare = check.submit()
    assert (bare.status, bare.errors()) == (422, ["Say why this is changed"])
    page = bare.submit({"reason": "Begins on Monday"})
    assert page.heading == "People and access"
    assert "Begins on Monday" in page.text
    assert "new@example.test" in page.text
    with sqlite_database.reading() as session:
        assert [row.to_address for row in session.exec(select(Outbox)).all()] == ["new@example.test"]


def test_a_role_is_ended_and_a_person_disabled_from_their_page(browse: Browser, settled: Cast) -> None:
    officer = Browser(browse.app).as_("officer")
    number = settled.people["officer"]
    person = visit(browse.as_("admin"), f"/admin/people/{number}")
    assert person.heading == "A person"
    assert "Officer" in person.soup.main.get_text()
    check = visit(browse, person.links("End this role")[0])
    assert "Officer is no longer officer" in check.text
    ended = check.submit({"reason": "Moved on"})
    assert "They hold no role here now." in ended.text
    assert "Moved on" in ended.text
    assert officer.open("/today").status_code == 302, "signed out at once"
    disabled = visit(browse, ended.links("Disable this person")[0]).submit({"reason": "Left the council"})
    assert disabled.links("Enable this person")
    assert "No role now" in visit(browse, "/admin/people").text
    assert (
        visit(browse, visit(browse, f"/admin/people/{settled.people['admin']}").address).links("End this")
        == []
    )


def test_an_administrator_sees_no_case_and_others_no_people(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        reference = log_asb(session, settled).reference
    browse.as_("admin")
    for address in ("/admin", "/admin/people", f"/admin/people/{settled.people['officer']}"):
        assert reference not in visit(browse, address).response.text, address
    assert browse.open(f"/cases/{reference}").status_code in {403, 404}
    assert browse.open(f"/admin/people/{settled.people['outsider']}").status_code == 404
    for who in ("officer", "manager", "lead", "auditor"):
        assert browse.as_(who).open("/admin/people").status_code == 403, who


def test_a_password_is_set_by_a_link_that_then_ends(
    browse: Browser, settled: Cast, sqlite_database: Database, clock: Clock
) -> None:
    with sqlite_database.reading() as session:
        user = session.get_one(User, settled.people["officer"])
        address = f"/set-password/{password_links.token_of(KEY, user, NOON + timedelta(hours=72))}"
    page = visit(browse, address)
    assert page.heading == "Set your password"
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    different = page.submit({"new": GOOD, "again": "another four words"})
    assert different.errors() == ["The two new passwords are not the same"]
    done = page.submit({"new": GOOD, "again": GOOD})
    assert done.heading == "Your password is set"
    assert browse.sign_in("officer", GOOD).status_code == 303
    said = {visit(Browser(browse.app), one).text for one in (address, "/set-password/made-up")}
    assert len(said) == 1, "the same sentence for every link that has ended"
    assert visit(Browser(browse.app), address).status == 410


def test_sessions_and_links_of_a_person_end_after_a_look(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    theirs = Browser(browse.app).as_("lead")
    with sqlite_database.transaction() as session:
        update_links.carry(session, KEY, "lead@example.test", NOON)
    page = visit(browse.as_("admin"), "/admin/people")
    row = next(row for row in page.rows("#people tbody tr") if "lead@example.test" in row[0])
    assert row[-1] == "1"
    number = settled.people["lead"]
    done = visit(browse, f"/admin/people/{number}/end-links").submit({"reason": "A lost telephone"})
    assert "1 link of Lead has ended." in done.text
    assert theirs.open("/my-work").status_code == 200
    done = visit(browse, f"/admin/people/{number}/sign-out").submit({"reason": "A lost telephone"})
    assert "Lead was signed out everywhere (1 session)." in done.text
    assert theirs.open("/my-work").status_code != 200
    again = visit(browse, f"/admin/people/{number}/end-links").submit({"reason": "Again"})
    assert again.errors() == ["No link of theirs works now"]
    own = settled.people["admin"]
    refused = visit(browse, f"/admin/people/{own}/sign-out").submit({"reason": "Me"})
    assert refused.errors() == ["Somebody else has to change what you hold here"]
