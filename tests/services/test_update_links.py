"""Update links through the services, on both databases: scope, the same key in every mail, the ends, the secret."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_actions import log_action
from tracker import access
from tracker.db import Database
from tracker.errors import NotVisible
from tracker.models import Deadline, Membership, Organisation, Role, UpdateLink, User
from tracker.services import link_keys, update_links
from tracker.services.update_links import Carrier, LinkEnded

SECRET = "a secret for tests, long enough to pass for one"
BASE = "https://tracker.example"


def carrier(session: Session, at: object = NOON, secret: str = SECRET) -> Carrier:
    return Carrier(session, secret, BASE, at)  # type: ignore[arg-type]


def key_in(address: str) -> str:
    return address.removeprefix(f"{BASE}/u/").split("/")[0]


class TestKeys:
    def test_a_key_has_160_bits_and_depends_on_each_part(self) -> None:
        key = link_keys.key_of(SECRET, "n", "a@b.example")
        assert len(key.replace("-", "")) * 5 == 160
        assert [len(group) for group in key.split("-")] == [4] * 8
        others = {("x", "n", "a@b.example"), (SECRET, "m", "a@b.example"), (SECRET, "n", "b@b.example")}
        assert key not in {link_keys.key_of(*parts) for parts in others}
        assert len({link_keys.key_of(SECRET, str(n), "a@b.example") for n in range(2000)}) == 2000

    def test_parts_cannot_run_into_each_other(self) -> None:
        assert link_keys.key_of(SECRET, "ab", "c") != link_keys.key_of(SECRET, "a", "bc")

    @pytest.mark.parametrize("change", [str.lower, lambda k: k.replace("-", ""), lambda k: f" {k} ", lambda k: k.replace("0", "o").replace("1", "l")])  # fmt: skip
    def test_a_key_is_read_as_people_write_it(self, change: object) -> None:
        for n in range(50):
            key = link_keys.key_of(SECRET, str(n), "a@b.example")
            assert link_keys.hashed(change(key)) == link_keys.hashed(key)  # type: ignore[operator]

    @pytest.mark.parametrize("typed", ["", "HCSP-DHR-2026-001", "U" * 32, "A" * 31, "A" * 33, "\u00c4" * 32])
    def test_what_cannot_be_a_key_is_none(self, typed: str) -> None:
        assert link_keys.plain(typed) == ""

    def test_codes_have_six_digits_and_may_be_pasted(self) -> None:
        codes = {link_keys.code_of(SECRET, str(n), 1) for n in range(500)}
        assert all(len(code) == 6 and code.isdigit() for code in codes)
        assert len(codes) > 490
        assert [link_keys.digits_of(typed) for typed in (" 123 456\n", "123-456", "12345", "1234567", "12345x")] == [
            "123456", "123456", "", "", "",
        ]  # fmt: skip


def test_every_mail_to_a_mailbox_carries_the_same_key(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, other = log_action(session, cast), log_action(session, cast)
        first = carrier(session).address_for("lead@example.test", case)
        assert first == f"{BASE}/u/{key_in(first)}/{case.reference}"
        later = carrier(session, NOON + timedelta(days=89))
        assert key_in(later.address_for("Lead@Example.test ", other)) == key_in(first)
        link = session.exec(select(UpdateLink)).one()
        assert link.carried_at == NOON + timedelta(days=89)
        row = repr(link.model_dump())
        assert key_in(first) not in row
        assert key_in(first).replace("-", "") not in row
        assert carrier(session, secret="").address_for("lead@example.test", case) == ""


def test_a_mailbox_opens_what_it_leads_and_nothing_else(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        mine, theirs = log_action(session, cast), log_action(session, cast, body=cast.housing)
        links = carrier(session)
        assert links.address_for("lead@example.test", theirs) == ""
        assert links.address_for("mailbox@police.example", mine), (
            "the mailbox of the agency, as well as its lead"
        )
        for nobody in ("officer@example.test", "senior@police.example", "stranger@else.example"):
            assert links.address_for(nobody, mine) == ""
        asked_of = Deadline(
            case_id=theirs.id, key="X", instance="west-mercia-police", label="Return", basis="Local", force="local",
            owner="agency_lead", rule={}, length_local=True, starts_on=MONDAY, recorded_at=NOON,
        )  # fmt: skip
        session.add(asked_of)
        session.flush()
        home = f"{BASE}/u/{key_in(links.address_for('lead@example.test', mine))}"
        assert links.address_for("lead@example.test", theirs) == home
        found = update_links.find(session, SECRET, key_in(links.address_for("lead@example.test", mine)), NOON)
        assert access.case_for(session, found.actor, mine.reference) == mine
        assert (found.actor.user_id, found.actor.link_id, found.address) == (
            None,
            found.link_id,
            "lead@example.test",
        )
        with pytest.raises(NotVisible):
            access.case_for(session, found.actor, theirs.reference)


def _off(session: Session) -> None:
    session.exec(select(User).where(User.email == "lead@example.test")).one().active = False


def _leaves(session: Session) -> None:
    session.exec(select(Membership).where(Membership.role == Role.LEAD)).first().to_on = date(2026, 11, 22)  # type: ignore[union-attr]


ENDS = {
    "the 91st day": (lambda _: None, timedelta(days=91), True),
    "the person may not sign in": (_off, timedelta(0), False),
    "the person leaves": (_leaves, timedelta(0), False),
}


@pytest.mark.parametrize("why", ENDS)
def test_a_link_ends(database: Database, cast: Cast, why: str) -> None:
    change, after, fresh = ENDS[why]
    with database.transaction() as session:
        case = log_action(session, cast)
        key = key_in(carrier(session).address_for("lead@example.test", case))
        assert update_links.find(session, SECRET, key, NOON + timedelta(days=90)).ends_on == date(2027, 2, 21)
        change(session)
        session.flush()
        with pytest.raises(LinkEnded) as ended:
            update_links.find(session, SECRET, key, NOON + after)
        assert ended.value.fresh is fresh


def test_an_agency_that_has_ended_or_has_another_mailbox_ends_its_link(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        key = key_in(carrier(session).address_for("mailbox@police.example", case))
        body = session.get_one(Organisation, cast.police)
        for change in (
            SimpleNamespace(contact_email="new@police.example"),
            SimpleNamespace(to_on=date(2026, 11, 1)),
        ):
            before = {name: getattr(body, name) for name in vars(change)}
            for name, value in vars(change).items():
                setattr(body, name, value)
            session.flush()
            with pytest.raises(LinkEnded):
                update_links.find(session, SECRET, key, NOON)
            for name, value in before.items():
                setattr(body, name, value)


def test_after_its_end_a_mail_carries_another_key_and_the_old_one_stays_dead(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case, late = log_action(session, cast), NOON + timedelta(days=120)
        old = key_in(carrier(session).address_for("lead@example.test", case))
        new = key_in(carrier(session, late).address_for("lead@example.test", case))
        assert new != old
        with pytest.raises(LinkEnded):
            update_links.find(session, SECRET, old, late)
        assert update_links.find(session, SECRET, new, late).address == "lead@example.test"


def test_another_secret_ends_every_link(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        key = key_in(carrier(session).address_for("lead@example.test", case))
        with pytest.raises(LinkEnded):
            update_links.find(session, f"{SECRET}!", key, NOON)
        new = key_in(carrier(session, secret=f"{SECRET}!").address_for("lead@example.test", case))
        assert update_links.find(session, f"{SECRET}!", new, NOON).address == "lead@example.test"


@pytest.mark.parametrize("key", ["", "HCSP-DHR-2026-001", "0000-0000-0000-0000-0000-0000-0000-0000"])
def test_a_key_that_never_was_says_nothing(database: Database, cast: Cast, key: str) -> None:
    with database.reading() as session, pytest.raises(NotVisible):
        update_links.find(session, SECRET, key, NOON)
