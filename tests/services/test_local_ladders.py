"""A procedure's own reminders: before the date, after it, to whom; never nobody."""

import pytest

from tracker.services.ladders import local_ladder, steps_from, steps_in_words
from workflows.ladder import DEFAULT_LADDER, Rung, Who


def shown(ladder: tuple[Rung, ...]) -> list[tuple[int, tuple[Who, ...], int | None]]:
    return [(rung.offset, rung.to, rung.repeat_every) for rung in ladder]


def test_a_list_changes_only_what_comes_before() -> None:
    assert [rung.offset for rung in local_ladder(DEFAULT_LADDER, [3, 7])] == [-7, -3, 0, 1, 5, 10, 15, 20]
    assert [rung.offset for rung in local_ladder(DEFAULT_LADDER, [])] == [0, 1, 5, 10, 15, 20]


def test_what_comes_after_can_be_changed_too_and_goes_singly_first() -> None:
    own = {"after": steps_from("2 lead officer; 4 manager and chair; 8 escalation every 8")}
    after = local_ladder(DEFAULT_LADDER, own)[4:]
    assert shown(after) == [
        (2, (Who.LEAD, Who.OFFICER), None), (4, (Who.MANAGER, Who.CHAIR), None), (8, (Who.ESCALATION,), 8),
    ]  # fmt: skip
    assert all(rung.singly for rung in after)
    assert steps_in_words(own["after"]) == "2 lead officer; 4 manager chair; 8 escalation every 8"
    assert steps_from(steps_in_words(own["after"])) == own["after"]


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"after": []}, "Somebody must be told"),
        ({"after": [{"at": 0, "to": ["lead"]}]}, "whole numbers from 1"),
        ({"after": [{"at": 1, "to": []}]}, "such as 1 lead officer"),
        ({"after": [{"at": 1, "to": ["mayor"]}]}, "nobody who can be told"),
        ({"after": [{"at": 5, "to": ["lead"]}, {"at": 1, "to": ["lead"]}]}, "in order of time"),
        ({"after": [{"at": 1, "to": ["lead"], "every": 2}, {"at": 5, "to": ["lead"]}]}, "Only the last rung"),
        ({"during": []}, "before” and “after”"),
        ({"before": "5"}, "a list"),
    ],
)
def test_what_cannot_be_a_ladder_is_said_in_a_sentence(own: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        local_ladder(DEFAULT_LADDER, own)


@pytest.mark.parametrize("typed", ["lead 5", "5", "5 mayor", "5 lead every", "x"])
def test_what_was_typed_and_cannot_be_read_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be read|nobody who|such as 1 lead"):
        steps_from(typed)
