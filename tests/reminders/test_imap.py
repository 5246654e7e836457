"""The mailbox of returned mail, on a small server of IMAP on this machine: read once, marked as seen, safe to read again."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from config import Settings
from tests.reminders.conftest import EIGHT, Office
from tests.reminders.test_bounces import report
from tests.reminders.test_smtp import free_port
from tracker import returns
from tracker.models import OutboxState
from tracker.services import leases
from tracker.services.returning import addresses
from tracker.transports import Temporary
from tracker.transports.imap import ImapBox

NINTH = EIGHT(date(2026, 11, 9))


@dataclass
class Box:
    """Messages by number, and which were seen. ``cut_after`` closes the line after so many were fetched."""

    messages: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    cut_after: int = 99
    url: str = ""


@contextmanager
def imap(box: Box) -> Iterator[Box]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            fetched = 0
            for raw in self.rfile:
                tag, _, said = raw.decode().strip().partition(" ")
                word = said.split()[0].upper()
                if word == "CAPABILITY":
                    self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
                elif word == "LOGIN" and "secret" not in said:
                    self.wfile.write(f"{tag} NO wrong\r\n".encode())
                    continue
                elif word == "SELECT":
                    self.wfile.write(f"* {len(box.messages)} EXISTS\r\n".encode())
                elif word == "SEARCH":
                    new = (str(n) for n in range(1, len(box.messages) + 1) if n not in box.seen)
                    self.wfile.write(f"* SEARCH {' '.join(new)}\r\n".encode())
                elif word == "FETCH":
                    if fetched == box.cut_after:
                        return
                    number, fetched = int(said.split()[1]), fetched + 1
                    raw_mail = box.messages[number - 1]
                    self.wfile.write(f"* {number} FETCH (BODY[]<0> {{{len(raw_mail)}}}\r\n".encode())
                    self.wfile.write(raw_mail + b")\r\n")
                elif word == "STORE":
                    box.seen.add(int(said.split()[1]))
                self.wfile.write(f"{tag} OK done\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    box.url = f"imap://tracker:secret@127.0.0.1:{server.server_address[1]}/INBOX"
    try:
        yield box
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_reports_in_the_mailbox_are_read_once(office: Office) -> None:
    for who in ("officer", "officer2"):
        office.deadline(office.case(officer=who), date(2026, 11, 23), owner="bu_officer")
    office.round(NINTH)
    ids = [str(row.message_id) for row in office.rows(OutboxState.SENT)]
    mails = [report(ids[0]), "Subject: Out of office\n\nBack on Monday.\n", report(ids[1])]
    with imap(Box([re.sub(r"\n", "\r\n", mail).encode() for mail in mails], cut_after=2)) as box:
        settings = Settings(bounces_url=box.url, scheduler="off")
        assert returns.collect(settings, office.database, NINTH, holder="me") == 1
        assert box.seen == {1, 2}, "the line broke at the third"
        with office.reading() as session:
            assert "cannot be" in leases.returns_problem(session)
        box.cut_after = 99
        assert returns.collect(settings, office.database, NINTH + timedelta(minutes=5), holder="me") == 1
        assert box.seen == {1, 2, 3}
        box.seen.clear()  # somebody marks everything as unread
        assert returns.collect(settings, office.database, NINTH + timedelta(minutes=10), holder="me") == 0
    with office.reading() as session:
        assert addresses(session) == {"officer@example.test", "officer2@example.test"}
        assert leases.returns_problem(session) == ""


def test_a_slow_mailbox_does_not_keep_reminders_waiting(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a minute the look ends with what it has begun, and the next goes on."""
    monkeypatch.setattr(returns, "LONGEST", -1)
    mails = [b"Subject: Out of office\r\n\r\nBack on Monday.\r\n"] * 3
    with imap(Box(mails)) as box:
        settings = Settings(bounces_url=box.url, scheduler="off")
        for look in (1, 2):
            at = NINTH + look * returns.EVERY
            assert returns.collect(settings, office.database, at, holder="me") == 0
            assert box.seen == set(range(1, look + 1))


def test_a_mailbox_that_cannot_be_read_says_so_without_its_password() -> None:
    with imap(Box()) as box, pytest.raises(Temporary) as raised:
        list(ImapBox.from_url(box.url.replace("secret", "other")).unread())
    assert "other" not in str(raised.value)
    with pytest.raises(Temporary, match="cannot be reached"):
        list(ImapBox.from_url(f"imap://a:b@127.0.0.1:{free_port()}").unread())
    for bad in ("imap://a:b@mail.example", "https://mail.example", "imaps://mail.example"):
        with pytest.raises(ValueError, match="must be imaps"):
            ImapBox.from_url(bad)
