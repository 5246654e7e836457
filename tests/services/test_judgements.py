"""What the rules read from the record of a date, and a manager's own reading beside it."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.filling import log_action, log_asb, log_dhr
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted
from tracker.models import Case, CaseGrant, Deadline, Event, Outbox, OutboxState
from tracker.queries import risk_items
from tracker.queries.due_dates import horizon_for
from tracker.queries.risk_items import RiskItem
from tracker.services import actions, acts, dates, deadlines, judgements
from tracker.services.actions import Answer, Update
from tracker.services.date_requests import Extension
from tracker.services.judgements import AS_THE_RULES, IN_TIME, LATE, Judgement
from workflows.effects import Start
from workflows.likely_late import Sign


def items(session: Session, cast: Cast, who: str = "officer", on: date = MONDAY) -> dict[str, RiskItem]:
    actor = cast.actor(session, who)
    found, _ = risk_items.items(session, actor, horizon_for(session, actor, on))
    return {f"{item.reference} {item.what}": item for item in found}


def signs(session: Session, cast: Cast, who: str = "officer", on: date = MONDAY) -> dict[str, list[str]]:
    """The reasons of each date that is likely late."""
    return {
        key: [r.words for r in item.reasons]
        for key, item in items(session, cast, who, on).items()
        if item.late
    }


def target(session: Session, case: Case) -> Deadline:
    return session.exec(select(Deadline).where(Deadline.case_id == case.id)).one()


def child(session: Session, cast: Cast, parent: Case, process: str, **facts: object) -> Case:
    return acts.open_child(
        session, cast.actor(session, "officer"), parent, process, facts, MONDAY - timedelta(days=3),
        owner=cast.police if process == "information_request" else None, title="", request_id=None, at=NOON,
    )  # fmt: skip


def test_what_a_lead_says_or_does_not_say_makes_an_action_likely_late(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        lead = cast.actor(session, "lead")
        due = {title: MONDAY + timedelta(days=days) for title, days in
               (("Silent", 20), ("Far", 60), ("Heard", 21), ("Theirs", 70), ("Asked", 71), ("Done", 72))}  # fmt: skip
        made = {
            title: log_action(session, cast, on, lead=cast.police, title=title) for title, on in due.items()
        }
        for title, update in (
            ("Heard", Update(Answer.PROGRESS, made["Heard"].version, note="Half done")),
            ("Theirs", Update(Answer.NOT_OURS, made["Theirs"].version, note="Not ours")),
            (
                "Asked",
                Update(Answer.MORE_TIME, made["Asked"].version, note="Ill", asked_for_on=date(2027, 3, 1)),
            ),
            ("Done", Update(Answer.DONE, made["Done"].version, note="All of it")),
        ):
            actions.report(session, lead, made[title], update, at=NOON)
        session.add(
            Outbox(
                dedupe_key="x", kind="reminder", to_address="lead@example.test", who="lead", template="item",
                case_id=made["Silent"].id, deadline_id=target(session, made["Silent"]).id, generation=1,
                owed_on=MONDAY, not_before=NOON, sent_at=NOON, created_at=NOON, state=OutboxState.SENT,
            )
        )  # fmt: skip
        session.flush()
        found = signs(session, cast)
    assert {key.partition(" ")[2]: words for key, words in found.items()} == {
        "Silent": ["No answer for 90 days, 1 reminder"],
        "Theirs": ["The lead says that it is not theirs"],
        "Asked": ["Asked to move it, to 1 March 2027"],
        "Done": ["Reported as done, not verified yet"],
    }


def test_returns_that_are_out_and_reminders_that_fail_make_a_date_likely_late(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        on = date(2026, 11, 6)
        case = log_asb(session, cast, on=on, state="threshold_check", opening=(Start("C5"), Start("C13")))
        child(session, cast, case, "information_request", kind="agency_return", agency="west-mercia-police",
              requested_on=MONDAY - timedelta(days=3), asked_for="Reports")  # fmt: skip
        action = log_action(session, cast, MONDAY + timedelta(days=80), lead=cast.housing, title="Mail")
        for generation, state in ((1, OutboxState.FAILED), (7, OutboxState.FAILED)):
            session.add(
                Outbox(
                    dedupe_key=f"f{generation}", kind="reminder", to_address="gone@example.test", who="lead",
                    template="item", case_id=action.id, deadline_id=target(session, action).id,
                    generation=generation, owed_on=MONDAY, not_before=NOON, created_at=NOON, state=state,
                )
            )  # fmt: skip
        session.flush()
        found = signs(session, cast)
        by_sign = {key: [r.sign for r in one.reasons] for key, one in items(session, cast).items()}
    assert found["HCSP-ASB-2026-001 Threshold decision told"] == [
        "1 agency return outstanding, 4 working days left"
    ]
    assert found["HCSP-ACT-2026-001 Mail"] == ["1 reminder did not arrive"]
    assert [key for key, there in by_sign.items() if Sign.RETURNS in there and "ASB" in key] == [
        "HCSP-ASB-2026-001 Threshold decision told"
    ]  # an update of the person affected needs no return


def test_a_hold_and_a_step_not_started_stand_in_the_way_of_a_report(database: Database, cast: Cast) -> None:
    report, soon = "HCSP-DHR-2026-001 Complete overview report", MONDAY + timedelta(days=49)
    with database.transaction() as session:
        dhr = log_dhr(session, cast, on=date(2026, 7, 1), state="gathering", opening=())
        session.add(
            Deadline(
                case_id=dhr.id, key="REPORT_6M", label="Complete overview report", rule={}, basis="x",
                force="guidance", length_local=False, owner="csp_chair", starts_on=date(2026, 7, 11),
                due_on=soon, first_due_on=soon, recorded_at=NOON,
            )
        )  # fmt: skip
        session.flush()
        assert signs(session, cast)[report] == [
            "Not started: first full draft of overview report. It usually takes 40 working days;"
            " 32 working days left"
        ]
        child(session, cast, dhr, "hold", kind="partial", reason="criminal_proceedings", requested_by="Police",
              placed_on=MONDAY, review_on=soon, still_permitted_work="Reading")  # fmt: skip
        trial = child(
            session, cast, dhr, "parallel_process", kind="criminal", identified_on=MONDAY, led_by="The court"
        )
        assert signs(session, cast)[report][0] == "Waits for the criminal proceedings, with no date yet"
        trial.facts = {**trial.facts, "next_date_on": "2027-02-01"}
        session.add(trial)
        session.flush()
        assert signs(session, cast)[report][0] == "Waits for the criminal proceedings, listed 1 February 2027"
        assert report not in items(session, cast, "manager")  # nobody named them for it
        session.add(CaseGrant(case_id=dhr.id, user_id=cast.people["manager"], why="Theirs", granted_at=NOON))
        session.flush()
        assert signs(session, cast, "manager")[report] == signs(session, cast)[report]
        assert not items(session, cast, "outsider")


def test_a_managers_reading_counts_until_the_date_moves_and_both_are_shown(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        action = log_action(session, cast, MONDAY + timedelta(days=20), lead=cast.police, title="Silent")
        manager, deadline = cast.actor(session, "manager"), target(session, action)
        key = f"{action.reference} Silent"

        def judge(
            reading: str, who: str = "manager", reason: str = "They called.", request: str = ""
        ) -> Event:
            asked = Judgement(reading, reason, action.version, request or None)
            return judgements.judge(session, cast.actor(session, who), action, deadline, asked, at=NOON)

        assert items(session, cast)[key].late
        first = judge(IN_TIME, request="one")
        assert judge(IN_TIME, request="one").id == first.id
        item = items(session, cast)[key]
        assert (item.late, item.why) == (False, "No answer for 90 days")
        assert (
            item.judged_words == "A manager expects it in time, said on Monday 23 November 2026: They called."
        )
        judge(AS_THE_RULES)
        assert items(session, cast)[key].late
        judge(IN_TIME)
        dates.change_date(
            session, manager, action, deadline,
            Extension(n=1, agreed_on=MONDAY, reason="Agreed", evidence="Minute 3", told="The lead"),
            seen_version=action.version, at=NOON,
        )  # fmt: skip
        assert items(session, cast)[key].judged is None
        judge(LATE, reason="The lead has left.")
        assert items(session, cast)[key].late
        for who in ("officer", "chair", "lead", "outsider"):
            with pytest.raises(NotPermitted):
                judge(LATE, who)
        for reading, reason in ((LATE, " "), ("perhaps", "Because")):
            with pytest.raises(BadInput):
                judge(reading, reason=reason)
        with pytest.raises(ChangedMeanwhile):
            judgements.judge(
                session, manager, action, deadline, Judgement(LATE, "x", action.version - 1), at=NOON
            )
        events = session.exec(select(Event).where(Event.kind == "risk_judged")).all()
        assert [event.name for event in events] == [IN_TIME, AS_THE_RULES, IN_TIME, LATE]
        assert deadlines.ledger_of(session, deadline)[-1].reason == "Agreed"
