"""Who must get a letter, and who has got it: it counts as sent once each of them has, or once it is said why not.

A letter that came back does not count for the one whom it did not reach. Letters that were sent before the last step of
the case are of that step, like the facts that their sending records.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from tracker import db
from tracker.audit import Happened
from tracker.models import Case, Event, Letter, Organisation
from tracker.services import letter_contacts
from workflows.definition import Workflow
from workflows.facts import FactValue
from workflows.letter_kinds import KINDS
from workflows.letters import Channel, LetterKind, LetterState, To
from workflows.position import Position

_OUT = (LetterState.SENT, LetterState.RETURNED, LetterState.WAIVED)
_THERE = frozenset({LetterState.SENT, LetterState.WAIVED})


@dataclass(frozen=True, slots=True)
class Party:
    """One of those whom a letter must reach. ``words`` say who without a person's name.

    ``instance`` is the reference of the merged case or of the family contact, ``body`` the key of an organisation or,
    where it is not listed, its name.
    """

    to: To
    words: str
    instance: str = ""
    body: str = ""
    also: frozenset[To] = frozenset()

    @property
    def whom(self) -> str:
        """How an address names them: never by a name."""
        return self.instance or (self.body if self.to is To.BODY else "")

    def is_for(self, letter: Letter, bodies: dict[int, str]) -> bool:
        """Whether that letter is theirs. One to the family as a whole is for each of them."""
        to = To(letter.recipient)
        if to is not self.to and to not in self.also:
            return False
        if to is To.BODY:
            there = bodies.get(letter.organisation_id or 0, letter.recipient_label)
            return there.casefold() == self.body.casefold()
        return letter.instance == self.instance or (to is To.FAMILY and not letter.instance)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a kind of letter is. ``letters`` are those that were sent, came back or were not sent for a reason."""

    owed: tuple[Party, ...]
    missing: tuple[Party, ...]
    letters: tuple[Letter, ...]

    @property
    def told(self) -> bool:
        """Whether it went to anybody."""
        return any(letter.sent_on is not None for letter in self.letters)

    @property
    def last_on(self) -> date | None:
        """The day on which the last of them got it."""
        days = [each.sent_on for each in self.letters if each.state == LetterState.SENT and each.sent_on]
        return max(days, default=None)

    @property
    def posted(self) -> bool:
        """Whether any of them got it by post."""
        return any(e.state == LetterState.SENT and e.channel == Channel.POST for e in self.letters)

    @property
    def complete(self) -> bool:
        """Whether it counts as sent."""
        if self.owed:
            return not self.missing and self.last_on is not None
        return self.last_on is not None

    @property
    def waits(self) -> tuple[str, ...]:
        """Who still has to get it, in words, once it has gone to anybody."""
        if not self.letters or self.complete:
            return ()
        return tuple(party.words for party in self.missing) or ("it came back",)


def standing_of(session: Session, case: Case, kind: LetterKind) -> Standing:
    """How far a letter of this kind is, for the step that comes next."""
    letters = tuple(row for row in _sent(session, case) if row.kind == kind.code)
    return _standing(session, case, kind, letters)


def known(session: Session, workflow: Workflow, case: Case, _here: Position) -> dict[str, FactValue]:
    """``letter_waits_L5``: who still has to get a letter that went to somebody; ``letter_told_L5``: that it went."""
    if not any(workflow.key in kind.processes for kind in KINDS.values()):
        return {}
    found: dict[str, FactValue] = {}
    sent = _sent(session, case)
    for code in dict.fromkeys(row.kind for row in sent):
        stands = _standing(session, case, KINDS[code], tuple(row for row in sent if row.kind == code))
        if stands.told:
            found[f"letter_told_{code}"] = True
        if stands.waits:
            found[f"letter_waits_{code}"] = stands.waits
    return found


def owed(session: Session, case: Case, kind: LetterKind) -> tuple[Party, ...]:
    """Everybody who must get a letter of this kind; nobody in particular where it has one recipient of their choice."""
    facts = letter_contacts.known_facts(session, case)
    apart = letter_contacts.victim_apart(facts)
    found: list[Party] = []
    if To.APPLICANT in kind.owed or (To.VICTIM in kind.owed and not apart):
        also = {To.REPRESENTATIVE} | (set() if apart else {To.VICTIM})
        found.append(Party(To.APPLICANT, "the applicant", also=frozenset(also)))
    if To.VICTIM in kind.owed and apart:
        found.append(Party(To.VICTIM, "the victim"))
    if To.CO_APPLICANT in kind.owed:
        found += [
            Party(To.CO_APPLICANT, f"the co-applicant of {merged.reference}", merged.reference)
            for merged in letter_contacts.merged_into(session, case)
        ]
    if To.BODY in kind.owed:
        found += _bodies(session, case, kind)
    if To.FAMILY in kind.owed:
        found += [
            Party(To.FAMILY, f"the relative of {row.reference}", row.reference)
            for row in letter_contacts.relatives(session, case)
            if not letter_contacts.wants_none(row)
        ]
    return tuple(found)


def body_keys(session: Session) -> dict[int, str]:
    """The keys of the organisations, by row."""
    rows = session.exec(select(Organisation.id, Organisation.key)).all()
    return {row: key for row, key in rows if row is not None}


def recommended_to(session: Session, case: Case) -> tuple[Case, ...]:
    """The recommendations of a case that are written and not sent yet."""
    return tuple(
        session.exec(
            select(Case)
            .where(Case.parent_id == case.id, Case.process == "recommendation", Case.state == "drafted")
            .order_by(col(Case.id))
        ).all()
    )


def _bodies(session: Session, case: Case, kind: LetterKind) -> Iterable[Party]:
    """Those whom recommendations are for (L17); the agencies that were asked (letters of a review of a death)."""
    if kind.code == "L17":
        facts = [row.facts for row in recommended_to(session, case)]
        keys = [str(each.get("recipient") or each.get("addressed_to") or "") for each in facts]
    else:
        rows = session.exec(
            select(Case.facts).where(Case.parent_id == case.id, Case.process == "information_request")
        ).all()
        keys = [str(facts.get("agency") or "") for facts in rows]
    names = dict(session.exec(select(Organisation.key, Organisation.name)).all())
    return [Party(To.BODY, names.get(key, key), body=key) for key in dict.fromkeys(keys) if key]


def _standing(session: Session, case: Case, kind: LetterKind, letters: tuple[Letter, ...]) -> Standing:
    parties = owed(session, case, kind)
    bodies = body_keys(session) if any(party.to is To.BODY for party in parties) else {}
    there = [row for row in letters if row.state in _THERE]
    missing = tuple(party for party in parties if not any(party.is_for(row, bodies) for row in there))
    return Standing(parties, missing, letters)


def _sent(session: Session, case: Case) -> tuple[Letter, ...]:
    """The letters that were sent, came back or were not sent for a reason: of an ASB case, since its last step."""
    return db.once(session, (_sent, case.id), lambda: _read_sent(session, case))


def _read_sent(session: Session, case: Case) -> tuple[Letter, ...]:
    rows = session.exec(
        select(Letter).where(Letter.case_id == case.id, col(Letter.state).in_(_OUT)).order_by(col(Letter.id))
    ).all()
    if not rows:
        return ()
    moved = select(func.max(col(Event.seq))).where(
        Event.case_id == case.id, Event.kind == Happened.CASE_MOVED
    )
    since = session.exec(moved).one() or 0
    names = set(
        session.exec(
            select(Event.name).where(
                Event.case_id == case.id,
                Event.seq > since,
                col(Event.kind).in_((Happened.LETTER_SENT, Happened.LETTER_WAIVED)),
            )
        ).all()
    )
    return tuple(row for row in rows if not KINDS[row.kind].of_a_step or f"{row.kind}-{row.number}" in names)
