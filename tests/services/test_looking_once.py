"""What several parts of a page ask is asked once in a look; a write unit asks anew, and each look begins with nothing."""

from datetime import timedelta

from sqlmodel import Session, select

from tests.cast import MONDAY, Cast
from tests.routes.filling import counting, log_asb
from tracker import access, db
from tracker.db import Database
from tracker.models import Case, CaseParty
from tracker.services.positions import position_of, workflow_for


def _share(session: Session, case: Case, cast: Cast) -> None:
    session.add(CaseParty(case_id=case.id, part="joint_lead", organisation_id=cast.housing))
    session.flush()


def test_a_look_asks_who_takes_part_once(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        number = log_asb(session, cast).id
    with database.reading() as session:
        case = session.get_one(Case, number)
        with counting(database) as asked:
            first = access.subject_of(session, case)
            again = [access.subject_of(session, case) for _ in range(5)]
        assert len(asked) == 1
        assert again == [first] * 5


def test_a_look_tells_cases_apart(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        shared, other = log_asb(session, cast), log_asb(session, cast)
        _share(session, shared, cast)
        numbers = shared.id, other.id
    with database.reading() as session:
        bodies = [access.subject_of(session, session.get_one(Case, n)).organisation_ids for n in numbers]
    assert [cast.housing in each for each in bodies] == [True, False]


def test_an_act_sees_what_it_has_just_done(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_asb(session, cast)
        assert cast.housing not in access.subject_of(session, case).organisation_ids
        _share(session, case, cast)
        assert cast.housing in access.subject_of(session, case).organisation_ids
    with database.rehearsal() as session:
        case = session.exec(select(Case)).one()
        before = access.subject_of(session, case)
        session.delete(session.exec(select(CaseParty).where(CaseParty.organisation_id == cast.housing)).one())
        session.flush()
        assert access.subject_of(session, case) != before


def test_the_next_look_sees_what_was_done_in_between(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        number = log_asb(session, cast).id
    for there in (False, True):
        with database.reading() as session:
            case = session.get_one(Case, number)
            assert (cast.housing in access.subject_of(session, case).organisation_ids) is there
        if not there:
            with database.transaction() as session:
                _share(session, session.get_one(Case, number), cast)


def test_where_a_case_stands_is_asked_once_and_each_time_with_the_facts_given(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        number = log_asb(session, cast).id
    with database.reading() as session:
        case = session.get_one(Case, number)
        workflow = workflow_for(case)
        plain = position_of(session, workflow, case, {}, MONDAY)
        with counting(database) as asked:
            assert position_of(session, workflow, case, {}, MONDAY) == plain
            laid_over = position_of(session, workflow, case, {"acknowledged_on": MONDAY}, MONDAY)
        assert asked == []
        assert laid_over.facts["acknowledged_on"] == MONDAY
        assert "acknowledged_on" not in plain.facts
        assert position_of(session, workflow, case, {}, MONDAY + timedelta(days=1)).today != plain.today


def test_an_answer_of_nothing_is_an_answer(database: Database) -> None:
    asked: list[int] = []
    with database.reading() as session:
        for _ in range(3):
            assert db.once(session, "nothing", lambda: asked.append(1)) is None
    assert asked == [1]
