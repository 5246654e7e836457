"""The test cases of docs/domestic-homicide-review.md section 10, and its worked paths: eleven good, four forbidden."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from tests import dhr
from tests.cast import MONDAY, NOON, Cast
from tracker import access, policy
from tracker.db import Database
from tracker.errors import NotVisible
from tracker.models import Case, Deadline, Event, PanelPart, ReviewSubject
from tracker.policy import Permission
from tracker.queries import case_list, review_page
from tracker.queries.case_list import CaseFilters, Ended
from tracker.queries.due_dates import horizon_for
from tracker.queries.verification import faults
from tracker.services import acts, amendments, cases, dates, panel, review_people, tasks
from tracker.services.amendments import Point
from tracker.services.asked import MoveRequest
from tracker.services.date_requests import Extension
from tracker.services.panel import Seat
from tracker.services.positions import position_of, workflow_for
from tracker.services.review_people import Person
from tracker.services.tasks import Settled
from workflows.engine import MoveRefused, unmet_by


def place_hold(session: Session, cast: Cast, case: Case, kind: str = "publication_only") -> Case:
    facts = {
        "kind": kind, "reason": "inquest", "placed_on": MONDAY, "hold_placed_on": MONDAY, "requested_by": "Coroner",
        "review_on": date(2027, 2, 1), "still_permitted_work": "Everything but publication",
    }  # fmt: skip
    known = workflow_fact_names("hold")
    given = {name: value for name, value in facts.items() if name in known}
    return acts.open_child(
        session, dhr.actor(session, cast, case, "officer"), case, "hold", given, MONDAY, at=NOON
    )


def workflow_fact_names(process: str) -> set[str]:
    from workflows.released import current

    return set(current(process, MONDAY).fact_by_name)


def missing(session: Session, case: Case, step: str, **facts: object) -> set[str]:
    workflow = workflow_for(case)
    move = workflow.move(step, case.state)
    assert move is not None
    return {
        each.name for each in unmet_by(workflow, move, position_of(session, workflow, case, facts, MONDAY))
    }


# Section 10, line by line.


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 3, 29)),
    ],
)
def test_31_january_notification_decision_due_28_or_29_february(
    database: Database, cast: Cast, received: date, due: date
) -> None:
    with database.transaction() as session:
        case = dhr.log_review(session, cast, received_on=received)
        assert dhr.clocks(session, case)["DECISION"] == ("running", due)


def test_no_review_home_office_silent_closed_with_reason_then_inquest_evidence_reopens(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "no_review_with_ho")
        assert missing(session, case, "ho_accepts_no_review") >= {"ho_response_on|ho_no_response_reason"}
        reply = dhr.clocks(session, case)["HO_NO_REVIEW_REPLY"]
        assert reply[0] == "running"
        ladder = workflow_for(case).clock_by_key["HO_NO_REVIEW_REPLY"].ladder
        assert sum(rung.offset > 0 for rung in ladder) >= 2, "two chasers at least"
        dhr.take(
            session, cast, case, "ho_accepts_no_review", ho_notified_on=MONDAY, family_notified_on=MONDAY,
            ho_no_response_reason="No answer to two reminders",
        )  # fmt: skip
        assert case.state == "closed_no_review"
        assert dhr.clocks(session, case)["RETENTION"][0] == "running"
        dhr.take(
            session, cast, case, "reopen_decision", reopen_reason="Inquest: coercive control",
            new_information_on=date(2026, 11, 20),
        )  # fmt: skip
        clocks = dhr.clocks(session, case)
        assert case.state == "scoping"
        assert clocks["DECISION"] == ("running", date(2026, 12, 20))
        assert clocks["RETENTION"][0] == "cancelled"


def test_direction_after_closed_no_review_cancels_retention_and_six_months_run_from_it(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "closed_no_review")
        dhr.take(session, cast, case, "direct_review", direction_on=date(2026, 11, 18))
        clocks = dhr.clocks(session, case)
        assert clocks["RETENTION"][0] == "cancelled"
        assert clocks["REPORT_6M"] == ("running", date(2027, 5, 18))
        assert case.facts["legal_basis"] == "direction"


def test_extension_agreed_20_days_after_due_is_late_and_the_breach_is_still_reported(
    database: Database, cast: Cast
) -> None:
    at = datetime(2027, 6, 12, 12, tzinfo=UTC)
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "commissioning")
        asked = Extension(
            3, date(2027, 6, 12), "Criminal trial", evidence="Minute 4", told="Home Office, 12 June 2027"
        )
        deadline = access.deadline_for(session, case, "REPORT_6M")
        assert deadline.due_on == date(2027, 5, 23)
        officer = dhr.actor(session, cast, case, "officer")
        dates.change_date(session, officer, case, deadline, asked, seen_version=case.version, at=at)
        assert (deadline.first_due_on, deadline.due_on) == (date(2027, 5, 23), date(2027, 8, 23))
        event = session.exec(
            select(Event).where(Event.case_id == case.id, Event.kind == "deadline_changed")
        ).one()
        assert event.detail["late"] is True
        assert event.detail["told"] == "Home Office, 12 June 2027"


def test_publication_block_whatever_the_role_and_lifting_one_of_two_is_not_enough(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "cleared")
        first, second = place_hold(session, cast, case), place_hold(session, cast, case, "full")
        for hold in (None, first):
            if hold is not None:
                dhr.take(session, cast, hold, "lift")
            for who in ("chair", "manager", "officer"):
                with pytest.raises(MoveRefused) as refused:
                    dhr.take(session, cast, case, "publish", who=who)
                assert {"hold", "no_active_publication_block"} <= {each.name for each in refused.value.unmet}
                said = next(u for u in refused.value.unmet if u.name == "hold")
                assert said.hard
                assert "since Monday 23 November 2026 for: Inquest" in said.words
        dhr.take(session, cast, second, "lift")
        dhr.take(session, cast, case, "publish")
        assert case.state == "implementing"


def test_resubmission_loop_counts_up_and_keeps_a_letter_per_submission(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "amending")
        officer = dhr.actor(session, cast, case, "officer")
        amendments.save(session, officer, case, None, Point("Equality"), seen_version=case.version, at=NOON)
        assert "all_amendments_resolved" in missing(session, case, "resubmit", all_amendments_resolved=True)
        done = Point("Equality", "Author", "Section 15 is new", MONDAY)
        amendments.save(session, officer, case, 1, done, seen_version=case.version, at=NOON)
        assert "all_amendments_resolved" not in missing(session, case, "resubmit")
        dhr.take(session, cast, case, "resubmit", submission_reference="Second")
        assert case.facts["submission_no"] == 2
        dhr.take(session, cast, case, "ho_clears_with_amendments", feedback_letter_doc="Letter two")
        found = review_page.submissions(session, case)
        assert [(each.number, each.letter, each.outcome) for each in found] == [
            (2, "Letter two", "To be published after amendments"), (1, "words", "Resubmission wanted"),
        ]  # fmt: skip
        assert found[0].pack == found[1].pack != ""


def test_two_victims_and_no_perpetrator_are_both_a_review(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "consultation", death_basis="suicide", relationship_type="nobody")
        officer = dhr.actor(session, cast, case, "officer")
        for pseudonym in ("Rowan", ""):
            person = Person("deceased", pseudonym, characteristics={"disability": (True, True, "Section 15")})
            review_people.save(session, officer, case, None, person, seen_version=case.version, at=NOON)
        assert "pseudonyms_set_for_all_people" in missing(
            session, case, "submit_to_csp", pseudonyms_set_for_all_people=True
        )
        review_people.save(
            session, officer, case, 2, Person("deceased", "Hazel"), seen_version=case.version, at=NOON
        )
        dhr.take(session, cast, case, "submit_to_csp")
        people = session.exec(select(ReviewSubject).order_by(ReviewSubject.number)).all()
        assert [(each.role, each.is_deceased) for each in people] == [("deceased", True)] * 2
        assert "name" not in ReviewSubject.model_fields


def test_an_agency_sees_only_its_own_a_panel_member_one_case_an_administrator_none(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case, other = dhr.review_at(session, cast, "gathering"), dhr.log_review(session, cast)
        requests = session.exec(select(Case).where(Case.parent_id == case.id)).all()
        lead = cast.actor(session, "lead")
        seen = {each.owner_organisation_id for each in requests if _reads(session, lead, each)}
        assert seen == {cast.police}
        assert not _reads(session, lead, case)
        named = dhr.actor(session, cast, case, "panel")
        assert _reads(session, named, case)
        assert not _reads(session, named, other)
        admin = cast.actor(session, "admin")
        assert not any(_reads(session, admin, each) for each in (case, other, *requests))
        with pytest.raises(NotVisible):
            access.case_for(session, admin, case.reference)


def _reads(session: Session, actor: policy.Actor, case: Case) -> bool:
    return policy.allows(actor, Permission.CASE_READ, access.subject_of(session, case))


def _counted(session: Session, cast: Cast, case: Case) -> dict[Ended, int]:
    """How many domestic homicide reviews the list counts, open and closed."""
    reader = dhr.actor(session, cast, case, "officer")
    return {
        ended: case_list.cases(
            session, reader, CaseFilters(type="dhr", ended=ended), horizon_for(session, reader, MONDAY)
        ).total
        for ended in Ended
    }


def test_a_withheld_review_can_close_and_be_published_later(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "cleared")
        dhr.take(session, cast, case, "withhold_publication", withhold_decided_on=MONDAY)
        assert dhr.clocks(session, case)["WITHHOLD_REVIEW"] == ("running", date(2027, 5, 1))
        assert _counted(session, cast, case) == {Ended.OPEN: 1, Ended.CLOSED: 0, Ended.ALL: 1}
        dhr.take(session, cast, case, "close")
        assert (case.state, dhr.clocks(session, case)["WITHHOLD_REVIEW"][0]) == ("closed", "cancelled")
        assert _counted(session, cast, case) == {Ended.OPEN: 0, Ended.CLOSED: 1, Ended.ALL: 1}
        dhr.take(session, cast, case, "reopen")
        assert dhr.clocks(session, case)["WITHHOLD_REVIEW"] == ("running", date(2027, 5, 1))
        assert _counted(session, cast, case) == {Ended.OPEN: 1, Ended.CLOSED: 0, Ended.ALL: 1}
        dhr.take(session, cast, case, "publish_later")
        assert case.facts["publication_status"] == "published"
        assert dhr.clocks(session, case)["WITHHOLD_REVIEW"][0] == "met"
        dhr.take(session, cast, case, "close")
        dhr.take(session, cast, case, "reopen")
        assert dhr.clocks(session, case)["WITHHOLD_REVIEW"][0] == "met"
        dhr.take(session, cast, case, "close")
    with database.reading() as session:
        assert list(faults(session)) == []


def test_the_review_of_a_withheld_publication_comes_on_the_day_that_was_set_and_then_after_six_months(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "cleared")
        dhr.take(session, cast, case, "withhold_publication", withhold_decided_on=date(2026, 11, 20))
        dhr.record(session, cast, case, withhold_reviewed_on=MONDAY)
        rows = session.exec(
            select(Deadline).where(Deadline.key == "WITHHOLD_REVIEW").order_by(Deadline.id)
        ).all()
        assert [(row.status, row.due_on) for row in rows] == [
            ("met", date(2027, 5, 1)), ("running", date(2027, 5, 23)),
        ]  # fmt: skip


# The worked paths: eleven ends and loops that are good.

GOOD = {
    "straight_through_to_closure": ("closed", ()),
    "no_review_accepted": ("closed_no_review", ()),
    "no_review_then_directed": ("no_review_with_ho", ("direct_review",)),
    "no_review_reconsidered": ("no_review_with_ho", ("reconsider_to_review", "convene_panel")),
    "decision_reopened": ("closed_no_review", ("reopen_decision", "submit_for_decision", "decide_to_review")),
    "transferred": ("transferred_out", ()),
    "void": ("void", ()),
    "stood_down_and_reinstated": (
        "setting_terms", ("stand_down", "reinstate", "convene_panel", "agree_terms"),
    ),
    "resubmission_loop": ("amending", ("resubmit", "ho_requires_resubmission", "resubmit", "ho_clears", "publish")),
    "withheld_then_published_later": ("cleared", ("withhold_publication", "publish_later", "close")),
    "reopened_after_closure": ("closed", ("reopen", "close")),
}  # fmt: skip


@pytest.mark.parametrize("path", GOOD)
def test_good_path(database: Database, cast: Cast, path: str) -> None:
    first, rest = GOOD[path]
    with database.transaction() as session:
        case = dhr.review_at(session, cast, first)
        for step in rest:
            dhr.take(session, cast, case, step)
        if workflow_for(case).state_by_name[case.state].final:
            running = {key for key, (status, _) in dhr.clocks(session, case).items() if status == "running"}
            assert running <= {"RETENTION"}
    with database.reading() as session:
        assert list(faults(session)) == []


def test_after_reinstatement_the_appointed_chair_stands(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(
            session,
            cast,
            "setting_terms",
            chair_appointed_on=date(2026, 11, 20),
            decision_on=date(2026, 11, 19),
        )
        dhr.take(session, cast, case, "stand_down")
        dhr.take(session, cast, case, "reinstate", decision_on=MONDAY)
        assert not any(name.startswith("order:") for name in missing(session, case, "convene_panel"))
        dhr.take(session, cast, case, "convene_panel")
        assert case.facts["chair_appointed_on"] == "2026-11-20"


def test_a_chair_cannot_be_appointed_before_the_first_decision(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "commissioning")
        assert "order:chair_appointed_on" in missing(
            session, case, "convene_panel", chair_appointed_on=date(2026, 11, 20)
        )


# Forbidden, four times.


def test_forbidden_publish_under_a_hold(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "cleared")
        place_hold(session, cast, case)
        with pytest.raises(MoveRefused):
            dhr.take(session, cast, case, "publish")


def test_forbidden_sign_off_without_the_chairs_decision(database: Database, cast: Cast) -> None:
    from tracker.errors import NotPermitted

    with database.transaction() as session:
        case = dhr.review_at(session, cast, "csp_sign_off")
        asked = MoveRequest(case.version, MONDAY, facts={"signed_off_on": MONDAY, "sign_off_minute_ref": "7"})
        with pytest.raises(NotPermitted, match="CSP chair"):
            cases.move(session, dhr.actor(session, cast, case, "manager"), case, "sign_off", asked, at=NOON)


def test_forbidden_close_with_an_open_action(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "implementing")
        facts = {"action_text": "Write the protocol", "lead_agency": "housing", "target_on": date(2027, 6, 1)}
        officer = dhr.actor(session, cast, case, "officer")
        acts.open_child(session, officer, case, "action_item", facts, MONDAY, owner=cast.housing, at=NOON)
        assert "all_actions_terminal" in missing(session, case, "close", all_actions_terminal=True)
        with pytest.raises(MoveRefused):
            dhr.take(session, cast, case, "close", override=False)


def test_forbidden_resubmit_when_amendments_were_asked_for(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "with_home_office")
        dhr.take(session, cast, case, "ho_clears_with_amendments")
        with pytest.raises(MoveRefused) as refused:
            dhr.take(session, cast, case, "resubmit")
        assert "qa_outcome == resubmit" in {each.name for each in refused.value.unmet}
        dhr.take(session, cast, case, "complete_amendments")
        assert case.state == "cleared"


# Checklists, panel, sign-off.


def test_a_checklist_opens_with_its_state_and_must_be_settled_before_closing(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "implementing")
        rows = tasks.tasks_of(session, case)
        assert {row.state for row in rows} == {
            "notified", "scoping", "awaiting_decision", "commissioning", "setting_terms", "gathering", "drafting",
            "consultation", "csp_sign_off", "signed_off", "with_home_office", "cleared", "implementing",
        }  # fmt: skip
        assert "no_open_mandatory_tasks" in missing(session, case, "close")
        officer = dhr.actor(session, cast, case, "officer")
        must = [row.key for row in rows if row.must]
        tasks.settle(session, officer, case, Settled(case.version, must[1:], MONDAY), at=NOON)
        assert "no_open_mandatory_tasks" in missing(session, case, "close")
        tasks.settle(
            session,
            officer,
            case,
            Settled(case.version, must[:1], not_needed_reason="Came by telephone"),
            at=NOON,
        )
        assert "no_open_mandatory_tasks" not in missing(session, case, "close")


def test_the_panel_decides_whether_it_is_complete(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "commissioning")
        officer = dhr.actor(session, cast, case, "officer")
        acts.open_child(
            session, officer, case, "information_request",
            {"kind": "summary", "requested_on": MONDAY, "agency": "west-mercia-police"}, MONDAY, owner=cast.police, at=NOON,
        )  # fmt: skip
        said = dict.fromkeys(
            ("panel_has_each_involved_statutory_body", "panel_has_specialist_da_member", "no_panel_member_managed_the_case"),
            True,
        )  # fmt: skip
        assert not set(said) & missing(session, case, "convene_panel", **said)
        seats = (
            (Seat("Manager", "member", MONDAY, "housing", managed_the_case=True), set(said)),
            (Seat("Inspector", "member", MONDAY, "west-mercia-police"), {*list(said)[1:]}),
            (Seat("Adviser", str(PanelPart.SPECIALIST_DA), MONDAY), {list(said)[2]}),
        )
        for seat, left in seats:
            panel.seat(session, officer, case, seat, seen_version=case.version, at=NOON)
            assert set(said) & missing(session, case, "convene_panel", **said) == left
        panel.leave(session, officer, case, 1, MONDAY, seen_version=case.version, at=NOON)
        assert not set(said) & missing(session, case, "convene_panel")
        assert "Inspector" in str(case.facts["panel_members"])


def test_sign_off_opens_the_drafted_actions(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = dhr.review_at(session, cast, "csp_sign_off")
        facts = {"action_text": "Write the protocol", "lead_agency": "housing", "target_on": date(2027, 6, 1)}
        officer = dhr.actor(session, cast, case, "officer")
        action = acts.open_child(
            session, officer, case, "action_item", facts, MONDAY, owner=cast.housing, at=NOON
        )
        assert action.state == "draft"
        dhr.take(session, cast, case, "sign_off")
        assert (case.state, action.state) == ("signed_off", "agreed")
