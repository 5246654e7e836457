"""What has no date, no lead, or a lead body that no longer exists chases its officer, by reference and with the reason."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from config import Settings
from tests.reminders.conftest import EIGHT, Office, twin, words
from tracker import rounds
from tracker.models import Membership, Organisation, Role
from tracker.queries.unreminded import MOST_NAMED

MONDAY = date(2026, 11, 23)
OFFICER = "officer@example.test"


def end(office: Office, organisation: int) -> None:
    with office.database.transaction() as session:
        session.get_one(Organisation, organisation).to_on = date(2026, 10, 24)


def morning(office: Office, on: date) -> list[tuple[str, str]]:
    """The mails of one morning, as the timetable makes them: to whom, and the words."""
    settings = Settings(database_url=office.database.url)
    rounds.run(settings, office.database, EIGHT(on), holder="here", transport=office.post)
    return [(str(mail["To"]), words(mail)) for mail in office.post.mails]


@pytest.mark.parametrize(
    ("led", "dated", "reason"),
    [
        (True, False, "no date"),
        (False, True, "no lead"),
        (False, False, "no date, no lead"),
        (None, True, "Housing association led it and ended on 24 October 2026"),
    ],
)
def test_the_officer_alone_is_written_to_about_it(
    office: Office, led: bool | None, dated: bool, reason: str
) -> None:
    """``led`` None: by a body that has ended."""
    bodies = {True: office.cast.police, False: None, None: office.cast.housing}
    case = office.case(organisation=bodies[led], officer="officer")
    if dated:
        office.deadline(case, date(2027, 6, 1))
    if led is None:
        end(office, office.cast.housing)
    found = morning(office, MONDAY)
    assert [to for to, text in found if "HCSP-ACT-2026-001" in text] == [OFFICER]
    assert found[0][1] == (
        "CANNOT BE REMINDED   1 action has no date or no lead\n"
        f"  HCSP-ACT-2026-001  {reason}\n\nOpen Today: http://127.0.0.1:8000/today\n"
    )
    assert [to for to, _ in found] == [OFFICER]
    assert f"HCSP-ACT-2026-001  {reason}" in twin(office.post.take()[0])
    assert morning(office, MONDAY + timedelta(days=1)) == [], "once a week"
    [(to, text)] = morning(office, MONDAY + timedelta(days=7))
    assert (to, "HCSP-ACT-2026-001" in text) == (OFFICER, True)


def test_its_own_date_is_chased_from_the_officer_step_by_step(office: Office) -> None:
    case = office.case(organisation=office.cast.housing, officer="officer")
    office.deadline(case, MONDAY)
    end(office, office.cast.housing)
    mails: list[tuple[str, str]] = []
    for on in (9, 16, 20, 23, 24):
        mails += morning(office, date(2026, 11, on))
        office.post.take()
    assert {to for to, _ in mails} == {OFFICER, "manager@example.test"}
    why = "so this comes to you: Housing association led it and ended on 24 October 2026."
    assert [why in text for to, text in mails if to == OFFICER] == [True] * 5
    assert not [text for to, text in mails if to != OFFICER and "HCSP-ACT" in text]


def test_what_no_officer_has_comes_to_every_officer_and_without_one_to_the_manager(
    small_office: Office,
) -> None:
    small_office.case(organisation=small_office.cast.police)
    assert [to for to, _ in morning(small_office, MONDAY)] == ["officer2@example.test", OFFICER]
    small_office.post.take()
    with small_office.database.transaction() as session:
        for who in ("officer", "officer2"):
            number = small_office.cast.people[who]
            for held in session.exec(select(Membership).where(Membership.user_id == number)).all():
                held.role = Role.AUDITOR
    [(to, text)] = morning(small_office, MONDAY + timedelta(days=7))
    assert to == "manager@example.test"
    assert "  HCSP-ACT-2026-001  no date\n" in text


def test_whose_role_has_ended_is_written_to_no_more_and_the_others_are(small_office: Office) -> None:
    small_office.case(organisation=small_office.cast.police, officer="officer")
    with small_office.database.transaction() as session:
        number = small_office.cast.people["officer"]
        held = session.exec(select(Membership).where(Membership.user_id == number)).one()
        held.to_on = date(2026, 11, 20)
    assert [to for to, _ in morning(small_office, MONDAY)] == ["officer2@example.test"]


def test_a_long_list_says_how_many_more(small_office: Office) -> None:
    for _ in range(MOST_NAMED + 3):
        small_office.case(officer="officer")
    [(_, text)] = morning(small_office, MONDAY)
    assert "13 actions have no date or no lead" in text
    assert text.count("HCSP-ACT-") == MOST_NAMED
    assert "  And 3 more\n" in text
