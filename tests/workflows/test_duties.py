"""The partnership's own duties: counted back from the strategy's end, on the real cycles of two partnerships."""

from datetime import date

import pytest

from workflows.duties import Duty, Term, diary, gaps, standing, year_of

PLAN = Term(date(2026, 4, 1), date(2029, 3, 31))
OLD = Term(date(2014, 4, 1), date(2017, 3, 31))
NEXT = Term(date(2017, 4, 1), date(2020, 3, 31))
LATER = Term(date(2021, 4, 1), date(2024, 3, 31))
MONDAY = date(2026, 11, 23)


def due(terms, done, today):
    return {each.duty: (each.due_on, each.done) for each in diary(terms, done, today)}


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2026, 4, 1), (date(2026, 4, 1), date(2027, 3, 31))),
        (date(2027, 3, 31), (date(2026, 4, 1), date(2027, 3, 31))),
        (date(2027, 4, 1), (date(2027, 4, 1), date(2028, 3, 31))),
        (date(2029, 3, 31), (date(2028, 4, 1), date(2029, 3, 31))),
        (date(2030, 1, 1), (date(2028, 4, 1), date(2029, 3, 31))),
        (date(2020, 1, 1), (date(2026, 4, 1), date(2027, 3, 31))),
    ],
)
def test_the_strategys_years_are_counted_back_from_its_end(today: date, year: tuple[date, date]) -> None:
    assert year_of(PLAN, today) == year


def test_a_short_first_year_and_a_leap_day_hold() -> None:
    short = Term(date(2026, 10, 1), date(2028, 2, 29))
    assert year_of(short, date(2026, 11, 1)) == (date(2026, 10, 1), date(2027, 2, 28))
    assert year_of(short, date(2027, 3, 1)) == (date(2027, 3, 1), date(2028, 2, 29))


def test_the_dates_of_a_new_strategy() -> None:
    assert due([PLAN], {}, MONDAY) == {
        Duty.COPY: (date(2026, 5, 1), False),
        Duty.ASSESSMENT: (date(2027, 2, 28), False),
        Duty.SCRUTINY: (date(2027, 3, 31), False),
        Duty.STRATEGY: (date(2029, 3, 31), False),
    }
    done = {
        Duty.COPY: [date(2026, 4, 10)],
        Duty.ASSESSMENT: [date(2026, 2, 1), date(2026, 10, 1)],
        Duty.SCRUTINY: [date(2026, 9, 1)],
    }
    assert due([PLAN], done, MONDAY) == {
        Duty.SCRUTINY: (date(2027, 9, 1), False),
        Duty.STRATEGY: (date(2029, 3, 31), False),
        Duty.COPY: (date(2026, 5, 1), True),
        Duty.ASSESSMENT: (date(2027, 2, 28), True),
    }


def test_last_years_assessment_does_not_count_for_this_year_and_a_later_strategy_is_the_new_one() -> None:
    assert due([OLD], {Duty.ASSESSMENT: [date(2016, 3, 1)]}, date(2016, 12, 1))[Duty.ASSESSMENT] == (
        date(2017, 2, 28), False,
    )  # fmt: skip
    assert not due([OLD], {}, date(2016, 12, 1))[Duty.STRATEGY][1]
    assert due([OLD, NEXT], {}, date(2016, 12, 1))[Duty.STRATEGY] == (date(2017, 3, 31), True)


def test_what_is_missing_between_strategies_is_said() -> None:
    assert gaps([], MONDAY) == ("No strategy with a first and a last day is recorded.",)
    assert gaps([PLAN], MONDAY) == ()
    assert gaps([OLD, NEXT], date(2019, 1, 1)) == ()
    between, after = gaps([LATER, OLD, NEXT], MONDAY)
    assert "1 April 2020" in between
    assert "31 March 2021" in between
    assert "expired on" in after
    assert "31 March 2024" in after
    assert standing([LATER, OLD, NEXT], MONDAY) == LATER
    assert diary([], {}, MONDAY) == ()
