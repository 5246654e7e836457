"""The Word templates of a partnership: taken after they were judged, replaced by a newer one or by the default."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker import policy
from tracker.errors import BadInput, NotPermitted
from tracker.letters import checking, filling
from tracker.models import Case, LetterTemplate, Partnership
from tracker.policy import Actor, Permission, Subject
from tracker.services.policies import policy_for
from workflows.facts import tidy
from workflows.letter_kinds import KINDS

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Taken:
    """The template that a new letter takes: ``name`` is ``default`` or the number of an uploaded one."""

    name: str
    document: bytes
    digest: str


def template_for(session: Session, partnership_id: int, code: str) -> Taken:
    """The partnership's own template of a kind if it has one, else the default."""
    own = active(session, partnership_id).get(code)
    if own is not None:
        return Taken(str(own.id), own.document, own.digest)
    document = filling.default_template(code)
    return Taken(DEFAULT, document, filling.digest(document))


def active(session: Session, partnership_id: int) -> dict[str, LetterTemplate]:
    """The templates that a partnership uses, by kind."""
    rows = session.exec(
        select(LetterTemplate)
        .where(LetterTemplate.partnership_id == partnership_id, col(LetterTemplate.active).is_(True))
        .order_by(col(LetterTemplate.id))
    ).all()
    return {row.kind: row for row in rows}


def upload(
    session: Session,
    actor: Actor,
    partnership: Partnership,
    code: str,
    name: str,
    document: bytes,
    *,
    at: datetime,
) -> LetterTemplate:
    """Take a template for one kind of letter. Letters that are drafted already stay as they are.

    Raises:
        NotPermitted: the actor does not manage the partnership's templates.
        BadInput: everything that keeps the file from being such a template, a sentence each.
    """
    _require(actor, partnership)
    kind = KINDS.get(code)
    if kind is None:
        raise BadInput("Choose one of the letters.")
    if found := checking.faults(document, kind):
        raise BadInput(" ".join(found))
    back_to_default(session, actor, partnership, code)
    row = LetterTemplate(
        partnership_id=partnership.id or 0,
        kind=code,
        name=tidy(name)[:100] or kind.name,
        document=document,
        digest=filling.digest(document),
        uploaded_by_id=actor.user_id,
        uploaded_at=at,
    )
    session.add(row)
    session.flush()
    return row


def back_to_default(session: Session, actor: Actor, partnership: Partnership, code: str) -> None:
    """Let new letters of this kind take the default template again. The partnership's own stays on record.

    Raises:
        NotPermitted: the actor does not manage the partnership's templates.
    """
    _require(actor, partnership)
    for row in session.exec(
        select(LetterTemplate).where(
            LetterTemplate.partnership_id == partnership.id,
            LetterTemplate.kind == code,
            col(LetterTemplate.active).is_(True),
        )
    ).all():
        row.active = False
        session.add(row)
    session.flush()


def checked_by_another(session: Session, case: Case) -> bool:
    """Whether the procedure that the case keeps says that whoever drafts a letter does not check it."""
    version = policy_for(session, case)
    return version is not None and version.letters_checked_by_another


def _require(actor: Actor, partnership: Partnership) -> None:
    if not policy.allows(actor, Permission.LETTER_TEMPLATES, Subject(partnership_id=partnership.id)):
        raise NotPermitted("Only a manager of the partnership changes its letter templates.")
