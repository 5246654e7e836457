"""The strip of stages: days in each, and those with the Home Office apart from ours (docs/ux.md, the case page, 4)."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.cast import MONDAY, Cast
from tests.dhr import log_review, take, way_to
from tracker.db import Database
from tracker.queries.stages import stages_of, time_spent
from workflows.definition import HeldBy

US, AGENCY, THEIRS = HeldBy.US, HeldBy.AGENCY, HeldBy.HOME_OFFICE


@pytest.mark.parametrize(
    ("days", "current", "said"),
    [
        ({}, True, "0 days so far"),
        ({US: 1}, False, "1 day"),
        ({US: 4, AGENCY: 3}, False, "7 days"),
        ({US: 12, THEIRS: 30}, True, "12 days so far, and 30 with the Home Office"),
        ({THEIRS: 1}, False, "0 days, and 1 with the Home Office"),
    ],
)
def test_the_words(days: dict[HeldBy, int], current: bool, said: str) -> None:
    assert time_spent(Counter(days), current) == said


def test_a_report_sent_back_has_days_of_both(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_review(session, cast, received_on=MONDAY - timedelta(100))
        for step in way_to("signed_off"):
            take(session, cast, case, step, on=MONDAY - timedelta(70))
        take(session, cast, case, "submit_to_home_office", on=MONDAY - timedelta(60))
        take(session, cast, case, "ho_requires_resubmission", on=MONDAY - timedelta(25))
        shown = {stage.text: stage for stage in stages_of(session, case, MONDAY)}
        now = next(stage for stage in shown.values() if stage.current)
    assert now.time_spent == "35 days so far, and 35 with the Home Office"
    assert all("Home Office" not in stage.time_spent for stage in shown.values() if stage is not now)
