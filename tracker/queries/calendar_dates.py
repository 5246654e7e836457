"""Which dates a calendar shows: whose, and of which sort. The pages and the private feed ask the same conditions."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_, select

from tracker.models import Case, DateKind, Deadline, FeedScope, Organisation
from tracker.policy import Actor
from tracker.queries.date_words import PLAN_DATE, kind_words
from tracker.queries.due_dates import Scope, in_scope

SCOPES = {
    FeedScope.ALL: "All that I may see",
    FeedScope.MINE: "Mine",
    FeedScope.AGENCY: "My agency's",
}
"""Whose dates, in words."""

KINDS = {
    DateKind.STATUTE: "Statutory duties",
    DateKind.GUIDANCE: "Guidance",
    DateKind.LOCAL: "Local targets",
    DateKind.PLAN: "Plan dates",
}
"""Sorts of dates, in words."""


def whose(actor: Actor, scope: FeedScope) -> ColumnElement[bool]:
    """Of what the actor may see, what the scope leaves. The actor's agency leads the case or owes the date."""
    if scope is not FeedScope.AGENCY:
        return in_scope(actor, Scope.MINE if scope is FeedScope.MINE else Scope.UNIT)
    keys = select(Organisation.key).where(Organisation.id == actor.organisation_id)
    return and_(
        in_scope(actor, Scope.UNIT),
        or_(
            and_(
                col(Case.owner_organisation_id) == actor.organisation_id,
                col(Case.owner_organisation_id).is_not(None),
            ),
            col(Deadline.instance).in_(keys),
        ),
    )


def of_kinds(kinds: Iterable[DateKind]) -> ColumnElement[bool]:
    """Dates of one of these sorts; of none given, every date."""
    wanted = set(kinds)
    if not wanted:
        return col(Deadline.id).is_not(None)
    planned = col(Deadline.key) == PLAN_DATE
    forces = [str(kind) for kind in wanted if kind is not DateKind.PLAN]
    clauses = [and_(~planned, col(Deadline.force).in_(forces))] if forces else []
    return or_(*clauses, planned) if DateKind.PLAN in wanted else or_(*clauses)


def kind_of(deadline: Deadline) -> str:
    """``local target``: the sort of a date, without its length."""
    words = kind_words(deadline.key, deadline.force, length_local=deadline.length_local, period=None)
    return words.removesuffix(", the date is entered").lower()
