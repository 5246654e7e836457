"""People, panel and amendments belong to the review of a death, and to no other case."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tracker.db import Database
from tracker.errors import NotPossible
from tracker.models import Amendment, Case, Event, PanelMember, ReviewSubject
from tracker.policy import Actor
from tracker.services import amendments, panel, review_people

WRITES: dict[str, Callable[[Session, Actor, Case, int], object]] = {
    "panel": lambda session, actor, case, seen: panel.seat(
        session, actor, case, panel.Seat("Chair", "chair", MONDAY), seen_version=seen, at=NOON
    ),
    "leave": lambda session, actor, case, seen: panel.leave(
        session, actor, case, 1, MONDAY, seen_version=seen, at=NOON
    ),
    "people": lambda session, actor, case, seen: review_people.save(
        session, actor, case, None, review_people.Person("deceased"), seen_version=seen, at=NOON
    ),
    "remove": lambda session, actor, case, seen: review_people.remove(
        session, actor, case, 1, "In error", seen_version=seen, at=NOON
    ),
    "amendments": lambda session, actor, case, seen: amendments.save(
        session, actor, case, None, amendments.Point("Say more"), seen_version=seen, at=NOON
    ),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_case_review_takes_none(database: Database, cast: Cast, write: str) -> None:
    with database.transaction() as session:
        asb.settle_area(session, cast)
        case, officer = asb.applied(session, cast), cast.actor(session, "officer")
        before = len(session.exec(select(Event).where(Event.case_id == case.id)).all())
        with pytest.raises(NotPossible, match="Only the review of a death"):
            WRITES[write](session, officer, case, case.version)
        assert "panel_members" not in case.facts
        assert len(session.exec(select(Event).where(Event.case_id == case.id)).all()) == before
        for table in (PanelMember, ReviewSubject, Amendment):
            assert session.exec(select(table)).all() == []
