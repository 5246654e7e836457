"""Search: references, agencies, words in actions and recommendations, and what a process is called. A restricted case is found only by those who may open it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from tracker import access
from tracker.models import Case, Organisation, Partnership, Sensitivity
from tracker.policy import ACTIONS, Actor
from tracker.queries.action_list import led_by
from tracker.queries.due_dates import address_of
from tracker.queries.paging import PER_PAGE
from tracker.queries.recommendations import RECOMMENDATION
from tracker.services.positions import workflow_for
from tracker.services.process_names import is_called, process_name, shown_on, words_to_find

WORDED = ACTIONS | {RECOMMENDATION}
"""Processes whose own words are searched, where they are not restricted."""

SHORTEST = 2
"""Letters below which nearly everything would be found."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found. ``text`` are the words of an action, or what sort of case it is."""

    reference: str
    href: str
    text: str
    state: str
    agency: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, and whether there is more than is shown."""

    rows: tuple[Hit, ...]
    more: bool


def search(session: Session, actor: Actor, words: str) -> Hits:
    """Find every one of the words: in the reference, a lead agency, the text of an action or recommendation, or the name of a process."""
    asked = words_to_find(words)
    if sum(len(word) for word in asked) < SHORTEST:
        return Hits((), more=False)
    rows = session.exec(
        select(Case, Partnership, Organisation)
        .select_from(Case)
        .join(Partnership, col(Partnership.id) == col(Case.partnership_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Case.owner_organisation_id))
        .where(access.visible(actor), *(_holds(word) for word in asked))
        .order_by(col(Case.closed_on).is_not(None), col(Case.reference))
        .limit(PER_PAGE + 1)
    ).all()
    names = shown_on(session, (case for case, _, _ in rows))
    hits = tuple(_hit(*row, names.get(row[0].policy_id, "")) for row in rows[:PER_PAGE])
    return Hits(hits, more=len(rows) > PER_PAGE)


def _holds(word: str) -> ColumnElement[bool]:
    open_action = and_(col(Case.process).in_(WORDED), col(Case.sensitivity) == Sensitivity.OPEN)
    return or_(
        col(Case.reference).contains(word.upper(), autoescape=True),
        and_(open_action, col(Case.title).icontains(word, autoescape=True)),
        and_(open_action, led_by(col(Organisation.name).icontains(word, autoescape=True))),
        is_called(word),
    )


def _hit(case: Case, partnership: Partnership, body: Organisation | None, shown: str) -> Hit:
    workflow = workflow_for(case)
    return Hit(
        reference=case.reference,
        href=f"/recommendations/{case.reference}" if case.process == RECOMMENDATION else address_of(case),
        text=case.title
        if case.process in WORDED and case.title
        else process_name(partnership, workflow, shown),
        state=workflow.state_by_name[case.state].label,
        agency=body.name if body else "",
    )
