"""Areas and relevant bodies by date: what a change touches is foreseen, and a case keeps the bodies of its day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.driving import applied
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted
from tracker.models import Area, AreaBody, Case, Organisation, Partnership, SetupChange, SetupKind
from tracker.policy import SYSTEM
from tracker.services import area_changes, set_up
from tracker.services.area_changes import AreaChange
from tracker.services.asb_records import not_passed_on

FRIDAY = date(2026, 11, 20)


def here(session: Session, cast: Cast) -> tuple[Partnership, Area]:
    place = session.get_one(Partnership, cast.herefordshire)
    return place, session.exec(select(Area).where(Area.key == "herefordshire")).one()


def do(session: Session, cast: Cast, who: str, asked: AreaChange, **more: str) -> SetupChange:
    place, area = here(session, cast)
    about = None if asked.what is SetupKind.AREA_ADDED else area
    given = {"reason": "The order of the day", **more}
    return area_changes.change(session, cast.actor(session, who), place, about, asked, at=NOON, **given)  # type: ignore[arg-type]


def owed(session: Session, case: Case) -> list[str]:
    return [body.organisation.key for body in not_passed_on(session, case)]


def added(on: date, body: str = "west-mercia-police") -> AreaChange:
    return AreaChange(what=SetupKind.BODY_ADDED, on=on, body=body, kind="police")


def test_a_body_that_takes_over_is_for_later_applications_only(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        do(session, cast, "manager", added(date(2014, 10, 20)))
        before, after = (applied(session, cast, on) for on in (FRIDAY, MONDAY))
        assert owed(session, before) == owed(session, after) == ["west-mercia-police"]
        ended = AreaChange(
            what=SetupKind.BODY_ENDED, on=FRIDAY, body="west-mercia-police", successor="housing"
        )
        place, area = here(session, cast)
        outlook = area_changes.foresee(session, place, area, ended)
        [touched] = outlook.touched
        assert (touched.reference, touched.gains, touched.misses) == (
            after.reference, ("Housing association",), ("West Mercia Police",),
        )  # fmt: skip
        assert owed(session, after) == ["west-mercia-police"], "foreseeing changes nothing"
        done = do(session, cast, "admin", ended, seen=outlook.mark)
        assert done.said == (
            "West Mercia Police takes part in Herefordshire until Fri 20 Nov 2026. "
            "Housing association takes over the day after."
        )
        assert done.detail["touched"] == [after.reference]
        assert (owed(session, before), owed(session, after)) == (["west-mercia-police"], ["housing"])


def test_an_area_is_added_and_ended(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        new = AreaChange(what=SetupKind.AREA_ADDED, on=MONDAY, name=" Golden Valley ", kind="district")
        assert do(session, cast, "manager", new, request_id="r1").about == "golden-valley"
        assert do(session, cast, "manager", new, request_id="r1").about == "golden-valley", "sent twice"
        area = session.exec(select(Area).where(Area.key == "golden-valley")).one()
        assert (area.name, area.from_on, area.partnership_id) == ("Golden Valley", MONDAY, cast.herefordshire)
        with pytest.raises(BadInput, match="There is an area called Golden Valley already"):
            do(session, cast, "manager", new)
        do(session, cast, "manager", added(date(2014, 10, 20)))
        case = applied(session, cast, MONDAY)
        end = AreaChange(what=SetupKind.AREA_ENDED, on=FRIDAY)
        place, area = here(session, cast)
        [touched] = area_changes.foresee(session, place, area, end).touched
        assert (touched.reference, touched.misses) == (case.reference, ("West Mercia Police",))
        do(session, cast, "manager", end)
        assert area.to_on == FRIDAY
        with pytest.raises(BadInput, match="ends on Fri 20 Nov 2026 already"):
            do(session, cast, "manager", end)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (added(MONDAY), "takes part in Herefordshire on that day or after it already"),
        (added(MONDAY, "nobody"), "Choose an organisation"),
        (AreaChange(what=SetupKind.BODY_ENDED, on=FRIDAY, body="housing"), "Choose a body that takes part"),
        (
            AreaChange(what=SetupKind.BODY_ENDED, on=date(2014, 10, 1), body="west-mercia-police"),
            "cannot be before the first day, Mon 20 Oct 2014",
        ),
        (
            AreaChange(
                what=SetupKind.BODY_ENDED,
                on=FRIDAY,
                body="west-mercia-police",
                successor="west-mercia-police",
            ),
            "must be another one",
        ),
        (AreaChange(what=SetupKind.AREA_ADDED, on=MONDAY, name=" ", kind="district"), "Enter the name"),
        (AreaChange(what=SetupKind.AREA_ADDED, on=MONDAY, name="Ross", kind="city"), "what sort of area"),
    ],
)
def test_what_cannot_be_is_refused(sqlite_database: Database, asked: AreaChange, words: str) -> None:
    from tests.cast import settle

    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        do(session, cast, "manager", added(date(2014, 10, 20)))
        with pytest.raises(BadInput, match=words):
            do(session, cast, "manager", asked)
        assert len(session.exec(select(AreaBody)).all()) == 1


def test_only_its_own_managers_and_administrators_with_a_reason_and_a_fresh_look(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        asked = added(MONDAY)
        for who in ("officer", "chair", "outsider", "lead"):
            with pytest.raises(NotPermitted):
                do(session, cast, who, asked)
        with pytest.raises(BadInput, match="Say why"):
            do(session, cast, "manager", asked, reason=" ")
        seen = set_up.mark(session, cast.herefordshire)
        do(session, cast, "manager", asked)
        with pytest.raises(ChangedMeanwhile):
            do(session, cast, "manager", added(MONDAY, "housing"), seen=seen)


def test_a_body_that_has_ended_cannot_be_added_and_one_can_come_back(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        gone = Organisation(key="old-trust", name="Old trust", kind="health", to_on=FRIDAY)
        session.add(gone)
        session.flush()
        with pytest.raises(BadInput, match="Old trust ended on Fri 20 Nov 2026"):
            do(session, cast, "manager", added(MONDAY, "old-trust"))
        do(session, cast, "manager", added(date(2020, 1, 1)))
        do(
            session,
            cast,
            "manager",
            AreaChange(what=SetupKind.BODY_ENDED, on=FRIDAY, body="west-mercia-police"),
        )
        do(session, cast, "manager", added(FRIDAY + timedelta(days=10)))
        assert len(session.exec(select(AreaBody)).all()) == 2


def test_two_partnerships_that_add_one_name_at_once_add_it_once(database: Database, cast: Cast) -> None:
    asked = AreaChange(what=SetupKind.AREA_ADDED, on=MONDAY, name="Wyre Forest", kind="district")
    both = Barrier(2)

    def add(partnership_id: int) -> str:
        both.wait()
        try:
            with database.transaction() as session:
                place = session.get_one(Partnership, partnership_id)
                area_changes.change(session, SYSTEM, place, None, asked, reason="A new district", at=NOON)
        except BadInput as refused:
            return str(refused)
        return ""

    with ThreadPoolExecutor() as pool:
        said = sorted(pool.map(add, (cast.herefordshire, cast.worcestershire)))
    assert said == ["", "There is an area called Wyre Forest already."]
