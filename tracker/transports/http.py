"""One request over HTTP, and in which phase it failed. Follows no redirect, and asks no proxy.

The standard library says whether a line broke before or after the request had gone; client libraries hide that.
"""

import http.client
import json
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from config import LOOPBACK
from tracker.transports import Ambiguous, Temporary

TIMEOUT_SECONDS = 20.0
MOST_BYTES = 1_000_000
"""An answer is short; what is longer is not read to its end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the status, and the body as JSON where it was an object, otherwise empty."""

    status: int
    said: dict[str, object]


def ask(
    method: str, url: str, *, headers: dict[str, str] | None = None, send: object = None,
    who: str, timeout: float = TIMEOUT_SECONDS,
) -> Answer:  # fmt: skip
    """Make one request. ``send`` goes as JSON; ``who`` names the service in the words of errors, never the address.

    Raises:
        Temporary: it cannot be reached; nothing was asked.
        Ambiguous: the line broke, or nothing came in time, after the request had gone.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and host not in LOOPBACK:
        raise Temporary(f"{who} is only asked over https.", down=True)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=timeout)
    body = b"" if send is None else json.dumps(send).encode()
    given = {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
    target = parts.path or "/"
    try:
        try:
            connection.connect()
        except ssl.SSLError:
            raise Temporary(f"The certificate of {who} cannot be trusted.", down=True) from None
        except OSError as error:
            raise Temporary(f"{who} cannot be reached ({type(error).__name__}).", down=True) from None
        try:
            connection.request(method, f"{target}?{parts.query}" if parts.query else target, body, given)
            response = connection.getresponse()
            read = response.read(MOST_BYTES)
        except (OSError, http.client.HTTPException):
            raise Ambiguous(f"The line broke before {who} said whether it took it.") from None
    finally:
        connection.close()
    return Answer(response.status, _object(read))


def _object(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except ValueError:  # not JSON, or not UTF-8
        return {}
    return said if isinstance(said, dict) else {}
