"""Under which law a death is reviewed: pinned at the notification, changed only by a manager with a reason."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from config import load
from tests import dhr
from tests.cast import MONDAY, NOON, Cast
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted, NotPossible
from tracker.models import Case
from tracker.queries.verification import faults
from tracker.services import regimes
from tracker.services.back_capture import Brought, import_case
from workflows.dardr_v1 import DARDR
from workflows.definition import Force
from workflows.dhr_2016_v1 import DHR_2016

IN_FORCE = date(2026, 11, 1)


def change(session, cast, case, who="manager", **more):
    given = {"on": MONDAY, "in_force_from": IN_FORCE, "seen_version": case.version, "at": NOON} | more
    reason = given.pop("reason", "The date was set after it was logged")
    to = given.pop("to", "dardr")
    return regimes.change_regime(session, dhr.actor(session, cast, case, who), case, to, reason, **given)


def test_the_day_of_receipt_settles_it() -> None:
    assert regimes.regime_for(date(2026, 11, 2), None) == "dhr_2016"
    assert regimes.regime_for(date(2026, 10, 31), IN_FORCE) == "dhr_2016"
    assert regimes.regime_for(IN_FORCE, IN_FORCE) == "dardr"


def test_the_setting_is_a_day_or_nothing() -> None:
    assert load({}).dardr_in_force_from is None
    assert load({"TRACKER_DARDR_IN_FORCE_FROM": ""}).dardr_in_force_from is None
    assert load({"TRACKER_DARDR_IN_FORCE_FROM": "2027-04-01"}).dardr_in_force_from == date(2027, 4, 1)


def test_the_differences_are_those_of_the_document_and_no_others() -> None:
    assert DARDR.states == DHR_2016.states or [s.name for s in DARDR.states] == [
        s.name for s in DHR_2016.states
    ]
    changed = {
        ours.name
        for ours, theirs in zip(DARDR.moves, DHR_2016.moves, strict=True)
        if (ours.needs, [e.text for e in ours.effects]) != (theirs.needs, [e.text for e in theirs.effects])
    }
    assert changed == {"submit_for_decision", "sign_off", "submit_to_home_office"}
    assert set(DARDR.clock_by_key) - set(DHR_2016.clock_by_key) == {"COPY_SOS"}
    assert DARDR.clock_by_key["COPY_SOS"].force is Force.STATUTE
    for key, clock in DHR_2016.clock_by_key.items():
        assert DARDR.clock_by_key[key].period == clock.period
    limbs = {choice.value for choice in DARDR.fact_by_name["definition_limb"].choices}
    assert "household" not in limbs
    assert "co_parents" in limbs
    assert "suicide_concern" not in DARDR.fact_by_name
    assert "neglect" not in {choice.value for choice in DARDR.fact_by_name["resulted_from"].choices}


def test_a_review_goes_over_once_with_a_reason_and_its_dates_run_on(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "scoping")
        before = dhr.clocks(session, case)
        with pytest.raises(NotPermitted):
            change(session, cast, case, "officer")
        with pytest.raises(NotPossible, match="not in force"):
            change(session, cast, case, in_force_from=None)
        with pytest.raises(BadInput):
            change(session, cast, case, reason=" ")
        change(session, cast, case)
        assert (case.process, case.reference) == ("dardr", "HCSP-DHR-2026-001")
        assert dhr.clocks(session, case) == before
        with pytest.raises(NotPossible):
            change(session, cast, case)
    with database.reading() as session:
        assert list(faults(session)) == []


def test_the_day_of_the_change_lies_between_receipt_and_today(database: Database, cast: Cast) -> None:
    """Also before the day of Royal Assent, on which there is no definition yet."""
    with database.transaction() as session:
        case = dhr.log_review(session, cast)
        for on in (date(2020, 1, 1), dhr.RECEIVED - dhr.days(1)):
            with pytest.raises(BadInput, match="must not be before the day on which the death was received"):
                change(session, cast, case, on=on)
        with pytest.raises(BadInput, match="today or in the past"):
            change(session, cast, case, on=MONDAY + dhr.days(1))
        for in_force in (date(2030, 1, 1), dhr.RECEIVED + dhr.days(1)):
            with pytest.raises(NotPossible, match="This one was received before"):
                change(session, cast, case, in_force_from=in_force)
        assert case.process == "dhr_2016"
        change(session, cast, case, on=dhr.RECEIVED, in_force_from=dhr.RECEIVED)
        assert case.process == "dardr"
        change(session, cast, case, to="dhr_2016", in_force_from=None)
        assert case.process == "dhr_2016"


@pytest.mark.parametrize("in_force", [None, dhr.RECEIVED + dhr.days(1), date(2030, 1, 1)])
def test_no_review_under_a_section_that_does_not_apply(
    database: Database, cast: Cast, in_force: date | None
) -> None:
    with database.transaction() as session:
        with pytest.raises(NotPossible, match="Section 8A"):
            dhr.log_review(session, cast, process="dardr", section_8a_from=in_force)
        asked = Brought(
            cast.herefordshire,
            "notified",
            {"received_on": dhr.RECEIVED},
            process="dardr",
            section_8a_from=in_force,
        )
        with pytest.raises(NotPossible, match="Section 8A"):
            import_case(session, cast.actor(session, "manager"), asked, at=NOON)
        assert session.exec(select(Case)).all() == []
        taken = replace(asked, section_8a_from=dhr.RECEIVED)
        assert import_case(session, cast.actor(session, "manager"), taken, at=NOON).process == "dardr"


def test_it_is_too_late_once_it_is_before_the_chair(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "awaiting_decision")
        with pytest.raises(NotPossible, match="before it is put to the CSP chair"):
            change(session, cast, case)


def test_a_later_date_changes_no_case_that_is_there(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        old = dhr.log_review(session, cast)
        assert (old.process, old.workflow_version) == ("dhr_2016", 1)
        new = dhr.log_review(session, cast, process="dardr", section_8a_from=IN_FORCE)
        assert (new.process, new.reference) == ("dardr", "HCSP-DARDR-2026-001")
        assert dhr.clocks(session, old) == dhr.clocks(session, new)
        for step in dhr.way_to("signed_off"):
            dhr.take(session, cast, new, step, **dhr.ABUSE)
        assert dhr.clocks(session, new)["COPY_SOS"][0] == "running"
        dhr.take(session, cast, new, "submit_to_home_office")
        assert dhr.clocks(session, new)["COPY_SOS"][0] == "met"
