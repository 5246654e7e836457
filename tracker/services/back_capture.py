"""Reviews that ran before the tracker was there: brought in at their present state with the dates that are known.

docs/domestic-homicide-review.md 4.3, back-capture. Every step on the usual way becomes an event that is marked as
imported, on its true day and in its order, so that clocks run from the true dates and an old lateness shows as imported.
Nobody is told of a step that lies in the past. What the steps ask for is not demanded again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from tracker import audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, NotPermitted
from tracker.models import Case, Partnership, ReviewTask, Sensitivity
from tracker.policy import Actor, Permission, Subject
from tracker.services import acts, clocks, lead_officers, tasks
from tracker.services.asked import MoveRequest, NewCase
from tracker.services.guarded import opened_before
from tracker.services.positions import position_of, workflow_for
from tracker.services.recording import as_stored, facts_of, fitting
from tracker.services.references import hold
from tracker.services.regimes import REGIMES, must_fit
from workflows.facts import FactKind, FactValue

WORDS = "Brought in from earlier records"
DAYS: Mapping[str, str] = {
    "begin_scoping": "received_on",
    "submit_for_decision": "decision_on",
    "decide_to_review": "decision_on",
    "decide_no_review": "decision_on",
    "ho_accepts_no_review": "ho_response_on",
    "convene_panel": "chair_appointed_on",
    "agree_terms": "tor_agreed_on",
    "start_drafting": "",
    "start_consultation": "family_offered_draft_on",
    "submit_to_csp": "csp_meeting_on",
    "sign_off": "signed_off_on",
    "submit_to_home_office": "submitted_on",
    "ho_clears": "feedback_letter_on",
    "ho_clears_with_amendments": "feedback_letter_on",
    "ho_requires_resubmission": "feedback_letter_on",
    "publish": "published_on",
    "withhold_publication": "withhold_decided_on",
    "close": "closed_on",
}
"""The fact that gives the day of each step; without it, the step happened on the day of the one before."""

_DECIDED = ("begin_scoping", "submit_for_decision", "decide_to_review")
_DRAFTED = (*_DECIDED, "convene_panel", "agree_terms", "start_drafting")
_SUBMITTED = (*_DRAFTED, "start_consultation", "submit_to_csp", "sign_off", "submit_to_home_office")
_CLEARED = (*_SUBMITTED, "ho_clears")
WAYS: Mapping[str, tuple[str, ...]] = {
    "notified": (),
    "scoping": _DECIDED[:1],
    "awaiting_decision": _DECIDED[:2],
    "no_review_with_ho": (*_DECIDED[:2], "decide_no_review"),
    "closed_no_review": (*_DECIDED[:2], "decide_no_review", "ho_accepts_no_review"),
    "commissioning": _DECIDED,
    "setting_terms": _DRAFTED[:4],
    "gathering": _DRAFTED[:5],
    "drafting": _DRAFTED,
    "consultation": _SUBMITTED[:7],
    "csp_sign_off": _SUBMITTED[:8],
    "signed_off": _SUBMITTED[:9],
    "with_home_office": _SUBMITTED,
    "amending": (*_SUBMITTED, "ho_requires_resubmission"),
    "cleared": _CLEARED,
    "implementing": (*_CLEARED, "publish"),
    "closed": (*_CLEARED, "publish", "close"),
}
"""The usual way to each state that a review can be brought in at."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A review to bring in. ``facts`` holds the dates that are known and whatever else is; ``steps`` the days of steps
    that no fact names (``start_drafting``). ``received_on`` is needed, and ``decision_on`` once it was decided.
    """

    partnership_id: int
    state: str
    facts: Mapping[str, FactValue]
    steps: Mapping[str, date] = field(default_factory=dict)
    process: str = "dhr_2016"
    owner_user_id: int | None = None
    section_8a_from: date | None = None
    request_id: str | None = None


def import_case(session: Session, actor: Actor, asked: Brought, *, at: datetime) -> Case:
    """Bring a review in.

    Raises:
        NotPermitted: the actor is no manager of the partnership.
        NotPossible: it is a review under section 8A, which is not in force for it.
        BadInput: a date is missing, lies ahead or runs backwards, there is no usual way to the state, or the lead officer
            does not work in the partnership's business unit.
    """
    if not policy.allows(actor, Permission.REVIEW_BRING_IN, Subject(partnership_id=asked.partnership_id)):
        raise NotPermitted("Only a business unit manager brings in reviews that are already running.")
    if asked.process not in REGIMES or asked.state not in WAYS:
        raise BadInput("A review cannot be brought in at that state.")
    partnership = hold(session, asked.partnership_id)
    if again := opened_before(session, actor, asked.request_id):
        return again
    received = asked.facts.get("received_on")
    if not isinstance(received, date):
        raise BadInput("Enter the date the death came to the partnership's attention.")
    must_fit(asked.process, received, asked.section_8a_from)
    lead_officers.must_fit(
        session,
        asked.owner_user_id,
        asked.process,
        asked.partnership_id,
        opened_on=received,
        today=time.london(at),
    )
    way = WAYS[asked.state]
    if asked.facts.get("publication_status") == "withheld":
        way = tuple("withhold_publication" if step == "publish" else step for step in way)
    if asked.facts.get("qa_outcome") == "publish_after_amendments" and asked.state == "amending":
        way = (*way[:-1], "ho_clears_with_amendments")
    days = _days(way, asked, received, time.london(at))
    case = _opened(session, actor, partnership, asked, received, at=at)
    left = _left(session, case, asked.facts, at)
    for number, step in enumerate(way):
        until = days[number]
        later = {DAYS[each] for each in way[number + 1 :]}
        now = {name: left.pop(name) for name in _due(left, step, until) if name not in later}
        _take(session, actor, case, step, now, until, at=at)
    if left:
        _note(session, actor, case, left, at=at)
    _settle_old_tasks(session, case)
    return case


def _days(way: tuple[str, ...], asked: Brought, received: date, today: date) -> list[date]:
    """The day of each step, never before the one before it.

    Raises:
        BadInput: a date lies ahead or runs backwards, or the day of the decision is missing.
    """
    days: list[date] = []
    last, label = received, "the day it was received"
    for step in way:
        known = asked.steps.get(step) or asked.facts.get(DAYS[step])
        if DAYS[step] == "decision_on" and known is None and step != "submit_for_decision":
            raise BadInput("Enter the date of the decision.")
        day = known if isinstance(known, date) else last
        if step == "submit_for_decision" and known is None:
            day = last
        if day > today:
            raise BadInput("Every date must be today or in the past.")
        if day < last:
            raise BadInput(f"The day of “{step.replace('_', ' ')}” must not be before {label}.")
        last, label = day, f"the day of “{step.replace('_', ' ')}”"
        days.append(day)
    return days


def _opened(
    session: Session, actor: Actor, partnership: Partnership, asked: Brought, received: date, *, at: datetime
) -> Case:
    given: dict[str, FactValue] = {"received_on": received}
    given |= {
        name: asked.facts[name] for name in ("notification_source", "aware_on") if asked.facts.get(name)
    }
    new = NewCase(
        process=asked.process, partnership_id=asked.partnership_id, opened_on=received, facts=given,
        sensitivity=Sensitivity.RESTRICTED, owner_user_id=asked.owner_user_id, imported=True,
        request_id=asked.request_id,
    )  # fmt: skip
    return acts.open_case(session, actor, partnership, new, today=time.london(at), at=at)


def _left(session: Session, case: Case, facts: Mapping[str, FactValue], at: datetime) -> dict[str, FactValue]:
    """What is still to be recorded, checked as any fact is."""
    workflow = workflow_for(case)
    kept = fitting(session, workflow, facts, today=time.london(at), partnership_id=case.partnership_id)
    set_by_steps = {"publication_status", "qa_outcome", "legal_basis", "submission_no"}
    return {name: value for name, value in kept.items() if name not in {*case.facts, *set_by_steps}}


def _due(left: Mapping[str, FactValue], step: str, until: date) -> list[str]:
    """What was so by the day of the step: its own date, earlier dates, and on the first step all that has no date."""
    return [
        name
        for name, value in left.items()
        if (value <= until if isinstance(value, date) else step == "begin_scoping")
    ]


def _take(
    session: Session,
    actor: Actor,
    case: Case,
    step: str,
    facts: dict[str, FactValue],
    on: date,
    *,
    at: datetime,
) -> None:
    workflow = workflow_for(case)
    move = workflow.move(step, case.state)
    if move is None:
        raise BadInput("A review cannot be brought in at that state.")
    position = position_of(session, workflow, case, facts, time.london(at))
    asked = MoveRequest(case.version, on, facts=facts, late_reason=WORDS)
    acts.take(
        session, actor, case, move, position, facts, asked, to_state=move.to, detail={"imported": True}, at=at
    )


def _note(session: Session, actor: Actor, case: Case, facts: dict[str, FactValue], *, at: datetime) -> None:
    """What became known after the last step, on the latest of its days."""
    workflow = workflow_for(case)
    days = [
        value
        for name, value in facts.items()
        if isinstance(value, date) and workflow.fact_by_name[name].kind is FactKind.DATE
    ]
    on = min(max(days, default=case.state_since_on), time.london(at))
    foreseen = clocks.foresee(
        session, case, workflow, (), {**facts_of(workflow, case), **facts},
        new_facts=facts, occurred_on=on, words=WORDS,
    )  # fmt: skip
    event = audit.record(
        session, case, actor, Happened.FACTS_RECORDED,
        occurred_on=on, at=at, reason=WORDS, facts=as_stored(facts), detail={"imported": True},
    )  # fmt: skip
    session.flush()
    clocks.carry_out(session, case, foreseen, event=event, at=at, late_reason=WORDS)
    session.flush()


def _settle_old_tasks(session: Session, case: Case) -> None:
    """The checklists of states that it has left are not asked for again, and what was late long ago is told."""
    for task in session.exec(
        select(ReviewTask).where(
            ReviewTask.case_id == case.id,
            or_(ReviewTask.state != case.state, col(ReviewTask.key).startswith(tasks.LATE)),
        )
    ).all():
        task.not_needed_reason = WORDS
        session.add(task)
    session.flush()
