"""The officer's morning and the manager's Monday, every line from what really is in the database (docs/ux.md (i) 4 and 5)."""

from datetime import date

from sqlmodel import select

from config import Settings
from tests.reminders.conftest import EIGHT, KEYED, WORKING_DAYS, Office, words
from tests.reminders.test_mail_bodies import MANAGERS_NOTE, has_the_same_words
from tests.reminders.test_six_texts import asked
from tracker import audit, rounds
from tracker.audit import Happened
from tracker.models import Case, Deadline, Organisation, Outbox, OutboxState
from tracker.policy import SYSTEM

MONDAY = date(2026, 11, 23)
FAR = date(2027, 6, 1)

OFFICERS_MORNING = """\
OVERDUE
  HCSP-DHR-2026-002  Tell the Home Office of the decision   due Thu 19 Nov  guidance, length set locally
  HCSP-ASB-2026-009  Update the person affected             due Fri 20 Nov  local target
  HCSP-DHR-2026-001  Review the hold                        due Sat 21 Nov  local target
DUE TODAY
  HCSP-ASB-2026-011  Send the outcome letter
  HCSP-ASB-2026-016  Safeguarding look at a new application
  HCSP-DHR-2026-001  Agency reports in (3 of 5)
CAME IN   1 application, 1 done to check, 1 wants more time, 1 not theirs, 1 e-mail came back
CANNOT BE REMINDED   4 actions have no date or no lead
  HCSP-ACT-2026-051  no date, no lead
  HCSP-ACT-2026-052  no date, no lead
  HCSP-ACT-2026-053  no date, no lead
  HCSP-ACT-2026-054  no date, no lead

Open Today: https://tracker.example/today
"""
"""Text 4 with its lines of the week, which name what cannot be reminded."""

MANAGERS_MONDAY = MANAGERS_NOTE.replace("1 override, ", "")
"""Text 5. Nobody asks for an override here: a manager who may go ahead with a reason does so on the page of the step."""


def morning(office: Office, on: date) -> None:
    settings = Settings(
        database_url=office.database.url, base_url="https://tracker.example", secret_key=KEYED.secret
    )
    rounds.run(settings, office.database, EIGHT(on), holder="here", transport=office.post)


def numbered(office: Office, number: int, process: str) -> int:
    """A case of the officer's by the number that the document gives it."""
    office.count = number - 1
    return office.case(process=process, officer="officer")


def action(office: Office, due_on: date = FAR, state: str = "agreed", **facts: str) -> int:
    """An action that an agency leads, and of which nobody is told: its date."""
    case = office.case(organisation=office.cast.police, officer="officer", state=state)
    office.change_case(case, facts={"last_update_on": "2026-11-20", **facts})
    number = office.deadline(case, due_on)
    office.change(number, next_notice_at=None)
    return number


def came_back(office: Office, number: int) -> None:
    """A reminder of this date was sent on Friday and came back."""
    at = EIGHT(date(2026, 11, 20))
    with office.database.transaction() as session:
        session.add(
            Outbox(
                dedupe_key=f"{number}:1:before-10:x", kind="reminder", to_address="x@police.example", who="lead",
                template="digest", case_id=session.get_one(Deadline, number).case_id, deadline_id=number, generation=1,
                rung="before-10", payload={"parts": ["lead"]}, owed_on=date(2026, 11, 20), not_before=at,
                created_at=at, sent_at=at, state=OutboxState.FAILED, last_error="It came back.",
            )
        )  # fmt: skip


def five_reports(office: Office, review: int) -> None:
    """Five agencies were asked for a report; three of them have sent it in."""
    for n in range(5):
        with office.database.transaction() as session:
            body = Organisation(
                key=f"body-{n}", name=f"Body {n}", kind="other", contact_email=f"b{n}@body.example"
            )
            session.add(body)
            session.flush()
            organisation = body.id or 0
        case = asked(office, review, organisation, **({"returned_on": "2026-11-10"} if n < 3 else {}))
        if n < 3:
            with office.reading() as session:
                number = session.exec(select(Deadline.id).where(Deadline.case_id == case)).one()
            office.meet(number or 0, date(2026, 11, 10))
            office.change_case(case, state="submitted")


def test_the_officers_morning(small_office: Office) -> None:
    office = small_office
    dhr2, asb9, dhr1 = (
        numbered(office, *which) for which in ((2, "dhr_2016"), (9, "asb_case_review"), (1, "dhr_2016"))
    )
    asb11, asb16 = numbered(office, 11, "asb_case_review"), numbered(office, 16, "asb_case_review")
    for case, label, due_on, force in (
        (dhr2, "Tell the Home Office of the decision", date(2026, 11, 19), "guidance"),
        (asb9, "Update the person affected", date(2026, 11, 20), "local"),
        (dhr1, "Review the hold", date(2026, 11, 21), "local"),
        (asb16, "Safeguarding look at a new application", MONDAY, "local"),
        (asb11, "Send the outcome letter", MONDAY, "local"),
    ):
        office.deadline(
            case, due_on, key=label, label=label, force=force, owner="bu_officer", rule=WORKING_DAYS
        )
    office.count = 20
    five_reports(office, dhr1)
    office.count = 40
    action(office, state="completed_unverified")
    action(office, update_kind="more_time")
    action(office, update_kind="not_ours")
    came_back(office, action(office))
    office.count = 50
    for _ in range(4):
        office.case(officer="officer")
    morning(office, date(2026, 11, 20))
    with office.database.transaction() as session:
        audit.record(
            session, session.get_one(Case, asb16), SYSTEM, Happened.CASE_OPENED,
            occurred_on=date(2026, 11, 21), at=EIGHT(date(2026, 11, 21)),
        )  # fmt: skip
    office.post.take()
    morning(office, MONDAY)
    [mail] = [m for m in office.post.to("officer@example.test") if "due today" in str(m["Subject"])]
    assert mail["Subject"] == "Monday 23 November: 3 overdue, 3 due today"
    assert words(mail) == OFFICERS_MORNING
    has_the_same_words(mail)


def test_the_managers_monday(small_office: Office) -> None:
    office = small_office
    for n in range(9):  # two of them have come due since the last note
        due_on, force = (
            date(2026, 11, 2 + n) if n < 7 else date(2026, 11, 18),
            "guidance" if n < 2 else "local",
        )
        number = office.deadline(
            office.case(process="asb_case_review", officer="officer"), due_on, key="X", force=force, owner="bu_officer"
        )  # fmt: skip
        office.change(number, next_notice_at=None)
    weeks = [date(2026, 12, 14)] * 4 + [
        date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 22),
        date(2026, 12, 23), date(2027, 1, 5), date(2027, 1, 6), date(2027, 1, 12), date(2027, 1, 13),
    ]  # fmt: skip
    for n, due_on in enumerate(weeks):
        if n < 3:
            action(office, due_on, state="completed_unverified")
        else:
            action(office, due_on, update_kind="more_time" if n < 5 else "not_ours")
    for _ in range(41):
        number = office.deadline(
            office.case(process="asb_case_review", officer="officer"),
            date(2026, 12, 7),
            key="X",
            owner="bu_officer",
        )
        office.change(number, next_notice_at=EIGHT(MONDAY))
    came_back(office, action(office))
    morning(office, date(2026, 11, 16))
    office.post.take()
    morning(office, MONDAY)
    [mail] = office.post.to("manager@example.test")
    assert mail["Subject"] == "9 overdue, 14 likely to be late by 14 February"
    assert words(mail) == MANAGERS_MONDAY
    has_the_same_words(mail)
    morning(office, MONDAY)
    assert len(office.post.to("manager@example.test")) == 1
