"""Actions ticked on the list: their leads reminded, their lead changed, taken as a file; without a script."""

from datetime import date

from sqlmodel import select

from tests.cast import Cast
from tests.routes.browse import Browser
from tests.routes.filling import log_action
from tests.routes.pages import Page, send, visit
from tracker.db import Database
from tracker.models import Case, Event, Outbox


def test_ticked_actions_are_reminded_changed_and_taken_away(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        first, second = (
            log_action(session, settled, date(2026, 12, 14 + n), lead=settled.police).reference
            for n in range(2)
        )
        third = log_action(session, settled, date(2026, 12, 31)).reference
    page = visit(browse.as_("officer"), "/actions?sort=reference")

    def press(what: str, *ticked: str) -> Page:
        pairs = [*page.fields(0), ("what", what), *(("ref", one) for one in ticked)]
        return send(browse, "/actions/ticked", pairs)

    assert press("remind").heading == "No action is ticked"
    reminded = press("remind", first, second, third)
    assert f"1 lead is reminded of 2 actions, in one mail each. Not reminded: {third}" in reminded.text
    assert reminded.address == "/actions?sort=reference"
    press("remind", first, second, third)
    with sqlite_database.reading() as session:
        assert len(session.exec(select(Outbox).where(Outbox.kind == "chaser")).all()) == 2
    asked = press("lead", first, third)
    assert "Say why the lead changes" in asked.submit({"to": "housing"}).errors()
    check = asked.submit({"to": "housing", "reason": "They took it on"})
    assert check.rows() == [
        [f"Write the protocol {first}", "West Mercia Police", "Housing association"],
        [f"Write the protocol {third}", "No lead", "Housing association"],
    ]
    with sqlite_database.transaction() as session:
        changed = session.exec(select(Case).where(Case.reference == third)).one()
        changed.version += 1
    refused = check.submit()
    assert refused.status == 409
    assert any(f"somebody changed {third} meanwhile" in error for error in refused.errors())
    assert "The lead of 2 actions is changed." in refused.submit().submit().text
    with sqlite_database.reading() as session:
        assert len(session.exec(select(Event).where(Event.name == "handed_over")).all()) == 2
    taken = browse.client.post(
        "/actions/ticked",
        data={"csrf_token": browse.token(), "what": "file", "ref": [first, "WSCB-ACT-2026-001"]},
    )
    assert [line.split(",")[0] for line in taken.text.splitlines()] == ["Reference", first]


def test_the_same_form_with_another_lead_is_not_said_to_be_done(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        reference = log_action(session, settled, date(2026, 12, 14)).reference
    asked = visit(browse.as_("officer"), f"/actions/change-lead?ref={reference}")
    check = asked.submit({"to": "housing", "reason": "They took it on"})
    assert "The lead of 1 action is changed." in check.submit().text
    assert "The lead of 1 action is changed." in check.submit().text  # pressed twice, done once
    refused = asked.submit({"to": "west-mercia-police", "reason": "It was theirs after all"}).submit()
    assert (refused.status, refused.heading) == (409, asked.heading)
    assert "It was theirs after all" in refused.text
    assert "The lead of 1 action is changed." in refused.submit().submit().text
    with sqlite_database.reading() as session:
        action = session.exec(select(Case).where(Case.reference == reference)).one()
        assert action.owner_organisation_id == settled.police
    assert browse.open("/actions/change-lead").location == "/actions"


def test_who_may_not_record_has_nothing_to_tick(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        log_action(session, settled, date(2026, 12, 14), lead=settled.police)
    assert not visit(browse.as_("auditor"), "/actions").soup.select("[name=ref]")
    assert browse.submit("/actions/ticked", what="remind").status_code == 403
