"""Going live quietly: what is brought in comes as one digest to a person, and nothing singly on a date that was past already."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.reminders.conftest import EIGHT, Office, words
from tracker.imports.reader import read_plan
from tracker.models import Deadline, Organisation, Outbox, OutboxState
from tracker.queries.briefing import cannot_be_reminded
from tracker.services import plans
from tracker.services.foresight import foresee
from workflows.timescales import Context

MONDAY = date(2026, 11, 23)
IMPORTED = EIGHT(MONDAY) + timedelta(hours=4)
NEXT = EIGHT(MONDAY + timedelta(days=1))
HEADINGS = "Theme,Action,Lead,Timescale\n"
ROWS = "".join(
    f"Safer,Bring in measure number {n},{'West Mercia Police' if n % 2 else 'Housing'},"
    f"{(MONDAY - timedelta(days=20 + n)):%d/%m/%Y}\n"
    for n in range(300)
)


AFTERWARDS = f"Safer,Bring in one more,West Mercia Police,{MONDAY + timedelta(days=1):%d/%m/%Y}\n"
TOLD = ("chair", "lead", "manager", "officer", "officer2", "senior")


def bring_in(office: Office, rows: str) -> None:
    reading = read_plan(
        (HEADINGS + rows).encode(),
        "plan.csv",
        Context(plan_start=date(2025, 4, 1), plan_end=date(2027, 3, 31)),
    )
    with office.database.transaction() as session:
        officer = office.cast.actor(session, "officer")
        asked = plans.NewPlan(office.cast.herefordshire, "Plan", reading, date(2025, 4, 1), date(2027, 3, 31))
        plans.import_plan(session, officer, asked, at=IMPORTED)


def morning(office: Office, on: date) -> list[tuple[str, str, bool]]:
    """Mailbox, subject and whether alone of each mail of a morning, which are those that the dry run foresaw."""
    with office.reading() as session:
        foreseen = foresee(session, EIGHT(on))
    office.round(EIGHT(on))
    sent: dict[str, list[Outbox]] = defaultdict(list)
    for row in office.rows(OutboxState.SENT):
        if row.sent_at == EIGHT(on):
            sent[str(row.message_id)].append(row)
    assert Counter((mail.notices, mail.singly) for mail in foreseen) == Counter(
        (len(rows), rows[0].singly) for rows in sent.values()
    )
    mails = office.post.take()
    assert {str(mail["Message-ID"]) for mail in mails} == set(sent)
    return sorted(
        (str(mail["To"]).split("@")[0], str(mail["Subject"]), sent[str(mail["Message-ID"])][0].singly)
        for mail in mails
    )


def test_three_hundred_actions_whose_dates_are_past_give_one_digest_to_a_person(office: Office) -> None:
    bring_in(office, ROWS)
    first = morning(office, MONDAY + timedelta(days=1))
    assert tuple(to for to, _, _ in first) == TOLD
    subjects = {to: subject for to, subject, _ in first}
    for whole in ("officer", "officer2", "manager"):  # of the unit: what is not listed counts too
        assert subjects[whole] == "Tuesday 24 November: 300 overdue, 0 due today"
    assert subjects["lead"] == "150 actions need an update, 150 are overdue"  # the others are with Housing
    for day in range(2, 5):
        mails = morning(office, MONDAY + timedelta(days=day))
        assert max(Counter(to for to, _, _ in mails).values()) == 1
        assert not any(singly for _, _, singly in mails)
    assert not any(row.singly for row in office.rows())


def test_what_becomes_due_after_it_was_brought_in_goes_as_ever(office: Office) -> None:
    bring_in(office, ROWS.split("\n")[1] + "\n" + AFTERWARDS)
    mails = [morning(office, MONDAY + timedelta(days=day)) for day in range(1, 5)]
    assert {mail[:2] for some in mails for mail in some if mail[2]} == {
        ("lead", "1 action was due yesterday"),
        ("manager", "An item is 1 day overdue"),
    }
    assert len({row.deadline_id for row in office.rows()}) == 2
    assert len({row.deadline_id for row in office.rows() if row.singly}) == 1


def test_a_date_moved_after_it_was_brought_in_is_one_like_any_other(small_office: Office) -> None:
    bring_in(small_office, ROWS.split("\n")[1] + "\n")
    with small_office.database.transaction() as session:
        deadline = session.exec(select(Deadline)).one()
        deadline.due_on, deadline.generation = MONDAY + timedelta(days=2), 2
        deadline.next_notice_at = EIGHT(MONDAY + timedelta(days=3))
    mails = morning(small_office, MONDAY + timedelta(days=3))
    assert ("lead", "1 action was due yesterday", True) in mails


@pytest.mark.parametrize("why", ["no lead", "ended"])
def test_what_has_no_lead_any_more_comes_to_the_officer(small_office: Office, why: str) -> None:
    body = small_office.cast.housing
    case = small_office.case(organisation=None if why == "no lead" else body, officer="officer")
    if why == "ended":
        with small_office.database.transaction() as session:
            session.get_one(Organisation, body).to_on = MONDAY - timedelta(days=30)
    small_office.deadline(case, MONDAY)
    small_office.round(EIGHT(date(2026, 11, 9)))
    [mail] = small_office.post.mails
    assert mail["To"] == "officer@example.test"
    reason = "no lead" if why == "no lead" else "Housing association led it and ended on 24 October 2026"
    assert f"Nobody with whom it lies can be reminded, so this comes to you: {reason}." in words(mail)
    assert [(row.to_address, row.state) for row in small_office.rows()] == [("officer@example.test", "sent")]


@pytest.mark.parametrize("why", ["no lead", "no date", "ended"])
def test_the_officers_digest_counts_what_nobody_can_be_reminded_of(small_office: Office, why: str) -> None:
    body = small_office.cast.housing
    case = small_office.case(organisation=None if why == "no lead" else body, officer="officer")
    if why != "no date":
        small_office.deadline(case, MONDAY)
    if why == "ended":
        with small_office.database.transaction() as session:
            session.get_one(Organisation, body).to_on = MONDAY - timedelta(days=30)
    with small_office.reading() as session:
        said = cannot_be_reminded(session, small_office.cast.actor(session, "officer"), MONDAY)
    assert said.startswith("1 action"), said
