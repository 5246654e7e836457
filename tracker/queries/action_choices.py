"""What the filters of Actions offer: the plans, cases, agencies, people and themes of the actions that one may see."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy
from sqlmodel import Session, and_, col, select

from tracker import access
from tracker.models import ActionDetails, Case, Membership, Organisation, Plan, User
from tracker.policy import Actor
from tracker.queries.action_rows import holds_lead, is_action
from tracker.queries.choices import apart

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ActionChoices:
    """Each by its value in an address and its words: plans and agencies by key, cases by reference, people by number."""

    plans: Choices = ()
    cases: Choices = ()
    agencies: Choices = ()
    leads: Choices = ()
    themes: Choices = ()


def choices(session: Session, actor: Actor, on: date) -> ActionChoices:
    """What the reader can narrow the list to."""
    # More columns than SQLModel's own `select` has types for.
    rows = (
        session.connection()
        .execute(
            sqlalchemy.select(
                col(Organisation.key),
                col(Organisation.name),
                col(Plan.key),
                col(Plan.name),
                col(Plan.starts_on),
                col(ActionDetails.theme),
                col(User.id),
                col(User.name),
                col(User.email),
            )
            .select_from(Case)
            .outerjoin(Organisation, col(Organisation.id) == col(Case.owner_organisation_id))
            .outerjoin(
                Membership, and_(col(Membership.organisation_id) == col(Organisation.id), holds_lead(on))
            )
            .outerjoin(User, and_(col(User.id) == col(Membership.user_id), col(User.active).is_(True)))
            .outerjoin(ActionDetails, col(ActionDetails.case_id) == col(Case.id))
            .outerjoin(Plan, col(Plan.id) == col(ActionDetails.plan_id))
            .where(is_action(), access.visible(actor))
            .distinct()
        )
        .all()
    )
    bodies = {key: name for key, name, *_ in rows if key}
    plans = {
        key: (-(starts_on or date.min).toordinal(), name) for _, _, key, name, starts_on, *_ in rows if key
    }
    people = [(number, name, body, email) for _, body, *_, number, name, email in rows if number]
    leads = apart(
        {number: name for number, name, *_ in people},
        {number: body for number, _, body, _ in people},
        {number: email for number, *_, email in people},
    )
    return ActionChoices(
        plans=tuple((key, plans[key][1]) for key in sorted(plans, key=lambda key: plans[key])),
        cases=_cases(session, actor),
        agencies=tuple(sorted(bodies.items(), key=lambda one: one[1].lower())),
        leads=tuple((str(number), name) for number, name in sorted(leads.items(), key=lambda one: one[::-1])),
        themes=tuple((theme, theme) for theme in sorted({theme for *_, theme, _, _, _ in rows if theme})),
    )


def _cases(session: Session, actor: Actor) -> Choices:
    """The cases above, those of them that the reader may open."""
    above = select(Case.parent_id).where(is_action(), col(Case.parent_id).is_not(None)).correlate(None)
    rows = session.exec(
        select(Case.reference)
        .where(access.visible(actor), col(Case.id).in_(above))
        .order_by(col(Case.reference))
    ).all()
    return tuple((reference, reference) for reference in rows)
