"""The letter templates of a partnership as their page shows them."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import clock
from tracker.models import Partnership, Role, User
from tracker.policy import Actor
from tracker.services import letter_templates
from workflows.letter_kinds import KINDS
from workflows.letters import VALUES, LetterKind


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One kind, and the partnership's own template of it; ``own`` is empty where the default is used."""

    kind: LetterKind
    own: str
    since: date | None
    by: str


def places(session: Session, actor: Actor) -> tuple[Partnership, ...]:
    """The partnerships whose templates the actor changes."""
    ids = actor.partnerships(Role.MANAGER)
    return tuple(
        session.exec(
            select(Partnership).where(col(Partnership.id).in_(ids)).order_by(col(Partnership.name))
        ).all()
    )


def rows(session: Session, partnership: Partnership) -> tuple[TemplateRow, ...]:
    """Every kind of letter with the template that is used."""
    used = letter_templates.active(session, partnership.id or 0)
    who = {row.uploaded_by_id for row in used.values()} - {None}
    names = {user.id: user.name for user in session.exec(select(User).where(col(User.id).in_(who))).all()}
    return tuple(
        TemplateRow(
            kind,
            used[kind.code].name if kind.code in used else "",
            clock.london(used[kind.code].uploaded_at) if kind.code in used else None,
            names.get(used[kind.code].uploaded_by_id, "") if kind.code in used else "",
        )
        for kind in KINDS.values()
    )


def tags(kind: LetterKind) -> tuple[tuple[str, str, bool], ...]:
    """The names that a template of this kind may use: name, meaning, whether the letter must have it."""
    own = [(prose.name, prose.label, not prose.optional) for prose in kind.prose]
    return (*own, *((value.name, value.label, value.name in kind.values) for value in VALUES.values()))
