"""What to put right before a board pack goes out: each gap with the page where that is done."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, and_, col, func, not_, or_, select

from tracker import access
from tracker.models import Case, Letter
from tracker.policy import REVIEWS, Actor
from tracker.queries import action_list
from tracker.queries.action_rows import is_action
from tracker.queries.due_dates import Scope
from tracker.queries.quiet_leads import quiet_leads
from tracker.templating import count
from workflows.letter_kinds import KINDS
from workflows.letters import LetterState
from workflows.rag import REPORTED
from workflows.released import RELEASED

MOST_LETTERS = 10
"""Letters that are named; more of them are counted."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing, why it matters, and where it is put right."""

    text: str
    sub: str
    act: str
    href: str


def gaps(session: Session, actor: Actor, today: date) -> tuple[Gap, ...]:
    """Everything that the actor can put right, over all that they may see."""
    missing = action_list.gaps(session, actor, Scope.UNIT, today)
    no_lead = missing.no_lead + missing.lead_ended
    unverified, unassigned = _unverified(session, actor), _unassigned(session, actor)
    quiet = len(quiet_leads(session, actor, today, marks=False))
    found = (
        (no_lead, "open action", "without a lead, or led by a body that has ended", "Nobody can be asked", "Name a lead",
         "/actions?gap=lead"),
        (missing.no_date, "open action", "without a date", "It is never late, and never done", "Set a date",
         "/actions?gap=date"),
        (quiet, "agency|agencies", "with no word for 28 days or more", "The pack would say what was true then",
         "Ask for an update", "/at-risk/quiet"),
        (unverified, "action", "reported as done and not verified", "It counts as open until somebody has checked",
         "Check the evidence", f"/actions?status={REPORTED}"),
        (unassigned, "case", "without a lead officer", "Nobody here answers for it", "See the cases",
         "/cases?officer=nobody"),
    )  # fmt: skip
    said = tuple(
        Gap(f"{count(number, *noun.split('|'))} {what}", why, act, href)
        for number, noun, what, why, act, href in found
        if number
    )
    return said + _letters(session, actor)


def _unverified(session: Session, actor: Actor) -> int:
    return session.exec(
        select(func.count())
        .select_from(Case)
        .where(is_action(), access.visible(actor), Case.state == REPORTED)
    ).one()


def _unassigned(session: Session, actor: Actor) -> int:
    ended = [
        and_(
            col(Case.process) == workflow.key,
            col(Case.workflow_version) == workflow.version,
            col(Case.state).in_([state.name for state in workflow.states if state.final]),
        )
        for workflow in RELEASED.values()
        if workflow.key in REVIEWS
    ]
    return session.exec(
        select(func.count())
        .select_from(Case)
        .where(
            access.visible(actor),
            col(Case.process).in_(REVIEWS),
            col(Case.owner_user_id).is_(None),
            not_(or_(*ended)),
        )
    ).one()


def _letters(session: Session, actor: Actor) -> tuple[Gap, ...]:
    """Letters that were drafted or checked and have not gone, the oldest first."""
    rows = session.exec(
        select(Letter.kind, Case.reference)
        .join(Case, col(Case.id) == col(Letter.case_id))
        .where(col(Letter.state).in_((LetterState.DRAFTED, LetterState.CHECKED)), access.visible(actor))
        .order_by(col(Letter.id))
    ).all()
    named = tuple(
        Gap(
            f"A letter for {reference} has not been sent", KINDS[kind].name, "See the letters",
            f"/cases/{reference}/letters",
        )
        for kind, reference in rows[:MOST_LETTERS]
    )  # fmt: skip
    more = len(rows) - len(named)
    return (
        (*named, Gap(f"{count(more, 'more letter')} not sent", "", "See the cases", "/cases"))
        if more > 0
        else named
    )
