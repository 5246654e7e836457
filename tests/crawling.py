"""Somebody who opens every page that a page links to, without a window: quick enough for thousands of pages."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tracker import parts as made_with
from tracker.models import User
from tracker.services import sign_in

REFERENCE = re.compile(r"[A-Z]+-(?:DHR|ASB|ACT|INF|REC|DIS|PAR|FAM|HOLD)-\d{4}-\d{3}")
_HREF = re.compile(r'(?:href|action|src)="([^"]*)"')
ALIKE = 3
"""Pages of one shape that are opened: their addresses differ only in a reference, a number or a chosen answer."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer."""

    address: str
    response: TestResponse

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.response.text, re.DOTALL)
        return found[1] if found else ""

    @property
    def reference(self) -> str:
        """The case or action whose own page it is; empty for lists and all other pages."""
        found = re.match(rf"/(?:cases|actions)/({REFERENCE.pattern})", self.address)
        return found[1] if found else ""

    def addresses(self) -> list[str]:
        """Every address that the page leads to, and where it redirects to."""
        found = [unescape(href) for href in _HREF.findall(self.response.text)]
        if location := self.response.headers.get("Location"):
            found.append(location)
        return found


@dataclass(slots=True)
class Reader:
    """One person's browser."""

    app: Flask
    email: str
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        if self.email:
            self.sign_in()

    def sign_in(self) -> None:
        """Begin a session without the form of the door: comparing a password takes long on purpose."""
        given = self.app.extensions[made_with.NAME]
        with given.database.transaction() as session:
            user = session.exec(select(User).where(User.email == self.email)).one()
            token = sign_in.begin(session, user, at=given.now())
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True

    def open(self, address: str) -> Seen:
        return Seen(address, self.client.get(address, buffered=True))

    def everything(self, *first: str, alike: int = ALIKE) -> Iterator[Seen]:
        """Every page that can be reached by links from the first ones; of very many alike, some."""
        waiting, known, shapes = deque(["/", "/health", *first]), {"/", "/health", *first}, Counter[str]()
        while waiting:
            seen = self.open(waiting.popleft())
            if "openxmlformats" in seen.response.mimetype:
                continue  # a Word or Excel file: the tests of letters and plans look into those
            yield seen
            for href in seen.addresses():
                parts = urlsplit(urljoin(seen.address, href))
                address = parts.path + (f"?{parts.query}" if parts.query else "")
                foreign = parts.netloc or not address.startswith("/") or address.startswith("/static/")
                if foreign or address in known:
                    continue
                known.add(address)
                shape = shape_of(address)
                shapes[shape] += 1
                if shapes[shape] <= alike or re.fullmatch(r"/(cases|actions)/REF", shape):
                    waiting.append(address)


def shape_of(address: str) -> str:
    """The address without what differs from case to case and from choice to choice."""
    parts = urlsplit(address)
    path = re.sub(r"(?<=/record/).+", "CLOCK", re.sub(r"\d+", "N", REFERENCE.sub("REF", parts.path)))
    keys = sorted({key for key, value in parse_qsl(parts.query) if value})
    return path + (f"?{'&'.join(keys)}" if keys else "")


def endpoint_of(app: Flask, address: str, method: str = "GET") -> str:
    """The endpoint that answers an address of ours; empty if there is none."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method=method)
    except HTTPException:
        return ""
    return str(endpoint)
