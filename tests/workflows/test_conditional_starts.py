"""A clock that a step starts only where something is recorded."""

from dataclasses import replace

import pytest

from workflows.dhr_2016_v1 import DHR_2016
from workflows.effects import Start
from workflows.meaning import meaning_of
from workflows.selfcheck import faults_of

WITHHELD = Start("WITHHOLD_REVIEW", if_fact="publication_status", equals="withheld")


def test_it_applies_where_the_fact_says_so_and_only_for_its_kinds() -> None:
    assert WITHHELD.text == "start:WITHHOLD_REVIEW(if publication_status=withheld)"
    assert WITHHELD.applies({"publication_status": "withheld"})
    assert not WITHHELD.applies({"publication_status": "published"})
    assert not WITHHELD.applies({})
    assert Start("C11").applies({})
    assert not Start("C11", only_kinds=("local",)).applies({"kind": "national"})
    assert Start("C11", only_kinds=("local",)).applies({"kind": "local"})


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (replace(WITHHELD, if_fact="no_such"), "from a fact that is not declared: no_such"),
        (replace(WITHHELD, equals="perhaps"), "for an answer that publication_status does not have: perhaps"),
    ],
)
def test_a_condition_that_can_never_hold_is_a_fault(start: Start, words: str) -> None:
    strange = replace(DHR_2016.moves[0], effects=(start,))
    faults = list(faults_of(replace(DHR_2016, moves=(strange, *DHR_2016.moves[1:]))))
    assert any(words in fault for fault in faults)


def test_the_condition_is_locked_with_the_definition() -> None:
    assert meaning_of(WITHHELD) != meaning_of(replace(WITHHELD, equals="published"))
