"""Whose a case is: the officer who leads it, and the organisation that has it now."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from tracker.models import Case, Organisation, User
from tracker.policy import Actor
from tracker.services import grants
from tracker.services.recording import OWNER_FACTS
from workflows.effects import HandTo
from workflows.facts import FactValue


def take_owner(
    session: Session, actor: Actor, case: Case, facts: Mapping[str, FactValue], *, at: datetime
) -> None:
    """Whoever these facts name as lead officer or contact has the case from now on, and what was theirs under it."""
    for name in OWNER_FACTS:
        if email := facts.get(name):
            before = case.owner_user_id
            case.owner_user_id = session.exec(select(User.id).where(User.email == str(email).lower())).one()
            for child in session.exec(
                select(Case).where(Case.parent_id == case.id, Case.owner_user_id == before)
            ).all():
                child.owner_user_id = case.owner_user_id
                session.add(child)
            session.flush()
            grants.for_lead_officer(session, actor, case, at=at)


def hand_to(session: Session, case: Case, effect: HandTo) -> None:
    """The organisation that the fact names can open the case from now on, and is the one to be reminded."""
    key = case.facts.get(effect.fact)
    if key:
        case.owner_organisation_id = session.exec(
            select(Organisation.id).where(Organisation.key == str(key))
        ).first()
        session.add(case)
