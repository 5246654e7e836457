"""The ASB case review threshold: what must hold of every application, and that a large one takes no time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.matching import maximum_matching
from workflows.threshold import (
    Application,
    Assessment,
    CountUnit,
    Incident,
    Outcome,
    Record,
    Report,
    Rules,
    assess,
)

BODIES = frozenset({"council", "police"})
SOUTH_WORCESTERSHIRE = Rules(count_unit=CountUnit.DISTINCT_REPORT, group_people=3)


def application(
    incidents: Sequence[Incident], reports: Sequence[Report], rules: Rules, applied: date
) -> Application:
    return Application(
        applied=applied, rules=rules, relevant=BODIES, incidents=tuple(incidents), reports=tuple(reports)
    )


def chained(size: int) -> Application:
    """Make reports that each push the one before along: report n covers incidents n and n + 1."""
    happened = [Incident(id=str(n), on=date(2026, 11, 1)) for n in range(size)]
    made = [
        Report(
            id=str(n),
            on=date(2026, 11, 2),
            person=str(n),
            body="police",
            incidents=tuple(str(k) for k in (n, n + 1) if k < size),
        )
        for n in range(size)
    ]
    return application(happened, made, SOUTH_WORCESTERSHIRE, date(2026, 11, 22))


def test_two_thousand_reports_of_two_thousand_incidents_take_no_time() -> None:
    started = perf_counter()
    assert assess(chained(2000)).counts[CountUnit.DISTINCT_REPORT] == 2000
    assert perf_counter() - started < 5  # about 0.05 s; a method that tries every choice would never end


def test_a_long_chain_of_swaps_is_found() -> None:
    """One free vertex at the end of a chain of 2,000: a recursive search would not come back."""
    size = 2000
    neighbours = [*[[n, n + 1] for n in range(size)][::-1], [0]]
    assert maximum_matching(neighbours, right_size=size + 1) == size + 1
    assert maximum_matching([list(range(400))] * 400, right_size=400) == 400


# What must hold of every application.

DAYS = st.dates(date(2026, 4, 1), date(2026, 12, 31))
NAMES = st.sampled_from("abcde")
RULES = st.builds(
    Rules,
    number=st.integers(1, 3),
    report_within_months=st.integers(1, 3),
    apply_within_months=st.integers(1, 12),
    count_unit=st.sampled_from(CountUnit),
    group_people=st.none() | st.integers(1, 4),
    hate_number=st.none() | st.integers(1, 2),
    hate_months=st.none() | st.integers(1, 9),
    hate_needs_report_window=st.booleans(),
)


@st.composite
def applications(draw: st.DrawFn) -> Application:
    names = draw(st.lists(NAMES, min_size=1, unique=True))
    incidents = [
        Incident(
            id=name,
            on=draw(DAYS),
            linked=draw(st.integers(0, 5)) > 0,
            hate=draw(st.booleans()),
            alarm=draw(st.integers(0, 5)) > 0,
        )
        for name in names
    ]
    reports = [
        Report(
            id=str(n),
            on=draw(DAYS),
            person=draw(st.sampled_from("xyz")),
            body=draw(st.sampled_from(["police", "council", "other"])),
            incidents=tuple(draw(st.lists(st.sampled_from(names), unique=True))),
            record=draw(st.sampled_from(Record)),
        )
        for n in range(draw(st.integers(0, 6)))
    ]
    return application(incidents, reports, draw(RULES), draw(DAYS))


def three_counts(assessment: Assessment) -> tuple[int, int, int]:
    counts = assessment.counts
    return counts[CountUnit.COMPLAINT], counts[CountUnit.INCIDENT], counts[CountUnit.DISTINCT_REPORT]


@given(applications())
@settings(max_examples=200, deadline=None)
def test_one_more_report_never_lowers_a_count(whole: Application) -> None:
    fewer = replace(whole, reports=whole.reports[:-1])
    before, after = assess(fewer), assess(whole)
    assert all(a <= b for a, b in zip(three_counts(before), three_counts(after), strict=True))
    assert before.people <= after.people
    assert before.hate <= after.hate


@given(applications(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_the_input_changes_nothing_but_the_order_of_the_lines(
    whole: Application, random: object
) -> None:
    def shuffled(things: Sequence[object]) -> tuple[object, ...]:
        return tuple(random.sample(things, len(things)))

    reports = tuple(replace(one, incidents=shuffled(one.incidents)) for one in whole.reports)
    other = assess(replace(whole, incidents=shuffled(whole.incidents), reports=shuffled(reports)))
    first = assess(whole)
    assert replace(other, lines=()) == replace(first, lines=())
    assert {(one.report, one.incident, one.why) for one in other.lines} == {
        (one.report, one.incident, one.why) for one in first.lines
    }


@given(applications())
@settings(max_examples=200, deadline=None)
def test_the_readings_keep_their_order_and_the_number_decides(whole: Application) -> None:
    assessment = assess(whole)
    complaints, incidents, distinct = three_counts(assessment)
    assert distinct <= min(complaints, incidents)
    reached = assessment.counts[whole.rules.count_unit] >= whole.rules.number
    assert (assessment.result is Outcome.MET_MANDATORY) is reached
    assert assessment.warning is (not reached and max(complaints, incidents) >= whole.rules.number)
    if assessment.result is Outcome.DISCRETION_REQUIRED:
        assert "s.104(5)" in " ".join(assessment.reasons)


def largest_by_trying(neighbours: Sequence[Sequence[int]], taken: frozenset[int] = frozenset()) -> int:
    if not neighbours:
        return 0
    first, *rest = neighbours
    best = largest_by_trying(rest, taken)
    return max(
        [best, *(1 + largest_by_trying(rest, taken | {right}) for right in first if right not in taken)]
    )


@given(st.lists(st.lists(st.integers(0, 4), unique=True), max_size=6))
@settings(max_examples=300, deadline=None)
def test_matching_equals_trying_every_choice(neighbours: list[list[int]]) -> None:
    assert maximum_matching(neighbours, right_size=5) == largest_by_trying(neighbours)
