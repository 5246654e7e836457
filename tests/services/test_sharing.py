"""Which applications went to every relevant body: the same as for each alone, in as many queries for few as for many."""

from datetime import date

from sqlmodel import Session, select

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tests.routes.filling import counting
from tracker.db import Database
from tracker.models import Area, AreaBody, Case, Partnership
from tracker.queries import figures_foi, related
from tracker.services import families
from tracker.services.asb_records import not_passed_on, relevant_bodies
from tracker.services.families import NewChild
from tracker.services.figures import Place, Reporting
from tracker.services.sharing import bodies_and_shared

YEAR = Reporting(date(2026, 1, 1), date(2026, 12, 31))


def of_all_sorts(session: Session, cast: Cast) -> list[Case]:
    """With all told, some, none; of another area, of none that is known; with bodies of its own."""
    asb.settle_area(session, cast)
    cases = [asb.applied(session, cast) for _ in range(3)]
    asb.pass_on(session, cast, cases[0])
    asb.pass_on(session, cast, cases[1], asb.POLICE)
    cases += [asb.applied(session, cast, area=area) for area in ("Herefordshire ", "Elsewhere", "Worcester")]
    cases.append(asb.applied(session, cast, area="Elsewhere", relevant_bodies=(asb.POLICE,)))
    asb.pass_on(session, cast, cases[-1], asb.POLICE)
    for row in session.exec(select(AreaBody).order_by(AreaBody.id).limit(1)).all():
        row.from_on = asb.APPLIED
    cases.append(asb.applied(session, cast, application_date=date(2026, 11, 2)))
    return cases


def test_it_is_the_same_as_for_each_alone(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        cases = of_all_sorts(session, cast)
        found = bodies_and_shared(session, cases)
        for case in cases:
            relevant = {body.organisation.id for body in relevant_bodies(session, case)}
            missing = {body.organisation.id for body in not_passed_on(session, case)}
            assert found[case.id or 0] == (relevant, relevant - missing)
        assert len({len(relevant) for relevant, _ in found.values()}) == 4


def test_the_answers_ask_the_database_as_often_for_few_as_for_many(database: Database, cast: Cast) -> None:
    counted = []
    with database.transaction() as session:
        asb.settle_area(session, cast)
    for more in (2, 10):
        with database.transaction() as session:
            for _ in range(more):
                asb.pass_on(session, cast, asb.applied(session, cast))
        with database.reading() as session:
            area = session.exec(select(Area).where(Area.key == "herefordshire")).one()
            place = Place(session.get_one(Partnership, cast.herefordshire), area)
            with counting(database) as asked:
                answers = {each.question: each.lines for each in figures_foi.answers(session, place, YEAR)}
            counted.append(len(asked))
    assert answers["Were all applications passed on to every relevant body?"] == ("12 of 12.",)
    assert counted[0] == counted[1]


def test_what_belongs_to_a_case_is_read_at_once(database: Database, cast: Cast) -> None:
    counted = []
    with database.transaction() as session:
        asb.settle_area(session, cast)
        reference = asb.applied(session, cast).reference
    for more in (2, 10):
        with database.transaction() as session:
            case = session.exec(select(Case).where(Case.reference == reference)).one()
            for _ in range(more):
                facts = {"kind": "agency_return", "agency": "housing", "requested_on": MONDAY}
                made = NewChild("information_request", case.version, facts)
                families.open_child(session, cast.actor(session, "officer"), case, made, at=NOON)
        with database.reading() as session:
            actor = cast.actor(session, "officer")
            case = session.exec(select(Case).where(Case.reference == reference)).one()
            with counting(database) as asked:
                groups = related.related_to(session, actor, case, MONDAY)
            counted.append(len(asked))
    assert max(len(group.rows) for group in groups) == 12
    assert counted[0] == counted[1]
