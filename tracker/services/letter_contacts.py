"""Whose letter it is: the name it has, the ways that are safe, and the names of others that may not stand in it."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from tracker.errors import BadInput
from tracker.models import Case, Letter, Organisation
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from workflows.facts import FactValue
from workflows.letters import PEOPLE, SafeContact, To

UNSAFE = "unsafe_channels"
"""The fact that lists the ways not to use: post, email, by_hand, phone, portal."""

_FIXED = {
    To.PANEL: "Members of the panel",
    To.HOME_OFFICE: "Home Office, domestic homicide review team",
    To.DA_COMMISSIONER: "Domestic Abuse Commissioner",
    To.FAMILY: "The family",
    To.CHAIR: "Chair of the review",
}
_OWN = {To.APPLICANT: ("applicant_name",), To.VICTIM: ("victim_name",)}
_NEVER = frozenset({"declined", "no_contact"})
_CONTACT_ENDS = ("_name", "_contact")


def label_for(session: Session, case: Case, to: To, typed: str, organisation: Organisation | None) -> str:
    """The recipient as the letter names them: what was typed, else what the case holds.

    Raises:
        BadInput: nobody is named.
    """
    if typed.strip():
        return typed.strip()
    if to is To.BODY:
        if organisation is None:
            raise BadInput("Choose the body that the letter goes to.")
        return organisation.name
    label = known_label(session, case, to)
    if not label:
        raise BadInput("Enter the recipient's name as the letter is to have it.")
    return label


def known_label(session: Session, case: Case, to: To) -> str:
    """How the letter names the recipient without anybody typing it; empty if the case does not say."""
    return _FIXED.get(to) or own_name(session, case, to)


def own_name(session: Session, case: Case, to: To) -> str:
    """The name that the case holds for the recipient; empty if it holds none."""
    facts = known_facts(session, case)
    names = _OWN.get(to, ())
    if to is To.VICTIM and facts.get("applicant_is_victim") is True:
        names = ("applicant_name",)
    return next((str(facts[name]) for name in names if facts.get(name)), "")


def known_facts(session: Session, case: Case) -> dict[str, FactValue]:
    """The facts of the case, laid over those of the case above it."""
    own = facts_of(workflow_for(case), case)
    above = session.get(Case, case.parent_id) if case.parent_id else None
    return {**facts_of(workflow_for(above), above), **own} if above else own


def safe_contact(session: Session, case: Case, to: To, instance: str) -> SafeContact:
    """What the case says about reaching the recipient.

    Raises:
        BadInput: the relative asked for no contact, or is not of this case.
    """
    facts = known_facts(session, case)
    never = facts.get(UNSAFE)
    ways = frozenset(never) if isinstance(never, tuple) else frozenset()
    if to is not To.FAMILY or not instance:
        return SafeContact(never=ways)
    relative = next((c for c in relatives(session, case) if c.reference == instance), None)
    if relative is None:
        raise BadInput("Choose one of the family contacts of this case.")
    if relative.state in _NEVER or relative.facts.get("contact_frequency") == "never":
        raise BadInput("This relative asked for no contact: no letter goes to them.")
    return SafeContact(never=ways, direct=relative.facts.get("route") == "direct")


def relatives(session: Session, case: Case) -> list[Case]:
    """The family contacts of a review."""
    return list(
        session.exec(
            select(Case)
            .where(Case.parent_id == case.id, Case.process == "family_contact")
            .order_by(col(Case.reference))
        ).all()
    )


def others(session: Session, case: Case, to: To, label: str) -> tuple[str, ...]:
    """Names and contact details, held by the case or by cases merged into it, of people whose letter this is not."""
    mine = {label.casefold(), own_name(session, case, to).casefold()}
    return tuple(dict.fromkeys(name for name in _named(session, case, to) if name.casefold() not in mine))


def _named(session: Session, case: Case, to: To) -> Iterator[str]:
    facts = known_facts(session, case)
    own = set(_OWN.get(to, ()))
    if to is To.APPLICANT or (to is To.VICTIM and facts.get("applicant_is_victim") is True):
        own |= {"applicant_name", "applicant_contact"}
    yield from _names_of(facts, own)
    family = {case.id, case.parent_id} - {None}
    for merged in session.exec(
        select(Case).where(Case.partnership_id == case.partnership_id, Case.state == "merged")
    ).all():
        if merged.facts.get("surviving_case") == case.reference:
            yield from _names_of(facts_of(workflow_for(merged), merged), set())
            family.add(merged.id)
    for letter in session.exec(
        select(Letter).where(
            col(Letter.case_id).in_(family), col(Letter.recipient).in_({to.value for to in PEOPLE})
        )
    ).all():
        if letter.recipient_label and letter.recipient_label != _FIXED[To.FAMILY]:
            yield letter.recipient_label


def _names_of(facts: dict[str, FactValue], own: set[str]) -> Iterator[str]:
    for name, value in facts.items():
        if name.endswith(_CONTACT_ENDS) and name not in own and isinstance(value, str) and value:
            yield value
