"""The catalogue of letters: complete, each kind with the phrases that it must hold, and the ways that are not safe."""

import pytest

from tests.workflows.documents import ASB, table
from tracker.letters.build import words
from workflows.letter_kinds import KINDS, kinds_of
from workflows.letters import (
    VALUES,
    Channel,
    LetterKind,
    SafeContact,
    To,
    allowed_names,
    names_in,
    refused_way,
    unsaid,
)
from workflows.released import RELEASED

EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)


def test_every_letter_of_the_document_has_its_kind() -> None:
    written = {row["Id"] for row in table(ASB, "Id | To")}
    assert {"L1", "L2", "L8", "L16", "L18"} <= written
    assert {f"L{number}" for number in range(1, 19)} <= set(KINDS)
    assert {kind.code for kind in kinds_of("asb_case_review")} >= {"L1", "L5", "L8", "L12"}
    assert all(kind.code.startswith("D") for kind in kinds_of("dhr_2016"))


def test_every_fact_that_a_letter_alone_records_has_a_kind_that_records_it() -> None:
    for workflow in RELEASED.values():
        wanted = {
            f.name for f in workflow.facts if f.through == "letters" and f.name.startswith("letter_sent_")
        }
        given = {name for kind in kinds_of(workflow.key) for to in kind.to for name in kind.records(to)}
        assert wanted <= given, workflow.key


@EVERY
def test_values_and_prose_have_names_of_their_own(kind: LetterKind) -> None:
    assert set(kind.values) <= set(VALUES)
    assert not {prose.name for prose in kind.prose} & set(VALUES)
    assert kind.to
    assert kind.says
    assert allowed_names(kind) > set(kind.values)


@EVERY
def test_default_words_are_plain(kind: LetterKind) -> None:
    text = "\n".join(words()[kind.code])
    for odd in ("shall", "hereby", "pursuant", "aforementioned", "utilise", "successfully", "!"):
        assert odd not in text.lower(), odd


@pytest.mark.parametrize(
    ("code", "left_out", "said"),
    [
        ("L1", "999", "The letter does not say to call 999 in danger."),
        ("L1", "keep reporting", "The letter does not say to keep reporting."),
        ("L1", "privacy notice", "The letter does not say where the privacy notice is."),
        ("L1", "support", "The letter does not say where to find support."),
        ("L1", "is not a complaint", "The letter does not say what the review is not."),
        ("L5", "adequate", "The letter does not say how adequate the response was (section 104(5))."),
        ("L5", "persisten", "The letter does not say how persistent the behaviour is (section 104(5))."),
        ("L5", "ombudsman", "The letter does not say which routes there are outside the partnership."),
        ("L16", "paragraph 7", "The letter does not say the power it rests on (Schedule 4, paragraph 7)."),
        ("D3", "reasons", "The letter does not say the reasons."),
        ("D9", "section 9(3b)", "The letter does not say the duty (section 9(3B))."),
    ],
)  # fmt: skip
def test_what_must_be_said_is_missed(code: str, left_out: str, said: str) -> None:
    kind = KINDS[code]
    values = {name: VALUES[name].sample for name in kind.values}
    whole = " ".join([*(phrase.any_of[0] for phrase in kind.says), *values.values()])
    assert unsaid(kind, whole, values) == ()
    part = " ".join(
        [*(p.any_of[0] for p in kind.says if not any(left_out in w for w in p.any_of)), *values.values()]
    )
    assert said in unsaid(kind, part, values)


def test_a_date_that_the_tracker_works_out_must_stand_in_the_letter() -> None:
    kind = KINDS["L5"]
    text = " ".join(phrase.any_of[0] for phrase in kind.says)
    missing = unsaid(kind, text, {"dispute_by": "21 December 2026"})
    assert "The letter does not give the date until which a second look can be asked for." in missing


def test_must_have_regard_is_asked_only_of_public_functions() -> None:
    kind = KINDS["L17"]
    values = {name: VALUES[name].sample for name in kind.values}
    text = " ".join(["not accept", *values.values()])
    assert unsaid(kind, text, values) == ()
    assert "must have regard" in unsaid(kind, text, values | {"public_functions": "yes"})[0]


def test_a_way_that_is_not_safe_is_refused() -> None:
    contact = SafeContact(never=frozenset({"post"}))
    assert refused_way(To.VICTIM, Channel.POST, contact) == (
        "The case says not to reach this person by post: choose another way."
    )
    assert refused_way(To.VICTIM, Channel.EMAIL, contact) == ""
    assert refused_way(To.BODY, Channel.POST, contact) == ""


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel is not Channel.THROUGH])
def test_a_family_is_reached_directly_only_where_they_agreed(channel: Channel) -> None:
    assert "family liaison officer" in refused_way(To.FAMILY, channel, SafeContact())
    assert refused_way(To.FAMILY, channel, SafeContact(direct=True)) == ""
    assert refused_way(To.FAMILY, Channel.THROUGH, SafeContact()) == ""


def test_a_name_is_found_as_whole_words_whatever_the_typing() -> None:
    assert names_in("We spoke with PAT\u00a0 O\u2019Canary.", ["Pat O'Canary", "Annex"]) == ("Pat O'Canary",)
    assert names_in("See the annexes", ["Annex"]) == ()


@pytest.mark.parametrize("code", ["L6", "L7"])
def test_the_panels_invitation_is_not_the_applicants(code: str) -> None:
    assert KINDS[code].records(To.PANEL) == ()
    assert KINDS[code].records(To.APPLICANT) == (f"letter_sent_{code}",)
