"""What a letter is filled with, and where each value comes from. Dates come from the case's clocks; none is typed.

Only what belongs to the recipient is here. What officers wrote for themselves (findings, reasons, notes) may speak of
other people and is never taken over: the words of a letter are written for it.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker.models import Case, Deadline, DeadlineStatus, Organisation, Partnership, User
from tracker.services import clocks
from tracker.services.letter_contacts import co_application, known_facts
from tracker.services.positions import workflow_for
from tracker.services.process_names import name_of
from tracker.services.recording import facts_of
from tracker.services.second_looks import policing_body_review
from workflows.effects import Start
from workflows.facts import FactValue
from workflows.letters import VALUES, Channel, LetterKind, To
from workflows.traces import amount

_PUBLIC = frozenset({"police", "council", "health", "probation", "fire"})
_FROM_FACTS = {
    "application_date": ("application_date",),
    "decided_on": ("decided_on", "decision_on", "direction_on"),
    "asked_on": ("requested_on", "dissatisfaction_requested_on"),
    "meeting_on": ("review_on",),
    "held_on": ("review_held_on",),
    "chair": ("review_chair", "review_chair_id"),
    "receiving_area": ("receiving_area",),
    "submission_no": ("submission_no",),
    "signed_off_on": ("signed_off_on",),
    "published_on": ("published_on",),
    "publication_urls": ("publication_urls",),
    "withhold_review_on": ("withhold_review_on",),
    "stood_down_on": ("stood_down_on",),
}
_FROM_CLOCKS = {"decision_by": "C5", "answer_by": "C16", "report_by": "REPORT_6M"}
_LENGTHS = {"review_within": "C6", "update_every": "C13"}


@dataclass(frozen=True, slots=True)
class Given:
    """One value in words, and where it comes from."""

    name: str
    label: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Addressed:
    """What is said about the recipient, the day and the way when a letter is drafted."""

    recipient: str
    address: str
    letter_on: date
    channel: Channel
    organisation: Organisation | None = None
    to: To | None = None
    instance: str = ""


def values_for(session: Session, case: Case, kind: LetterKind, to: Addressed) -> dict[str, Given]:
    """Every value that a letter of this kind may use; empty text where the case does not hold it."""
    partnership = session.get_one(Partnership, case.partnership_id)
    top = session.get(Case, case.parent_id) if case.parent_id else None
    facts = known_facts(session, case)
    contact = _contact(session, top or case, facts)
    own = co_application(session, case, to.instance) if to.to is To.CO_APPLICANT else None
    if own and own.facts.get("application_date"):
        facts["application_date"] = date.fromisoformat(str(own.facts["application_date"]))
    process = in_a_sentence(name_of(session, top or case))
    found: dict[str, tuple[str, str]] = {
        "reference": (case.reference, "The case"),
        "partnership": (partnership.name, "The partnership"),
        "process": (process, "The partnership"),
        "a_process": (with_article(process), "The partnership"),
        "letter_date": (in_plain_words(to.letter_on), "The day it goes out"),
        "recipient": (to.recipient, "Whose letter it is"),
        "address": (to.address, "Whose letter it is"),
        "contact_name": (contact.name if contact else "", "The contact of the case"),
        "contact_email": (contact.email if contact else "", "The contact of the case"),
        "body": (to.organisation.name if to.organisation else "", "Whose letter it is"),
        "public_functions": ("yes" if _is_public(facts, to.organisation) else "", "The body"),
    }
    workflow = workflow_for(case)
    labels = {fact.name: fact.label for fact in workflow.facts}
    for name, facts_of_it in _FROM_FACTS.items():
        key = next((each for each in facts_of_it if facts.get(each) not in (None, "")), "")
        found[name] = (_words(facts[key]) if key else "", f"“{labels.get(key, VALUES[name].label)}”")
    for name, key in _FROM_CLOCKS.items():
        due = _due(session, case, key)
        found[name] = (
            in_plain_words(due.due_on) if due and due.due_on else "",
            f"“{due.label}”" if due else "",
        )
    for name, key in _LENGTHS.items():
        found[name] = _length(session, top or case, key, to.letter_on)
    heard = policing_body_review(session, top or case, to.letter_on) != "off"
    found["policing_body_review"] = ("yes" if heard else "", "The area's procedure")
    found["reply_by"] = _reply_by(session, case, kind, to)
    found["dispute_by"] = _dispute_by(session, case, to)
    return {name: Given(name, VALUES[name].label, *found[name]) for name in VALUES}


def in_plain_words(on: date) -> str:
    """Monday 23 November 2026."""
    return f"{on:%A} {on.day} {on:%B %Y}"


def in_a_sentence(name: str) -> str:
    """The name of a process as it stands inside a sentence: "domestic homicide review", but "ASB case review"."""
    first, *rest = name.split()
    ordinary = first[1:].islower() and not any(word[:1].isupper() for word in rest)
    return " ".join([first[:1].lower() + first[1:], *rest]) if ordinary else name


def with_article(name: str) -> str:
    """The name with "a" or "an" before it."""
    return f"{'an' if name[:1].casefold() in 'aeiou' else 'a'} {name}"


def _words(value: FactValue) -> str:
    return in_plain_words(value) if isinstance(value, date) else str(value)


def _contact(session: Session, case: Case, facts: dict[str, FactValue]) -> User | None:
    """The single point of contact, or else the lead officer."""
    email = facts.get("spoc_id") or facts.get("lead_officer_id")
    if email:
        return session.exec(select(User).where(User.email == str(email).lower())).first()
    return session.get(User, case.owner_user_id) if case.owner_user_id else None


def _is_public(facts: dict[str, FactValue], organisation: Organisation | None) -> bool:
    said = facts.get("public_functions")
    if isinstance(said, bool):
        return said
    return organisation is not None and organisation.kind in _PUBLIC


def _due(session: Session, case: Case, key: str, *, below: bool = True) -> Deadline | None:
    """The date that runs under that clock on the case, or on one that belongs to it."""
    whose = or_(Case.id == case.id, Case.parent_id == case.id) if below else col(Case.id) == case.id
    return session.exec(
        select(Deadline)
        .join(Case, col(Case.id) == col(Deadline.case_id))
        .where(
            whose,
            Deadline.key == key,
            Deadline.status == DeadlineStatus.RUNNING,
        )
        .order_by(col(Deadline.id).desc())
    ).first()


def _worked(
    session: Session, case: Case, key: str, on: date, *, posted: bool = False
) -> clocks.Starting | None:
    """The clock as it would start on that day, by the very code that then starts it."""
    workflow = workflow_for(case)
    if key not in workflow.clock_by_key:
        return None
    facts = {**facts_of(workflow, case), "told_by_post": posted}
    foreseen = clocks.foresee(
        session, case, workflow, (Start(key),), facts, new_facts={}, occurred_on=on, words="Sent"
    )
    return next((one for one in foreseen.startings if one.clock.key == key), None)


def _length(session: Session, case: Case, key: str, on: date) -> tuple[str, str]:
    worked = _worked(session, case, key, on)
    if worked is None or worked.period is None:
        return "", ""
    words = amount(worked.period.n, worked.period.unit)
    return (f"every {words}" if key == "C13" else words), f"“{worked.clock.label}”"


def _reply_by(session: Session, case: Case, kind: LetterKind, to: Addressed) -> tuple[str, str]:
    """The running date of the case if there is one, else the length counted from the day the letter goes out."""
    for key in kind.clocks:
        running = _due(session, case, key, below=False)
        if running and running.due_on and running.due_on > to.letter_on:
            return in_plain_words(running.due_on), f"“{running.label}”"
        worked = _worked(session, case, key, to.letter_on)
        if worked and worked.due_on and worked.period:
            words = amount(worked.period.n, worked.period.unit)
            return in_plain_words(worked.due_on), f"“{worked.clock.label}”: {words} from the day it goes out"
    return "", ""


def _dispute_by(session: Session, case: Case, to: Addressed) -> tuple[str, str]:
    """The last day to ask for a second look: from the day the letter goes out, later if it is posted (C14)."""
    posted = to.channel is Channel.POST
    worked = _worked(session, case, "C14", to.letter_on, posted=posted)
    if worked is None or worked.due_on is None or worked.period is None:
        return "", ""
    source = f"“{worked.clock.label}”: {amount(worked.period.n, worked.period.unit)} from the day it goes out"
    return in_plain_words(worked.due_on), f"{source}, later as it is posted" if posted else source
