"""What belongs to a case: opened by a step or by a person, chased, seen by whom, and what its end does to the case above."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_cases import RECEIVED, ask, clocks_of, log_dhr
from tracker import access
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible, NotVisible
from tracker.models import Case, Event, LocalPolicy, Sensitivity, User
from tracker.queries.verification import faults
from tracker.services import acts, cases, deadlines, families, grants, lengths
from tracker.services.asked import FactsRequest, NewCase
from tracker.services.calendars import calendar_for
from tracker.services.families import ChaseRequest, NewChild
from tracker.services.positions import position_of, workflow_for
from tracker.services.recording import facts_of
from workflows.definition import HeldBy
from workflows.engine import MoveRefused
from workflows.facts import FactValue

HOLD: dict[str, FactValue] = {
    "kind": "partial", "reason": "criminal_proceedings", "requested_by": "Senior investigating officer",
    "placed_on": MONDAY, "review_on": date(2027, 1, 11), "still_permitted_work": "Chronologies",
}  # fmt: skip
REQUEST: dict[str, FactValue] = {"kind": "imr", "agency": "west-mercia-police", "requested_on": MONDAY}
SECOND_LOOK: dict[str, FactValue] = {
    "about": "application_handling", "grounds": ("threshold_wrong",), "stage": "internal", "made_by": "The applicant",
    "requested_on": MONDAY, "request_words": "The reports were not counted", "late": False,
}  # fmt: skip


def at_state(session: Session, cast: Cast, state: str, process: str = "dhr_2016", **changes: object) -> Case:
    """A case that stands at a state, as one that was taken over would."""
    asked = NewCase(
        process=process, partnership_id=cast.herefordshire, opened_on=RECEIVED, state=state, opening=(), imported=True,
        sensitivity=Sensitivity.RESTRICTED if process == "dhr_2016" else Sensitivity.OPEN,
        owner_user_id=cast.people["officer"],
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, "officer"), replace(asked, **changes), at=NOON)


def add(
    session: Session, cast: Cast, parent: Case, process: str, facts: dict[str, FactValue], **more: str
) -> Case:
    asked = NewChild(process, parent.version, facts, **more)
    return families.open_child(session, cast.actor(session, "officer"), parent, asked, at=NOON)


def child_of(session: Session, parent: Case, process: str) -> list[Case]:
    return list(
        session.exec(
            select(Case).where(Case.parent_id == parent.id, Case.process == process).order_by(Case.id)
        )
    )


def test_agreeing_the_terms_asks_every_agency_for_its_chronology_and_its_review(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = at_state(session, cast, "setting_terms")
        workflow = workflow_for(case)
        step = workflow.move("agree_terms", "setting_terms")
        assert step is not None
        facts: dict[str, FactValue] = {"imr_requests": ("housing", "west-mercia-police")}
        asked = ask(case, facts=facts)
        here = position_of(session, workflow, case, facts, MONDAY)
        acts.take(
            session, cast.actor(session, "officer"), case, step, here, facts, asked,
            to_state="gathering", detail={}, at=NOON,
        )  # fmt: skip
        made = child_of(session, case, "information_request")
        assert [(c.facts["kind"], c.facts["agency"], c.sensitivity) for c in made] == [
            ("chronology", "housing", "restricted"), ("chronology", "west-mercia-police", "restricted"),
            ("imr", "housing", "restricted"), ("imr", "west-mercia-police", "restricted"),
        ]  # fmt: skip
        assert [clocks_of(session, c) for c in made[1:3]] == [
            {"CHRONOLOGY": ("running", date(2026, 12, 21))},
            {"IMR": ("running", date(2027, 1, 21))},
        ]
        assert {c.owner_organisation_id for c in made} == {cast.police, cast.housing}
        assert not {"CHRONOLOGY", "IMR"} & set(clocks_of(session, case))
    with database.reading() as session:
        assert list(faults(session)) == []


def test_a_request_is_opened_by_hand_once_and_for_the_version_that_was_seen(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        first = add(session, cast, case, "information_request", REQUEST, request_id="form-1")
        again = add(session, cast, case, "information_request", REQUEST, request_id="form-1")
        assert (first.id, first.reference) == (again.id, "HCSP-INF-2026-001")
        assert clocks_of(session, first) == {"IMR": ("running", date(2027, 1, 21))}
        with pytest.raises(ChangedMeanwhile):
            families.open_child(
                session, cast.actor(session, "officer"), case,
                NewChild("information_request", case.version + 1, REQUEST), at=NOON,
            )  # fmt: skip
        with pytest.raises(BadInput, match="Agency is needed"):
            add(session, cast, case, "information_request", {"kind": "imr", "requested_on": MONDAY})
        with pytest.raises(BadInput, match="must be on or after 2 November 2026"):
            add(session, cast, case, "information_request", REQUEST | {"requested_on": date(2026, 10, 1)})


@pytest.mark.parametrize("who", ["chair", "auditor", "admin", "outsider", "lead", "panel", "officer2"])
def test_only_the_unit_adds_to_a_case_and_only_who_is_named_to_a_restricted_one(
    database: Database, cast: Cast, who: str
) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        with pytest.raises(NotPermitted):
            families.open_child(
                session, cast.actor(session, who), case,
                NewChild("hold", case.version, HOLD), at=NOON,
            )  # fmt: skip


def test_an_agency_sees_its_own_request_and_nothing_else(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        theirs = add(session, cast, case, "information_request", REQUEST)
        other = add(session, cast, case, "information_request", REQUEST | {"agency": "housing"})
        hold = add(session, cast, case, "hold", HOLD)
        lead = cast.actor(session, "lead")
        assert access.case_for(session, lead, theirs.reference).id == theirs.id
        for unseen in (case, other, hold):
            with pytest.raises(NotVisible):
                access.case_for(session, lead, unseen.reference)
        for who in ("outsider", "officer2", "manager", "admin", "panel", "auditor"):
            for unseen in (theirs, other, hold):
                with pytest.raises(NotVisible):
                    access.case_for(session, cast.actor(session, who), unseen.reference)
        assert access.case_for(session, cast.actor(session, "officer"), hold.reference).id == hold.id


def test_an_agency_takes_its_own_steps_and_no_others(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        theirs = add(session, cast, case, "information_request", REQUEST | {"kind": "summary"})
        lead, lead2 = cast.actor(session, "lead"), cast.actor(session, "lead2")
        with pytest.raises(NotPermitted):
            cases.move(session, lead2, theirs, "acknowledge", ask(theirs), at=NOON)
        cases.move(session, lead, theirs, "acknowledge", ask(theirs), at=NOON)
        facts = {"returned_on": MONDAY, "return_summary": "Two contacts in 2025"}
        cases.move(session, lead, theirs, "submit_return", ask(theirs, facts=facts), at=NOON)
        assert clocks_of(session, theirs) == {"SUMMARY": ("met", date(2026, 12, 7))}
        with pytest.raises(NotPermitted):
            cases.move(session, lead, theirs, "accept", ask(theirs, facts={"accepted_on": MONDAY}), at=NOON)
        with pytest.raises(NotPermitted):
            cases.record_facts(
                session,
                lead,
                theirs,
                FactsRequest(theirs.version, MONDAY, {"return_summary": "Other"}),
                at=NOON,
            )


def test_the_last_summary_ends_the_date_of_the_case_above(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        acts.note(
            session, officer, case, {"summary_requested_on": RECEIVED},
            FactsRequest(case.version, MONDAY, {}), at=NOON,
        )  # fmt: skip
        asked = [
            add(session, cast, case, "information_request", REQUEST | {"kind": "summary", "agency": agency})
            for agency in ("west-mercia-police", "housing")
        ]
        nil = {"returned_on": MONDAY, "nil_statement": "All systems were searched"}
        cases.move(session, officer, asked[0], "return_nil", ask(asked[0], facts=nil), at=NOON)
        assert "all_summaries_returned_on" not in case.facts
        cases.move(session, officer, asked[1], "return_nil", ask(asked[1], facts=nil), at=NOON)
        assert case.facts["all_summaries_returned_on"] == "2026-11-23"
        told = session.exec(select(Event).where(Event.case_id == case.id).order_by(Event.seq)).all()[-1]
        assert (told.actor_id, told.detail["because"]) == (None, asked[1].reference)
        if "SUMMARY_RETURNS" in clocks_of(session, case):
            assert clocks_of(session, case)["SUMMARY_RETURNS"][0] == "met"


def test_chasers_are_counted_and_the_fourth_is_raised_above(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        asked = add(session, cast, case, "information_request", REQUEST)
        for number in (1, 2, 3):
            families.chase(session, officer, asked, ChaseRequest(asked.version, f"chaser-{number}"), at=NOON)
            families.chase(session, officer, asked, ChaseRequest(asked.version, f"chaser-{number}"), at=NOON)
            assert (asked.facts["chasers"], asked.facts["chased_on"]) == (number, "2026-11-23")
        families.chase(session, officer, asked, ChaseRequest(asked.version), at=NOON)
        assert (asked.facts["chasers"], asked.facts["escalated_on"]) == (3, "2026-11-23")
        assert (asked.state, clocks_of(session, asked)["IMR"][0]) == ("requested", "running")
        with pytest.raises(ChangedMeanwhile):
            families.chase(session, officer, asked, ChaseRequest(asked.version - 1), at=NOON)
        with pytest.raises(NotPermitted):
            families.chase(session, cast.actor(session, "lead"), asked, ChaseRequest(asked.version), at=NOON)
        nil = {"returned_on": MONDAY, "nil_statement": "All systems were searched"}
        cases.move(session, officer, asked, "return_nil", ask(asked, facts=nil), at=NOON)
        with pytest.raises(NotPossible):
            families.chase(session, officer, asked, ChaseRequest(asked.version), at=NOON)


def test_several_holds_forbid_together_and_lifting_one_is_not_enough(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        workflow = workflow_for(case)
        partial = add(session, cast, case, "hold", HOLD)
        second = add(session, cast, case, "hold", HOLD | {"kind": "publication_only", "reason": "inquest"})
        assert clocks_of(session, partial) == {"HOLD_REVIEW": ("running", date(2027, 1, 11))}
        assert {"sign_off", "publish"} <= position_of(session, workflow, case, {}, MONDAY).blocks
        officer = cast.actor(session, "officer")
        lifted = {"lifted_on": MONDAY, "lift_reason": "The trial has ended"}
        with pytest.raises(NotPermitted):
            cases.move(session, officer, partial, "lift", ask(partial, facts=lifted), at=NOON)
        user = session.get_one(User, cast.people["manager"])
        grants.grant(session, officer, case, user, "Decides on holds", at=NOON)
        manager = cast.actor(session, "manager")
        cases.move(session, manager, partial, "lift", ask(partial, facts=lifted), at=NOON)
        assert clocks_of(session, partial)["HOLD_REVIEW"][0] == "cancelled"
        blocks = position_of(session, workflow, case, {}, MONDAY).blocks
        assert ("sign_off" in blocks, "publish" in blocks) == (False, True)
        seen = {"reviewed_on": MONDAY, "review_note": "The inquest is not over"}
        cases.move(session, manager, second, "review", ask(second, facts=seen), at=NOON)
        assert second.state == "active"


def test_what_can_be_added_to_a_case_that_has_ended(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        closed = at_state(session, cast, "closed", "asb_case_review")
        assert {w.key for w in families.openable(closed, MONDAY)} == {
            "dissatisfaction", "parallel_process", "recommendation",
        }  # fmt: skip
        with pytest.raises(NotPossible, match="Closed"):
            add(session, cast, closed, "information_request", REQUEST)
        with pytest.raises(NotPossible):
            add(session, cast, closed, "hold", HOLD)


def _letter(session: Session, cast: Cast, case: Case, number: str) -> None:
    request = FactsRequest(case.version, MONDAY, {})
    facts: dict[str, FactValue] = {f"letter_sent_{number}": MONDAY}
    acts.note(session, cast.actor(session, "officer"), case, facts, request, at=NOON)


def test_an_upheld_second_look_sends_a_closed_case_back_to_the_threshold(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        officer, manager = cast.actor(session, "officer"), cast.actor(session, "manager")
        case = at_state(session, cast, "closed", "asb_case_review")
        look = add(session, cast, case, "dissatisfaction", SECOND_LOOK)
        assert clocks_of(session, look) == {
            "C15": ("running", date(2026, 11, 30)), "C16": ("running", date(2026, 12, 21)),
        }  # fmt: skip
        assert case.facts["dissatisfaction_requested_on"] == "2026-11-23"
        assert len(child_of(session, case, "dissatisfaction")) == 1
        with pytest.raises(MoveRefused):
            cases.move(session, officer, look, "acknowledge", ask(look), at=NOON)
        _letter(session, cast, look, "L9")
        cases.move(session, officer, look, "acknowledge", ask(look), at=NOON)
        assert clocks_of(session, look)["C15"][0] == "met"
        own = ask(look, facts={"reviewer_id": "officer@example.test"})  # the lead officer of the case
        with pytest.raises(MoveRefused) as refused:
            cases.move(session, manager, look, "admit", own, at=NOON)
        assert [u.name for u in refused.value.unmet] == ["reviewer_not_involved_before"]
        admit = {"reviewer_role": "Head of another service"}
        cases.move(session, manager, look, "admit", ask(look, facts=admit), at=NOON)
        decided = {
            "result": "upheld_redecide_threshold", "reasons": "Two reports were left out", "decided_on": MONDAY,
        }  # fmt: skip
        with pytest.raises(NotPermitted, match="minute or e-mail"):
            cases.move(session, officer, look, "decide", ask(look, facts=decided), at=NOON)
        request = ask(look, facts=decided, evidence="E-mail of the reviewer")
        cases.move(session, officer, look, "decide", request, at=NOON)
        assert (look.state, case.state, case.closed_on) == ("decided", "threshold_check", None)
        assert case.facts["redecision_ground"] == "dissatisfaction_upheld"
        assert case.facts["redecision_reason"] == "Two reports were left out"
        _letter(session, cast, look, "L11")
        cases.move(session, officer, look, "notify", ask(look), at=NOON)
        assert {key: state for key, (state, _) in clocks_of(session, look).items()} == {
            "C15": "met",
            "C16": "met",
        }
    with database.reading() as session:
        assert list(faults(session)) == []


def test_a_result_that_the_case_cannot_follow_changes_nothing(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = at_state(session, cast, "not_met_notified", "asb_case_review")
        look = add(session, cast, case, "dissatisfaction", SECOND_LOOK)
        look.state = "under_review"
        session.flush()
        facts = {
            "reviewer_role": "Head of another service", "result": "upheld_rerun_review",
            "reasons": "No review was held", "decided_on": MONDAY,
        }  # fmt: skip
        request = ask(look, facts=facts, evidence="E-mail of the reviewer")
        with pytest.raises(NotPossible, match="cannot go where this outcome sends it"):
            cases.move(session, cast.actor(session, "officer"), look, "decide", request, at=NOON)
        session.rollback()


def test_national_and_local_recommendations_have_their_own_times(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        for kind, running in (
            ("national", {"NATIONAL_REC_REPLY": ("running", date(2027, 1, 18))}),
            ("local", {"C11": ("running", date(2026, 12, 21))}),
        ):
            facts: dict[str, FactValue] = {
                "kind": kind, "recommendation_text": "Review the guidance", "addressed_to": "The department",
                "public_functions": True,
            }  # fmt: skip
            made = add(session, cast, case, "recommendation", facts)
            assert (made.title, clocks_of(session, made)) == ("Review the guidance", {})
            cases.move(session, officer, made, "send", ask(made, facts={"sent_on": MONDAY}), at=NOON)
            assert clocks_of(session, made) == running
            reply = {"replied_on": MONDAY, "reply_text": "No"}
            with pytest.raises(MoveRefused):
                cases.move(session, officer, made, "reply_reject", ask(made, facts=reply), at=NOON)
            request = ask(made, facts=reply | {"reply_reasons": "It is done elsewhere"})
            cases.move(session, officer, made, "reply_reject", request, at=NOON)
            assert {state for state, _ in clocks_of(session, made).values()} == {"met"}


def test_keeping_in_touch_is_off_once_no_contact_is_wanted(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        kin = add(session, cast, case, "family_contact", {"pseudonym": "Ash", "relation": "Sibling"})
        assert clocks_of(session, kin) == {}
        invited = {"invited_on": MONDAY, "route": "flo"}
        cases.move(session, officer, kin, "invite", ask(kin, facts=invited), at=NOON)
        assert clocks_of(session, kin) == {"FAMILY_CONTACT": ("running", date(2027, 1, 18))}
        cases.move(session, officer, kin, "engage", ask(kin, facts={"last_contact_on": MONDAY}), at=NOON)
        none = {"no_contact_on": MONDAY}
        cases.move(session, officer, kin, "request_no_contact", ask(kin, facts=none), at=NOON)
        assert "running" not in {state for state, _ in clocks_of(session, kin).values()}


def test_how_often_the_family_wants_to_hear_is_the_length_of_the_next_contact(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        said = {"pseudonym": "Ash", "relation": "Sibling", "contact_frequency": "three_months"}
        kin = add(session, cast, case, "family_contact", said)
        invited = {"invited_on": MONDAY, "route": "flo"}
        cases.move(session, officer, kin, "invite", ask(kin, facts=invited), at=NOON)

        def told(**facts: FactValue) -> tuple[str, date | None]:
            request = FactsRequest(kin.version, MONDAY, facts)
            cases.record_facts(session, officer, kin, request, at=NOON)
            return clocks_of(session, kin)["FAMILY_CONTACT"]

        assert clocks_of(session, kin)["FAMILY_CONTACT"] == ("running", date(2027, 2, 23))
        assert told(contact_frequency="four_weeks") == ("running", date(2026, 12, 21))
        assert told(contact_frequency="never")[0] == "cancelled"
        assert told(last_contact_on=MONDAY)[0] == "cancelled"
        assert told(contact_frequency="six_months") == ("running", date(2027, 5, 23))
        none = {"no_contact_on": MONDAY}
        cases.move(session, officer, kin, "request_no_contact", ask(kin, facts=none), at=NOON)
        assert told(contact_frequency="four_weeks")[0] == "cancelled"


def test_without_a_wish_the_family_hears_every_eight_weeks_and_six_months_with_the_home_office(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        kin = add(
            session,
            cast,
            log_dhr(session, cast),
            "family_contact",
            {"pseudonym": "Ash", "relation": "Sibling"},
        )
        clock, facts = workflow_for(kin).clock_by_key["FAMILY_CONTACT"], facts_of(workflow_for(kin), kin)
        found = [
            lengths.length_of(None, clock, facts, held)
            for held in (HeldBy.US, HeldBy.HOME_OFFICE, HeldBy.NOBODY)
        ]
        assert [(one.period.n, str(one.period.unit)) for one in found if one.period] == [
            (8, "weeks"), (6, "months"), (6, "months"),
        ]  # fmt: skip
        policy = LocalPolicy(clocks={"FAMILY_CONTACT": {"n": 10, "unit": "weeks"}})
        own = lengths.length_of(policy, clock, facts, HeldBy.US).period
        assert own is not None
        assert own.n == 10


def test_a_hold_is_looked_at_again_on_its_own_date(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        hold = add(session, cast, case, "hold", HOLD)
        officer, user = cast.actor(session, "officer"), session.get_one(User, cast.people["manager"])
        grants.grant(session, officer, case, user, "Decides on holds", at=NOON)
        manager = cast.actor(session, "manager")
        later = FactsRequest(hold.version, MONDAY, {"review_on": date(2027, 6, 1)})
        with pytest.raises(BadInput, match="changes by agreeing more time"):
            cases.record_facts(session, officer, hold, later, at=NOON)
        seen = {"reviewed_on": MONDAY, "review_note": "The trial has not begun"}
        cases.move(session, manager, hold, "review", ask(hold, facts=seen), at=NOON)
        assert clocks_of(session, hold)["HOLD_REVIEW"] == (
            "running",
            date(2027, 2, 23),
        )  # else in three months
        seen["review_on"] = date(2027, 1, 4)
        cases.move(session, manager, hold, "review", ask(hold, facts=seen), at=NOON)
        assert clocks_of(session, hold)["HOLD_REVIEW"] == ("running", date(2027, 1, 4))
        (running,) = [d for d in deadlines.of_case(session, hold) if d.status == "running"]
        stands = deadlines.standing(running, (), calendar_for(session, hold.partnership_id))
        assert any("as it was recorded" in line.words for line in stands.trace)


@pytest.mark.parametrize(
    ("kind", "start", "done", "key", "due_on"),
    [
        ("inquest", "pfd_report_on", "pfd_replied_on", "PFD_REPLY", date(2027, 1, 18)),
        ("rapid_review", "rapid_review_from_on", "rapid_review_done_on", "RAPID_REVIEW", date(2026, 12, 14)),
        ("sar", "sar_decided_on", "sar_done_on", "SAR", date(2027, 5, 23)),
        ("iopc", "iopc_duty_on", "iopc_referred_on", "IOPC_REFERRAL", date(2026, 11, 24)),
        (
            "dac_report",
            "dac_report_published_on",
            "dac_comments_published_on",
            "DAC_COMMENTS",
            date(2027, 1, 17),
        ),
    ],
)
def test_a_neighbouring_process_has_its_own_date_once_its_day_is_recorded(
    database: Database, cast: Cast, kind: str, start: str, done: str, key: str, due_on: date
) -> None:
    with database.transaction() as session:
        said = {"kind": kind, "identified_on": MONDAY, "led_by": "Another body"}
        other = add(session, cast, log_dhr(session, cast), "parallel_process", said)
        officer = cast.actor(session, "officer")
        assert key not in clocks_of(session, other)
        cases.record_facts(
            session, officer, other, FactsRequest(other.version, MONDAY, {start: MONDAY}), at=NOON
        )
        assert clocks_of(session, other)[key] == ("running", due_on)
        cases.record_facts(
            session, officer, other, FactsRequest(other.version, MONDAY, {done: MONDAY}), at=NOON
        )
        assert clocks_of(session, other)[key] == ("met", due_on)
        foreign = "cspr_decided_on"
        asked = FactsRequest(other.version, MONDAY, {foreign: MONDAY})
        with pytest.raises(BadInput, match="case of another kind"):
            cases.record_facts(session, officer, other, asked, at=NOON)


def test_an_inquest_does_not_end_while_the_reply_to_the_coroner_is_owed(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        said = {"kind": "inquest", "identified_on": MONDAY, "led_by": "The coroner"}
        other = add(session, cast, log_dhr(session, cast), "parallel_process", said)
        officer = cast.actor(session, "officer")
        started = {"started_on": MONDAY, "arrangement": "parallel"}
        cases.move(session, officer, other, "start", ask(other, facts=started), at=NOON)
        report = FactsRequest(other.version, MONDAY, {"pfd_report_on": MONDAY})
        cases.record_facts(session, officer, other, report, at=NOON)
        ended = {"concluded_on": MONDAY, "outcome": "A narrative conclusion"}
        with pytest.raises(MoveRefused) as refused:
            cases.move(session, officer, other, "conclude", ask(other, facts=ended), at=NOON)
        assert [unmet.name for unmet in refused.value.unmet] == ["what_the_law_asks_done"]
        assert clocks_of(session, other)["PFD_REPLY"] == ("running", date(2027, 1, 18))
        replied = FactsRequest(other.version, MONDAY, {"pfd_replied_on": MONDAY})
        cases.record_facts(session, officer, other, replied, at=NOON)
        cases.move(session, officer, other, "conclude", ask(other, facts=ended), at=NOON)
        assert clocks_of(session, other)["PFD_REPLY"] == ("met", date(2027, 1, 18))


def test_a_parallel_process_is_checked_every_28_days_until_it_ends(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        facts: dict[str, FactValue] = {"kind": "inquest", "identified_on": MONDAY, "led_by": "The coroner"}
        other = add(session, cast, case, "parallel_process", facts)
        assert clocks_of(session, other) == {"PARALLEL_CHECK": ("running", date(2026, 12, 21))}
        started = {"started_on": MONDAY, "arrangement": "parallel"}
        cases.move(session, officer, other, "start", ask(other, facts=started), at=NOON)
        ended = {"concluded_on": MONDAY, "outcome": "A narrative conclusion"}
        cases.move(session, officer, other, "conclude", ask(other, facts=ended), at=NOON)
        assert [state for state, _ in clocks_of(session, other).values()] == ["cancelled"]


def test_a_recommendation_is_its_recipients_to_open_once_it_is_sent_and_not_before(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = at_state(session, cast, "implementing")
        facts: dict[str, FactValue] = {
            "kind": "local", "recommendation_text": "Share the records", "recipient": "west-mercia-police",
            "public_functions": True,
        }  # fmt: skip
        made = add(session, cast, case, "recommendation", facts)
        with pytest.raises(NotVisible):
            access.case_for(session, cast.actor(session, "lead"), made.reference)
        cases.move(
            session,
            cast.actor(session, "officer"),
            made,
            "send",
            ask(made, facts={"sent_on": MONDAY}),
            at=NOON,
        )
        assert access.case_for(session, cast.actor(session, "lead"), made.reference).id == made.id
        with pytest.raises(NotVisible):
            access.case_for(session, cast.actor(session, "lead2"), made.reference)


def test_a_hold_is_not_looked_at_again_before_it_is_placed(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        with pytest.raises(BadInput, match="must be on or after 23 November 2026, when this begins"):
            add(session, cast, case, "hold", HOLD | {"review_on": MONDAY - timedelta(days=1)})
        assert child_of(session, case, "hold") == []
