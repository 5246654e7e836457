"""What would stop a step at its last button is said at check answers: the step is tried there and taken back."""

from datetime import timedelta

from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser
from tests.routes.filling import log_action, log_asb
from tests.routes.test_steps import CONSULTED, PAPER, SCOPING, name_for, review, step, take
from tracker.db import Database
from tracker.models import Case, Event, Outbox
from tracker.services import cases
from tracker.services.asked import NewCase

UPHELD = {
    "fact_result": "upheld_redecide_threshold", "fact_reasons": "Two reports were overlooked",
    "fact_decided_on": "23 11 2026", "fact_reviewer_role": "Head of another service", "evidence": "Minute 7",
}  # fmt: skip


def _second_look(session: Session, cast: Cast, parent: Case) -> str:
    asked = NewCase(
        process="dissatisfaction", partnership_id=cast.herefordshire, parent_id=parent.id, opened_on=MONDAY,
        state="under_review", imported=True,
        facts={"about": "application_handling", "requested_on": MONDAY - timedelta(days=3)},
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON).reference


def test_an_outcome_that_cannot_send_the_case_back_is_refused_at_check_answers(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        followed = log_asb(session, settled, state="action_plan_monitoring")
        parent, child = followed.reference, _second_look(session, settled, followed)
    page = step(browse.as_("officer"), f"/cases/{child}", "decide").submit(UPHELD)
    assert page.status == 422
    [said] = page.errors()
    assert said == (
        f"Result: {parent} is at “Following the action plan” and cannot go where this outcome sends it."
    )
    assert page.soup.select_one(".govuk-error-summary a[href='#fact_result']")
    assert dict(page.fields())["fact_reasons"] == UPHELD["fact_reasons"]
    other = page.submit({"fact_result": "not_upheld"})
    assert other.heading.startswith("Check before")
    assert other.submit().status == 200


def test_a_reference_of_nothing_is_refused_at_its_field(
    browse: Browser, sqlite_database: Database, settled: Cast
) -> None:
    with sqlite_database.transaction() as session:
        one, other = (log_action(session, settled, MONDAY + timedelta(days=9)).reference for _ in range(2))
    address = f"/cases/{one}"
    typed = {"fact_superseded_by": "the other one", "fact_supersede_reason": "They were the same"}
    page = step(browse.as_("officer"), address, "supersede").submit(typed)
    assert page.status == 422
    [said] = page.errors()
    assert "must be that of an action of this partnership" in said
    assert page.soup.select_one("#fact_superseded_by.govuk-input--error")["value"] == "the other one"
    check = page.submit({"fact_superseded_by": other})
    assert check.heading.startswith("Check before")
    assert check.submit().status == 200


def test_what_is_in_place_is_not_skipped_as_well(browse: Browser, sqlite_database: Database) -> None:
    address = review(browse)
    take(browse, address, "begin-scoping", SCOPING)
    name_for(sqlite_database, "manager")
    browse.as_("manager")
    skipped = {"override": ["police_consulted"], "override_reason": "Urgent"}
    page = step(browse, address, "submit-for-decision").submit(PAPER | CONSULTED | skipped)
    assert page.status == 422
    assert page.errors() == [
        "What was to be skipped is in place already, or is not asked for. Look at the step again."
    ]


def test_check_answers_changes_nothing(browse: Browser, sqlite_database: Database) -> None:
    address = review(browse)
    with sqlite_database.reading() as session:
        before = [len(session.exec(select(table)).all()) for table in (Event, Outbox)]
        versions = session.exec(select(Case.reference, Case.version, Case.state)).all()
    check = step(browse, address, "begin-scoping").submit(SCOPING)
    assert check.heading == "Check before you begin scoping"
    with sqlite_database.reading() as session:
        assert [len(session.exec(select(table)).all()) for table in (Event, Outbox)] == before
        assert session.exec(select(Case.reference, Case.version, Case.state)).all() == versions
