"""The colour of an action: the table of the document, its edges, and that there is always exactly one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows.action_item_v1 import ACTION_ITEM
from workflows.rag import Colour, Progress, rag

TODAY = date(2026, 11, 23)


def ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


TABLE = [
    ("verified", {}, Colour.BLUE),
    ("verified", {"target_on": ahead(-90), "at_risk": True, "moved": 3}, Colour.BLUE),
    ("not_accepted", {"target_on": ahead(-1)}, Colour.GREY),
    ("superseded", {"at_risk": True}, Colour.GREY),
    ("abandoned", {"moved": 5}, Colour.GREY),
    ("in_progress", {"target_on": ahead(-1), "last_update_on": TODAY}, Colour.RED),
    ("agreed", {"target_on": ahead(-1), "at_risk": True, "moved": 2}, Colour.RED),
    ("draft", {"target_on": ahead(-1)}, Colour.RED),
    ("completed_unverified", {"target_on": ahead(-200)}, Colour.AMBER),
    ("completed_unverified", {"target_on": ahead(200), "last_update_on": TODAY}, Colour.AMBER),
    ("agreed", {"target_on": TODAY}, Colour.AMBER),
    ("agreed", {"target_on": ahead(28)}, Colour.AMBER),
    ("agreed", {"target_on": ahead(28), "last_update_on": ahead(-29)}, Colour.AMBER),
    ("agreed", {"target_on": ahead(28), "last_update_on": ahead(-28)}, Colour.GREEN),
    ("agreed", {"target_on": ahead(29)}, Colour.GREEN),
    ("agreed", {"target_on": ahead(300), "at_risk": True, "last_update_on": TODAY}, Colour.AMBER),
    ("agreed", {"target_on": ahead(300), "moved": 2, "last_update_on": TODAY}, Colour.AMBER),
    ("agreed", {"target_on": ahead(300), "moved": 1}, Colour.GREEN),
    ("in_progress", {"target_on": TODAY, "last_update_on": TODAY}, Colour.GREEN),
    ("in_progress", {}, Colour.GREEN),
    ("draft", {}, Colour.GREEN),
]


@pytest.mark.parametrize(("state", "given_", "colour"), TABLE)
def test_the_table(state: str, given_: dict[str, object], colour: Colour) -> None:
    assert rag(Progress(state, **given_), TODAY).colour is colour  # type: ignore[arg-type]


PROGRESS = some.builds(
    Progress,
    state=some.sampled_from([state.name for state in ACTION_ITEM.states]),
    target_on=some.none() | some.dates(date(2020, 1, 1), date(2035, 1, 1)),
    last_update_on=some.none() | some.dates(date(2020, 1, 1), date(2035, 1, 1)),
    at_risk=some.booleans(),
    moved=some.integers(0, 9),
)


@given(action=PROGRESS, today=some.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_every_action_has_one_colour_and_one_sentence(action: Progress, today: date) -> None:
    found = rag(action, today)
    assert found.colour in set(Colour)
    assert found.why.endswith(".")
    assert found.why.count(".") == 1
    ended = ACTION_ITEM.state_by_name[action.state].final
    assert (found.colour in {Colour.BLUE, Colour.GREY}) is ended
    assert (found.colour is Colour.BLUE) is (action.state == "verified")
    late = action.target_on is not None and action.target_on < today
    assert (found.colour is Colour.RED) is (late and not ended and action.state != "completed_unverified")


@given(action=PROGRESS, today=some.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_an_open_action_past_its_date_does_not_turn_green_by_waiting(action: Progress, today: date) -> None:
    if rag(action, today).colour is Colour.RED:
        assert rag(action, today + timedelta(days=30)).colour is Colour.RED
