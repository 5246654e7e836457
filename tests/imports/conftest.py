from datetime import date

import pytest

from tests.imports.making import Read
from tracker.imports import PlanReading, read_plan
from workflows.timescales import Context

PLAN_2018 = Context(plan_start=date(2018, 4, 1), plan_end=date(2019, 3, 31))


@pytest.fixture
def read() -> Read:
    def reading(source: bytes | str, name: str = "plan.csv") -> PlanReading:
        return read_plan(source.encode() if isinstance(source, str) else source, name, PLAN_2018)

    return reading
