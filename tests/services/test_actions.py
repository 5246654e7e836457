"""Actions through the services: check and look again, hand over, replace, abandon, add to a review; both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_cases import log_dhr
from tracker import access
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted, NotPossible, NotVisible
from tracker.models import Case, CaseParty, Deadline, Event, Membership, Outbox, Role
from tracker.queries.action_rag import moved_times, rag_of
from tracker.queries.verification import faults
from tracker.services import actions, cases, handovers, new_actions
from tracker.services.actions import Answer, Check, Update
from tracker.services.asked import FactsRequest, MoveRequest, NewCase
from tracker.services.handovers import Handover
from tracker.services.new_actions import NewAction
from workflows.rag import Colour

AGREED = date(2026, 9, 1)
TARGET = date(2027, 3, 1)


def log_action(session: Session, cast: Cast, *, body: int | None = None, state: str = "agreed") -> Case:
    asked = NewCase(
        process="action_item", partnership_id=cast.herefordshire, opened_on=AGREED,
        facts={"agreed_on": AGREED, "target_on": TARGET, "lead_agency": "west-mercia-police"},
        title="Write the protocol", owner_organisation_id=body or cast.police, state=state, opening=(), imported=True,
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)


def step(session: Session, cast: Cast, who: str, case: Case, name: str, **more: object) -> Event:
    evidence = str(more.pop("evidence", ""))
    asked = MoveRequest(case.version, MONDAY, facts=more, reason="r", evidence=evidence)  # type: ignore[arg-type]
    return cases.move(session, cast.actor(session, who), case, name, asked, at=NOON)


def done(session: Session, cast: Cast, case: Case) -> None:
    told = Update(Answer.DONE, case.version, note="Signed", evidence="file/12", at_risk=False)
    actions.report(session, cast.actor(session, "lead"), case, told, at=NOON)


def verified(session: Session, cast: Cast, case: Case, look_again: str = "") -> None:
    asked = Check(accepted=True, note="Saw it", seen_version=case.version, look_again=look_again)
    actions.check(session, cast.actor(session, "officer"), case, asked, at=NOON)


def clocks(session: Session, case: Case) -> dict[str, tuple[str, date | None]]:
    rows = session.exec(select(Deadline).where(Deadline.case_id == case.id).order_by(Deadline.id)).all()
    return {row.key: (str(row.status), row.due_on) for row in rows}


@pytest.mark.parametrize(
    ("chosen", "due_on"),
    [
        ("three_months", date(2027, 2, 23)),
        ("six_months", date(2027, 5, 23)),
        ("twelve_months", date(2027, 11, 23)),
    ],
)
def test_a_look_at_the_effect_runs_on_after_the_end_until_it_is_answered(
    database: Database, cast: Cast, chosen: str, due_on: date
) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        done(session, cast, case)
        assert (case.facts["evidence"], case.facts["at_risk"]) == ("file/12", False)
        verified(session, cast, case, chosen)
        found = clocks(session, case)
        assert (case.state, found["IMPACT_CHECK"]) == ("verified", ("running", due_on))
        assert found["ACTION_TARGET"][0] == "met"
        later = NOON + timedelta(days=60)
        facts = {"impact_checked_on": date(2027, 1, 20), "impact": "Calls fell by a third"}
        asked = FactsRequest(case.version, date(2027, 1, 20), facts)
        cases.record_facts(session, cast.actor(session, "officer", later), case, asked, at=later)
        assert clocks(session, case)["IMPACT_CHECK"][0] == "met"
        assert list(faults(session)) == []


def test_without_one_nothing_runs_and_opening_again_cancels_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        plain, looked = log_action(session, cast), log_action(session, cast)
        for case, chosen in ((plain, "none"), (looked, "six_months")):
            done(session, cast, case)
            verified(session, cast, case, chosen)
        assert "running" not in {status for status, _ in clocks(session, plain).values()}
        step(
            session, cast, "manager", looked, "reopen", reopen_reason="No effect", target_on=date(2027, 6, 1)
        )
        found = clocks(session, looked)
        assert (looked.state, found["IMPACT_CHECK"][0]) == ("in_progress", "cancelled")
        assert found["ACTION_TARGET"] == ("running", date(2027, 6, 1))
        done(session, cast, looked)
        verified(session, cast, looked)  # the date of the first round starts nothing
        assert clocks(session, looked)["IMPACT_CHECK"][0] == "cancelled"


def test_more_time_keeps_both_dates_and_counts_the_slips(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        manager, lead = cast.actor(session, "manager"), cast.actor(session, "lead")
        for number, wanted in enumerate((date(2027, 4, 1), date(2027, 5, 1), date(2027, 6, 1)), start=1):
            asked = Update(Answer.MORE_TIME, case.version, note="Staff left", asked_for_on=wanted)
            actions.report(session, lead, case, asked, at=NOON)
            agreed = number < 3
            event = actions.decide_more_time(
                session, manager, case, agreed=agreed, reason="Fair", seen_version=case.version, at=NOON
            )
            before = TARGET if number == 1 else date(2027, number + 2, 1)
            assert (event.detail["from_on"], event.detail["to_on"]) == (str(before), str(wanted))
        target = session.exec(select(Deadline).where(Deadline.key == "ACTION_TARGET")).one()
        assert (target.first_due_on, target.due_on) == (TARGET, date(2027, 5, 1))
        moved = moved_times(session, [target])[target.id or 0]
        found = rag_of(case, target, moved, MONDAY)
        assert (moved, found.colour, found.why) == (2, Colour.AMBER, "Its target date was moved twice.")


class TestHandingOver:
    def test_the_new_lead_is_told_and_the_old_one_sees_it_no_more(
        self, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            case = log_action(session, cast)
            told = Update(Answer.NOT_OURS, case.version, note="Never agreed", belongs_to="Housing")
            actions.report(session, cast.actor(session, "lead"), case, told, at=NOON)
            asked = Handover("housing", "The board settled it", case.version, "Head of homes", "form-1")
            officer = cast.actor(session, "officer")
            event = handovers.hand_over(session, officer, case, asked, at=NOON)
            assert handovers.hand_over(session, officer, case, asked, at=NOON) == event
            assert event.detail == {
                "from_organisation": "West Mercia Police", "to_organisation": "Housing association",
            }  # fmt: skip
            assert (case.owner_organisation_id, case.facts["lead_agency"]) == (cast.housing, "housing")
            assert case.facts["update_kind"] == ""
            with pytest.raises(NotVisible):
                access.case_for(session, cast.actor(session, "lead"), case.reference)
            assert access.case_for(session, cast.actor(session, "lead2"), case.reference) == case
            mails = session.exec(select(Outbox).where(Outbox.case_id == case.id)).all()
            assert [(m.to_address, m.kind, m.singly) for m in mails] == [
                ("lead2@example.test", "alert", False)
            ]
            history = session.exec(select(Event).where(Event.case_id == case.id)).all()
            assert [one.name for one in history] == ["", "not_ours", "handed_over"]
            assert list(faults(session)) == []

    def test_a_body_that_shared_the_lead_leads_alone(self, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            case = log_action(session, cast)
            session.add(
                CaseParty(case_id=case.id or 0, part="lead", organisation_id=cast.police, words="Police")
            )
            session.add(CaseParty(case_id=case.id or 0, part="joint_lead", organisation_id=cast.housing))
            session.flush()
            asked = Handover("housing", "Settled", case.version)
            handovers.hand_over(session, cast.actor(session, "officer"), case, asked, at=NOON)
            assert access.subject_of(session, case).organisation_ids == {cast.housing}

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"to": "nobody"}, "Choose who leads it from now on."),
            ({"to": "west-mercia-police"}, "That body leads the action already."),
            ({"reason": " "}, "Say why the lead changes."),
        ],
    )
    def test_what_cannot_be(self, database: Database, cast: Cast, change: dict[str, str], words: str) -> None:
        with database.transaction() as session:
            case = log_action(session, cast)
            asked = replace(Handover("housing", "Settled", case.version), **change)  # type: ignore[arg-type]
            with pytest.raises(BadInput, match=words):
                handovers.hand_over(session, cast.actor(session, "officer"), case, asked, at=NOON)
            with pytest.raises(NotPermitted):
                handovers.hand_over(session, cast.actor(session, "lead"), case, asked, at=NOON)


class TestReplacing:
    def test_the_other_action_is_one_that_stands(self, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            old, new, ended = (log_action(session, cast) for _ in range(3))
            step(session, cast, "officer", ended, "abandon", abandon_reason="No money", evidence="Minute 4")
            dhr = log_dhr(session, cast)
            for named in ("HCSP-ACT-2026-999", old.reference, ended.reference, dhr.reference):
                with pytest.raises(BadInput, match="Reference of the action that takes its place"):
                    step(
                        session, cast, "officer", old, "supersede", superseded_by=named, supersede_reason="r"
                    )
            typed = f" {new.reference.lower()}"
            step(session, cast, "officer", old, "supersede", superseded_by=typed, supersede_reason="Wider")
            assert (old.state, old.facts["superseded_by"]) == ("superseded", new.reference)

    def test_only_the_chair_abandons_or_the_unit_with_the_minute(
        self, database: Database, cast: Cast
    ) -> None:
        with database.transaction() as session:
            case = log_action(session, cast)
            with pytest.raises(NotPermitted):
                step(session, cast, "officer", case, "abandon", abandon_reason="No money")
            with pytest.raises(NotPermitted):
                step(session, cast, "lead", case, "abandon", abandon_reason="No money", evidence="m")
            event = step(session, cast, "officer", case, "abandon", abandon_reason="x", evidence="Minute 4")
            assert (event.detail["on_behalf_of"], event.detail["evidence"]) == ("csp_chair", "Minute 4")
            assert {status for status, _ in clocks(session, case).values()} == {"cancelled"}


@pytest.mark.parametrize("reporter", ["lead", "officer"])
def test_nobody_verifies_an_action_that_their_agency_leads(
    database: Database, cast: Cast, reporter: str
) -> None:
    """Whoever reported it; also where the lead works in the business unit as well."""
    with database.transaction() as session:
        case = log_action(session, cast)
        told = Update(Answer.DONE, case.version, note="Signed")
        actions.report(session, cast.actor(session, reporter), case, told, at=NOON)
        both = Membership(user_id=cast.people["lead"], role=Role.OFFICER, partnership_id=cast.herefordshire)
        session.add(both)
        session.flush()
        for who in {"lead", reporter}:
            asked = Check(accepted=True, note="Saw it", seen_version=case.version)
            with pytest.raises(NotPermitted, match="someone else must verify it"):
                actions.check(session, cast.actor(session, who), case, asked, at=NOON)
        assert case.state == "completed_unverified"
        asked = Check(accepted=True, note="Saw it", seen_version=case.version)
        actions.check(session, cast.actor(session, "manager"), case, asked, at=NOON)
        assert case.state == "verified"


class TestAdding:
    def add(self, session: Session, cast: Cast, parent: Case, who: str = "officer", **more: object) -> Case:
        facts = {"lead_agency": "west-mercia-police", "target_on": TARGET, "recommendation_scope": "local"}
        asked = replace(NewAction("Train the desk", facts), **more)  # type: ignore[arg-type]
        return new_actions.add(session, cast.actor(session, who), parent, asked, at=NOON)

    def test_a_draft_before_any_report_for_its_lead_to_accept(self, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            review = log_dhr(session, cast)
            action = self.add(session, cast, review, request_id="form-1")
            assert self.add(session, cast, review, request_id="form-1") == action
            assert (action.state, action.parent_id, action.sensitivity) == ("draft", review.id, "restricted")
            assert clocks(session, action) == {}
            told = session.exec(select(Outbox).where(Outbox.case_id == action.id)).all()
            assert [mail.to_address for mail in told] == ["lead@example.test"]
            step(session, cast, "lead", action, "accept", agreed_on=MONDAY)
            assert clocks(session, action)["ACTION_TARGET"] == ("running", TARGET)
            with pytest.raises(NotVisible):
                access.case_for(session, cast.actor(session, "lead"), review.reference)

    def test_nobody_else_adds_and_not_everywhere(self, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            review, action = log_dhr(session, cast), log_action(session, cast)
            for who in ("lead", "auditor", "chair", "outsider", "officer2"):
                with pytest.raises(NotPermitted):
                    self.add(session, cast, review, who)
            with pytest.raises(NotPossible):
                self.add(session, cast, action)
