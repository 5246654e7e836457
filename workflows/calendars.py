"""Bank holidays of England and Wales, and the days on which one area is closed, as one immutable value.

A calendar is never silently empty. Between ``known_from`` and ``known_to`` it holds what the government published;
outside, the ordinary rules are worked out (Banking and Financial Dealings Act 1971, Schedule 1, and the days that
are proclaimed every year: New Year's Day and Early May). After ``known_to`` that is a forecast, and the dates that
rest on it are called provisional; before ``known_from`` it is history, one-off days included, right from 1995 on.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from dateutil.easter import easter

SATURDAY = 5
WEEK = 5  # working days in a week without holidays

# What was proclaimed beside or instead of the ordinary days between 1995 and the year the bundled table begins.
_MOVED_AWAY = frozenset({date(1995, 5, 1), date(2002, 5, 27), date(2012, 5, 28)})
_ONE_OFF: Mapping[date, str] = {
    date(1995, 5, 8): "Early May bank holiday (VE Day)",
    date(1999, 12, 31): "Millennium bank holiday",
    date(2002, 6, 3): "Golden Jubilee bank holiday",
    date(2002, 6, 4): "Spring bank holiday",
    date(2011, 4, 29): "Royal wedding bank holiday",
    date(2012, 6, 4): "Spring bank holiday",
    date(2012, 6, 5): "Diamond Jubilee bank holiday",
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are working days. Days that people worked out from it are only as sure as ``known_to`` is late.

    ``holidays`` are bank holidays and ``closed`` the days on which one area's office is shut, each with its name.
    Counting costs the same for five days as for five thousand.
    """

    holidays: Mapping[date, str]
    closed: Mapping[date, str]
    known_to: date
    known_from: date = date.min
    # Ordinals of the Mondays to Fridays off, sorted; the two never share a day with each other or with the rules.
    _off: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _shut: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))
        object.__setattr__(self, "closed", MappingProxyType(dict(self.closed)))
        object.__setattr__(
            self, "_off", _ordinals(day for day in self.holidays if self._by_rule(day) is None)
        )
        object.__setattr__(
            self,
            "_shut",
            _ordinals(day for day in self.closed if day not in self.holidays and self._by_rule(day) is None),
        )

    def name_of(self, on: date) -> str | None:
        """Name the day off: the bank holiday, or the area's closure; None for any other day."""
        return self.holidays.get(on) or self._by_rule(on) or self.closed.get(on)

    def is_working(self, on: date) -> bool:
        """Whether ``on`` is neither a Saturday, a Sunday, a bank holiday nor a closed day."""
        return on.weekday() < SATURDAY and self.name_of(on) is None

    def is_known(self, on: date) -> bool:
        """Whether the government has published bank holidays up to ``on``. Earlier days are always known."""
        return on <= self.known_to

    def with_closed(self, days: Mapping[date, str]) -> "Calendar":
        """Make the same calendar with these days closed as well."""
        return replace(self, closed={**self.closed, **days})

    def with_holidays(self, days: Mapping[date, str], *, known_to: date | None = None) -> "Calendar":
        """Make the same calendar with these bank holidays as well; ``known_to`` when a further year is published."""
        return replace(self, holidays={**self.holidays, **days}, known_to=known_to or self.known_to)

    def without_holidays(self, days: Iterable[date]) -> "Calendar":
        """Make the same calendar without these bank holidays, as when one is moved.

        Raises:
            ValueError: a day lies beyond ``known_to``, where there is no published table to take it out of.
        """
        gone = frozenset(days)
        if any(not self.known_from <= day <= self.known_to for day in gone):
            raise ValueError("A bank holiday can be taken out only where the published table reaches.")
        return replace(self, holidays={day: name for day, name in self.holidays.items() if day not in gone})

    def working_days(self, after: date, upto: date) -> int:
        """Count the working days that lie after ``after``, up to and including ``upto``; 0 if ``upto`` is not later."""
        first, last = after.toordinal(), upto.toordinal()
        return max(0, _weekdays(last) - _weekdays(first) - self._days_off(first, last)) if last > first else 0

    def days_off(self, after: date, upto: date) -> int:
        """Count the Mondays to Fridays after ``after``, up to and including ``upto``, that are not working days."""
        return self._days_off(after.toordinal(), upto.toordinal()) if upto > after else 0

    def named_days_off(self, after: date, upto: date) -> list[tuple[date, str]]:
        """List those days in order, each with its name. Costs as much as there are days off: ask ``days_off`` first."""
        first, last = after.toordinal(), upto.toordinal()
        found = [*_within(self._off, first, last), *_within(self._shut, first, last)]
        for start, end in self._outside(first, last):
            for century in _centuries(start, end):
                found += _within(_regular_ordinals(century), start, end)
        return [(day, self.name_of(day) or "") for day in map(date.fromordinal, sorted(found))]

    def working_day_after(self, on: date, n: int) -> date:
        """Find the ``n``th working day after ``on``; ``on`` itself for 0.

        Raises:
            OverflowError: it would lie after the year 9999.
        """
        if n == 0:
            return on
        start, off = on.toordinal(), 0
        while True:  # every day off that is passed pushes the end one working day on, which may pass another
            end = _weekday(_weekdays(start) + n + off)
            passed = self._days_off(start, end)
            if passed == off:
                return date.fromordinal(end)
            off = passed

    def working_day_before(self, on: date, n: int) -> date:
        """Find the ``n``th working day before ``on``; ``on`` itself for 0.

        Raises:
            OverflowError: it would lie before the year 1.
        """
        if n == 0:
            return on
        last, off = on.toordinal() - 1, 0
        while True:
            start = _weekday(_weekdays(last) - n + 1 - off)
            passed = self._days_off(start - 1, last)
            if passed == off:
                return date.fromordinal(start)
            off = passed

    def next_working(self, on: date) -> date:
        """``on`` if it is a working day, otherwise the first working day after it."""
        return on if self.is_working(on) else self.working_day_after(on, 1)

    def previous_working(self, on: date) -> date:
        """``on`` if it is a working day, otherwise the last working day before it."""
        return on if self.is_working(on) else self.working_day_before(on, 1)

    def _by_rule(self, on: date) -> str | None:
        return None if self.known_from <= on <= self.known_to else _regular(on.year).get(on)

    def _days_off(self, after: int, upto: int) -> int:
        count = _between(self._off, after, upto) + _between(self._shut, after, upto)
        for start, end in self._outside(after, upto):
            count += sum(
                _between(_regular_ordinals(century), start, end) for century in _centuries(start, end)
            )
        return count

    def _outside(self, after: int, upto: int) -> Iterable[tuple[int, int]]:
        """Cut out the parts of (``after``, ``upto``] that the published table does not cover, as ordinals."""
        begins, ends = self.known_from.toordinal() - 1, self.known_to.toordinal()
        if after < begins:
            yield after, min(upto, begins)
        if upto > ends:
            yield max(after, ends), upto


@cache
def england_and_wales() -> Calendar:
    """Read the bundled table: every bank holiday of England and Wales from 2015 to the last year published."""
    with files("workflows").joinpath("bank_holidays.csv").open(encoding="utf-8") as table:
        holidays = {date.fromisoformat(row["date"]): row["name"] for row in csv.DictReader(table)}
    return Calendar(
        holidays=holidays,
        closed={},
        known_from=date(min(holidays).year, 1, 1),
        known_to=date(max(holidays).year, 12, 31),
    )


@cache
def _regular(year: int) -> Mapping[date, str]:
    """Work out the bank holidays of a year by the ordinary rules, each on the weekday on which it is kept."""
    sunday = easter(year)
    days = {
        sunday - timedelta(days=2): "Good Friday",
        sunday + timedelta(days=1): "Easter Monday",
        _monday_from(date(year, 5, 1)): "Early May bank holiday",
        _monday_from(date(year, 5, 25)): "Spring bank holiday",
        _monday_from(date(year, 8, 25)): "Summer bank holiday",
    }
    fixed = [
        (date(year, 1, 1), "New Year's Day"),
        (date(year, 12, 25), "Christmas Day"),
        (date(year, 12, 26), "Boxing Day"),
    ]
    # Boxing Day keeps a Monday of its own; Christmas Day on the Sunday before then goes to the Tuesday.
    for day, name in sorted(fixed, key=_weekend_last):
        kept_on = _free(days, day)
        days[kept_on] = name if kept_on == day else f"{name} (substitute day)"
    kept = {day: name for day, name in days.items() if day not in _MOVED_AWAY}
    return MappingProxyType(kept | {day: name for day, name in _ONE_OFF.items() if day.year == year})


def _weekend_last(holiday: tuple[date, str]) -> tuple[bool, date]:
    day = holiday[0]
    return day.weekday() >= SATURDAY, day


def _free(taken: Mapping[date, str], day: date) -> date:
    """``day``, or the next Monday to Friday that is not taken."""
    while day.weekday() >= SATURDAY or day in taken:
        day += timedelta(days=1)
    return day


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


@cache
def _regular_ordinals(century: int) -> tuple[int, ...]:
    """Ordinals of the ordinary bank holidays of a hundred years, sorted."""
    years = range(max(1, century * 100), min(9999, century * 100 + 99) + 1)
    return tuple(sorted(day.toordinal() for year in years for day in _regular(year)))


def _centuries(after: int, upto: int) -> range:
    return range(_year(after + 1) // 100, _year(upto) // 100 + 1) if upto > after else range(0)


def _year(ordinal: int) -> int:
    return date.fromordinal(max(1, min(ordinal, date.max.toordinal()))).year


def _weekdays(ordinal: int) -> int:
    """Count the Mondays to Fridays from 1 January of the year 1, a Monday, up to and including that day."""
    weeks, days = divmod(ordinal, 7)
    return weeks * WEEK + min(days, WEEK)


def _weekday(nth: int) -> int:
    """Find the ordinal of the ``nth`` Monday to Friday since then: the reverse of ``_weekdays``."""
    weeks, days = divmod(nth - 1, WEEK)
    ordinal = weeks * 7 + days + 1
    if not 1 <= ordinal <= date.max.toordinal():
        raise OverflowError("The date is outside the years 1 to 9999.")
    return ordinal


def _ordinals(days: Iterable[date]) -> tuple[int, ...]:
    return tuple(sorted(day.toordinal() for day in days if day.weekday() < SATURDAY))


def _between(ordinals: tuple[int, ...], after: int, upto: int) -> int:
    return bisect_right(ordinals, upto) - bisect_right(ordinals, after)


def _within(ordinals: tuple[int, ...], after: int, upto: int) -> tuple[int, ...]:
    return ordinals[bisect_right(ordinals, after) : bisect_right(ordinals, upto)]
