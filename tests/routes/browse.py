"""A browser without a window: keeps cookies, fills in the token of the form, sets the clock."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from tests.cast import NOON
from tracker import parts
from tracker.db import Database
from tracker.models import User
from tracker.services import sign_in


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is told."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(slots=True)
class Browser:
    """One browser with its own cookies. The CSRF check stays on."""

    app: Flask
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def as_(self, who: str) -> "Browser":
        """Sign one of the cast in, without the form."""
        given = self.app.extensions[parts.NAME]
        database: Database = given.database
        with database.transaction() as session:
            user = session.exec(select(User).where(User.email == f"{who}@example.test")).one()
            token = sign_in.begin(session, user, at=given.now())
        with self.client.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return self

    def open(self, address: str) -> TestResponse:
        return self.client.get(address, buffered=True)  # so that static files are closed

    def submit(self, address: str, *, page: str = "/help", **typed: str) -> TestResponse:
        """Send a form with the token of ``page``, as the page itself would."""
        return self.client.post(address, data={"csrf_token": self.token(page), **typed})

    def upload(self, address: str, *, token: str, size: int) -> TestResponse:
        """Send a file of ``size`` bytes."""
        parts = (
            b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode(),
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="plan.csv"\r\n\r\n' + b"x" * size,
            b"--x--\r\n",
        )
        return self.client.post(
            address, data=b"\r\n".join(parts), content_type="multipart/form-data; boundary=x"
        )

    def token(self, page: str = "/help") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.open(page).text)
        if found is None:
            found = re.search(r'name="csrf_token" value="([^"]+)"', self.open("/sign-in").text)
        return found[1] if found else ""

    def sign_in(self, who: str, password: str, **typed: str) -> TestResponse:
        """Fill in the form of the door."""
        return self.submit(
            "/sign-in", page="/sign-in", email=f"{who}@example.test", password=password, **typed
        )

    def cookie(self, name: str = "tracker_session") -> str:
        found = self.client.get_cookie(name)
        return found.value if found else ""

    def copy_of(self, value: str, name: str = "tracker_session") -> "Browser":
        """Another browser with the cookie of this one: what a thief has."""
        thief = Browser(self.app)
        thief.client.set_cookie(name, value)
        return thief


def soup(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html5lib")


def errors(response: TestResponse) -> list[str]:
    """The lines of the error summary."""
    return [item.get_text(strip=True) for item in soup(response).select(".govuk-error-summary__list li")]
