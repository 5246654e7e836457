"""What an agency has answered is with the unit: the agency is not asked again, and the officer is, until it is decided."""

from datetime import date

import pytest

from tests.reminders.conftest import EIGHT, Office, words
from tracker.errors import NotPossible
from tracker.models import Case, LinkUse, OutboxState, UpdateLink, UpdateLinkUse
from tracker.services import chasing
from tracker.services.chasing import Chase

MONDAY = date(2026, 11, 23)
FIRST, SECOND = EIGHT(date(2026, 11, 9)), EIGHT(date(2026, 11, 16))
LATE = EIGHT(date(2026, 12, 7))  # ten working days after it, when the named senior is told


@pytest.mark.parametrize(
    "said",
    [
        {"state": "completed_unverified"},
        {"state": "agreed", "facts": {"update_kind": "more_time"}},
        {"state": "in_progress", "facts": {"update_kind": "not_ours"}},
    ],
)
def test_an_agency_that_has_answered_is_not_asked_again(
    small_office: Office, said: dict[str, object]
) -> None:
    office = small_office
    case = office.case(officer="officer", organisation=office.cast.police)
    office.deadline(case, MONDAY)
    office.tick(FIRST)
    office.change_case(case, **said)
    office.deliver(FIRST)  # decided before it answered, and asked about at the last moment
    office.round(FIRST)
    [mail] = office.post.take()
    assert mail["To"] == "officer@example.test"
    assert "can be reminded" not in words(mail)
    with office.database.transaction() as session:
        officer, row = office.cast.actor(session, "officer"), session.get_one(Case, case)
        with pytest.raises(NotPossible, match="waits for the business unit"):
            chasing.chase_now(session, officer, row, Chase("ACTION_TARGET"), at=FIRST)
    office.round(LATE)
    assert {mail["To"] for mail in office.post.take()} <= {"officer@example.test", "manager@example.test"}
    # Decided: it is theirs again, from the next step on.
    office.change_case(case, state="in_progress", facts={"update_kind": "progress"})
    office.round(EIGHT(date(2026, 12, 21)))
    assert "senior@police.example" in {row.to_address for row in office.rows(OutboxState.SENT)}


def test_a_request_about_which_something_was_asked_by_link_waits_for_the_unit(office: Office) -> None:
    case = office.case(officer="officer", organisation=office.cast.police)
    office.deadline(case, MONDAY)
    with office.database.transaction() as session:
        link = UpdateLink(
            address="lead@example.test", nonce="n", key_hash="h", created_at=FIRST, carried_at=FIRST
        )
        session.add(link)
        session.flush()
        use = UpdateLinkUse(link_id=link.id or 0, at=FIRST, what=LinkUse.ASKED, case_id=case, to_note=True)
        session.add(use)
        session.flush()
        number = use.id
    office.round(FIRST)
    assert [mail["To"] for mail in office.post.take()] == ["officer@example.test"]
    with office.database.transaction() as session:
        session.get_one(UpdateLinkUse, number).noted_at = FIRST
    office.round(SECOND)
    assert "lead@example.test" in {mail["To"] for mail in office.post.take()}
