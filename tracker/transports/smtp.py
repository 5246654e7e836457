"""Mail by SMTP. What counts is the phase in which something goes wrong.

Before the text is sent nothing has happened yet: a refusal with 4xx or a broken line is temporary, a refusal of the
sender, the recipient or the text with 5xx is permanent. After it, only the server's answer tells; where none comes,
the mail may or may not have been taken.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from config import LOOPBACK
from tracker.transports import Ambiguous, Permanent, Temporary

TIMEOUT_SECONDS = 20.0
"""For each answer of the server. Some ten answers make one mail, far less than the ten minutes a claim lasts."""

_WIRE = SMTP.clone(cte_type="7bit")
_DOT_LINE = re.compile(rb"(?m)^\.")
_NO_MAILBOX = re.compile(rb"5\.1\.(?:1|3|6|10)(?![0-9])")
"""Codes (RFC 3463, 7505) that mean the address and nothing else; 550 alone may be a rule of the server for everybody."""
_CLOSING, _GO_AHEAD = 421, 354
_PLAIN_PORT, _TLS_PORT = 25, 465


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """One mail server. A connection is made for each mail: nothing has to be kept alive between two rounds."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    timeout: float = TIMEOUT_SECONDS

    @classmethod
    def from_url(cls, url: str) -> "SmtpTransport":
        """Read ``smtp://user:password@host:port``; ``smtps://`` for TLS from the start.

        Raises:
            ValueError: it is no such address. The message does not repeat it: it may hold a password.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("The mail server's address must be smtp://host:port or smtps://host:port.")
        tls = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            parts.port or (_TLS_PORT if tls else _PLAIN_PORT),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            tls,
        )

    def send(self, mail: EmailMessage) -> None:
        """Hand one mail to the server.

        Raises:
            Temporary: not taken, for a reason that passes.
            Permanent: the server refuses the sender, the recipient or the mail.
            Ambiguous: the line broke after the text was sent.
        """
        sender = parseaddr(str(mail["From"]))[1]
        recipient = parseaddr(str(mail["To"]))[1]
        if not sender.isascii() or not recipient.isascii():
            raise Permanent("The address has letters that the mail server cannot take.")
        text = _DOT_LINE.sub(b"..", mail.as_bytes(policy=_WIRE))
        with self._connected() as smtp:
            _expect(smtp.mail(sender), "the sender")
            _expect(smtp.rcpt(recipient), "the address")
            _expect(smtp.docmd("DATA"), "the mail", wanted=_GO_AHEAD)
            try:
                smtp.send(text + b".\r\n")
                answer = smtp.getreply()
            except (OSError, smtplib.SMTPException):
                raise Ambiguous(
                    "The line broke before the mail server said whether it took the mail."
                ) from None
            if answer[0] < 0:  # it said something that is no answer
                raise Ambiguous("The mail server did not say clearly whether it took the mail.")
            _expect(answer, "the mail")
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._connect()
            yield smtp
        except smtplib.SMTPAuthenticationError as error:
            # A wrong password is ours to put right: no mail is given up for it.
            raise Temporary(f"The mail server refuses our sign-in ({error.smtp_code}).", down=True) from None
        except smtplib.SMTPResponseException as error:
            raise Temporary(f"The mail server is not ready ({error.smtp_code}).", down=True) from None
        except ssl.SSLError:
            raise Temporary("The mail server's certificate cannot be trusted.", down=True) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Temporary(
                f"The mail server cannot be reached ({type(error).__name__}).", down=True
            ) from None
        finally:
            if smtp is not None:
                smtp.close()

    def _connect(self) -> smtplib.SMTP:
        here = self.host in LOOPBACK
        context = ssl.create_default_context()
        if here:  # a server on this machine has no certificate that anybody could check
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.tls:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            smtp.ehlo_or_helo_if_needed()
            if not self.tls:
                self._encrypt(smtp, context, here=here)
            if self.user:
                smtp.login(self.user, self.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _encrypt(self, smtp: smtplib.SMTP, context: ssl.SSLContext, *, here: bool) -> None:
        if smtp.has_extn("starttls"):
            smtp.starttls(context=context)
            smtp.ehlo()
        elif self.password and not here:
            raise Temporary(
                "The mail server offers no encryption, so it is not given the password.", down=True
            )


def _expect(answer: tuple[int, bytes], of_what: str, *, wanted: int = 250) -> None:
    """Take the answer as what it means for this mail. The server's own words are left out: they hold addresses."""
    code = answer[0]
    if code == wanted or (wanted != _GO_AHEAD and 200 <= code < 300):
        return
    if code == _CLOSING:
        raise Temporary("The mail server is closing (421).", down=True)
    if 500 <= code < 600:
        gone = _NO_MAILBOX.match(answer[1])
        raise Permanent(
            f"The mail server refuses {of_what} ({code}).", no_mailbox=gone.group().decode() if gone else ""
        )
    raise Temporary(f"The mail server does not take {of_what} just now ({code}).", down=code < 0)
