"""What the holder of an update link sees: what is theirs, and one record with the question about it.

A restricted record shows its reference and its date and nothing else until a code was entered.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel import Session, col, select

from tracker import access, clock
from tracker.errors import NotVisible
from tracker.models import Case, Deadline, LinkUse, Partnership, Role, Sensitivity, UpdateLinkUse, User
from tracker.policy import ACTIONS, LED, Actor
from tracker.queries.date_words import due_words
from tracker.queries.due_dates import horizon_for, running, with_calendars
from tracker.queries.my_work import Card, Request, my_work
from tracker.queries.overdue import unit_of
from tracker.services import link_answers, update_links
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from tracker.services.update_links import OpenLink
from tracker.templating import count
from workflows.deciders import Decider
from workflows.facts import words as fact_words
from workflows.released import workflow_of

TOLD = (
    "kind",
    "asked_for",
    "requested_on",
    "queries",
    "recommendation_text",
    "number",
    "sent_on",
    "return_document",
)  # fmt: skip
"""What is shown of a request or a recommendation to whoever answers it."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """One line of what is theirs. ``text`` is empty while it is locked; ``answered_here``: it has a page of its own; ``answered``
    today by this link.
    """

    reference: str
    text: str
    sub: str
    due_on: date | None
    words: str
    state: str
    first: date | None
    locked: bool
    answered_here: bool
    answered: bool = False


@dataclass(frozen=True, slots=True)
class LinkShown:
    """The link itself, in words: whose it is, until when it works, and all that it opens."""

    mailbox: str
    ends_on: date
    covering: bool
    theirs: tuple[Theirs, ...]
    said: str

    def others(self, reference: str) -> tuple[Theirs, ...]:
        """All but one."""
        return tuple(one for one in self.theirs if one.reference != reference)


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One record. ``state_words`` say how it stands where there is nothing to answer; ``offered`` are the answers."""

    reference: str
    action: bool
    locked: bool
    text: str
    caption: str
    due_on: date | None
    words: str
    state: str
    first: date | None
    said: str
    said_on: date | None
    note: str
    told: tuple[tuple[str, str], ...]
    offered: tuple[tuple[str, str], ...]
    state_words: str
    version: int
    seq: int
    imr: bool


def shown(session: Session, link: OpenLink, today: date, *, opened: bool) -> LinkShown:
    """Everything that the link opens, most urgent first; what was answered today comes last."""
    work = my_work(session, link.actor, today)
    theirs = [_card(card, opened=opened) for card in work.cards]
    seen = {one.reference for one in theirs}
    for request in work.requests:
        if request.reference not in seen:
            seen.add(request.reference)
            theirs.append(_request(request, opened=opened))
    answered = _answered(session, link, today)
    theirs = [replace(one, answered=one.reference in answered) for one in theirs]
    theirs.sort(key=lambda one: (one.answered, one.due_on or date.max, one.reference))
    return LinkShown(
        mailbox=link.address,
        ends_on=link.ends_on,
        covering=link.link.covers_id is not None,
        theirs=tuple(theirs),
        said=how_many(theirs),
    )


def _answered(session: Session, link: OpenLink, today: date) -> frozenset[str]:
    """References of what was answered today by this link."""
    rows = session.exec(
        select(Case.reference)
        .join(UpdateLinkUse, col(UpdateLinkUse.case_id) == col(Case.id))
        .where(
            UpdateLinkUse.link_id == link.link_id,
            col(UpdateLinkUse.what).in_([LinkUse.UPDATE, LinkUse.ASKED]),
            col(UpdateLinkUse.at) > clock.end_of(today - timedelta(days=1)),
        )
    ).all()
    return frozenset(rows)


def how_many(theirs: Collection[Theirs], more: str = "") -> str:
    """``3 actions``, ``2 actions and 1 request``; with ``more`` before the noun: ``2 more actions``."""
    answered = [one for one in theirs if one.answered_here]
    actions = sum("-ACT-" in one.reference for one in answered)
    others = len(answered) - actions
    parts = [count(actions, f"{more}action", f"{more}actions")] if actions else []
    parts += [count(others, f"{'' if actions else more}request")] if others else []
    return " and ".join(parts)


def around(session: Session, link: OpenLink) -> tuple[str, bool]:
    """The partnership that the link's records belong to, if it is one; whether all of it is a demonstration."""
    bodies = link.actor.organisations(Role.LEAD)
    names = session.exec(
        select(Partnership.name)
        .join(Case, col(Case.partnership_id) == col(Partnership.id))
        .where(col(Case.owner_organisation_id).in_(bodies), col(Case.process).in_(LED))
        .distinct()
        .order_by(col(Partnership.name))
    ).all()
    made_up = session.exec(select(User.id).where(col(User.demonstration).is_(True)).limit(1)).first()
    return names[0] if len(names) == 1 else "", made_up is not None


def item(session: Session, link: OpenLink, reference: str, today: date, *, opened: bool) -> ItemShown:
    """One record of theirs.

    Raises:
        NotVisible: there is none, or it is not theirs.
    """
    case = case_for(session, link.actor, reference)
    locked = case.sensitivity == Sensitivity.RESTRICTED and not opened
    due_on, words, state, first = _due(session, case, link.actor, today)
    facts = facts_of(workflow_for(case), case)
    last_on = facts.get("last_update_on")
    action = case.process in ACTIONS
    if locked:
        return ItemShown(
            case.reference, action, True, "", "", due_on, words, state, first, "", None, "", (), (), "",
            case.version, case.head_seq, False,
        )  # fmt: skip
    card = next((c for c in my_work(session, link.actor, today).cards if c.reference == case.reference), None)
    workflow = workflow_for(case)
    return ItemShown(
        reference=case.reference,
        action=action,
        locked=False,
        text=case.title or str(facts.get("recommendation_text", "")) or _kind(case),
        caption=card.source if card else ("" if action else workflow.title),
        due_on=due_on,
        words=words,
        state=state,
        first=first,
        said=card.said if card else "",
        said_on=last_on if isinstance(last_on, date) else None,
        note=str(facts.get("update_note", "")) if action else "",
        told=()
        if action
        else tuple(
            (workflow.fact_by_name[name].label, fact_words(workflow.fact_by_name[name], facts[name]))
            for name in TOLD
            if facts.get(name) and name in workflow.fact_by_name
        ),
        offered=() if action else link_answers.offered(case),
        state_words="" if card and card.answers else workflow.state_by_name[case.state].label,
        version=case.version,
        seq=case.head_seq,
        imr=facts.get("kind") == "imr",
    )


def case_for(session: Session, actor: Actor, reference: str, *, lock: bool = False) -> Case:
    """The record, if it is among those that a link opens.

    Raises:
        NotVisible: there is none, or it is not theirs.
    """
    case = access.case_for(session, actor, reference, lock=lock)
    if not update_links.leads(session, actor, case):
        raise NotVisible("There is no such page.")
    return case


def _card(card: Card, *, opened: bool) -> Theirs:
    locked = card.restricted and not opened
    return Theirs(
        card.reference, "" if locked else card.text, "" if locked else card.source, card.due_on,
        "" if locked and card.due_on is None else card.words, card.state, card.first, locked, True,
    )  # fmt: skip


def _request(request: Request, *, opened: bool) -> Theirs:
    locked = request.restricted and not opened
    return Theirs(
        request.reference, "" if locked else request.label, "" if locked else request.agency, request.due_on,
        request.words, request.state, request.first, locked, bool(request.href),
    )  # fmt: skip


def _kind(case: Case) -> str:
    workflow = workflow_of(case.process, case.workflow_version)
    kind = workflow.kind_by_name.get(str(case.facts.get("kind", "")))
    return kind.label if kind else workflow.title


def _due(
    session: Session, case: Case, actor: Actor, today: date
) -> tuple[date | None, str, str, date | None]:
    """The next date of a record that is for the agency to meet, in words."""
    target = col(Deadline.key) == "ACTION_TARGET"
    deadline = session.exec(
        select(Deadline)
        .where(Deadline.case_id == case.id, running(), Deadline.owner == Decider.AGENCY_LEAD)
        .order_by(target.desc(), col(Deadline.due_on), col(Deadline.id))
    ).first()
    if deadline is None:
        return None, "", "", None
    horizon = horizon_for(session, actor, today)
    calendars = with_calendars(session, horizon.calendars, [case.partnership_id])
    words, state = due_words(deadline.due_on, unit_of(deadline), calendars[case.partnership_id], today)
    first = deadline.first_due_on if deadline.first_due_on != deadline.due_on else None
    return deadline.due_on, words, state, first


def records_of(session: Session, link: OpenLink) -> list[Case]:
    """The open records of a link, most urgent first: what the unit is told about when something is wrong with it."""
    work = my_work(session, link.actor, link.ends_on)
    references = [card.reference for card in work.cards] + [one.reference for one in work.requests]
    rows = session.exec(select(Case).where(col(Case.reference).in_(references))).all()
    found = {case.reference: case for case in rows}
    return [found[reference] for reference in dict.fromkeys(references) if reference in found]
