"""What is provisional, what is refused, how late, and London's clocks."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from workflows.calendars import england_and_wales
from workflows.dates import (
    DateRefused,
    DayZero,
    Mode,
    Period,
    Roll,
    Suspension,
    Unit,
    compute,
    days_late,
    in_words,
    london_date,
    short,
    utc_of_london,
)

EW = england_and_wales()
D = date


@pytest.mark.parametrize(
    ("start", "period", "provisional"),
    [
        (D(2028, 12, 1), Period(18, Unit.WORKING_DAYS), False),  # Friday 29 December 2028
        (D(2028, 12, 1), Period(19, Unit.WORKING_DAYS), True),
        (D(2029, 1, 10), Period(5, Unit.WORKING_DAYS, Mode.BEFORE), True),
        (D(2026, 11, 22), Period(72, Unit.MONTHS), False),  # asks no calendar
        (D(2026, 11, 22), Period(72, Unit.MONTHS, roll=Roll.NEXT_WORKING), True),
        (D(2029, 1, 1), Period(1, Unit.DAYS, day_zero=DayZero.FIRST_WORKING), True),
        (D(2013, 1, 1), Period(5, Unit.WORKING_DAYS), False),
    ],
)
def test_a_date_that_rests_on_bank_holidays_not_published_is_provisional(
    start: date, period: Period, *, provisional: bool
) -> None:
    worked = compute(start, period, EW)
    assert worked.provisional is provisional
    assert any(line.label == "Provisional" for line in worked.trace) is provisional


@pytest.mark.parametrize(
    ("start", "period", "extra", "words"),
    [
        (D(2026, 1, 1), Period(-1, Unit.DAYS), [], "The length must be 0 or more."),
        (D(2026, 1, 1), Period(True, Unit.DAYS), [], "The length must be a whole number."),
        (D(2026, 1, 1), Period(1.5, Unit.DAYS), [], "The length must be a whole number."),  # type: ignore[arg-type]
        (D(2026, 1, 1), Period(10**30, Unit.DAYS), [], "too large"),
        (D(2026, 1, 1), Period(10**7, Unit.WEEKS), [], "outside the years 1 to 9999"),
        (D(2026, 1, 1), Period(10**7, Unit.WORKING_DAYS), [], "outside the years 1 to 9999"),
        (D(2026, 1, 1), Period(10**7, Unit.YEARS), [], "outside the years 1 to 9999"),
        (D(9999, 12, 31), Period(1, Unit.DAYS), [], "outside the years 1 to 9999"),
        (D(2026, 1, 1), Period(0, Unit.DAYS, Mode.BEGINNING_WITH), [], "The length must be 1 or more."),
        (D(2026, 1, 1), Period(1, Unit.DAYS), [-1], "An extension must be 0 or more."),
        (D(2026, 1, 1), Period(1, Unit.DAYS), [False], "An extension must be a whole number."),
        (D(2026, 1, 1), Period(1, Unit.DAYS, Mode.BEFORE), [1], "change the event"),
        (
            D(2026, 1, 1),
            Period(1, Unit.DAYS, Mode.BEFORE, DayZero.FIRST_WORKING),
            [],
            "from the event itself",
        ),
        (D(1, 1, 1), Period(1, Unit.DAYS, Mode.BEFORE), [], "outside the years 1 to 9999"),
        (D(1, 1, 1), Period(1, Unit.DAYS, Mode.BEGINNING_WITH), [], "outside the years 1 to 9999"),
        (datetime(2026, 1, 1, tzinfo=UTC), Period(1, Unit.DAYS), [], "must be a date without a time of day"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_one_sentence(
    start: date, period: Period, extra: list[int], words: str
) -> None:
    with pytest.raises(DateRefused, match=words) as refusal:
        compute(start, period, EW, extensions=extra)
    assert str(refusal.value).endswith(".")
    assert str(refusal.value).count(".") == 1


def test_a_stop_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(DateRefused, match="must not end before it begins"):
        compute(
            D(2026, 1, 1),
            Period(1, Unit.DAYS),
            EW,
            suspensions=[Suspension(D(2026, 1, 3), D(2026, 1, 2))],
        )


@pytest.mark.parametrize(
    ("due_on", "on", "unit", "late"),
    [
        (D(2026, 11, 20), D(2026, 11, 20), Unit.WORKING_DAYS, 0),
        (D(2026, 11, 20), D(2026, 11, 22), Unit.WORKING_DAYS, 0),
        (D(2026, 11, 20), D(2026, 11, 23), Unit.WORKING_DAYS, 1),
        (D(2026, 11, 20), D(2026, 11, 22), Unit.MONTHS, 2),
        (D(2026, 11, 20), D(2026, 11, 1), Unit.DAYS, 0),
    ],
)
def test_days_late_in_the_clocks_own_unit(due_on: date, on: date, unit: Unit, late: int) -> None:
    assert days_late(due_on, on, unit, EW) == late


@pytest.mark.parametrize(
    ("utc", "on"),
    [
        (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), D(2026, 3, 28)),
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), D(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), D(2026, 7, 1)),
        (datetime(2026, 10, 25, 0, 0, tzinfo=UTC), D(2026, 10, 25)),
        (datetime(2026, 11, 22, 1, 0, tzinfo=timezone(timedelta(hours=5))), D(2026, 11, 21)),
    ],
)
def test_the_london_date_of_an_instant(utc: datetime, on: date) -> None:
    assert london_date(utc) == on


@pytest.mark.parametrize(
    ("on", "wall", "utc"),
    [
        (D(2026, 11, 23), time(8), datetime(2026, 11, 23, 8, tzinfo=UTC)),
        (D(2026, 7, 1), time(8), datetime(2026, 7, 1, 7, tzinfo=UTC)),
        (D(2026, 7, 1), time(0, 30), datetime(2026, 6, 30, 23, 30, tzinfo=UTC)),
        (D(2026, 3, 29), time(0, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (
            D(2026, 3, 29),
            time(1, 30),
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        ),  # left out: 02:30 summer time
        (D(2026, 3, 29), time(2), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (D(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # twice: the first
        (D(2026, 10, 25), time(1, 30, fold=1), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (D(2026, 10, 25), time(2), datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ],
)
def test_the_instant_of_a_london_wall_clock(on: date, wall: time, utc: datetime) -> None:
    assert utc_of_london(on, wall) == utc


def test_instants_need_a_zone_and_wall_times_must_not_have_one() -> None:
    with pytest.raises(DateRefused, match="must say its time zone"):
        london_date(datetime(2026, 11, 22))  # noqa: DTZ001
    with pytest.raises(DateRefused, match="another time zone"):
        utc_of_london(D(2026, 11, 22), time(8, tzinfo=UTC))
    with pytest.raises(DateRefused, match="outside the years"):
        london_date(datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-10))))


def test_dates_in_words() -> None:
    assert in_words(D(2026, 11, 23)) == "Monday 23 November 2026"
    assert short(D(2026, 11, 3)) == "Tue 3 Nov 2026"
