"""Twenty people change one case at the same moment: one wins, nineteen are told and keep every word they typed.

One round proves little: a version that is checked but not held lets two or three through now and then. So there are
forty rounds of each kind; ``RACE_ROUNDS`` asks for more or fewer.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import func, select

from tests.cast import Cast
from tests.crash.serving import Answer, Visitor, acting, add_officers, at_once, serving
from tracker import clock
from tracker.db import Database
from tracker.models import Case, Event
from tracker.policy import SYSTEM
from tracker.queries.verification import faults
from tracker.services import acts, cases
from tracker.services.asked import FactsRequest, NewCase

pytestmark = pytest.mark.crash

PEOPLE = 20
ROUNDS = int(os.environ.get("RACE_ROUNDS", "40"))
Sent = Callable[[], Answer]


@pytest.fixture
def emails(database: Database, cast: Cast) -> list[str]:
    return add_officers(database, cast, PEOPLE)


@pytest.fixture
def visitors(database: Database, emails: list[str], tmp_path: Path) -> Iterator[list[Visitor]]:
    """Twenty people, each signed in with their own cookie, at a server of two processes."""
    with serving(database.url, tmp_path, TRACKER_WORKERS="2", TRACKER_THREADS="12") as server:
        yield [Visitor(server).sign_in(email) for email in emails]


def log(database: Database, cast: Cast, email: str, state: str, many: int) -> list[str]:
    """So many open case reviews that stand at a state; their references."""
    today = clock.london(clock.now())
    made = []
    with database.transaction() as session:
        for _ in range(many):
            asked = NewCase(
                process="asb_case_review", partnership_id=cast.herefordshire, opened_on=today,
                facts={"application_date": today, "area": "Herefordshire"}, state=state, opening=(), imported=True,
            )  # fmt: skip
            case = cases.log_case(session, acting(session, email), asked, at=clock.now())
            sent = FactsRequest(case.version, today, {})
            acts.note(session, SYSTEM, case, {"letter_sent_L2": today}, sent, at=clock.now())
            made.append(case.reference)
    return made


def words_of(number: int, person: int) -> str:
    """Words that nobody else types in any round."""
    return f"Round {number} in the words of person {person:02} & nobody else’s"


def at_the_last_button(visitor: Visitor, reference: str, words: str) -> Sent:
    """Open the form of a step, answer it, stand at check answers; what is left is to press."""
    address, hidden = visitor.get(f"/cases/{reference}/steps/request-authority").form()
    typed = [
        ("fact_missing_information", words), ("happened", "today"), ("note", f"Note: {words}"),
    ]  # fmt: skip
    check = visitor.post(address, [*hidden, *typed])
    assert check.status == 200
    assert "Check before you" in check.text
    address, carried = check.form()
    return partial(visitor.post, address, carried)


def at_the_record_form(visitor: Visitor, reference: str, words: str) -> Sent:
    """Open the form that records one fact and fill it in."""
    address, hidden = visitor.get(f"/cases/{reference}/record?fact=safeguarding_note").form()
    return partial(visitor.post, address, [*hidden, ("fact_safeguarding_note", words), ("happened", "today")])


def count(database: Database, reference: str) -> int:
    with database.reading() as session:
        return session.exec(
            select(func.count()).select_from(Event).join(Case).where(Case.reference == reference)
        ).one()


def shown(words: str) -> str:
    return words.replace("&", "&amp;")


@pytest.mark.parametrize("what", ["a step", "a fact"])
def test_one_wins_and_the_others_keep_their_words(
    database: Database, cast: Cast, emails: list[str], visitors: list[Visitor], what: str
) -> None:
    # A step can be taken once from where the case stands, so each round has a case of its own; facts have one case.
    many = ROUNDS if what == "a step" else 1
    references = log(database, cast, emails[0], "acknowledged", many) * (ROUNDS // many)
    ready = at_the_last_button if what == "a step" else at_the_record_form
    winners = set()
    with ThreadPoolExecutor(PEOPLE) as pool:
        for number, reference in enumerate(references):
            before = count(database, reference)
            said = [words_of(number, person) for person in range(PEOPLE)]
            sent = list(pool.map(ready, visitors, [reference] * PEOPLE, said))
            answers = at_once(pool, sent)
            won = [person for person, answer in enumerate(answers) if answer.status == 303]
            assert len(won) == 1, (number, sorted(answer.status for answer in answers))
            winners.update(won)
            for person, answer in enumerate(answers):
                if person not in won:
                    assert answer.status == 409, (number, person, answer.text)
                    assert "This case changed while you were working" in answer.text
                    assert shown(said[person]) in answer.text.partition("<main")[2], "their words are kept"
            assert count(database, reference) == before + 1
            with database.reading() as session:
                case = session.exec(select(Case).where(Case.reference == reference)).one()
                fact = "missing_information" if what == "a step" else "safeguarding_note"
                assert case.facts[fact] == said[won[0]]
                assert case.state == ("awaiting_authority" if what == "a step" else "acknowledged")
    assert ROUNDS < 40 or len(winners) > 1, "the same person won each time: this was no race"
    with database.reading() as session:
        assert list(faults(session)) == []


def test_the_losers_carry_on_with_their_answers(
    database: Database, cast: Cast, emails: list[str], visitors: list[Visitor]
) -> None:
    """The page of the conflict is a form: pressed again, one after the other, everybody's words are recorded."""
    [reference] = log(database, cast, emails[0], "acknowledged", 1)
    few = visitors[:4]
    said = [words_of(0, person) for person in range(len(few))]
    sent = [at_the_record_form(visitor, reference, words) for visitor, words in zip(few, said, strict=True)]
    with ThreadPoolExecutor(len(few)) as pool:
        answers = at_once(pool, sent)
    before = count(database, reference)
    lost = [(person, answer) for person, answer in enumerate(answers) if answer.status == 409]
    assert len(lost) == 3
    for again, (person, answer) in enumerate(lost):
        answer = answer if again == 0 else few[person].post(*answer.form())  # noqa: PLW2901
        if again:
            assert answer.status == 409, "somebody else has carried on meanwhile"
        assert few[person].post(*answer.form()).status == 303
        with database.reading() as session:
            case = session.exec(select(Case).where(Case.reference == reference)).one()
            assert case.facts["safeguarding_note"] == said[person]
    assert count(database, reference) == before + 3
