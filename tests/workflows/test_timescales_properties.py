"""Reading timescales: what must hold of any text, above all that no date is invented."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.timescales import LONGEST, Context, Kind, Reading, read

WORDS = (
    "by before from until to through end of the start mid early May June Sept 2018 2019 18 19 1 31 1st Q1 Q3 FY"
    " 2018/19 2014-17 31/03/2019 07/11 spring winter Christmas period Easter ongoing TBC complete within 3 months"
    " publication Friday w/c week - – / , ( ) ? . : ; and or \n • 1) 2) 43312 20% £5 plan financial year quarter"
)
TEXTS = st.lists(st.sampled_from(WORDS.split(" ")), max_size=9).map(" ".join) | st.text(max_size=60)
CONTEXTS = st.builds(
    Context,
    plan_start=st.none() | st.just(date(2018, 4, 1)),
    plan_end=st.none() | st.just(date(2019, 3, 31)),
    document_date=st.none() | st.dates(date(2017, 1, 1), date(2019, 1, 1)),
    published_on=st.none() | st.dates(date(2017, 1, 1), date(2019, 1, 1)),
)


def every(reading: Reading) -> Iterator[Reading]:
    yield reading
    for line in reading.lines:
        yield from every(line)


@given(TEXTS, CONTEXTS)
@settings(max_examples=600, deadline=None)
def test_any_text_gives_dates_in_order_or_a_question(text: str, context: Context) -> None:
    reading = read(text, context)
    assert reading.text == text
    for one in every(reading):
        assert one.kind in Kind
        if one.earliest is not None and one.latest is not None:
            assert one.earliest <= one.latest
        if one.earliest is None and one.latest is None:
            assert one.question is not None
        assert one.condition != ""
    if reading.lines:
        assert (reading.earliest, reading.latest) == (None, None)
        assert len(reading.lines) > 1
    assert not any(line.lines for line in reading.lines)


@given(TEXTS)
@settings(max_examples=600, deadline=None)
def test_no_year_is_invented(text: str) -> None:
    """Without a plan every date has its year from the text: written out, or its last two digits, or beside it."""
    said = {int(digits) for digits in re.findall(r"[0-9]+", unicodedata.normalize("NFKC", text))}
    for one in every(read(text)):
        for on in (one.earliest, one.latest):
            if on is not None:
                near = {on.year - 1, on.year, on.year + 1}
                assert said & (near | {year % 100 for year in near})


@given(st.text(st.characters(exclude_categories=["N"]), max_size=80))
@settings(max_examples=300, deadline=None)
def test_a_text_without_digits_has_no_date(text: str) -> None:
    for one in every(read(text)):
        assert (one.earliest, one.latest) == (None, None)


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
@settings(max_examples=200, deadline=None)
def test_every_way_to_write_a_day_gives_that_day(on: date) -> None:
    month = f"{on:%B}"
    ways = [
        on.isoformat(),
        f"{on.day}/{on.month}/{on.year}",
        f"{on.day:02}.{on.month:02}.{on.year}",
        f"{on.day} {month} {on.year}",
        f"{on:%A} {on.day} {month} {on.year}",
        f"{on.day}-{on:%b}-{on.year}",
        f"{month} {on.day}, {on.year}",
    ]
    for way in ways:
        reading = read(way)
        assert (reading.kind, reading.earliest, reading.latest) == (Kind.DAY, on, on)
        by = read(f"by {way}")
        assert (by.kind, by.earliest, by.latest) == (Kind.DAY, None, on)


@given(st.integers(2000, 2099), st.integers(1, 12))
@settings(max_examples=100, deadline=None)
def test_every_way_to_write_a_month_gives_its_first_and_last_day(year: int, month: int) -> None:
    first = date(year, month, 1)
    last = date(year, month, monthrange(year, month)[1])
    for way in (f"{first:%B} {year}", f"{first:%b} {year}", f"{month:02}/{year}", f"in {first:%B}, {year}"):
        reading = read(way)
        assert (reading.kind, reading.earliest, reading.latest) == (Kind.MONTH, first, last)
    assert read(f"end of {first:%B} {year}").earliest == last


def test_a_weekday_is_checked_against_the_date() -> None:
    names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    right = [name for name in names if read(f"{name} 1 June 2018").latest is not None]
    assert right == ["Friday"]


@pytest.mark.parametrize(
    "unit",
    [
        "1 ",
        "and ",
        "June ",
        "6 months of ",
        "(",
        "1/",
        "Friday ",
        "a-",
        "2018 ",
        "June 2018, ",
        "4, ",
        "1) ",
        "\n",
        "- ",
    ],
)
@pytest.mark.parametrize("size", [LONGEST - 1, 50_000, 1_000_000])
def test_a_long_text_takes_no_time(unit: str, size: int) -> None:
    text = (unit * (size // len(unit) + 1))[:size]
    started = perf_counter()
    reading = read(text)
    assert perf_counter() - started < 1  # 0.04 s at most; a pattern that backtracks would take for ever
    if size > 4 * LONGEST:
        assert (reading.kind, reading.earliest, reading.latest) == (Kind.UNREADABLE, None, None)
