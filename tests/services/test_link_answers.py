"""Answers by a link through the services, on both databases: one for a form however often, never verified, within bounds."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, func, select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_actions import log_action
from tests.services.test_cases import log_dhr
from tests.services.test_families import REQUEST, add
from tests.services.test_update_links import BASE, SECRET, carrier, key_in
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, Event, Outbox, Sensitivity, UpdateLink, UpdateLinkUse, User
from tracker.queries import update_page
from tracker.queries.verification import faults
from tracker.services import (
    actions,
    link_answers,
    link_codes,
    link_ends,
    link_keys,
    link_limits,
    link_people,
    link_withdrawals,
    update_links,
)
from tracker.services.actions import Answer, Check, Update
from tracker.services.link_answers import Reply
from tracker.services.update_links import LinkEnded, OpenLink

PEOPLE = 20


def open_link(session: Session, case: Case, mailbox: str = "lead@example.test") -> OpenLink:
    key = key_in(carrier(session).address_for(mailbox, case))
    return update_links.find(session, SECRET, key, NOON)


def test_twenty_posts_of_one_form_at_once_make_one_update(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        key = key_in(carrier(session).address_for("lead@example.test", case))
        reference, seen = case.reference, case.version

    def post(_: int) -> int:
        with database.transaction() as session:
            link = update_links.find(session, SECRET, key, NOON)
            action = update_page.case_for(session, link.actor, reference, lock=True)
            update = Update(Answer.PROGRESS, seen, note="Once", request_id="one form")
            return link_answers.report(session, link, action, update, at=NOON).seq

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert set(pool.map(post, range(PEOPLE))) == {2}
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(Event)).one() == 2
        assert session.exec(select(func.count()).select_from(UpdateLinkUse)).one() == 1
        assert session.exec(select(func.count()).where(Outbox.kind == "link")).one() == 1
        assert list(faults(session)) == []


def test_twenty_guesses_at_a_code_at_once_are_five(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        key = key_in(carrier(session).address_for("lead@example.test", case))
        link_codes.send(session, update_links.find(session, SECRET, key, NOON), case, at=NOON)

    def guess(number: int) -> str:
        with database.transaction() as session:
            link = update_links.find(session, SECRET, key, NOON)
            return link_codes.enter(session, SECRET, link, f"{number:06}", at=NOON).refused

    with ThreadPoolExecutor(PEOPLE) as pool:
        said = list(pool.map(guess, range(PEOPLE)))
    assert sum(words.startswith("That is not the code") for words in said) <= 5


def test_twenty_presses_for_a_fresh_link_at_once_send_three(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        old = carrier(session, NOON - timedelta(days=100))
        key = key_in(old.address_for("lead@example.test", log_action(session, cast)))

    def press(_: int) -> bool:
        with database.transaction() as session:
            try:
                link_people.send_fresh(session, key, secret=SECRET, at=NOON)
            except link_limits.AskedTooOften:
                return False
            return True

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert sum(pool.map(press, range(PEOPLE))) == link_limits.MOST_LETTERS
    with database.reading() as session:
        assert session.exec(select(func.count()).where(Outbox.kind == "link")).one() == 3
        assert len([row for row in session.exec(select(UpdateLink)) if row.ended_at is None]) == 1


def test_nobody_verifies_what_came_by_the_link_of_their_own_mailbox(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        officer = cast.actor(session, "officer")
        session.get_one(User, cast.people["lead"]).email = "first.lead@example.test"
        link = open_link(session, case, "first.lead@example.test")
        told = Update(Answer.DONE, case.version, note="Signed")
        link_answers.report(session, link, case, told, at=NOON)
        assert case.state == "completed_unverified"
        check = Check(accepted=True, note="Saw it", seen_version=case.version)
        with pytest.raises(NotPermitted, match="someone else must verify"):
            actions.check(session, replace(officer, email="First.Lead@example.test"), case, check, at=NOON)
        actions.check(session, officer, case, check, at=NOON)
        assert case.state == "verified"


REPLIES = {
    "in hand": ({"kind": "summary"}, Reply("in_hand", 0), "in_progress"),
    "sent in": ({"kind": "summary"}, Reply("ready", 0, note="Two contacts in 2025"), "submitted"),
    "kept": ({"kind": "chronology"}, Reply("ready", 0, kept_at="Store/12"), "submitted"),
    "nil": ({"kind": "chronology"}, Reply("nil", 0, note="Searched three systems"), "nil_return"),
    "draft": ({"kind": "imr"}, Reply("ready", 0, kept_at="Store/imr-1"), "draft_received"),
    "more time": ({}, Reply("more_time", 0, note="Staff ill", asked_for_on=date(2027, 3, 1)), "requested"),
    "not ours": ({}, Reply("not_ours", 0, note="Never had them", belongs_to="Housing"), "requested"),
}


@pytest.mark.parametrize("name", REPLIES)
def test_an_agency_answers_what_it_is_asked(database: Database, cast: Cast, name: str) -> None:
    facts, reply, state = REPLIES[name]
    with database.transaction() as session:
        parent = log_dhr(session, cast)
        case = add(session, cast, parent, "information_request", REQUEST | facts)
        link = open_link(session, case)
        asked = replace(reply, seen_version=case.version, request_id="form")
        event = link_answers.reply(session, link, case, asked, at=NOON)
        assert link_answers.reply(session, link, case, asked, at=NOON) == event
        assert (case.state, event.actor_id, event.detail["link"]) == (state, None, link.link_id)
        [use] = session.exec(select(UpdateLinkUse)).all()
        assert use.to_note is (name in {"more time", "not ours"})
        assert list(faults(session)) == []


WRONG = {
    "words": (Reply("nil", 0), BadInput),
    "place": (Reply("ready", 0), BadInput),
    "date": (Reply("more_time", 0, note="Ill"), BadInput),
    "past": (Reply("more_time", 0, note="Ill", asked_for_on=MONDAY), BadInput),
    "state": (Reply("respond", 0, note="x"), NotPossible),
    "made up": (Reply("accept", 0, note="x"), NotPossible),
    "version": (Reply("in_hand", 99), ChangedMeanwhile),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_answer_that_lacks_something_changes_nothing(database: Database, cast: Cast, name: str) -> None:
    reply, error = WRONG[name]
    with database.transaction() as session:
        case = add(session, cast, log_dhr(session, cast), "information_request", REQUEST)
        link, before = open_link(session, case), case.head_seq
        asked = reply if reply.seen_version else replace(reply, seen_version=case.version)
        with pytest.raises(error):
            link_answers.reply(session, link, case, asked, at=NOON)
        assert case.head_seq == before


def test_an_update_that_was_followed_by_another_is_only_marked(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        link = open_link(session, case)
        for note in ("First", "Second"):
            update = Update(Answer.PROGRESS, case.version, note=note)
            event = link_answers.report(session, link, case, update, at=NOON)
        link_withdrawals.withdraw(session, link, case, event.seq - 1, at=NOON)
        assert case.facts["update_note"] == "Second"
        link_withdrawals.withdraw(session, link, case, event.seq, at=NOON)
        assert case.facts["update_note"] == "First"
        link_withdrawals.withdraw(session, link, case, event.seq, at=NOON)
        assert len(session.exec(select(UpdateLinkUse).where(UpdateLinkUse.what == "not_me")).all()) == 2
        assert list(faults(session)) == []


def test_what_was_done_again_by_somebody_else_is_not_sent_back(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        link, officer = open_link(session, case), cast.actor(session, "officer")
        done = link_answers.report(session, link, case, Update(Answer.DONE, case.version, note="x"), at=NOON)
        sent_back = Check(accepted=False, note="Nothing to see yet", seen_version=case.version)
        actions.check(session, officer, case, sent_back, at=NOON)
        again = Update(Answer.DONE, case.version, note="Signed")
        actions.report(session, cast.actor(session, "lead"), case, again, at=NOON)
        link_withdrawals.withdraw(session, link, case, done.seq, at=NOON)
        assert (case.state, case.facts["update_note"]) == ("completed_unverified", "Signed")
        [told] = session.exec(select(UpdateLinkUse).where(UpdateLinkUse.what == "not_me")).all()
        assert told.to_note
        assert list(faults(session)) == []


def test_a_colleagues_link_ends_when_the_one_it_covers_for_runs_out(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        link = open_link(session, case)
        link_people.cover(
            session, link, name="Desk", email="desk@police.example", about=[case], secret=SECRET, request_id=None, at=NOON
        )  # fmt: skip
        theirs = session.exec(select(UpdateLink).where(UpdateLink.covers_id == link.link_id)).one()
        theirs.carried_at = NOON + timedelta(days=80)  # a mail of thanks carried it
        session.flush()
        key = link_keys.key_of(SECRET, theirs.nonce, theirs.address)
        assert update_links.find(session, SECRET, key, NOON + timedelta(days=90)).link_id == theirs.id
        with pytest.raises(LinkEnded) as ended:
            update_links.find(session, SECRET, key, NOON + timedelta(days=91))
        assert not ended.value.fresh


def test_a_link_is_bounded(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        case.sensitivity = Sensitivity.RESTRICTED
        link = open_link(session, case)
        for _ in range(link_limits.MOST_SAVED):
            link_answers.report(session, link, case, Update(Answer.NO_CHANGE, case.version), at=NOON)
        with pytest.raises(link_limits.AskedTooOften) as often:
            link_answers.report(session, link, case, Update(Answer.NO_CHANGE, case.version), at=NOON)
        assert often.value.seconds == 3600
        for n in range(10):
            if n == 5:
                with pytest.raises(link_limits.AskedTooOften):
                    link_codes.send(session, link, case, at=NOON)
            link_codes.send(session, link, case, at=NOON + timedelta(hours=2 * (n // 5)))
        with pytest.raises(link_limits.AskedTooOften):
            link_codes.send(session, link, case, at=NOON + timedelta(hours=4))


def test_the_unit_ends_a_link_with_those_that_cover_for_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, other = log_action(session, cast), log_action(session, cast, body=cast.housing)
        link, officer = open_link(session, case), cast.actor(session, "officer")
        link_people.cover(
            session, link, name="Desk", email="desk@police.example", about=[case], secret=SECRET, request_id=None, at=NOON
        )  # fmt: skip
        for who, words in (("lead", "Why"), ("outsider", "Why"), ("officer", " ")):
            with pytest.raises((NotPermitted, BadInput)):
                link_ends.end(session, cast.actor(session, who), case, link.link_id, words, at=NOON)
        with pytest.raises(Exception, match="no such link"):
            link_ends.end(session, officer, other, link.link_id, "Why", at=NOON)
        link_ends.end(session, officer, case, link.link_id, "Forwarded outside", at=NOON)
        assert {row.ended_why for row in session.exec(select(UpdateLink)).all()} == {"Forwarded outside"}
        again = carrier(session).address_for("lead@example.test", case)
        assert again.startswith(f"{BASE}/u/")
        assert update_links.find(session, SECRET, key_in(again), NOON).link_id != link.link_id
        with pytest.raises(LinkEnded):
            update_links.find(session, SECRET, _key(link), NOON)


def test_only_what_was_shown_is_noted(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        link, officer = open_link(session, case), cast.actor(session, "officer")
        link_people.cover(
            session, link, name="Desk", email="desk@police.example", about=[case], secret=SECRET, request_id=None, at=NOON
        )  # fmt: skip
        assert link_ends.note(session, officer, case, at=NOON, up_to=0) == 1
        assert link_ends.note(session, officer, case, at=NOON, up_to=1_000) == 0
        assert link_ends.note(session, officer, case, at=NOON, up_to=0) == 0


def _key(link: OpenLink) -> str:
    return link_keys.key_of(SECRET, link.link.nonce, link.address)


def test_a_return_that_was_not_from_the_mailbox_is_kept_and_asked_about(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = add(
            session, cast, log_dhr(session, cast), "information_request", REQUEST | {"kind": "summary"}
        )
        link = open_link(session, case)
        sent = Reply("ready", case.version, note="Two contacts in 2025")
        event = link_answers.reply(session, link, case, sent, at=NOON)
        for _ in range(2):
            link_withdrawals.withdraw(session, link, case, event.seq, at=NOON)
        assert (case.state, case.facts["queries"]) == ("queries_raised", link_withdrawals.IN_QUESTION)
        assert case.facts["return_summary"] == "Two contacts in 2025", (
            "what came in is kept until it is answered"
        )
        assert ("respond", "Here is our answer to the questions") in link_answers.offered(case)
        told = session.exec(select(UpdateLinkUse).where(UpdateLinkUse.what == "not_me")).one()
        assert told.to_note
        assert list(faults(session)) == []


def test_sixty_answers_an_hour_are_sixty_over_all_records_at_once(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_limits, "MOST_SAVED", 3)
    with database.transaction() as session:
        cases = [log_action(session, cast).reference for _ in range(8)]
        first = update_page.case_for(session, cast.actor(session, "lead"), cases[0])
        key = key_in(carrier(session).address_for("lead@example.test", first))

    def post(reference: str) -> bool:
        with database.transaction() as session:
            link = update_links.find(session, SECRET, key, NOON)
            update_links.hold(session, link)
            action = update_page.case_for(session, link.actor, reference, lock=True)
            try:
                link_answers.report(session, link, action, Update(Answer.NO_CHANGE, action.version), at=NOON)
            except link_limits.AskedTooOften:
                return False
            return True

    with ThreadPoolExecutor(len(cases)) as pool:
        assert sum(pool.map(post, cases)) == 3
