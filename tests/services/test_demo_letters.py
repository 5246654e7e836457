"""The demonstration sends a letter to all whom it must reach."""

from tests import asb as asb_cases
from tests.cast import MONDAY, NOON, Cast
from tests.services.test_letter_service import OTHER, asb
from tracker.db import Database
from tracker.demo.on_applications import send_letter


def test_the_demonstration_sends_a_letter_to_everybody(sqlite_database: Database) -> None:
    from tests.cast import settle

    cast: Cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        case = asb(session, cast, **OTHER)
        send_letter(session, cast.actor(session, "officer"), case, "letter_sent_L1", MONDAY, NOON)
        assert case.facts["letter_sent_L1"] == MONDAY.isoformat()
    with sqlite_database.transaction() as session:
        asb_cases.settle_area(session, cast)
        held = asb_cases.case_at(session, cast, "review_preparation")
        asb_cases.recommend(session, cast, held)
        two = asb_cases.recommend(session, cast, held, "Mend the lights.")
        two.facts = {**two.facts, "recipient": asb_cases.COUNCIL}
        session.flush()
        send_letter(session, cast.actor(session, "officer"), held, "letter_sent_L17", MONDAY, NOON)
        assert held.facts["letter_sent_L17"] == MONDAY.isoformat()
