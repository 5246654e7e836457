"""What a process is called on pages and in letters, and that a search finds it by every name."""

import pytest
from sqlmodel import Session

from tests.cast import MONDAY, Cast
from tests.routes.filling import log_asb, log_dhr
from tests.services.test_policies import YEAR_AGO, add
from tracker.db import Database
from tracker.models import Case, Partnership
from tracker.queries import case_list, case_page, due_dates
from tracker.queries.case_list import CaseFilters
from tracker.queries.search import search
from tracker.services.process_names import called, name_of


def found(session: Session, cast: Cast, words: str, who: str = "officer") -> set[str]:
    return {hit.text for hit in search(session, cast.actor(session, who), words).rows}


def heads(session: Session, cast: Cast, case: Case) -> set[str]:
    """What the head of the case, the list of cases and the letters call it."""
    actor = cast.actor(session, "officer")
    horizon = due_dates.horizon_for(session, actor, MONDAY)
    rows = case_list.every_case(session, actor, CaseFilters(), horizon).rows
    return {
        case_page.head_of(session, actor, case, ()).process_name,
        next(row.type for row in rows if row.reference == case.reference),
        name_of(session, case),
    }


def test_a_process_is_called_as_its_partnership_calls_it_and_found_by_both_words(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        session.get_one(Partnership, cast.herefordshire).asb_name = "Community Trigger"
        case = log_asb(session, cast)
        assert heads(session, cast, case) == {"Community Trigger"}
        for words in ("community trigger", "Trigger", "ASB case review", "anti-social"):
            assert found(session, cast, words) == {"Community Trigger"}, words
        assert found(session, cast, "homicide") == set()


def test_the_name_in_the_version_that_a_case_took_comes_first(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        before = log_asb(session, cast)
        add(session, cast, YEAR_AGO, name_shown="Case Review Zwei")
        after = log_asb(session, cast)
        assert heads(session, cast, before) == {"ASB case review"}
        assert heads(session, cast, after) == {"Case Review Zwei"}
        assert found(session, cast, "zwei") == {"Case Review Zwei"}
        assert found(session, cast, "trigger") == {"ASB case review", "Case Review Zwei"}


def test_a_death_review_has_its_own_name_and_is_found_by_the_old_one(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        session.get_one(Partnership, cast.herefordshire).dhr_name = "Homicide review"
        log_dhr(session, cast)
        case = log_dhr(session, cast, process="dardr")
        assert heads(session, cast, case) == {"Domestic abuse related death review"}
        assert found(session, cast, "DARDR") == {"Domestic abuse related death review"}
        both = {"Domestic abuse related death review", "Homicide review"}
        assert found(session, cast, "DHR") == found(session, cast, "homicide") == both
        assert found(session, cast, "DHR", "officer2") == set(), "restricted: not named for it"


@pytest.mark.parametrize(
    ("word", "processes"),
    [("tr", set()), ("tri", {"asb_case_review"}), ("dhr", {"dhr_2016", "dardr"}), ("xyz", set())],
)
def test_a_word_or_its_beginning_means_a_process(word: str, processes: set[str]) -> None:
    assert called(word) == processes
