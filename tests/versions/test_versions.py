"""Two versions of one process beside each other: by date, on pages, in reminders, and from one to the other."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session, select

from tests.cast import Cast
from tests.driving import applied, go, noon, say
from tests.workflows.second_version import FROM, MET, SECOND, released_too, renamed
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted, NotPossible
from tracker.models import Case, Deadline, DeadlineChange, Event, LocalPolicy, Outbox
from tracker.policy import SYSTEM
from tracker.queries.case_list import stages_of
from tracker.queries.verification import faults
from tracker.queries.version_moves import foreseen, held_up, waiting
from tracker.services import deadlines, versions
from tracker.services.reminders import tick
from tracker.services.versions import MigrationRequest
from workflows.asb_case_review_v1 import ASB_CASE_REVIEW
from workflows.ledger import Change, ChangeKind

OLD, NEW = date(2026, 12, 31), FROM
APPLIED, TOLD = date(2026, 11, 16), date(2026, 11, 18)
TODAY = date(2026, 11, 23)
TO = MigrationRequest(SECOND)
ANEW = MigrationRequest(SECOND, recalculate=True)


@pytest.fixture(autouse=True)
def second():
    with released_too(SECOND):
        yield


def running(session: Session, case: Case) -> dict[str, date | None]:
    return {one.key: one.due_on for one in deadlines.running(session, case)}


def acknowledged(session: Session, cast: Cast) -> Case:
    case = applied(session, cast, APPLIED)
    say(session, case, TOLD, letter_sent_L1=TOLD)
    go(session, case, "acknowledge", TOLD)
    return case


def over(database: Database, asked: MigrationRequest = TO) -> list[str]:
    """Every waiting case goes over, each in its own transaction, as the command does it."""
    with database.reading() as session:
        references = waiting(session, asked, None)
    gone = []
    for reference in references:
        with database.transaction() as session:
            case = session.exec(select(Case).where(Case.reference == reference)).one()
            if versions.migrate(session, SYSTEM, case, asked, at=noon(TODAY)):
                gone.append(reference)
    return gone


def test_a_new_case_takes_the_version_of_its_date_and_an_open_one_keeps_its_own(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        before, after = applied(session, cast, OLD), applied(session, cast, NEW)
        assert (before.workflow_version, after.workflow_version) == (1, 2)
        # 15 working days of version 1, 10 of version 2, from the end of the year on
        assert running(session, before)["C5"] == date(2027, 1, 22)
        assert running(session, after)["C5"] == date(2027, 1, 15)
        assert "C0" in running(session, before)
        assert "C0" not in running(session, after)
        go(session, before, "acknowledge", date(2027, 1, 4), letter_sent_L1=date(2027, 1, 4))
        assert before.workflow_version == 1
        assert MET not in running(session, before)
    with database.reading() as session:
        assert list(faults(session)) == []
        assert list(held_up(session)) == []


def test_reminders_go_on_for_both(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        references = {applied(session, cast, on).reference for on in (OLD, NEW)}
    tick(database, noon(date(2027, 1, 14)))
    with database.reading() as session:
        told = session.exec(select(Case.reference).join(Outbox, Outbox.case_id == Case.id)).all()
        assert set(told) == references


def test_what_going_over_does_is_listed_and_changes_nothing(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = acknowledged(session, cast)
        reference, was = case.reference, running(session, case)
    with database.reading() as session:
        assert waiting(session, TO, "herefordshire") == [reference]
        assert waiting(session, TO, "worcestershire") == []
        shown = {(d.did, d.label): (d.old, d.new) for d in foreseen(session, reference, ANEW, TODAY).dates}
        assert shown == {
            ("starts", "Meet the applicant"): (None, date(2026, 12, 2)),
            ("moves", "Threshold decision told"): (date(2026, 12, 7), date(2026, 11, 30)),
            ("ends", "Safeguarding look"): (date(2026, 11, 17), None),
        }
        quietly = foreseen(session, reference, TO, TODAY)
        assert {d.did for d in quietly.dates} == {"starts", "ends"}, (
            "lengths count only where that is asked for"
        )
        case = session.exec(select(Case)).one()
        assert (case.workflow_version, running(session, case)) == (1, was)


def test_going_over_does_what_was_listed_with_one_line_of_history(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = acknowledged(session, cast)
        first = running(session, case)["C5"]
    assert over(database, ANEW) == ["HCSP-ASB-2026-001"]
    with database.reading() as session:
        case = session.exec(select(Case)).one()
        assert (case.workflow_version, case.state) == (2, "acknowledged")
        now = running(session, case)
        assert (now[MET], now["C5"]) == (date(2026, 12, 2), date(2026, 11, 30))
        assert "C0" not in now
        event = session.exec(select(Event).order_by(Event.seq.desc())).first()
        assert (event.kind, event.name, event.workflow) == (
            "workflow_migrated", "asb_case_review/2", "asb_case_review/2",
        )  # fmt: skip
        assert event.detail["from_digest"] == ASB_CASE_REVIEW.digest
        assert event.detail["to_digest"] == SECOND.digest
        told = session.exec(select(Deadline).where(Deadline.key == "C5")).one()
        assert (told.first_due_on, told.generation) == (first, 2)
        changes = session.exec(select(DeadlineChange).where(DeadlineChange.event_id == event.id)).all()
        assert sorted(change.kind for change in changes) == ["cancel", "recalculate"]
        assert list(faults(session)) == []
    assert over(database, ANEW) == [], "and it does nothing twice"


def test_a_date_that_does_not_move_is_left_alone_and_nobody_is_told_again(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        acknowledged(session, cast)
    tick(database, noon(TODAY))
    with database.reading() as session:
        sent = set(session.exec(select(Outbox.dedupe_key)).all())
        kept = {
            d.key: d.model_dump() for d in session.exec(select(Deadline)).all() if d.key not in {"C0", "C5"}
        }
    over(database, ANEW)
    tick(database, noon(TODAY))
    with database.reading() as session:
        for deadline in session.exec(select(Deadline)).all():
            if deadline.key in kept:
                assert deadline.model_dump() == kept[deadline.key]
        more = session.exec(select(Outbox, Deadline).join(Deadline, Outbox.deadline_id == Deadline.id)).all()
        assert {d.key for notice, d in more if notice.dedupe_key not in sent} <= {"C5", MET}


def test_a_length_that_the_procedure_fixes_stays(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        procedure = session.exec(
            select(LocalPolicy).where(
                LocalPolicy.process == "asb_case_review", LocalPolicy.partnership_id == cast.herefordshire
            )
        ).one()
        procedure.clocks = {"C5": {"n": 12, "unit": "working_days"}}
        session.flush()
        fixed = running(session, acknowledged(session, cast))["C5"]
        assert fixed == date(2026, 12, 2)
    assert over(database, ANEW) == ["HCSP-ASB-2026-001"]
    with database.reading() as session:
        told = session.exec(select(Deadline).where(Deadline.key == "C5")).one()
        assert (told.due_on, told.rule["n"], told.generation) == (fixed, 12, 1)


def test_a_clock_that_is_paused_has_its_new_length_once_it_runs_again(database: Database, cast: Cast) -> None:
    resumed = date(2026, 11, 26)
    with database.transaction() as session:
        case = acknowledged(session, cast)
        told = session.exec(select(Deadline).where(Deadline.key == "C5")).one()
        event = session.exec(select(Event)).first()
        deadlines.change(session, case, told, Change(ChangeKind.PAUSE, TODAY), event=event, at=noon(TODAY))
    with database.reading() as session:
        shown = foreseen(session, "HCSP-ASB-2026-001", ANEW, TODAY)
        assert [(d.did, d.old, d.new) for d in shown.dates if d.paused] == [("moves", None, None)]
    over(database, ANEW)
    with database.transaction() as session:
        case = session.exec(select(Case)).one()
        told = session.exec(select(Deadline).where(Deadline.key == "C5")).one()
        assert (told.paused, told.due_on, told.rule["n"]) == (True, None, 10)
        event = session.exec(select(Event)).first()
        deadlines.change(
            session, case, told, Change(ChangeKind.RESUME, resumed), event=event, at=noon(resumed)
        )
        assert told.due_on == date(2026, 12, 3), (
            "10 working days after 16 November, three of them not counted"
        )
    with database.reading() as session:
        assert list(faults(session)) == []


def test_a_date_that_was_agreed_stays(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = acknowledged(session, cast)
        told = session.exec(select(Deadline).where(Deadline.key == "C5")).one()
        event = session.exec(select(Event)).first()
        agreed = Change(ChangeKind.SET, TODAY, due_on=date(2026, 12, 18))
        deadlines.change(session, case, told, agreed, event=event, at=noon(TODAY))
    over(database, ANEW)
    with database.reading() as session:
        told = session.exec(select(Deadline).where(Deadline.key == "C5")).one()
        assert (told.due_on, told.rule["n"], told.generation) == (date(2026, 12, 18), 15, 2)


def test_a_state_that_is_not_there_holds_the_case_back_until_it_is_said_where_it_goes(
    database: Database, cast: Cast
) -> None:
    other = replace(renamed(SECOND, "acknowledged", "commissioning"), version=3)
    with released_too(other), database.transaction() as session:
        case = acknowledged(session, cast)
        with pytest.raises(NotPossible, match="is at “Acknowledged”"):
            versions.migrate(session, SYSTEM, case, MigrationRequest(other), at=noon(TODAY))
        assert (case.workflow_version, case.state) == (1, "acknowledged")
        asked = MigrationRequest(other, {"acknowledged": "commissioning"})
        event = versions.migrate(session, SYSTEM, case, asked, at=noon(TODAY))
        assert (event.from_state, event.to_state, case.state) == (
            "acknowledged",
            "commissioning",
            "commissioning",
        )
        assert MET in running(session, case), "the history is read with the new names"
        session.flush()
        assert list(faults(session)) == []


@pytest.mark.parametrize("state", ["nowhere", "closed"])
def test_no_case_is_sent_where_no_open_case_can_be(state: str) -> None:
    with pytest.raises(BadInput):
        versions.require_states(MigrationRequest(SECOND, {"acknowledged": state}))


def test_a_run_that_was_cut_short_is_finished_by_the_next(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        for _ in range(3):
            acknowledged(session, cast)
    went, real = [], versions.clocks.carry_out

    def killed(*args: object, **more: object) -> object:
        went.append(1)
        if len(went) == 2:
            raise KeyboardInterrupt
        return real(*args, **more)

    monkeypatch.setattr(versions.clocks, "carry_out", killed)
    with pytest.raises(KeyboardInterrupt):
        over(database)
    monkeypatch.undo()
    with database.reading() as session:
        assert [case.workflow_version for case in session.exec(select(Case).order_by(Case.id)).all()] == [
            2,
            1,
            1,
        ]
        assert list(faults(session)) == []
    assert over(database) == ["HCSP-ASB-2026-002", "HCSP-ASB-2026-003"]
    with database.reading() as session:
        moved = session.exec(select(Event).where(Event.kind == "workflow_migrated")).all()
        assert len(moved) == 3
        assert list(faults(session)) == []


def test_closed_cases_stay_and_people_do_not_do_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = acknowledged(session, cast)
        with pytest.raises(NotPermitted):
            versions.migrate(session, cast.actor(session, "manager"), case, TO, at=noon(TODAY))
        go(session, case, "withdraw", TOLD)
    assert over(database) == []


def test_a_case_whose_version_or_state_is_gone_is_found(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        gone, lost = applied(session, cast, APPLIED), applied(session, cast, APPLIED)
        gone.workflow_version, lost.state = 7, "scoping"
    with database.reading() as session:
        assert list(held_up(session)) == [
            "HCSP-ASB-2026-001: it runs on asb_case_review/7, which is not released here",
            "HCSP-ASB-2026-002: it is at scoping, and asb_case_review/1 has no such state",
        ]


def test_a_stage_holds_the_states_of_every_version() -> None:
    stages = stages_of([ASB_CASE_REVIEW, renamed(SECOND, "review_held", "commissioning")])
    assert {"scoping", "review_held", "commissioning", "review_scheduled"} <= stages["asb-review"][1]
