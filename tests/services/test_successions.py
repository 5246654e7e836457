"""An ended agency's open work goes to its successor: all of it, once, with a line for each record; both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_actions import log_action
from tests.services.test_cases import log_dhr
from tracker import access, audit
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotVisible
from tracker.models import (
    Case,
    CaseParty,
    Event,
    Membership,
    Organisation,
    Outbox,
    OutboxState,
    PanelMember,
    Role,
    UpdateLink,
    User,
)
from tracker.queries import choices
from tracker.queries.verification import faults
from tracker.services import actions, families, panel, successions, update_links
from tracker.services.actions import Answer, Update
from tracker.services.families import NewChild
from tracker.services.person_changes import Why
from tracker.services.reminders import tick

SECRET = "a secret for tests, long enough to pass for one"
WHY = Why("The law changed it", NOON)


def ended(session: Session, cast: Cast) -> tuple[Organisation, Organisation]:
    """The police have ended, and another force succeeds them."""
    old = session.get_one(Organisation, cast.police)
    new = Organisation(
        key="new-force", name="New Force", kind="police", contact_email="desk@new.example",
        from_on=MONDAY - timedelta(days=3),
    )  # fmt: skip
    session.add(new)
    session.flush()
    old.to_on, old.successor_id = MONDAY - timedelta(days=4), new.id
    session.add(old)
    session.flush()
    return old, new


def rehome(session: Session, cast: Cast, who: str = "admin", why: Why = WHY) -> object:
    return successions.rehome(session, cast.actor(session, who), "west-mercia-police", why)


def test_all_that_is_open_goes_over_in_one_act_and_the_old_name_stays(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        own, shared, over = (log_action(session, cast) for _ in range(3))
        shared.owner_organisation_id = cast.housing
        session.add(
            CaseParty(case_id=shared.id or 0, part="joint_lead", organisation_id=cast.police, words="WMP")
        )
        told = Update(Answer.DONE, over.version, note="Signed")
        actions.report(session, cast.actor(session, "lead"), over, told, at=NOON)
        asked = actions.Check(accepted=True, note="Seen", seen_version=over.version)
        actions.check(session, cast.actor(session, "officer"), over, asked, at=NOON)
        review = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        seat = panel.Seat("Detective inspector", "member", MONDAY, "west-mercia-police")
        panel.seat(session, officer, review, seat, seen_version=review.version, at=NOON)
        request = families.open_child(
            session, officer, review,
            NewChild(
                "information_request", review.version,
                {"kind": "summary", "agency": "west-mercia-police", "requested_on": MONDAY},
            ),
            at=NOON,
        )  # fmt: skip
        update_links.carry(session, SECRET, "mailbox@police.example", NOON)
        update_links.carry(session, SECRET, "lead2@example.test", NOON)
        old, new = ended(session, cast)
        found = successions.find(session, cast.actor(session, "admin"), old.key)
        work = successions.open_work(session, old, found.ids())
        assert (work.actions, work.requests, work.shared, work.seats, work.people) == (1, 1, 1, 1, 1)
        before = {case.id: case.head_seq for case in (own, shared, over, review, request)}
        change = rehome(session, cast, why=Why("The law changed it", NOON, request_id="one"))
        assert rehome(session, cast, why=Why("The law changed it", NOON, request_id="one")) is change
        assert change.said == (
            "1 action, 1 request for information, 1 shared lead, 1 place on a panel went from "
            "West Mercia Police to New Force."
        )
    with database.reading() as session:
        assert list(faults(session)) == []
        cases = {case.id: case for case in session.exec(select(Case)).all()}
        grown = {number: cases[number].head_seq - seq for number, seq in before.items()}
        assert grown == {own.id: 1, shared.id: 1, over.id: 0, review.id: 1, request.id: 1}
        owners = [cases[each.id].owner_organisation_id for each in (own, shared, over, request)]
        assert owners == [new.id, cast.housing, cast.police, new.id]
        assert (cases[own.id].facts["lead_agency"], cases[over.id].facts["lead_agency"]) == (
            "new-force", "west-mercia-police",
        )  # fmt: skip
        assert cases[request.id].facts["agency"] == "west-mercia-police"  # whom it was asked of stays
        seats = [(one.organisation_id, one.to_on) for one in session.exec(select(PanelMember)).all()]
        assert seats == [(cast.police, MONDAY), (new.id, None)]
        parties = session.exec(select(CaseParty).where(CaseParty.case_id == shared.id)).all()
        assert [(one.organisation_id, one.words, one.to_on) for one in parties] == [
            (cast.police, "WMP", MONDAY), (new.id, "", None),
        ]  # fmt: skip
        links = {link.address: link.ended_why for link in session.exec(select(UpdateLink)).all()}
        assert links == {
            "mailbox@police.example": "The agency has ended, and its work is with New Force.",
            "lead2@example.test": "",
        }
        names = choices.bodies(session, {"west-mercia-police", "new-force"})
        assert names == {"west-mercia-police": "West Mercia Police (now New Force)", "new-force": "New Force"}
        last = session.exec(select(Event).where(Event.case_id == own.id).order_by(Event.seq.desc())).first()
        assert last is not None
        assert (last.kind, last.name, last.detail["from_organisation"]) == (
            audit.Happened.OWNER_CHANGED, "rehomed", "West Mercia Police",
        )  # fmt: skip


def test_the_new_lead_is_told_once_and_nobody_of_anything_twice(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_action(session, cast)
        target = access.deadline_for(session, case, "ACTION_TARGET")
        target.due_on = target.first_due_on = MONDAY - timedelta(days=14)
        target.next_notice_at = NOON - timedelta(days=40)
        session.add(target)
    tick(database, NOON - timedelta(days=7))
    with database.transaction() as session:
        for row in session.exec(select(Outbox).where(Outbox.state == OutboxState.QUEUED)).all():
            if row.who != "manager":
                row.state, row.sent_at = OutboxState.SENT, NOON - timedelta(days=7)
        ended(session, cast)
        rehome(session, cast)
    tick(database, NOON)
    tick(database, NOON + timedelta(days=1))
    with database.reading() as session:
        rows = session.exec(
            select(Outbox).where(Outbox.state == OutboxState.QUEUED).order_by(Outbox.id)
        ).all()
        told = [(row.rung, row.to_address, row.generation, row.singly) for row in rows]
        assert ("rehomed", "desk@new.example", 2, False) in told
        assert [one for one in told if one[1] == "lead@example.test"] == []
        assert {generation for _, _, generation, _ in told} == {2}
        sent = {
            (row.rung, row.to_address)
            for row in session.exec(select(Outbox).where(Outbox.state == OutboxState.SENT)).all()
        }
        assert not sent & {(rung, to) for rung, to, _, _ in told}, "told before, and again"
        assert [to for rung, to, _, _ in told if to == "manager@example.test" and rung == "after-1"] == [
            "manager@example.test"
        ], "it waits on"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"to_on": None}, "West Mercia Police has not ended"),
        ({"successor_id": None}, "No agency succeeds"),
        ({}, "Nothing is open with it"),
    ],
)
def test_what_cannot_go_over(database: Database, cast: Cast, change: dict[str, None], said: str) -> None:
    with database.transaction() as session:
        old, _ = ended(session, cast)
        for name, value in change.items():
            setattr(old, name, value)
        session.flush()
        with pytest.raises(BadInput, match=said):
            rehome(session, cast)
        with pytest.raises(NotVisible):
            rehome(session, cast, "manager")
        with pytest.raises(BadInput, match="Say why" if not change else said):
            rehome(session, cast, why=Why(" ", NOON))


def test_work_of_other_partnerships_stays_and_a_chain_is_followed_to_its_end(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        ours, theirs = log_action(session, cast), log_action(session, cast)
        theirs.partnership_id = cast.worcestershire
        old, new = ended(session, cast)
        last = Organisation(key="third", name="Third Force", kind="police", from_on=MONDAY)
        session.add(last)
        session.flush()
        new.to_on, new.successor_id = MONDAY - timedelta(days=1), last.id
        session.add(new)
        rehome(session, cast)
        session.refresh(ours)
        assert (ours.owner_organisation_id, theirs.owner_organisation_id) == (last.id, old.id)


def test_an_update_saved_at_the_same_moment_is_kept_or_refused_never_lost(
    database: Database, cast: Cast
) -> None:
    """Ten actions, ten leads who answer and one administrator, all at once: whoever is later sees what was first."""
    with database.transaction() as session:
        references = [log_action(session, cast).reference for _ in range(10)]
        seen = {
            ref: access.case_for(session, cast.actor(session, "officer"), ref).version for ref in references
        }
        ended(session, cast)
    ready = Barrier(11)

    def answer(reference: str) -> str:
        ready.wait()
        try:
            with database.transaction() as session:
                lead = cast.actor(session, "lead")
                case = access.case_for(session, lead, reference, lock=True)
                told = Update(Answer.PROGRESS, seen[reference], note="Half of it", request_id=reference)
                actions.report(session, lead, case, told, at=NOON)
        except (ChangedMeanwhile, NotVisible, NotPermitted) as refused:
            return type(refused).__name__
        return "saved"

    def move() -> str:
        ready.wait()
        with database.transaction() as session:
            rehome(session, cast)
        return "moved"

    with ThreadPoolExecutor(11) as pool:
        moving = pool.submit(move)
        answers = dict(zip(references, pool.map(answer, references), strict=True))
        assert moving.result() == "moved"
    with database.reading() as session:
        assert list(faults(session)) == []
        new = session.exec(select(Organisation.id).where(Organisation.key == "new-force")).one()
        for case in session.exec(select(Case)).all():
            assert case.owner_organisation_id == new
            events = session.exec(select(Event).where(Event.case_id == case.id).order_by(Event.seq)).all()
            names = [event.name for event in events if event.name in {"start", "rehomed"}]
            assert names == (["start", "rehomed"] if answers[case.reference] == "saved" else ["rehomed"])


def test_people_who_answer_for_another_agency_too_keep_their_link(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        log_action(session, cast)
        session.add(Membership(user_id=cast.people["lead"], role=Role.LEAD, organisation_id=cast.housing))
        email = session.get_one(User, cast.people["lead"]).email
        update_links.carry(session, SECRET, email, NOON)
        ended(session, cast)
        rehome(session, cast)
        link = session.exec(select(UpdateLink)).one()
        assert (link.address, link.ended_at) == (email, None)
        assert date(2026, 11, 23) == MONDAY
