"""A letter owed to several counts as sent once each has got it, or it is said why not; one that came back does not count."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from tests import asb as asb_cases
from tests.cast import MONDAY, NOON, Cast
from tests.routes.filling import log_asb
from tests.services.test_letter_service import FACTS, OTHER, PROSE, asb, asked_for, decided, noted, sent, text
from tracker import access
from tracker.db import Database
from tracker.errors import BadInput
from tracker.models import Case, Event, Letter
from tracker.services import letter_sending, letters
from tracker.services.letter_asked import Draft, Sending, SentOutside, Waiver
from tracker.services.letter_parties import standing_of
from tracker.services.letter_waivers import waive
from tracker.services.positions import position_of, workflow_for
from workflows.engine import unmet_by
from workflows.letter_kinds import KINDS
from workflows.letters import Channel, To

L5 = KINDS["L5"]


def together(session: Session, cast: Cast) -> tuple[Case, Case]:
    """A decided case with a victim apart, and the merged case of a co-applicant whom no post may reach."""
    case = asb(session, cast, **OTHER)
    decided(session, case)
    merged = log_asb(
        session, cast, state="merged", opening=(),
        facts=FACTS | {
            "applicant_name": "Coapplicant Canary-Third", "applicant_contact": "canary-mail@example.test",
            "surviving_case": case.reference, "unsafe_channels": ("post",), "application_date": date(2026, 11, 18),
            "description": "canary words that nobody else may read",
        },
    )  # fmt: skip
    return case, merged


def to(case: Case, whom: To, instance: str = "", channel: Channel = Channel.EMAIL) -> Draft:
    return asked_for(case, "L5", to=whom, instance=instance, channel=channel, prose=PROSE)


def waits(session: Session, case: Case) -> tuple[str, ...]:
    return standing_of(session, case, L5).waits


def test_a_decision_is_told_once_each_applicant_and_the_victim_has_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, merged = together(session, cast)
        theirs = f"the co-applicant of {merged.reference}"
        sent(session, cast, case, to(case, To.APPLICANT, channel=Channel.POST))
        assert "letter_sent_L5" not in case.facts
        assert waits(session, case) == ("the victim", theirs)
        sent(session, cast, case, to(case, To.VICTIM))
        assert waits(session, case) == (theirs,)
        sent(session, cast, case, to(case, To.CO_APPLICANT, merged.reference))
        assert waits(session, case) == ()
        assert case.facts["letter_sent_L5"] == MONDAY.isoformat()
        assert case.facts["told_by_post"] is True, "one of them was posted, so the time to dispute is longer"


def test_the_step_names_who_is_still_without_the_letter(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        asb_cases.settle_area(session, cast)
        case = asb_cases.case_at(session, cast, "threshold_not_met")
        noted(
            session, case, applicant_is_victim=False, victim_name="Victim Canary-Other",
            spoc_id="officer@example.test",
        )  # fmt: skip
        sent(session, cast, case, to(case, To.APPLICANT))
        workflow = workflow_for(case)
        move = workflow.move("notify_not_met", case.state)
        assert move
        here = position_of(session, workflow, case, {}, MONDAY)
        found = {each.name: each for each in unmet_by(workflow, move, here)}
        assert found["letter_sent_L5"].words.endswith("Still to get it: the victim.")
        assert "Canary" not in found["letter_sent_L5"].words
        correct = workflow.move("correct_decision", case.state)
        assert correct
        assert "not_decision_letter_sent" in {each.name for each in unmet_by(workflow, correct, here)}
        sent(session, cast, case, to(case, To.VICTIM))
        here = position_of(session, workflow, case, {}, MONDAY)
        assert unmet_by(workflow, move, here) == ()


def test_a_co_applicants_letter_has_their_own_name_date_and_ways(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, merged = together(session, cast)
        officer = cast.actor(session, "officer")
        with pytest.raises(BadInput, match="Choose one of the co-applicants"):
            letters.draft(session, officer, case, to(case, To.CO_APPLICANT), at=NOON)
        with pytest.raises(BadInput, match="Choose one of the co-applicants"):
            letters.draft(session, officer, case, to(case, To.CO_APPLICANT, case.reference), at=NOON)
        with pytest.raises(BadInput, match="not to reach this person by post"):
            letters.draft(
                session, officer, case, to(case, To.CO_APPLICANT, merged.reference, Channel.POST), at=NOON
            )
        letter = letters.draft(session, officer, case, to(case, To.CO_APPLICANT, merged.reference), at=NOON)
        assert "Coapplicant Canary-Third" in text(letter)
        assert "Canary-Mine" not in text(letter)
        acknowledged = asked_for(case, to=To.CO_APPLICANT, instance=merged.reference)
        assert "18 November 2026" in text(letters.draft(session, officer, case, acknowledged, at=NOON))


def test_nobodys_letter_bears_the_name_of_another(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, merged = together(session, cast)
        officer, theirs = cast.actor(session, "officer"), to(case, To.CO_APPLICANT, merged.reference)
        with pytest.raises(BadInput, match="names somebody else, or how to reach them: the applicant"):
            letters.draft(
                session, officer, case, replace(theirs, label=str(case.facts["applicant_name"])), at=NOON
            )
        letter = letters.draft(session, officer, case, replace(theirs, label="C Canary-Third"), at=NOON)
        assert letter.recipient_label == "C Canary-Third"


def test_another_copy_moves_no_date_that_began_with_the_first(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        asb_cases.settle_area(session, cast)
        case = asb_cases.case_at(session, cast, "review_preparation")
        review = access.deadline_for(session, case, "C6")
        assert case.facts["letter_sent_L4"] == MONDAY.isoformat()
        later = NOON + timedelta(days=45)
        copy = SentOutside(
            sending=Sending(case.version, later.date(), Channel.EMAIL), kind="L4", to=To.APPLICANT,
            label="The applicant", kept_at="Store/4",
        )  # fmt: skip
        letter_sending.send_outside(session, cast.actor(session, "officer"), case, copy, at=later)
        assert case.facts["letter_sent_L4"] == MONDAY.isoformat()
        now = access.deadline_for(session, case, "C6")
        assert (now.id, now.due_on) == (review.id, date(2026, 12, 21)), "it is overdue, and stays so"


def test_one_of_them_is_left_out_only_with_a_reason_and_never_the_last(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case, merged = together(session, cast)
        officer = cast.actor(session, "officer")
        asked = Waiver(case.version, "L5", To.VICTIM, "", " ")
        with pytest.raises(BadInput, match="Say why they do not get the letter"):
            waive(session, officer, case, replace(asked, seen_version=case.version), at=NOON)
        asked = replace(asked, why="No way is safe. Told in person on the day.")
        row = waive(session, officer, case, replace(asked, seen_version=case.version), at=NOON)
        assert (row.state, row.channel, row.document) == ("waived", None, None)
        with pytest.raises(BadInput, match="They have the letter"):
            waive(session, officer, case, replace(asked, seen_version=case.version), at=NOON)
        waive(
            session,
            officer,
            case,
            replace(asked, seen_version=case.version, to=To.CO_APPLICANT, whom=merged.reference),
            at=NOON,
        )
        with pytest.raises(BadInput, match="Nobody would get this letter"):
            waive(session, officer, case, replace(asked, seen_version=case.version, to=To.APPLICANT), at=NOON)
        assert "letter_sent_L5" not in case.facts
        sent(session, cast, case, to(case, To.APPLICANT))
        assert case.facts["letter_sent_L5"] == MONDAY.isoformat()
        event = session.exec(select(Event).where(Event.kind == "letter_waived")).first()
        assert event is not None
        assert "safe" not in f"{event.reason}{event.detail}", "the reason is private to the letter"


def test_leaving_out_the_last_one_waited_for_completes_it(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, merged = together(session, cast)
        officer = cast.actor(session, "officer")
        sent(session, cast, case, to(case, To.APPLICANT))
        sent(session, cast, case, to(case, To.CO_APPLICANT, merged.reference))
        asked = Waiver(case.version, "L5", To.VICTIM, "", "Told in person.")
        waive(session, officer, case, replace(asked, seen_version=case.version), at=NOON)
        assert case.facts["letter_sent_L5"] == MONDAY.isoformat()
        assert case.facts["told_by_post"] is False


def back(session: Session, cast: Cast, case: Case, letter: Letter) -> None:
    officer = cast.actor(session, "officer")
    letter_sending.come_back(session, officer, case, letter, case.version, MONDAY, "Moved away", at=NOON)


def test_a_letter_that_came_back_does_not_count_until_it_goes_again(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        asb_cases.settle_area(session, cast)
        case = asb_cases.case_at(session, cast, "received")
        noted(session, case, spoc_id="officer@example.test")
        workflow = workflow_for(case)
        move = workflow.move("acknowledge", case.state)
        assert move

        def missing() -> list[str]:
            return [
                u.words for u in unmet_by(workflow, move, position_of(session, workflow, case, {}, MONDAY))
            ]

        first = sent(session, cast, case, asked_for(case, channel=Channel.POST))
        assert missing() == []
        back(session, cast, case, first)
        assert missing() == ["Send the acknowledgement (L1). Still to get it: the applicant."]
        again = sent(session, cast, case, asked_for(case, replaces=1))
        assert missing() == []
        assert (again.number, again.replaces_id, first.state) == (2, first.id, "returned")
        assert first.document, "the old one stays as it went out"


def test_one_that_came_back_counts_where_another_reached_the_same_person(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case, merged = together(session, cast)
        first = sent(session, cast, case, to(case, To.APPLICANT, channel=Channel.POST))
        sent(session, cast, case, to(case, To.APPLICANT))
        sent(session, cast, case, to(case, To.VICTIM))
        sent(session, cast, case, to(case, To.CO_APPLICANT, merged.reference))
        back(session, cast, case, first)
        assert waits(session, case) == ()


def test_a_recommendation_goes_to_every_body_that_it_is_for(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        asb_cases.settle_area(session, cast)
        case = asb_cases.case_at(session, cast, "review_preparation")
        one = asb_cases.recommend(session, cast, case)
        two = asb_cases.recommend(session, cast, case, "Mend the lights.")
        two.facts = {**two.facts, "recipient": asb_cases.COUNCIL}
        session.add(two)
        session.flush()
        kind = KINDS["L17"]
        assert [party.body for party in standing_of(session, case, kind).owed] == [
            one.facts["recipient"], asb_cases.COUNCIL,
        ]  # fmt: skip
        for body, left in ((asb_cases.POLICE, ("Herefordshire Council",)), (asb_cases.COUNCIL, ())):
            sending = asked_for(case)
            outside = SentOutside(
                "L17", To.BODY, "File 3", letter_of(sending), organisation=body
            )  # fmt: skip
            letter_sending.send_outside(session, cast.actor(session, "officer"), case, outside, at=NOON)
            assert standing_of(session, case, kind).waits == left
            assert ("letter_sent_L17" in case.facts) is (left == ())


def letter_of(asked: Draft) -> letter_sending.Sending:
    return letter_sending.Sending(asked.seen_version, MONDAY, asked.channel)


def test_the_family_is_told_once_each_relative_is_or_the_family_as_a_whole(
    database: Database, cast: Cast
) -> None:
    from tests.routes.filling import log_dhr
    from tracker.services import acts

    with database.transaction() as session:
        case, officer = log_dhr(session, cast), cast.actor(session, "officer")
        kin = [
            acts.open_child(
                session, officer, case, "family_contact",
                {"pseudonym": name, "relation": "Relative", "route": "flo"} | more, MONDAY, at=NOON,
            )
            for name, more in (("Rowan", {}), ("Aspen", {}), ("Birch", {"contact_frequency": "never"}))
        ]  # fmt: skip
        asked = asked_for(case, "D4", to=To.FAMILY, channel=Channel.THROUGH)
        sent(session, cast, case, replace(asked, instance=kin[0].reference, label="You"))
        assert "family_notified_on" not in case.facts
        assert standing_of(session, case, KINDS["D4"]).waits == (f"the relative of {kin[1].reference}",)
        sent(session, cast, case, replace(asked, seen_version=case.version))
        assert case.facts["family_notified_on"] == MONDAY.isoformat()


def test_letters_sent_before_the_last_step_are_of_that_step(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        asb_cases.settle_area(session, cast)
        case = asb_cases.case_at(session, cast, "received")
        noted(session, case, spoc_id="officer@example.test")
        sent(session, cast, case, asked_for(case))
        asb_cases.step(session, cast, case, "acknowledge")
        assert standing_of(session, case, KINDS["L1"]).letters == ()
