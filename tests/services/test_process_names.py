"""What a process is called on pages and in letters, and that a search finds it by every name."""

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, Cast
from tests.routes.filling import log_asb, log_dhr
from tests.services.test_policies import YEAR_AGO, add
from tracker.db import Database
from tracker.models import Case, Deadline, Partnership
from tracker.queries import case_list, case_page, due_dates
from tracker.queries.case_list import CaseFilters
from tracker.queries.search import search
from tracker.services.process_names import called, in_a_sentence, kind_meant, name_of, names_in, with_article
from workflows.effects import Start


def found(session: Session, cast: Cast, words: str, who: str = "officer") -> set[str]:
    return {hit.text for hit in search(session, cast.actor(session, who), words).rows}


def listed(session: Session, cast: Cast, words: str) -> set[str]:
    """The types of the cases that the filter of the list leaves."""
    actor = cast.actor(session, "officer")
    horizon = due_dates.horizon_for(session, actor, MONDAY)
    return {row.type for row in case_list.every_case(session, actor, CaseFilters(q=words), horizon).rows}


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
        for words in ("community trigger", "Trigger", "ASB case review", "anti-social", "CT"):
            assert found(session, cast, words) == {"Community Trigger"}, words
            assert listed(session, cast, words) == {"Community Trigger"}, words
        assert found(session, cast, "homicide") == listed(session, cast, "homicide") == set()


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
        case = log_dhr(session, cast, process="dardr", section_8a_from=YEAR_AGO)
        assert heads(session, cast, case) == {"Domestic abuse related death review"}
        both = {"Domestic abuse related death review", "Homicide review"}
        for words in ("DHR", "DVHR", "DARDR", "homicide", "domestic abuse death review", "previously DHR"):
            assert found(session, cast, words) == both, words
            assert listed(session, cast, words) == both, words
        assert found(session, cast, "DHR", "officer2") == set(), "restricted: not named for it"


@pytest.mark.parametrize(
    ("word", "processes"),
    [
        ("tr", set()),
        ("tri", {"asb_case_review"}),
        ("ct", {"asb_case_review"}),
        ("c", set()),
        ("dhr", {"dhr_2016", "dardr"}),
        ("dvhr", {"dhr_2016", "dardr"}),
        ("xyz", set()),
    ],
)
def test_a_word_or_its_beginning_means_a_process(word: str, processes: set[str]) -> None:
    assert called(word) == processes


@pytest.mark.parametrize(
    ("name", "within", "one"),
    [
        ("ASB case review", "ASB case review", "an ASB case review"),
        ("Community Trigger", "Community Trigger", "a Community Trigger"),
        ("Domestic homicide review", "domestic homicide review", "a domestic homicide review"),
        ("DHR", "DHR", "a DHR"),
        ("Incident review", "incident review", "an incident review"),
    ],
)
def test_a_name_keeps_its_capitals_within_a_sentence(name: str, within: str, one: str) -> None:
    assert (in_a_sentence(name), with_article(name)) == (within, one)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("community-trigger", "asb"), ("CT", "asb"), ("asb_case_review", "asb"), ("asb", "asb"),
        ("dardr", "dardr"), ("Domestic abuse death review", "dardr"), ("DVHR", "dhr"), ("dhr_2016", "dhr"),
        ("", ""), ("action", ""),
    ],
)  # fmt: skip
def test_an_old_name_in_an_address_is_understood(address: str, kind: str) -> None:
    assert kind_meant(address) == kind


def test_where_partnerships_differ_what_speaks_of_both_says_the_title(database: Database, cast: Cast) -> None:
    both = {cast.herefordshire, cast.worcestershire}
    with database.transaction() as session:
        session.get_one(Partnership, cast.herefordshire).asb_name = "Community Trigger"
        session.get_one(Partnership, cast.herefordshire).dardr_name = "Death review"
        session.get_one(Partnership, cast.worcestershire).dardr_name = "Death review"
        session.flush()
        here = names_in(session, {cast.herefordshire}, MONDAY)
        assert (here["asb_case_review"], here["dardr"]) == ("Community Trigger", "Death review")
        mixed = names_in(session, both, MONDAY)
        assert (mixed["asb_case_review"], mixed["dardr"]) == ("ASB case review", "Death review")
        assert names_in(session, set(), MONDAY)["asb_case_review"] == "ASB case review"
        add(session, cast, YEAR_AGO, name_shown="Case Review Zwei")
        assert names_in(session, {cast.herefordshire}, MONDAY)["asb_case_review"] == "Case Review Zwei"


def test_a_date_that_starts_with_logging_says_the_name(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        session.get_one(Partnership, cast.herefordshire).asb_name = "Community Trigger"
        case = log_asb(session, cast, state="draft", opening=(Start("C24"),))
        words = select(Deadline.start_words).where(Deadline.case_id == case.id)
        assert session.exec(words).all() == ["Community Trigger logged"]
