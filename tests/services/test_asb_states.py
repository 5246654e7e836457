"""Every state of an ASB case review can be reached through the services, on both databases."""

import pytest

from tests.asb import WAYS, case_at, settle_area
from tests.cast import Cast
from tracker.db import Database


@pytest.mark.parametrize("state", list(WAYS))
def test_the_usual_way_leads_there(database: Database, cast: Cast, state: str) -> None:
    with database.transaction() as session:
        settle_area(session, cast)
        assert case_at(session, cast, state).state == state
