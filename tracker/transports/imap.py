"""A mailbox that collects what came back, read over IMAP. What was read is marked as seen and stays where it is."""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from config import LOOPBACK
from tracker.transports import Temporary

TIMEOUT_SECONDS = 20.0
MOST_AT_ONCE = 200
MOST_BYTES = 1_000_000
"""A report is short; of what is longer only so much is read."""


@dataclass(frozen=True, slots=True)
class ImapBox:
    """One folder of one account."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: bool = True
    timeout: float = TIMEOUT_SECONDS

    @classmethod
    def from_url(cls, url: str) -> "ImapBox":
        """Read ``imaps://user:password@host:port/Folder``; ``imap://`` only on this machine.

        Raises:
            ValueError: it is no such address. The message does not repeat it: it holds a password.
        """
        parts = urlsplit(url)
        here = parts.hostname in LOOPBACK
        if (
            parts.scheme not in ({"imaps", "imap"} if here else {"imaps"})
            or not parts.hostname
            or not parts.username
        ):
            raise ValueError("must be imaps://user:password@host:port/Folder")
        tls = parts.scheme == "imaps"
        return cls(
            parts.hostname,
            parts.port or (993 if tls else 143),
            unquote(parts.username),
            unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or "INBOX",
            tls,
        )

    def unread(self, enough: Callable[[], bool] = lambda: False) -> Iterator[bytes]:
        """Each message that was not seen yet, as it came. It is marked as seen after whoever asked is done with it.
        No more are given when that is ``enough``.

        Raises:
            Temporary: the mailbox cannot be read just now.
        """
        box: imaplib.IMAP4 | None = None
        try:
            box = self._signed_in()
            for number in self._numbers(box):
                _, found = box.fetch(number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
                raw = next((part[1] for part in found if isinstance(part, tuple)), None)
                if raw is None:  # it is gone, or was not given: nothing was read
                    continue
                yield raw
                box.store(number, "+FLAGS", r"(\Seen)")
                if enough():
                    return
        except imaplib.IMAP4.error as error:
            raise Temporary(
                f"The mailbox of returned mail cannot be read ({type(error).__name__})."
            ) from None
        except (OSError, ssl.SSLError) as error:
            raise Temporary(
                f"The mailbox of returned mail cannot be reached ({type(error).__name__})."
            ) from None
        finally:
            if box is not None:
                with suppress(OSError):
                    box.shutdown()

    def _numbers(self, box: imaplib.IMAP4) -> list[str]:
        status, _ = box.select(f'"{self.folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error("no such folder")
        _, found = box.search(None, "UNSEEN")
        return [number.decode() for number in (found[0] or b"").split()][:MOST_AT_ONCE]

    def _signed_in(self) -> imaplib.IMAP4:
        box: imaplib.IMAP4
        if self.tls:
            context = ssl.create_default_context()
            box = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=self.timeout)
        else:
            box = imaplib.IMAP4(self.host, self.port, timeout=self.timeout)
        try:
            box.login(self.user, self.password)
        except BaseException:
            box.shutdown()
            raise
        return box
