"""A signed-in lead asks a colleague to answer in their stead."""

import pytest
from sqlmodel import select

from tests.cast import NOON, Cast
from tests.routes.browse import Browser
from tests.routes.pages import visit
from tests.routes.test_action_page import agreed
from tracker.db import Database
from tracker.models import Event, Membership, Outbox, Role, UpdateLink, UpdateLinkUse, User


@pytest.fixture
def ours(sqlite_database: Database, settled: Cast) -> str:
    with sqlite_database.transaction() as session:
        return f"/actions/{agreed(session, settled, settled.police).reference}"


OTHER = {"name": "The duty sergeant", "email": "Duty@Police.example"}


def test_a_colleague_gets_a_link_and_the_unit_sees_it_the_same_day(
    browse: Browser, ours: str, sqlite_database: Database
) -> None:
    assert visit(browse.as_("lead"), "/my-work").links("Hand over to a colleague") == [f"{ours}/colleague"]
    form = visit(browse, f"{ours}/colleague")
    wrong = form.submit({"name": "", "email": "nobody"})
    assert (wrong.status, wrong.errors()) == (
        422, ["Enter the name of your colleague", "Enter their work e-mail address, like name@council.gov.uk"],
    )  # fmt: skip
    assert dict(wrong.fields())["email"] == "nobody"
    for _ in range(2):  # a double press asks one colleague once
        assert form.submit(OTHER).status == 200
    assert form.submit({**OTHER, "name": "Another"}).status == 409
    with sqlite_database.reading() as session:
        use = session.exec(select(UpdateLinkUse)).one()
        assert (use.what, use.given_name, use.to_note) == ("covering", "The duty sergeant", True)
        link = session.exec(select(UpdateLink).where(UpdateLink.address == "duty@police.example")).one()
        assert link.covers_id is not None
        mail = session.exec(select(Outbox).where(Outbox.template == "link_covering")).one()
        assert mail.to_address == "duty@police.example"
        event = session.exec(select(Event).where(Event.name == "to_colleague")).one()
        assert "sergeant" not in f"{event.detail} {event.reason} {event.facts}"
    assert "A colleague asked to answer" in visit(browse, ours).text
    assert "Used by somebody new, who covers for a colleague" in visit(browse.as_("officer"), "/today").text


def test_a_colleague_with_an_account_is_chosen(
    browse: Browser, ours: str, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        second = User(email="second@police.example", name="Second lead", created_at=NOON)
        session.add(second)
        session.flush()
        session.add(Membership(user_id=second.id or 0, role=Role.LEAD, organisation_id=settled.police))
    form = visit(browse.as_("lead"), f"{ours}/colleague")
    assert form.submit({"person": "second@police.example", **OTHER}).status == 422
    assert form.submit({"person": "second@police.example"}).status == 200
    with sqlite_database.reading() as session:
        assert session.exec(select(UpdateLinkUse.given_address)).all() == ["second@police.example"]


def test_an_earlier_version_is_a_conflict_with_everything_typed(browse: Browser, ours: str) -> None:
    form = visit(browse.as_("lead"), f"{ours}/colleague")
    answered = visit(browse, ours).submit({"answer": "progress", "note": "The lamps are ordered"}, which=-1)
    assert answered.status == 200
    page = form.submit(OTHER)
    assert page.status == 409
    assert "The duty sergeant" in page.text


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("lead2", 404), ("chair", 403)])
def test_only_whoever_leads_it(browse: Browser, ours: str, who: str, status: int) -> None:
    assert visit(browse.as_(who), f"{ours}/colleague").status == status
