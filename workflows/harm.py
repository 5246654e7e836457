"""The harm assessment: a versioned questionnaire, its score and its band (docs/asb-case-review.md 6.3).

The questions are data, in ``harm_questions.json``; a version that has been used stays there. The score never decides
the threshold: it says how quickly somebody must act, and what the finding on harm has to deal with.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

CURRENT = "asb-2026-1"
BANDS = ("standard", "medium", "high")


class HarmRefused(ValueError):
    """The answers are not answers to these questions; ``str(error)`` says why in one plain sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``answers`` are pairs of points and words; ``at_least``: from so many points, at least this band."""

    key: str
    text: str
    answers: tuple[tuple[int, str], ...]
    at_least: tuple[int, str] | None = None
    safeguarding: int | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version. ``bands`` are names with the least score of each, lowest first."""

    version: str
    questions: tuple[Question, ...]
    bands: tuple[tuple[str, int], ...]

    @property
    def highest(self) -> int:
        """The highest score there can be."""
        return sum(max(points for points, _ in question.answers) for question in self.questions)


@dataclass(frozen=True, slots=True)
class Scored:
    """The outcome. ``overrides`` are the questions that force a band at least; ``safeguarding``: act the same day."""

    score: int
    band: str
    overrides: Mapping[str, str]
    safeguarding: bool


@cache
def questionnaire(version: str = CURRENT) -> Questionnaire:
    """One version of the questions.

    Raises:
        KeyError: there is none of that name.
    """
    text = resources.files("workflows").joinpath("harm_questions.json").read_text(encoding="utf-8")
    made = json.loads(text)[version]
    return Questionnaire(
        version=version,
        questions=tuple(
            Question(
                key=one["key"],
                text=one["text"],
                answers=tuple((points, words) for points, words in enumerate(one["answers"]) if words),
                at_least=(int(one["at_least"][0]), str(one["at_least"][1])) if "at_least" in one else None,
                safeguarding=one.get("safeguarding"),
            )
            for one in made["questions"]
        ),
        bands=tuple((str(name), int(least)) for name, least in made["bands"]),
    )


def scored(asked: Questionnaire, answers: Mapping[str, int]) -> Scored:
    """The score and the band of the answers; every question has one.

    Raises:
        HarmRefused: a question has no answer, or one that it does not offer.
    """
    for question in asked.questions:
        if answers.get(question.key) not in {points for points, _ in question.answers}:
            raise HarmRefused(f"Answer the question: {question.text}")
    score = sum(answers[question.key] for question in asked.questions)
    forced = {
        question.key: question.at_least[1]
        for question in asked.questions
        if question.at_least and answers[question.key] >= question.at_least[0]
    }
    by_score = next(name for name, least in reversed(asked.bands) if score >= least)
    band = max((by_score, *forced.values()), key=BANDS.index)
    alarming = any(
        question.safeguarding is not None and answers[question.key] >= question.safeguarding
        for question in asked.questions
    )
    return Scored(score, band, forced, alarming or band == "high")
