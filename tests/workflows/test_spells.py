"""Whose time it was: each day counted once, and all of them together the whole time."""

from datetime import date, timedelta

import pytest

from workflows.definition import HeldBy
from workflows.released import RELEASED
from workflows.spells import HELD, Entered, Hold, days_by_holder, entered

DHR = RELEASED["dhr_2016/1"]
FIRST = date(2026, 1, 1)
KINDS = ("full", "partial", "publication_only")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def walk(*states: tuple[int, str]) -> list[Entered]:
    return [entered(DHR, state, day(number), KINDS) for number, state in states]


REVIEW = walk((0, "notified"), (10, "gathering"), (50, "drafting"), (80, "with_home_office"), (95, "cleared"))

TABLE = [
    (REVIEW, [], 100, {"us": 45, "agency": 40, "home_office": 15}),
    (REVIEW, [], 60, {"us": 20, "agency": 40}),
    (REVIEW, [], 0, {}),
    # a partial hold lets agencies' work go on, and stops what follows; a full one stops both
    (REVIEW, [Hold("partial", day(20), day(60))], 100, {"us": 35, "agency": 40, "home_office": 15, HELD: 10}),
    (REVIEW, [Hold("full", day(20), day(30))], 100, {"us": 45, "agency": 30, "home_office": 15, HELD: 10}),
    # two at once hold a day once; one without an end holds to the last day
    (
        REVIEW,
        [Hold("full", day(20), day(30)), Hold("full", day(25), day(35))],
        100,
        {"us": 45, "agency": 25, "home_office": 15, HELD: 15},
    ),
    (
        REVIEW,
        [Hold("publication_only", day(90))],
        100,
        {"us": 40, "agency": 40, "home_office": 15, HELD: 5},
    ),
    # the Home Office is not stopped by our hold
    (REVIEW, [Hold("full", day(80), day(95))], 100, {"us": 45, "agency": 40, "home_office": 15}),
    # recorded out of order: no day is counted twice
    (walk((0, "notified"), (30, "gathering"), (20, "drafting")), [], 40, {"us": 40}),
    (walk((5, "notified")), [Hold("full", day(0), day(3))], 5, {}),
]


@pytest.mark.parametrize(("states", "holds", "until", "days"), TABLE)
def test_the_table(states: list[Entered], holds: list[Hold], until: int, days: dict[str, int]) -> None:
    found = days_by_holder(states, holds, day(until))
    assert found == days
    assert sum(found.values()) == max(0, until - (states[0].on - FIRST).days)


@pytest.mark.parametrize(
    ("state", "stopped_by"),
    [
        ("notified", set()), ("gathering", {"full"}), ("drafting", {"full", "partial"}),
        ("cleared", set(KINDS)), ("closed", set()), ("with_home_office", set()),
    ],
)  # fmt: skip
def test_a_state_is_stopped_by_the_holds_that_forbid_every_usual_way_out(
    state: str, stopped_by: set[str]
) -> None:
    one = entered(DHR, state, FIRST, KINDS)
    assert one.stopped_by == stopped_by
    assert one.held_by is {
        "gathering": HeldBy.AGENCY,
        "with_home_office": HeldBy.HOME_OFFICE,
        "closed": HeldBy.NOBODY,
    }.get(state, HeldBy.US)
