"""The starting packs through a whole application: one and the same, three procedures, three right answers."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tracker import packs
from tracker.db import Database
from tracker.models import Area, Case, Dated, Membership, Organisation, Partnership, Role, User
from tracker.services import areas, cases, incidents, threshold
from tracker.services.asked import FactsRequest
from tracker.services.positions import position_of, workflow_for
from workflows.engine import MoveRefused, offers
from workflows.threshold import Outcome

STAFF = (
    ("officer", Role.OFFICER), ("manager", Role.MANAGER), ("chair", Role.CHAIR), ("decision-maker", Role.DECISION_MAKER),
)  # fmt: skip


def staffed(session: Session, key: str) -> Cast:
    """The people of one partnership of the packs."""
    place = session.exec(select(Partnership).where(Partnership.key == key)).one()
    police = session.exec(select(Organisation).where(Organisation.key == asb.POLICE)).one()
    people = {}
    for who, role in STAFF:
        user = User(email=f"{who}@example.test", name=who.capitalize(), created_at=NOON)
        session.add(user)
        session.flush()
        session.add(Membership(user_id=user.id, role=role, partnership_id=place.id))
        people[who] = user.id or 0
    session.flush()
    return Cast(place.id or 0, 0, police.id or 0, 0, people)


def checked(session: Session, cast: Cast, area: str) -> Case:
    """An application up to the check: a hate incident of July that three people reported, two new ones in one call."""
    case = asb.applied(session, cast, area=area)
    asb.tell(session, cast, case, date(2026, 7, 17), date(2026, 7, 18), hate=True)
    for other in ("other-1", "other-2"):
        asb.report(session, cast, case, date(2026, 7, 19), (1,), person=other)
    officer = cast.actor(session, "officer")
    for day in (date(2026, 11, 2), date(2026, 11, 5)):
        said = incidents.IncidentSaid(case.version, dated=Dated.ON, first_on=day, last_on=day)
        incidents.record_incident(session, officer, case, said, at=NOON)
    asb.report(session, cast, case, date(2026, 11, 9), (2, 3))
    asb.letter(session, case, "L1")
    asb.step(session, cast, case, "acknowledge")
    place = session.exec(select(Area).where(Area.key == area)).one()
    asb.pass_on(session, cast, case, *(body.key for _, body in areas.bodies_of(session, place, asb.APPLIED)))
    asb.step(session, cast, case, "start_check")
    return case


@pytest.mark.parametrize(
    ("partnership", "area", "result", "why"),
    [
        ("herefordshire", "herefordshire", Outcome.MET_MANDATORY, "3"),
        ("south-worcestershire", "malvern-hills", Outcome.MET_LOCAL_RULE, "people"),
        ("shropshire", "shropshire", Outcome.DISCRETION_REQUIRED, "2"),
    ],
)
def test_one_application_three_procedures(
    database: Database, partnership: str, area: str, result: Outcome, why: str
) -> None:
    with database.transaction() as session:
        packs.load(session)
        cast = staffed(session, partnership)
        case = checked(session, cast, area)
        assessment = threshold.standing_of(session, case).assessment
        assert assessment is not None
        assert assessment.result is result
        assert any(why in reason for reason in assessment.reasons), assessment.reasons
        words = threshold.reasons_for_letter(session, case)
        assert len(words) == 3, "the applicant's own reports, incident by incident"
        assert all(word.startswith("Your report to West Mercia Police on ") for word in words)
        asb.ready(session, cast, case, "decide_not_met")
        with pytest.raises(MoveRefused) as refused:
            asb.step(session, cast, case, "decide_not_met")
        stands_in_the_way = {each.name for each in refused.value.unmet}
        assert ("not_mandatory_threshold_met" in stands_in_the_way) is (result is Outcome.MET_MANDATORY)
        assert ("manager_countersigned" in stands_in_the_way) is (result is not Outcome.MET_MANDATORY)
        if result is Outcome.DISCRETION_REQUIRED:
            signed = {
                "countersigned_by": "manager@example.test",
                "countersign_reason": "Two calls are no three.",
            }
            by_the_manager = FactsRequest(case.version, MONDAY, signed)
            cases.record_facts(session, cast.actor(session, "manager"), case, by_the_manager, at=NOON)
            asb.step(session, cast, case, "decide_not_met")
            assert case.state == "threshold_not_met"
        else:
            route = "mandatory" if result is Outcome.MET_MANDATORY else "local"
            asb.step(session, cast, case, "decide_met", decision_route=route)
            assert case.state == "threshold_met"


def test_an_area_without_a_version_receives_and_passes_on_and_goes_no_further(database: Database) -> None:
    with database.transaction() as session:
        packs.load(session)
        board = session.exec(
            select(Partnership.key)
            .join(Area, col(Area.partnership_id) == col(Partnership.id))
            .where(Area.key == "telford-and-wrekin")
        ).one()
        cast = staffed(session, board)
        case = asb.applied(session, cast, area="telford-and-wrekin")
        assert (case.state, case.policy_id) == ("received", None)
        stopped = {
            offer.move.name: {each.name for each in offer.unmet}
            for offer in offers(
                workflow_for(case), position_of(session, workflow_for(case), case, {}, MONDAY)
            )
        }
        ahead = {name for name, unmet in stopped.items() if "area_has_policy" not in unmet}
        assert "acknowledge" not in ahead
        assert ahead <= {"transfer", "mark_misdirected", "merge", "withdraw", "submit"}, ahead
        asb.letter(session, case, "L1")
        with pytest.raises(MoveRefused) as refused:
            asb.step(session, cast, case, "acknowledge")
        assert any("no procedure in force" in each.words for each in refused.value.unmet)
