"""What a person types becomes a value, or one sentence that says what is wanted instead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows import questions as ask
from workflows.definition import Workflow
from workflows.facts import (
    LONG_TEXT_LIMIT,
    TEXT_LIMIT,
    Fact,
    FactKind,
    FactRefused,
    FactValue,
    loaded,
    read,
    read_day,
    read_month,
    stored,
    tidy,
    words,
)
from workflows.released import RELEASED

TODAY = date(2026, 11, 23)
DAY = ask.day("on", "Date of the decision")
PLANNED = ask.day("planned_on", "Date of the meeting", planned=True)
MONTH = ask.month("month", "Month of the death")
NUMBER = ask.number("number", "Number of actions")
YES_NO = ask.yes_no("quorum", "Was the panel quorate?")
CONFIRM = ask.confirm("checked", "It is checked")
ONE = ask.choice("one", "Outcome", well="Went well", badly="Went badly")
MANY = ask.choices("many", "Who came", council="Council", police="Police")
BODIES = ask.organisations("bodies", "Bodies asked")
TEXT = ask.text("text", "Minute")
LONG = ask.long_text("long", "Reasons")
PERSON = ask.person("person", "Lead officer")
DOCUMENT = ask.document("paper", "Decision paper")
BODY = ask.organisation("body", "Lead agency")


def refused(fact: Fact, raw: str | list[str]) -> str:
    with pytest.raises(FactRefused) as refusal:
        read(fact, raw, today=TODAY)
    return str(refusal.value)


class TestDays:
    @pytest.mark.parametrize(
        "text",
        [
            "23 11 2026", "23/11/2026", "23.11.2026", "23-11-2026", "23/11/26", "23 Nov 2026", "23 November 2026",
            "23rd November 2026", "23 NOV 26", "23 november, 2026", "2026-11-23", "23-Nov-2026", "  23 11 2026  ",
            "Monday 23 November 2026", "Mon 23 Nov 2026", "Monday, 23 November 2026", "23/ 11 /2026", "23 11 26",
            "２３ 11 2026",
        ],
    )  # fmt: skip
    def test_every_way_of_writing_one(self, text: str) -> None:
        assert read_day(text) == TODAY

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("1st February 2026", date(2026, 2, 1)),
            ("2nd Feb 2026", date(2026, 2, 2)),
            ("3 Sept 2026", date(2026, 9, 3)),
            ("3 sep 2026", date(2026, 9, 3)),
            ("5 4 2026", date(2026, 4, 5)),
            ("29 2 2028", date(2028, 2, 29)),
            ("2026-1-5", date(2026, 1, 5)),
            ("Thurs 5 March 2026", date(2026, 3, 5)),
            ("Weds 4 March 2026", date(2026, 3, 4)),
        ],
    )
    def test_the_day_comes_first(self, text: str, expected: date) -> None:
        assert read_day(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "", "tomorrow", "31 9 2026", "29 2 2026", "13/13/2026", "2026-13-01", "11/23/2026", "2026", "Nov 2026",
            "23 Nov", "23 Novembre 2026", "1 2 3 2026", "0 1 2026", "23 11 202", "20261123", "23 Foo 2026", "-1 1 2026",
            "2026-11-23T08:00", "1e3",
        ],
    )  # fmt: skip
    def test_what_is_no_day(self, text: str) -> None:
        with pytest.raises(FactRefused, match="must be a real date, such as 23 11 2026"):
            read_day(text)

    @given(some.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
    def test_any_day_in_any_writing(self, on: date) -> None:
        short = on.year % 100
        for text in (
            f"{on.day} {on.month} {on.year}", f"{on.day:02}/{on.month:02}/{short:02}", f"{on.day} {on:%B} {on.year}",
            f"{on.day} {on:%b} {short:02}", on.isoformat(), f"{on:%A} {on.day} {on:%B %Y}",
        ):  # fmt: skip
            assert read_day(text) == on

    def test_not_in_the_future_unless_planned(self) -> None:
        tomorrow = TODAY + timedelta(days=1)
        assert read(DAY, "23 11 2026", today=TODAY) == TODAY
        assert refused(DAY, "24 11 2026") == "Date of the decision must be today or in the past"
        assert read(PLANNED, "24 11 2026", today=TODAY) == tomorrow

    @pytest.mark.parametrize("text", ["31 12 1989", "1 1 2101", "0026-11-23"])
    def test_within_the_years_of_the_work(self, text: str) -> None:
        assert refused(PLANNED, text) == "Date of the meeting must be between 1990 and 2100"

    @pytest.mark.parametrize("text", ["1 1 1990", "31 12 2100"])
    def test_the_first_and_last_day(self, text: str) -> None:
        assert isinstance(read(PLANNED, text, today=TODAY), date)


class TestMonths:
    @pytest.mark.parametrize(
        "text", ["02 2026", "2 2026", "2026-02", "Feb 2026", "february 2026", "02/2026", "Feb, 2026"]
    )
    def test_every_way_of_writing_one(self, text: str) -> None:
        assert read_month(text) == "2026-02"

    @pytest.mark.parametrize(
        "text", ["", "13 2026", "0 2026", "2026", "23 11 2026", "Foo 2026", "2026-00", "02 0000"]
    )
    def test_what_is_no_month(self, text: str) -> None:
        with pytest.raises(FactRefused, match="must be a month and a year, such as February 2026"):
            read_month(text)

    def test_not_in_the_future(self) -> None:
        assert read(MONTH, "November 2026", today=TODAY) == "2026-11"
        assert refused(MONTH, "December 2026") == "Month of the death must be this month or in the past"


class TestAnswers:
    @pytest.mark.parametrize(
        ("fact", "raw", "value"),
        [
            (NUMBER, "3", 3), (NUMBER, "0", 0), (NUMBER, " 12 ", 12), (YES_NO, "yes", True), (YES_NO, "no", False),
            (CONFIRM, "yes", True), (ONE, "well", "well"), (MANY, ["police", "council", "police"], ("police", "council")),
            (BODIES, ["a", "b", "a", ""], ("a", "b")), (TEXT, "  12/3 ", "12/3"), (LONG, "a\r\nb\rc", "a\nb\nc"),
            (TEXT, "a\nb\tc", "a b c"), (PERSON, "officer@herefordshire.example", "officer@herefordshire.example"),
            (DOCUMENT, "Papers/7", "Papers/7"), (BODY, "west_mercia_police", "west_mercia_police"),
            (TEXT, "x\x00y\ud800z", "x y z"), (TEXT, "Zoë – 50 %", "Zoë – 50 %"),
        ],
    )  # fmt: skip
    def test_value(self, fact: Fact, raw: str | list[str], value: FactValue) -> None:
        found = read(fact, raw, today=TODAY)
        assert found == value
        assert type(found) is type(value)

    @pytest.mark.parametrize(
        "fact", [DAY, MONTH, NUMBER, YES_NO, CONFIRM, ONE, MANY, BODIES, TEXT, LONG, PERSON]
    )
    @pytest.mark.parametrize("nothing", ["", "  ", [], ["", " "], "\x00"])
    def test_nothing_is_nothing(self, fact: Fact, nothing: str | list[str]) -> None:
        assert read(fact, nothing, today=TODAY) is None

    @pytest.mark.parametrize(
        ("fact", "raw", "sentence"),
        [
            (DAY, "soon", "Date of the decision must be a real date, such as 23 11 2026"),
            (MONTH, "soon", "Month of the death must be a month and a year, such as February 2026"),
            (NUMBER, "three", "Number of actions must be a whole number, such as 3"),
            (NUMBER, "-1", "Number of actions must be a whole number, such as 3"),
            (NUMBER, "1.5", "Number of actions must be a whole number, such as 3"),
            (NUMBER, "1234567890", "Number of actions must be a whole number, such as 3"),
            (NUMBER, "١", "Number of actions must be a whole number, such as 3"),
            (YES_NO, "maybe", "Was the panel quorate? must be yes or no"),
            (CONFIRM, "no", "It is checked must be confirmed"),
            (ONE, "middling", "Outcome must be one of the answers shown"),
            (MANY, ["police", "army"], "Who came must be among the answers shown"),
        ],
    )
    def test_sentence(self, fact: Fact, raw: str | list[str], sentence: str) -> None:
        assert refused(fact, raw) == sentence

    @pytest.mark.parametrize(
        ("fact", "limit"), [(TEXT, TEXT_LIMIT), (LONG, LONG_TEXT_LIMIT), (DOCUMENT, TEXT_LIMIT)]
    )
    def test_long_text(self, fact: Fact, limit: int) -> None:
        assert read(fact, "x" * limit, today=TODAY) == "x" * limit
        assert refused(fact, "x" * (limit + 1)) == (
            f"{fact.label} must be {limit:,} characters or fewer; it has {limit + 1:,}"
        )

    @given(some.text())
    def test_tidied_text_stays_tidy(self, text: str) -> None:
        for lines in (True, False):
            assert tidy(tidy(text, lines=lines), lines=lines) == tidy(text, lines=lines)
        assert "\n" not in tidy(text)


VALUES = {
    FactKind.DATE: some.dates(min_value=date(1990, 1, 1), max_value=TODAY),
    FactKind.MONTH: some.dates(max_value=TODAY, min_value=date(1990, 1, 1)).map(lambda on: f"{on:%Y-%m}"),
    FactKind.NUMBER: some.integers(0, 10**9 - 1),
    FactKind.YES_NO: some.booleans(),
    FactKind.CONFIRM: some.just(value=True),
    FactKind.ORGANISATIONS: some.lists(some.sampled_from(["a", "b"]), unique=True, min_size=1).map(tuple),
}


def values_of(fact: Fact) -> some.SearchStrategy[FactValue]:
    keys = [choice.value for choice in fact.choices]
    if fact.kind is FactKind.CHOICE:
        return some.sampled_from(keys)
    if fact.kind is FactKind.CHOICES:
        return some.lists(some.sampled_from(keys), unique=True, min_size=1).map(tuple)
    return VALUES.get(fact.kind, some.text(min_size=1, max_size=40).map(tidy).filter(bool))


def typed(value: FactValue) -> str | list[str]:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else str(value)


@given(data=some.data())
@pytest.mark.parametrize("workflow", [pytest.param(w, id=w.id) for w in RELEASED.values()])
def test_every_value_survives_storing_and_typing(workflow: Workflow, data: some.DataObject) -> None:
    fact = data.draw(some.sampled_from(workflow.facts))
    value = data.draw(values_of(fact))
    assert loaded(fact, stored(value)) == value
    assert read(fact, typed(value), today=TODAY) == value
    assert words(fact, value)


def test_an_undeclared_fact_comes_back_as_it_was_stored() -> None:
    assert loaded(None, "2026-11-23") == "2026-11-23"
    assert loaded(None, ["a", "b"]) == ("a", "b")
    assert loaded(None, stored(7)) == 7
    assert loaded(DAY, 7) == 7


@pytest.mark.parametrize(
    ("fact", "value", "text"),
    [
        (DAY, TODAY, "Monday 23 November 2026"),
        (DAY, date(2026, 3, 5), "Thursday 5 March 2026"),
        (MONTH, "2026-02", "February 2026"),
        (YES_NO, True, "Yes"),
        (CONFIRM, False, "No"),
        (NUMBER, 1, "1"),
        (ONE, "badly", "Went badly"),
        (MANY, ("police", "council"), "Police, Council"),
        (BODIES, ("a", "b"), "A Council, b"),
        (BODY, "a", "A Council"),
        (TEXT, "as it is", "as it is"),
    ],
)
def test_words(fact: Fact, value: FactValue, text: str) -> None:
    assert words(fact, value, {"a": "A Council"}) == text


def test_words_without_names_are_the_keys() -> None:
    assert words(BODY, "a") == "a"
