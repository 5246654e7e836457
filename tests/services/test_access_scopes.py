"""How far an agency's lead sees: actions that their body leads now, never the case above, nothing that it led once."""

from datetime import date

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, PEOPLE, Cast
from tests.services.test_cases import RECEIVED, ask, log_dhr
from tracker import access, policy
from tracker.db import Database
from tracker.errors import NotVisible
from tracker.models import Case, CaseGrant, CaseParty, Deadline, Sensitivity, User
from tracker.policy import Actor, Permission
from tracker.services import cases, grants
from tracker.services.asked import NewCase
from workflows.released import workflow_of

UNIT = {"officer", "officer2", "manager", "chair", "decision-maker", "auditor"}
SEEN_BY = {
    "a case review about the police's work": UNIT,
    "a case review in which the police take part": UNIT,
    "a review in which the police take part": {"officer"},
    "a review of whose panel a lead is a member by mistake": {"officer"},
    "an action that housing leads and the police once shared": UNIT | {"lead2"},
    "an action that the police share from today": UNIT | {"lead2", "lead"},
    "a restricted action of the police": {"officer", "lead"},
}


@pytest.fixture
def records(database: Database, cast: Cast) -> dict[str, str]:
    with database.transaction() as session:
        officer = cast.actor(session, "officer")

        def log(process: str, **more: object) -> Case:
            asked = NewCase(
                process=process, partnership_id=cast.herefordshire, opened_on=RECEIVED, imported=True, **more
            )
            return cases.log_case(session, officer, asked, at=NOON)

        def party(case: Case, part: str, body: int, to_on: date | None = None) -> Case:
            session.add(CaseParty(case_id=case.id, part=part, organisation_id=body, to_on=to_on))
            return case

        mistaken = log_dhr(session, cast)
        # As a row: the service names nobody whose role would not open the case.
        session.add(CaseGrant(case_id=mistaken.id, user_id=cast.people["lead"], why="Named", granted_at=NOON))
        made = (
            log("asb_case_review", owner_organisation_id=cast.police),
            party(log("asb_case_review"), "body", cast.police),
            party(log_dhr(session, cast), "agency", cast.police),
            mistaken,
            party(log("action_item", owner_organisation_id=cast.housing), "joint_lead", cast.police, MONDAY),
            party(log("action_item", owner_organisation_id=cast.housing), "joint_lead", cast.police),
            log("action_item", owner_organisation_id=cast.police, sensitivity=Sensitivity.RESTRICTED),
        )
        session.flush()
        return {name: case.reference for name, case in zip(SEEN_BY, made, strict=True)}


def opens(session: Session, actor: Actor, reference: str) -> bool:
    try:
        access.case_for(session, actor, reference)
    except NotVisible:
        return False
    return True


def test_the_loader_and_the_lists_draw_the_same_line_for_leads(
    database: Database, cast: Cast, records: dict[str, str]
) -> None:
    with database.reading() as session:
        for who, _, _ in PEOPLE:
            actor = cast.actor(session, who)
            expected = {name for name, people in SEEN_BY.items() if who in people}
            assert {name for name, ref in records.items() if opens(session, actor, ref)} == expected, who
            listed = set(session.exec(select(Case.reference).where(access.visible(actor))).all())
            assert {name for name, ref in records.items() if ref in listed} == expected, who


def test_whoever_may_not_read_a_case_may_do_nothing_else_with_it(
    database: Database, cast: Cast, records: dict[str, str]
) -> None:
    """No permission about a record reaches further than reading it."""
    about = (
        Permission.CASE_RECORD, Permission.CASE_GRANT, Permission.DEADLINE_CHANGE, Permission.ACTION_UPDATE,
        Permission.ACTION_VERIFY,
    )  # fmt: skip
    with database.reading() as session:
        for who, _, _ in PEOPLE:
            actor = cast.actor(session, who)
            for name, reference in records.items():
                case = session.exec(select(Case).where(Case.reference == reference)).one()
                subject = access.subject_of(session, case)
                if not policy.allows(actor, Permission.CASE_READ, subject):
                    assert not [p for p in about if policy.allows(actor, p, subject)], (who, name)


def test_a_hard_point_stays_hard_for_whoever_may_skip_soft_ones(database: Database, cast: Cast) -> None:
    from workflows.engine import MoveRefused

    with database.transaction() as session:
        case = log_dhr(session, cast)
        manager = session.get_one(User, cast.people["manager"])
        grants.grant(session, cast.actor(session, "officer"), case, manager, "Approves it", at=NOON)
        asked = ask(
            case, overridden=frozenset({"death_month", "deceased_pseudonym"}), override_reason="Urgent"
        )
        with pytest.raises(MoveRefused):
            cases.move(session, cast.actor(session, "manager"), case, "begin_scoping", asked, at=NOON)
        assert case.state == "notified"
        assert session.exec(select(Deadline.key).where(Deadline.case_id == case.id)).all() == ["DECISION"]


OF_THE_AGENCY = frozenset(
    {"requested", "in_progress", "draft_received", "awaiting_agency_sign_off", "refused", "waived"}
)
"""States at which what an agency writes is not before the panel."""
PANELS_READ = frozenset({"action_item", "recommendation", "parallel_process", "information_request"})


def test_a_panel_member_reads_no_return_before_it_is_sent_in(database: Database, cast: Cast) -> None:
    """docs/security.md, threat 3. Loader and lists agree at every state of everything that belongs to a review."""
    with database.transaction() as session:
        review = log_dhr(session, cast)
        for who in ("panel", "outsider", "chair"):
            session.add(
                CaseGrant(case_id=review.id or 0, user_id=cast.people[who], why="Panel", granted_at=NOON)
            )
        session.flush()
        for process in sorted({"action_item", *workflow_of(review.process, review.workflow_version).family}):
            below = Case(
                reference=f"HCSP-{process.upper()}", process=process, workflow_version=1, state="x", parent_id=review.id,
                state_since_on=MONDAY, opened_on=MONDAY, partnership_id=cast.herefordshire, sensitivity=Sensitivity.RESTRICTED,
            )  # fmt: skip
            session.add(below)
            for state in workflow_of(process, 1).state_by_name:
                below.state = state
                session.flush()
                shown = process in PANELS_READ and not (
                    process == "information_request" and state in OF_THE_AGENCY
                )
                for who, reads in {
                    "panel": shown,
                    "outsider": shown,
                    "chair": True,
                    "officer2": False,
                }.items():
                    actor = cast.actor(session, who)
                    listed = session.exec(
                        select(Case.id).where(Case.id == below.id, access.visible(actor))
                    ).all()
                    assert (opens(session, actor, below.reference), bool(listed)) == (reads, reads), (
                        process,
                        state,
                        who,
                    )


def test_leave_for_the_very_record_opens_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        review = log_dhr(session, cast)
        below = Case(
            reference="HCSP-FC-2026-001", process="family_contact", workflow_version=1, state="engaged", parent_id=review.id,
            state_since_on=MONDAY, opened_on=MONDAY, partnership_id=cast.herefordshire, sensitivity=Sensitivity.RESTRICTED,
        )  # fmt: skip
        session.add(below)
        session.flush()
        panel = session.get_one(User, cast.people["panel"])
        grants.grant(session, cast.actor(session, "officer"), below, panel, "Speaks for them", at=NOON)
        actor = cast.actor(session, "panel")
        assert opens(session, actor, below.reference)
        assert session.exec(select(Case.reference).where(access.visible(actor))).all() == [below.reference]
