"""Which recommendations count as alike."""

import pytest

from workflows.likeness import LIKE, likeness, stems


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Train front-line housing staff in coercive control", "Housing staff are trained to see coercive control", True),
        ("Name one contact for residents of the estate.", "Name one contact for residents of the estate.", True),
        ("Share reports about one address every week", "Agencies share their reports of an address weekly", True),
        ("Train front-line housing staff in coercive control", "Name one contact for residents of the estate", False),
        ("Review the policy", "Ensure that they are made", False),
        ("", "", False),
    ],
)  # fmt: skip
def test_texts_are_alike_by_the_words_that_they_share(one: str, other: str, alike: bool) -> None:
    found = likeness(stems(one), stems(other))
    assert (found >= LIKE) is alike, found
    assert found == likeness(stems(other), stems(one))


def test_endings_and_common_words_do_not_count() -> None:
    assert stems("Trains, trained and training the trainers") == {"train"}
    assert likeness(stems("Agree a protocol"), stems("Agreed protocols")) == 1.0
