"""The bundled bank holidays, held against an independent package, and the counting, against a wall calendar."""

from datetime import date, timedelta

import holidays as other
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendars import Calendar, england_and_wales

DAY = timedelta(days=1)
EW = england_and_wales()
SHUT = EW.with_closed(
    {date(2026, 12, day): "Christmas closure" for day in (24, 25, 26, 27, 28, 29, 30, 31)}
    | {date(2031, 3, 3): "Move"}
)


def oracle(first: int, last: int) -> set[date]:
    found = other.country_holidays("GB", subdiv="ENG", years=range(first, last + 1))
    return {day for day in found if day.weekday() < 5}


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_the_published_years_agree_with_an_independent_table() -> None:
    assert set(EW.holidays) == oracle(2015, 2028)
    assert (EW.known_from, EW.known_to) == (date(2015, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(("first", "last"), [(1995, 2014), (2029, 2100)])
def test_years_outside_the_table_agree_with_an_independent_table(first: int, last: int) -> None:
    off = oracle(first, last)
    weekdays = [day for day in every_day(date(first, 1, 1), date(last, 12, 31)) if day.weekday() < 5]
    assert {day for day in weekdays if not EW.is_working(day)} == off


@pytest.mark.parametrize(
    ("on", "name"),
    [
        (date(2015, 12, 28), "Boxing Day (substitute day)"),
        (date(2020, 5, 4), None),
        (date(2020, 5, 8), "Early May bank holiday (VE Day)"),
        (date(2021, 12, 27), "Christmas Day (substitute day)"),
        (date(2021, 12, 28), "Boxing Day (substitute day)"),
        (date(2022, 5, 30), None),
        (date(2022, 6, 2), "Spring bank holiday"),
        (date(2022, 6, 3), "Platinum Jubilee bank holiday"),
        (date(2022, 9, 19), "Bank holiday for the State Funeral of Queen Elizabeth II"),
        (date(2022, 12, 26), "Boxing Day"),
        (date(2022, 12, 27), "Christmas Day (substitute day)"),
        (date(2023, 1, 2), "New Year's Day (substitute day)"),
        (date(2023, 5, 8), "Bank holiday for the coronation of King Charles III"),
        (date(2026, 3, 17), None),  # St Patrick's Day and 12 July are kept in Northern Ireland only
        (date(2026, 7, 13), None),
        (date(2026, 11, 30), None),  # St Andrew's Day in Scotland
        (date(2026, 1, 2), None),
        (date(2011, 4, 29), "Royal wedding bank holiday"),
        (date(2012, 6, 5), "Diamond Jubilee bank holiday"),
        (date(2029, 12, 25), "Christmas Day"),
    ],
)
def test_one_off_and_moved_days_by_name(on: date, name: str | None) -> None:
    assert EW.name_of(on) == name
    assert EW.is_working(on) == (name is None)


def test_a_calendar_is_never_silently_empty() -> None:
    bare = Calendar(holidays={}, closed={}, known_to=date(2014, 12, 31))
    assert not bare.is_working(date(2026, 12, 25))
    assert not bare.is_known(date(2026, 12, 25))
    assert not EW.is_working(date(9999, 12, 24 + 3))  # Christmas Day of 9999 is a Saturday


def test_closed_days_are_named_and_leave_the_first_calendar_as_it_was() -> None:
    assert SHUT.name_of(date(2026, 12, 29)) == "Christmas closure"
    assert SHUT.name_of(date(2026, 12, 25)) == "Christmas Day"
    assert EW.is_working(date(2026, 12, 29))
    with pytest.raises(TypeError):
        SHUT.closed[date(2026, 1, 5)] = "Changed"  # type: ignore[index]


def test_a_bank_holiday_moved_or_proclaimed() -> None:
    moved = EW.without_holidays([date(2026, 5, 4)]).with_holidays({date(2026, 5, 8): "Early May, moved"})
    assert moved.is_working(date(2026, 5, 4))
    assert moved.working_days(date(2026, 5, 1), date(2026, 5, 8)) == 4
    later = EW.with_holidays({date(2030, 6, 3): "Jubilee"})
    assert not later.is_working(date(2030, 6, 3))
    assert not later.is_working(date(2030, 12, 25))
    assert not later.is_known(date(2030, 6, 3))
    with pytest.raises(ValueError, match="only where the published table reaches"):
        EW.without_holidays([date(2030, 12, 25)])


def test_a_further_year_published_replaces_the_rules_for_that_year() -> None:
    further = EW.with_holidays({date(2029, 1, 1): "New Year's Day"}, known_to=date(2029, 12, 31))
    assert further.is_known(date(2029, 12, 31))
    assert further.is_working(date(2029, 12, 25))  # as published: only what the table says
    assert not further.is_working(date(2030, 12, 25))


calendars = st.sampled_from([EW, SHUT, EW.with_holidays({date(2030, 6, 3): "Jubilee"})])
near = st.dates(date(2012, 1, 1), date(2034, 12, 31))


@given(calendars, near, st.integers(0, 400))
def test_counting_agrees_with_looking_at_every_day(calendar: Calendar, after: date, days: int) -> None:
    upto = after + timedelta(days=days)
    passed = every_day(after + DAY, upto)
    working = [day for day in passed if calendar.is_working(day)]
    off = [day for day in passed if day.weekday() < 5 and not calendar.is_working(day)]
    assert calendar.working_days(after, upto) == len(working)
    assert calendar.days_off(after, upto) == len(off)
    assert [day for day, name in calendar.named_days_off(after, upto) if name] == off
    assert calendar.working_days(upto, after) == 0
    if working:
        assert calendar.working_day_after(after, len(working)) == working[-1]
        assert calendar.working_day_before(upto + DAY, len(working)) == working[0]


@given(calendars, near)
def test_next_and_previous_working_day(calendar: Calendar, on: date) -> None:
    nearby = every_day(on - timedelta(days=15), on + timedelta(days=15))
    assert calendar.next_working(on) == min(day for day in nearby if day >= on and calendar.is_working(day))
    assert calendar.previous_working(on) == max(
        day for day in nearby if day <= on and calendar.is_working(day)
    )


@given(st.integers(0, 1_000_000))
def test_any_number_of_working_days_there_and_counted_back(n: int) -> None:
    start = date(2026, 11, 23)
    end = EW.working_day_after(start, n)
    assert EW.working_days(start, end) == n
    assert EW.working_day_before(end, n) == start


def test_the_edges_of_the_calendar_refuse() -> None:
    with pytest.raises(OverflowError):
        EW.working_day_after(date.max, 1)
    with pytest.raises(OverflowError):
        EW.working_day_before(date.min, 1)
    assert EW.working_day_after(date.min, 0) == date.min
