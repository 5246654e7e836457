"""The words of the mails, and what can never be in them."""

import dataclasses
import json
import re
from datetime import date, timedelta
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes
from sqlmodel import select

from tests.reminders.conftest import EIGHT, WORKING_DAYS, Office, twin, words
from tracker import audit
from tracker.audit import Happened
from tracker.mails import FILTERS, FOLDER, CannotBeWritten, Envelope, MailItem, MailWords, days_in_words, draw
from tracker.models import Case, CaseParty, Deadline, Event, Outbox, OutboxState, Partnership, User
from tracker.services.applied_mails import AppliedWords
from tracker.services.link_mails import LinkWords
from tracker.services.mailing import Brief
from tracker.services.wording import kind_of

MONDAY = date(2026, 11, 23)
SIGNATURE = "Herefordshire Community Safety Partnership"

OFFICERS_DIGEST = """\
OVERDUE
  HCSP-DHR-2026-001  Tell the Home Office of the decision   due Thu 19 Nov  guidance, length set locally
  HCSP-ASB-2026-002  Update the person affected             due Fri 20 Nov  local target
  HCSP-DHR-2026-001  Review the hold                        due Sat 21 Nov  local target
DUE TODAY
  HCSP-ASB-2026-003  Send the outcome letter
  HCSP-ASB-2026-004  Safeguarding look at a new application
  HCSP-DHR-2026-001  Agency reports in (3 of 5)
CAME IN   1 application, 1 done to check, 1 wants more time, 1 not theirs, 1 e-mail came back
CANNOT BE REMINDED   4 actions have no date or no lead

Open Today: https://tracker.example/today
"""

MANAGERS_NOTE = """\
Overdue now: 9 (0 statutory duties, 2 guidance limits, 7 local targets). Last week: 7.
Likely to be late: 14. The week of 14 December has 4.
Waiting for you: 2 requests for more time, 1 override, 3 finished actions to verify.
Reminders: 41 sent this morning, 1 came back.
https://tracker.example/at-risk
"""


def _report(office: Office) -> list[EmailMessage]:
    case = office.case(process="dhr_2016", restricted=True, named=("officer", "manager"), officer="officer")
    office.deadline(
        case, MONDAY, key="IMR", label="Individual management review", instance="west-mercia-police", rule=WORKING_DAYS
    )  # fmt: skip
    with office.database.transaction() as session:
        session.get_one(Partnership, office.cast.herefordshire).unit_phone = "01632 960001"
    for month, day in ((11, 9), (11, 16), (11, 20), (11, 23), (11, 24), (11, 30), (12, 7)):
        office.round(EIGHT(date(2026, month, day)))
    return office.post.mails


def test_an_escalation_says_when_something_was_answered(small_office: Office) -> None:
    _report(small_office)
    with small_office.database.transaction() as session:
        audit.record(
            session, session.get_one(Case, 1), small_office.cast.actor(session, "officer"), Happened.FACTS_RECORDED,
            occurred_on=date(2026, 12, 9), at=EIGHT(date(2026, 12, 9)),
        )  # fmt: skip
    small_office.post.take()
    small_office.round(EIGHT(date(2026, 12, 14)))
    [mail] = small_office.post.mails
    assert mail["Subject"] == "An item is 15 working days overdue"
    assert "Last answer: 9 December 2026." in words(mail)


def test_the_officers_digest(small_office: Office) -> None:
    review = small_office.case(process="dhr_2016", officer="officer", title="CANARY")
    cases = [review] + [
        small_office.case(process="asb_case_review", officer="officer", title="CANARY") for _ in range(3)
    ]
    for n, label, due_on, force in (
        (0, "Tell the Home Office of the decision", date(2026, 11, 19), "guidance"),
        (1, "Update the person affected", date(2026, 11, 20), "local"),
        (0, "Review the hold", date(2026, 11, 21), "local"),
        (2, "Send the outcome letter", MONDAY, "statute"),
        (3, "Safeguarding look at a new application", MONDAY, "guidance"),
        (0, "Agency reports in (3 of 5)", MONDAY, "local"),
    ):
        small_office.deadline(
            cases[n], due_on, key=label, label=label, force=force, owner="bu_officer", rule=WORKING_DAYS
        )
    small_office.round(EIGHT(date(2026, 11, 20)))
    small_office.tick(EIGHT(MONDAY))
    brief = Brief(
        came_in="1 application, 1 done to check, 1 wants more time, 1 not theirs, 1 e-mail came back",
        cannot="4 actions have no date or no lead",
    )
    small_office.post.take()
    small_office.deliver(EIGHT(MONDAY), briefing=lambda _desk, _actor, _week: brief)
    [mail] = [m for m in small_office.post.to("officer@example.test") if "due today" in str(m["Subject"])]
    assert mail["Subject"] == "Monday 23 November: 3 overdue, 3 due today"
    assert words(mail) == OFFICERS_DIGEST
    has_the_same_words(mail)


def test_the_managers_note_of_the_week(small_office: Office) -> None:
    brief = Brief(
        note=tuple(MANAGERS_NOTE.splitlines()), subject="9 overdue, 14 likely to be late by 14 February"
    )
    with small_office.database.transaction() as session:
        session.add(
            Outbox(
                dedupe_key="week:1", kind="week", to_address="manager@example.test", who="manager", template="digest",
                recipient_id=small_office.cast.people["manager"], owed_on=MONDAY, not_before=EIGHT(MONDAY),
                created_at=EIGHT(MONDAY),
            )
        )  # fmt: skip
    small_office.deliver(EIGHT(MONDAY), briefing=lambda _desk, _actor, week: brief if week else Brief())
    [mail] = small_office.post.mails
    assert mail["Subject"] == "9 overdue, 14 likely to be late by 14 February"
    assert words(mail) == MANAGERS_NOTE
    has_the_same_words(mail)


def test_what_lies_with_nobody_says_so(small_office: Office) -> None:
    small_office.deadline(small_office.case(officer="officer"), MONDAY)
    small_office.round(EIGHT(date(2026, 11, 9)))
    [mail] = small_office.post.mails
    assert "Nobody with whom it lies can be reminded, so this comes to you: no lead." in words(mail)


def test_the_html_says_the_same_words(small_office: Office) -> None:
    _report(small_office)
    small_office.deadline(
        small_office.case(organisation=small_office.cast.police, title="A <b> & c"), date(2026, 12, 14)
    )
    small_office.round(EIGHT(date(2026, 12, 8)))
    assert small_office.post.mails
    for mail in small_office.post.mails:
        has_the_same_words(mail)


def has_the_same_words(mail: EmailMessage) -> None:
    html = re.sub(r"<head>.*?</head>", "", twin(mail), flags=re.DOTALL)
    assert _words(unescape(re.sub(r"<(?!b> &)[^>]*>", " ", html))) == _words(words(mail))


def _words(text: str) -> list[str]:
    """The words, without what only lays a list out: numbers and capitals."""
    return re.findall(r"[\w:/.@<>&-]+", re.sub(r"(?m)^\d+\. ", "", text).casefold())


def test_a_mail_knows_its_day_its_sender_and_that_a_machine_wrote_it(small_office: Office) -> None:
    small_office.deadline(small_office.case(officer="officer"), MONDAY, owner="bu_officer")
    small_office.round(EIGHT(date(2026, 11, 9)))
    [mail] = small_office.post.mails
    assert mail["From"] == f"{SIGNATURE} case tracker <tracker@council.example>"
    assert mail["Date"] == "Mon, 09 Nov 2026 08:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f]{32}@tracker\.example>", str(mail["Message-ID"]))
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


ALLOWED = {field.name for field in dataclasses.fields(MailItem)}
AROUND = {field.name for field in (*dataclasses.fields(LinkWords), *dataclasses.fields(AppliedWords))}


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: str(path.name))
def test_a_template_says_nothing_but_what_is_allowed(path: Path) -> None:
    environment = Environment(autoescape=True)
    environment.filters |= FILTERS
    tree = environment.parse(path.read_text(encoding="utf-8"))
    names = meta.find_undeclared_variables(tree)
    assert names <= AROUND
    asked = {node.attr for node in tree.find_all(nodes.Getattr)}
    assert asked <= ALLOWED | {"index"}
    assert not list(tree.find_all(nodes.Getitem))
    assert {node.name for node in tree.find_all(nodes.Filter)} <= {*FILTERS, "lower"}


def test_what_a_mail_may_say_is_written_down_here() -> None:
    """Adding a field is adding something that leaves the building: think of docs/security.md, 16."""
    assert {
        "reference", "label", "title", "kind", "due", "first_due", "late", "link", "note", "what", "named", "noun",
        "brief", "wanted", "kind_said", "due_brief", "since", "agency", "yesterday", "coming", "ahead", "code",
    } == ALLOWED  # fmt: skip
    assert {
        "items", "overdue", "due_today", "coming_up", "waiting", "signature", "home", "left_out", "left_out_late", "reminded", "staff",
        "unit", "no_password", "intro", "came_in", "cannot", "gaps", "stood_still", "note", "answered", "next_step", "phone",
        "link", "reference", "code", "saved", "said", "until",  # of the mails about links
        "contact_by", "decision_by",  # of the mail to an applicant
    } == AROUND  # fmt: skip


@pytest.mark.parametrize(
    "hostile", ["a@b.example\r\nBcc: all@b.example", "a@b.example\nX: y", "not an address", ""]
)
def test_no_line_break_gets_into_a_header(hostile: str) -> None:
    at = EIGHT(MONDAY)
    for envelope in (
        Envelope(hostile, "from@b.example", "x", "<a@b>", at),
        Envelope("to@b.example", hostile, "x", "<a@b>", at),
        Envelope("to@b.example", "from@b.example", "x\r\nBcc: all@b.example", "<a@b>", at),
    ):
        try:
            mail = draw("digest", MailWords(()), "Subject", envelope)
        except CannotBeWritten:
            continue
        assert "Bcc" not in mail
        assert b"\nBcc:" not in mail.as_bytes().split(b"\n\n")[0]
        assert hostile == ""


CANARY = "Zebedee Quillfeather"
PLACE = "17 Canary Wharf Lane"


def test_no_mail_holds_a_person_a_place_or_what_happened(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    """Canaries wherever the database can hold text; months of rounds; every mail and every log line searched."""
    named = ("officer", "manager", "chair")
    cases = [
        office.case(process="dhr_2016", restricted=True, named=named, title=CANARY),
        office.case(process="asb_case_review", title=CANARY, organisation=office.cast.police),
        office.case(restricted=True, named=named, title=PLACE, organisation=office.cast.police),
        office.case(title=f"{CANARY} of a review", organisation=office.cast.police, planned=False),
    ]
    with office.database.transaction() as session:
        for user in session.exec(select(User)).all():
            user.name = CANARY
        for case in session.exec(select(Case)).all():
            case.facts = {"victim": CANARY, "address": PLACE}
            session.add(
                Event(
                    case_id=case.id, seq=1, kind="case_opened", occurred_on=MONDAY, recorded_at=EIGHT(MONDAY), reason=CANARY,
                    facts={"cause": CANARY}, workflow="x/1", prev_hash="", hash="",
                )
            )  # fmt: skip
            session.add(CaseParty(case_id=case.id, part="contributor", words=CANARY))
    for case_number in cases:
        for key, owner in (("A", "agency_lead"), ("B", "csp_chair"), ("C", "bu_officer")):
            number = office.deadline(case_number, MONDAY, key=key, owner=owner, label="Send the report")
            office.change(number, start_words=CANARY)
    office.change_case(cases[0], parent_id=cases[1])
    at = EIGHT(date(2026, 11, 2))
    while at < EIGHT(date(2027, 1, 15)):
        office.round(at)
        at += timedelta(days=1)
    assert len(office.post.mails) > 20
    everything = "\n".join(
        part
        for mail in office.post.mails
        for part in (str(mail), words(mail), twin(mail), json.dumps(mail.items()))
    )
    for canary in (CANARY, *CANARY.split(), PLACE, "Canary Wharf"):
        assert canary.casefold() not in everything.casefold()
    subjects = [str(mail["Subject"]) for mail in office.post.mails]
    assert not any(re.search(r"HCSP|DHR|ASB", subject) for subject in subjects)
    logged = capfd.readouterr()
    assert CANARY not in logged.out + logged.err
    assert all(CANARY not in row.last_error + json.dumps(row.payload) for row in office.rows())


def test_an_action_that_belongs_to_a_review_keeps_its_wording_to_itself(small_office: Office) -> None:
    review = small_office.case(process="asb_case_review")
    case = small_office.case(title="CANARY", organisation=small_office.cast.police)
    small_office.change_case(case, parent_id=review)
    small_office.deadline(case, MONDAY)
    small_office.round(EIGHT(date(2026, 11, 9)))
    assert len(small_office.post.mails) == 3
    assert not any("CANARY" in str(mail) for mail in small_office.post.mails)


def test_a_mailbox_that_cannot_open_the_record_is_given_no_link(small_office: Office) -> None:
    """A lead owes a return on a case that leads may not open: the mail asks for a reply instead."""
    case = small_office.case(process="asb_case_review", organisation=small_office.cast.police)
    small_office.deadline(case, MONDAY, instance="west-mercia-police")
    small_office.round(EIGHT(date(2026, 11, 9)))
    [mail] = small_office.post.to("lead@example.test")
    assert "https://" not in words(mail)
    assert "Reply to this e-mail" in words(mail)


@pytest.mark.parametrize(
    ("force", "length_local", "process", "rule", "said"),
    [
        ("statute", False, "dhr_2016", True, "Statutory duty"),
        ("statute", True, "dhr_2016", True, "Statutory duty, length set locally"),
        ("guidance", False, "dhr_2016", True, "Guidance limit"),
        ("guidance", True, "dhr_2016", True, "Guidance, length set locally"),
        ("local", True, "dhr_2016", True, "Local target"),
        ("guidance", True, "action_item", False, "Plan date"),
        ("local", True, "action_item", True, "Local target"),
    ],
)
def test_a_local_length_is_never_called_anybody_elses(
    force: str, length_local: bool, process: str, rule: bool, said: str
) -> None:
    deadline = Deadline(force=force, length_local=length_local, rule=WORKING_DAYS if rule else {})
    assert kind_of(deadline, Case(process=process)) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], ""),
        ([date(2026, 11, 9)], "9 November 2026"),
        ([date(2026, 11, 9), date(2026, 11, 9), date(2026, 11, 16)], "9 and 16 November 2026"),
        ([date(2026, 12, 1), date(2026, 11, 9)], "9 November 2026; 1 December 2026"),
    ],
)
def test_days_are_said_with_each_month_once(days: list[date], said: str) -> None:
    assert days_in_words(days) == said


def test_a_long_list_is_cut_and_says_so(small_office: Office) -> None:
    for _ in range(55):
        small_office.deadline(
            small_office.case(), date(2026, 11, 2), key="X", asked_from=EIGHT(date(2027, 2, 1))
        )
    small_office.deadline(small_office.case(officer="officer"), MONDAY, owner="bu_officer")
    small_office.round(EIGHT(date(2026, 11, 9)))
    [mail] = small_office.post.to("officer@example.test")
    assert "And 6 more that are overdue\n" in words(mail)
    assert mail["Subject"] == "Monday 9 November: 55 overdue, 0 due today"
    assert len(small_office.rows(OutboxState.SENT)) == 1
