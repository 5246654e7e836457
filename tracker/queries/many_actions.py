"""Several actions at once: who leads each now, before all of them get another lead."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access
from tracker.errors import NotPermitted, NotVisible
from tracker.models import Case, Organisation
from tracker.policy import ACTIONS, Actor, Permission, allows
from tracker.queries import choices
from tracker.services.positions import workflow_for


@dataclass(frozen=True, slots=True)
class LedAction:
    """One action with its lead. ``lead`` is the key of the body; ``ended``: nobody has to take it on any more."""

    reference: str
    text: str
    lead: str
    lead_name: str
    version: int
    ended: bool


@dataclass(frozen=True, slots=True)
class LedActions:
    """The actions in the order of their references, and the bodies that can lead all of them."""

    rows: tuple[LedAction, ...]
    bodies: choices.Choices

    @property
    def seen(self) -> str:
        """As what each was seen, to travel in a form."""
        return " ".join(f"{row.reference}:{row.version}" for row in self.rows)


def led_actions(session: Session, actor: Actor, references: Collection[str], on: date) -> LedActions:
    """The actions, all of them the reader's to record on.

    Raises:
        NotVisible: one of them is not there, or not theirs to see.
        NotPermitted: the reader does not record things on one of them.
    """
    found = session.exec(
        select(Case, Organisation)
        .outerjoin(Organisation, col(Organisation.id) == col(Case.owner_organisation_id))
        .where(
            col(Case.reference).in_(list(references)), col(Case.process).in_(ACTIONS), access.visible(actor)
        )
        .order_by(col(Case.reference))
    ).all()
    if len(found) != len(set(references)):
        raise NotVisible("There is no such action, or it is not yours to see.")
    for action, _ in found:
        if not allows(actor, Permission.CASE_RECORD, access.subject_with(action, ())):
            raise NotPermitted("Only the partnership's business unit says who leads an action.")
    places = {action.partnership_id for action, _ in found}
    offered = [choices.organisations(session, place, on) for place in sorted(places)]
    common = set.intersection(*(set(each) for each in offered)) if offered else set()
    return LedActions(
        rows=tuple(
            LedAction(
                action.reference,
                action.title,
                body.key if body else "",
                body.name if body else "No lead",
                action.version,
                workflow_for(action).state_by_name[action.state].final,
            )
            for action, body in found
        ),
        bodies=tuple(sorted(common, key=lambda one: one[1].lower())),
    )
