"""The texts of docs/ux.md (i), letter by letter, as they are really sent: with the links that every installation has.

A key stands here as ``KEY``; where the document breaks a long line the mail does not.
"""

import re
from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.reminders.conftest import EIGHT, KEYED, WORKING_DAYS, Office, words
from tests.reminders.test_mail_bodies import has_the_same_words
from tracker.models import Deadline, Organisation, Partnership, Plan
from tracker.queries import reminders as ledger
from tracker.services import cases, returning
from tracker.services.asked import MoveRequest, NewCase
from tracker.services.bounces import Returned, came_back
from tracker.services.ladders import ladder_to
from workflows.dates import Unit
from workflows.ladder import Rung, Who

MONDAY = date(2026, 11, 23)
KEY = re.compile(r"/u/(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}/")

LEADS_DIGEST = """\
Hello

These actions in the 2026 to 2027 plan are with District Licensing.

1. Extend the night-time economy scheme to Leominster      HCSP-ACT-2026-027
   Due Monday 30 November 2026 (in 5 working days). First due 30 September 2026.
   Update it: https://tracker.example/u/KEY/HCSP-ACT-2026-027

2. Review licensing data with the police                   HCSP-ACT-2026-033
   Due Thursday 31 December 2026. You have not told us anything since 21 August.
   Update it: https://tracker.example/u/KEY/HCSP-ACT-2026-033

It takes about a minute and needs no password. You can say: no change, progress, done,
more time, or not ours. Opening a link changes nothing until you press "Send this update".

Reply to this e-mail to reach the business unit.
Herefordshire Community Safety Partnership
"""

FIRST_OVERDUE = """\
The agency report (IMR) for HCSP-DHR-2026-001 was due on Monday 23 November 2026.
It is a local target set in the terms of reference. We have not had it.

Please do one of these today:
  Send it, ask for more time, or tell us it is with someone else:
  https://tracker.example/u/KEY/HCSP-INF-2026-002
You will be asked for a six-digit code, which we send to this address.

If nothing reaches us by Monday 7 December 2026 we will write to your head of service.
"""

TO_THE_OFFICER = """\
The agency report (IMR) for HCSP-DHR-2026-001 was due on Monday 23 November 2026.
It is a local target set in the terms of reference. It is with Probation Service, and not recorded as done.

Record it when it is done, or ask for more time with a reason:
  https://tracker.example/cases/HCSP-INF-2026-002

If nothing reaches us by Monday 7 December 2026 we will write to the head of service.
"""

ESCALATION = """\
HCSP-DHR-2026-001, agency report (IMR). Due Monday 23 November 2026, local target.
With: Probation Service lead. Reminders: 9, 16, 20, 23, 24 and 30 November. No answer to any of them.

We need the report, a new date with a reason, or the name of someone else to ask.
Reply to this e-mail, or call the business unit on 01632 960001.
If there is no answer by Monday 14 December 2026 this goes to the partnership chair.
"""


@pytest.fixture
def keyed(small_office: Office) -> Office:
    """The office with its secret, its telephone number and the agencies of the document."""
    small_office.letterhead = KEYED
    with small_office.database.transaction() as session:
        session.get_one(Partnership, small_office.cast.herefordshire).unit_phone = "01632 960001"
    return small_office


def call(office: Office, name: str) -> None:
    with office.database.transaction() as session:
        session.get_one(Organisation, office.cast.police).name = name


def said(text: str) -> str:
    return KEY.sub("/u/KEY/", text)


def asked(office: Office, review: int, organisation: int, due_on: date = MONDAY, **facts: str) -> int:
    """A report that an agency was asked for; the row number of the request."""
    case = office.case(
        process="information_request", restricted=True, named=("officer", "manager"), officer="officer",
        organisation=organisation,
    )  # fmt: skip
    office.change_case(case, parent_id=review, facts={"kind": "imr", **facts})
    office.deadline(case, due_on, key="IMR", label="Individual management review", rule=WORKING_DAYS)
    return case


def test_the_leads_digest(keyed: Office) -> None:
    call(keyed, "District Licensing")
    early = ladder_to((Rung("before-40", -40, Unit.WORKING_DAYS, (Who.LEAD,)),))
    for number, title, due_on, first, told in (
        (27, "Extend the night-time economy scheme to Leominster", date(2026, 11, 30), date(2026, 9, 30), "2026-11-03"),
        (33, "Review licensing data with the police", date(2026, 12, 31), None, "2026-08-21"),
    ):  # fmt: skip
        keyed.count = number - 1
        case = keyed.case(organisation=keyed.cast.police, officer="officer", title=title)
        keyed.change_case(case, facts={"last_update_on": told})
        keyed.change(keyed.deadline(case, due_on, first_due_on=first), ladder=early)
    with keyed.database.transaction() as session:
        plan = session.exec(select(Plan)).one()
        plan.starts_on, plan.ends_on = date(2026, 4, 1), date(2027, 3, 31)
    keyed.round(EIGHT(MONDAY))
    [mail] = keyed.post.to("lead@example.test")
    assert mail["Subject"] == "2 actions need an update by Monday 30 November"
    assert said(words(mail)) == LEADS_DIGEST


def test_the_first_day_overdue_and_the_escalation(keyed: Office) -> None:
    call(keyed, "Probation Service")
    review = keyed.case(process="dhr_2016", restricted=True, named=("officer", "manager"), officer="officer")
    asked(keyed, review, keyed.cast.police)
    for month, day in ((11, 9), (11, 16), (11, 20), (11, 23), (11, 24), (11, 30), (12, 7)):
        keyed.round(EIGHT(date(2026, month, day)))
    late = {mail["To"]: mail for mail in keyed.post.mails if "was due" in str(mail["Subject"])}
    assert {mail["Subject"] for mail in late.values()} == {"1 agency report was due yesterday"}
    assert {to: said(words(mail)) for to, mail in late.items()} == {
        "lead@example.test": FIRST_OVERDUE, "officer@example.test": TO_THE_OFFICER,
    }  # fmt: skip
    [mail] = keyed.post.to("senior@police.example")
    assert mail["Subject"] == "An item with your service is 10 working days overdue"
    assert words(mail) == ESCALATION


APPLIED = """\
Thank you. Your reference is HCSP-ASB-2026-001.
The officer handling your case will contact you by Friday 27 November 2026. We aim to tell you our decision by
Friday 11 December 2026. These are our published local targets.
Keep reporting what happens, to the police on 101 or to the council. In danger, call 999.
To add something or ask a question, reply to this e-mail or call 01632 960001.
"""
NIGHT = EIGHT(MONDAY) - timedelta(hours=10)
"""An application of Friday is logged on Sunday night: at any hour the applicant hears at once."""


def logged(office: Office, contact: str, **facts: object) -> None:
    with office.database.transaction() as session:
        partnership = session.get_one(Partnership, office.cast.herefordshire)
        partnership.unit_phone, partnership.unit_mailbox = "01632 960001", "unit@council.example"
        asked = NewCase(
            process="asb_case_review", partnership_id=office.cast.herefordshire, opened_on=date(2026, 11, 20),
            facts={
                "applicant_name": "Canary", "applicant_contact": contact, "area": "Herefordshire",
                "description": "Canary noise", "application_date": date(2026, 11, 20), "channel": "web", **facts,
            },
            request_id="one",
        )  # fmt: skip
        actor = office.cast.actor(session, "officer")
        case = cases.log_case(session, actor, asked, at=NIGHT)
        submit = MoveRequest(case.version, date(2026, 11, 20))
        cases.move(session, actor, case, "submit", submit, at=NIGHT)
        assert cases.log_case(session, actor, asked, at=NIGHT).id == case.id


def test_the_applicant_is_thanked_once_at_any_hour(office: Office) -> None:
    logged(office, " Applicant@Home.example ")
    office.deliver(NIGHT + timedelta(seconds=30))
    office.deliver(NIGHT + timedelta(minutes=5))
    [mail] = office.post.mails
    assert (mail["To"], mail["Subject"]) == ("Applicant@Home.example", "We have your application")
    assert mail["From"] == "Herefordshire Community Safety Partnership case tracker <tracker@council.example>"
    assert mail["Reply-To"] == "unit@council.example"
    assert words(mail) == APPLIED
    has_the_same_words(mail)
    assert "Canary" not in str(mail)
    [row] = [row for row in office.rows() if row.template == "applied"]
    assert (row.state, row.to_address) == ("sent", "the applicant of HCSP-ASB-2026-001")
    assert "Home.example" not in str(row.model_dump())
    with office.reading() as session:
        shown = ledger.reminders_sent(
            session, office.cast.actor(session, "officer"), ledger.ReminderFilters()
        )
    assert [(one.to, one.about) for one in shown.rows] == [("applicant", "We have your application")]


def test_thanks_that_come_back_stand_on_today_until_the_application_is_acknowledged(office: Office) -> None:
    logged(office, "applicant@home.example")
    office.deliver(NIGHT)
    [thanks] = [row for row in office.rows() if row.template == "applied"]
    with office.database.transaction() as session:
        assert came_back(session, Returned(str(thanks.message_id), "", "5.1.1"), at=NIGHT) == 1
        officer = office.cast.actor(session, "officer")
        assert returning.theirs(session, officer) == [], "nobody stands in for an applicant"
        assert ledger.did_not_arrive(session, officer) == 1
        shown = ledger.reminders_sent(session, officer, ledger.ReminderFilters(untold=True))
        assert [(one.to, one.about) for one in shown.rows] == [("applicant", "We have your application")]
        assert ledger.did_not_arrive(session, office.cast.actor(session, "outsider")) == 0
        for clock_ in session.exec(select(Deadline).where(Deadline.key == "C1")).all():
            clock_.status = "met"
        session.flush()
        assert ledger.did_not_arrive(session, officer) == 0


@pytest.mark.parametrize(
    ("contact", "facts"),
    [
        ("01632 960002", {}),
        ("Never by e-mail: applicant@home.example", {}),
        ("a@home.example, b@home.example", {}),
        ("applicant@home.example", {"unsafe_channels": ("email",)}),
    ],
)
def test_nobody_is_thanked_where_it_may_not_be_safe(
    small_office: Office, contact: str, facts: dict[str, object]
) -> None:
    logged(small_office, contact, **facts)
    small_office.deliver(NIGHT)
    assert small_office.post.mails == []
    assert not [row for row in small_office.rows() if row.template == "applied"]


def test_of_days_that_have_passed_the_applicant_is_told_nothing(small_office: Office) -> None:
    logged(small_office, "applicant@home.example")
    small_office.deliver(EIGHT(date(2026, 12, 8)))
    [mail] = small_office.post.mails
    assert "contact you by" not in words(mail)
    assert "decision by\nFriday 11 December 2026. This is our published local target.\n" in words(mail)
    small_office.post.take()
