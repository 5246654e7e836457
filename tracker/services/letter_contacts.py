"""Whose letter it is: the name it has, and the ways that are safe for them."""

from sqlmodel import Session, col, select

from tracker.errors import BadInput
from tracker.models import Case, Organisation
from tracker.services.recording import facts_of
from workflows.facts import FactValue
from workflows.letters import SafeContact, To
from workflows.released import workflow_of

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


def label_for(
    session: Session, case: Case, to: To, typed: str, organisation: Organisation | None, instance: str = ""
) -> str:
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
    label = known_label(session, case, to, instance)
    if not label:
        raise BadInput("Enter the recipient's name as the letter is to have it.")
    return label


def known_label(session: Session, case: Case, to: To, instance: str = "") -> str:
    """How the letter names the recipient without anybody typing it; empty if the case does not say."""
    return _FIXED.get(to) or own_name(session, case, to, instance)


def own_name(session: Session, case: Case, to: To, instance: str = "") -> str:
    """The name that the case holds for the recipient; empty if it holds none. A co-applicant's is that of their case."""
    if to is To.CO_APPLICANT:
        own = co_application(session, case, instance)
        return str(facts_in(own).get("applicant_name") or "") if own else ""
    facts = known_facts(session, case)
    names = _OWN.get(to, ())
    if to is To.VICTIM and facts.get("applicant_is_victim") is True:
        names = ("applicant_name",)
    return next((str(facts[name]) for name in names if facts.get(name)), "")


def known_facts(session: Session, case: Case) -> dict[str, FactValue]:
    """The facts of the case, laid over those of the case above it."""
    own = facts_in(case)
    above = session.get(Case, case.parent_id) if case.parent_id else None
    return {**facts_in(above), **own} if above else own


def victim_apart(facts: dict[str, FactValue]) -> bool:
    """Whether the victim is somebody else than the applicant."""
    said = facts.get("applicant_is_victim")
    return said is False or (said is None and bool(facts.get("victim_name")))


def merged_into(session: Session, case: Case) -> list[Case]:
    """The cases of co-applicants: those that were merged into this one."""
    rows = session.exec(
        select(Case)
        .where(Case.partnership_id == case.partnership_id, Case.state == "merged")
        .order_by(col(Case.reference))
    ).all()
    return [row for row in rows if row.facts.get("surviving_case") == case.reference]


def co_application(session: Session, case: Case, instance: str) -> Case | None:
    """The merged case whose applicant it is for."""
    return next((row for row in merged_into(session, case) if row.reference == instance), None)


def safe_contact(session: Session, case: Case, to: To, instance: str) -> SafeContact:
    """What the case, or a co-applicant's own, says about reaching the recipient.

    Raises:
        BadInput: the relative asked for no contact, or they are not of this case.
    """
    own = co_application(session, case, instance) if to is To.CO_APPLICANT and instance else None
    if to is To.CO_APPLICANT and instance and own is None:
        raise BadInput("Choose one of the co-applicants of this case.")
    facts = facts_in(own) if own else known_facts(session, case)
    never = facts.get(UNSAFE)
    ways = frozenset(never) if isinstance(never, tuple) else frozenset()
    if to is not To.FAMILY or not instance:
        return SafeContact(never=ways)
    relative = next((c for c in relatives(session, case) if c.reference == instance), None)
    if relative is None:
        raise BadInput("Choose one of the family contacts of this case.")
    if wants_none(relative):
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


def wants_none(relative: Case) -> bool:
    """Whether a relative asked for no contact."""
    return relative.state in _NEVER or relative.facts.get("contact_frequency") == "never"


def facts_in(case: Case) -> dict[str, FactValue]:
    """The facts of a case as values."""
    return facts_of(workflow_of(case.process, case.workflow_version), case)
