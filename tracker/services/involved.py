"""Who had a part in a case before: nobody of them looks at it again (docs/asb-case-review.md 5.4)."""

from sqlmodel import Session, col, select

from tracker.audit import Happened
from tracker.models import Case, CaseGrant, CaseParty, Event, Membership, Role, User
from workflows.definition import Workflow
from workflows.facts import FactKind, FactValue
from workflows.position import Position
from workflows.released import workflow_of

_DECISIONS = ("decide_met", "decide_not_met")
_ROLES = ("review_chair",)
_PANEL = ("chair", "panel")


def before(session: Session, _workflow: Workflow, case: Case, _here: Position) -> dict[str, FactValue]:
    """For a request for a second look: the contacts, decision-makers, chair and panel of the case above.

    E-mail addresses, names and roles in small letters.
    """
    if case.process != "dissatisfaction" or case.parent_id is None:
        return {}
    parent = session.get_one(Case, case.parent_id)
    above = workflow_of(parent.process, parent.workflow_version)
    people = {fact.name for fact in above.facts if fact.kind is FactKind.PERSON}
    events = session.exec(select(Event).where(Event.case_id == parent.id)).all()
    said = {
        str(value).casefold() for e in events for name, value in e.facts.items() if name in (*people, *_ROLES)
    }
    ids = {parent.owner_user_id} | {
        event.actor_id
        for event in events
        if event.kind == Happened.CASE_MOVED
        and event.name in _DECISIONS
        and not event.detail.get("on_behalf_of")
    }
    parties = select(CaseParty.user_id).where(CaseParty.case_id == parent.id, col(CaseParty.part).in_(_PANEL))
    panel = (
        select(CaseGrant.user_id)
        .join(Membership, col(Membership.user_id) == col(CaseGrant.user_id))
        .where(CaseGrant.case_id == parent.id, Membership.role == Role.PANEL)
    )
    rows = session.exec(
        select(User).where(
            col(User.id).in_(ids - {None})
            | col(User.id).in_(parties)
            | col(User.id).in_(panel)
            | col(User.email).in_(said)
        )
    ).all()
    named = {each.casefold() for user in rows for each in (user.email, user.name)}
    return {"involved_before": tuple(sorted(said | named))}
