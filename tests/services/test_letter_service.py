"""Letters, asked of the services: drafted, checked, sent, come back; safe ways; nobody else's data; what a sending records."""

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from tests import asb as asb_cases
from tests.cast import MONDAY, NOON, Cast
from tests.routes.filling import log_asb, log_dhr
from tracker import access
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible, NotVisible
from tracker.letters import filling
from tracker.models import Case, Event, Letter, LetterTemplate, LocalPolicy, Partnership
from tracker.policy import SYSTEM
from tracker.queries.verification import faults
from tracker.services import acts, letter_sending, letter_templates, letters
from tracker.services.asked import FactsRequest
from tracker.services.letter_asked import Draft, Sending, SentOutside
from workflows.letter_kinds import KINDS
from workflows.letters import Channel, Form, LetterState, To

MINE = "Applicant Canary-Mine"
FACTS = {
    "application_date": MONDAY, "area": "Herefordshire", "spoc_id": "officer@example.test",
    "applicant_name": MINE, "applicant_is_victim": True,
    "applicant_contact": "canary-phone 0123", "description": "canary-description of a neighbour",
    "channel": "phone",
}  # fmt: skip
PROSE = {
    "reasons": "Your report of 3 November to the police counts.\nYour report of 9 November came too late.",
    "persistence": "Twice in six months.", "harm": "It disturbed your sleep.", "adequacy": "Both were answered.",
    "different": "A third report within six months.", "anyway": "The council goes on visiting.",
}  # fmt: skip


def asb(session: Session, cast: Cast, **facts: object) -> Case:
    return log_asb(session, cast, facts=FACTS | facts)


def noted(session: Session, case: Case, **facts: object) -> None:
    asked = FactsRequest(case.version, MONDAY, {}, late_reason="In the test.")
    acts.note(session, SYSTEM, case, dict(facts), asked, at=NOON)


def asked_for(case: Case, kind: str = "L1", **more: object) -> Draft:
    return replace(Draft(case.version, kind, To.APPLICANT, Channel.EMAIL, MONDAY), **more)


def sending(case: Case, **more: object) -> Sending:
    return replace(Sending(case.version, MONDAY, Channel.EMAIL), **more)


def sent(session: Session, cast: Cast, case: Case, asked: Draft, **more: object) -> Letter:
    officer = cast.actor(session, "officer")
    letter = letters.draft(session, officer, case, asked, at=NOON)
    letters.check(session, officer, case, letter, case.version, at=NOON, read_for_others=True)
    given = sending(case, **({"channel": asked.channel} | more))
    return letter_sending.send(session, officer, case, letter, given, at=NOON)


def text(letter: Letter) -> str:
    assert letter.document is not None
    return filling.text_of(letter.document)


def test_an_acknowledgement_holds_the_dates_of_the_case(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = asb(session, cast)
        letter = letters.draft(session, cast.actor(session, "officer"), case, asked_for(case), at=NOON)
        said = text(letter)
        assert case.reference in said
        assert MINE in said
        assert "by Monday 14 December 2026 whether the threshold" in said  # C5: 15 working days
        assert "within 20 working days" in said
        assert "Officer" in said
        assert "999" in said
        assert (letter.state, letter.number, letter.template) == (LetterState.DRAFTED, 1, "default")
        assert letter.document_digest == filling.digest(letter.document or b"")


def test_sending_records_the_fact_that_the_step_waits_for(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = asb(session, cast)
        reference = case.reference
        letter = sent(session, cast, case, asked_for(case), form=Form.LARGE_PRINT)
        assert case.facts["letter_sent_L1"] == MONDAY.isoformat()
        assert (letter.state, letter.sent_on, letter.accessible_format) == ("sent", MONDAY, "large_print")
    with database.reading() as session:
        case = access.case_for(session, SYSTEM, reference)
        kinds = session.exec(select(Event.kind).where(Event.case_id == case.id).order_by(Event.seq)).all()
        assert kinds[-4:] == ["letter_drafted", "letter_checked", "letter_sent", "facts_recorded"]
        assert list(faults(session)) == []


def test_a_letter_goes_out_only_checked(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = asb(session, cast), cast.actor(session, "officer")
        letter = letters.draft(session, officer, case, asked_for(case), at=NOON)
        with pytest.raises(NotPossible, match="This letter is drafted"):
            letter_sending.send(session, officer, case, letter, sending(case), at=NOON)
        letters.check(session, officer, case, letter, case.version, at=NOON, read_for_others=True)
        with pytest.raises(NotPossible):
            letters.check(session, officer, case, letter, case.version, at=NOON, read_for_others=True)


def test_somebody_else_checks_where_the_partnership_says_so(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        session.add(
            LocalPolicy(
                partnership_id=cast.herefordshire, process="asb_case_review", name="Checked by two",
                area="herefordshire", effective_from=date(2026, 1, 1), letters_checked_by_another=True,
            )
        )  # fmt: skip
        case, officer = asb(session, cast), cast.actor(session, "officer")
        letter = letters.draft(session, officer, case, asked_for(case), at=NOON)
        with pytest.raises(NotPermitted, match="someone else must check it"):
            letters.check(session, officer, case, letter, case.version, at=NOON, read_for_others=True)
        letters.check(
            session,
            cast.actor(session, "officer2"),
            case,
            letter,
            case.version,
            at=NOON,
            read_for_others=True,
        )
        assert letter.checked_by_id == cast.people["officer2"]


def test_a_later_procedure_does_not_change_who_checks_on_a_case_that_took_another(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        asb_cases.settle_area(session, cast)
        case = asb_cases.case_at(session, cast, "received")
        noted(session, case, spoc_id="officer@example.test")
        assert case.policy_id
        session.add(
            LocalPolicy(
                partnership_id=cast.herefordshire, process="asb_case_review", name="Checked by two",
                area="herefordshire", effective_from=date(2026, 1, 1), letters_checked_by_another=True,
            )
        )  # fmt: skip
        session.flush()
        officer = cast.actor(session, "officer")
        letter = letters.draft(session, officer, case, asked_for(case), at=NOON)
        assert (
            letters.check(session, officer, case, letter, case.version, at=NOON, read_for_others=True).state
            == "checked"
        )


@pytest.mark.parametrize("who", ["chair", "decision-maker", "auditor", "admin", "lead", "panel", "outsider"])
def test_only_the_unit_writes_letters(sqlite_database: Database, who: str) -> None:
    from tests.cast import settle

    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        case = asb(session, cast)
        actor = cast.actor(session, who)
        with pytest.raises(NotPermitted):
            letters.draft(session, actor, case, asked_for(case), at=NOON)
        letter = letters.draft(session, cast.actor(session, "officer"), case, asked_for(case), at=NOON)
        with pytest.raises(NotPermitted):
            letters.check(session, actor, case, letter, case.version, at=NOON, read_for_others=True)
        with pytest.raises(NotPermitted):
            letters.cancel(session, actor, case, letter, case.version, at=NOON)


def test_whoever_saw_an_older_case_is_told(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = asb(session, cast)
        with pytest.raises(ChangedMeanwhile):
            letters.draft(
                session, cast.actor(session, "officer"), case, asked_for(case, seen_version=0), at=NOON
            )


def test_a_form_sent_twice_makes_one_letter(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = asb(session, cast), cast.actor(session, "officer")
        asked = asked_for(case, request_id="one")
        first = letters.draft(session, officer, case, asked, at=NOON)
        again = letters.draft(session, officer, case, asked, at=NOON)
        assert first.id == again.id
        letters.check(session, officer, case, first, case.version, at=NOON, read_for_others=True)
        given = sending(case, request_id="two")
        letter_sending.send(session, officer, case, first, given, at=NOON)
        letter_sending.send(session, officer, case, first, given, at=NOON)
        assert len(session.exec(select(Event).where(Event.kind == "letter_sent")).all()) == 1


def decided(session: Session, case: Case) -> None:
    noted(session, case, decided_on=MONDAY, decision_reasons="canary-reasons about a neighbour")


def test_the_time_to_dispute_is_worked_out_for_the_way_it_travels(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = asb(session, cast), cast.actor(session, "officer")
        decided(session, case)
        mailed = letters.draft(session, officer, case, asked_for(case, "L5", prose=PROSE), at=NOON)
        assert "by Monday 21 December 2026" in text(mailed)
        posted = letters.draft(
            session, officer, case, asked_for(case, "L5", prose=PROSE, channel=Channel.POST), at=NOON
        )
        assert "by Wednesday 23 December 2026" in text(posted)


def test_a_letter_sent_on_another_day_or_way_must_be_drafted_again(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = asb(session, cast), cast.actor(session, "officer")
        decided(session, case)
        letter = letters.draft(session, officer, case, asked_for(case, "L5", prose=PROSE), at=NOON)
        letters.check(session, officer, case, letter, case.version, at=NOON, read_for_others=True)
        with pytest.raises(
            BadInput, match=r"The letter gives Monday 21 December 2026; .* 23 December 2026. Draft it again"
        ):
            letter_sending.send(session, officer, case, letter, sending(case, channel=Channel.POST), at=NOON)
        tomorrow = NOON + timedelta(days=1)
        with pytest.raises(BadInput, match="Draft it again"):
            letter_sending.send(
                session, officer, case, letter, sending(case, sent_on=tomorrow.date()), at=tomorrow
            )


def test_whether_the_decision_was_posted_is_recorded_with_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = asb(session, cast)
        decided(session, case)
        sent(session, cast, case, asked_for(case, "L5", prose=PROSE, channel=Channel.POST))
        assert case.facts["letter_sent_L5"] == MONDAY.isoformat()
        assert case.facts["told_by_post"] is True


def test_a_value_that_the_case_does_not_hold_is_named(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = asb(session, cast)
        with pytest.raises(
            BadInput, match="The case does not hold what this letter needs yet: The date of the decision"
        ):
            letters.draft(
                session, cast.actor(session, "officer"), case, asked_for(case, "L5", prose=PROSE), at=NOON
            )


OTHER = {"applicant_is_victim": False, "victim_name": "Victim Canary-Other"}


def canaries(session: Session, cast: Cast) -> Case:
    """A case with the names of everybody else planted wherever the tracker keeps words."""
    case = asb(session, cast, **OTHER)
    decided(session, case)
    noted(
        session, case, finding_harm="canary-finding", finding_persistence="canary-finding2",
        finding_adequacy="canary-finding3", safeguarding_note="canary-safeguarding",
    )  # fmt: skip
    merged = log_asb(
        session, cast, state="merged", opening=(),
        facts=FACTS | {
            "applicant_name": "Coapplicant Canary-Third", "applicant_contact": "canary-mail@example.test",
            "victim_name": "Fourth Canary-Person", "surviving_case": case.reference,
        },
    )  # fmt: skip
    assert merged.state == "merged"
    return case


@pytest.mark.parametrize("code", ["L1", "L5"])
def test_a_letter_carries_nobody_elses_data(database: Database, cast: Cast, code: str) -> None:
    with database.transaction() as session:
        case = canaries(session, cast)
        asked = asked_for(case, code, prose=PROSE if code == "L5" else {})
        letter = letters.draft(session, cast.actor(session, "officer"), case, asked, at=NOON)
        with zipfile.ZipFile(io.BytesIO(letter.document or b"")) as archive:
            whole = b"\n".join(archive.read(name) for name in archive.namelist()).lower()
        assert whole.count(b"canary") == whole.count(MINE.lower().encode()), "only the recipient's own name"
        assert MINE.lower().encode() in whole
        assert "canary" not in str({k: v for k, v in letter.values.items() if k != "recipient"}).lower()


@pytest.mark.parametrize(
    "name",
    [
        "victim  CANARY-other",
        "Coapplicant Canary\u2011Third",
        "Fourth Canary-Person",
        "canary-mail@example.test",
    ],
)
def test_a_name_that_is_typed_into_somebody_elses_letter_is_refused(
    database: Database, cast: Cast, name: str
) -> None:
    with database.transaction() as session:
        case = canaries(session, cast)
        prose = PROSE | {"reasons": f"{name} reported it too."}
        with pytest.raises(BadInput, match="The letter names somebody else"):
            letters.draft(
                session, cast.actor(session, "officer"), case, asked_for(case, "L5", prose=prose), at=NOON
            )


def test_the_victims_letter_has_the_victims_name_and_not_the_applicants(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = canaries(session, cast)
        letter = letters.draft(
            session, cast.actor(session, "officer"), case, asked_for(case, to=To.VICTIM), at=NOON
        )
        assert "Victim Canary-Other" in text(letter)
        assert MINE not in text(letter)


def test_a_letter_to_the_family_goes_through_their_officer(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = log_dhr(session, cast), cast.actor(session, "officer")
        asked = replace(asked_for(case, "D4"), to=To.FAMILY, channel=Channel.POST)
        with pytest.raises(BadInput, match="family liaison officer or advocate"):
            letters.draft(session, officer, case, asked, at=NOON)
        letter = letters.draft(session, officer, case, replace(asked, channel=Channel.THROUGH), at=NOON)
        assert "The family" in text(letter)
        letters.check(session, officer, case, letter, case.version, at=NOON, read_for_others=True)
        with pytest.raises(BadInput, match="family liaison officer or advocate"):
            letter_sending.send(session, officer, case, letter, sending(case), at=NOON)
        letter_sending.send(session, officer, case, letter, sending(case, channel=Channel.THROUGH), at=NOON)
        assert case.facts["family_notified_on"] == MONDAY.isoformat()


def test_direct_contact_with_a_relative_is_used_only_where_it_is_recorded(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case, officer = log_dhr(session, cast), cast.actor(session, "officer")
        facts = {"pseudonym": "Rowan", "relation": "Sister", "route": "direct"}
        child = acts.open_child(session, officer, case, "family_contact", facts, MONDAY, at=NOON)
        asked = replace(
            asked_for(case, "D4"), to=To.FAMILY, channel=Channel.POST, instance=child.reference, label="You"
        )
        assert letters.draft(session, officer, case, asked, at=NOON).instance == child.reference
        child.facts = {**child.facts, "contact_frequency": "never"}
        with pytest.raises(BadInput, match="asked for no contact"):
            letters.draft(session, officer, case, replace(asked, seen_version=case.version), at=NOON)


def test_a_way_that_is_not_safe_for_the_victim_is_refused(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = asb(session, cast, unsafe_channels=("email", "phone")), cast.actor(session, "officer")
        with pytest.raises(BadInput, match="The case says not to reach this person by e-mail"):
            letters.draft(session, officer, case, asked_for(case), at=NOON)
        outside = SentOutside("L1", To.APPLICANT, "File 12", sending(case))
        with pytest.raises(BadInput, match="The case says not to reach this person by e-mail"):
            letter_sending.send_outside(session, officer, case, outside, at=NOON)
        assert letters.draft(session, officer, case, asked_for(case, channel=Channel.POST), at=NOON)


def test_a_letter_of_another_recipient_or_process_is_refused(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = asb(session, cast), cast.actor(session, "officer")
        with pytest.raises(BadInput, match="This letter does not go to: panel"):
            letters.draft(session, officer, case, asked_for(case, to=To.PANEL), at=NOON)
        with pytest.raises(BadInput, match="Choose one of the letters of this process"):
            letters.draft(session, officer, case, asked_for(case, "D4"), at=NOON)
        with pytest.raises(BadInput, match="today or in the next four weeks"):
            letters.draft(
                session, officer, case, asked_for(case, letter_on=MONDAY - timedelta(days=1)), at=NOON
            )


def test_a_letter_that_came_back_was_sent_all_the_same(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = asb(session, cast), cast.actor(session, "officer")
        letter = sent(session, cast, case, asked_for(case))
        with pytest.raises(BadInput, match="Say why"):
            letter_sending.come_back(session, officer, case, letter, case.version, MONDAY, " ", at=NOON)
        letter_sending.come_back(session, officer, case, letter, case.version, MONDAY, "Moved away", at=NOON)
        assert (letter.state, letter.returned_why) == ("returned", "Moved away")
        assert case.facts["letter_sent_L1"] == MONDAY.isoformat()
        again = letters.draft(session, officer, case, asked_for(case, replaces=1), at=NOON)
        assert (again.number, again.replaces_id, letter.state) == (2, letter.id, "returned")


def test_a_draft_that_is_replaced_is_given_up(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = asb(session, cast), cast.actor(session, "officer")
        first = letters.draft(session, officer, case, asked_for(case), at=NOON)
        letters.draft(session, officer, case, asked_for(case, replaces=1), at=NOON)
        assert first.state == "cancelled"
        with pytest.raises(NotPossible):
            letters.cancel(session, officer, case, first, case.version, at=NOON)


def test_a_letter_sent_outside_the_tracker_counts(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = asb(session, cast), cast.actor(session, "officer")
        outside = SentOutside("L1", To.APPLICANT, " ", sending(case))
        with pytest.raises(BadInput, match="Say where the letter is kept"):
            letter_sending.send_outside(session, officer, case, outside, at=NOON)
        outside = replace(outside, kept_at="File 12, page 3")
        letter = letter_sending.send_outside(session, officer, case, outside, at=NOON)
        assert (letter.state, letter.outside, letter.document) == ("sent", True, None)
        assert case.facts["letter_sent_L1"] == MONDAY.isoformat()


def test_a_letter_read_out_by_phone_needs_its_note(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer = asb(session, cast), cast.actor(session, "officer")
        outside = SentOutside("L1", To.APPLICANT, "File 12", sending(case, channel=Channel.PHONE))
        with pytest.raises(BadInput, match="Say in a note"):
            letter_sending.send_outside(session, officer, case, outside, at=NOON)


def test_nothing_of_a_letter_stands_in_the_history(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = asb(session, cast)
        sent(session, cast, case, asked_for(case))
        rows = session.exec(select(Event).where(Event.kind.startswith("letter_"))).all()
        assert len(rows) == 3
        assert all("Canary" not in f"{row.name}{row.reason}{row.detail}{row.facts}" for row in rows)


def test_an_absent_letter_is_not_visible(database: Database, cast: Cast) -> None:
    with database.transaction() as session, pytest.raises(NotVisible):
        access.letter_for(session, asb(session, cast), "L1", 1)


class TestTemplates:
    def mine(self, session: Session, cast: Cast, who: str = "manager") -> tuple[object, Partnership]:
        return cast.actor(session, who), session.get_one(Partnership, cast.herefordshire)

    def test_a_managers_template_is_taken_for_new_letters(self, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            actor, partnership = self.mine(session, cast)
            row = letter_templates.upload(
                session, actor, partnership, "L1", "Ours", filling.default_template("L1"), at=NOON
            )
            case = asb(session, cast)
            letter = letters.draft(session, cast.actor(session, "officer"), case, asked_for(case), at=NOON)
            assert (letter.template, letter.template_digest) == (str(row.id), row.digest)
            letter_templates.back_to_default(session, actor, partnership, "L1")
            again = letters.draft(session, cast.actor(session, "officer"), case, asked_for(case), at=NOON)
            assert again.template == "default"
            assert session.get_one(LetterTemplate, row.id).active is False

    def test_an_unfit_template_is_refused_with_every_reason(self, database: Database, cast: Cast) -> None:
        with database.transaction() as session:
            actor, partnership = self.mine(session, cast)
            with pytest.raises(BadInput, match="The file leaves out “reasons”"):
                letter_templates.upload(
                    session, actor, partnership, "L5", "x", filling.default_template("L1"), at=NOON
                )

    @pytest.mark.parametrize("who", ["officer", "chair", "auditor", "admin", "outsider"])
    def test_only_a_manager_changes_templates(self, database: Database, cast: Cast, who: str) -> None:
        with database.transaction() as session:
            actor, partnership = self.mine(session, cast, who)
            with pytest.raises(NotPermitted):
                letter_templates.upload(
                    session, actor, partnership, "L1", "x", filling.default_template("L1"), at=NOON
                )
            with pytest.raises(NotPermitted):
                letter_templates.back_to_default(session, actor, partnership, "L1")


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_has_a_default_template(code: str) -> None:
    assert filling.default_template(code)
