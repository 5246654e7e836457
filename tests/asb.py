"""Brings an ASB case review to any state, through the services that everybody uses.

``settle_area(session, cast)`` gives Herefordshire its three relevant bodies and its procedure the rules;
``case_at(session, cast, "review_held")`` takes the usual way there. ``step`` takes one step; ``letter`` says that a
letter was sent; ``tell`` adds an incident with one report. Everything happens at :data:`tests.cast.NOON`.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tracker.models import (
    Area,
    AreaBody,
    Case,
    Dated,
    LocalPolicy,
    Method,
    Organisation,
    RecordStatus,
)
from tracker.models.columns import JsonObject
from tracker.policy import SYSTEM
from tracker.services import acts, cases, harm, incidents, pass_ons
from tracker.services.asked import FactsRequest, MoveRequest, NewCase
from workflows.facts import FactValue
from workflows.harm import questionnaire

HEREFORDSHIRE: JsonObject = {
    "number": 3, "report_within_months": 1, "apply_within_months": 6, "count_unit": "incident", "hate_number": 1,
    "hate_months": 6,
}  # fmt: skip
SOUTH_WORCESTERSHIRE: JsonObject = {"number": 3, "count_unit": "distinct_report", "group_people": 3}
SHROPSHIRE: JsonObject = {"number": 3, "count_unit": "distinct_report", "hate_number": 1, "hate_months": 3}
POLICE, COUNCIL, ICB = "west-mercia-police", "herefordshire-council", "herefordshire-icb"
BODIES = ((POLICE, "police"), (COUNCIL, "council"), (ICB, "icb"))
APPLIED = date(2026, 11, 20)

APPLICATION: Mapping[str, FactValue] = {
    "applicant_name": "Applicant", "applicant_contact": "By telephone", "area": "herefordshire",
    "description": "Noise at night.", "application_date": APPLIED, "channel": "phone",
}  # fmt: skip
GOOD = (
    (date(2026, 9, 1), date(2026, 9, 3)),
    (date(2026, 10, 3), date(2026, 10, 5)),
    (date(2026, 11, 10), date(2026, 11, 11)),
)
"""Three incidents, each with its report in time: the threshold of section 104(4)."""

_NOT_MET: tuple[str, ...] = ("acknowledge", "start_check", "decide_not_met", "notify_not_met", "close_case")
_MET: tuple[str, ...] = (
    "acknowledge", "start_check", "decide_met", "notify_met", "schedule_review", "hold_review", "notify_outcome",
    "start_monitoring",
)  # fmt: skip
WAYS: Mapping[str, tuple[str, ...]] = {
    "received": (),
    "acknowledged": _MET[:1],
    "awaiting_authority": ("acknowledge", "request_authority"),
    "threshold_check": _MET[:2],
    "threshold_met": _MET[:3],
    "threshold_not_met": _NOT_MET[:3],
    "not_met_notified": _NOT_MET[:4],
    "review_preparation": _MET[:4],
    "review_scheduled": _MET[:5],
    "review_held": _MET[:6],
    "outcome_notified": _MET[:7],
    "action_plan_monitoring": _MET,
    "closed": _NOT_MET,
    "withdrawn": ("acknowledge", "withdraw"),
    "not_pursued": ("acknowledge", "request_authority", "give_up_authority"),
    "transferred": ("transfer",),
    "misdirected": ("mark_misdirected",),
}
"""The usual way to each state but ``draft`` and ``merged``."""

LETTERS: Mapping[str, tuple[str, ...]] = {
    "acknowledge": ("L1",), "request_authority": ("L2",), "give_up_authority": ("L3",), "notify_met": ("L4",),
    "notify_not_met": ("L5",), "schedule_review": ("L6",), "reschedule_review": ("L7",), "adjourn_review": ("L7",),
    "notify_outcome": ("L8", "L17"), "close_case": ("L12",), "withdraw": ("L13",), "transfer": ("L14",),
    "merge": ("L14",), "mark_misdirected": ("L14",),
}  # fmt: skip
"""The letters that a step asks for."""

ANSWERS: Mapping[str, Mapping[str, FactValue]] = {
    "acknowledge": {"spoc_id": "officer@example.test"},
    "request_authority": {"missing_information": "The victim's consent."},
    "give_up_authority": {
        "not_pursued_reason": "no_consent", "safeguarding_considered": True, "manager_reason": "Looked at.",
    },
    "start_check": {"authority_basis": "victim_applies"},
    "confirm_authority": {"authority_basis": "written_consent"},
    "decide_met": {
        "decided_on": MONDAY, "decision_route": "mandatory", "decision_reasons": "Three incidents.",
        "bodies_consulted_on": MONDAY,
    },
    "decide_not_met": {
        "decided_on": MONDAY, "decision_route": "discretionary", "decision_reasons": "The findings do not call for one.",
        "bodies_consulted_on": MONDAY, "finding_persistence": "Two.", "finding_harm": "Some.",
        "finding_adequacy": "Adequate.",
    },
    "schedule_review": {
        "review_chair": "Head of housing, another council", "chair_independence": "other_team",
        "victim_choice": "attend", "panel_invited": ("council", "police"), "review_on": date(2026, 12, 14),
    },
    "reschedule_review": {"step_reason": "The landlord is away.", "review_on": date(2026, 12, 16)},
    "adjourn_review": {"step_reason": "The landlord is away."},
    "hold_review": {
        "attended_by": ("council", "police"), "quorum_met": True, "victim_voice": "attended", "findings": "Each body.",
        "review_held_on": MONDAY, "no_recommendations_reason": "All is done already.",
    },
    "close_case": {"dissatisfaction_waived_on": MONDAY, "victim_views_sought_on": MONDAY},
    "withdraw": {
        "withdrawn_on": MONDAY, "withdrawal_reason": "Moved away.", "victim_told_of_withdrawal": True,
        "safeguarding_considered": True,
    },
    "reinstate": {"step_reason": "It goes on."},
    "transfer": {"receiving_area": "Shropshire", "receiving_area_accepted_on": MONDAY, "papers_passed": True},
    "merge": {"manager_reason": "The same behaviour."},
    "mark_misdirected": {"manager_reason": "A first report.", "misdirected_reason": "first_report"},
    "correct_decision": {"manager_reason": "One report was left out."},
    "redetermine_threshold": {"redecision_ground": "manager_direction", "redecision_reason": "A report was left out."},
    "rerun_review": {"redecision_ground": "manager_direction", "redecision_reason": "A body was left out."},
    "reopen_monitoring": {"action_found_incomplete": "The lights.", "manager_reason": "Seen."},
}  # fmt: skip
"""What a step asks for, in plausible answers."""


def settle_area(
    session: Session, cast: Cast, rules: JsonObject | None = None, *, independence: str = "not_same_team"
) -> LocalPolicy:
    """Give Herefordshire its bodies, and its procedure the rules; other ``rules`` where they are given."""
    area = session.exec(select(Area).where(Area.key == "herefordshire")).one()
    for key, kind in BODIES:
        body = session.exec(select(Organisation).where(Organisation.key == key)).first()
        if body is None:
            body = Organisation(key=key, name=key.replace("-", " ").title(), kind=kind)
            session.add(body)
            session.flush()
        session.add(AreaBody(area_id=area.id or 0, organisation_id=body.id or 0, kind=kind))
    policy = session.exec(
        select(LocalPolicy).where(
            LocalPolicy.partnership_id == cast.herefordshire, LocalPolicy.process == "asb_case_review"
        )
    ).one()
    policy.rules = HEREFORDSHIRE if rules is None else rules
    policy.chair_independence = independence
    session.add(policy)
    session.flush()
    return policy


def applied(session: Session, cast: Cast, at: datetime = NOON, **facts: FactValue) -> Case:
    """An application, logged and submitted by the officer."""
    given = {**APPLICATION, **facts}
    day = given["application_date"]
    assert isinstance(day, date)
    officer = cast.actor(session, "officer")
    asked = NewCase(
        process="asb_case_review", partnership_id=cast.herefordshire, opened_on=day, facts=given,
        owner_user_id=cast.people["officer"],
    )  # fmt: skip
    case = cases.log_case(session, officer, asked, at=at)
    cases.move(session, officer, case, "submit", MoveRequest(case.version, day), at=at)
    return case


def tell(
    session: Session,
    cast: Cast,
    case: Case,
    happened: date,
    reported: date,
    *,
    body: str = POLICE,
    person: str = "applicant",
    hate: bool = False,
    record: RecordStatus = RecordStatus.CONFIRMED,
) -> None:
    """Add one incident with one report of it."""
    officer = cast.actor(session, "officer")
    said = incidents.IncidentSaid(
        case.version, dated=Dated.ON, first_on=happened, last_on=happened, hate=hate
    )
    event = incidents.record_incident(session, officer, case, said, at=NOON)
    report(
        session, cast, case, reported, (int(event.detail["number"]),), body=body, person=person, record=record
    )


def report(
    session: Session,
    cast: Cast,
    case: Case,
    reported: date,
    about: tuple[int, ...],
    *,
    body: str = POLICE,
    person: str = "applicant",
    household: str = "",
    record: RecordStatus = RecordStatus.CONFIRMED,
) -> None:
    """Add one report of incidents that are there."""
    said = incidents.ReportSaid(
        case.version, incidents=about, earliest_on=reported, latest_on=reported, person=person, household=household,
        body=body if body != "other" else "", other_body="A councillor" if body == "other" else "",
        method=Method.PHONE, record=record,
    )  # fmt: skip
    incidents.record_report(session, cast.actor(session, "officer"), case, said, at=NOON)


def letter(
    session: Session, case: Case, *numbers: str, on: date = MONDAY, at: datetime = NOON, **facts: FactValue
) -> None:
    """Say that letters were sent, as sending them does."""
    told: dict[str, FactValue] = {f"letter_sent_{number}": on for number in numbers}
    asked = FactsRequest(case.version, on, {}, late_reason="Late for a reason.")
    acts.note(session, SYSTEM, case, {**told, **facts}, asked, at=at)


def pass_on(
    session: Session, cast: Cast, case: Case, *bodies: str, on: date = MONDAY, at: datetime = NOON
) -> None:
    """The application goes to these bodies, or to all of them."""
    keys = bodies or tuple(key for key, _ in BODIES)
    asked = pass_ons.PassedOn(case.version, keys, on, Method.EMAIL, late_reason="Late for a reason.")
    pass_ons.pass_on(session, cast.actor(session, "officer"), case, asked, at=at)


def harmed(session: Session, cast: Cast, case: Case, points: int = 1, **answers: int) -> None:
    """Assess the harm: one point for each question that offers it."""
    given = {
        question.key: points if points in {p for p, _ in question.answers} else 0
        for question in questionnaire().questions
    }
    said = harm.HarmSaid(case.version, {**given, **answers}, MONDAY)
    harm.assess(session, cast.actor(session, "officer"), case, said, at=NOON)


def step(
    session: Session,
    cast: Cast,
    case: Case,
    name: str,
    who: str = "",
    *,
    at: datetime = NOON,
    **facts: FactValue,
) -> None:
    """One step by somebody whose decision it is, with plausible answers and the letters that it asks for."""
    asked_of = {
        "decide_met": "decision-maker", "decide_not_met": "decision-maker", "hold_review": "officer",
        "adjourn_review": "officer",
    }  # fmt: skip
    manager = {
        "give_up_authority",
        "correct_decision",
        "transfer",
        "merge",
        "mark_misdirected",
        "reopen_monitoring",
    }
    manager |= {"redetermine_threshold", "rerun_review"}
    actor = cast.actor(session, who or asked_of.get(name, "manager" if name in manager else "officer"))
    if name == "close_case" and case.state == "action_plan_monitoring" and not who:
        actor = cast.actor(session, "manager")
    answers = dict(ANSWERS.get(name, {}))
    if name == "close_case" and case.state != "action_plan_monitoring":
        answers.pop("victim_views_sought_on")
    day = facts.pop("on", MONDAY)
    assert isinstance(day, date)
    request = MoveRequest(
        case.version, day, facts={**answers, **facts}, evidence="Minute 4", late_reason="Late for a reason.",
    )  # fmt: skip
    cases.move(session, actor, case, name, request, at=at)


def ready(session: Session, cast: Cast, case: Case, name: str) -> None:
    """Everything that a step asks for besides its answers: letters, pass-ons, incidents, the harm assessment."""
    if name == "start_check":
        pass_on(session, cast, case)
    if name == "decide_met":
        for happened, reported in GOOD:
            tell(session, cast, case, happened, reported)
    if name == "decide_not_met":
        harmed(session, cast, case)
    if sent := LETTERS.get(name):
        letter(session, case, *sent)


def recommend(session: Session, cast: Cast, case: Case, text: str = "Share the records.") -> Case:
    """A drafted recommendation to the police."""
    facts: dict[str, FactValue] = {
        "kind": "local", "recommendation_text": text, "recipient": POLICE, "public_functions": True,
        "source": "case_review",
    }  # fmt: skip
    officer = cast.actor(session, "officer")
    return acts.open_child(
        session, officer, case, "recommendation", facts, MONDAY, owner=cast.police, at=NOON
    )


def second_look(session: Session, case: Case) -> Case:
    """Somebody asks for a second look."""
    facts: dict[str, FactValue] = {
        "about": "application_handling", "grounds": ("threshold_wrong",), "stage": "internal", "made_by": "Applicant",
        "requested_on": MONDAY, "request_words": "It is wrong.", "late": False,
    }  # fmt: skip
    return acts.open_child(session, SYSTEM, case, "dissatisfaction", facts, MONDAY, at=NOON)


def case_at(session: Session, cast: Cast, state: str) -> Case:
    """A case in that state. The area is settled already."""
    case = applied(session, cast)
    for name in WAYS[state]:
        ready(session, cast, case, name)
        if name == "hold_review" and state in {"outcome_notified", "action_plan_monitoring"}:
            recommend(session, cast, case)
        step(session, cast, case, name)
    assert case.state == state
    return case
