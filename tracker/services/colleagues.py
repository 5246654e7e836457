"""A lead asks a colleague to answer in their stead: the colleague gets a link of their own, and the unit is told.

Who leads the action does not change, and its lead can go on answering. As with whoever covers by a link, no name stands
in the history.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker import access, audit, clock, policy
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted
from tracker.models import Case, Event, Membership, Role, User
from tracker.policy import Actor, Permission
from tracker.services import link_people, update_links
from tracker.services.guarded import done_before
from tracker.services.positions import workflow_for


@dataclass(frozen=True, slots=True)
class ToColleague:
    """Who answers in the lead's stead: a name and a work address. ``seen_version`` is that of the action."""

    name: str
    email: str
    seen_version: int
    request_id: str | None = None


def with_accounts(session: Session, actor: Actor, action: Case) -> tuple[User, ...]:
    """Everybody else who signs in for the bodies for which the actor leads the action, by name."""
    bodies = actor.organisations(Role.LEAD) & access.subject_of(session, action).organisation_ids
    rows = session.exec(
        select(User)
        .join(Membership)
        .where(
            col(Membership.organisation_id).in_(bodies),
            Membership.role == Role.LEAD,
            col(Membership.to_on).is_(None),
            col(User.active).is_(True),
            User.id != actor.user_id,
        )
        .order_by(col(User.name), col(User.email))
        .distinct()
    )
    return tuple(rows.all())


def hand_over(
    session: Session, actor: Actor, action: Case, asked: ToColleague, *, secret: str, at: datetime
) -> Event:
    """Send a colleague a link of their own to what is with the actor, and tell the unit today.

    Raises:
        NotPermitted: the actor does not lead the action.
        ChangedMeanwhile: someone else changed the action after the actor opened it.
        BadInput: the action has ended, or the colleague is the actor.
        AskedTooOften: three were sent on account of the actor's link within the day.
    """
    if before := done_before(session, action, asked.request_id):
        return before
    subject = access.subject_of(session, action)
    leads = actor.organisations(Role.LEAD) & subject.organisation_ids
    if not leads or not policy.allows(actor, Permission.ACTION_UPDATE, subject):
        raise NotPermitted("Only whoever leads an action hands it to a colleague.")
    if action.version != asked.seen_version:
        raise ChangedMeanwhile(action.reference)
    if workflow_for(action).state_by_name[action.state].final:
        raise BadInput("This action has ended, so nobody has to answer for it.")
    mine = actor.email.lower()
    if asked.email.lower() == mine:
        raise BadInput("Name a colleague: this is your own address.")
    link = update_links.find(session, secret, update_links.carry(session, secret, mine, at), at)
    event = audit.record(
        session, action, actor, Happened.OWNER_CHANGED,
        name="to_colleague", occurred_on=clock.london(at), at=at, request_id=asked.request_id,
    )  # fmt: skip
    session.flush()
    link_people.cover(
        session, link, name=asked.name, email=asked.email.lower(), about=[action], secret=secret,
        request_id=asked.request_id, at=at,
    )  # fmt: skip
    session.flush()
    return event
