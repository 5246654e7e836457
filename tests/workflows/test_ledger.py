"""A deadline's life: pauses, extensions, agreed dates, ends, and what each does to the date and its trace."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendars import england_and_wales
from workflows.dates import Mode, Period, Roll, Suspension, Unit, compute, days_late
from workflows.ledger import Change, ChangeKind, LedgerRefused, Status, fold

EW = england_and_wales()
D = date
DAY = timedelta(days=1)
START = D(2026, 9, 28)
IMR = Period(40, Unit.WORKING_DAYS)
SOON = D(2026, 10, 1)  # when most things are agreed


def pause(on: date, reason: str = "") -> Change:
    return Change(ChangeKind.PAUSE, on, reason=reason)


def resume(on: date) -> Change:
    return Change(ChangeKind.RESUME, on)


def extend(n: int, on: date = SOON) -> Change:
    return Change(ChangeKind.EXTEND, on, n=n)


def agree(due_on: date, on: date = SOON) -> Change:
    return Change(ChangeKind.SET, on, due_on=due_on)


def meet(on: date) -> Change:
    return Change(ChangeKind.MEET, on)


def test_a_clock_that_nothing_happened_to() -> None:
    standing = fold(IMR, START, [], EW, start_words="reports asked for", length_words="Local target")
    assert (standing.status, standing.paused, standing.due_on) == (Status.RUNNING, False, D(2026, 11, 23))
    assert standing.first_due_on == standing.due_on
    assert (standing.met_on, standing.late_by_days, standing.extensions, standing.provisional) == (
        None,
        None,
        0,
        False,
    )
    assert not standing.is_overdue(D(2026, 11, 23))
    assert standing.is_overdue(D(2026, 11, 24))
    assert [(line.label, line.words) for line in standing.trace] == [
        ("Mon 28 Sep 2026", "Clock starts: reports asked for. The day itself is not counted"),
        ("+ 40 working days", "Local target"),
        ("Not counted", "16 Saturdays and Sundays; no bank holidays fell in this time"),
        ("Mon 23 Nov 2026", "Due by the end of this day; overdue from Tuesday 24 November"),
    ]


@pytest.mark.parametrize(
    ("changes", "due_on"),
    [
        ([extend(5)], D(2026, 11, 30)),
        ([extend(2), extend(3)], D(2026, 11, 30)),
        ([pause(D(2026, 11, 2)), resume(D(2026, 11, 9))], D(2026, 11, 30)),
        ([extend(5), pause(D(2026, 11, 2)), resume(D(2026, 11, 9))], D(2026, 12, 7)),
        ([pause(D(2026, 11, 24)), resume(D(2026, 12, 1))], D(2026, 11, 23)),  # after it was due already
        ([pause(D(2026, 11, 24)), resume(D(2026, 12, 1)), extend(5)], D(2026, 12, 7)),
        ([pause(D(2026, 11, 24))], D(2026, 11, 23)),
        ([pause(D(2026, 11, 23))], None),
        ([agree(D(2026, 12, 5))], D(2026, 12, 5)),  # a Saturday, as agreed
        ([agree(D(2026, 12, 5)), agree(D(2026, 12, 11))], D(2026, 12, 11)),
        ([agree(D(2026, 12, 4)), extend(5)], D(2026, 12, 11)),
        ([extend(20), agree(D(2026, 12, 4))], D(2026, 12, 4)),
        ([pause(D(2026, 11, 2)), resume(D(2026, 11, 9)), agree(D(2026, 12, 4))], D(2026, 12, 4)),
        ([agree(D(2026, 12, 4)), pause(D(2026, 11, 2)), resume(D(2026, 11, 9))], D(2026, 12, 11)),
        ([agree(D(2026, 12, 4)), pause(D(2026, 12, 3)), resume(D(2026, 12, 10))], D(2026, 12, 11)),
        ([agree(D(2026, 12, 4)), pause(D(2026, 11, 2))], None),
        # the day of the agreement and those before it were counted in it: the 5th and 6th are left
        (
            [agree(D(2026, 12, 4), D(2026, 11, 4)), pause(D(2026, 11, 2)), resume(D(2026, 11, 9))],
            D(2026, 12, 8),
        ),
        ([Change(ChangeKind.RECALCULATE, D(2026, 10, 9), reason="A closed day was added")], D(2026, 11, 23)),
        ([extend(5), meet(D(2026, 11, 25))], D(2026, 11, 30)),
        ([pause(D(2026, 11, 2)), meet(D(2026, 11, 9))], D(2026, 11, 30)),  # ending starts it again
        ([Change(ChangeKind.CANCEL, D(2026, 10, 2))], D(2026, 11, 23)),
    ],
)
def test_what_changes_do_to_the_date(changes: list[Change], due_on: date | None) -> None:
    standing = fold(IMR, START, changes, EW)
    assert standing.due_on == due_on
    assert standing.first_due_on == D(2026, 11, 23)


def test_months_are_extended_from_the_start_not_from_a_short_month() -> None:
    standing = fold(Period(1, Unit.MONTHS, roll=Roll.NEXT_WORKING), D(2026, 1, 31), [extend(1)], EW)
    assert standing.first_due_on == D(2026, 3, 2)  # 28 February is a Saturday
    assert standing.due_on == D(2026, 3, 31)


def test_while_paused_there_is_no_date_and_nothing_is_overdue() -> None:
    standing = fold(IMR, START, [pause(D(2026, 11, 19), "Inquest opened")], EW)
    assert (standing.status, standing.paused, standing.due_on) == (Status.RUNNING, True, None)
    assert not standing.is_overdue(D(2030, 1, 1))
    assert (
        "Stopped",
        "Since Thu 19 Nov 2026, not started again; 3 working days are left. Inquest opened",
    ) in [(line.label, line.words) for line in standing.trace]
    assert "Mon 23 Nov 2026" in [line.label for line in standing.trace]  # the first date stays in sight
    earlier = [pause(D(2026, 11, 16)), resume(D(2026, 11, 18)), pause(D(2026, 11, 12))]  # recorded afterwards
    assert any("; 8 working days are left" in line.words for line in fold(IMR, START, earlier, EW).trace)
    resumed = fold(IMR, START, [pause(D(2026, 11, 19)), resume(D(2026, 12, 1))], EW)
    assert resumed.due_on == D(2026, 12, 3)  # 1, 2 and 3 December: the three that were left


@pytest.mark.parametrize(
    ("on", "late", "status"),
    [(D(2026, 11, 23), 0, Status.MET), (D(2026, 11, 29), 4, Status.MET), (D(2026, 11, 30), 5, Status.MET)],
)
def test_met_in_time_or_late(on: date, late: int, status: Status) -> None:
    standing = fold(IMR, START, [meet(on)], EW)
    assert (standing.status, standing.met_on, standing.late_by_days) == (status, on, late)
    assert not standing.is_overdue(D(2030, 1, 1))
    words = f"Done, {late} working days late" if late else "Done in time"
    assert (standing.trace[-1].day, standing.trace[-1].words) == (on, words)


def test_calendar_clocks_are_late_in_calendar_days() -> None:
    standing = fold(Period(1, Unit.MONTHS), D(2026, 10, 20), [meet(D(2026, 11, 23))], EW)
    assert standing.late_by_days == 3
    assert standing.trace[-1].words == "Done, 3 days late"


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        (ChangeKind.STOP, Status.STOPPED, "Ended without being done. No duty is left"),
        (ChangeKind.CANCEL, Status.CANCELLED, "Cancelled. No duty is left"),
    ],
)
def test_ended_otherwise(kind: ChangeKind, status: Status, words: str) -> None:
    standing = fold(IMR, START, [Change(kind, D(2027, 1, 4), reason="No duty is left.")], EW)
    assert (standing.status, standing.met_on, standing.late_by_days) == (status, None, None)
    assert not standing.is_overdue(D(2030, 1, 1))
    assert standing.trace[-1].words == words


def test_opened_again_it_runs_as_before() -> None:
    again = [meet(D(2026, 11, 2)), Change(ChangeKind.REOPEN, D(2026, 11, 4), reason="The file was empty")]
    standing = fold(IMR, START, again, EW)
    assert (standing.status, standing.due_on, standing.met_on) == (Status.RUNNING, D(2026, 11, 23), None)
    assert "Opened again. The file was empty" in [line.words for line in standing.trace]
    assert fold(IMR, START, [*again, extend(5)], EW).due_on == D(2026, 11, 30)


def test_the_first_date_is_kept_when_the_calendar_learns_of_a_holiday() -> None:
    newer = EW.with_holidays({D(2026, 11, 9): "Proclaimed"})
    moved = fold(
        IMR, START, [Change(ChangeKind.RECALCULATE, D(2026, 10, 9))], newer, first_due_on=D(2026, 11, 23)
    )
    assert (moved.first_due_on, moved.due_on) == (D(2026, 11, 23), D(2026, 11, 24))
    labels = [line.label for line in moved.trace]
    assert labels.index("Mon 23 Nov 2026") < labels.index("Fri 9 Oct 2026") < labels.index("Tue 24 Nov 2026")


def test_a_date_that_was_entered() -> None:
    standing = fold(None, D(2018, 5, 14), [], EW, typed_due_on=D(2018, 9, 30), start_words="Plan adopted")
    assert (standing.due_on, standing.first_due_on, standing.provisional) == (
        D(2018, 9, 30),
        D(2018, 9, 30),
        False,
    )
    assert [(line.label, line.words) for line in standing.trace] == [
        ("Mon 14 May 2018", "Plan adopted"),
        ("Date entered", "Sunday 30 September 2018, as written in the plan"),
        ("Sun 30 Sep 2018", "Due by the end of this day; overdue from Monday 1 October"),
        ("Fri 28 Sep 2018", "Last working day before that"),
    ]
    later = fold(None, D(2018, 5, 14), [agree(D(2018, 12, 31)), extend(7)], EW, typed_due_on=D(2018, 9, 30))
    assert (later.due_on, later.first_due_on) == (D(2019, 1, 7), D(2018, 9, 30))


def test_no_date_until_one_is_agreed() -> None:
    standing = fold(None, D(2026, 5, 14), [], EW)
    assert (standing.due_on, standing.first_due_on) == (None, None)
    assert not standing.is_overdue(D(2030, 1, 1))
    assert fold(None, D(2026, 5, 14), [agree(D(2026, 12, 4))], EW).due_on == D(2026, 12, 4)
    done = fold(None, D(2026, 5, 14), [meet(D(2026, 6, 1))], EW)
    assert (done.late_by_days, done.trace[-1].words) == (None, "Done")


def test_provisional_once_it_reaches_past_the_published_holidays() -> None:
    start = D(2028, 11, 20)
    assert not fold(Period(20, Unit.WORKING_DAYS), start, [], EW).provisional
    assert fold(Period(20, Unit.WORKING_DAYS), start, [extend(20)], EW).provisional
    assert not fold(IMR, START, [agree(D(2030, 1, 2))], EW).provisional  # agreed, not worked out
    assert fold(IMR, START, [agree(D(2030, 1, 2)), extend(1)], EW).provisional


def test_the_trace_tells_the_whole_life_in_order() -> None:
    changes = [
        pause(D(2026, 10, 8), "Criminal trial."),
        resume(D(2026, 10, 13)),
        Change(
            ChangeKind.EXTEND,
            D(2026, 10, 14),
            n=5,
            reason="Second agency found",
            authorised_by="the CSP chair",
        ),
    ]
    assert [(line.label, line.words) for line in fold(IMR, START, changes, EW).trace] == [
        ("Mon 28 Sep 2026", "Clock starts. The day itself is not counted"),
        ("+ 40 working days", ""),
        ("Not counted", "16 Saturdays and Sundays; no bank holidays fell in this time"),
        ("Mon 23 Nov 2026", "First due date, before any change"),
        ("Stopped", "Thu 8 Oct 2026 to Mon 12 Oct 2026: 3 working days not counted. Criminal trial"),
        ("+ 5 working days", "Extended on Wed 14 Oct 2026 by the CSP chair. Second agency found"),
        ("Thu 3 Dec 2026", "Due by the end of this day; overdue from Friday 4 December"),
    ]
    agreed = fold(IMR, START, [agree(D(2026, 12, 4), D(2026, 10, 5))], EW).trace
    assert agreed[3].words == "Date agreed on Mon 5 Oct 2026. It takes the place of the date before it"


BACK = Period(5, Unit.WORKING_DAYS, Mode.BEFORE)


@pytest.mark.parametrize(
    ("period", "changes", "words"),
    [
        (IMR, [resume(D(2026, 10, 1))], "not stopped"),
        (IMR, [pause(D(2026, 10, 1)), pause(D(2026, 10, 2))], "stopped already"),
        (IMR, [pause(D(2026, 10, 2)), resume(D(2026, 10, 1))], "before the day on which it was stopped"),
        (IMR, [pause(D(2026, 10, 2)), agree(D(2026, 12, 1))], "must start again before"),
        (IMR, [meet(D(2026, 10, 2)), extend(1)], "is met, so nothing changes"),
        (IMR, [meet(D(2026, 10, 2)), meet(D(2026, 10, 2))], "is met, so nothing changes"),
        (IMR, [Change(ChangeKind.CANCEL, START), Change(ChangeKind.RECALCULATE, START)], "is cancelled"),
        (IMR, [Change(ChangeKind.STOP, START), pause(START)], "is stopped, so nothing changes"),
        (IMR, [Change(ChangeKind.REOPEN, START)], "is running"),
        (IMR, [Change(ChangeKind.EXTEND, START)], "must be a whole number"),
        (IMR, [extend(0)], "must be 1 or more"),
        (IMR, [extend(10_000_000)], "years 1 to 9999"),
        (IMR, [agree(D(9999, 12, 30)), extend(5)], "years 1 to 9999"),
        (IMR, [Change(ChangeKind.SET, START)], "is missing"),
        (BACK, [extend(1)], "only with the event"),
        (BACK, [pause(START)], "only with the event"),
        (None, [extend(1)], "no date yet"),
        (None, [pause(START)], "no date yet"),
    ],
)
def test_what_cannot_have_happened_is_refused(
    period: Period | None, changes: list[Change], words: str
) -> None:
    with pytest.raises(LedgerRefused, match=words) as refusal:
        fold(period, START, changes, EW)
    assert str(refusal.value).endswith(".")


def test_counted_back_dates_may_be_agreed_anew() -> None:
    standing = fold(BACK, D(2026, 11, 30), [agree(D(2026, 11, 24))], EW)
    assert (standing.first_due_on, standing.due_on) == (D(2026, 11, 23), D(2026, 11, 24))


periods = st.builds(
    Period,
    st.integers(1, 60),
    st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS, Unit.WEEKS, Unit.MONTHS]),
    roll=st.sampled_from(Roll),
)
days = st.integers(-20, 120).map(lambda n: START + n * DAY)
agreed_first = st.lists(days.map(agree), max_size=1)


@given(periods, agreed_first, st.lists(days, min_size=3, max_size=3).map(sorted))
def test_a_pause_may_be_written_in_two_halves(period: Period, before: list[Change], cut: list[date]) -> None:
    first, middle, last = cut
    whole = fold(period, START, [*before, pause(first), resume(last)], EW)
    halves = fold(period, START, [*before, pause(first), resume(middle), pause(middle), resume(last)], EW)
    swapped = fold(period, START, [*before, pause(middle), resume(last), pause(first), resume(middle)], EW)
    assert whole.due_on == halves.due_on == swapped.due_on


@given(periods, agreed_first, days, st.integers(0, 60))
def test_a_pause_never_brings_the_date_forward(
    period: Period, before: list[Change], on: date, length: int
) -> None:
    without = fold(period, START, before, EW).due_on
    paused = fold(period, START, [*before, pause(on), resume(on + length * DAY)], EW).due_on
    assert without
    assert paused
    assert without <= paused
    if (
        period.roll is Roll.NONE
        and period.unit is not Unit.WORKING_DAYS
        and START < on <= without
        and not before
    ):
        assert paused == without + length * DAY


@given(
    periods,
    st.lists(st.integers(1, 12), max_size=4),
    st.lists(st.tuples(days, st.integers(0, 30)), max_size=3),
)
def test_the_fold_agrees_with_the_plain_computation(
    period: Period, extensions: list[int], stops: list[tuple[date, int]]
) -> None:
    pauses = [change for on, length in stops for change in (pause(on), resume(on + length * DAY))]
    suspensions = [Suspension(on, on + length * DAY) for on, length in stops]
    changes = [*map(extend, extensions[:2]), *pauses, *map(extend, extensions[2:])]
    standing = fold(period, START, changes, EW)
    worked = compute(START, period, EW, suspensions=suspensions, extensions=extensions)
    assert (standing.due_on, standing.provisional) == (worked.due_on, worked.provisional)
    assert standing.extensions == len(extensions)


@given(periods, days, days)
def test_what_is_met_is_never_overdue(period: Period, on: date, today: date) -> None:
    standing = fold(period, START, [meet(on)], EW)
    assert not standing.is_overdue(today)
    assert standing.due_on
    assert standing.late_by_days == days_late(standing.due_on, on, period.unit, EW)
    assert on > standing.due_on or standing.late_by_days == 0
