"""How a date was worked out, line by line, as a person reads it."""

from datetime import date

import pytest

from workflows.calendars import england_and_wales
from workflows.dates import (
    DayZero,
    Mode,
    Period,
    Roll,
    Suspension,
    Unit,
    compute,
)

EW = england_and_wales()
D = date


def lines(start: date, period: Period, **more: object) -> list[tuple[str, str]]:
    return [(line.label, line.words) for line in compute(start, period, EW, **more).trace]  # type: ignore[arg-type]


def test_the_trace_of_the_design() -> None:
    assert lines(
        D(2026, 9, 28),
        Period(40, Unit.WORKING_DAYS),
        start_words="reports asked for",
        length_words="Local target set in the terms of reference, 24 September 2026",
    ) == [
        ("Mon 28 Sep 2026", "Clock starts: reports asked for. The day itself is not counted"),
        ("+ 40 working days", "Local target set in the terms of reference, 24 September 2026"),
        ("Not counted", "16 Saturdays and Sundays; no bank holidays fell in this time"),
        ("Mon 23 Nov 2026", "Due by the end of this day; overdue from Tuesday 24 November"),
    ]


def test_the_trace_names_holidays_stops_and_the_first_date() -> None:
    stop = [Suspension(D(2026, 4, 8), D(2026, 4, 13)), Suspension(D(2027, 1, 1), D(2027, 1, 2))]
    assert lines(D(2026, 4, 1), Period(20, Unit.WORKING_DAYS), suspensions=stop)[2:] == [
        (
            "Not counted",
            (
                "8 Saturdays and Sundays; Good Friday (Fri 3 Apr 2026), Easter Monday (Mon 6 Apr 2026), "
                "Early May bank holiday (Mon 4 May 2026)"
            ),
        ),
        ("Stopped", "Wed 8 Apr 2026 to Sun 12 Apr 2026: 3 working days not counted"),
        ("Fri 1 May 2026", "First due date, before any stop or extension"),
        ("Thu 7 May 2026", "Due by the end of this day; overdue from Friday 8 May"),
    ]


def test_the_trace_explains_a_short_month_a_moved_start_and_a_moved_end() -> None:
    assert lines(D(2026, 1, 31), Period(1, Unit.MONTHS)) == [
        ("Sat 31 Jan 2026", "Clock starts. The day itself is not counted"),
        ("+ 1 month", ""),
        ("Month's end", "February 2026 has no day 31: its last day counts"),
        ("Sat 28 Feb 2026", "Due by the end of this day; overdue from Sunday 1 March"),
        ("Fri 27 Feb 2026", "Last working day before that"),
    ]
    rolled = Period(1, Unit.MONTHS, day_zero=DayZero.FIRST_WORKING, roll=Roll.NEXT_WORKING)
    assert lines(D(2025, 11, 23), rolled) == [
        (
            "Sun 23 Nov 2025",
            "Clock starts. Not a working day (Sunday), so the next working day takes its place",
        ),
        ("Mon 24 Nov 2025", "The day itself is not counted"),
        ("+ 1 month", ""),
        ("Wed 24 Dec 2025", "Due by the end of this day; overdue from Thursday 25 December"),
    ]
    assert lines(D(2026, 11, 25), Period(1, Unit.MONTHS, roll=Roll.NEXT_WORKING))[2] == (
        "Fri 25 Dec 2026",
        "Not a working day (Christmas Day), so the date moves to the next working day after it",
    )


def test_the_trace_says_when_the_year_turns_and_counts_long_lists() -> None:
    assert lines(D(2026, 12, 22), Period(5, Unit.WORKING_DAYS))[-1][1].endswith(
        "overdue from Friday 1 January 2027"
    )
    assert lines(D(2020, 1, 1), Period(500, Unit.WORKING_DAYS))[2][1].endswith(
        "; 13 bank holidays and closed days"
    )
    last = lines(D(2028, 12, 20), Period(20, Unit.WORKING_DAYS))[-1]
    assert last == (
        "Provisional",
        "Bank holidays are published to Sunday 31 December 2028; later ones are expected, not known",
    )


def test_the_trace_of_a_date_counted_back() -> None:
    back = Period(5, Unit.WORKING_DAYS, Mode.BEFORE)
    assert lines(D(2027, 1, 5), back, start_words="panel meeting") == [
        ("Tue 5 Jan 2027", "The event: panel meeting. Counted back from the day before it"),
        ("− 5 working days", ""),
        (
            "Not counted",
            (
                "4 Saturdays and Sundays; Christmas Day (Fri 25 Dec 2026), "
                "Boxing Day (substitute day) (Mon 28 Dec 2026), New Year's Day (Fri 1 Jan 2027)"
            ),
        ),
        ("Thu 24 Dec 2026", "Due by the end of this day; overdue from Friday 25 December"),
    ]


def test_stops_that_overlap_by_a_day_are_told_as_one() -> None:
    stop = [Suspension(D(2026, 4, 8), D(2026, 4, 11)), Suspension(D(2026, 4, 10), D(2026, 4, 13))]
    stopped = [
        line
        for line in lines(D(2026, 4, 1), Period(20, Unit.WORKING_DAYS), suspensions=stop)
        if "Stop" in line[0]
    ]
    assert stopped == [("Stopped", "Wed 8 Apr 2026 to Sun 12 Apr 2026: 3 working days not counted")]
    outside = [Suspension(D(2027, 1, 1), D(2027, 1, 2))]
    assert ("No days stopped", "The stops fall outside this time") in lines(
        D(2026, 4, 1), Period(20, Unit.DAYS), suspensions=outside
    )


@pytest.mark.parametrize(
    ("roll", "first"), [(Roll.PREVIOUS_WORKING, "Fri 20 Nov 2026"), (Roll.NEXT_WORKING, "Mon 23 Nov 2026")]
)
def test_the_first_due_date_is_named_as_it_was_rolled(roll: Roll, first: str) -> None:
    start, period = D(2026, 10, 25), Period(4, Unit.WEEKS, roll=roll)  # ends on Sunday 22 November
    untouched = compute(start, period, EW).due_on
    stopped = compute(start, period, EW, suspensions=[Suspension(D(2026, 11, 2), D(2026, 11, 5))])
    named = [line for line in stopped.trace if line.words.startswith("First due date")]
    assert [(line.label, line.day) for line in named] == [(first, untouched)]
