"""Which reminders are owed: each once, the latest for each role, nothing early, nothing lost in an outage."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendars import england_and_wales
from workflows.dates import Unit
from workflows.ladder import DEFAULT_LADDER, Note, Plan, Rung, Who, check, key_of, next_told, plan, rungs_from

EW = england_and_wales()
D = date
DAY = timedelta(days=1)
DUE = D(2026, 11, 23)
# domestic-homicide-review.md section 3, DECISION
DECISION = rungs_from((14, 7, 3, 1, 0), also={Who.MANAGER: (-7,), Who.CHAIR: (-3, 1)})
CHASE = rungs_from((0,), to=(Who.OFFICER,), repeat_every=30)


def sent(found: Plan) -> list[tuple[str, Who]]:
    return [(note.rung, note.to) for note in found.send]


def skipped(found: Plan) -> list[tuple[str, Who]]:
    return [(note.rung, note.to) for note in found.skip]


def test_the_default_ladder_of_the_architecture() -> None:
    assert [(rung.key, rung.offset, rung.repeat_every, rung.singly) for rung in DEFAULT_LADDER] == [
        ("before-10", -10, None, False),
        ("before-5", -5, None, False),
        ("before-1", -1, None, False),
        ("on", 0, None, False),
        ("after-1", 1, None, True),
        ("after-5", 5, None, True),
        ("after-10", 10, None, True),
        ("after-15", 15, None, True),
        ("after-20", 20, 10, False),
    ]
    assert {rung.unit for rung in DEFAULT_LADDER} == {Unit.WORKING_DAYS}
    assert [rung.to for rung in DEFAULT_LADDER[:5]] == [(Who.LEAD, Who.OFFICER)] * 5
    assert [rung.to for rung in DEFAULT_LADDER[5:]] == [
        (Who.MANAGER,), (Who.ESCALATION,), (Who.CHAIR,), (Who.ESCALATION,),
    ]  # fmt: skip
    check(DEFAULT_LADDER)


@pytest.mark.parametrize(
    ("today", "send", "next_on"),
    [
        (D(2026, 11, 6), [], D(2026, 11, 9)),
        (D(2026, 11, 9), ["before-10"], D(2026, 11, 16)),
        (D(2026, 11, 16), ["before-5"], D(2026, 11, 20)),
        (D(2026, 11, 22), ["before-1"], D(2026, 11, 23)),
        (D(2026, 11, 23), ["on"], D(2026, 11, 24)),
        (D(2026, 11, 24), ["after-1"], D(2026, 11, 30)),
        (D(2026, 11, 30), ["after-5", "after-1"], D(2026, 12, 7)),
        (D(2026, 12, 7), ["after-10", "after-5", "after-1"], D(2026, 12, 14)),
        (D(2026, 12, 14), ["after-15", "after-10", "after-5", "after-1"], D(2026, 12, 21)),
        (D(2026, 12, 21), ["after-20", "after-15", "after-5", "after-1"], D(2027, 1, 7)),
    ],
)
def test_the_default_ladder_day_by_day(today: date, send: list[str], next_on: date) -> None:
    found = plan(DEFAULT_LADDER, DUE, today, (), EW)
    assert {note.rung for note in found.send} == set(send)
    assert found.next_on == next_on


def test_after_an_outage_each_role_gets_its_latest_and_the_rest_is_on_record() -> None:
    found = plan(DEFAULT_LADDER, DUE, D(2026, 12, 8), {("before-10", Who.LEAD)}, EW)
    assert sent(found) == [
        ("after-1", Who.LEAD),
        ("after-1", Who.OFFICER),
        ("after-5", Who.MANAGER),
        ("after-10", Who.ESCALATION),
    ]
    assert ("before-10", Who.LEAD) not in skipped(found)
    assert skipped(found) == [
        ("before-10", Who.OFFICER),
        ("before-5", Who.LEAD),
        ("before-5", Who.OFFICER),
        ("before-1", Who.LEAD),
        ("before-1", Who.OFFICER),
        ("on", Who.LEAD),
        ("on", Who.OFFICER),
    ]
    assert Note("after-1", D(2026, 11, 24), Who.LEAD, singly=True) in found.send


def test_nothing_older_goes_out_after_something_newer() -> None:
    found = plan(DEFAULT_LADDER, DUE, D(2026, 11, 24), {("after-1", Who.LEAD), ("after-1", Who.OFFICER)}, EW)
    assert found.send == ()
    assert ("on", Who.LEAD) in skipped(found)


def test_steps_that_meet_on_one_day_go_as_one() -> None:
    easter = D(2026, 4, 5)  # Sunday: a day before, the day and a day after all come to Tuesday 7 April
    ladder = rungs_from((1, 0), also={Who.LEAD: (1,)})
    found = plan(ladder, easter, D(2026, 4, 7), (), EW)
    assert plan(ladder, easter, D(2026, 4, 6), (), EW).next_on == D(2026, 4, 7)
    assert sent(found) == [("after-1", Who.LEAD)]
    assert skipped(found) == [("before-1", Who.LEAD), ("on", Who.LEAD)]
    assert found.next_on is None


def test_the_ladder_of_a_row_of_the_documents() -> None:
    assert [(rung.key, rung.to, rung.singly) for rung in DECISION] == [
        ("before-14", (Who.LEAD,), False),
        ("before-7", (Who.LEAD, Who.MANAGER), False),
        ("before-3", (Who.LEAD, Who.CHAIR), False),
        ("before-1", (Who.LEAD,), False),
        ("on", (Who.LEAD,), False),
        ("after-1", (Who.CHAIR,), True),
    ]
    assert {rung.unit for rung in DECISION} == {Unit.DAYS}
    assert rungs_from(()) == ()
    check(DECISION)
    check(CHASE)


def test_a_chaser_repeats_for_as_long_as_it_runs() -> None:
    found = plan(CHASE, D(2026, 1, 5), D(2026, 11, 22), (), EW)
    assert sent(found) == [("after-300", Who.OFFICER)]  # Sunday 1 November, so Monday the 2nd
    assert found.send[0].on == D(2026, 11, 2)
    assert [rung for rung, _ in skipped(found)] == ["on", *(f"after-{n}" for n in range(30, 300, 30))]
    assert found.next_on == D(2026, 12, 1)


def test_a_date_at_the_end_of_time_is_never_reminded_of() -> None:
    found = plan(DEFAULT_LADDER, date.max, D(2026, 11, 22), (), EW)
    assert (found.send, found.skip) == ((), ())
    assert found.next_on is not None
    after = tuple(rung for rung in DEFAULT_LADDER if rung.offset > 0)
    assert plan(after, date.max, D(2026, 11, 22), (), EW) == Plan((), (), None)


def test_no_ladder_no_notes() -> None:
    assert plan((), DUE, D(2026, 11, 24), (), EW) == Plan((), (), None)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Rung("a", 1, Unit.MONTHS, (Who.LEAD,)),
        lambda: Rung("a", 1, Unit.DAYS, ()),
        lambda: Rung("a", 1, Unit.DAYS, (Who.LEAD,), repeat_every=0),
        lambda: Rung("a", -1, Unit.DAYS, (Who.LEAD,), repeat_every=5),
        lambda: check((*DECISION, *DECISION)),
        lambda: check(DEFAULT_LADDER[::-1]),
        lambda: check((*CHASE, Rung("after-1", 1, Unit.DAYS, (Who.LEAD,)))),
        lambda: check((DECISION[1], DECISION[0])),
    ],
)
def test_ladders_that_make_no_sense_are_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"\.$"):
        make()


ladders = st.sampled_from([DEFAULT_LADDER, DECISION, CHASE, DECISION + CHASE[:0], DEFAULT_LADDER[2:5]])
due_dates = st.dates(D(2026, 3, 1), D(2027, 4, 30))
Done = set[tuple[str, Who]]


def run(ladder: tuple[Rung, ...], due_on: date, today: date, done: Done) -> Plan:
    found = plan(ladder, due_on, today, done, EW)
    keys = [(note.rung, note.to) for note in (*found.send, *found.skip)]
    assert len(keys) == len(set(keys))
    assert not done & set(keys)  # never the same key twice
    assert all(note.on <= today and EW.is_working(note.on) for note in (*found.send, *found.skip))
    assert len({note.to for note in found.send}) == len(found.send)
    assert found.next_on is None or (found.next_on > today and EW.is_working(found.next_on))
    done |= set(keys)
    return found


@given(ladders, due_dates, st.integers(-30, 60), st.integers(1, 90))
def test_an_outage_loses_nothing(ladder: tuple[Rung, ...], due_on: date, begins: int, length: int) -> None:
    today = due_on + begins * DAY
    steady: Done = set()
    for n in range(length + 1):
        run(ladder, due_on, today + n * DAY, steady)
    outage: Done = set()
    run(ladder, due_on, today, outage)
    found = run(ladder, due_on, today + length * DAY, outage)
    assert steady == outage
    again = plan(ladder, due_on, today + length * DAY, outage, EW)
    assert (again.send, again.skip, again.next_on) == ((), (), found.next_on)


@given(ladders, due_dates, st.integers(-30, 60))
def test_nothing_becomes_owed_before_the_next_day_that_was_named(
    ladder: tuple[Rung, ...], due_on: date, begins: int
) -> None:
    today, done = due_on + begins * DAY, set[tuple[str, Who]]()
    found = run(ladder, due_on, today, done)
    last = found.next_on or today + 100 * DAY
    if last - DAY > today:
        assert plan(ladder, due_on, last - DAY, done, EW).send == ()
    if found.next_on:
        assert plan(ladder, due_on, found.next_on, done, EW).send
    assert found.next_on or ladder[-1].repeat_every is None


@given(ladders, due_dates, st.integers(-30, 60))
def test_a_role_gets_the_latest_that_it_is_owed(ladder: tuple[Rung, ...], due_on: date, begins: int) -> None:
    found = plan(ladder, due_on, due_on + begins * DAY, (), EW)
    for note in found.send:
        assert all(other.on <= note.on for other in found.skip if other.to is note.to)


def test_keys_say_their_place() -> None:
    assert [key_of(n) for n in (-10, 0, 20)] == ["before-10", "on", "after-20"]


@pytest.mark.parametrize(
    ("who", "today", "on"),
    [
        (Who.ESCALATION, D(2026, 11, 24), D(2026, 12, 7)),
        (Who.CHAIR, D(2026, 12, 7), D(2026, 12, 14)),
        (Who.CHAIR, D(2026, 12, 14), None),
        (Who.ESCALATION, D(2026, 12, 21), D(2027, 1, 7)),
    ],
)
def test_a_mail_can_say_when_somebody_above_is_told(who: Who, today: date, on: date | None) -> None:
    assert next_told(DEFAULT_LADDER, who, DUE, today, EW) == on
