"""Runs, outbox and audit: counts and words for administrators, looks for auditors, and no case content for the first."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.cast import NOON, Cast
from tests.routes.browse import Browser
from tests.routes.filling import log_asb, log_dhr
from tests.routes.pages import visit
from tracker.db import Database
from tracker.models import AccessLog, Looked, Outbox, OutboxState, SetupChange, SetupKind
from tracker.services import leases, person_changes
from tracker.services.person_changes import Why


def test_what_waits_and_what_failed_is_counted_by_kind_without_an_address(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        for who in ("officer", "manager", "chair"):
            person_changes.send_link(
                session, settled.actor(session, "admin"), settled.people[who], Why("Asked", NOON)
            )
        failed, returned, _ = session.exec(select(Outbox).order_by(Outbox.id)).all()
        failed.state = returned.state = OutboxState.FAILED
        returned.sent_at = NOON
        leases.hold(session, "here", NOON)
        leases.round_went_well(session, NOON - timedelta(minutes=1), {"mails": 4})
    page = visit(browse.as_("admin"), "/admin/runs")
    assert "Reminders last ran today at 11:59am: 4 sent." in page.text
    assert page.rows("#outbox tbody tr") == [["“Set your password”", "1", "1", "1"]]
    assert "example.test" not in page.text


def test_run_now_decides_and_sends_nothing_and_says_who_pressed_it(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    page = visit(browse.as_("admin"), "/admin/runs")
    done = page.submit()
    assert "A round was done" in done.response.text
    assert "A round was started by hand" in done.text
    assert "Admin" in done.rows("#history tbody tr")[0][2]
    page.submit()
    with sqlite_database.reading() as session:
        kinds = [row.what for row in session.exec(select(SetupChange)).all()]
        assert kinds == [SetupKind.ROUND_RUN], "pressed twice, it is one line"
        assert all(row.sent_at is None for row in session.exec(select(Outbox)).all())
        assert leases.last_round(session) is None, "the heartbeat is the sender's"


@pytest.mark.parametrize("who", ["officer", "manager", "chair", "lead", "auditor"])
def test_runs_are_for_administrators(browse: Browser, settled: Cast, who: str) -> None:
    assert browse.as_(who).open("/admin/runs").status_code == 403
    assert browse.submit("/admin/runs").status_code == 403
    assert browse.open("/admin/audit").status_code == (200 if who == "auditor" else 403)


def test_a_history_that_was_changed_is_found_and_named_to_whoever_may_open_it(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        seen, hidden = log_asb(session, settled).reference, log_dhr(session, settled).reference
    assert "Everything holds together" in visit(browse.as_("admin"), "/admin/audit").submit().text
    with sqlite_database.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET head_seq = head_seq + 1"))
    admin = visit(browse, "/admin/audit").submit()
    assert "2 faults found" in admin.text
    assert seen not in admin.response.text
    auditor = visit(browse.as_("auditor"), "/admin/audit").submit(which=0)
    assert "2 faults found" in auditor.text
    assert seen in auditor.text
    assert hidden not in auditor.response.text


def test_an_auditor_sees_who_looked_at_what_between_two_days(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        seen, hidden = log_asb(session, settled), log_dhr(session, settled)
        for case in (seen, hidden):
            session.add(
                AccessLog(at=NOON, user_id=settled.people["officer"], what=Looked.CONSULTED, case_id=case.id)
            )
        names = seen.reference, hidden.reference
    question = f"/admin/audit/access?person={settled.people['officer']}&first=23+11+2026&last="
    page = visit(browse.as_("auditor"), f"{question}23+11+2026")
    opened = [row[2] for row in page.rows("#looked tbody tr") if row[1] == "Opened"]
    assert opened == ["One that you cannot open", names[0]]
    assert names[1] not in page.response.text
    before = visit(browse, question.replace("first=23", "first=20") + "22+11+2026")
    assert "They looked at nothing" in before.text
    wrong = visit(browse, f"{question}22+11+2026")
    assert (wrong.status, wrong.errors()) == (422, ["The last day cannot be before the first day"])
    outsider = visit(
        browse,
        question.replace(f"person={settled.people['officer']}", f"person={settled.people['outsider']}")
        + "23+11+2026",
    )
    assert outsider.errors() == ["Choose who"]
    assert browse.as_("admin").open(f"{question}23+11+2026").status_code == 403
