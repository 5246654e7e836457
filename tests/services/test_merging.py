"""Merging one application into another: what is kept of which one goes on, and two merges that cross."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from tests import asb
from tests.cast import MONDAY, NOON, Cast, settle
from tracker import access
from tracker.db import Database
from tracker.errors import BadInput
from tracker.models import Case
from tracker.services import cases, merging
from tracker.services.asked import FactsRequest, MoveRequest

WORDS = {"manager_reason": "The same behaviour."}


def two(session: Session, cast: Cast) -> tuple[Case, Case]:
    """Two applications that could each be merged into the other."""
    asb.settle_area(session, cast)
    found = asb.applied(session, cast), asb.applied(session, cast)
    for case in found:
        asb.letter(session, case, "L14")
    return found


@pytest.mark.parametrize("typed", ["{}", " {} "])
def test_the_case_that_goes_on_is_kept_as_its_reference_is_written(
    database: Database, cast: Cast, typed: str
) -> None:
    with database.transaction() as session:
        survivor, merged = two(session, cast)
        words = typed.format(survivor.reference.lower())
        asb.step(session, cast, merged, "merge", surviving_case=words)
        assert merged.facts["surviving_case"] == survivor.reference


def test_the_case_that_goes_on_is_not_changed_afterwards(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        survivor, merged = two(session, cast)
        asb.step(session, cast, merged, "merge", surviving_case=survivor.reference)
        asked = FactsRequest(merged.version, MONDAY, {"surviving_case": "Another"})
        with pytest.raises(BadInput, match="is said when the case is merged"):
            cases.record_facts(session, cast.actor(session, "officer"), merged, asked, at=NOON)


def test_of_two_merges_that_cross_one_is_made_and_neither_blocks_the_other(postgres_url: str) -> None:
    database = Database(postgres_url)
    cast = settle(database)
    with database.transaction() as session:
        first, second = (case.reference for case in two(session, cast))
    both_hold, said = Barrier(2), []

    def merge(one: str, other: str) -> None:
        facts = {"surviving_case": other, **WORDS}
        try:
            with database.transaction() as session:
                actor = cast.actor(session, "manager")
                held = merging.held_with("merge", facts)
                case = access.case_for(session, actor, one, lock=True, together=held)
                with suppress(BrokenBarrierError):  # each would hold its own and wait for the other's
                    both_hold.wait(timeout=1)
                cases.move(
                    session, actor, case, "merge", MoveRequest(case.version, MONDAY, facts=facts), at=NOON
                )
                said.append("merged")
        except (BadInput, OperationalError) as refused:  # the second: what PostgreSQL says of a deadlock
            said.append(type(refused).__name__)

    threads = [Thread(target=merge, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        actor = cast.actor(session, "manager")
        states = sorted(access.case_for(session, actor, reference).state for reference in (first, second))
    database.dispose()
    assert sorted(said) == ["BadInput", "merged"]
    assert states == ["merged", "received"]
