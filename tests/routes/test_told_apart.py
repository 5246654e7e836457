"""People with one role title are told apart wherever one of them is chosen; a name that is the only one stays short."""

import pytest
from sqlmodel import Session, select

from tests.cast import Cast
from tracker.db import Database
from tracker.models import Membership, Role, User
from tracker.queries.choices import told_apart

TITLE = "Business unit officer"


def _called(session: Session, cast: Cast, **names: str) -> dict[str, str]:
    for who, name in names.items():
        session.get_one(User, cast.people[who.replace("_", "-")]).name = name
    session.flush()
    people = session.exec(select(User).where(User.name == TITLE).order_by(User.email)).all()  # type: ignore[arg-type]
    return {user.email.partition("@")[0]: words for user, words in told_apart(session, people)}


def test_one_alone_is_called_by_the_name(sqlite_database: Database, settled: Cast) -> None:
    with sqlite_database.transaction() as session:
        assert _called(session, settled, officer=TITLE) == {"officer": TITLE}


def test_two_of_two_partnerships_by_where_they_work(sqlite_database: Database, settled: Cast) -> None:
    with sqlite_database.transaction() as session:
        found = _called(session, settled, officer=TITLE, outsider=TITLE)
    assert set(found) == {"officer", "outsider"}
    assert len(set(found.values())) == 2
    assert all(words.startswith(f"{TITLE}, ") and "@" not in words for words in found.values())


def test_who_works_for_both_is_told_from_who_works_for_one(sqlite_database: Database, settled: Cast) -> None:
    with sqlite_database.transaction() as session:
        session.add(
            Membership(
                user_id=settled.people["officer2"], role=Role.OFFICER, partnership_id=settled.worcestershire
            )
        )
        found = _called(session, settled, officer=TITLE, officer2=TITLE)
    assert found["officer2"].startswith(found["officer"])
    assert " and " in found["officer2"]


@pytest.mark.parametrize("where", ["same place", "no place"])
def test_two_of_one_place_by_their_sign_in_names(
    sqlite_database: Database, settled: Cast, where: str
) -> None:
    who = {"same place": ("officer", "officer2"), "no place": ("lead", "lead2")}[where]
    with sqlite_database.transaction() as session:
        found = _called(session, settled, **dict.fromkeys(who, TITLE))
    assert len(set(found.values())) == 2
    assert all(f"{name}@" in words for name, words in found.items())
