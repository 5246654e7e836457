"""Cards for Microsoft Teams, posted to the webhook of somebody's own Workflow. Only to hosts that the settings allow."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from tracker.transports import Permanent, Temporary
from tracker.transports.http import TIMEOUT_SECONDS, ask

WHO = "Microsoft Teams"


@dataclass(frozen=True, slots=True)
class TeamsPost:
    """Posts cards. ``hosts`` are the ends of the names of hosts that may be posted to, such as ``.logic.azure.com``."""

    hosts: tuple[str, ...]
    timeout: float = TIMEOUT_SECONDS
    scheme: str = "https"

    def allows(self, url: str) -> bool:
        """Whether a card may be posted to an address: https, an allowed host by name, no sign-in, no other port."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        host = (parts.hostname or "").lower()
        plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
        here = plain and parts.scheme == self.scheme and "@" not in parts.netloc
        return (
            here
            and (port in {None, 443} or self.scheme != "https")
            and any(_ends(host, end) for end in self.hosts)
        )

    def post(self, url: str, card: dict[str, object]) -> None:
        """Post one card.

        Raises:
            Temporary: not taken, for a reason that passes.
            Permanent: the address is not allowed, or there is no such workflow any more.
            Ambiguous: nobody can tell.
        """
        if not self.allows(url):
            raise Permanent("The address is none that cards may be posted to.")
        answer = ask("POST", url, send=_message(card), who=WHO, timeout=self.timeout)
        if 200 <= answer.status < 300:
            return
        if answer.status in {408, 429} or answer.status >= 500:
            raise Temporary(f"{WHO} does not take the card just now ({answer.status}).")
        raise Permanent(f"{WHO} refuses the card ({answer.status}).")


def card(title: str, lines: tuple[str, ...], link: str) -> dict[str, object]:
    """An Adaptive Card: a title, lines of plain text, and one button that opens the tracker."""
    body: list[dict[str, object]] = [
        {"type": "TextBlock", "text": _plain(title), "weight": "Bolder", "size": "Medium", "wrap": True}
    ]
    body += [{"type": "TextBlock", "text": _plain(line), "wrap": True, "spacing": "Small"} for line in lines]
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": "Open the tracker", "url": link}],
    }


def _message(content: dict[str, object]) -> dict[str, object]:
    """The envelope that the trigger "When a Teams webhook request is received" takes."""
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": content,
    }
    return {"type": "message", "attachments": [attachment]}


def _ends(host: str, end: str) -> bool:
    return host.endswith(end) if end.startswith(".") else host == end


def _plain(text: str) -> str:
    """Text in which a card reads no Markdown."""
    return "".join(f"\\{letter}" if letter in "\\*_[]#`~" else letter for letter in text)
