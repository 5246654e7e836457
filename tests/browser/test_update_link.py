"""From the lead's mail to a saved update in three clicks, without scripts; each page of the journey looked over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator
from sqlmodel import select

from config import Settings
from tests.browser import servers
from tests.browser.conftest import Somebody
from tests.browser.people import Person, somebody
from tests.browser.servers import KEY, Tracker
from tracker import clock, rounds
from tracker.db import Database
from tracker.models import Case, Organisation, Partnership, Sensitivity
from tracker.policy import SYSTEM
from tracker.services import cases
from tracker.services.asked import NewCase
from tracker.services.calendars import calendar_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LEAD = "lead@empty.example"
TITLES = ("Extend the scheme to the market towns", "Train 40 door staff", "Write to the families")


@dataclass
class Post:
    """A tracker with three actions of one agency, the last restricted; and the mails that it has sent."""

    tracker: Tracker
    database: Database
    mails: list[EmailMessage] = field(default_factory=list)

    def send(self, mail: EmailMessage) -> None:
        self.mails.append(mail)

    def round(self, at: datetime) -> None:
        """Decide and send, with the secret of the server."""
        settings = Settings(secret_key=KEY, base_url=self.tracker.address, scheduler="off")
        rounds.run(settings, self.database, at, holder="test", transport=self)

    def to_the_lead(self, part: str = "plain", which: int = -1) -> str:
        """The last mail to the lead, or another one."""
        mail = [mail for mail in self.mails if mail["To"] == LEAD][which]
        body = mail.get_body((part,))
        assert body is not None
        return str(body.get_content())

    def morning(self) -> datetime:
        """Eight on the next working morning."""
        with self.database.reading() as session:
            day = calendar_for(session, None).next_working(clock.london(clock.now()) + timedelta(days=1))
        return clock.morning_of(day) + timedelta(minutes=5)


def plan(database: Database) -> None:
    """Three actions of the police, due within a week."""
    today = clock.london(clock.now())
    with database.transaction() as session:
        place = session.exec(select(Partnership).where(Partnership.key == "herefordshire")).one()
        police = session.exec(select(Organisation).where(Organisation.key == "west-mercia-police")).one()
        for number, title in enumerate(TITLES):
            asked = NewCase(
                process="action_item", partnership_id=place.id or 0, opened_on=today - timedelta(days=60), title=title,
                facts={"agreed_on": today - timedelta(days=60), "target_on": today + timedelta(days=number + 5), "lead_agency": police.key},
                owner_organisation_id=police.id, state="agreed",
                sensitivity=Sensitivity.RESTRICTED if number == len(TITLES) - 1 else Sensitivity.OPEN,
            )  # fmt: skip
            cases.log_case(session, SYSTEM, asked, at=clock.now())


@pytest.fixture
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """A tracker for each test: one of them ends the link, and what was answered stays answered."""
    folder: Path = tmp_path_factory.mktemp("links")
    servers.settle(folder)
    database = Database(f"sqlite:///{folder / 'tracker.db'}")
    plan(database)
    with servers.running(folder, "serve", TRACKER_SCHEDULER="off") as tracker:
        post = Post(tracker, database)
        post.round(post.morning())
        yield post
    database.dispose()


@pytest.fixture
def reader(browser: Browser, post: Post) -> Somebody:
    return partial(somebody, browser, post.tracker)


def link_to(post: Post, title: str) -> str:
    """The address, without the host, of the record with this title in the lead's first mail."""
    with post.database.reading() as session:
        reference = session.exec(select(Case.reference).where(Case.title == title)).one()
    [link] = set(re.findall(rf"http://\S+(/u/\S+/{reference})", post.to_the_lead(which=0)))
    return link


class Clicks:
    """Every click is counted."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, person: Person, target: Locator, *, goes: bool = True) -> None:
        self.count += 1
        if goes:
            person.go(target)
        else:
            target.click()


def test_three_clicks_from_the_mail_to_the_saved_update(post: Post, reader: Somebody) -> None:
    """Check 17: three clicks, counted; the link of an earlier mail still opens."""
    click, link = Clicks(), link_to(post, TITLES[0])
    with reader(scripts=False) as lead:
        lead.page.set_content(post.to_the_lead("html"))
        click(lead, lead.page.locator(f"a[href$='{link}']"))
        assert TITLES[0] in lead.said()
        click(lead, lead.page.get_by_label("There is progress", exact=True), goes=False)
        lead.fill("Tell us more, unless there is no change", "Six venues signed up")
        click(lead, lead.button("Send this update"))
        assert click.count == 3
        assert re.search(r"Thank you\. Saved at \d+:\d\d[ap]m\. 2 more actions are yours\.", lead.notice())
        assert TITLES[1] in lead.said()
    before = link
    post.round(post.morning() + timedelta(days=7))
    with reader(scripts=False) as lead:
        assert lead.open(before) == 200, "the oldest mail still works"
        assert "Six venues signed up" in lead.said()


def test_a_code_opens_what_is_restricted_and_may_be_pasted(post: Post, reader: Somebody) -> None:
    """Check 18: neither the text nor the kind of case before the code; the code may be pasted."""
    with reader() as lead:
        lead.open(link_to(post, TITLES[2]))
        assert TITLES[2] not in lead.page.content()
        assert lead.faults() == []
        lead.press("Send me a code")
        assert lead.faults() == []
        post.round(datetime.now(UTC) + timedelta(seconds=1))
        [code] = re.findall(r"\b\d{6}\b", post.to_the_lead())
        box = lead.page.get_by_label("Six-digit code")
        box.focus()
        lead.page.keyboard.insert_text(f" {code[:3]} {code[3:]}")
        lead.press("Show it")
        assert TITLES[2] in lead.said()
        assert lead.faults() == []


def test_every_page_of_the_journey_is_in_order(post: Post, reader: Somebody) -> None:
    link = link_to(post, TITLES[1])
    home = link.rpartition("/")[0]
    with reader() as lead:
        for address in (home, link, f"{home}/covering", f"{home}/wrong-person"):
            assert lead.open(address) == 200
            assert lead.faults() == []
        for address, button in (
            (link, "Send this update"), (f"{home}/covering", "Send me a link"), (f"{home}/wrong-person", "Tell the business unit"),
        ):  # fmt: skip
            lead.open(address)
            lead.press(button)
            assert lead.page.title().startswith("Error: ")
            assert lead.page.locator(".govuk-error-summary").evaluate("box => box === document.activeElement")
            assert lead.faults() == []
        lead.open(link)
        lead.choose("What do you want to tell us?", "We need more time")
        lead.fill("Tell us more, unless there is no change", "Staff left")
        lead.fill("New date, only if you need more time", "1 6 2031")
        lead.press("Send this update")
        post.round(datetime.now(UTC) + timedelta(seconds=1))
        [not_me] = re.findall(r"http://\S+(/u/\S+/not-me/\d+)", post.to_the_lead())
        lead.open(not_me)
        assert lead.faults() == []
    with reader() as officer:
        officer.sign_in("officer@empty.example")
        officer.open(f"/links/{link.rpartition('/')[2]}")
        assert officer.faults() == []
        officer.page.get_by_text("End this link").first.click()
        officer.fill("Why the link ends", "Forwarded")
        officer.go(officer.button_starting("End this link"))
        assert "has ended" in officer.notice()
    with reader() as lead:
        assert lead.open(link) == 410
        assert lead.heading == "This link has ended"
        assert lead.faults() == []
