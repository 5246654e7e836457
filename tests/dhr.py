"""Brings a domestic homicide review to any state, through the services that everybody uses.

``review_at(session, cast, "gathering")`` takes the shortest usual way; ``take`` takes one step with plausible answers.
All dates are days before :data:`tests.cast.NOON`; every answer can be replaced.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tracker.models import Case, Deadline, Sensitivity
from tracker.services import cases
from tracker.services.asked import FactsRequest, MoveRequest, NewCase
from tracker.services.positions import position_of, workflow_for
from workflows.deciders import Decider
from workflows.engine import unmet_by
from workflows.facts import FactKind, FactValue

RECEIVED = date(2026, 11, 2)

ANSWERS: Mapping[str, FactValue] = {
    "csp_id": "Herefordshire Community Safety Partnership",
    "lead_officer_id": "officer@example.test",
    "death_month": "2026-10",
    "death_basis": "homicide",
    "deceased_pseudonym": "Rowan",
    "resulted_from": ("violence", "abuse"),
    "relationship_type": "ex_partner",
    "deceased_16_or_over": True,
    "suicide_concern": True,
    "definition_limb": "intimate",
    "external_process": "susr",
    "dac_send_point": "signed_off",
    "review_period_from": date(2024, 1, 1),
    "review_period_to": date(2026, 10, 1),
    "imr_requests": ("west-mercia-police", "housing"),
    "submission_pack": ("overview", "exec_summary", "action_plan", "data_form"),
    "publication_pack": ("overview", "exec_summary", "action_plan_annex", "ho_letter_annex"),
    "anonymisation_checked_by": "A panel member",
    "withhold_review_on": date(2027, 5, 1),
    "family_told_of_stand_down_on": MONDAY,
}
"""Answers that the kind of a fact does not give."""

ABUSE: Mapping[str, FactValue] = {
    "resulted_from": ("controlling_or_coercive",),
    "relationship_type": "intimate",
    "definition_limb": "intimate",
}
"""Answers that a review under section 8A takes instead."""

WAYS: Mapping[str, tuple[str, ...]] = {
    "notified": (),
    "scoping": ("begin_scoping",),
    "awaiting_decision": ("submit_for_decision",),
    "no_review_with_ho": ("submit_for_decision", "decide_no_review"),
    "closed_no_review": ("submit_for_decision", "decide_no_review", "ho_accepts_no_review"),
    "commissioning": ("submit_for_decision", "decide_to_review"),
    "setting_terms": ("convene_panel",),
    "gathering": ("agree_terms",),
    "drafting": ("start_drafting",),
    "consultation": ("start_consultation",),
    "csp_sign_off": ("submit_to_csp",),
    "signed_off": ("sign_off",),
    "with_home_office": ("submit_to_home_office",),
    "amending": ("ho_requires_resubmission",),
    "cleared": ("ho_clears",),
    "implementing": ("publish",),
    "closed": ("close",),
    "transferred_out": ("transfer_out",),
    "stood_down": ("stand_down",),
    "void": ("void",),
}
_BEFORE: Mapping[str, str] = {
    "awaiting_decision": "scoping", "no_review_with_ho": "scoping", "closed_no_review": "scoping",
    "commissioning": "scoping", "setting_terms": "commissioning", "gathering": "setting_terms",
    "drafting": "gathering", "consultation": "drafting", "csp_sign_off": "consultation", "signed_off": "csp_sign_off",
    "with_home_office": "signed_off", "amending": "with_home_office", "cleared": "with_home_office",
    "implementing": "cleared", "closed": "implementing", "transferred_out": "scoping", "stood_down": "commissioning",
    "scoping": "notified", "void": "notified",
}  # fmt: skip


def way_to(state: str) -> tuple[str, ...]:
    """The steps from the notification to a state."""
    return (*way_to(_BEFORE[state]), *WAYS[state]) if state in _BEFORE else ()


def log_review(
    session: Session,
    cast: Cast,
    *,
    received_on: date = RECEIVED,
    process: str = "dhr_2016",
    section_8a_from: date | None = None,
    facts: Mapping[str, FactValue] | None = None,
) -> Case:
    """A notification, just logged, with everybody of the cast who decides named for it."""
    asked = NewCase(
        process=process, partnership_id=cast.herefordshire, opened_on=received_on,
        facts={"received_on": received_on, "notification_source": "police", **(facts or {})},
        sensitivity=Sensitivity.RESTRICTED, owner_user_id=cast.people["officer"], section_8a_from=section_8a_from,
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)


def review_at(session: Session, cast: Cast, state: str, **facts: FactValue) -> Case:
    """A review in that state, by the shortest usual way."""
    case = log_review(session, cast)
    for step in way_to(state):
        take(session, cast, case, step, **facts)
    assert case.state == state
    return case


def take(
    session: Session,
    cast: Cast,
    case: Case,
    step: str,
    *,
    on: date = MONDAY,
    who: str = "",
    override: bool = True,
    **facts: FactValue,
) -> Case:
    """Take one step as whoever decides it, with an answer to all that it asks; go ahead without checklists."""
    workflow = workflow_for(case)
    move = workflow.move(step, case.state)
    assert move is not None, f"{step} does not lead out of {case.state}"
    given = {name: value for name, value in facts.items() if name in move.asks()}
    for _ in move.asks():
        here = position_of(session, workflow, case, given, on)
        missing = [
            next((n for n in unmet.facts if n not in given), "") for unmet in unmet_by(workflow, move, here)
        ]
        if not any(missing):
            break
        given |= {name: answer(workflow.fact_by_name[name].kind, name, on) for name in missing if name}
    here = position_of(session, workflow, case, given, on)
    left = (
        frozenset(unmet.name for unmet in unmet_by(workflow, move, here) if not unmet.hard)
        if override
        else frozenset()
    )
    manager = Decider.BU_OFFICER in move.decided_by or Decider.BU_MANAGER in move.decided_by or left
    asked = MoveRequest(
        case.version, on, facts=given, late_reason="Waiting for others", evidence="Minute 1",
        overridden=left, override_reason="Recorded in the minutes" if left else "",
    )  # fmt: skip
    cases.move(
        session,
        actor(session, cast, case, who or ("manager" if manager else "chair")),
        case,
        step,
        asked,
        at=NOON,
    )
    return case


def record(session: Session, cast: Cast, case: Case, *, on: date = MONDAY, **facts: FactValue) -> Case:
    """Record facts without a step."""
    asked = FactsRequest(case.version, on, facts, late_reason="Waiting for others")
    cases.record_facts(session, actor(session, cast, case, "officer"), case, asked, at=NOON)
    return case


def actor(session: Session, cast: Cast, case: Case, who: str):
    """One of the cast, named for the case."""
    from dataclasses import replace

    found = cast.actor(session, who)
    above = {case.id, case.parent_id} - {None}
    return replace(found, granted=found.granted | above)


def answer(kind: FactKind, name: str, on: date) -> FactValue:
    """A plausible answer."""
    if name in ANSWERS:
        return ANSWERS[name]
    if kind is FactKind.DATE:
        return on
    if kind in {FactKind.YES_NO, FactKind.CONFIRM}:
        return True
    return (
        "commented"
        if name == "family_tor_consultation"
        else "received"
        if name == "family_contributions_status"
        else "words"
    )


def clocks(session: Session, case: Case) -> dict[str, tuple[str, date | None]]:
    """Status and date of every clock of the case; of several rounds the last."""
    rows = session.exec(select(Deadline).where(Deadline.case_id == case.id).order_by(Deadline.id)).all()
    return {row.key: (row.status, row.due_on) for row in rows}


def days(n: int) -> timedelta:
    """So many days."""
    return timedelta(days=n)
