"""Administrators give and end roles in their own partnerships, never for themselves, and choose no password."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, select

from tests.cast import NOON, Cast
from tracker import access, passwords
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotVisible
from tracker.models import Membership, Outbox, Role, SetupChange, SetupKind, User
from tracker.services import password_links, person_changes, set_up, sign_in
from tracker.services.password_links import PasswordLinkEnded
from tracker.services.people import NewPerson
from tracker.services.person_changes import Why

SECRET = "a secret for tests, long enough to pass for one"
GOOD = "four quiet words apart"
IDLE = timedelta(minutes=20)
NEW = NewPerson("new@example.test", "Review officer", Role.OFFICER, "herefordshire")


def why(request: str = "", seen: str | None = None) -> Why:
    return Why("They begin on Monday", NOON, seen, request or None)


def user_of(session: Session, email: str) -> User:
    return session.exec(select(User).where(User.email == email)).one()


def role_of(session: Session, cast: Cast, who: str) -> Membership:
    return session.exec(select(Membership).where(Membership.user_id == cast.people[who])).one()


def test_a_person_is_added_without_a_password_and_sent_a_link_once(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        admin = cast.actor(session, "admin")
        first = person_changes.add(session, admin, NEW, why("one"))
        assert person_changes.add(session, admin, NEW, why("one")).id == first.id, "pressed twice"
        assert first.said == "Review officer is officer, Herefordshire Community Safety Partnership."
    with database.reading() as session:
        user = user_of(session, NEW.email)
        assert user.password_hash is None
        [mail] = session.exec(select(Outbox)).all()
        assert (mail.to_address, mail.template, mail.case_id) == (NEW.email, "set_password", None)
        actor = access.actor_for(session, user, NOON)
        assert actor.partnerships(Role.OFFICER) == {cast.herefordshire}
        assert access.actor_for(session, user, NOON - timedelta(days=1)).holdings == frozenset(), "from today"


def test_a_role_ends_at_once_with_every_session_and_can_be_given_again(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        token = sign_in.begin(session, session.get_one(User, cast.people["officer"]), at=NOON)
    with database.transaction() as session:
        role = role_of(session, cast, "officer")
        admin = cast.actor(session, "admin")
        person_changes.end_role(session, admin, cast.people["officer"], role.id or 0, why())
        assert cast.actor(session, "officer").holdings == frozenset()
        assert sign_in.resume(session, token, at=NOON, idle=IDLE) is None
        with pytest.raises(BadInput, match="ended already"):
            person_changes.end_role(session, admin, cast.people["officer"], role.id or 0, why())
        again = NewPerson("officer@example.test", "Other name", Role.OFFICER, "herefordshire")
        person_changes.add(session, admin, again, why())
        assert cast.actor(session, "officer").partnerships(Role.OFFICER) == {cast.herefordshire}
        assert user_of(session, "officer@example.test").name == "Officer", "nobody is renamed"
        with pytest.raises(BadInput, match="already"):
            person_changes.add(session, admin, again, why())
    with database.reading() as session:
        kinds = [row.what for row in session.exec(select(SetupChange).order_by(SetupChange.id)).all()]
        assert kinds == [SetupKind.ROLE_ENDED, SetupKind.PERSON_ADDED]


def test_disabled_and_enabled(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        lead = session.get_one(User, cast.people["lead"])
        token = sign_in.begin(session, lead, at=NOON)
        admin = cast.actor(session, "admin")
        person_changes.set_active(session, admin, lead.id or 0, why(), active=False)
        assert sign_in.resume(session, token, at=NOON, idle=IDLE) is None
        with pytest.raises(BadInput, match="disabled"):
            person_changes.send_link(session, admin, lead.id or 0, why())
        person_changes.set_active(session, admin, lead.id or 0, why(), active=True)
        assert sign_in.resume(session, token, at=NOON, idle=IDLE) is None, "the old session stays ended"
        assert sign_in.resume(session, sign_in.begin(session, lead, at=NOON), at=NOON, idle=IDLE) is not None


@pytest.mark.parametrize("who", ["officer", "manager", "chair", "auditor", "lead", "panel", "outsider"])
def test_nobody_else_changes_people(database: Database, cast: Cast, who: str) -> None:
    with database.transaction() as session:
        actor, role = cast.actor(session, who), role_of(session, cast, "officer2")
        with pytest.raises(NotPermitted):
            person_changes.add(session, actor, NEW, why())
        for act in (
            lambda: person_changes.end_role(session, actor, cast.people["officer2"], role.id or 0, why()),
            lambda: person_changes.set_active(session, actor, cast.people["officer2"], why(), active=False),
            lambda: person_changes.send_link(session, actor, cast.people["officer2"], why()),
        ):
            with pytest.raises(NotVisible):
                act()
        assert session.exec(select(SetupChange)).all() == []


def test_not_for_oneself_and_not_in_another_partnership(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        admin, me = cast.actor(session, "admin"), cast.people["admin"]
        own = NewPerson("admin@example.test", "Me", Role.OFFICER, "herefordshire")
        for act in (
            lambda: person_changes.add(session, admin, own, why()),
            lambda: person_changes.end_role(
                session, admin, me, role_of(session, cast, "admin").id or 0, why()
            ),
            lambda: person_changes.set_active(session, admin, me, why(), active=False),
            lambda: person_changes.send_link(session, admin, me, why()),
            lambda: person_changes.add(
                session, admin, NewPerson("n@example.test", "N", Role.OFFICER, "worcestershire"), why()
            ),
        ):
            with pytest.raises(NotPermitted):
                act()
        with pytest.raises(NotVisible):
            person_changes.send_link(session, admin, cast.people["outsider"], why())
        session.add(
            Membership(user_id=cast.people["chair"], role=Role.CHAIR, partnership_id=cast.worcestershire)
        )
        session.flush()
        with pytest.raises(NotPermitted, match="another partnership"):
            person_changes.set_active(session, admin, cast.people["chair"], why(), active=False)


def test_a_lead_of_a_body_that_all_share_stands_in_the_history_of_each(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        admin = cast.actor(session, "admin")
        lead = NewPerson("lead@example.test", "Lead", Role.LEAD, organisation="housing")
        made = person_changes.add(session, admin, lead, why("one"))
        assert person_changes.add(session, admin, lead, why("one")).id == made.id, "pressed twice"
        assert made.partnership_id == cast.herefordshire
        person_changes.add(session, admin, NEW, why())
        role = role_of(session, cast, "lead2")
        person_changes.end_role(session, admin, cast.people["lead2"], role.id or 0, why("two"))
    with database.reading() as session:
        told = {
            place: [row.said for row in session.exec(select(SetupChange).where(SetupChange.partnership_id == place))]
            for place in (cast.herefordshire, cast.worcestershire)
        }  # fmt: skip
        shared = ["Lead is lead, Housing association.", "Lead2 is no longer lead, Housing association."]
        assert told[cast.worcestershire] == shared
        assert set(told[cast.herefordshire]) == {
            *shared,
            "Review officer is officer, Herefordshire Community Safety Partnership.",
        }


def test_one_form_pressed_twice_at_once_is_done_once_and_refused_to_nobody(
    database: Database, cast: Cast
) -> None:
    with database.reading() as session:
        asked = why("one.mark", set_up.mark(session, cast.herefordshire))
    both = Barrier(2)

    def press(_: int) -> int | None:
        both.wait()
        with database.transaction() as session:
            return person_changes.add(session, cast.actor(session, "admin"), NEW, asked).id

    with ThreadPoolExecutor() as pool:
        first, second = pool.map(press, range(2))
    assert first == second


def test_a_reason_and_a_fresh_look(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        admin = cast.actor(session, "admin")
        seen = set_up.mark(session, cast.herefordshire)
        with pytest.raises(BadInput, match="Say why"):
            person_changes.add(session, admin, NEW, Why(" ", NOON))
        person_changes.send_link(session, admin, cast.people["chair"], why())
        with pytest.raises(ChangedMeanwhile):
            person_changes.add(session, admin, NEW, why(seen=seen))


def test_a_link_sets_a_password_once_and_within_72_hours(database: Database, cast: Cast) -> None:
    def token() -> str:
        with database.reading() as session:
            user = user_of(session, "officer@example.test")
            return password_links.token_of(SECRET, user, NOON + password_links.WORKS)

    def use(token: str, secret: str = SECRET, **later: float) -> None:
        with database.transaction() as session:
            password_links.set_password(session, secret, token, GOOD, at=NOON + timedelta(**later))

    link = token()
    with pytest.raises(BadInput), database.transaction() as session:
        password_links.set_password(session, SECRET, link, "short", at=NOON)
    for broken, secret, hours in (
        (link, SECRET, 72),
        (link, "another secret", 0),
        (link[:-2], SECRET, 0),
        ("é.", SECRET, 0),
    ):
        with pytest.raises(PasswordLinkEnded) as said:
            use(broken, secret, hours=hours)
        assert str(said.value) == "This link has ended. Nothing has been changed."
    use(link, hours=71)
    with pytest.raises(PasswordLinkEnded):
        use(link, hours=71)
    with database.transaction() as session:
        user = user_of(session, "officer@example.test")
        assert passwords.matches(user.password_hash, GOOD)
        user.active = False
    with pytest.raises(PasswordLinkEnded):
        use(token())
