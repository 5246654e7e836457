"""My work: the open actions of a lead's agencies, what else those agencies owe, and the cases one is named for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, and_, col, or_, select

from tracker import access
from tracker.models import ActionDetails, Case, Deadline, Organisation, Plan, Role, Sensitivity
from tracker.policy import ACTIONS, LED, UNIT, Actor, Permission, allows
from tracker.queries.action_list import led_by
from tracker.queries.action_rows import due_shown, said, source_of, with_target
from tracker.queries.case_list import CaseFilters, Ended, cases
from tracker.queries.case_rows import CaseShown
from tracker.queries.date_words import due_words
from tracker.queries.due_dates import Horizon, address_of, horizon_for, running, with_calendars
from tracker.queries.overdue import unit_of
from tracker.queries.steps import slug
from tracker.services.actions import OPEN_STATES
from tracker.services.positions import workflow_for
from tracker.templating import count, day, day_month
from workflows.deciders import Decider

MOST_DONE = 50
NIL = "return_nil"
"""The step by which an agency says that it holds nothing."""

_THEY_SAID: Mapping[str, str] = {
    "no_change": "nothing has changed",
    "progress": "there is progress",
    "done": "it is done",
    "more_time": "you need more time",
    "not_ours": "it is not yours",
}
"""What a lead said, told back to them."""


@dataclass(frozen=True, slots=True)
class Card:
    """One open action with all that the question about it needs. ``version`` and ``seq`` are what was seen.

    ``answers``: the reader may report on it. ``restricted``: a link alone does not show what it is.
    """

    reference: str
    text: str
    source: str
    agency: str
    due_on: date | None
    words: str
    state: str
    first: date | None
    said: str
    said_on: date | None
    note: str
    asked_for_on: date | None
    version: int
    seq: int
    answers: bool
    restricted: bool


@dataclass(frozen=True, slots=True)
class Request:
    """Something an agency owes. ``href`` leads to what is the agency's own to open; the case above never is.

    ``acts`` are words and addresses: to upload it, to send it in, to say that there is nothing.
    """

    reference: str
    href: str
    label: str
    agency: str
    due_on: date | None
    words: str
    state: str
    first: date | None
    restricted: bool
    acts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """An action that is done, or waits for somebody to see that it is."""

    reference: str
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class MyWork:
    """The page. ``sentence`` says how many actions are theirs and what is next."""

    sentence: str
    cards: tuple[Card, ...]
    requests: tuple[Request, ...]
    named_for: tuple[CaseShown, ...]
    done: tuple[Done, ...]


def my_work(session: Session, actor: Actor, today: date) -> MyWork:
    """Everything that waits for the actor, most urgent first."""
    bodies = own_bodies(actor)
    horizon = horizon_for(session, actor, today)
    cards = _cards(session, actor, bodies, horizon) if bodies else ()
    return MyWork(
        sentence=_sentence(cards, today),
        cards=cards,
        requests=_requests(session, actor, horizon),
        named_for=_named_for(session, actor, horizon),
        done=_done(session, actor, bodies, today) if bodies else (),
    )


def own_bodies(actor: Actor) -> frozenset[int]:
    """The agencies that the actor leads for; for staff of the unit, the body they work for."""
    bodies = actor.organisations(Role.LEAD)
    if actor.holds(*UNIT) and actor.organisation_id is not None:
        bodies |= {actor.organisation_id}
    return bodies


def _cards(session: Session, actor: Actor, bodies: frozenset[int], horizon: Horizon) -> tuple[Card, ...]:
    rows = session.exec(
        with_target(
            (
                access.visible(actor),
                col(Case.state).in_(OPEN_STATES),
                led_by(col(Organisation.id).in_(bodies)),
            )
        ).order_by(col(Deadline.due_on).is_(None), col(Deadline.due_on), col(Case.reference))
    ).all()
    calendars = with_calendars(session, horizon.calendars, (action.partnership_id for action, *_ in rows))
    ids = {details.plan_id for *_, details in rows if details} - {None}
    plans = (
        {plan.id: plan for plan in session.exec(select(Plan).where(col(Plan.id).in_(ids))).all()}
        if ids
        else {}
    )
    return tuple(
        _card(
            actor,
            action,
            body,
            (details, plans.get(details.plan_id) if details else None),
            target=target,
            due=due_shown(target, calendars[action.partnership_id], horizon.today),
        )
        for action, target, body, details in rows
    )


def _card(
    actor: Actor,
    action: Case,
    body: Organisation | None,
    source: tuple[ActionDetails | None, Plan | None],
    *,
    target: Deadline | None,
    due: tuple[str, str],
) -> Card:
    _, last_on = said(action)
    due_on = target.due_on if target else None
    first = target.first_due_on if target else None
    details = source[0]
    words = due[0]
    if due_on is None and details and (details.condition or details.timescale):
        words = details.condition or details.timescale
    asked_for = action.facts.get("asked_for_on")
    # Joint leads are parties, which the list's condition has checked already: any of the actor's bodies will do.
    subject = access.subject_with(action, actor.organisations(Role.LEAD))
    return Card(
        reference=action.reference,
        text=action.title,
        source=source_of(*source),
        agency=body.name if body else "",
        due_on=due_on,
        words=words,
        state=due[1],
        first=first if first != due_on else None,
        said=_THEY_SAID.get(str(action.facts.get("update_kind", "")), ""),
        said_on=last_on,
        note=str(action.facts.get("update_note", "")),
        asked_for_on=(
            date.fromisoformat(str(asked_for))
            if asked_for and action.facts.get("update_kind") == "more_time"
            else None
        ),
        version=action.version,
        seq=action.head_seq,
        answers=allows(actor, Permission.ACTION_UPDATE, subject),
        restricted=action.sensitivity == Sensitivity.RESTRICTED,
    )


def _requests(session: Session, actor: Actor, horizon: Horizon) -> tuple[Request, ...]:
    """What the actor's agencies owe to cases that are not theirs to open.

    Not through ``access.visible``: a lead never opens the case above. Of it they see what the reminder to their agency
    says as well: the reference, our name for the date, and the date.
    """
    bodies = actor.organisations(Role.LEAD)
    if not bodies:
        return ()
    rows = session.exec(
        select(Deadline, Case, Organisation)
        .select_from(Deadline)
        .join(Case, col(Deadline.case_id) == col(Case.id))
        .join(
            Organisation,
            or_(
                col(Organisation.key) == col(Deadline.instance),
                and_(col(Deadline.instance) == "", col(Organisation.id) == col(Case.owner_organisation_id)),
            ),
        )
        .where(
            running(),
            Deadline.owner == Decider.AGENCY_LEAD,
            col(Case.process).not_in(ACTIONS),
            col(Organisation.id).in_(bodies),
        )
        .order_by(col(Deadline.due_on).is_(None), col(Deadline.due_on), col(Case.reference), col(Deadline.id))
    ).all()
    calendars = with_calendars(session, horizon.calendars, (case.partnership_id for _, case, _ in rows))
    found = []
    for deadline, case, body in rows:
        calendar = calendars[case.partnership_id]
        words, state = due_words(deadline.due_on, unit_of(deadline), calendar, horizon.today)
        first = deadline.first_due_on if deadline.first_due_on != deadline.due_on else None
        href = address_of(case) if case.process in LED else ""
        found.append(
            Request(
                case.reference,
                href,
                deadline.label,
                body.name,
                deadline.due_on,
                words,
                state,
                first,
                case.sensitivity == Sensitivity.RESTRICTED,
                _acts(case) if href else (),
            )
        )
    return tuple(found)


def _acts(case: Case) -> tuple[tuple[str, str], ...]:
    """What an agency does with a request that it has; a recommendation is answered on its own page."""
    home = f"/cases/{case.reference}"
    if case.process != "information_request":
        return (("Answer", home),)
    nil = any(move.name == NIL for move in workflow_for(case).moves_from(case.state))
    return (
        ("Upload a file", f"{home}/documents/new"),
        ("Send it in", home),
        *((("Nil return", f"{home}/steps/{slug(NIL)}"),) if nil else ()),
    )


def _named_for(session: Session, actor: Actor, horizon: Horizon) -> tuple[CaseShown, ...]:
    """The open cases that a panel member is named for."""
    if not actor.granted or not actor.holds(Role.PANEL):
        return ()
    return cases(session, actor, CaseFilters(ended=Ended.OPEN, named=True), horizon).rows


def _done(session: Session, actor: Actor, bodies: frozenset[int], today: date) -> tuple[Done, ...]:
    """Actions verified this calendar year, and those that wait for somebody to look."""
    rows = session.exec(
        select(Case)
        .where(
            access.visible(actor),
            col(Case.process).in_(ACTIONS),
            led_by(col(Organisation.id).in_(bodies)),
            or_(
                Case.state == "completed_unverified",
                and_(col(Case.state) == "verified", col(Case.closed_on) >= date(today.year, 1, 1)),
            ),
        )
        .order_by(col(Case.state_since_on).desc(), col(Case.reference))
        .limit(MOST_DONE)
    ).all()
    return tuple(
        Done(
            row.reference,
            row.title,
            f"Done and verified on {day(row.closed_on)}"
            if row.closed_on
            else "Reported as done; somebody else has still to look",
        )
        for row in rows
    )


def _sentence(cards: tuple[Card, ...], today: date) -> str:
    """``3 actions are yours. One needs an update by 30 November 2026.``"""
    if not cards:
        return ""
    yours = f"{count(len(cards), 'action is', 'actions are')} yours."
    late = sum(1 for card in cards if card.state == "overdue")
    if late:
        return f"{yours} {'One is' if late == 1 else f'{late} are'} overdue."
    coming = [card.due_on for card in cards if card.due_on is not None and card.due_on >= today]
    if not coming:
        return yours
    first = min(coming)
    number = coming.count(first)
    needs = "One needs" if number == 1 else f"{number} need"
    return f"{yours} {needs} an update by {day_month(first)}."
