"""How a finished mail leaves. A transport hands one mail over, or says what became of it with one of three errors."""

from email.message import EmailMessage
from typing import Protocol, runtime_checkable

from config import Settings


class NotHandedOver(Exception):
    """A mail that was not, or perhaps not, handed over. ``str()`` is one plain sentence without any address."""


class Temporary(NotHandedOver):
    """Not handed over; trying again later may work. ``down``: nothing can be sent just now, to anybody."""

    def __init__(self, words: str, *, down: bool = False) -> None:
        super().__init__(words)
        self.down = down


class Permanent(NotHandedOver):
    """Refused for good: trying again is no use. ``no_mailbox``: the code that says that there is no such mailbox."""

    def __init__(self, words: str, *, no_mailbox: str = "") -> None:
        super().__init__(words)
        self.no_mailbox = no_mailbox


class Ambiguous(NotHandedOver):
    """Nobody can tell: the connection broke after the mail was sent and before it was acknowledged."""


class Transport(Protocol):
    """Something that hands mails over."""

    def send(self, mail: EmailMessage) -> None:
        """Hand over one mail, whose Message-ID, sender and one recipient are set.

        Raises:
            Temporary: not handed over, for a reason that passes.
            Permanent: refused for good.
            Ambiguous: the outcome is not known.
        """
        ...


@runtime_checkable
class Remembers(Protocol):
    """A way of sending that can say whether it took a mail before."""

    def has(self, message_id: str) -> bool:
        """Whether a mail of this Message-ID was taken. Raises Temporary where it cannot be asked."""
        ...


def transport_for(settings: Settings) -> Transport:
    """Make the transport that the settings name."""
    from tracker.transports.file import FileTransport  # noqa: PLC0415 - each imports the errors above
    from tracker.transports.notify import NotifyTransport  # noqa: PLC0415
    from tracker.transports.smtp import SmtpTransport  # noqa: PLC0415

    if settings.mail == "smtp" and settings.smtp_url is not None:
        return SmtpTransport.from_url(settings.smtp_url.get_secret_value())
    if settings.mail == "notify" and settings.notify_api_key is not None:
        key = settings.notify_api_key.get_secret_value()
        return NotifyTransport(key, settings.notify_template_id, settings.notify_url.rstrip("/"))
    return FileTransport(settings.mail_dir)
