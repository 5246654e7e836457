"""Every worked date of the two domain documents, and the counting against the simplest way to count."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendars import Calendar, england_and_wales
from workflows.dates import (
    DayZero,
    Mode,
    Period,
    Roll,
    StillStopped,
    Suspension,
    Unit,
    clear_working_days_before,
    compute,
    earliest_in_time,
    last_day_beginning_with,
    working_days_before,
    working_days_between,
)

DAY = timedelta(days=1)
EW = england_and_wales()
D = date


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        # asb-case-review.md 3.7, last-day table
        (D(2026, 3, 3), 1, D(2026, 4, 2)),
        (D(2026, 1, 28), 1, D(2026, 2, 27)),
        (D(2026, 1, 29), 1, D(2026, 2, 28)),
        (D(2026, 1, 30), 1, D(2026, 2, 28)),
        (D(2026, 1, 31), 1, D(2026, 2, 28)),  # relativedelta less a day would say the 27th
        (D(2024, 1, 31), 1, D(2024, 2, 29)),
        (D(2026, 1, 1), 1, D(2026, 1, 31)),
        (D(2026, 3, 31), 1, D(2026, 4, 30)),
        (D(2026, 12, 31), 1, D(2027, 1, 30)),
        (D(2026, 5, 31), 6, D(2026, 11, 30)),
        (D(2026, 6, 1), 6, D(2026, 11, 30)),
        (D(2026, 8, 30), 6, D(2027, 2, 28)),
        (D(2026, 8, 31), 6, D(2027, 2, 28)),
        (D(2027, 8, 28), 6, D(2028, 2, 27)),
        (D(2027, 8, 29), 6, D(2028, 2, 28)),
        # 3.7, E3 and E4
        (D(2026, 6, 3), 1, D(2026, 7, 2)),
        (D(2026, 5, 22), 6, D(2026, 11, 21)),
        (D(2026, 5, 23), 6, D(2026, 11, 22)),
        # 2024 is a leap year, 29 February has no fellow in 2025
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2023, 3, 1), 12, D(2024, 2, 29)),
        (D(2024, 1, 29), 1, D(2024, 2, 28)),
        (D(2024, 1, 30), 1, D(2024, 2, 29)),
    ],
)
def test_last_day_of_months_beginning_with_a_day(start: date, months: int, last: date) -> None:
    assert last_day_beginning_with(start, months) == last
    assert compute(start, Period(months, Unit.MONTHS, Mode.BEGINNING_WITH), EW).due_on == last


@pytest.mark.parametrize(
    ("on", "earliest"),
    [
        (D(2026, 11, 22), D(2026, 5, 23)),
        (D(2026, 8, 31), D(2026, 3, 1)),
        (D(2026, 2, 28), D(2025, 8, 29)),
        (D(2027, 2, 28), D(2026, 8, 29)),  # E9: the complaint of 31 August is in time
    ],
)
def test_earliest_complaint_still_in_time(on: date, earliest: date) -> None:
    assert earliest_in_time(on, 6) == earliest


@given(st.dates(D(2015, 1, 1), D(2033, 12, 31)), st.integers(1, 40))
def test_earliest_in_time_is_the_first_that_still_reaches(on: date, months: int) -> None:
    earliest = earliest_in_time(on, months)
    assert last_day_beginning_with(earliest, months) >= on
    assert all(last_day_beginning_with(earliest - n * DAY, months) < on for n in range(1, 40))


@pytest.mark.parametrize(
    ("start", "n", "unit", "mode", "due_on"),
    [
        # domestic-homicide-review.md section 3, checked lines
        (D(2026, 1, 31), 1, Unit.MONTHS, Mode.AFTER, D(2026, 2, 28)),
        (D(2026, 11, 22), 1, Unit.MONTHS, Mode.AFTER, D(2026, 12, 22)),
        (D(2026, 8, 31), 6, Unit.MONTHS, Mode.AFTER, D(2027, 2, 28)),
        (D(2026, 11, 22), 56, Unit.DAYS, Mode.BEGINNING_WITH, D(2027, 1, 16)),
        (D(2026, 12, 22), 5, Unit.WORKING_DAYS, Mode.AFTER, D(2026, 12, 31)),
        # section 3, reading rules, and section 10: leap years
        (D(2024, 1, 31), 1, Unit.MONTHS, Mode.AFTER, D(2024, 2, 29)),
        (D(2027, 8, 31), 6, Unit.MONTHS, Mode.AFTER, D(2028, 2, 29)),
        (D(2028, 2, 29), 1, Unit.YEARS, Mode.AFTER, D(2029, 2, 28)),
        (D(2028, 2, 29), 4, Unit.YEARS, Mode.AFTER, D(2032, 2, 29)),
        (D(2026, 11, 22), 72, Unit.MONTHS, Mode.AFTER, D(2032, 11, 22)),
        # asb-case-review.md 4.3, checked examples: no shift for receipt at a weekend
        (D(2026, 11, 22), 5, Unit.WORKING_DAYS, Mode.AFTER, D(2026, 11, 27)),
        (D(2026, 11, 23), 20, Unit.WORKING_DAYS, Mode.AFTER, D(2026, 12, 21)),
        (D(2026, 12, 14), 20, Unit.WORKING_DAYS, Mode.AFTER, D(2027, 1, 14)),
        # ux.md, the example of a trace
        (D(2026, 9, 28), 40, Unit.WORKING_DAYS, Mode.AFTER, D(2026, 11, 23)),
        # C0: the end of the next working day; C24 and C20 in calendar days; C17 in months
        (D(2026, 11, 20), 1, Unit.WORKING_DAYS, Mode.AFTER, D(2026, 11, 23)),
        (D(2026, 11, 22), 28, Unit.DAYS, Mode.AFTER, D(2026, 12, 20)),
        (D(2026, 11, 22), 4, Unit.WEEKS, Mode.AFTER, D(2026, 12, 20)),
        (D(2026, 11, 22), 4, Unit.WEEKS, Mode.BEGINNING_WITH, D(2026, 12, 19)),
        # beginning with a working day it counts, beginning with a Sunday it does not
        (D(2026, 11, 23), 1, Unit.WORKING_DAYS, Mode.BEGINNING_WITH, D(2026, 11, 23)),
        (D(2026, 11, 22), 1, Unit.WORKING_DAYS, Mode.BEGINNING_WITH, D(2026, 11, 23)),
        (D(2026, 11, 22), 0, Unit.WORKING_DAYS, Mode.AFTER, D(2026, 11, 22)),
        (D(2026, 11, 22), 0, Unit.MONTHS, Mode.AFTER, D(2026, 11, 22)),
        # back from an event, C9: papers 5 working days before a meeting
        (D(2026, 11, 30), 5, Unit.WORKING_DAYS, Mode.BEFORE, D(2026, 11, 23)),
        (D(2026, 12, 29), 2, Unit.WORKING_DAYS, Mode.BEFORE, D(2026, 12, 23)),
        (D(2026, 3, 31), 1, Unit.MONTHS, Mode.BEFORE, D(2026, 2, 28)),
        (D(2026, 3, 31), 2, Unit.WEEKS, Mode.BEFORE, D(2026, 3, 17)),
        (D(2026, 3, 31), 0, Unit.WORKING_DAYS, Mode.BEFORE, D(2026, 3, 31)),
    ],
)
def test_worked_dates(start: date, n: int, unit: Unit, mode: Mode, due_on: date) -> None:
    assert compute(start, Period(n, unit, mode), EW).due_on == due_on


def test_day_zero_moved_to_the_first_working_day() -> None:
    sunday = D(2026, 11, 22)
    assert compute(sunday, Period(5, Unit.WORKING_DAYS, day_zero=DayZero.FIRST_WORKING), EW).due_on == D(
        2026, 11, 30
    )
    assert compute(sunday, Period(1, Unit.MONTHS, day_zero=DayZero.FIRST_WORKING), EW).due_on == D(
        2026, 12, 23
    )
    assert compute(D(2026, 4, 3), Period(0, Unit.DAYS, day_zero=DayZero.FIRST_WORKING), EW).due_on == D(
        2026, 4, 7
    )


@pytest.mark.parametrize(
    ("roll", "unit", "due_on"),
    [
        (Roll.NONE, Unit.DAYS, D(2026, 4, 5)),
        (Roll.NEXT_WORKING, Unit.DAYS, D(2026, 4, 7)),
        (Roll.PREVIOUS_WORKING, Unit.DAYS, D(2026, 4, 2)),
    ],
)
def test_a_date_on_easter_sunday_rolls(roll: Roll, unit: Unit, due_on: date) -> None:
    assert compute(D(2026, 3, 26), Period(10, unit, roll=roll), EW).due_on == due_on


def test_working_days_never_roll() -> None:
    sunday = D(2026, 11, 22)
    assert compute(sunday, Period(0, Unit.WORKING_DAYS, roll=Roll.NEXT_WORKING), EW).due_on == sunday


@pytest.mark.parametrize(
    ("start", "period", "extensions", "due_on"),
    [
        (D(2026, 1, 31), Period(1, Unit.MONTHS), [1], D(2026, 3, 31)),  # not 28 February + 1 month
        (D(2026, 1, 31), Period(1, Unit.MONTHS), [1, 1], D(2026, 4, 30)),
        (
            D(2026, 10, 22),
            Period(1, Unit.MONTHS, roll=Roll.NEXT_WORKING),
            [1],
            D(2026, 12, 22),
        ),  # not from the 23rd
        (D(2026, 11, 23), Period(20, Unit.WORKING_DAYS), [5], D(2026, 12, 30)),
        (D(2024, 2, 29), Period(1, Unit.YEARS), [3], D(2028, 2, 29)),
        (D(2026, 1, 31), Period(1, Unit.MONTHS, Mode.BEGINNING_WITH), [1], D(2026, 3, 30)),
    ],
)
def test_an_extension_lengthens_the_period(
    start: date, period: Period, extensions: list[int], due_on: date
) -> None:
    assert compute(start, period, EW, extensions=extensions).due_on == due_on


@pytest.mark.parametrize(
    ("start", "period", "stops", "due_on"),
    [
        # interfaces.md section 3
        (D(2026, 4, 1), Period(20, Unit.WORKING_DAYS), [(D(2026, 4, 8), D(2026, 4, 13))], D(2026, 5, 7)),
        # two working days were left when it stopped: they are left when it starts again
        (
            D(2026, 11, 16),
            Period(4, Unit.WORKING_DAYS),
            [(D(2026, 11, 19), D(2026, 11, 26))],
            D(2026, 11, 27),
        ),
        (D(2026, 11, 16), Period(4, Unit.DAYS), [(D(2026, 11, 19), D(2026, 11, 26))], D(2026, 11, 27)),
        (D(2026, 1, 31), Period(1, Unit.MONTHS), [(D(2026, 2, 10), D(2026, 2, 20))], D(2026, 3, 10)),
        # begins before the start; ends before it; begins after the due date; on the start day alone
        (D(2026, 11, 16), Period(4, Unit.DAYS), [(D(2026, 11, 1), D(2026, 11, 20))], D(2026, 11, 23)),
        (D(2026, 11, 16), Period(4, Unit.DAYS), [(D(2026, 11, 1), D(2026, 11, 16))], D(2026, 11, 20)),
        (D(2026, 11, 16), Period(4, Unit.DAYS), [(D(2026, 11, 21), D(2026, 11, 30))], D(2026, 11, 20)),
        (D(2026, 11, 16), Period(4, Unit.DAYS), [(D(2026, 11, 21), None)], D(2026, 11, 20)),
        (D(2026, 11, 16), Period(4, Unit.DAYS), [(D(2026, 11, 16), D(2026, 11, 17))], D(2026, 11, 20)),
        (
            D(2026, 11, 16),
            Period(4, Unit.DAYS, Mode.BEGINNING_WITH),
            [(D(2026, 11, 16), D(2026, 11, 17))],
            D(2026, 11, 20),
        ),
        # a weekend that is stopped costs a clock in working days nothing
        (
            D(2026, 11, 16),
            Period(5, Unit.WORKING_DAYS),
            [(D(2026, 11, 21), D(2026, 11, 23))],
            D(2026, 11, 23),
        ),
        # unsorted, touching, overlapping, empty
        (
            D(2026, 11, 2),
            Period(10, Unit.DAYS),
            [
                (D(2026, 11, 10), D(2026, 11, 12)),
                (D(2026, 11, 8), D(2026, 11, 11)),
                (D(2026, 11, 5), D(2026, 11, 8)),
                (D(2026, 11, 6), D(2026, 11, 6)),
            ],
            D(2026, 11, 19),
        ),
    ],
)
def test_stopped_days_are_not_counted(
    start: date, period: Period, stops: list[tuple[date, date | None]], due_on: date
) -> None:
    suspensions = [Suspension(first, until) for first, until in stops]
    assert compute(start, period, EW, suspensions=suspensions).due_on == due_on
    assert compute(start, period, EW, suspensions=iter(suspensions[::-1])).due_on == due_on


def test_a_stop_that_lies_after_the_first_date_counts_once_there_is_an_extension() -> None:
    stop = [Suspension(D(2026, 11, 23), D(2026, 11, 26))]
    period = Period(4, Unit.DAYS)
    assert compute(D(2026, 11, 16), period, EW, suspensions=stop).due_on == D(2026, 11, 20)
    assert compute(D(2026, 11, 16), period, EW, suspensions=stop, extensions=[5]).due_on == D(2026, 11, 28)


def test_no_date_while_the_clock_is_stopped() -> None:
    with pytest.raises(StillStopped, match="no due date yet"):
        compute(D(2026, 11, 16), Period(4, Unit.DAYS), EW, suspensions=[Suspension(D(2026, 11, 20), None)])


starts = st.dates(D(2014, 6, 1), D(2031, 12, 31))
few = st.integers(0, 90)


@st.composite
def stops(draw: st.DrawFn) -> list[Suspension]:
    start = D(2026, 4, 1)
    pairs = draw(st.lists(st.tuples(st.integers(-30, 200), st.integers(0, 40)), max_size=6))
    return [Suspension(start + n * DAY, start + (n + length) * DAY) for n, length in pairs]


def one_by_one(start: date, n: int, counts: Callable[[date], bool]) -> date:
    while n:
        start += DAY
        n -= counts(start)
    return start


CLOSED = EW.with_closed({D(2026, 5, day): "Move" for day in range(11, 16)})


@given(
    st.sampled_from([EW, CLOSED]),
    few,
    st.sampled_from(Unit),
    stops(),
    st.lists(st.integers(0, 20), max_size=3),
)
def test_counting_one_day_at_a_time_gives_the_same(
    calendar: Calendar, n: int, unit: Unit, suspensions: list[Suspension], extensions: list[int]
) -> None:
    start, total = D(2026, 4, 1), n + sum(extensions)
    stopped = {
        stop.from_on + k * DAY
        for stop in suspensions
        if stop.to_on
        for k in range((stop.to_on - stop.from_on).days)
    }
    if unit is Unit.WORKING_DAYS:
        expected = one_by_one(start, total, lambda on: on not in stopped and calendar.is_working(on))
    else:
        plain = start + relativedelta(**{unit.value: total})  # type: ignore[arg-type]
        expected = one_by_one(start, (plain - start).days, lambda on: on not in stopped)
    worked = compute(start, Period(n, unit), calendar, suspensions=suspensions, extensions=extensions)
    assert worked.due_on == expected


@given(starts, st.integers(0, 5000))
def test_many_working_days(start: date, n: int) -> None:
    due_on = compute(start, Period(n, Unit.WORKING_DAYS), EW).due_on
    assert working_days_between(start, due_on, EW) == n
    assert n == 0 or EW.is_working(due_on)


@given(starts, few)
def test_before_and_clear_before(event: date, n: int) -> None:
    before = working_days_before(event, n, EW)
    assert working_days_between(before - DAY, event - DAY, EW) == n
    clear = clear_working_days_before(event, n, EW)
    assert working_days_between(clear, event - DAY, EW) >= n
    assert n == 0 or working_days_between(clear + DAY, event - DAY, EW) < n
    assert n > 0 or clear == event - DAY


def test_clear_days_leave_both_ends_out() -> None:
    meeting = D(2026, 11, 27)
    assert clear_working_days_before(meeting, 5, EW) == D(2026, 11, 19)
    assert clear_working_days_before(meeting, 4, EW) == D(
        2026, 11, 22
    )  # a Sunday leaves Monday to Thursday clear


@given(starts, st.integers(1, 200))
def test_months_end_inside_the_right_month(start: date, n: int) -> None:
    due_on = compute(start, Period(n, Unit.MONTHS), EW).due_on
    assert due_on == start + relativedelta(months=n)
    assert due_on.day == min(start.day, monthrange(due_on.year, due_on.month)[1])
