"""The harm assessment: score, bands, what forces a band, and that every question is answered."""

import pytest

from workflows.harm import HarmRefused, questionnaire, scored

ASKED = questionnaire()
NONE = {question.key: 0 for question in ASKED.questions}


def test_twelve_questions_of_36_points() -> None:
    assert (len(ASKED.questions), ASKED.highest, ASKED.version) == (12, 36, "asb-2026-1")


@pytest.mark.parametrize(
    ("answers", "score", "band", "safeguarding"),
    [
        ({}, 0, "standard", False),
        (dict.fromkeys(NONE, 1) | {"hate": 0}, 11, "standard", False),
        (dict.fromkeys(NONE, 1) | {"hate": 2, "trend": 0}, 12, "medium", False),
        (dict.fromkeys(NONE, 2) | {"trend": 0, "support": 0}, 20, "medium", False),
        (dict.fromkeys(NONE, 2) | {"trend": 0, "support": 1}, 21, "high", True),
        ({"hate": 3}, 3, "medium", False),
        ({"threats": 3}, 3, "high", True),
        ({"health": 3}, 3, "high", True),
    ],
)
def test_bands(answers: dict[str, int], score: int, band: str, *, safeguarding: bool) -> None:
    made = scored(ASKED, NONE | answers)
    assert (made.score, made.band, made.safeguarding) == (score, band, safeguarding)


@pytest.mark.parametrize("answers", [{"hate": 1}, {"trend": 4}, {"trend": -1}])
def test_only_offered_answers(answers: dict[str, int]) -> None:
    with pytest.raises(HarmRefused):
        scored(ASKED, NONE | answers)


def test_every_question_is_answered() -> None:
    with pytest.raises(HarmRefused, match="How often does it happen"):
        scored(ASKED, {})


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(KeyError):
        questionnaire("asb-1999-1")
