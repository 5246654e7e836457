"""Update without an account, as the holder of the link sees it: shown by GET, saved by POST, bounded all round."""

import pytest
from flask import Flask
from sqlmodel import select

from tests.cast import NOON, Cast
from tests.routes.browse import Browser, Clock
from tests.routes.conftest import KEY
from tests.routes.pages import Page, visit
from tests.services.test_actions import log_action
from tests.services.test_cases import log_dhr
from tests.services.test_families import REQUEST, add
from tracker.db import Database
from tracker.models import (
    Case,
    CaseGrant,
    Event,
    Membership,
    Outbox,
    Role,
    Sensitivity,
    UpdateLink,
    UpdateLinkCode,
    UpdateLinkUse,
)
from tracker.services import link_keys
from tracker.services.update_links import Carrier

MAILBOX = "lead@example.test"


@pytest.fixture
def actions(sqlite_database: Database, settled: Cast) -> list[str]:
    with sqlite_database.transaction() as session:
        made = [log_action(session, settled) for _ in range(2)]
        for case, title in zip(made, ("Write the protocol", "Train the staff"), strict=True):
            case.title = title
        return [case.reference for case in made]


@pytest.fixture
def home(sqlite_database: Database, actions: list[str]) -> str:
    """The address of the list in the mail, without the host."""
    with sqlite_database.transaction() as session:
        case = session.exec(select(Case).where(Case.reference == actions[0])).one()
        return Carrier(session, KEY, "", NOON).address_for(MAILBOX, case).rpartition("/")[0]


def restrict(database: Database, reference: str) -> None:
    with database.transaction() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        case.sensitivity = Sensitivity.RESTRICTED


def code_of(database: Database) -> str:
    with database.reading() as session:
        code = session.exec(select(UpdateLinkCode).order_by(UpdateLinkCode.id.desc())).first()  # type: ignore[union-attr]
        assert code is not None
        return link_keys.code_of(KEY, code.nonce, code.link_id)


def events(database: Database, reference: str) -> list[Event]:
    with database.reading() as session:
        found = session.exec(
            select(Event).join(Case).where(Case.reference == reference).order_by(Event.seq)  # type: ignore[arg-type]
        ).all()
        session.expunge_all()
        return list(found)


class TestAnswering:
    def test_fifty_looks_and_an_empty_form_change_nothing(
        self, browse: Browser, sqlite_database: Database, home: str, actions: list[str]
    ) -> None:
        for _ in range(50):
            assert browse.open(f"{home}/{actions[0]}").status_code == 200
        refused = visit(browse, f"{home}/{actions[0]}").submit()
        assert (refused.status, refused.errors()) == (422, ["Choose what you want to tell us"])
        assert len(events(sqlite_database, actions[0])) == 1

    def test_a_chosen_answer_is_one_update_and_the_next_one_is_on_the_page(
        self, app: Flask, browse: Browser, sqlite_database: Database, home: str, actions: list[str]
    ) -> None:
        page = visit(browse, f"{home}/{actions[0]}")
        assert page.heading == f"Update {actions[0]}"
        assert "Write the protocol" in page.text
        assert f"sent to {MAILBOX}" in page.text
        assert "The link works until Sunday 21 February 2027" in page.text
        assert page.links("Train the staff") == [f"{home}/{actions[1]}"]
        refused = page.submit({"answer": "progress", "note": " "})
        assert refused.errors() == ["Say what has happened"]
        after = refused.submit({"answer": "progress", "note": "Six venues signed up"})
        assert after.heading == f"Update {actions[1]}"
        assert "Thank you. Saved at midday. 1 more action is yours." in after.text
        assert "Six venues signed up" not in after.text
        last = after.submit({"answer": "no_change"})
        assert last.heading == "What is yours", "the one that was answered first does not come again"
        assert "Nothing else is waiting for you." in last.text
        assert "answered today" in last.text
        [_, event] = events(sqlite_database, actions[0])
        assert (event.kind, event.name, event.actor_id) == ("case_moved", "start", None)
        officer = visit(Browser(app).as_("officer"), f"/cases/{actions[0]}/history")
        assert f"by e-mail link sent to {MAILBOX}" in officer.text

    def test_the_same_form_twice_is_one_update_and_one_mail(
        self, browse: Browser, sqlite_database: Database, home: str, actions: list[str]
    ) -> None:
        page = visit(browse, f"{home}/{actions[0]}")
        for _ in range(2):
            assert page.submit({"answer": "no_change"}).status == 200
        assert len(events(sqlite_database, actions[0])) == 2
        with sqlite_database.reading() as session:
            [mail] = session.exec(select(Outbox).where(Outbox.kind == "link")).all()
            assert (mail.to_address, mail.template) == (MAILBOX, "link_thanks")

    def test_done_is_reported_and_somebody_else_verifies(
        self, app: Flask, browse: Browser, home: str, actions: list[str]
    ) -> None:
        visit(browse, f"{home}/{actions[0]}").submit({"answer": "done", "note": "Forty staff trained"})
        officer = Browser(app).as_("officer")
        assert "Reported as done" in visit(officer, f"/actions/{actions[0]}").text
        assert "Reported as done" in visit(officer, "/today").text
        assert visit(browse, f"{home}/{actions[0]}").buttons() == []

    def test_more_time_keeps_the_first_date_and_not_ours_is_on_today_at_once(
        self, app: Flask, browse: Browser, home: str, actions: list[str]
    ) -> None:
        page = visit(browse, f"{home}/{actions[0]}")
        late = page.submit({"answer": "more_time", "note": "Staff left", "asked_for_on": "1 1 2027"})
        assert late.errors() == ["The new date must be after the date it is due now"]
        late.submit({"answer": "more_time", "note": "Staff left", "asked_for_on": "1 6 2027"})
        visit(browse, f"{home}/{actions[1]}").submit(
            {"answer": "not_ours", "note": "Never ours", "belongs_to": "Housing"}
        )
        manager = Browser(app).as_("manager")
        assert "More time is asked for" in visit(manager, f"/actions/{actions[0]}").text
        assert f"e-mail link sent to {MAILBOX}" in visit(manager, f"/actions/{actions[0]}/more-time").text
        assert "We have your update" in visit(manager, "/reports/reminders").text
        came_in = visit(Browser(app).as_("officer"), "/today").text
        assert "Says it is not theirs" in came_in
        assert "Asks for more time, to" in came_in
        assert visit(browse, f"{home}/{actions[0]}").clocks() == {}
        assert "Mon 1 Mar 2027" in visit(browse, f"{home}/{actions[0]}").text

    def test_who_saved_first_is_not_written_over_and_nothing_typed_is_lost(
        self, app: Flask, browse: Browser, sqlite_database: Database, home: str, actions: list[str]
    ) -> None:
        page = visit(browse, f"{home}/{actions[0]}")
        visit(Browser(app), f"{home}/{actions[0]}").submit({"answer": "progress", "note": "First"})
        again = page.submit({"answer": "progress", "note": "Second"})
        assert again.status == 409
        assert "This changed after you opened the page" in again.text
        assert "Second" in again.response.text
        again.submit()
        assert [e.facts.get("update_note") for e in events(sqlite_database, actions[0])][1:] == [
            "First",
            "Second",
        ]

    def test_what_is_not_theirs_is_not_there(
        self, browse: Browser, sqlite_database: Database, settled: Cast, home: str
    ) -> None:
        with sqlite_database.transaction() as session:
            other = log_action(session, settled, body=settled.housing).reference
        for reference in (other, "HCSP-ACT-2026-999", "HCSP-DHR-2026-001"):
            assert browse.open(f"{home}/{reference}").status_code == 404
        assert (
            browse.submit(f"{home}/{other}", page=home + "/covering", answer="no_change").status_code == 404
        )


class TestTheFrame:
    def test_headers_and_no_one_is_signed_in(self, browse: Browser, home: str, actions: list[str]) -> None:
        for address in (home, f"{home}/{actions[0]}", f"{home}/covering", f"{home}/wrong-person"):
            response = browse.open(address)
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert response.headers["Cache-Control"] == "no-store"
            assert "noindex" in response.headers["X-Robots-Tag"]
            assert 'name="robots" content="noindex' in response.text
        assert browse.open(f"/actions/{actions[0]}").status_code == 302
        assert browse.open("/my-work").status_code == 302

    def test_a_form_without_the_token_of_the_page_is_refused(
        self, app: Flask, home: str, actions: list[str]
    ) -> None:
        stranger = Browser(app)
        response = stranger.client.post(f"{home}/{actions[0]}", data={"answer": "no_change"})
        assert response.status_code == 400

    def test_keys_that_are_nobodys_are_slowed_down_and_a_good_one_still_opens(
        self, browse: Browser, home: str, clock: Clock
    ) -> None:
        wrong = "/u/0000-0000-0000-0000-0000-0000-0000-000"
        statuses = [browse.open(f"{wrong}{n % 10}").status_code for n in range(22)]
        assert statuses == [404] * 20 + [429] * 2
        assert browse.open(home).status_code == 200
        clock.forward(minutes=61)
        assert browse.open(f"{wrong}1").status_code == 404


class TestEnded:
    def test_a_link_of_91_days_offers_a_fresh_one_to_the_same_address(
        self, browse: Browser, sqlite_database: Database, home: str, clock: Clock
    ) -> None:
        clock.forward(days=91)
        page = Page(browse, browse.open(home), home)
        assert (page.status, page.heading) == (410, "This link has ended")
        assert page.buttons() == ["Send a fresh link"]
        assert page.submit().status == 410, "sent empty, without the button"
        token = dict(page.fields())["csrf_token"]
        sent = browse.client.post(f"{home}/fresh", data={"csrf_token": token, "send": "fresh"})
        assert "We are sending a fresh link" in sent.text
        with sqlite_database.reading() as session:
            [mail] = session.exec(select(Outbox).where(Outbox.kind == "link")).all()
            assert (mail.template, mail.to_address) == ("link_fresh", MAILBOX)
        assert browse.open(home).status_code == 410, "the old one stays ended"
        statuses = [
            browse.client.post(f"{home}/fresh", data={"csrf_token": token, "send": "fresh"}).status_code
            for _ in range(3)
        ]
        assert statuses == [200, 200, 429]

    def test_the_unit_ends_a_link_and_sees_what_it_ended(
        self, app: Flask, browse: Browser, home: str, actions: list[str]
    ) -> None:
        officer = Browser(app).as_("officer")
        page = visit(officer, f"/links/{actions[0]}")
        assert MAILBOX in page.text
        assert "Works until Sunday 21 February 2027" in page.text
        [which] = [n for n, form in enumerate(page.soup.select("main form")) if "/end" in str(form["action"])]
        refused = page.submit(which=which)
        assert refused.errors() == ["Say why the link ends"]
        other = visit(Browser(app).as_("officer"), f"/links/{actions[0]}")
        for _ in range(2):
            done = refused.submit({"why": "The mail was forwarded"}, which=which)
            assert "has ended" in done.text
        for late in (other, refused):
            told = late.submit({"why": "They have left"}, which=which)
            assert told.status == 409
            assert "on Monday 23 November 2026: The mail was forwarded" in told.text
            assert "They have left" in told.text
        ended = browse.open(home)
        assert ended.status_code == 410
        assert "Send a fresh link" not in ended.text
        for who, status in (("lead", 403), ("outsider", 404)):
            assert Browser(app).as_(who).open(f"/links/{actions[0]}").status_code == status


class TestRestricted:
    def test_nothing_but_reference_and_date_until_the_code(
        self, app: Flask, browse: Browser, sqlite_database: Database, home: str, actions: list[str]
    ) -> None:
        restrict(sqlite_database, actions[0])
        page = visit(browse, f"{home}/{actions[0]}")
        for shown in (page, visit(browse, home), visit(browse, f"{home}/{actions[1]}")):
            assert "Write the protocol" not in shown.response.text
            assert "Write the protocol" not in str(shown.response.headers)
        assert page.heading == actions[0]
        assert "Mon 1 Mar 2027" in page.text
        assert "Domestic" not in page.text
        token = dict(page.fields())["csrf_token"]
        early = browse.client.post(f"{home}/{actions[0]}", data={"csrf_token": token, "answer": "no_change"})
        assert early.status_code == 422
        asked = browse.client.post(f"{home}/{actions[0]}/code", data={"csrf_token": token, "send": "code"})
        assert asked.status_code == 303
        page = visit(browse, f"{home}/{actions[0]}")
        code = code_of(sqlite_database)
        wrong = "000000" if code != "000000" else "111111"
        assert page.submit({"code": wrong}, which=0).errors() == [
            "That is not the code. You have 4 tries left"
        ]
        opened = page.submit({"code": f" {code[:3]} {code[3:]} "}, which=0)
        assert "Write the protocol" in opened.text
        assert opened.submit({"answer": "no_change"}).status == 200
        assert len(events(sqlite_database, actions[0])) == 2
        assert "Write the protocol" not in visit(Browser(app), f"{home}/{actions[0]}").response.text

    def test_five_tries_fifteen_minutes_two_hours(
        self, browse: Browser, sqlite_database: Database, home: str, actions: list[str], clock: Clock
    ) -> None:
        restrict(sqlite_database, actions[0])

        def ask() -> Page:
            page = visit(browse, f"{home}/{actions[0]}")
            token = dict(page.fields())["csrf_token"]
            browse.client.post(f"{home}/{actions[0]}/code", data={"csrf_token": token, "send": "code"})
            return visit(browse, f"{home}/{actions[0]}")

        page = ask()
        code = code_of(sqlite_database)
        wrong = f"{(int(code) + 1) % 10**6:06}"
        last = [page.submit({"code": wrong}, which=0).errors() for _ in range(5)][-1]
        assert last == ["That is not the code, and there were too many tries. Ask for a new code"]
        assert page.submit({"code": code}, which=0).errors() == [
            "There were too many tries. Ask for a new code"
        ]
        page = ask()
        clock.forward(minutes=16)
        late = page.submit({"code": code_of(sqlite_database)}, which=0)
        assert late.errors() == ["This code does not work any more. Ask for a new one"]
        page = ask()
        assert "Write the protocol" in page.submit({"code": code_of(sqlite_database)}, which=0).text
        clock.forward(hours=2, seconds=1)
        assert "Write the protocol" not in visit(browse, f"{home}/{actions[0]}").text


class TestPeople:
    def test_a_colleague_who_covers_gets_a_link_of_their_own_and_today_says_so(
        self,
        app: Flask,
        browse: Browser,
        sqlite_database: Database,
        settled: Cast,
        home: str,
        actions: list[str],
    ) -> None:
        restrict(sqlite_database, actions[1])
        page = visit(browse, f"{home}/covering")
        assert page.submit().errors() == [
            "Enter your name",
            "Enter your work e-mail address, like name@council.gov.uk",
        ]
        page.submit({"name": "Duty desk", "email": "Duty@Police.example"})
        page.submit({"name": "Duty desk", "email": "duty@police.example"})
        with sqlite_database.reading() as session:
            covering = session.exec(
                select(UpdateLink).where(UpdateLink.address == "duty@police.example")
            ).one()
            key = link_keys.key_of(KEY, covering.nonce, covering.address)
            assert [
                m.to_address for m in session.exec(select(Outbox).where(Outbox.kind == "link")).all()
            ] == ["duty@police.example"]
        theirs = f"/u/{key}"
        other = Browser(app)
        assert "I am covering" not in visit(other, theirs).text
        assert visit(other, f"{theirs}/{actions[0]}").submit({"answer": "no_change"}).status == 200
        locked = visit(other, f"{theirs}/{actions[1]}")
        assert "has first to agree" in locked.text
        assert locked.buttons() == []
        officer = Browser(app).as_("officer")
        assert "Used by somebody new" in visit(officer, "/today").text
        out = visit(officer, f"/links/{actions[0]}")
        assert "Duty desk, duty@police.example" in out.text
        assert "Covers for lead@example.test" in out.text
        forms = {
            str(form["action"]).rpartition("/")[2]: n for n, form in enumerate(out.soup.select("main form"))
        }
        assert out.submit(which=forms["agree"]).status == 403, "they cannot open it themselves"
        with sqlite_database.transaction() as session:
            case = session.exec(select(Case).where(Case.reference == actions[1])).one()
            session.add(
                CaseGrant(
                    case_id=case.id, user_id=settled.people["officer"], why="Works on it", granted_at=NOON
                )
            )
        out.submit(which=forms["agree"])
        assert visit(other, f"{theirs}/{actions[1]}").buttons() == ["Send me a code"]
        again = visit(officer, f"/links/{actions[1]}")
        assert "Duty desk, duty@police.example" in again.text, "on every record of the link"
        again.submit(which=forms["noted"] - 1)
        assert "Used by somebody new" not in visit(officer, "/today").text
        visit(officer, f"/links/{actions[0]}").submit({"why": "Back from leave"}, which=1)
        assert other.open(theirs).status_code == 410
        assert browse.open(home).status_code == 200

    def test_the_wrong_person_says_so_and_today_shows_it(
        self, app: Flask, browse: Browser, home: str
    ) -> None:
        page = visit(browse, f"{home}/wrong-person")
        assert page.submit().errors() == ["Say why the link is with the wrong person"]
        assert "Thank you" in page.submit({"why": "I have moved to another team"}).text
        assert "The link is with the wrong person" in visit(Browser(app).as_("officer"), "/today").text
        assert "wrong person" not in visit(Browser(app).as_("outsider"), "/today").text

    def test_links_out_are_for_the_unit_of_the_partnership_alone(
        self, app: Flask, sqlite_database: Database, settled: Cast, home: str, actions: list[str]
    ) -> None:
        with sqlite_database.transaction() as session:
            there = {"user_id": settled.people["outsider"], "partnership_id": settled.herefordshire}
            session.add(Membership(role=Role.CHAIR, **there))
        reader = Browser(app).as_("outsider")
        assert reader.open(f"/actions/{actions[0]}").status_code == 200
        assert reader.open(f"/links/{actions[0]}").status_code == 404
        assert Browser(app).as_("officer").open(f"/links/{actions[0]}").status_code == 200

    @pytest.mark.parametrize("answer", ["done", "more_time", "not_ours", "progress"])
    def test_this_was_not_me_takes_the_update_back(
        self,
        app: Flask,
        browse: Browser,
        sqlite_database: Database,
        home: str,
        actions: list[str],
        answer: str,
    ) -> None:
        visit(browse, f"{home}/{actions[0]}").submit(
            {"answer": answer, "note": "By somebody", "asked_for_on": "1 6 2027"}
        )
        seq = events(sqlite_database, actions[0])[-1].seq
        page = visit(browse, f"{home}/{actions[0]}/not-me/{seq}")
        assert page.submit().errors() == ["Choose whether the update came from you"]
        assert "stays as it is" in page.submit({"whose": "mine"}).text
        for _ in range(2):
            assert "taken back" in page.submit({"whose": "not_mine"}).text
        with sqlite_database.reading() as session:
            case = session.exec(select(Case).where(Case.reference == actions[0])).one()
            assert case.state in {"agreed", "in_progress"}
            assert not case.facts.get("update_kind")
            assert not case.facts.get("asked_for_on")
            uses = session.exec(select(UpdateLinkUse).where(UpdateLinkUse.what == "not_me")).all()
            assert len(uses) == 1
        officer = Browser(app).as_("officer")
        assert "it was not from the mailbox" in visit(officer, "/today").text
        assert "Update taken back" in visit(officer, f"/cases/{actions[0]}/history").text
        assert visit(officer, f"/actions/{actions[0]}").status == 200
        assert visit(browse, f"{home}/{actions[0]}").submit({"answer": "no_change"}).status == 200
        assert browse.open(f"{home}/{actions[0]}/not-me/1").status_code == 404


class TestRequests:
    """What an agency is asked for, by the link in its mail."""

    @pytest.fixture
    def asked(self, sqlite_database: Database, settled: Cast) -> str:
        """The address of a request to the police, restricted like the review that it belongs to."""
        with sqlite_database.transaction() as session:
            facts = {**REQUEST, "kind": "summary", "asked_for": "Contacts since 2020"}
            case = add(session, settled, log_dhr(session, settled), "information_request", facts)
            return Carrier(session, KEY, "", NOON).address_for(MAILBOX, case)

    def unlocked(self, browse: Browser, database: Database, address: str) -> Page:
        token = dict(visit(browse, address).fields())["csrf_token"]
        browse.client.post(f"{address}/code", data={"csrf_token": token, "send": "code"})
        return visit(browse, address).submit({"code": code_of(database)}, which=0)

    def test_it_says_nothing_of_itself_until_the_code_and_is_answered_after_it(
        self, browse: Browser, sqlite_database: Database, asked: str
    ) -> None:
        before = visit(browse, asked)
        listed = visit(browse, asked.rpartition("/")[0])
        for words in ("ummary", "homicide", "Contacts"):
            assert words not in before.text
            assert words not in listed.text
        page = self.unlocked(browse, sqlite_database, asked)
        assert "Contacts since 2020" in page.text
        refused = page.submit({"answer": "ready"})
        assert refused.errors() == [
            "Say in a sentence what you send and where it is kept, or give the place below"
        ]
        done = refused.submit({"answer": "ready", "evidence": "Store/12"})
        assert "Thank you. Saved at midday." in done.text
        again = visit(browse, asked)
        assert "Sent in. There is nothing to answer here now" in again.text
        assert again.buttons() == []

    def test_more_time_goes_to_today_with_its_date(
        self, app: Flask, browse: Browser, sqlite_database: Database, asked: str
    ) -> None:
        page = self.unlocked(browse, sqlite_database, asked)
        page.submit({"answer": "more_time", "note": "Staff ill", "asked_for_on": "1 3 2027"})
        officer = Browser(app).as_("officer")
        assert "Asks something about what is due" in visit(officer, "/today").text
        past = visit(officer, f"/cases/{asked.rpartition('/')[2]}/history").text
        assert "More time asked for" in past
        assert "New date asked for: Monday 1 March 2027" in past
        out = visit(officer, f"/cases/{asked.rpartition('/')[2]}")
        assert out.links("Links out") == [f"/links/{asked.rpartition('/')[2]}"]
