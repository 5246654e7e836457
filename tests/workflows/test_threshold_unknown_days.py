"""A report whose day is not known counts on the day, of those it could be, that serves the applicant best."""

from datetime import date

import pytest

from workflows.threshold import Application, Incident, Record, Report, Rules, ThresholdRefused, assess

APPLIED = date(2026, 11, 22)


def line(happened: date, earliest: date, latest: date) -> tuple[bool, bool]:
    made = assess(
        Application(
            applied=APPLIED,
            rules=Rules(),
            relevant=frozenset({"police"}),
            incidents=(Incident(id="1", on=happened),),
            reports=(
                Report(
                    id="1", on=latest, earliest=earliest, person="applicant", body="police", incidents=("1",),
                    record=Record.CONFIRMED,
                ),
            ),
        )
    )  # fmt: skip
    return made.lines[0].qualifies, made.lines[0].provisional


@pytest.mark.parametrize(
    ("happened", "earliest", "latest", "qualifies"),
    [
        (date(2026, 6, 3), date(2026, 7, 1), date(2026, 7, 20), True),  # the last day to report was 2 July
        (date(2026, 6, 3), date(2026, 7, 3), date(2026, 7, 20), False),
        (date(2026, 5, 10), date(2026, 5, 11), date(2026, 5, 23), True),  # only 23 May is within six months
        (date(2026, 5, 10), date(2026, 5, 11), date(2026, 5, 22), False),
        (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 30), True),  # before the application
        (date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 30), False),
        (date(2026, 11, 10), date(2026, 11, 1), date(2026, 11, 12), True),  # on or after the incident
        (date(2026, 11, 10), date(2026, 11, 1), date(2026, 11, 9), False),
    ],
)
def test_any_day_that_counts_is_enough(
    happened: date, earliest: date, latest: date, *, qualifies: bool
) -> None:
    assert line(happened, earliest, latest) == (qualifies, qualifies)


def test_the_earliest_day_is_not_after_the_latest() -> None:
    with pytest.raises(ThresholdRefused, match="earliest day of report 1"):
        line(APPLIED, APPLIED, date(2026, 11, 1))
