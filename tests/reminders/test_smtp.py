"""A real mail server that refuses, closes, cuts the line or keeps silent at every phase; and the file transport."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from config import Settings
from tests.reminders.conftest import EIGHT, LETTERHEAD, Office
from tracker.models import OutboxState
from tracker.outbox import deliver
from tracker.services.returning import addresses
from tracker.transports import Ambiguous, Permanent, Temporary, transport_for
from tracker.transports.file import FileTransport
from tracker.transports.smtp import SmtpTransport
from workflows.ladder import rungs_from

NINTH = EIGHT(date(2026, 11, 9))
LEAD_ONLY = rungs_from((14, 7))
TEXT = "Hello\n.\n..two dots\n.one\nend"


@dataclass
class Handler:
    """Answers as told, and keeps what it takes. ``cut`` closes the line instead of answering the text."""

    rcpt: str = "250 OK"
    data: str = "250 OK"
    sender: str = "250 OK"
    cut: bool = False
    taken: list[Envelope] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.signed_in.append(bool(session.authenticated))
        self.taken.append(envelope)
        if self.cut:
            assert server.transport is not None
            server.transport.abort()
        return self.data


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(handler: Handler, **more: object) -> Iterator[SmtpTransport]:
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **more)  # type: ignore[arg-type]
    controller.start()
    try:
        yield SmtpTransport("127.0.0.1", controller.port, timeout=3)
    finally:
        controller.stop()


def letter() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Tracker <from@council.example>", "to@agency.example", "Hello"
    mail["Message-ID"] = "<abc@council.example>"
    mail.set_content(TEXT)
    return mail


def test_a_mail_arrives_whole_with_its_dots() -> None:
    handler = Handler()
    with serving(handler) as transport:
        transport.send(letter())
    [envelope] = handler.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("from@council.example", ["to@agency.example"])
    assert isinstance(envelope.content, bytes)
    arrived = message_from_bytes(envelope.content)
    assert str(arrived.get_payload()).replace("\r\n", "\n").rstrip("\n") == TEXT
    assert arrived["Message-ID"] == "<abc@council.example>"


ANSWERS = [
    (Handler(rcpt="450 mailbox busy"), Temporary, False),
    (Handler(rcpt="421 closing"), Temporary, True),
    (Handler(rcpt="550 no such user to@agency.example"), Permanent, False),
    (Handler(sender="451 try later"), Temporary, False),
    (Handler(sender="553 not you"), Permanent, False),
    (Handler(data="452 full"), Temporary, False),
    (Handler(data="421 closing"), Temporary, True),
    (Handler(data="554 refused"), Permanent, False),
    (Handler(cut=True), Ambiguous, False),
]


@pytest.mark.parametrize(("handler", "error", "down"), ANSWERS)
def test_each_refusal_is_what_its_phase_makes_it(
    handler: Handler, error: type[Exception], down: bool
) -> None:
    with serving(handler) as transport, pytest.raises(error) as raised:
        transport.send(letter())
    assert getattr(raised.value, "down", False) is down
    assert "agency.example" not in str(raised.value)


def test_nobody_there_is_down() -> None:
    with pytest.raises(Temporary) as raised:
        SmtpTransport("127.0.0.1", free_port(), timeout=1).send(letter())
    assert raised.value.down


def scripted(answers: list[bytes | None]) -> tuple[int, Callable[[], None]]:
    """A server that says one line after each line it gets; None keeps silent."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            lines = connection.makefile("rb")
            for answer in answers:
                if answer is None:
                    lines.read()
                    return
                connection.sendall(answer + b"\r\n")
                if not lines.readline():
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()

    def close() -> None:
        listener.close()
        thread.join(5)

    return listener.getsockname()[1], close


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([None], Temporary),  # a black hole
        ([b"220 hello", None], Temporary),
        ([b"220 hello", b"250 OK", b"250 OK", None], Temporary),
        (
            [b"220 hello", b"250 OK", b"250 OK", b"250 OK", None],
            Temporary,
        ),  # silent at DATA: nothing was sent
        ([b"220 hello", b"250 OK", b"250 OK", b"250 OK", b"354 go on", None], Ambiguous),
        # an answer that says nothing: repeated without end, had nothing been sent
        ([b"220 hello", b"250 OK", b"250 OK", b"250 OK", b"354 go on", b"what?"], Ambiguous),
        ([b"554 go away"], Temporary),
    ],
)
def test_silence_is_temporary_until_the_text_is_sent(
    answers: list[bytes | None], error: type[Exception]
) -> None:
    port, close = scripted(answers)
    try:
        with pytest.raises(error):
            SmtpTransport("127.0.0.1", port, timeout=0.4).send(letter())
    finally:
        close()


def test_signing_in_needs_encryption_away_from_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = Handler()
    with serving(handler) as transport:
        monkeypatch.setattr("tracker.transports.smtp.LOOPBACK", frozenset())
        away = replace(transport, user="u", password="p")
        with pytest.raises(Temporary, match="no encryption"):
            away.send(letter())
    assert not handler.taken


def test_a_password_is_used_and_a_wrong_one_gives_no_mail_up() -> None:
    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        return AuthResult(
            success=isinstance(data, LoginPassword) and data.password == b"right", handled=False
        )

    handler = Handler()
    with serving(handler, authenticator=check, auth_require_tls=False) as transport:
        replace(transport, user="u", password="right").send(letter())
        with pytest.raises(Temporary) as raised:
            replace(transport, user="u", password="wrong").send(letter())
    assert raised.value.down
    assert handler.signed_in == [True]


@pytest.mark.parametrize(("here", "verified"), [(True, ssl.CERT_NONE), (False, ssl.CERT_REQUIRED)])
def test_certificates_are_checked_away_from_this_machine(
    monkeypatch: pytest.MonkeyPatch, here: bool, verified: ssl.VerifyMode
) -> None:
    contexts: list[ssl.SSLContext] = []

    def starttls(_smtp: smtplib.SMTP, *, context: ssl.SSLContext) -> None:
        contexts.append(context)
        raise ssl.SSLCertVerificationError

    monkeypatch.setattr(smtplib.SMTP, "has_extn", lambda _smtp, name: name == "starttls")
    monkeypatch.setattr(smtplib.SMTP, "starttls", starttls)
    if not here:
        monkeypatch.setattr("tracker.transports.smtp.LOOPBACK", frozenset())
    handler = Handler()
    with serving(handler) as transport, pytest.raises(Temporary, match="certificate") as raised:
        transport.send(letter())
    assert raised.value.down
    assert [(context.verify_mode, context.check_hostname) for context in contexts] == [(verified, not here)]
    assert not handler.taken


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", SmtpTransport("mail.example", 25)),
        ("smtps://mail.example", SmtpTransport("mail.example", 465, tls=True)),
        ("smtp://us%40er:p%2Fw@mail.example:587", SmtpTransport("mail.example", 587, "us@er", "p/w")),
    ],
)
def test_the_servers_address_is_read(url: str, expected: SmtpTransport) -> None:
    assert SmtpTransport.from_url(url) == expected
    assert "p/w" not in repr(SmtpTransport.from_url(url))


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25"])
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://host:port"):
        SmtpTransport.from_url(url)


def test_the_settings_choose_the_transport(tmp_path: Path) -> None:
    assert isinstance(transport_for(Settings(mail="file", mail_dir=tmp_path)), FileTransport)
    smtp = transport_for(Settings.model_validate({"mail": "smtp", "smtp_url": "smtp://127.0.0.1:2525"}))
    assert smtp == SmtpTransport("127.0.0.1", 2525)


def test_a_file_for_each_mail_and_the_same_mail_in_the_same_file(tmp_path: Path) -> None:
    transport = FileTransport(tmp_path / "mail")
    transport.send(letter())
    transport.send(letter())
    [file] = (tmp_path / "mail").iterdir()
    assert file.name == "abc@council.example.eml"
    assert message_from_bytes(file.read_bytes())["Subject"] == "Hello"


@pytest.mark.parametrize("name", ["<../../x@y>", "</etc/passwd>", "<.hidden@y>"])
def test_no_message_id_leaves_the_folder(tmp_path: Path, name: str) -> None:
    mail = letter()
    mail.replace_header("Message-ID", name)
    FileTransport(tmp_path / "mail").send(mail)
    assert [path.suffix for path in (tmp_path / "mail").iterdir()] == [".eml"]
    assert [path.name for path in tmp_path.iterdir()] == ["mail"]


def test_a_folder_that_cannot_be_written_to_is_down(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(Temporary) as raised:
        FileTransport(tmp_path / "mail").send(letter())
    assert raised.value.down


@pytest.mark.parametrize(
    ("handler", "state", "taken"),
    [
        (Handler(rcpt="450 busy"), OutboxState.QUEUED, 0),
        (Handler(rcpt="421 closing"), OutboxState.QUEUED, 0),
        (Handler(rcpt="550 unknown"), OutboxState.FAILED, 0),
        (Handler(cut=True), OutboxState.FAILED, 3),
        (Handler(), OutboxState.SENT, 1),
    ],
)
def test_what_a_real_server_says_decides_what_becomes_of_a_reminder(
    small_office: Office, handler: Handler, state: OutboxState, taken: int
) -> None:
    small_office.deadline(small_office.case(officer="officer"), date(2026, 11, 23), owner="bu_officer")
    small_office.tick(NINTH)
    with serving(handler) as transport:
        for minutes in (0, 1, 6):
            at = NINTH + timedelta(minutes=minutes)
            deliver(small_office.database, transport, at, "here", letterhead=LETTERHEAD)
    assert [row.state for row in small_office.rows()] == [state]
    assert len(handler.taken) == taken
    ids = {
        message_from_bytes(envelope.content)["Message-ID"] for envelope in handler.taken if envelope.content
    }  # type: ignore[arg-type]
    assert len(ids) == min(taken, 1)


@pytest.mark.parametrize(
    ("said", "marked"),
    [
        ("550 5.1.1 no such user", True),
        ("550 5.7.1 relaying denied", False),  # the server's rule, for whoever it may be
        ("550 no", False),
        ("550 5.1.11 who knows", False),
    ],
)
def test_a_server_that_says_there_is_no_such_mailbox_marks_the_address(
    office: Office, said: str, marked: bool
) -> None:
    """The next step goes to whoever stands in, as after a report that comes back later."""
    office.deadline(
        office.case(organisation=office.cast.police, officer="officer"), date(2026, 11, 23), ladder=LEAD_ONLY
    )
    office.tick(NINTH)
    with serving(Handler(rcpt=said)) as transport:
        deliver(office.database, transport, NINTH, "me", letterhead=LETTERHEAD)
    [row] = office.rows()
    assert (row.state, row.to_address) == (OutboxState.FAILED, "lead@example.test")
    with office.reading() as session:
        assert addresses(session) == ({"lead@example.test"} if marked else set())
    office.round(EIGHT(date(2026, 11, 16)))
    stands_in = "mailbox@police.example" if marked else "lead@example.test"
    assert [mail["To"] for mail in office.post.mails] == [stands_in]
