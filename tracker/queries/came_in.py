"""What came in: cases that others logged since one last looked, and what leads said that still waits for an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy
from sqlmodel import Session, and_, col, func, or_, select

from tracker import clock
from tracker.models import Case, Event, Organisation, Partnership, SignIn, UpdateLink, UpdateLinkUse
from tracker.policy import ACTIONS, REVIEWS, Actor
from tracker.queries.due_dates import Scope, address_of, in_scope
from tracker.queries.links_out import SAID
from tracker.queries.next_act import about_action
from tracker.queries.paging import PER_PAGE
from tracker.queries.reminders import not_arrived
from tracker.services import returning
from tracker.services.positions import workflow_for
from tracker.services.process_names import in_a_sentence, process_name, shown_on
from tracker.templating import day_month
from workflows.traces import in_words

DAYS = 7
"""How long a new case counts as having come in for who was never here before. What waits for an answer stays."""

_ASKED = ("more_time", "not_ours")


@dataclass(frozen=True, slots=True)
class CameIn:
    """One thing to look at. ``sub`` says from whom and when; ``act`` names what to do about it."""

    text: str
    reference: str
    href: str
    sub: str
    act: str
    act_href: str
    on: date


@dataclass(frozen=True, slots=True)
class LastLook:
    """When the reader was last here on an earlier day, if ever; what cannot be sent meanwhile.

    ``not_arrived`` counts reminders; ``returning`` addresses from which mail comes back.
    """

    at: datetime | None
    not_arrived: int
    returning: int

    def since(self, at: datetime) -> datetime:
        """From when on something counts as new."""
        return self.at or at - timedelta(days=DAYS)

    def words(self, at: datetime) -> str:
        """``since Friday``, with the date where that is a week ago or longer."""
        if self.at is None:
            return "over the last 7 days"
        on, days = clock.london(self.at), (clock.london(at) - clock.london(self.at)).days
        return f"since {on:%A}" if days < DAYS else f"since {day_month(on)}"


def last_look(session: Session, actor: Actor, at: datetime) -> LastLook:
    """Read all three in one question. Today does not count: what came in this morning is still news this afternoon."""
    yesterday = clock.end_of(clock.london(at) - timedelta(days=1))
    seen = select(func.max(SignIn.last_seen_at)).where(
        SignIn.user_id == actor.user_id, col(SignIn.last_seen_at) <= yesterday
    )
    [(looked, failed, comes_back)] = session.connection().execute(
        sqlalchemy.select(
            seen.scalar_subquery(),
            not_arrived(actor).scalar_subquery(),
            returning.how_many(actor).scalar_subquery(),
        )
    )
    return LastLook(looked, int(failed or 0), int(comes_back or 0))


def came_in(session: Session, actor: Actor, scope: Scope, since: datetime) -> tuple[CameIn, ...]:
    """What came in, newest first, a page of it at most. New is what was logged after ``since``."""
    new = and_(
        col(Case.process).in_(REVIEWS),
        col(Event.recorded_at) > since,
        or_(col(Event.actor_id).is_(None), col(Event.actor_id) != actor.user_id),
        # Brought in from earlier records: nobody has just sent it.
        col(Event.detail)["imported"].as_string().is_(None),
    )
    said = and_(
        col(Case.process).in_(ACTIONS),
        or_(
            col(Case.state) == "completed_unverified",
            and_(
                col(Case.state).in_(("agreed", "in_progress")),
                col(Case.facts)["update_kind"].as_string().in_(_ASKED),
            ),
        ),
    )
    rows = session.exec(
        select(Case, Event, Organisation, Partnership)
        .select_from(Case)
        .join(Event, and_(col(Event.case_id) == col(Case.id), col(Event.seq) == 1))
        .join(Partnership, col(Partnership.id) == col(Case.partnership_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Case.owner_organisation_id))
        .where(in_scope(actor, scope), or_(new, said))
        .order_by(col(Case.state_since_on).desc(), col(Case.id).desc())
        .limit(PER_PAGE)
    ).all()
    names = shown_on(session, (case for case, _, _, _ in rows))
    found = [
        _said(case, body, actor)
        if case.process in ACTIONS
        else _new(case, opened, process_name(partnership, workflow_for(case), names.get(case.policy_id, "")))
        for case, opened, body, partnership in rows
    ]
    found += _by_links(session, actor, scope)
    return tuple(sorted(found, key=lambda one: one.on, reverse=True))


def _by_links(session: Session, actor: Actor, scope: Scope) -> list[CameIn]:
    """What was done by e-mail links and nobody has noted yet: used by somebody new, not theirs, an update taken back."""
    rows = session.exec(
        select(UpdateLinkUse, UpdateLink, Case)
        .join(UpdateLink, col(UpdateLink.id) == col(UpdateLinkUse.link_id))
        .join(Case, col(Case.id) == col(UpdateLinkUse.case_id))
        .where(
            col(UpdateLinkUse.to_note).is_(True),
            col(UpdateLinkUse.noted_at).is_(None),
            in_scope(actor, scope),
        )
        .order_by(col(UpdateLinkUse.id).desc())
        .limit(PER_PAGE)
    ).all()
    return [
        CameIn(
            SAID[use.what], case.reference, address_of(case),
            f"e-mail link sent to {link.address} · on {in_words(clock.london(use.at))}",
            "Look at the link", f"/links/{case.reference}", clock.london(use.at),
        )
        for use, link, case in rows
    ]  # fmt: skip


def _new(case: Case, opened: Event, kind: str) -> CameIn:
    on = clock.london(opened.recorded_at)
    return CameIn(
        text=f"New case: {in_a_sentence(kind)}",
        reference=case.reference,
        href=address_of(case),
        sub=f"logged on {in_words(on)}",
        act="Open",
        act_href=address_of(case),
        on=on,
    )


_TEXTS: Mapping[str, str] = {
    "completed_unverified": "Reported as done",
    "more_time": "Asks for more time",
    "not_ours": "Says it is not theirs",
}


def _said(action: Case, body: Organisation | None, actor: Actor) -> CameIn:
    done = action.state == "completed_unverified"
    text = _TEXTS[action.state if done else str(action.facts.get("update_kind"))]
    on = _day(action, "last_update_on") or action.state_since_on
    notes = [body.name if body else "no lead", f"on {in_words(on)}"]
    asked_for = _day(action, "asked_for_on")
    if not done and asked_for and action.facts.get("update_kind") == "more_time":
        text = f"{text}, to {in_words(asked_for)}"
    if suggested := action.facts.get("belongs_to"):
        notes += (
            [f"suggests {suggested}"] if action.facts.get("update_kind") == "not_ours" and not done else []
        )
    act = about_action(action, actor)
    return CameIn(text, action.reference, address_of(action), " · ".join(notes), act.text, act.href, on)


def _day(action: Case, fact: str) -> date | None:
    value = action.facts.get(fact)
    return date.fromisoformat(str(value)) if value else None
