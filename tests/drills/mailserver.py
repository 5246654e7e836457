"""A real mail server on a real port, that refuses, dawdles, cuts the line, swallows everything or is not there."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.crash.serving import free_port

CUT = "cut after the text"
HOLE = "black hole"
DOWN = "down"


@dataclass
class MailServer:
    """``mode`` is an answer to the recipient (``450 busy``), :data:`CUT`, or empty to take everything."""

    port: int
    mode: str = ""
    delay: float = 0.0
    taken: list[Message] = field(default_factory=list)
    cut: list[Message] = field(default_factory=list)
    asked: int = 0
    _controller: Controller | None = None
    _hole: socket.socket | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def times(self) -> Counter[str]:
        """How often the text of each mail arrived, by Message-ID, acknowledged or not."""
        return Counter(str(mail["Message-ID"]) for mail in (*self.taken, *self.cut))

    def become(self, mode: str, *, delay: float = 0.0) -> None:
        """Behave so from now on."""
        self.close()
        self.mode, self.delay = mode, delay
        if mode == HOLE:
            self._hole = socket.create_server(("127.0.0.1", self.port), backlog=64)
        elif mode != DOWN:
            self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
            self._controller.start()

    def close(self) -> None:
        if self._controller is not None:
            self._controller.stop()
        if self._hole is not None:
            self._hole.close()
        self._controller = self._hole = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.asked += 1
        if self.mode and self.mode != CUT:
            return self.mode
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = BytesParser().parsebytes(envelope.content, headersonly=True)
        if self.mode == CUT:
            self.cut.append(mail)
            assert server.transport is not None
            server.transport.abort()
            return "250 OK"
        if self.delay:
            await asyncio.sleep(self.delay)
        self.taken.append(mail)
        return "250 OK"


@contextmanager
def mail_server(mode: str = "", *, delay: float = 0.0) -> Iterator[MailServer]:
    """A mail server that runs for as long as the block lasts."""
    server = MailServer(free_port())
    server.become(mode, delay=delay)
    try:
        yield server
    finally:
        server.close()
