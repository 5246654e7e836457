"""What belongs to a case ends its dates with the case, goes on with it, and is never asked for twice at once."""

import pytest
from sqlmodel import Session, col, select

from tests import asb, dhr
from tests.cast import MONDAY, NOON, Cast
from tracker.db import Database
from tracker.errors import BadInput
from tracker.models import Case, Deadline, DeadlineStatus
from tracker.queries.verification import faults
from tracker.services import cases
from tracker.services.asked import FactsRequest, MoveRequest
from tracker.services.families import NewChild, open_child
from workflows.facts import FactValue


def running(session: Session, case: Case) -> list[tuple[str, str]]:
    """The dates that run on what belongs to the case: clock and agency."""
    rows = session.exec(
        select(Deadline.key, Case.facts)
        .join(Case, col(Case.id) == col(Deadline.case_id))
        .where(Case.parent_id == case.id, Deadline.status == DeadlineStatus.RUNNING)
        .order_by(Deadline.id)
    ).all()
    return sorted((key, str(facts.get("agency", ""))) for key, facts in rows)


ASKED = [
    ("CHRONOLOGY", "housing"), ("CHRONOLOGY", "west-mercia-police"), ("IMR", "housing"), ("IMR", "west-mercia-police"),
]  # fmt: skip


def test_a_review_that_is_stood_down_asks_no_agency_any_more_and_goes_on_with_each_once(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "gathering")
        assert running(session, case) == ASKED
        dhr.take(session, cast, case, "stand_down")
        assert running(session, case) == []
        dhr.take(session, cast, case, "reinstate")
        assert running(session, case) == ASKED
        dhr.take(session, cast, case, "convene_panel")
        dhr.take(session, cast, case, "agree_terms")
        assert running(session, case) == ASKED
        assert len(session.exec(select(Case).where(Case.parent_id == case.id)).all()) == len(ASKED)
    with database.reading() as session:
        assert list(faults(session)) == []


def test_a_review_that_another_area_leads_still_gets_what_our_agencies_were_asked_for(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "scoping")
        facts: dict[str, FactValue] = {"kind": "summary", "agency": "housing", "requested_on": MONDAY}
        who = dhr.actor(session, cast, case, "officer")
        open_child(session, who, case, NewChild("information_request", case.version, facts), at=NOON)
        dhr.take(session, cast, case, "transfer_out")
        assert running(session, case) == [("SUMMARY", "housing")]


def test_an_agency_named_later_is_asked_from_that_day(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "gathering", imr_requests=("housing",))
        assert running(session, case) == [("CHRONOLOGY", "housing"), ("IMR", "housing")]
        dhr.record(session, cast, case, imr_requests=("housing", "west-mercia-police"))
        assert running(session, case) == ASKED
        dhr.record(session, cast, case, imr_requests=("west-mercia-police", "housing"))
        assert running(session, case) == ASKED


def test_a_withdrawn_application_asks_no_body_any_more(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        asb.settle_area(session, cast)
        case = asb.case_at(session, cast, "threshold_check")
        facts: dict[str, FactValue] = {"kind": "agency_return", "agency": asb.POLICE, "requested_on": MONDAY}
        who = cast.actor(session, "officer")
        open_child(session, who, case, NewChild("information_request", case.version, facts), at=NOON)
        assert running(session, case) == [("C4", asb.POLICE)]
        asb.ready(session, cast, case, "withdraw")
        asb.step(session, cast, case, "withdraw")
        assert running(session, case) == []


@pytest.mark.parametrize(("name", "value"), [("kind", "summary"), ("agency", "housing")])
def test_what_a_request_is_and_whom_it_asks_stays(
    database: Database, cast: Cast, name: str, value: str
) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "gathering")
        request = session.exec(
            select(Case).where(Case.parent_id == case.id, Case.owner_organisation_id == cast.police)
        ).all()[-1]
        who = dhr.actor(session, cast, request, "officer")
        with pytest.raises(BadInput, match="stays as it was said"):
            cases.record_facts(
                session, who, request, FactsRequest(request.version, MONDAY, {name: value}), at=NOON
            )
        asked = MoveRequest(request.version, MONDAY, facts={name: value})
        with pytest.raises(BadInput, match="stays as it was said"):
            cases.move(session, who, request, "acknowledge", asked, at=NOON)


def test_a_new_lead_officer_has_what_belongs_to_the_case_too(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "gathering")
        dhr.record(session, cast, case, lead_officer_id="officer2@example.test")
        owners = session.exec(select(Case.owner_user_id).where(Case.parent_id == case.id)).all()
        assert {case.owner_user_id, *owners} == {cast.people["officer2"]}
