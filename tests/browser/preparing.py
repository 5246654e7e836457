"""What the demonstration has none of, so that its pages can be looked at: a letter half written, mail that came back ..."""

from datetime import date

from flask import Flask
from sqlmodel import select

from config import Settings
from tests.browser.servers import KEY
from tests.browser.standing import Standing
from tests.crawling import Reader
from tests.markup import Markup
from tracker import access, create_app
from tracker.models import Case, Holiday, Partnership, User
from tracker.services import drafts, grants, returning

CLOSED_ON = date(2026, 12, 29)


def prepare(there: Standing) -> None:
    """Add one of each to the tracker."""
    with there.database.transaction() as session:
        place = session.exec(select(Partnership).where(Partnership.key == "herefordshire")).one()
        session.add(
            Holiday(
                on=CLOSED_ON, name="Council closed", partnership_id=place.id, revision=1, added_at=there.at
            )
        )
        manager = session.exec(select(User).where(User.email == "manager@herefordshire.example")).one()
        drafts.keep(session, manager.id or 0, "/cases/new/asb/check", {"title": ["The lane"]}, at=there.at)
        officer = session.exec(select(User).where(User.email == "officer@herefordshire.example")).one()
        scoped = session.exec(select(Case).where(Case.reference == "HCSP-DHR-2026-010")).one()
        keeper = access.actor_for(session, officer, there.at)
        grants.grant(session, keeper, scoped, manager, "Looks after its kind", at=there.at)
        returning.mark(session, "lead@herefordshire.example", "<one@here>", "5.1.1", there.at)
    app = create_app(Settings(secret_key=KEY, scheduler="off"), now=there.now, database=there.database)
    _fill_in(app, "/cases/HCSP-DHR-2026-002/amendments/add", text="Say what the agency did.")
    _fill_in(app, "/cases/HCSP-ASB-2026-017/letters/new/L1/applicant", channel="post")
    prose = dict.fromkeys(("persistence", "harm", "adequacy", "different", "anyway"), "It went on.")
    letter = "/cases/HCSP-ASB-2026-012/letters/new/L5/applicant"
    _fill_in(app, letter, channel="post", **{f"prose_{name}": words for name, words in prose.items()})
    _fill_in(app, "/cases/HCSP-ASB-2026-012/letters/L5-1/check", read_for_others="y")


def _fill_in(app: Flask, address: str, **typed: str) -> None:
    """Send the one form of a page, as the manager."""
    reader = Reader(app, "manager@herefordshire.example")
    page = Markup(reader.open(address).response.text)
    form = next(form for form in page.forms if set(typed) & set(form.names))
    answer = reader.client.post(form.action, data={**form.untouched(), **typed})
    assert answer.status_code == 303, (address, answer.status_code)
