"""The acceptance tests of docs/asb-case-review.md section 13 that concern one case, named after their number.

Tests 1 to 3 are those of the calculation (tests/workflows), 9 of the dates (test_date_changes), 14 and 15 of the
figures, 17 and 18 of the reminders.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, SQLModel, col, select

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tracker import clock
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted
from tracker.models import Case, Deadline, Event, LocalPolicy, Partnership, RecordStatus
from tracker.models.columns import JsonObject
from tracker.services import cases, harm, incidents, threshold
from tracker.services.asked import FactsRequest, MoveRequest
from tracker.services.known import known_of
from tracker.services.positions import position_of, workflow_for
from workflows.engine import MoveRefused, unmet_by
from workflows.harm import questionnaire
from workflows.threshold import Outcome
from workflows.threshold_reading import application_from


@pytest.fixture
def session(database: Database, cast: Cast) -> Iterator[Session]:
    with database.transaction() as session:
        asb.settle_area(session, cast)
        yield session


def unmet(session: Session, case: Case, name: str) -> set[str]:
    """Names of all that stands in the way of a step."""
    workflow = workflow_for(case)
    step = workflow.move(name, case.state)
    assert step is not None
    return {each.name for each in unmet_by(workflow, step, position_of(session, workflow, case, {}, MONDAY))}


def running(session: Session, case: Case, key: str) -> Deadline | None:
    return session.exec(
        select(Deadline).where(Deadline.case_id == case.id, Deadline.key == key, Deadline.status == "running")
    ).first()


def in_force(session: Session) -> LocalPolicy:
    """The procedure of Herefordshire."""
    return session.exec(
        select(LocalPolicy)
        .join(Partnership, col(Partnership.id) == col(LocalPolicy.partnership_id))
        .where(Partnership.key == "herefordshire", LocalPolicy.process == "asb_case_review")
    ).one()


def other_rules(session: Session, rules: JsonObject) -> LocalPolicy:
    policy = in_force(session)
    policy.rules = rules
    session.add(policy)
    session.flush()
    return policy


def test_04_what_section_104_4_decides_cannot_be_decided_otherwise(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "threshold_check")
    for happened, reported in asb.GOOD:
        asb.tell(session, cast, case, happened, reported)
    asb.ready(session, cast, case, "decide_not_met")
    with pytest.raises(MoveRefused) as refused:
        asb.step(session, cast, case, "decide_not_met")
    assert "not_mandatory_threshold_met" in {each.name for each in refused.value.unmet}
    words = next(each.words for each in refused.value.unmet if each.name == "not_mandatory_threshold_met")
    assert words.startswith("Section 104(4) is reached")
    assert case.state == "threshold_check"


def test_05_the_check_waits_until_every_body_that_was_there_has_it(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "acknowledged")
    assert "passed_to_all_relevant_bodies" in unmet(session, case, "start_check")
    asb.pass_on(session, cast, case, asb.POLICE, asb.COUNCIL)
    assert "passed_to_all_relevant_bodies" in unmet(session, case, "start_check")
    assert running(session, case, "C2") is not None
    asb.pass_on(session, cast, case, asb.ICB)
    assert "passed_to_all_relevant_bodies" not in unmet(session, case, "start_check")
    assert running(session, case, "C2") is None
    asb.step(session, cast, case, "start_check")


def test_06_an_application_late_on_31_may_is_of_1_june_in_london() -> None:
    assert clock.london(datetime(2026, 5, 31, 23, 30, tzinfo=UTC)) == date(2026, 6, 1)


def test_07_a_length_that_changes_leaves_running_dates_alone(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "received")
    before = running(session, case, "C5")
    assert before is not None
    due_on = before.due_on
    policy = in_force(session)
    policy.clocks = {"C5": {"n": 10, "unit": "working_days"}}
    session.flush()
    asb.letter(session, case, "L1")
    after = running(session, case, "C5")
    assert after is not None
    assert after.due_on == due_on


def test_08_the_time_for_the_decision_runs_until_a_letter_is_sent(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "threshold_check")
    assert running(session, case, "C5") is not None
    asb.ready(session, cast, case, "decide_met")
    asb.step(session, cast, case, "decide_met")
    assert running(session, case, "C5") is not None
    asb.letter(session, case, "L4")
    assert running(session, case, "C5") is None


def test_10_whoever_was_involved_does_not_chair(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "review_preparation")
    asb.letter(session, case, "L6")
    for facts, name in (
        ({"review_chair_id": "officer@example.test"}, "chair_not_involved_before"),
        ({"review_chair_id": "decision-maker@example.test"}, "chair_not_involved_before"),
        ({"review_chair": "Officer"}, "chair_not_involved_before"),
        ({"chair_independence": "handled_the_case"}, "independent_chair_appointed"),
    ):
        with pytest.raises(MoveRefused) as refused:
            asb.step(session, cast, case, "schedule_review", **facts)  # type: ignore[arg-type]
        assert name in {each.name for each in refused.value.unmet}
    policy = in_force(session)
    policy.chair_independence = "external"
    session.flush()
    with pytest.raises(MoveRefused) as refused:
        asb.step(session, cast, case, "schedule_review")
    assert {each.name for each in refused.value.unmet} == {"chair_independent_as_defined"}
    asb.step(session, cast, case, "schedule_review", chair_independence="external")


def test_11_the_outcome_waits_for_its_letter_and_for_those_to_the_recipients(
    session: Session, cast: Cast
) -> None:
    case = asb.case_at(session, cast, "review_scheduled")
    made = asb.recommend(session, cast, case)
    asb.step(session, cast, case, "hold_review")
    assert case.facts["recommendations_made"] == 1
    assert {"letter_sent_L8", "recommendations_issued"} <= unmet(session, case, "notify_outcome")
    asb.letter(session, case, "L8")
    assert unmet(session, case, "notify_outcome") == {"recommendations_issued"}
    asb.letter(session, case, "L17")
    asb.step(session, cast, case, "notify_outcome")
    session.refresh(made)
    assert made.state == "sent"
    assert running(session, made, "C11") is not None


def test_12_a_case_with_anything_open_does_not_close(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "action_plan_monitoring")
    asb.ready(session, cast, case, "close_case")
    assert "not_has_open_recommendations_or_actions" in unmet(session, case, "close_case")
    with pytest.raises(MoveRefused):
        asb.step(session, cast, case, "close_case")
    made = session.exec(select(Case).where(Case.parent_id == case.id)).one()
    answer = MoveRequest(made.version, MONDAY, facts={"replied_on": MONDAY, "reply_text": "Yes."})
    cases.move(session, cast.actor(session, "officer"), made, "reply_accept", answer, at=NOON)
    asb.step(session, cast, case, "close_case")
    assert case.state == "closed"


def test_12_a_request_for_a_second_look_keeps_it_open(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "not_met_notified")
    asb.second_look(session, case)
    asb.ready(session, cast, case, "close_case")
    assert "not_open_dissatisfaction_request" in unmet(session, case, "close_case")


def test_13_an_upheld_request_takes_a_closed_case_back_to_the_threshold(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "closed")
    asked = asb.second_look(session, case)
    officer, manager = cast.actor(session, "officer"), cast.actor(session, "manager")
    asb.letter(session, asked, "L9")
    for name, actor, facts in (
        ("acknowledge", officer, {}),
        ("admit", manager, {"reviewer_role": "Head of another service"}),
        (
            "decide",
            manager,
            {"result": "upheld_redecide_threshold", "reasons": "One left out.", "decided_on": MONDAY},
        ),
    ):
        request = MoveRequest(asked.version, MONDAY, facts=facts, evidence="E-mail of the reviewer")  # type: ignore[arg-type]
        cases.move(session, actor, asked, name, request, at=NOON)
    session.refresh(case)
    assert case.state == "threshold_check"
    asb.step(session, cast, case, "decide_not_met")
    decisions = session.exec(
        select(Event).where(Event.case_id == case.id, Event.name == "decide_not_met")
    ).all()
    assert len(decisions) == 2
    assert all(json.loads(event.detail["calculation"])["outcome"]["counts"] for event in decisions)


def test_16_a_letter_says_nothing_of_another_persons_reports(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "threshold_check")
    asb.tell(session, cast, case, date(2026, 9, 1), date(2026, 9, 3))
    asb.tell(session, cast, case, date(2026, 10, 3), date(2026, 10, 5), person="other-1", body=asb.COUNCIL)
    mine = threshold.reasons_for_letter(session, case)
    theirs = threshold.reasons_for_letter(session, case, "other-1")
    assert len(mine) == len(theirs) == 1
    assert mine[0] == (
        "Your report to West Mercia Police on Thursday 3 September 2026, about what happened on Tuesday 1 September"
        " 2026: It counts."
    )
    assert "Council" not in mine[0]
    assert "Police" not in theirs[0]


def test_19_of_two_who_decide_at_once_the_second_gets_a_conflict(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "threshold_check")
    asb.ready(session, cast, case, "decide_met")
    seen = case.version
    asb.step(session, cast, case, "decide_met")
    late = MoveRequest(seen, MONDAY, facts=asb.ANSWERS["decide_met"])
    with pytest.raises(ChangedMeanwhile):
        cases.move(session, cast.actor(session, "decision-maker"), case, "decide_met", late, at=NOON)


def test_20_what_somebody_sees_as_hate_stays(session: Session, cast: Cast) -> None:
    officer = cast.actor(session, "officer")
    case = asb.case_at(session, cast, "received")
    asb.tell(session, cast, case, date(2026, 11, 10), date(2026, 11, 11), hate=True)
    assert case.facts["hate"] is True
    cleared = FactsRequest(case.version, MONDAY, {"hate": False})
    with pytest.raises(BadInput, match="stays on the case"):
        cases.record_facts(session, officer, case, cleared, at=NOON)
    corrected = incidents.IncidentSaid(
        case.version, dated=incidents.Dated.ON, first_on=date(2026, 11, 10), number=1, hate=False
    )
    with pytest.raises(BadInput, match="stays on the case"):
        incidents.record_incident(session, officer, case, corrected, at=NOON)
    noted = FactsRequest(case.version, MONDAY, {"hate_note": "The neighbour sees it otherwise."})
    cases.record_facts(session, officer, case, noted, at=NOON)


def test_21_a_merge_keeps_the_earlier_application_date(session: Session, cast: Cast) -> None:
    survivor = asb.applied(session, cast, application_date=date(2026, 11, 20))
    earlier = asb.applied(session, cast, application_date=date(2026, 11, 18))
    decision = running(session, survivor, "C5")
    assert decision is not None
    was_due = decision.due_on
    asb.letter(session, earlier, "L14")
    asb.step(session, cast, earlier, "merge", surviving_case=survivor.reference)
    assert earlier.state == "merged"
    assert survivor.facts["application_date"] == "2026-11-18"
    assert survivor.facts["co_applicants"] == 1
    decision = running(session, survivor, "C5")
    assert decision is not None
    assert decision.due_on is not None
    assert was_due is not None
    assert decision.starts_on == date(2026, 11, 18)
    assert decision.due_on < was_due


@pytest.mark.parametrize("who", ["absent", "same", "other area", "ended", "not theirs"])
def test_21_only_an_open_case_of_the_area_goes_on(session: Session, cast: Cast, who: str) -> None:
    case = asb.applied(session, cast)
    other = asb.applied(session, cast)
    names = {"absent": "HCSP-ASB-2026-999", "same": case.reference}
    if who == "other area":
        other.facts = {**other.facts, "area": "elsewhere"}
    if who == "ended":
        asb.letter(session, other, "L14")
        asb.step(session, cast, other, "mark_misdirected")
    if who == "not theirs":
        other.partnership_id = cast.worcestershire
    session.flush()
    asb.letter(session, case, "L14")
    with pytest.raises(BadInput, match="Reference of the case that goes on must be"):
        asb.step(session, cast, case, "merge", surviving_case=names.get(who, other.reference))


def test_22_without_a_procedure_an_application_is_received_and_waits(session: Session, cast: Cast) -> None:
    in_force(session).effective_from = date(2026, 12, 1)
    session.flush()
    case = asb.applied(session, cast)
    assert case.state == "received"
    asb.letter(session, case, "L1")
    with pytest.raises(MoveRefused) as refused:
        asb.step(session, cast, case, "acknowledge")
    assert "area_has_policy" in {each.name for each in refused.value.unmet}


def test_23_a_case_that_is_taken_up_again_keeps_its_application_date(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "withdrawn")
    asb.step(session, cast, case, "reinstate")
    assert (case.state, case.facts["application_date"]) == ("acknowledged", asb.APPLIED.isoformat())
    decision = running(session, case, "C5")
    assert decision is not None
    assert decision.starts_on == asb.APPLIED
    assert "passed_to_all_relevant_bodies" in unmet(session, case, "start_check")


def test_24_nothing_joins_equality_data_to_a_case() -> None:
    told = [name for name in SQLModel.metadata.tables if "equal" in name]
    for name in told:
        table = SQLModel.metadata.tables[name]
        assert not {"case_id", "person_id"} & set(table.columns.keys())
        assert "cases" not in {key.column.table.name for key in table.foreign_keys}


def test_a_decision_keeps_the_calculation_that_it_rested_on(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "threshold_check")
    asb.ready(session, cast, case, "decide_met")
    asb.step(session, cast, case, "decide_met")
    event = session.exec(select(Event).where(Event.case_id == case.id, Event.name == "decide_met")).one()
    assert event.facts["threshold_result"] == "met_mandatory"
    assert (event.facts["count_incident"], event.facts["threshold_warning"]) == (3, False)
    kept = json.loads(event.detail["calculation"])
    assert kept["outcome"]["result"] == "met_mandatory"
    assert application_from(kept["application"]).applied == asb.APPLIED
    assert "Noise" not in event.detail["calculation"]


@pytest.mark.parametrize("given", ["threshold_result", "count_incident", "harm_band", "letter_sent_L5"])
def test_what_the_tracker_works_out_is_never_typed(session: Session, cast: Cast, given: str) -> None:
    case = asb.case_at(session, cast, "threshold_check")
    value = {"threshold_result": "met_mandatory", "count_incident": 3, "harm_band": "high"}.get(given, MONDAY)
    asked = FactsRequest(case.version, MONDAY, {given: value})  # type: ignore[dict-item]
    with pytest.raises(BadInput):
        cases.record_facts(session, cast.actor(session, "officer"), case, asked, at=NOON)
    with pytest.raises(BadInput):
        asb.step(session, cast, case, "decide_met", **{given: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "result", "counts"),
    [
        (asb.HEREFORDSHIRE, Outcome.MET_MANDATORY, (1, 3, 1)),
        (asb.SOUTH_WORCESTERSHIRE, Outcome.DISCRETION_REQUIRED, (1, 3, 1)),
        (asb.SHROPSHIRE, Outcome.DISCRETION_REQUIRED, (1, 3, 1)),
    ],
    ids=["herefordshire", "south-worcestershire", "shropshire"],
)
def test_one_message_about_three_incidents_is_judged_by_each_areas_rules(
    session: Session, cast: Cast, rules: JsonObject, result: Outcome, counts: tuple[int, int, int]
) -> None:
    other_rules(session, rules)
    case = asb.case_at(session, cast, "received")
    officer = cast.actor(session, "officer")
    for day in (date(2026, 11, 1), date(2026, 11, 4), date(2026, 11, 7)):
        said = incidents.IncidentSaid(case.version, dated=incidents.Dated.ON, first_on=day)
        incidents.record_incident(session, officer, case, said, at=NOON)
    asb.report(session, cast, case, date(2026, 11, 10), (1, 2, 3))
    made = threshold.standing_of(session, case).assessment
    assert made is not None
    assert made.result is result
    assert tuple(made.counts[unit] for unit in ("complaint", "incident", "distinct_report")) == counts  # type: ignore[index]
    assert made.warning is (result is not Outcome.MET_MANDATORY)
    assert [line.why for line in made.lines] == ["It counts."] * 3


@pytest.mark.parametrize(
    ("rules", "result"),
    [
        (asb.HEREFORDSHIRE, Outcome.MET_LOCAL_RULE),
        (asb.SOUTH_WORCESTERSHIRE, Outcome.DISCRETION_REQUIRED),
        (asb.SHROPSHIRE, Outcome.DISCRETION_REQUIRED),
    ],
    ids=["herefordshire", "south-worcestershire", "shropshire"],
)
def test_one_hate_incident_of_july_is_judged_by_each_areas_rules(
    session: Session, cast: Cast, rules: JsonObject, result: Outcome
) -> None:
    other_rules(session, rules)
    case = asb.case_at(session, cast, "received")
    asb.tell(session, cast, case, date(2026, 7, 18), date(2026, 7, 20), hate=True)
    made = threshold.standing_of(session, case).assessment
    assert made is not None
    assert made.result is result


@pytest.mark.parametrize(("homes", "met"), [("ABC", True), ("AAB", False)])
def test_a_group_rule_may_count_households(session: Session, cast: Cast, homes: str, met: bool) -> None:
    """E7: one incident, reported from three households; of three people in two, the rule is not reached."""
    other_rules(
        session, {"number": 3, "count_unit": "distinct_report", "group_people": 3, "group_kind": "households"}
    )
    case = asb.case_at(session, cast, "received")
    said = incidents.IncidentSaid(case.version, dated=incidents.Dated.ON, first_on=date(2026, 11, 1))
    incidents.record_incident(session, cast.actor(session, "officer"), case, said, at=NOON)
    for number, home in enumerate(homes, 1):
        asb.report(session, cast, case, date(2026, 11, 3), (1,), person=f"other-{number}", household=home)
    standing = threshold.standing_of(session, case)
    assert standing.assessment is not None
    assert (standing.assessment.result is Outcome.MET_LOCAL_RULE) is met
    assert standing.assessment.warning
    kept = threshold.snapshot(standing)["application"]
    assert {report["household"] for report in kept["reports"]} == set(homes)
    assert application_from(kept).reports == standing.application.reports
    with pytest.raises(BadInput, match="never by its address"):
        asb.report(session, cast, case, date(2026, 11, 3), (1,), household="12 High Street")


def test_a_day_that_is_not_known_counts_on_its_best_day_and_is_marked(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "received")
    officer = cast.actor(session, "officer")
    between = incidents.IncidentSaid(
        case.version, dated=incidents.Dated.BETWEEN, first_on=date(2026, 6, 1), last_on=date(2026, 6, 10)
    )
    incidents.record_incident(session, officer, case, between, at=NOON)
    asb.report(session, cast, case, date(2026, 7, 5), (1,), record=RecordStatus.CONFIRMED)
    incidents.record_incident(session, officer, case, incidents.IncidentSaid(case.version), at=NOON)
    undated = incidents.ReportSaid(case.version, incidents=(2,), body=asb.POLICE)
    incidents.record_report(session, officer, case, undated, at=NOON)
    standing = threshold.standing_of(session, case)
    assert standing.assessment is not None
    assert [(line.qualifies, line.provisional) for line in standing.assessment.lines] == [(True, True)]
    assert len(standing.missing) == 2


def test_an_agencys_date_that_would_change_the_result_is_said_and_explained(
    session: Session, cast: Cast
) -> None:
    case = asb.case_at(session, cast, "threshold_check")
    officer = cast.actor(session, "officer")
    for happened, reported in asb.GOOD:
        asb.tell(session, cast, case, happened, reported)
    said = incidents.ReportSaid(
        case.version, number=1, incidents=(1,), earliest_on=date(2026, 9, 3), body=asb.POLICE,
        agency_on=date(2026, 10, 3), record=RecordStatus.CONFIRMED,
    )  # fmt: skip
    incidents.record_report(session, officer, case, said, at=NOON)
    standing = threshold.standing_of(session, case)
    assert standing.differs
    assert standing.assessment is not None
    assert standing.assessment.result is Outcome.MET_MANDATORY
    assert "disagreement_explained" in unmet(session, case, "decide_met")
    asb.step(session, cast, case, "decide_met", disagreement_reason="The phone bill shows the call.")


def test_a_correction_is_added_and_the_latest_counts(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "received")
    asb.tell(session, cast, case, date(2026, 11, 1), date(2026, 11, 3))
    officer = cast.actor(session, "officer")
    said = incidents.IncidentSaid(
        case.version, dated=incidents.Dated.ON, first_on=date(2026, 11, 2), number=1
    )
    incidents.record_incident(session, officer, case, said, at=NOON)
    rows = session.exec(select(incidents.IncidentRecord).order_by(incidents.IncidentRecord.revision)).all()  # type: ignore[arg-type]
    assert [(row.number, row.revision, row.first_on) for row in rows] == [
        (1, 1, date(2026, 11, 1)), (1, 2, date(2026, 11, 2)),
    ]  # fmt: skip
    assert threshold.standing_of(session, case).application is not None


def test_only_a_manager_lowers_the_harm_band(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "received")
    answers = {question.key: 0 for question in questionnaire().questions} | {"threats": 3, "hate": 3}
    low = harm.HarmSaid(case.version, answers, MONDAY, band="medium", reason="One push, long ago.")
    with pytest.raises(NotPermitted):
        harm.assess(session, cast.actor(session, "officer"), case, low, at=NOON)
    harm.assess(session, cast.actor(session, "manager"), case, low, at=NOON)
    assert (case.facts["harm_band"], case.facts["hate"]) == ("medium", True)
    assert harm.assessments_of(session, case)[0].scored_band == "high"


def test_a_posted_letter_gives_two_working_days_more(session: Session, cast: Cast) -> None:
    dues = []
    for posted in (False, True):
        case = asb.case_at(session, cast, "threshold_not_met")
        asb.letter(session, case, "L5", told_by_post=posted)
        asb.step(session, cast, case, "notify_not_met")
        window = running(session, case, "C14")
        assert window is not None
        dues.append(window.due_on)
    assert dues == [date(2026, 12, 21), date(2026, 12, 23)]


def test_the_promised_frequency_is_the_length_of_the_next_update(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "acknowledged")
    officer = cast.actor(session, "officer")
    asked = FactsRequest(case.version, MONDAY, {"update_every": 5, "last_contact_on": MONDAY})
    cases.record_facts(session, officer, case, asked, at=NOON)
    update = running(session, case, "C13")
    assert update is not None
    assert update.due_on == date(2026, 11, 30)


def test_a_decision_is_corrected_before_its_letter_and_not_after(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "threshold_met")
    asb.letter(session, case, "L4")
    with pytest.raises(MoveRefused):
        asb.step(session, cast, case, "correct_decision")
    other = asb.case_at(session, cast, "threshold_not_met")
    asb.step(session, cast, other, "correct_decision")
    assert other.state == "threshold_check"


def test_an_auditor_reads_and_adds_nothing(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "received")
    auditor = cast.actor(session, "auditor")
    with pytest.raises(NotPermitted):
        incidents.record_incident(session, auditor, case, incidents.IncidentSaid(case.version), at=NOON)
    assert known_of(
        session, workflow_for(case), case, position_of(session, workflow_for(case), case, {}, MONDAY)
    )
