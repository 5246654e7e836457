"""An address from which mail comes back: nobody is reminded there, somebody else is instead, until it is put right."""

from datetime import date

import pytest
from sqlmodel import select

from tests.reminders.conftest import EIGHT, Office, words
from tracker.errors import BadInput, NotVisible
from tracker.models import Case, Event, Organisation, OutboxState, ReturningMail, SetupChange
from tracker.queries import due_dates, risk_items
from tracker.services import alerts, chasing, returning
from tracker.services.chasing import Chase
from workflows.deciders import Decider

MONDAY = date(2026, 11, 23)
FIRST, SECOND = EIGHT(date(2026, 11, 9)), EIGHT(date(2026, 11, 16))
LEAD = "lead@example.test"


def returns(office: Office, address: str = LEAD) -> int:
    with office.database.transaction() as session:
        returning.mark(session, address, "<one@here>", "5.1.1", FIRST)
        return session.exec(select(ReturningMail.id).where(ReturningMail.address == address)).one() or 0


def leads_date(office: Office) -> int:
    case = office.case(officer="officer", organisation=office.cast.police)
    office.deadline(case, MONDAY)
    return case


def test_what_waits_for_it_goes_to_whoever_stands_in(office: Office) -> None:
    leads_date(office)
    office.tick(FIRST)
    returns(office)
    office.deliver(FIRST)
    assert office.post.to(LEAD) == []
    office.round(FIRST)
    assert {mail["To"] for mail in office.post.mails} == {"officer@example.test", "mailbox@police.example"}
    [cancelled] = office.rows(OutboxState.CANCELLED)
    assert (cancelled.to_address, cancelled.last_error) == (LEAD, returning.RETURNS)


def test_an_agency_that_cannot_be_written_to_at_all_chases_the_officer_and_stays_at_risk(
    office: Office,
) -> None:
    leads_date(office)
    returns(office)
    returns(office, "mailbox@police.example")
    office.round(FIRST)
    [mail] = office.post.take()
    assert mail["To"] == "officer@example.test"
    assert "Nobody with whom it lies can be reminded" in words(mail)
    skipped = office.rows(OutboxState.SKIPPED)
    assert {(row.to_address, row.last_error) for row in skipped} == {(LEAD, returning.RETURNS)}
    with office.reading() as session:
        actor = office.cast.actor(session, "manager")
        horizon = due_dates.horizon_for(session, actor, date(2026, 11, 9))
        found, _ = risk_items.items(session, actor, horizon)
        assert any("did not arrive" in reason.words for item in found for reason in item.reasons)
    # A second tick decides nothing more, and the next step goes the same way.
    office.round(FIRST)
    assert office.post.take() == []
    office.round(SECOND)
    assert [mail["To"] for mail in office.post.take()] == ["officer@example.test"]


def test_it_cannot_be_chased_by_hand_either(small_office: Office) -> None:
    case = leads_date(small_office)
    for address in (LEAD, "mailbox@police.example"):
        returns(small_office, address)
    with small_office.database.transaction() as session:
        row = session.get_one(Case, case)
        with pytest.raises(chasing.NotPossible, match="mail to them comes back"):
            chasing.chase_now(
                session, small_office.cast.actor(session, "officer"), row, Chase("ACTION_TARGET"), at=FIRST
            )


def test_what_waits_for_a_decision_is_passed_on(small_office: Office) -> None:
    case = small_office.case(process="asb_case_review", officer="officer")
    with small_office.database.transaction() as session:
        row = session.get_one(Case, case)
        event = Event(id=7, case_id=case, seq=1, kind="case_moved", occurred_on=MONDAY, recorded_at=FIRST)
        alerts.tell(session, row, [Decider.CSP_CHAIR], event, at=FIRST)
    returns(small_office, "chair@example.test")
    small_office.deliver(EIGHT(date(2026, 11, 10)))
    assert [mail["To"] for mail in small_office.post.mails] == ["manager@example.test"]


def test_saying_that_it_works_again_lets_mails_go_there(office: Office) -> None:
    leads_date(office)
    number = returns(office)
    office.round(FIRST)
    office.post.take()
    with office.database.transaction() as session:
        officer = office.cast.actor(session, "officer")
        assert [row.address for row in returning.theirs(session, officer)] == [LEAD]
        for who in ("outsider", "lead"):
            with pytest.raises(NotVisible):
                returning.works_again(
                    session, office.cast.actor(session, who), number, why="They rang.", at=FIRST
                )
        with pytest.raises(BadInput, match="how you know"):
            returning.works_again(session, officer, number, why=" ", at=FIRST)
        for _ in range(2):
            returning.works_again(session, officer, number, why="They rang.", at=FIRST)
    with office.reading() as session:
        row = session.get_one(ReturningMail, number)
        assert (row.ended_at, row.ended_by_id, row.ended_why) == (
            FIRST,
            office.cast.people["officer"],
            "They rang.",
        )
    office.round(SECOND)
    assert LEAD in {mail["To"] for mail in office.post.mails}
    with office.database.transaction() as session:  # and it may come back once more: another row
        returning.mark(session, LEAD, "<two@here>", "5.1.1", SECOND)
        assert len(session.exec(select(ReturningMail)).all()) == 2


def test_an_agencys_mailbox_is_corrected_with_it(small_office: Office) -> None:
    old = "senior@police.example"
    number = returns(small_office, old)
    small_office.deadline(
        small_office.case(officer="officer", organisation=small_office.cast.police), date(2026, 10, 26)
    )
    small_office.round(EIGHT(date(2026, 11, 9)))  # ten working days late: the senior would be told
    with small_office.database.transaction() as session:
        officer = small_office.cast.actor(session, "officer")
        with pytest.raises(BadInput, match="another address"):
            returning.works_again(session, officer, number, why="Rang.", corrected=old, at=FIRST)
        returning.works_again(session, officer, number, why="Rang.", corrected="New@Police.example", at=FIRST)
    with small_office.reading() as session:
        police = session.get_one(Organisation, small_office.cast.police)
        assert (police.escalation_email, police.contact_email) == (
            "new@police.example",
            "mailbox@police.example",
        )
        assert session.get_one(ReturningMail, number).corrected_to == "new@police.example"
        history = session.exec(
            select(SetupChange).where(SetupChange.about == "agency:west-mercia-police")
        ).all()
        assert {(row.partnership_id, row.actor_id, row.reason) for row in history} == {
            (place, small_office.cast.people["officer"], "Rang.")
            for place in (small_office.cast.herefordshire, small_office.cast.worcestershire)
        }  # it works for both: a form that either has open is no longer what was seen
