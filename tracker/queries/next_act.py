"""The one act that a row of a list names: what the reader would do next about this date."""

from dataclasses import dataclass

from tracker import access, policy
from tracker.models import Case, Deadline
from tracker.policy import ACTIONS, Actor, Permission, Subject
from tracker.queries.steps import elsewhere, recordable, slug, stops
from tracker.services.actions import OPEN_STATES
from tracker.services.positions import workflow_for
from workflows.deciders import Decider
from workflows.definition import Move, Workflow

MORE_TIME_BY = (Decider.BU_MANAGER, Decider.CSP_CHAIR)
"""Who agrees a new date for an action: see ``services.actions.decide_more_time``."""


@dataclass(frozen=True, slots=True)
class NextAct:
    """Words that say what the link does, and where it leads."""

    text: str
    href: str


def next_act(deadline: Deadline, case: Case, actor: Actor | None) -> NextAct:
    """The step that meets the date, or else recording it as done, if the actor can; otherwise the record itself."""
    if case.process in ACTIONS:
        return about_action(case, actor)
    home = f"/cases/{case.reference}"
    if actor is None:
        return NextAct("Open the case", home)
    workflow = workflow_for(case)
    subject = access.subject_with(case, ())
    for move in workflow.moves_from(case.state):
        if move.usual and _meets(workflow, move, deadline.key) and _may_take(actor, move, subject):
            return NextAct(move.label, f"{home}/steps/{slug(move.name)}")
    if policy.allows(actor, Permission.CASE_RECORD, subject):
        whose = f"/{deadline.instance}" if deadline.instance else ""
        if deadline.key in recordable(case):
            return NextAct("Record as done", f"{home}/record/{deadline.key.lower()}{whose}")
        there = elsewhere(case).get(deadline.key)
        if there is not None:
            return NextAct(there.text, f"{home}/{there.page}")
    return NextAct("Open the case", home)


def about_action(action: Case, actor: Actor | None) -> NextAct:
    """What there is to decide about an action, if anything waits for the actor's decision."""
    home = f"/actions/{action.reference}"
    subject = access.subject_with(action, ())
    asked = str(action.facts.get("update_kind", ""))
    text, address = "Open the action", home
    if actor is None:
        pass
    elif action.state == "completed_unverified":
        if policy.allows(actor, Permission.ACTION_VERIFY, subject):
            text, address = "Check the evidence", f"{home}/verify"
    elif asked == "more_time":
        decides = policy.decides(actor, MORE_TIME_BY, subject)
        text, address = (
            ("Decide on more time", f"{home}/more-time") if decides else ("See what they ask", home)
        )
    elif asked == "not_ours" and policy.allows(actor, Permission.CASE_RECORD, subject):
        text = "Find the right lead"
    elif action.state in OPEN_STATES and policy.allows(actor, Permission.ACTION_UPDATE, subject):
        text, address = "Record an update", f"{home}#update"
    return NextAct(text, address)


def _meets(workflow: Workflow, move: Move, key: str) -> bool:
    clock = workflow.clock_by_key.get(key)
    return clock is not None and (key in stops(move) or bool(set(move.asks()) & set(clock.met_by)))


def _may_take(actor: Actor, move: Move, subject: Subject) -> bool:
    return policy.decides(actor, move.decided_by, subject) or bool(
        policy.records_for(actor, move.decided_by, subject)
    )
