"""What is delivered: one digest a working day to a mailbox, what is still wanted and nothing else, once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from tests.cast import Cast
from tests.reminders.conftest import EIGHT, LETTERHEAD, Kept, Office, words
from tracker import outbox
from tracker.models import (
    Case,
    Deadline,
    Event,
    Holiday,
    Membership,
    Organisation,
    Outbox,
    OutboxState,
    Role,
    User,
)
from tracker.outbox import deliver
from tracker.services import alerts, claims
from tracker.transports import Ambiguous, Permanent, Temporary
from workflows.deciders import Decider

MONDAY = date(2026, 11, 23)
NINTH = EIGHT(date(2026, 11, 9))  # the first step of a date on the Monday a fortnight later
MINUTE = timedelta(minutes=1)


def officers_date(office: Office, due_on: date = MONDAY, **more: object) -> int:
    """A date that only the officer owes and hears of before it is due."""
    return office.deadline(office.case(officer="officer"), due_on, owner="bu_officer", **more)  # type: ignore[arg-type]


def test_one_digest_to_a_mailbox_across_two_partnerships(office: Office) -> None:
    with office.database.transaction() as session:
        session.add(
            Membership(
                user_id=office.cast.people["officer"], role=Role.OFFICER, partnership_id=office.cast.worcestershire
            )
        )  # fmt: skip
    for partnership, prefix in ((office.cast.herefordshire, "HCSP"), (office.cast.worcestershire, "WSCB")):
        case = office.case(partnership=partnership, officer="officer", prefix=prefix)
        office.deadline(case, MONDAY, owner="bu_officer")
    result = office.round(NINTH)
    assert (result.mails, result.notices) == (1, 2)
    [mail] = office.post.mails
    assert "HCSP-ACT-2026-001" in words(mail)
    assert "WSCB-ACT-2026-002" in words(mail)
    assert mail["From"] == "Case tracker <tracker@council.example>"
    rows = office.rows(OutboxState.SENT)
    assert {row.message_id for row in rows} == {mail["Message-ID"]}
    assert {row.sent_at for row in rows} == {NINTH}


def test_first_overdue_and_escalation_go_singly_and_the_rest_in_one_digest(office: Office) -> None:
    for _ in range(2):
        officers_date(office, date(2026, 11, 23))
        officers_date(office, date(2026, 12, 1))
    for day in (9, 16, 17, 20, 23):
        office.round(EIGHT(date(2026, 11, day)))
    office.post.take()
    at = EIGHT(date(2026, 11, 24))  # the day after the first two, five working days before the others
    result = office.round(at)
    assert (result.mails, result.notices) == (3, 4)
    assert office.post.subjects() == [
        "1 action was due yesterday",
        "1 action was due yesterday",
        "Tuesday 24 November: 2 overdue, 0 due today",
    ]
    assert len({mail["Message-ID"] for mail in office.post.mails}) == 3


def test_what_comes_after_the_days_digest_waits_for_the_next_working_morning(office: Office) -> None:
    friday, monday = date(2026, 11, 6), EIGHT(date(2026, 11, 9))
    officers_date(office, date(2026, 11, 20))
    office.round(EIGHT(friday))
    officers_date(office, date(2026, 11, 20))
    noon = EIGHT(friday) + timedelta(hours=4)
    assert office.round(noon).mails == 0
    assert {row.not_before for row in office.rows(OutboxState.QUEUED)} == {monday}
    assert office.deliver(noon + MINUTE).mails == 0
    assert office.deliver(monday - MINUTE).mails == 0
    assert office.deliver(monday).mails == 1


def test_a_mail_that_cannot_be_put_into_words_keeps_nobody_waiting_and_is_said_aloud(office: Office) -> None:
    broken = office.case(officer="manager")
    for case in (broken, office.case(officer="officer")):
        office.deadline(case, MONDAY, owner="bu_officer")
    office.change_case(broken, facts={"last_update_on": "on the ninth"})
    office.tick(NINTH)
    with pytest.raises(ValueError, match="on the ninth"):
        office.deliver(NINTH)
    assert [mail["To"] for mail in office.post.mails] == ["officer@example.test"]
    [row] = office.rows(OutboxState.QUEUED)
    assert (row.to_address, row.attempts) == ("manager@example.test", 0)
    office.change_case(broken, facts={})
    assert office.deliver(NINTH + MINUTE).mails == 1


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 10, 0, 0, tzinfo=UTC),
        datetime(2026, 11, 10, 7, 59, 59, tzinfo=UTC),
        datetime(2026, 11, 14, 12, tzinfo=UTC),
        datetime(2026, 12, 25, 12, tzinfo=UTC),
    ],
)
def test_nothing_goes_at_night_or_on_days_off(office: Office, at: datetime) -> None:
    officers_date(office)
    office.tick(NINTH)
    assert office.deliver(at).mails == 0
    assert [row.state for row in office.rows()] == [OutboxState.QUEUED]


def test_nothing_goes_on_a_closed_day_of_its_partnership(office: Office) -> None:
    with office.database.transaction() as session:
        session.add(
            Holiday(on=date(2026, 11, 10), name="Closed", partnership_id=office.cast.herefordshire, revision=1, added_at=NINTH)
        )  # fmt: skip
    officers_date(office)
    office.tick(NINTH)
    assert office.deliver(EIGHT(date(2026, 11, 10))).mails == 0
    assert [row.not_before for row in office.rows()] == [EIGHT(date(2026, 11, 11))]
    assert office.deliver(EIGHT(date(2026, 11, 11))).mails == 1


CHANGES = {
    "The date was met.": "UPDATE deadlines SET status = 'met'",
    "The date does not run any more.": "UPDATE deadlines SET status = 'cancelled'",
    "The date has moved.": "UPDATE deadlines SET generation = 2",
    "The date is paused.": "UPDATE deadlines SET paused = TRUE",
    "It is no longer for this recipient.": "UPDATE users SET active = FALSE WHERE email LIKE 'officer@%'",
}


@pytest.mark.parametrize("why", list(CHANGES))
def test_what_is_no_longer_wanted_does_not_go(office: Office, why: str) -> None:
    officers_date(office)
    office.tick(NINTH)
    with office.database.transaction() as session:
        session.connection().execute(text(CHANGES[why]))
    result = office.deliver(NINTH)
    assert (result.mails, result.cancelled, office.post.mails) == (0, 1, [])
    assert [(row.state, row.last_error) for row in office.rows()] == [(OutboxState.CANCELLED, why)]


def test_when_the_officer_changes_the_new_one_is_told_in_the_next_round(office: Office) -> None:
    case = office.case(officer="officer")
    office.deadline(case, MONDAY, owner="bu_officer")
    office.tick(NINTH)
    office.change_case(case, owner_user_id=office.cast.people["officer2"])
    assert office.deliver(NINTH).cancelled == 1
    assert office.round(NINTH + MINUTE).mails == 1
    assert [mail["To"] for mail in office.post.mails] == ["officer2@example.test"]


def test_an_alert_goes_in_the_digest_while_the_case_waits_and_not_after(office: Office) -> None:
    waiting, gone = office.case(process="asb_case_review"), office.case(process="asb_case_review")
    with office.database.transaction() as session:
        for case in (waiting, gone):
            session.add(
                Outbox(
                    dedupe_key=f"alert:{case}", kind="alert", to_address="chair@example.test", who="chair", case_id=case,
                    recipient_id=office.cast.people["chair"], template="alert", owed_on=date(2026, 11, 6),
                    payload={"parts": ["chair"], "state": "received"}, not_before=NINTH, created_at=NINTH,
                )
            )  # fmt: skip
    office.change_case(gone, state="closed")
    result = office.deliver(NINTH)
    assert (result.mails, result.notices, result.cancelled) == (1, 1, 1)
    [mail] = office.post.mails
    assert mail["Subject"] == "Monday 9 November: 1 waiting for you"
    assert "WAITING FOR YOU" in words(mail)


@pytest.mark.parametrize("how", ["the role has ended", "signs in no more"])
def test_an_alert_to_somebody_who_has_left_goes_to_somebody_who_has_not(office: Office, how: str) -> None:
    case = office.case(process="asb_case_review")
    people = office.cast.people
    with office.database.transaction() as session:
        held = session.exec(select(Membership).where(Membership.user_id == people["chair"])).one()
        now = Membership(user_id=people["officer2"], role=Role.CHAIR, partnership_id=held.partnership_id)
        session.add(now)
        event = Event(id=7, case_id=case, seq=1, kind="case_moved", occurred_on=MONDAY, recorded_at=NINTH)
        day_before = NINTH - timedelta(days=3)
        alerts.tell(session, session.get_one(Case, case), [Decider.CSP_CHAIR], event, at=day_before)
        if how == "signs in no more":
            session.get_one(User, people["chair"]).active = False
            session.get_one(User, people["officer2"]).active = True
        held.to_on = date(2026, 11, 8) if how == "the role has ended" else None
    for minutes in (0, 1):
        office.deliver(NINTH + timedelta(minutes=minutes))
    assert [mail["To"] for mail in office.post.mails] == ["officer2@example.test"]
    assert "WAITING FOR YOU" in words(office.post.mails[0])
    assert len(office.rows()) == 2, "and once"


def test_temporary_errors_wait_longer_each_time_and_then_fail(office: Office) -> None:
    officers_date(office)
    office.tick(NINTH)
    office.post.raises = [Temporary("not just now (450)") for _ in range(5)]
    at = NINTH
    for wait in (1, 5, 30, 120):
        assert office.deliver(at).retried == 1
        [row] = office.rows(OutboxState.QUEUED)
        assert row.not_before == at + timedelta(minutes=wait)
        assert office.deliver(row.not_before - MINUTE / 2).mails == 0
        at = row.not_before
    assert office.deliver(at).failed == 1
    [row] = office.rows()
    assert (row.state, row.attempts, row.last_error) == (OutboxState.FAILED, 5, "not just now (450)")
    assert office.deliver(at + timedelta(hours=4)).mails == 0


def test_the_same_mail_is_tried_again_after_a_temporary_error(office: Office) -> None:
    officers_date(office)
    office.tick(NINTH)
    office.post.raises = [Temporary("busy"), Temporary("busy")]
    office.deliver(NINTH)
    [first] = {row.message_id for row in office.rows()}
    office.deliver(NINTH + MINUTE)
    office.deliver(NINTH + 6 * MINUTE)
    assert [mail["Message-ID"] for mail in office.post.mails] == [first]


def test_of_steps_that_pile_up_while_no_mail_leaves_only_the_latest_goes(office: Office) -> None:
    officers_date(office)
    for day in (9, 16, 20, 23, 24):
        office.tick(EIGHT(date(2026, 11, day)))
    result = office.deliver(EIGHT(date(2026, 11, 24)))
    assert (result.mails, result.cancelled) == (1, 4)
    assert [(row.rung, row.state) for row in office.rows() if row.state != OutboxState.SKIPPED] == [
        ("after-1", OutboxState.SENT)
    ]


def test_a_permanent_error_fails_at_once(office: Office) -> None:
    officers_date(office)
    office.tick(NINTH)
    office.post.raises = [Permanent("The mail server refuses the address (550).")]
    assert office.deliver(NINTH).failed == 1
    assert [(row.state, row.attempts) for row in office.rows()] == [(OutboxState.FAILED, 1)]
    assert office.deliver(NINTH + timedelta(hours=1)).mails == 0


def test_an_unknown_outcome_is_repeated_at_most_twice_under_the_same_name(office: Office) -> None:
    class Swallows(Kept):
        def send(self, mail: object) -> None:
            self.mails.append(mail)  # type: ignore[arg-type]
            raise Ambiguous("cut")

    office.post = Swallows()
    officers_date(office)
    office.tick(NINTH)
    for minutes in range(0, 400, 10):
        office.deliver(NINTH + timedelta(minutes=minutes))
    assert len(office.post.mails) == 3
    assert len({mail["Message-ID"] for mail in office.post.mails}) == 1
    assert [(row.state, row.ambiguous) for row in office.rows()] == [(OutboxState.FAILED, 3)]


def test_a_mail_that_breaks_the_transport_keeps_nobody_waiting(office: Office) -> None:
    for who in ("officer", "officer2"):
        office.deadline(office.case(officer=who), MONDAY, owner="bu_officer")
    office.tick(NINTH)
    office.post.raises = [ZeroDivisionError("officer@example.test")]
    result = office.deliver(NINTH)
    assert (result.mails, result.retried) == (1, 1)
    assert {row.last_error for row in office.rows()} == {"", "The transport broke (ZeroDivisionError)."}


@pytest.mark.parametrize("address", ["nobody", "a@b@c", "x@y.example\nBcc: all@example.test", "@", ""])
def test_an_address_that_is_none_fails_and_keeps_nobody_waiting(office: Office, address: str) -> None:
    with office.database.transaction() as session:
        session.get_one(Organisation, office.cast.police).contact_email = address
        session.connection().execute(
            text("UPDATE users SET active = FALSE WHERE email = 'lead@example.test'")
        )
    office.deadline(office.case(organisation=office.cast.police, officer="officer"), MONDAY)
    office.tick(NINTH)
    result = office.deliver(NINTH)
    assert result.mails == 1
    assert [mail["To"] for mail in office.post.mails] == ["officer@example.test"]
    assert result.failed == (1 if address else 0)


def test_a_mail_server_that_is_down_ends_the_round_and_uses_up_nobodys_tries(office: Office) -> None:
    for who in ("officer", "officer2"):
        office.deadline(office.case(officer=who), MONDAY, owner="bu_officer")
    office.tick(NINTH)
    office.post.raises = [Temporary("cannot be reached", down=True)]
    assert office.deliver(NINTH).down == "cannot be reached"
    assert sorted(row.attempts for row in office.rows()) == [0, 0]
    assert office.deliver(NINTH + MINUTE).mails == 1  # the one that was not tried
    assert office.deliver(NINTH + 5 * MINUTE).mails == 1


def test_two_hours_without_a_mail_server_lose_nothing(small_office: Office) -> None:
    for who in ("officer", "officer2", "manager", "chair"):
        owner = {"manager": "bu_manager", "chair": "csp_chair"}.get(who, "bu_officer")
        officer = who if who.startswith("officer") else "officer"
        small_office.deadline(small_office.case(officer=officer), MONDAY, owner=owner)
    small_office.tick(NINTH)
    waiting = len(small_office.rows())
    at = NINTH
    while at < NINTH + timedelta(hours=2):
        small_office.post.raises = [Temporary("cannot be reached", down=True)]
        small_office.deliver(at)
        at += MINUTE
    small_office.post.raises = []
    for minutes in range(0, 150, 5):
        small_office.deliver(at + timedelta(minutes=minutes))
    assert len(small_office.rows(OutboxState.SENT)) == waiting
    assert len(small_office.post.mails) == 4


def test_a_lapsed_claim_is_taken_over_under_the_same_name(office: Office) -> None:
    """The sender died after sending and before marking: the same mail goes once more."""

    class Dies(Kept):
        def send(self, mail: object) -> None:
            self.mails.append(mail)  # type: ignore[arg-type]
            raise KeyboardInterrupt

    office.post = Dies()
    officers_date(office)
    office.tick(NINTH)
    with pytest.raises(KeyboardInterrupt):
        office.deliver(NINTH)
    [first] = office.post.mails
    office.post = Kept()
    assert office.deliver(NINTH + claims.CLAIM - MINUTE, "there").mails == 0
    assert office.deliver(NINTH + claims.CLAIM + MINUTE, "there").mails == 1
    assert [mail["Message-ID"] for mail in office.post.mails] == [first["Message-ID"]]
    assert words(office.post.mails[0]) == words(first)


def test_what_may_have_arrived_is_never_mixed_with_what_is_new(office: Office) -> None:
    """Killed after sending, then no mail server until the next day: what is new then is told, and nothing twice."""

    @dataclass
    class Asked(Kept):
        """A way of sending that can be asked what it took."""

        def has(self, message_id: str) -> bool:
            return message_id in {mail["Message-ID"] for mail in self.mails}

        def send(self, mail: EmailMessage) -> None:
            super().send(mail)
            if len(self.mails) == 1:
                raise KeyboardInterrupt

    office.post = Asked()
    officers_date(office)
    office.tick(NINTH)
    with pytest.raises(KeyboardInterrupt):
        office.deliver(NINTH)
    took, office.post.has = office.post.has, _nobody_answers  # type: ignore[attr-defined, method-assign]
    assert office.deliver(NINTH + claims.CLAIM + MINUTE, "there").down
    office.post.has = took  # type: ignore[attr-defined]
    officers_date(office, date(2026, 11, 24))
    for day in (10, 11):
        office.round(EIGHT(date(2026, 11, day)))
    assert {row.state for row in office.rows()} == {OutboxState.SENT}
    told = [[f"ACT-2026-00{n}" in words(mail) for n in (1, 2)] for mail in office.post.mails]
    assert told == [[True, False], [False, True]]


def _nobody_answers(_message_id: str) -> bool:
    raise Temporary("does not answer", down=True)


def test_while_a_digest_is_on_its_way_a_second_one_waits(office: Office) -> None:
    officers_date(office)
    office.tick(NINTH)
    inside = Kept()

    class Slow(Kept):
        def send(self, mail: object) -> None:
            officers_date(office)
            office.tick(NINTH + MINUTE)
            deliver(office.database, inside, NINTH + MINUTE, "there", letterhead=LETTERHEAD)
            self.mails.append(mail)  # type: ignore[arg-type]

    office.post = Slow()
    assert office.deliver(NINTH).mails == 1
    assert inside.mails == []
    office.post = Kept()
    assert office.deliver(NINTH + timedelta(hours=1)).mails == 0
    assert office.deliver(EIGHT(date(2026, 11, 10))).mails == 1


def test_a_digest_that_never_arrived_is_taken_up_in_the_next_days(office: Office) -> None:
    officers_date(office)
    office.tick(NINTH)
    office.post.raises = [Temporary("busy")]
    office.deliver(NINTH)
    officers_date(office, date(2026, 11, 24))
    tenth = EIGHT(date(2026, 11, 10))
    result = office.round(tenth)
    assert (result.mails, result.notices) == (1, 2)


def test_a_mail_whose_sender_always_dies_is_given_up(small_office: Office) -> None:
    officers_date(small_office)
    small_office.tick(NINTH)

    class Dies(Kept):
        def send(self, _mail: object) -> None:  # type: ignore[override]
            raise KeyboardInterrupt

    small_office.post = Dies()
    at = NINTH
    for _ in range(claims.MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            small_office.deliver(at)
        at += claims.CLAIM + MINUTE
    assert small_office.deliver(at).failed == 1


def test_many_senders_at_once_send_everything_once(office: Office) -> None:
    with office.database.transaction() as session:
        for number in range(40):
            session.add(
                Organisation(key=f"body-{number}", name=f"Body {number}", kind="other", contact_email=f"box{number}@b.example")
            )  # fmt: skip
    case = office.case(officer="officer")
    for number in range(40):
        for key in ("A", "B", "C"):
            office.deadline(case, MONDAY, key=key, instance=f"body-{number}")
    office.tick(NINTH)
    posts = [Kept() for _ in range(4)]

    def send(number: int) -> int:
        return deliver(office.database, posts[number], NINTH, f"sender {number}", letterhead=LETTERHEAD).mails

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(send, range(4))) == 41
    everything = [mail for post in posts for mail in post.mails]
    assert len({mail["To"] for mail in everything}) == len(everything) == 41
    assert not office.rows(OutboxState.QUEUED)


def test_an_outage_of_a_week_gives_one_digest_and_the_first_overdue_notes(office: Office) -> None:
    """500 things became due meanwhile; back at three in the morning, nothing goes before eight."""
    for number in range(12):
        officers_date(office, date(2026, 11, 16) + timedelta(days=number))
    office.round(EIGHT(date(2026, 11, 2)))
    office.post.take()
    back = datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert office.round(back).mails == 0
    office.round(EIGHT(date(2026, 11, 24)))
    digests = [mail for mail in office.post.to("officer@example.test") if "overdue," in str(mail["Subject"])]
    singles = [mail for mail in office.post.to("officer@example.test") if "was due " in str(mail["Subject"])]
    assert (len(digests), len(singles)) == (1, 8)
    sent = len(office.post.mails)
    assert office.round(EIGHT(date(2026, 11, 24)) + MINUTE).mails == 0
    assert len(office.post.mails) == sent


def test_a_restricted_case_reaches_nobody_who_is_not_named(office: Office) -> None:
    case = office.case(process="dhr_2016", restricted=True, named=("officer",), title="CANARYTITLE")
    office.deadline(case, MONDAY, owner="bu_manager")
    at = NINTH
    while at < EIGHT(date(2026, 12, 24)):
        office.round(at)
        at += timedelta(days=1)
    assert {str(mail["To"]) for mail in office.post.mails} == {"officer@example.test"}
    assert not any("CANARY" in str(mail) for mail in office.post.mails)
    assert not any("DHR" in str(mail["Subject"]) for mail in office.post.mails)


def test_a_grant_that_ends_before_the_mail_goes_takes_it_back(office: Office) -> None:
    case = office.case(process="dhr_2016", restricted=True, named=("officer", "officer2"), officer="officer")
    office.deadline(case, MONDAY, owner="bu_officer")
    office.tick(NINTH)
    with office.database.transaction() as session:
        session.connection().execute(
            text("UPDATE case_grants SET ended_at = granted_at WHERE user_id = :who"),
            {"who": office.cast.people["officer"]},
        )
    office.deliver(NINTH)
    assert office.post.mails == []
    office.round(NINTH + MINUTE)
    assert [mail["To"] for mail in office.post.mails] == ["officer2@example.test"]


def test_what_is_not_owed_to_a_person_is_not_in_their_digest(office: Office, cast: Cast) -> None:
    """The digest shows the officer's whole day: their own and nobody's, not a colleague's, not a restricted one."""
    officers_date(office)
    mine = office.case(officer="officer", title="MINE")
    nobodys = office.case(title="NOBODYS")
    theirs = office.case(officer="officer2", title="COLLEAGUES")
    hidden = office.case(process="dhr_2016", restricted=True, named=("officer2",))
    for case in (mine, nobodys, theirs, hidden):
        office.deadline(case, date(2026, 11, 2), key="X", asked_from=EIGHT(date(2027, 1, 4)))
    office.round(NINTH)
    [mail] = office.post.to("officer@example.test")
    assert mail["Subject"] == "Monday 9 November: 2 overdue, 0 due today"
    text_ = words(mail)
    assert "MINE" in text_
    assert "NOBODYS" in text_
    assert "COLLEAGUES" not in text_
    assert "DHR" not in text_


def test_a_deadline_that_still_runs_is_asked_about_again_after_its_notice_is_cancelled(
    office: Office,
) -> None:
    case = office.case(officer="officer")
    number = office.deadline(case, MONDAY, owner="bu_officer")
    office.tick(NINTH)
    office.change_case(case, owner_user_id=office.cast.people["officer2"])
    office.deliver(NINTH)
    with office.reading() as session:
        assert session.get_one(Deadline, number).next_notice_at == NINTH


def test_a_mark_that_cannot_be_written_at_once_is_tried_again(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail went: were it not marked, it would go again."""
    small_office.deadline(small_office.case(officer="officer"), MONDAY, owner="bu_officer")
    small_office.tick(NINTH)
    usual, tries = claims.settle, iter([True, True, False])

    def busy(*arguments: object, **named: object) -> object:
        if next(tries):
            raise OperationalError("", {}, Exception("database is locked"))
        return usual(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(claims, "settle", busy)
    monkeypatch.setattr(outbox, "MARK_AGAIN", (0.0, 0.0, 0.0))
    assert small_office.deliver(NINTH).mails == 1
    assert [row.state for row in small_office.rows()] == [OutboxState.SENT]
    assert small_office.deliver(NINTH + timedelta(hours=1)).mails == 0
    assert len(small_office.post.mails) == 1
