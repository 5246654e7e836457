"""A clock whose own starting fact comes after the step that starts it runs from that fact."""

from datetime import date

from tests import dhr
from tests.cast import MONDAY, Cast
from tracker.db import Database
from tracker.queries.verification import faults

TOLD = date(2026, 11, 20)


def test_the_home_offices_reply_counts_from_the_day_it_was_told(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "no_review_with_ho")
        first = dhr.clocks(session, case)["HO_NO_REVIEW_REPLY"]
        dhr.record(session, cast, case, ho_notified_on=TOLD)
        second = dhr.clocks(session, case)["HO_NO_REVIEW_REPLY"]
        assert (first[0], second[0]) == ("running", "running")
        assert second[1] == date(2027, 1, 6)
        assert second[1] < first[1]
        assert dhr.clocks(session, case)["TELL_HO_DECISION"][0] == "met"
    with database.reading() as session:
        assert list(faults(session)) == []


def test_the_summaries_count_from_the_day_they_were_asked_for(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "scoping")
        dhr.record(session, cast, case, summary_requested_on=date(2026, 11, 16))
        assert dhr.clocks(session, case)["SUMMARY_RETURNS"] == ("running", date(2026, 11, 30))
        dhr.record(session, cast, case, summary_requested_on=date(2026, 11, 17))
        assert dhr.clocks(session, case)["SUMMARY_RETURNS"] == ("running", date(2026, 12, 1))


def test_a_clock_that_began_from_another_fact_stays(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "awaiting_decision")
        dhr.take(session, cast, case, "direct_review", direction_on=MONDAY)
        before = dhr.clocks(session, case)
        dhr.record(session, cast, case, ho_notified_on=MONDAY)
        after = dhr.clocks(session, case)
        assert {key: after[key] for key in ("REPORT_6M", "APPOINT_CHAIR")} == {
            key: before[key] for key in ("REPORT_6M", "APPOINT_CHAIR")
        }
