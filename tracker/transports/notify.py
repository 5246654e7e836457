"""Mail by GOV.UK Notify: its template holds ``((subject))`` and ``((body))``, and our Message-ID is its reference.

Three requests of its REST API are all that is needed: send, look a reference up, and list what did not arrive.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import urlencode

from tracker import clock
from tracker.transports import Ambiguous, Permanent, Temporary
from tracker.transports.http import TIMEOUT_SECONDS, Answer, ask

SERVICE = "https://api.notifications.service.gov.uk"
WHO = "GOV.UK Notify"
FAILED = ("permanent-failure", "temporary-failure", "technical-failure")
"""What Notify calls mail that did not arrive."""
MOST_PAGES = 20
_UUID = 36


@dataclass(frozen=True, slots=True)
class Failure:
    """One mail that did not arrive: its Message-ID, in which of :data:`FAILED` ways."""

    message_id: str
    status: str


@dataclass(frozen=True, slots=True)
class NotifyTransport:
    """One service of GOV.UK Notify."""

    api_key: str = field(repr=False)
    template_id: str
    url: str = SERVICE
    timeout: float = TIMEOUT_SECONDS
    now: Callable[[], datetime] = clock.now

    def send(self, mail: EmailMessage) -> None:
        """Hand one mail over.

        Raises:
            Temporary: not taken, for a reason that passes, or that is ours to put right.
            Permanent: Notify refuses the address.
            Ambiguous: the line broke, or it failed inside, after the mail had gone there.
        """
        plain = mail.get_body(("plain",))
        answer = self._ask(
            "POST",
            "/v2/notifications/email",
            {
                "email_address": parseaddr(str(mail["To"]))[1],
                "template_id": self.template_id,
                "reference": str(mail["Message-ID"]),
                "personalisation": {
                    "subject": str(mail["Subject"]),
                    "body": str(plain.get_content()) if plain is not None else "",
                },
            },
        )
        if answer.status != 201:
            _refused(answer)

    def has(self, message_id: str) -> bool:
        """Whether Notify took a mail before. Asked before one is sent again.

        Raises:
            Temporary: it cannot be asked just now.
        """
        return bool(self._listed({"reference": message_id}))

    def failures(self) -> Iterator[Failure]:
        """What did not arrive in the last seven days, the newest first.

        Raises:
            Temporary: it cannot be asked just now.
        """
        query: dict[str, str | tuple[str, ...]] = {"template_type": "email", "status": FAILED}
        for _ in range(MOST_PAGES):
            found = self._listed(query)
            for one in found:
                if one.get("reference") and one.get("status") in FAILED:
                    yield Failure(str(one["reference"]), str(one["status"]))
            if not found:
                return
            query = {**query, "older_than": str(found[-1].get("id", ""))}

    def _listed(self, query: dict[str, str | tuple[str, ...]]) -> list[dict[str, object]]:
        try:
            answer = self._ask("GET", f"/v2/notifications?{urlencode(query, doseq=True)}")
        except Ambiguous as error:  # nothing was changed by asking
            raise Temporary(str(error), down=True) from None
        if answer.status != 200:
            raise Temporary(f"{WHO} does not answer ({answer.status}).", down=True)
        found = answer.said.get("notifications")
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def _ask(self, method: str, path: str, send: object = None) -> Answer:
        return ask(
            method,
            f"{self.url}{path}",
            headers={"Authorization": f"Bearer {self._token()}"},
            send=send,
            who=WHO,
            timeout=self.timeout,
        )

    def _token(self) -> str:
        """A JSON web token, HS256, that says which service asks and when: it works for half a minute."""
        secret, service = self.api_key[-_UUID:], self.api_key[-2 * _UUID - 1 : -_UUID - 1]
        said = (
            {"typ": "JWT", "alg": "HS256"},
            {"iss": service, "iat": int(self.now().timestamp())},
        )
        signed = b".".join(_segment(json.dumps(part, separators=(",", ":")).encode()) for part in said)
        digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
        return (signed + b"." + _segment(digest)).decode()


def _segment(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _refused(answer: Answer) -> None:
    """Take a refusal as what it means for this mail. Notify's own words are left out: they may hold an address."""
    code = answer.status
    if code == 400 and _about_the_address(answer):
        raise Permanent(f"{WHO} refuses the address ({code}).")
    if code in {500, 502, 504}:  # a gateway that says so may have passed it on before
        raise Ambiguous(f"{WHO} failed inside ({code}).")
    down = code in {
        400,
        401,
        403,
        404,
        429,
        503,
    }  # for each of these the next mail would fare no better
    why = {
        400: "refuses our template", 401: "refuses our key", 403: "refuses our key", 429: "takes no more just now",
    }.get(code, "does not take the mail just now")  # fmt: skip
    raise Temporary(f"{WHO} {why} ({code}).", down=down)


def _about_the_address(answer: Answer) -> bool:
    errors = answer.said.get("errors")
    said = (
        [str(one.get("message", "")) for one in errors if isinstance(one, dict)]
        if isinstance(errors, list)
        else []
    )
    return any("email_address" in one or "recipient" in one for one in said)
