"""What is kept of the people whose letter it is not: what may never stand in it, and what it should not repeat.

A name in words that somebody wrote cannot be recognised as one. What the case holds can: the names of the others and
how to reach them are refused wherever they stand; whatever else is private to another is warned of, passage by passage,
and somebody reads the letter for it before it goes out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from tracker.models import Case, IncidentRecord, Letter, ReviewSubject
from tracker.services.letter_contacts import (
    facts_in,
    known_facts,
    known_label,
    merged_into,
    own_name,
    relatives,
    victim_apart,
)
from workflows.facts import FactValue, JsonValue
from workflows.letters import PEOPLE, LetterKind, To, names_in, plain

_REACHED = re.compile(r"[0-9@]")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SHORTEST = 4
_RUN = 4
"""So many words in a row, or one of the names, are a repetition."""


@dataclass(frozen=True, slots=True)
class Private:
    """Something that is kept of somebody. ``whose`` says of whom, without a name; ``refused``: it may never stand there.

    ``words`` is set where it is told in somebody's own words: a few of them in a row are too many.
    """

    text: str
    whose: str
    refused: bool = False
    words: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that somebody wrote for the letter: where, what, and whose data they may repeat."""

    label: str
    text: str
    warnings: tuple[str, ...]


def refused(session: Session, case: Case, to: To, label: str, instance: str, text: str) -> tuple[str, ...]:
    """Whose name or way to be reached stands in the text of a letter that is not theirs."""
    known = others(session, case, to, label, instance)
    there = [each for each in known if each.refused and len(plain(each.text)) >= _SHORTEST]
    found = set(names_in(text, [each.text for each in there]))
    return tuple(dict.fromkeys(each.whose for each in there if each.text in found))


def passages(session: Session, case: Case, kind: LetterKind, letter: Letter) -> tuple[Passage, ...]:
    """Every passage of a letter that somebody wrote, with what to look at in it."""
    to = To(letter.recipient)
    known = others(session, case, to, letter.recipient_label, letter.instance)
    written: list[tuple[str, str]] = []
    if letter.recipient_label != known_label(session, case, to, letter.instance):
        written.append(("Recipient", letter.recipient_label))
    written.append(("Address lines", str(letter.values.get("address") or "")))
    written += [(prose.label, _text(letter.values.get(prose.name))) for prose in kind.prose]
    return tuple(Passage(label, text, repeated(text, known)) for label, text in written if text)


def repeated(text: str, known: tuple[Private, ...]) -> tuple[str, ...]:
    """Whose private words the text repeats, a sentence each."""
    found = []
    for each in known:
        if each.words:
            run = _shared(text, each.text)
            if run:
                found.append(f"“{run}” also stands in what is kept of {each.whose}.")
        elif names_in(text, (each.text,)):
            found.append(f"“{each.text}” is kept of {each.whose}.")
    return tuple(dict.fromkeys(found))


def others(session: Session, case: Case, to: To, label: str, instance: str = "") -> tuple[Private, ...]:
    """Everything that the case, cases merged into it and its family contacts keep of people whose letter this is not."""
    # A name that was typed is theirs only where the case holds none of them: nobody's letter bears another's name.
    mine = {(own_name(session, case, to, instance) or label).casefold()}
    found: dict[str, Private] = {}
    for each in _private(session, case, to, instance):
        if each.text.casefold() not in mine:
            found.setdefault(each.text.casefold(), each)
    return tuple(found.values())


def _private(session: Session, case: Case, to: To, instance: str) -> Iterator[Private]:
    yield from _of_the_case(session, case, to)
    for merged in merged_into(session, case):
        if merged.reference != instance or to is not To.CO_APPLICANT:
            whose = f"the co-applicant of {merged.reference}"
            facts = facts_in(merged)
            yield from _of(facts, ("applicant_name", "applicant_contact", "victim_name"), whose)
            yield from _told(session, merged, facts, whose)
    yield from _of_relatives(session, case, instance)
    yield from _of_letters(session, case, to, instance)


def _of_the_case(session: Session, case: Case, to: To) -> Iterator[Private]:
    facts = known_facts(session, case)
    together = not victim_apart(facts)
    applicant = to in {To.APPLICANT, To.REPRESENTATIVE} or (to is To.VICTIM and together)
    if not applicant:
        yield from _of(facts, ("applicant_name", "applicant_contact"), "the applicant")
        if to is To.CO_APPLICANT:
            yield from _told(session, case, facts, "the applicant")
    if to is not To.VICTIM and not (applicant and together):
        yield from _of(facts, ("victim_name",), "the victim")
    above = {case.id, case.parent_id} - {None}
    for name in session.exec(
        select(ReviewSubject.pseudonym).where(
            col(ReviewSubject.case_id).in_(above), ReviewSubject.pseudonym != ""
        )
    ).all():
        yield Private(name, "somebody in the review")


def _told(session: Session, case: Case, facts: dict[str, FactValue], whose: str) -> Iterator[Private]:
    """What an applicant said in their own words: the description, and each incident with its place."""
    if facts.get("description"):
        yield Private(str(facts["description"]), whose, words=True)
    for row in session.exec(select(IncidentRecord).where(IncidentRecord.case_id == case.id)).all():
        for text in (row.what, row.place):
            if text.strip():
                yield Private(text.strip(), whose, words=True)


def _of_relatives(session: Session, case: Case, instance: str) -> Iterator[Private]:
    for relative in relatives(session, case):
        if relative.reference != instance:
            for name in ("pseudonym", "advocate_organisation"):
                if text := str(relative.facts.get(name) or "").strip():
                    yield Private(text, f"the relative of {relative.reference}")


def _of_letters(session: Session, case: Case, to: To, instance: str) -> Iterator[Private]:
    """Names and addresses of other people to whom letters went."""
    family = {case.id, case.parent_id, *(merged.id for merged in merged_into(session, case))} - {None}
    people = {to.value for to in PEOPLE}
    for row in session.exec(
        select(Letter).where(col(Letter.case_id).in_(family), col(Letter.recipient).in_(people))
    ).all():
        if (row.recipient, row.instance) == (to.value, instance):
            continue
        whose = f"the {To(row.recipient).label.lower()}"
        if row.recipient_label != known_label(session, case, To.FAMILY):
            yield Private(row.recipient_label, whose, refused=True)
        for line in str(row.values.get("address") or "").splitlines():
            if len(line.strip()) >= _SHORTEST:
                yield Private(line.strip(), whose, refused=bool(_REACHED.search(line)))


def _of(facts: dict[str, FactValue], names: tuple[str, ...], whose: str) -> Iterator[Private]:
    """Names, and ways to reach somebody; a way that is only described (by letter) is no more than warned of."""
    for name in names:
        value = facts.get(name)
        if isinstance(value, str) and value.strip():
            sure = name.endswith("_name") or bool(_REACHED.search(value))
            yield Private(value.strip(), whose, refused=sure)


def _shared(text: str, other: str) -> str:
    """The first few words in a row that both hold."""
    theirs = [word.casefold() for word in _WORD.findall(other)]
    runs = {tuple(theirs[at : at + _RUN]) for at in range(len(theirs) - _RUN + 1)}
    if 0 < len(theirs) < _RUN and sum(map(len, theirs)) >= _SHORTEST:
        runs = {tuple(theirs)}
    size = min(_RUN, len(theirs))
    mine = _WORD.findall(text)
    for at in range(len(mine) - size + 1 if size else 0):
        if tuple(word.casefold() for word in mine[at : at + size]) in runs:
            return " ".join(mine[at : at + size])
    return ""


def _text(value: JsonValue | None) -> str:
    return "\n".join(str(line) for line in value) if isinstance(value, list) else str(value or "")
