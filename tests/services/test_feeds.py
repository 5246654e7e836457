"""A private calendar feed: whose key opens what, what it says of a date, and what it never says."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_cases import log_dhr
from tests.services.test_date_changes import APPLIED, MORE, WAIT, act, review
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted, NotPossible
from tracker.models import AccessLog, CalendarFeed, CaseGrant, DateKind, Deadline, FeedScope, User
from tracker.queries.feed_entries import Entry, entries
from tracker.services import cases, feeds, grants
from tracker.services.asked import NewCase
from tracker.services.feeds import Chosen

BASE = "https://tracker.example.gov.uk"


def shown(session: Session, key: str, *, days: int = 0) -> dict[str, Entry]:
    at = NOON + timedelta(days=days)
    found = feeds.opened(session, key, at=at)
    assert found is not None
    return {one.summary: one for one in entries(session, found.actor, found.chosen, BASE, at=at)}


def test_a_key_opens_until_it_is_replaced_or_ended(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        officer = cast.actor(session, "officer")
        first = feeds.make(session, officer, Chosen(), at=NOON)
        assert len(first) >= 43, "256 bits"
        assert feeds.opened(session, first, at=NOON).actor.user_id == officer.user_id
        second = feeds.make(session, officer, Chosen(FeedScope.MINE, (DateKind.PLAN,)), at=NOON)
        assert feeds.opened(session, first, at=NOON) is None
        assert feeds.opened(session, second, at=NOON).chosen == Chosen(FeedScope.MINE, (DateKind.PLAN,))
        rows = session.exec(select(CalendarFeed)).all()
        assert all(first not in str(row) and second not in str(row) for row in rows), "only digests are kept"
        feeds.choose(session, officer, Chosen(kinds=tuple(DateKind)), at=NOON)
        assert feeds.opened(session, second, at=NOON).chosen == Chosen()
        assert feeds.end(session, officer, at=NOON)
        assert not feeds.end(session, officer, at=NOON)
        assert feeds.opened(session, second, at=NOON) is None
        with pytest.raises(NotPossible):
            feeds.choose(session, officer, Chosen(), at=NOON)
        said = session.exec(select(AccessLog.detail).where(AccessLog.what == "disclosed")).all()
        assert [each["file"].removeprefix("calendar address ") for each in said] == [
            "made", "ended", "made", "changed", "ended",
        ]  # fmt: skip


@pytest.mark.parametrize("key", ["", "x", "\x00", "\ud800", "../../etc", "é" * 5000])
def test_no_other_key_opens_anything(sqlite_database: Database, key: str) -> None:
    with sqlite_database.reading() as session:
        assert feeds.opened(session, key, at=NOON) is None


def test_who_is_stopped_or_holds_no_role_reads_nothing(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        with pytest.raises(NotPermitted):
            feeds.make(session, cast.actor(session, "admin"), Chosen(), at=NOON)
        with pytest.raises(BadInput, match="no agency"):
            feeds.make(session, cast.actor(session, "officer"), Chosen(FeedScope.AGENCY), at=NOON)
        review(session, cast)
        key = feeds.make(session, cast.actor(session, "officer"), Chosen(), at=NOON)
        assert shown(session, key)
        user = session.get_one(User, cast.people["officer"])
        user.active = False
        session.flush()
        assert feeds.opened(session, key, at=NOON) is None


def test_an_entry_says_the_reference_and_our_words(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = review(session, cast)
        key = feeds.make(session, cast.actor(session, "officer"), Chosen(), at=NOON)
        found = shown(session, key)
        assert f"Due: {case.reference} threshold decision told (local target)" in found
        one = next(one for words, one in found.items() if "threshold decision" in words)
        assert one.due_on == MONDAY
        assert (
            one.description
            == f"First due Monday 23 November 2026.\nSee the case: {BASE}/cases/{case.reference}"
        )
        assert (one.sequence, one.cancelled) == (0, False)
        text = " ".join(f"{each.summary} {each.description}" for each in found.values())
        assert "Shouting" not in text
        assert "Applicant" not in text


def test_the_sequence_grows_with_every_move_and_an_end_is_cancelled(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = review(session, cast)
        key = feeds.make(session, cast.actor(session, "officer"), Chosen(), at=NOON)
        before = next(one for words, one in shown(session, key).items() if "threshold decision" in words)
        _, deadline = act(session, cast, "manager", case, "C5", MORE)
        moved = next(one for one in shown(session, key).values() if one.uid == before.uid)
        assert moved.sequence > before.sequence
        assert deadline.generation == 2
        assert (moved.due_on, moved.stamp) == (date(2026, 11, 30), NOON)
        assert moved.description.startswith("First due Monday 23 November 2026.")
        act(session, cast, "officer", case, "C5", WAIT)
        paused = next(one for one in shown(session, key).values() if one.uid == before.uid)
        assert paused.cancelled
        assert paused.sequence > moved.sequence
        assert before.uid not in {one.uid for one in shown(session, key, days=100).values()}


def test_a_restricted_case_says_only_that_something_is_due(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        keys = {
            who: feeds.make(session, cast.actor(session, who), Chosen(), at=NOON)
            for who in ("officer", "panel")
        }
        (one,) = shown(session, keys["officer"]).values()
        assert one.summary == "Restricted item due"
        assert case.reference not in f"{one.uid} {one.description} {one.url}"
        assert one.url == f"{BASE}/calendar"
        assert shown(session, keys["panel"]) == {}
        grants.grant(
            session,
            cast.actor(session, "officer"),
            case,
            session.get_one(User, cast.people["panel"]),
            "Sits",
            at=NOON,
        )
        assert set(shown(session, keys["panel"])) == {"Restricted item due"}
        for row in session.exec(select(CaseGrant).where(CaseGrant.user_id == cast.people["panel"])):
            row.ended_at = NOON
        session.flush()
        assert shown(session, keys["panel"]) == {}, "what they may see now"


def test_it_is_narrowed_to_an_agency_and_to_sorts_of_dates(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        review(session, cast)
        for body in (cast.police, cast.housing):
            asked = NewCase(
                process="action_item", partnership_id=cast.herefordshire, opened_on=APPLIED, imported=True,
                owner_organisation_id=body, title="Put up lighting", facts={"agreed_on": APPLIED, "target_on": date(2026, 12, 31)},
                state="agreed", opening=(),
            )  # fmt: skip
            cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)
        lead = cast.actor(session, "lead")
        key = feeds.make(session, lead, Chosen(FeedScope.AGENCY), at=NOON)
        assert list(shown(session, key)) == ["Due: HCSP-ACT-2026-001 action target date (plan date)"]
        officer = cast.actor(session, "officer")
        key = feeds.make(session, officer, Chosen(kinds=(DateKind.PLAN,)), at=NOON)
        assert len(shown(session, key)) == 2
        feeds.choose(session, officer, Chosen(kinds=(DateKind.LOCAL, DateKind.PLAN)), at=NOON)
        assert len(shown(session, key)) > 2
        feeds.choose(session, officer, Chosen(kinds=(DateKind.GUIDANCE,)), at=NOON)
        assert not any("action" in words for words in shown(session, key))
        assert session.exec(select(Deadline).where(col(Deadline.key) == "ACTION_TARGET")).all()


def test_a_reading_is_noted_once_a_day(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        key = feeds.make(session, cast.actor(session, "officer"), Chosen(), at=NOON)
        for minutes in (0, 20, 40, 24 * 60):
            at = NOON + timedelta(minutes=minutes)
            found = feeds.opened(session, key, at=at)
            assert found.to_note
            feeds.note_fetched(session, found, ["HCSP-ASB-2026-001"], at=at)
            session.flush()
        assert not feeds.opened(session, key, at=at + timedelta(minutes=14)).to_note
        noted = [row for row in session.exec(select(AccessLog)) if row.detail.get("file") == "calendar feed"]
        assert [row.detail["references"] for row in noted] == [["HCSP-ASB-2026-001"]] * 2
