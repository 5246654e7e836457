"""GOV.UK Notify, imitated by a real server on this machine: what each of its answers means, and that nothing goes twice."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from config import Settings
from tests.reminders.conftest import EIGHT, LETTERHEAD, Office
from tests.reminders.test_smtp import free_port, letter
from tracker import returns
from tracker.models import OutboxState
from tracker.outbox import deliver
from tracker.services.returning import addresses
from tracker.transports import Ambiguous, Permanent, Temporary, transport_for
from tracker.transports.notify import NotifyTransport

SERVICE, SECRET = "11111111-2222-4333-8444-555555555555", "66666666-7777-4888-9999-aaaaaaaaaaaa"
TEMPLATE = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"
KEY = f"a_key-{SERVICE}-{SECRET}"
NINTH = EIGHT(date(2026, 11, 9))


@dataclass
class Notify:
    """Answers as told, one answer for each mail; ``cut`` takes the mail and closes the line, ``silent`` says nothing."""

    answers: list[int | str] = field(default_factory=list)
    message: str = ""
    taken: dict[str, dict[str, object]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sends: int = 0
    url: str = ""


@contextmanager
def notify() -> Iterator[Notify]:
    here = Notify()
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            here.tokens.append(self.headers["Authorization"])
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            here.sends += 1
            answer = here.answers.pop(0) if here.answers else 201
            if answer in {201, "cut"}:
                here.taken[said["reference"]] = said
            if answer == "cut":
                self.connection.close()
                return
            if answer == "silent":
                released.wait(10)
                return
            self._say(int(answer), {"errors": [{"error": "An error", "message": here.message}]})

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            here.asked.append(self.path)
            wanted, states = query.get("reference", [None])[0], query.get("status")
            listed = [
                {"id": reference, "reference": reference, "status": here.status.get(reference, "delivered")}
                for reference in here.taken
                if wanted in {None, reference}
                and (not states or here.status.get(reference) in states)
                and "older_than" not in query
            ]
            self._say(200, {"notifications": listed})

        def _say(self, status: int, body: dict[str, object]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield here
    finally:
        released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def transport(here: Notify, timeout: float = 3) -> NotifyTransport:
    return NotifyTransport(KEY, TEMPLATE, here.url, timeout, now=lambda: NINTH)


def test_a_mail_goes_with_our_reference_and_a_signed_token() -> None:
    with notify() as here:
        transport(here).send(letter())
        assert transport(here).has("<abc@council.example>")
        assert not transport(here).has("<other@council.example>")
    [said] = here.taken.values()
    assert said["email_address"] == "to@agency.example"
    assert said["template_id"] == TEMPLATE
    assert said["personalisation"]["subject"] == "Hello"  # type: ignore[index]
    signed, _, signature = here.tokens[0].removeprefix("Bearer ").rpartition(".")
    digest = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == signature
    claims = signed.split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(claims + "==")) == {
        "iss": SERVICE,
        "iat": int(NINTH.timestamp()),
    }


@pytest.mark.parametrize(
    ("answer", "message", "error", "down"),
    [
        (400, "email_address Not a valid email address", Permanent, False),
        (400, "Can’t send to this recipient using a team-only API key", Permanent, False),
        (400, "Template not found", Temporary, True),
        (403, "Invalid token: API key not found", Temporary, True),
        (429, "Exceeded rate limit", Temporary, True),
        (500, "Internal server error", Ambiguous, False),
        (502, "", Ambiguous, False),  # it may have been passed on
        (503, "", Temporary, True),
        (504, "", Ambiguous, False),
        ("cut", "", Ambiguous, False),
        ("silent", "", Ambiguous, False),
    ],
)
def test_what_each_answer_means(answer: int | str, message: str, error: type[Exception], down: bool) -> None:
    with notify() as here:
        here.answers, here.message = [answer], message
        with pytest.raises(error) as raised:
            transport(here, timeout=0.5).send(letter())
    assert getattr(raised.value, "down", False) is down
    assert "agency.example" not in str(raised.value)


def test_a_service_that_is_away_and_a_plain_address_elsewhere_ask_nothing() -> None:
    for url in (f"http://127.0.0.1:{free_port()}", "http://notify.example"):
        with pytest.raises(Temporary) as raised:
            NotifyTransport(KEY, TEMPLATE, url, 1).send(letter())
        assert raised.value.down


def test_after_an_unknown_outcome_the_reference_is_looked_up_and_nothing_goes_twice(office: Office) -> None:
    office.deadline(office.case(officer="officer"), date(2026, 11, 23), owner="bu_officer")
    office.tick(NINTH)
    with notify() as here:
        here.answers = ["cut"]
        for at in (NINTH, NINTH + timedelta(minutes=2)):
            deliver(office.database, transport(here), at, "here", letterhead=LETTERHEAD)
        [row] = office.rows()
        assert (row.state, row.attempts, here.sends) == (OutboxState.SENT, 2, 1)
        # What it did not take is sent again.
        office.deadline(office.case(officer="officer2"), date(2026, 11, 23), owner="bu_officer")
        office.tick(NINTH)
        here.answers = [500]
        for at in (NINTH, NINTH + timedelta(minutes=2)):
            deliver(office.database, transport(here), at, "here", letterhead=LETTERHEAD)
        assert [row.state for row in office.rows()] == [OutboxState.SENT] * 2
        assert here.sends == 3


def test_what_did_not_arrive_is_asked_for_every_five_minutes(office: Office) -> None:
    for who in ("officer", "officer2"):
        office.deadline(office.case(officer=who), date(2026, 11, 23), owner="bu_officer")
    office.tick(NINTH)
    with notify() as here:
        settings = Settings(
            mail="notify",
            notify_api_key=KEY,
            notify_template_id=TEMPLATE,
            notify_url=here.url,
            scheduler="off",
        )
        way = transport_for(settings)
        deliver(office.database, way, NINTH, "here", letterhead=LETTERHEAD)
        first, second = (str(row.message_id) for row in office.rows())
        here.status = {first: "permanent-failure", second: "temporary-failure"}
        assert returns.collect(settings, office.database, NINTH, holder="me") == 2
        assert returns.collect(settings, office.database, NINTH + timedelta(minutes=4), holder="other") == 0
        asked = len(here.asked)
        assert returns.collect(settings, office.database, NINTH + timedelta(minutes=5), holder="other") == 0
        assert len(here.asked) > asked, "asked again, and nothing counts twice"
    assert {row.last_error for row in office.rows(OutboxState.FAILED)} == {
        "It came back (permanent failure).",
        "It came back (temporary failure).",
    }
    with office.reading() as session:
        assert addresses(session) == {"officer@example.test"}
