"""Adding and disabling people, passwords, and the counting of guesses, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.cast import NOON, Cast
from tracker import passwords
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted
from tracker.models import Membership, Role, SignIn, SignInAttempt, User
from tracker.policy import SYSTEM
from tracker.services import people, sign_in
from tracker.services.people import NewPerson
from tracker.services.sign_in import Knock

GOOD = "four quiet words apart"
IDLE = timedelta(minutes=20)


def new(**given: str) -> NewPerson:
    said = {
        "email": "new@example.test",
        "name": "Review officer",
        "role": "officer",
        "partnership": "herefordshire",
    }
    said |= given
    return NewPerson(
        said["email"], said["name"], Role(said["role"]), said["partnership"], said.get("organisation", "")
    )


def test_a_new_person_can_sign_in(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        people.add(session, SYSTEM, new(email=" New@Example.Test "), password=GOOD, at=NOON)
    with database.transaction() as session:
        knocked = sign_in.knock(session, email="new@example.test", address="10.0.0.1", at=NOON)
    assert isinstance(knocked, Knock)
    assert passwords.matches(knocked.stored, GOOD)
    with database.transaction() as session:
        token = sign_in.enter(session, knocked, password=GOOD, right=True, at=NOON)
        visit = sign_in.resume(session, token or "", at=NOON, idle=IDLE)
    assert visit is not None
    assert visit.actor.name == "Review officer"
    assert visit.actor.partnerships(Role.OFFICER) == {cast.herefordshire}
    assert visit.places == ("Herefordshire Community Safety Partnership",)


def test_a_second_role_leaves_the_password_alone(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        people.add(session, SYSTEM, new(), password=GOOD, at=NOON)
        asked = new(role="lead", partnership="", organisation="housing", name="")
        people.add(session, SYSTEM, asked, password="something else entirely", at=NOON)
    with database.reading() as session:
        user = session.exec(select(User).where(User.email == "new@example.test")).one()
        assert passwords.matches(user.password_hash, GOOD)
        found = next(person for person in people.everybody(session) if person.email == "new@example.test")
    assert found.roles == (
        (Role.OFFICER, "Herefordshire Community Safety Partnership"), (Role.LEAD, "Housing association"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"email": "nobody"}, "is not an e-mail address"),
        ({"email": "no body@example.test"}, "is not an e-mail address"),
        ({"email": "a@b"}, "is not an e-mail address"),
        ({"email": "a\x00@example.test"}, "is not an e-mail address"),
        ({"email": "@example.test"}, "is not an e-mail address"),
        ({"name": "  "}, "a role title will do"),
        ({"partnership": "atlantis"}, "there is none with the key 'atlantis'"),
        ({"role": "lead", "organisation": ""}, "needs an organisation"),
        ({"email": "officer@example.test"}, "already has that role"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_kept(
    database: Database, cast: Cast, given: dict[str, str], words: str
) -> None:
    with pytest.raises(BadInput, match=words), database.transaction() as session:
        people.add(session, SYSTEM, new(**given), password=GOOD, at=NOON)
    with database.reading() as session:
        assert len(session.exec(select(User)).all()) == len(cast.people)
        assert len(session.exec(select(Membership)).all()) == len(cast.people)


@pytest.mark.parametrize("who", ["officer", "manager", "chair", "lead", "admin", "outsider"])
def test_people_are_kept_on_the_command_line_only(database: Database, cast: Cast, who: str) -> None:
    with database.transaction() as session:
        actor = cast.actor(session, who)
        with pytest.raises(NotPermitted):
            people.add(session, actor, new(), password=GOOD, at=NOON)
        with pytest.raises(NotPermitted):
            people.disable(session, actor, "officer@example.test", at=NOON)
        with pytest.raises(NotPermitted):
            people.set_password(session, actor, "officer@example.test", GOOD, at=NOON)


@pytest.mark.parametrize("how", ["disable", "set_password"])
def test_disabling_and_a_new_password_end_every_session(database: Database, cast: Cast, how: str) -> None:
    with database.transaction() as session:
        user = session.exec(select(User).where(User.email == "officer@example.test")).one()
        tokens = [sign_in.begin(session, user, at=NOON) for _ in range(2)]
    with database.transaction() as session:
        if how == "disable":
            people.disable(session, SYSTEM, "Officer@example.test", at=NOON)
        else:
            people.set_password(session, SYSTEM, "officer@example.test", GOOD, at=NOON)
    with database.reading() as session:
        assert [sign_in.resume(session, token, at=NOON, idle=IDLE) for token in tokens] == [None, None]
        assert all(row.ended_at == NOON for row in session.exec(select(SignIn)).all())
    if how == "disable":
        with pytest.raises(BadInput, match="disabled already"), database.transaction() as session:
            people.disable(session, SYSTEM, "officer@example.test", at=NOON)


@pytest.mark.parametrize("meanwhile", ["disabled", "new password"])
def test_what_changes_while_the_password_is_compared_counts(
    database: Database, cast: Cast, meanwhile: str
) -> None:
    with database.transaction() as session:
        people.set_password(session, SYSTEM, "officer@example.test", GOOD, at=NOON)
    with database.transaction() as session:
        knocked = sign_in.knock(session, email="officer@example.test", address="10.0.0.1", at=NOON)
    assert isinstance(knocked, Knock)
    with database.transaction() as session:
        if meanwhile == "disabled":
            people.disable(session, SYSTEM, "officer@example.test", at=NOON)
        else:
            people.set_password(session, SYSTEM, "officer@example.test", "another four quiet words", at=NOON)
    with database.transaction() as session:
        assert sign_in.enter(session, knocked, password=GOOD, right=True, at=NOON) is None
    with database.reading() as session:
        assert session.exec(select(SignIn)).all() == []


def test_twenty_guesses_at_once_are_counted_one_after_another(database: Database, cast: Cast) -> None:
    def guess(n: int) -> bool:
        with database.transaction() as session:
            return isinstance(
                sign_in.knock(session, email="officer@example.test", address=f"10.0.0.{n}", at=NOON), Knock
            )

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(guess, range(20)))
    assert sum(let_through) == 5
    with database.reading() as session:
        assert len(session.exec(select(SignInAttempt)).all()) == 10


def test_the_demonstration_has_the_password_of_the_settings(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        for who in ("officer", "lead"):
            user = session.exec(select(User).where(User.email == f"{who}@example.test")).one()
            user.demonstration = True
            session.add(user)
    with database.transaction() as session:
        assert people.set_demonstration_password(session, GOOD)
        assert not people.set_demonstration_password(session, GOOD)
    with database.reading() as session:
        listed = people.demonstration(session)
        users = {user.email: user.password_hash for user in session.exec(select(User)).all()}
    assert [person.email for person in listed] == ["lead@example.test", "officer@example.test"]
    assert passwords.matches(users["officer@example.test"], GOOD)
    assert users["manager@example.test"] is None


def test_passwords_are_kept_as_argon2id_with_the_agreed_figures() -> None:
    stored = passwords.hashed(GOOD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored != passwords.hashed(GOOD)
    assert not passwords.outdated(stored)
    assert passwords.outdated(stored.replace("m=19456", "m=4096"))


def test_every_character_counts() -> None:
    longest = "é" * 127 + "a"
    stored = passwords.hashed(longest)
    assert passwords.matches(stored, longest)
    assert not passwords.matches(stored, longest[:-1])
    assert not passwords.matches(stored, longest[:-1] + "b")
    assert not passwords.matches(stored, longest + "a")
    assert passwords.matches(passwords.hashed("caf\u00e9 in the morning"), "cafe\u0301 in the morning")


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_nothing_matches_where_there_is_no_password(stored: str | None) -> None:
    assert not passwords.matches(stored, GOOD)
    assert not passwords.matches(stored, "")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("a" * 13, "14 characters or more"), ("ab cd ef gh ij", None), ("x" * 129, "128 characters or fewer"),
        ("aaaaaaaaaaaaaaaa", "5 different"), ("Case-Tracker-2026", "more than your e-mail"),
        ("password-password", "more than your e-mail"), ("j.officer@council.example", "more than your e-mail"),
        ("JOfficer Council", "more than your e-mail"), ("four quiet words", None), ("пароль из четырёх", None),
        ("a" * 100 + "bcdefgh", None),
    ],
)  # fmt: skip
def test_a_password_is_long_and_not_what_anyone_would_try(password: str, words: str | None) -> None:
    complaint = passwords.complaint(password, "j.officer@council.example")
    assert (complaint is None) if words is None else (words in (complaint or ""))


def test_a_made_up_password_is_accepted_and_never_the_same() -> None:
    made = {passwords.generated() for _ in range(100)}
    assert len(made) == 100
    assert all(passwords.complaint(password, "a@b.example") is None for password in made)
