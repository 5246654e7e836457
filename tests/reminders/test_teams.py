"""Cards for Microsoft Teams: after the mail and never instead, nothing restricted, and only where they may go."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.reminders.conftest import EIGHT, Office
from tracker import cards
from tracker.errors import BadInput
from tracker.models import OutboxState, TeamsCard
from tracker.services import teams
from tracker.transports import Permanent
from tracker.transports.teams import TeamsPost

NINTH = EIGHT(date(2026, 11, 9))
MONDAY = date(2026, 11, 23)
HOSTS = (".logic.azure.com",)


@dataclass
class Teams:
    """Answers as told, one answer for each card, and keeps what it takes."""

    answers: list[int] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def workflow() -> Iterator[Teams]:
    here = Teams()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = here.answers.pop(0) if here.answers else 202
            if answer == 202:
                here.taken.append(said)
            self.send_response(answer)
            self.send_header("Location", f"{here.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_port}/workflows/1?sig=x"
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


LOCAL = TeamsPost(("127.0.0.1",), 2, "http")


def wants_cards(office: Office, who: str, url: str) -> None:
    with office.database.transaction() as session:
        teams.choose(session, office.cast.actor(session, who), url, LOCAL, at=NINTH)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://prod-1.uksouth.logic.azure.com/workflows/1?sig=x", True),
        ("https://prod-1.uksouth.logic.azure.com:443/workflows/1", True),
        ("http://prod-1.logic.azure.com/", False),
        ("https://logic.azure.com.evil.example/", False),
        ("https://evil-logic.azure.com/", False),
        ("https://prod.logic.azure.com@evil.example/", False),
        ("https://evil.example\\@prod.logic.azure.com/", False),
        ("https://user:pass@prod.logic.azure.com/", False),
        ("https://prod.logic.azure.com:8443/", False),
        ("https://prod.logic.azure.com:port/", False),
        ("https://169.254.169.254/latest", False),
        ("file:///etc/passwd", False),
        ("https://prod.logic.azure.com/\r\nX: y", False),
    ],
)
def test_cards_go_only_where_the_settings_allow(url: str, allowed: bool) -> None:
    assert TeamsPost(HOSTS).allows(url) is allowed
    assert not TeamsPost(()).allows(url)
    if not allowed:
        with pytest.raises(Permanent, match="none that cards may be posted to"):
            TeamsPost(HOSTS).post(url, {})


def test_a_card_follows_the_mail_and_names_nothing_restricted(office: Office) -> None:
    case = office.case(officer="officer")
    office.deadline(case, MONDAY, owner="bu_officer")
    hidden = office.case(process="dhr_2016", officer="officer", restricted=True, named=("officer",))
    office.deadline(hidden, MONDAY, owner="bu_officer")
    with workflow() as here:
        wants_cards(office, "officer", here.url)
        office.round(NINTH)
        [mail] = office.post.to("officer@example.test")
        assert cards.post(office.database, LOCAL, NINTH) == 1
        assert cards.post(office.database, LOCAL, NINTH) == 0
        office.round(NINTH)
        assert cards.post(office.database, LOCAL, NINTH) == 0, "one mail, one card"
    [said] = here.taken
    [attachment] = json.loads(said)["attachments"]
    lines = [block["text"] for block in attachment["content"]["body"]]
    assert lines[0] == mail["Subject"]
    assert "HCSP-ACT-2026-001: Extend the scheme to the market towns, due Mon 23 Nov" in lines[1]
    assert lines[2] == "1 more stands in the e-mail."
    assert "DHR" not in said
    assert "/u/" not in said
    with office.reading() as session:
        assert session.get_one(TeamsCard, 1).card == {}, "a card that is posted is not kept"


def test_a_card_that_cannot_be_posted_keeps_no_mail_back_and_is_given_up(office: Office) -> None:
    office.deadline(office.case(officer="officer"), MONDAY, owner="bu_officer")
    with workflow() as here:
        wants_cards(office, "officer", here.url)
        here.answers = [503, 307, 202]
        office.round(NINTH)
        assert [row.state for row in office.rows()] == [OutboxState.SENT]
        assert cards.post(office.database, LOCAL, NINTH) == 0
        assert cards.post(office.database, LOCAL, NINTH + timedelta(minutes=3)) == 0
        assert here.answers == [202], "no redirect is followed, and it is not tried again"
    with office.reading() as session:
        problem = teams.last_problem(session, office.cast.people["officer"])
        assert problem == "Microsoft Teams refuses the card (307)."
    with office.database.transaction() as session, pytest.raises(BadInput, match="starts with https"):
        teams.choose(
            session,
            office.cast.actor(session, "officer"),
            "https://evil.example/",
            TeamsPost(HOSTS),
            at=NINTH,
        )
