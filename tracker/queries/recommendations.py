"""Recommendations of every review the reader may open: searched, with what was answered, what is done, whether it held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker import access
from tracker.models import Case
from tracker.policy import REVIEWS, Actor, Permission, allows
from tracker.queries.action_rows import FINAL, is_action
from tracker.queries.choices import bodies
from tracker.queries.paging import PER_PAGE, Paged, page_within, whole
from tracker.services.positions import workflow_for
from tracker.services.process_names import words_to_find
from tracker.templating import count, day_month
from workflows.likeness import LIKE, likeness, stems
from workflows.released import RELEASED

RECOMMENDATION = "recommendation"
SCOPES: Mapping[str, str] = {"local": "Local", "regional": "Regional", "national": "National"}
ALIKE_SHOWN = 3
RESPONSES: Mapping[str, str] = {
    state.name: state.label for w in RELEASED.values() if w.key == RECOMMENDATION for state in w.states
}
"""What has become of a recommendation, by its state."""

_TAGS: Mapping[str, str] = {
    "drafted": "hold", "sent": "waiting", "acknowledged": "waiting", "replied_accepted": "good",
    "replied_partly": "queries", "replied_already_happening": "good",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecommendationFilters:
    """What the list is narrowed to: words of the recommendation or its reference, a theme, a scope, a state."""

    q: str = ""
    theme: str = ""
    scope: str = ""
    response: str = ""


@dataclass(frozen=True, slots=True)
class RecommendationShown:
    """One recommendation. ``parent`` is the review, if the reader may open it; ``held`` says whether the change lasted.

    ``way`` are the days of a national one: sent, acknowledged, replied.
    """

    reference: str
    href: str
    text: str
    theme: str
    scope: str
    number: str
    parent: str
    to: str
    response: str
    response_tag: str
    way: str
    actions: int
    actions_words: str
    held: str


def recommendations(
    session: Session, actor: Actor, filters: RecommendationFilters, *, page: int = 1
) -> Paged[RecommendationShown]:
    """One page of them, the newest reference first."""
    conditions = _conditions(actor, filters)
    total = session.exec(select(func.count(col(Case.id))).where(*conditions)).one()
    page = page_within(page, total)
    rows = session.exec(_newest(conditions).offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return Paged(shown(session, actor, rows), total, page)


def every_recommendation(
    session: Session, actor: Actor, filters: RecommendationFilters
) -> Paged[RecommendationShown]:
    """All of them, for a file."""
    return whole(shown(session, actor, session.exec(_newest(_conditions(actor, filters))).all()))


def themes(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The themes of the recommendations that the reader may see."""
    theme = col(Case.facts)["theme"].as_string()
    rows = session.exec(
        select(theme).where(access.visible(actor), Case.process == RECOMMENDATION).distinct()
    ).all()
    return tuple((one, one) for one in sorted(str(one) for one in rows if one))


SHOWN = 3
"""How many of those alike a page shows."""


def alike(
    session: Session, actor: Actor, text: str, *, before: int | None = None
) -> tuple[RecommendationShown, ...]:
    """Those like these words, the most alike first: only among what the reader may see, and always in the same order.

    ``before`` leaves out that one and those that were written down after it.
    """
    asked = stems(text)
    rows = session.exec(select(Case).where(access.visible(actor), Case.process == RECOMMENDATION)).all()
    found = [
        (-near, row.reference, row)
        for row in rows
        if (before is None or (row.id or 0) < before) and (near := likeness(asked, stems(row.title))) >= LIKE
    ]
    return shown(session, actor, [row for *_, row in sorted(found, key=lambda one: one[:2])])


def alike_words(found: Sequence[RecommendationShown]) -> str:
    """``3 like this were made before``."""
    return f"{count(len(found), 'like this was', 'like this were')} made before" if found else ""


def open_reviews(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The reviews that the reader can add to, by reference."""
    rows = session.exec(
        select(Case)
        .where(access.visible(actor), col(Case.process).in_(REVIEWS), col(Case.closed_on).is_(None))
        .order_by(col(Case.reference))
    ).all()
    able = [row for row in rows if allows(actor, Permission.CASE_RECORD, access.subject_with(row, ()))]
    return tuple(
        (row.reference, f"{row.reference}, {workflow_for(row).state_by_name[row.state].label}")
        for row in able
    )


def shown(session: Session, actor: Actor, rows: Sequence[Case]) -> tuple[RecommendationShown, ...]:
    """The rows as a page shows them; what belongs to many rows is read in one query for all."""
    names = bodies(session, {str(row.facts.get("recipient", "")) for row in rows})
    parents = _parents(session, actor, {row.parent_id for row in rows})
    actions = _actions(session, actor, rows)
    return tuple(
        _row(row, names, parents.get(row.parent_id or 0, ""), actions.get(row.reference, ())) for row in rows
    )


def _row(row: Case, names: Mapping[str, str], parent: str, actions: Sequence[Case]) -> RecommendationShown:
    facts = row.facts
    key = str(facts.get("recipient") or "")
    going = sum(one.state not in FINAL for one in actions)
    return RecommendationShown(
        reference=row.reference,
        href=f"/recommendations/{row.reference}",
        text=row.title or str(facts.get("recommendation_text", "")),
        theme=str(facts.get("theme") or ""),
        scope=SCOPES.get(str(facts.get("kind", "")), ""),
        number=str(facts.get("number") or ""),
        parent=parent,
        to=names.get(key, key) or str(facts.get("addressed_to") or "Not recorded"),
        response=RESPONSES.get(row.state, row.state),
        response_tag=_TAGS.get(row.state, "closed"),
        way=way_of(row),
        actions=len(actions),
        actions_words=f"{len(actions)}, {going} open" if actions else "None yet",
        held=_held(actions),
    )


def way_of(row: Case) -> str:
    """``Sent 21 October 2026, acknowledged 3 November 2026, no reply yet``; only what has happened."""
    days = {name: row.facts.get(f"{name}_on") for name in ("sent", "acknowledged", "replied")}
    said = [f"{name} {day_month(date.fromisoformat(str(on)))}" for name, on in days.items() if on]
    if said and not days["replied"] and row.closed_on is None:
        said.append("no reply yet")
    words = ", ".join(said) or "Not sent yet"
    return words[:1].upper() + words[1:]


def _held(actions: Iterable[Case]) -> str:
    """Whether what was done lasted: somebody looked after a while, or an action had to be opened again."""
    facts = [one.facts for one in actions]
    if not facts:
        return "No action yet"
    if any(one.get("reopen_reason") for one in facts):
        return "No, an action was opened again"
    looked = [str(one["impact_checked_on"]) for one in facts if one.get("impact_checked_on")]
    if looked:
        return f"Looked at on {day_month(date.fromisoformat(max(looked)))}"
    coming = [str(one["impact_check_on"]) for one in facts if one.get("impact_check_on")]
    return f"Look on {day_month(date.fromisoformat(min(coming)))}" if coming else "Not looked at yet"


def _conditions(actor: Actor, filters: RecommendationFilters) -> list[ColumnElement[bool]]:
    conditions = [access.visible(actor), col(Case.process) == RECOMMENDATION]
    if filters.theme:
        conditions.append(col(Case.facts)["theme"].as_string() == filters.theme)
    if filters.scope in SCOPES:
        conditions.append(col(Case.facts)["kind"].as_string() == filters.scope)
    if filters.response in RESPONSES:
        conditions.append(col(Case.state) == filters.response)
    conditions += [
        or_(
            col(Case.title).icontains(word, autoescape=True),
            col(Case.reference).contains(word.upper(), autoescape=True),
        )
        for word in words_to_find(filters.q)
    ]
    return conditions


def _newest(conditions: Sequence[ColumnElement[bool]]) -> SelectOfScalar[Case]:
    return select(Case).where(*conditions).order_by(col(Case.opened_on).desc(), col(Case.reference).desc())


def _parents(session: Session, actor: Actor, ids: set[int | None]) -> Mapping[int, str]:
    rows = session.exec(
        select(Case.id, Case.reference).where(col(Case.id).in_(ids - {None}), access.visible(actor))
    ).all()
    return {number or 0: reference for number, reference in rows}


def _actions(session: Session, actor: Actor, rows: Sequence[Case]) -> Mapping[str, tuple[Case, ...]]:
    """The actions that answer each, as far as the reader may see them."""
    named = col(Case.facts)["recommendation_ref"].as_string()
    found: dict[str, tuple[Case, ...]] = {}
    for action in session.exec(
        select(Case)
        .where(is_action(), access.visible(actor), named.in_([row.reference for row in rows]))
        .order_by(col(Case.reference))
    ).all():
        behind = str(action.facts["recommendation_ref"])
        found[behind] = (*found.get(behind, ()), action)
    return found
