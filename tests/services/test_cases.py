"""Cases, asked of the services: who may, what is possible, what the clocks do, what the history says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast, settle
from tracker import access
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible, NotVisible
from tracker.models import Case, Deadline, Event, Sensitivity
from tracker.queries.verification import faults
from tracker.services import cases, grants
from tracker.services.asked import FactsRequest, MoveRequest, NewCase
from workflows.engine import MoveRefused

RECEIVED = date(2026, 11, 2)
FRIDAY = date(2026, 11, 20)
SCOPING = {
    "csp_id": "herefordshire",
    "lead_officer_id": "officer@example.test",
    "death_month": "2026-10",
    "death_basis": "homicide",
    "deceased_pseudonym": "Rowan",
}


def log_dhr(session: Session, cast: Cast, who: str = "officer", **changes: object) -> Case:
    asked = NewCase(
        process="dhr_2016", partnership_id=cast.herefordshire, opened_on=RECEIVED,
        facts={"received_on": RECEIVED, "notification_source": "police"},
        sensitivity=Sensitivity.RESTRICTED, owner_user_id=cast.people["officer"],
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, who), replace(asked, **changes), at=NOON)


def ask(case: Case, on: date = MONDAY, **more: object) -> MoveRequest:
    return MoveRequest(seen_version=case.version, occurred_on=on, **more)


def clocks_of(session: Session, case: Case) -> dict[str, tuple[str, date | None]]:
    rows = session.exec(select(Deadline).where(Deadline.case_id == case.id).order_by(Deadline.id)).all()
    return {f"{d.key}{d.instance and '@'}{d.instance}": (d.status, d.due_on) for d in rows}


def test_logging_a_dhr_starts_the_decision_clock_from_receipt(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        assert case.reference == "HCSP-DHR-2026-001"
        assert case.state == "notified"
        assert clocks_of(session, case) == {"DECISION": ("running", date(2026, 12, 2))}
        events = session.exec(select(Event).where(Event.case_id == case.id).order_by(Event.seq)).all()
        assert [event.kind for event in events] == ["case_opened", "access_granted"]
    with database.reading() as session:
        assert list(faults(session)) == []


@pytest.mark.parametrize("who", ["chair", "decision-maker", "auditor", "admin", "outsider", "lead", "panel"])
def test_only_the_unit_of_the_partnership_logs(database: Database, cast: Cast, who: str) -> None:
    with database.transaction() as session, pytest.raises(NotPermitted):
        log_dhr(session, cast, who)


def test_a_received_date_in_the_future_is_refused(sqlite_database: Database) -> None:
    from tests.cast import settle

    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session, pytest.raises(BadInput, match="today or in the past"):
        log_dhr(session, cast, opened_on=date(2026, 11, 24))


@pytest.mark.parametrize("leads", ["outsider", "panel", "lead"])
def test_only_the_unit_of_the_partnership_leads_a_case(database: Database, cast: Cast, leads: str) -> None:
    """A restricted case is open to its lead officer, so nobody else is named for one."""
    with database.transaction() as session:
        with pytest.raises(BadInput, match="Lead officer must name somebody who is officer or manager"):
            log_dhr(session, cast, owner_user_id=cast.people[leads])
        assert session.exec(select(Case)).all() == []


def test_references_count_up_within_partnership_kind_and_year(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        made = [log_dhr(session, cast).reference for _ in range(3)]
        made.append(log_dhr(session, cast, opened_on=date(2025, 5, 1)).reference)
    assert made == [
        "HCSP-DHR-2026-001", "HCSP-DHR-2026-002", "HCSP-DHR-2026-003", "HCSP-DHR-2025-001",
    ]  # fmt: skip


def test_scoping_needs_its_facts_and_says_all_that_is_missing(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        with pytest.raises(MoveRefused) as refused:
            cases.move(session, officer, case, "begin_scoping", ask(case), at=NOON)
        assert {unmet.name for unmet in refused.value.unmet} == set(SCOPING)
        event = cases.move(session, officer, case, "begin_scoping", ask(case, facts=SCOPING), at=NOON)
        assert (event.from_state, event.to_state, case.state) == ("notified", "scoping", "scoping")
        running = clocks_of(session, case)
        assert running["SECURE_RECORDS"][0] == "running"
        assert case.facts["deceased_pseudonym"] == "Rowan"


def _to_decision(session: Session, cast: Cast) -> Case:
    case = log_dhr(session, cast)
    officer = cast.actor(session, "officer")
    cases.move(session, officer, case, "begin_scoping", ask(case, facts=SCOPING), at=NOON)
    facts = {
        "criteria_test": "The test was completed", "consultees": "Police, specialist service",
        "parallel_processes_checked": True, "decision_paper_doc": "link",
        "police_consulted": True, "specialist_da_consulted": True, "outstanding_summaries_acknowledged": True,
        "resulted_from": "", "relationship_type": "", "deceased_16_or_over": True,
    }  # fmt: skip
    facts = {name: _fitting(name, value) for name, value in facts.items()}
    cases.move(session, officer, case, "submit_for_decision", ask(case, facts=facts), at=NOON)
    return case


def _fitting(name: str, value: object) -> object:
    from workflows.dhr_2016_v1 import DHR_2016
    from workflows.facts import FactKind

    fact = DHR_2016.fact_by_name[name]
    match fact.kind:
        case FactKind.CHOICE:
            return fact.choices[0].value
        case FactKind.CHOICES:
            return tuple(choice.value for choice in fact.choices)
        case FactKind.DATE:
            return value if isinstance(value, date) else MONDAY
        case FactKind.YES_NO | FactKind.CONFIRM:
            return True
        case _:
            return value


DECISION = {
    "decision_on": MONDAY,
    "decision_maker_id": "chair@example.test",
    "decision_rationale": "It appears so",
}


def test_the_chair_decides_and_the_unit_records_only_with_evidence(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = _to_decision(session, cast)
        facts = {name: _fitting(name, value) for name, value in DECISION.items()} | {
            "definition_limb": _fitting("definition_limb", "x")
        }
        officer = cast.actor(session, "officer")
        with pytest.raises(NotPermitted, match="CSP chair"):
            cases.move(session, officer, case, "decide_to_review", ask(case, facts=facts), at=NOON)
        asked = ask(case, facts=facts, evidence="Minute 7 of 23 November 2026")
        event = cases.move(session, officer, case, "decide_to_review", asked, at=NOON)
        assert event.detail["on_behalf_of"] == "csp_chair"
        assert event.detail["evidence"] == "Minute 7 of 23 November 2026"
        clocks = clocks_of(session, case)
        assert clocks["DECISION"][0] == "met"
        assert clocks["REPORT_6M"] == ("running", date(2027, 5, 23))
        assert clocks["TELL_HO_DECISION"] == ("running", date(2026, 11, 30))
        assert case.facts["legal_basis"] == "csp_decision"
    with database.reading() as session:
        assert list(faults(session)) == []


def test_recording_a_fact_meets_the_clock_that_waits_for_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(
            session, cast, opened_on=FRIDAY, facts={"received_on": FRIDAY, "notification_source": "police"}
        )
        officer = cast.actor(session, "officer")
        cases.move(session, officer, case, "begin_scoping", ask(case, facts=SCOPING), at=NOON)
        asked = FactsRequest(case.version, MONDAY, {"records_secured_on": MONDAY})
        cases.record_facts(session, officer, case, asked, at=NOON)
        deadline = access.deadline_for(session, case, "SECURE_RECORDS")
        assert (deadline.status, deadline.met_on, deadline.next_notice_at) == ("met", MONDAY, None)


def test_a_date_met_late_needs_its_reason(database: Database, cast: Cast) -> None:
    later = datetime(2026, 12, 7, 12, tzinfo=UTC)
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        cases.move(session, officer, case, "begin_scoping", ask(case, facts=SCOPING), at=NOON)
        asked = FactsRequest(case.version, date(2026, 12, 7), {"records_secured_on": date(2026, 12, 7)})
        with pytest.raises(BadInput, match="Say why this is late"):
            cases.record_facts(session, officer, case, asked, at=later)
        event = cases.record_facts(
            session, officer, case, replace(asked, late_reason="Agency returns"), at=later
        )
        assert event.detail["late_reasons"] == "Agency returns"


def test_the_second_to_save_is_told_and_changes_nothing(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer, seen = cast.actor(session, "officer"), ask(case, facts=SCOPING)
        cases.record_facts(
            session,
            officer,
            case,
            FactsRequest(case.version, MONDAY, {"police_notified_on": RECEIVED}),
            at=NOON,
        )
        session.flush()
        with pytest.raises(ChangedMeanwhile):
            cases.move(session, officer, case, "begin_scoping", seen, at=NOON)
        assert case.state == "notified"


def test_pressing_twice_makes_one_event(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        asked = ask(case, facts=SCOPING, request_id="form-1")
        first = cases.move(session, officer, case, "begin_scoping", asked, at=NOON)
        again = cases.move(session, officer, case, "begin_scoping", asked, at=NOON)
        assert first.id == again.id
        again_logged = log_dhr(session, cast, request_id="log-1")
        assert log_dhr(session, cast, request_id="log-1").id == again_logged.id


def test_the_same_form_with_other_answers_is_no_double_press(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        cases.move(
            session, officer, case, "begin_scoping", ask(case, facts=SCOPING, request_id="form-1"), at=NOON
        )
        for other in ({**SCOPING, "deceased_pseudonym": "Hazel"}, {}):
            with pytest.raises(ChangedMeanwhile):
                cases.move(
                    session,
                    officer,
                    case,
                    "begin_scoping",
                    ask(case, facts=other, request_id="form-1"),
                    at=NOON,
                )
        told = FactsRequest(case.version, MONDAY, {"deceased_pseudonym": "1"}, request_id="form-2")
        first = cases.record_facts(session, officer, case, told, at=NOON)
        assert cases.record_facts(session, officer, case, told, at=NOON).id == first.id
        with pytest.raises(ChangedMeanwhile):
            cases.record_facts(
                session, officer, case, replace(told, facts={"deceased_pseudonym": "2"}), at=NOON
            )


def test_a_step_that_is_not_open_from_here_is_not_possible(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        with pytest.raises(NotPossible, match="Notified"):
            cases.move(session, cast.actor(session, "chair"), case, "publish", ask(case), at=NOON)


def test_a_final_state_leaves_no_clock_running(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer, manager = cast.actor(session, "officer"), cast.actor(session, "manager")
        cases.move(session, officer, case, "begin_scoping", ask(case, facts=SCOPING), at=NOON)
        from tracker.models import User

        grants.grant(
            session, officer, case, session.get_one(User, cast.people["manager"]), "Approves it", at=NOON
        )
        manager = cast.actor(session, "manager")
        cases.move(session, manager, case, "void", ask(case, facts={"void_reason": "Logged twice"}), at=NOON)
        assert case.closed_on == MONDAY
        assert {status for status, _ in clocks_of(session, case).values()} == {"cancelled"}


def test_a_restricted_case_is_invisible_to_those_not_named(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        reference = log_dhr(session, cast).reference
    with database.reading() as session:
        assert (
            access.case_for(session, cast.actor(session, "officer"), reference.lower()).reference == reference
        )
        for who in ("officer2", "manager", "chair", "auditor", "admin", "outsider", "lead", "panel"):
            actor = cast.actor(session, who)
            with pytest.raises(NotVisible) as absent:
                access.case_for(session, actor, reference)
            with pytest.raises(NotVisible) as missing:
                access.case_for(session, actor, "HCSP-DHR-2026-999")
            assert str(absent.value) == str(missing.value)


def test_an_undeclared_fact_or_a_wrong_kind_is_refused(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        for facts in (
            {"is_admin": True},
            {"received_on": "2026-11-02"},
            {"police_notified_on": date(2027, 1, 1)},
        ):
            with pytest.raises(BadInput):
                cases.record_facts(session, officer, case, FactsRequest(case.version, MONDAY, facts), at=NOON)


def test_a_day_before_there_was_such_a_process_is_one_sentence(sqlite_database: Database) -> None:
    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        asked = NewCase(
            process="dhr_2016", partnership_id=cast.herefordshire, opened_on=date(2016, 12, 1),
            facts={"received_on": date(2016, 12, 1), "notification_source": "police"},
        )  # fmt: skip
        with pytest.raises(BadInput, match="no such process yet on that day"):
            cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)
