"""The last days of the Act's periods, from the table of the specification, asked of the threshold itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from workflows.dates import earliest_in_time, last_day_beginning_with
from workflows.threshold import Application, Incident, Record, Report, Rules, assess


def asked_of(
    incidents: tuple[Incident, ...], reports: tuple[Report, ...], rules: Rules, applied: date
) -> Application:
    return Application(
        applied=applied, rules=rules, relevant=frozenset({"police"}), incidents=incidents, reports=reports
    )


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-03-03", 1, "2026-04-02"),
        ("2026-01-28", 1, "2026-02-27"),
        ("2026-01-29", 1, "2026-02-28"),
        ("2026-01-30", 1, "2026-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-01", 1, "2026-01-31"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-12-31", 1, "2027-01-30"),
        ("2026-05-31", 6, "2026-11-30"),
        ("2026-06-01", 6, "2026-11-30"),
        ("2026-08-30", 6, "2027-02-28"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-28", 6, "2028-02-27"),
        ("2027-08-29", 6, "2028-02-28"),
    ],
)
def test_the_last_day_is_in_time_and_the_next_is_not(start: str, months: int, last: str) -> None:
    """The table of last days, asked of the report window and of the application window."""
    begins, ends = date.fromisoformat(start), date.fromisoformat(last)
    assert last_day_beginning_with(begins, months) == ends
    for days, good in ((0, True), (1, False)):
        at = ends + timedelta(days=days)
        reporting = Rules(report_within_months=months, number=1)
        made = Report(id="1", on=at, person="p", body="police", incidents=("a",), record=Record.CONFIRMED)
        asked = asked_of((Incident(id="a", on=begins),), (made,), reporting, at)
        assert assess(asked).lines[0].qualifies is good
        applying = Rules(apply_within_months=months, number=1)
        asked = asked_of((Incident(id="a", on=begins),), (replace(made, on=begins),), applying, at)
        assert assess(asked).lines[0].qualifies is good


@pytest.mark.parametrize(
    ("applied", "earliest"),
    [("2026-11-22", "2026-05-23"), ("2026-08-31", "2026-03-01"), ("2026-02-28", "2025-08-29")],
)
def test_the_earliest_complaint_still_in_time(applied: str, earliest: str) -> None:
    at, first = date.fromisoformat(applied), date.fromisoformat(earliest)
    assert earliest_in_time(at, 6) == first
    for days, good in ((0, True), (-1, False)):
        on = first + timedelta(days=days)
        made = Report(id="1", on=on, person="p", body="police", incidents=("a",))
        asked = asked_of((Incident(id="a", on=on),), (made,), Rules(), at)
        assert assess(asked).lines[0].qualifies is good
