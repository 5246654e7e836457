"""The page "Reminders sent": every reminder with what became of it, to those who may open its case."""

from datetime import date, timedelta

from sqlmodel import select

from tests.reminders.conftest import EIGHT, Office
from tracker.audit import Happened, record
from tracker.models import Case, Event, Outbox, OutboxState
from tracker.policy import SYSTEM
from tracker.queries import reminders
from tracker.queries.reminders import ReminderFilters, RemindersPage, Result, did_not_arrive, reminders_sent
from tracker.services import alerts
from tracker.transports import Permanent
from workflows.deciders import Decider

MONDAY = date(2026, 11, 23)
NINTH = EIGHT(date(2026, 11, 9))


def page(office: Office, who: str, number: int = 1, **filters: object) -> RemindersPage:
    with office.reading() as session:
        actor = office.cast.actor(session, who)
        return reminders_sent(session, actor, ReminderFilters(**filters), number)  # type: ignore[arg-type]


def test_each_reminder_says_when_to_whom_about_what_and_what_became_of_it(office: Office) -> None:
    case = office.case(organisation=office.cast.police, officer="officer")
    number = office.deadline(case, MONDAY)
    office.tick(NINTH)
    office.post.raises = [None, Permanent("The mail server refuses the address (550).")]
    office.deliver(NINTH)
    with office.database.transaction() as session:
        record(
            session, session.get_one(Case, case), SYSTEM, Happened.ACTION_REPORTED,
            occurred_on=date(2026, 11, 12), at=NINTH + timedelta(days=3),
        )  # fmt: skip
    lead, officer = sorted(page(office, "officer").rows, key=lambda row: row.to)
    assert (lead.to, lead.reference, lead.about, lead.result) == (
        "Lead, West Mercia Police", "HCSP-ACT-2026-001", "Action target date", Result.SENT,
    )  # fmt: skip
    assert (lead.due_to_send_on, lead.sent_at, lead.answered_on) == (
        date(2026, 11, 9),
        NINTH,
        date(2026, 11, 12),
    )
    assert (officer.to, officer.result, officer.why, officer.answered_on) == (
        "Officer", Result.FAILED, "The mail server refuses the address (550).", None,
    )  # fmt: skip
    with office.reading() as session:
        actor = office.cast.actor(session, "officer")
        assert did_not_arrive(session, actor) == 1
    office.meet(number, date(2026, 11, 13))
    with office.reading() as session:
        assert did_not_arrive(session, office.cast.actor(session, "officer")) == 0


def test_a_decision_that_nobody_was_told_of_is_on_today_until_the_case_moves_on(office: Office) -> None:
    case = office.case(process="asb_case_review")
    with office.database.transaction() as session:
        event = Event(id=7, case_id=case, seq=1, kind="case_moved", occurred_on=MONDAY, recorded_at=NINTH)
        row = session.get_one(Case, case)
        alerts.tell(session, row, [Decider.CSP_CHAIR], event, at=NINTH - timedelta(days=3))
    office.post.raises = [Permanent("The mail server refuses the address (550).")]
    office.deliver(NINTH)
    for state, number in (("received", 1), ("threshold_check", 0)):
        office.change_case(case, state=state)
        with office.reading() as session:
            assert did_not_arrive(session, office.cast.actor(session, "officer")) == number
            assert did_not_arrive(session, office.cast.actor(session, "outsider")) == 0
        assert page(office, "officer", untold=True).total == number


def test_nobody_sees_reminders_about_cases_that_are_not_theirs(office: Office) -> None:
    office.deadline(
        office.case(process="dhr_2016", restricted=True, named=("officer",)), MONDAY, owner="bu_officer"
    )
    office.deadline(office.case(partnership=office.cast.worcestershire, prefix="WSCB"), MONDAY)
    office.tick(NINTH)
    seen = {
        who: {row.reference for row in page(office, who).rows}
        for who in ("officer", "manager", "outsider", "admin")
    }
    assert seen == {
        "officer": {"HCSP-DHR-2026-001"}, "manager": set(), "outsider": {"WSCB-ACT-2026-002"}, "admin": set(),
    }  # fmt: skip
    assert page(office, "manager").total == 0


def test_the_list_is_narrowed_and_paged_newest_first(office: Office) -> None:
    case = office.case(officer="officer")
    office.deadline(case, MONDAY, owner="bu_officer")
    for day in (9, 16, 20):
        office.tick(EIGHT(date(2026, 11, day)))
    assert [row.due_to_send_on.day for row in page(office, "officer").rows] == [20, 16, 9]
    assert [
        row.due_to_send_on.day
        for row in page(office, "officer", from_on=date(2026, 11, 10), to_on=date(2026, 11, 16)).rows
    ] == [16]
    assert page(office, "officer", result=Result.SENT).total == 0
    assert page(office, "officer", result=Result.WAITING, reference=" hcsp-act-2026-001 ").total == 3
    assert page(office, "officer", reference="HCSP-ACT-2026-999").total == 0


def test_a_page_too_far_is_the_last_one(small_office: Office) -> None:
    case = small_office.case(officer="officer")
    for number in range(reminders.PER_PAGE + 1):
        small_office.deadline(case, MONDAY, key=f"K{number}", owner="bu_officer")
    small_office.tick(NINTH)
    found = page(small_office, "officer", 9)
    assert (found.page, found.pages, len(found.rows), found.total) == (2, 2, 1, reminders.PER_PAGE + 1)


def test_every_state_of_the_outbox_is_some_result() -> None:
    found = {
        Result.of(Outbox(state=state, sent_at=sent_at)) for state in OutboxState for sent_at in (None, NINTH)
    }
    assert found == set(Result)


def test_the_list_is_narrowed_by_person_by_what_became_of_it_and_by_whether_it_was_answered(
    office: Office,
) -> None:
    case = office.case(organisation=office.cast.police, officer="officer")
    office.deadline(case, MONDAY)
    other = office.case(officer="officer2", organisation=office.cast.police)
    office.deadline(other, MONDAY, owner="bu_officer")
    office.round(NINTH)
    with office.database.transaction() as session:
        record(
            session, session.get_one(Case, case), SYSTEM, Happened.ACTION_REPORTED,
            occurred_on=date(2026, 11, 12), at=NINTH + timedelta(days=3),
        )  # fmt: skip
        back = session.exec(select(Outbox).where(Outbox.to_address == "officer2@example.test")).one()
        back.state, back.last_error = OutboxState.FAILED, "It came back (5.1.1)."
    with office.reading() as session:
        people = dict(reminders.recipients(session, office.cast.actor(session, "officer")))
        assert reminders.recipients(session, office.cast.actor(session, "outsider")) == (
            (reminders.MAILBOXES, "Agencies' mailboxes"),
        )
    own = str(office.cast.people["officer"])
    assert own in people
    assert [row.to for row in page(office, "officer", person=own).rows] == ["Officer"]
    assert page(office, "officer", person=reminders.MAILBOXES).total == 0
    assert {row.reference for row in page(office, "officer", answered=True).rows} == {"HCSP-ACT-2026-001"}
    assert page(office, "officer", answered=True).total == 2
    assert page(office, "officer", answered=False).total == 1
    [returned] = page(office, "officer", result=Result.RETURNED).rows
    assert (returned.why, returned.result) == ("It came back (5.1.1).", "came back")
    assert page(office, "officer", result=Result.FAILED).total == 0


def test_an_alert_is_listed_with_what_waits(small_office: Office) -> None:
    case = small_office.case(process="asb_case_review")
    with small_office.database.transaction() as session:
        session.add(
            Outbox(
                dedupe_key="alert:1:x", kind="alert", to_address="chair@example.test", who="chair", case_id=case,
                recipient_id=small_office.cast.people["chair"], template="alert", owed_on=date(2026, 11, 6),
                payload={"parts": ["chair"], "state": "received"}, not_before=NINTH, created_at=NINTH,
            )
        )  # fmt: skip
        assert session.exec(select(Case)).one().state == "received"
    [row] = page(small_office, "officer").rows
    assert (row.to, row.about, row.result) == ("Chair", "Received", Result.WAITING)
