"""The letters of a case as its pages show them: what there is, what the next steps wait for, what one says."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access, clock
from tracker.errors import NotVisible
from tracker.letters import filling
from tracker.letters.filling import Paragraph
from tracker.models import Case, Letter, User
from tracker.policy import Actor, Permission, allows
from tracker.queries import steps
from tracker.services import letter_others, letters
from tracker.services.letter_others import Passage
from tracker.services.letter_parties import Party, standing_of
from workflows.letter_kinds import KINDS, kinds_of
from workflows.letters import Channel, Form, LetterKind, LetterState, To

_STATES = {
    LetterState.WAIVED: ("Not sent, with a reason", "closed"),
    LetterState.DRAFTED: ("Draft", ""),
    LetterState.CHECKED: ("Checked, not sent yet", "waiting"),
    LetterState.SENT: ("Sent", "good"),
    LetterState.RETURNED: ("Came back", "failed"),
    LetterState.CANCELLED: ("Given up", "closed"),
}


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter of the list: ``on`` is the last thing that happened to it, in words."""

    name: str
    title: str
    to: str
    state: str
    colour: str
    on: str


@dataclass(frozen=True, slots=True)
class Needed:
    """A letter that a step of the case still waits for."""

    kind: LetterKind
    step: str
    usual: bool
    missing: tuple[Party, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class KindShown:
    """A kind that this case may need."""

    kind: LetterKind
    needed_for: tuple[str, ...]

    @property
    def recipients(self) -> tuple[To, ...]:
        """Whose letter it may be."""
        return self.kind.to


@dataclass(frozen=True, slots=True)
class LetterShown:
    """One letter with its text. ``facts`` are pairs of a label and words; ``may_send`` and so on: what can be done."""

    row: LetterRow
    letter: Letter
    kind: LetterKind
    paragraphs: tuple[Paragraph, ...]
    facts: tuple[tuple[str, str], ...]

    @property
    def state(self) -> LetterState:
        """Where it stands."""
        return LetterState(self.letter.state)


def readable(session: Session, actor: Actor, case: Case) -> bool:
    """Whether the letters of a case are theirs to read: the partnership's people, not whoever else opens the case."""
    return bool(kinds_of(case.process)) and allows(
        actor, Permission.LETTER_READ, access.subject_of(session, case)
    )


def require_readable(session: Session, actor: Actor, case: Case) -> None:
    """Refuse whoever may not read them.

    Raises:
        NotVisible: cases of this kind have no letters, or they are not theirs to see.
    """
    if not readable(session, actor, case):
        raise NotVisible("There are no letters here, or they are not yours to see.")


def listed(session: Session, case: Case) -> tuple[LetterRow, ...]:
    """Every letter of the case, the newest first."""
    rows = session.exec(select(Letter).where(Letter.case_id == case.id).order_by(col(Letter.id).desc())).all()
    return tuple(_row(row) for row in rows)


def needed(session: Session, actor: Actor, case: Case, today: date) -> tuple[Needed, ...]:
    """The letters that steps wait for, those of the usual steps first."""
    by_fact: dict[str, LetterKind] = {}
    for kind in kinds_of(case.process):
        for to in kind.to:
            for fact in kind.records(to):
                by_fact.setdefault(fact, kind)
    asked = [
        (by_fact[fact], step)
        for step in steps.steps_of(session, actor, case, today)
        for absent in step.missing
        for fact in absent.facts
        if fact in by_fact
    ]
    stands = {kind.code: standing_of(session, case, kind) for kind, _ in asked}
    found = {
        (kind.code, step.name): Needed(
            kind, step.label, step.usual, stands[kind.code].missing, len(stands[kind.code].owed) > 1
        )
        for kind, step in asked
    }
    return tuple(sorted(found.values(), key=lambda each: not each.usual))


def missing(session: Session, case: Case, kind: LetterKind) -> tuple[Party, ...]:
    """Who still has to get a letter of this kind."""
    return standing_of(session, case, kind).missing


def passages(session: Session, case: Case, found: LetterShown) -> tuple[Passage, ...]:
    """What somebody wrote for a letter, and whose data it may repeat."""
    return letter_others.passages(session, case, found.kind, found.letter)


def kinds_shown(case: Case, wanted: tuple[Needed, ...]) -> tuple[KindShown, ...]:
    """Every kind that a case of this process may need, with the steps that wait for it."""
    return tuple(
        KindShown(kind, tuple(each.step for each in wanted if each.kind.code == kind.code))
        for kind in kinds_of(case.process)
    )


def shown(session: Session, case: Case, name: str) -> LetterShown:
    """One letter with its text.

    Raises:
        NotVisible: the case has none of that name.
    """
    letter = letter_named(session, case, name)
    made = filling.paragraphs(letter.document) if letter.document else ()
    return LetterShown(_row(letter), letter, KINDS[letter.kind], made, tuple(_facts(session, letter)))


def letter_named(session: Session, case: Case, name: str) -> Letter:
    """The letter ``L5-2`` of a case.

    Raises:
        NotVisible: the case has none of that name.
    """
    code, _, number = name.rpartition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 5):
        raise NotVisible("There is no such letter on this case.")
    return access.letter_for(session, case, code, int(number))


def _row(letter: Letter) -> LetterRow:
    state, colour = _STATES[LetterState(letter.state)]
    kind = KINDS[letter.kind]
    to = To(letter.recipient).label
    if letter.instance:
        to = f"{to}, {letter.instance}"
    return LetterRow(letters.name_of(letter), kind.title, to, state, colour, _last(letter))


def _last(letter: Letter) -> str:
    way = Channel(letter.channel).label if letter.channel else ""
    if letter.state == LetterState.WAIVED:
        return f"Recorded on {_day(clock.london(letter.drafted_at))}"
    if letter.returned_on:
        return f"Came back on {_day(letter.returned_on)}"
    if letter.sent_on:
        return f"{_day(letter.sent_on)}. {way}{', written outside the tracker' if letter.outside else ''}"
    if letter.state == LetterState.CHECKED and letter.checked_at:
        return f"Checked on {_day(clock.london(letter.checked_at))}"
    return f"Drafted on {_day(clock.london(letter.drafted_at))}"


def _facts(session: Session, letter: Letter) -> list[tuple[str, str]]:
    names = {
        user.id: user.name
        for user in session.exec(
            select(User).where(
                col(User.id).in_({letter.drafted_by_id, letter.checked_by_id, letter.sent_by_id} - {None})
            )
        ).all()
    }

    def did(at: date | None, who: int | None) -> str:
        return f"{_day(at)}, {names.get(who, 'the system')}" if at else ""

    made = clock.london(letter.drafted_at)
    found = [
        ("For", letter.recipient_label or To(letter.recipient).label),
        ("How it goes", Channel(letter.channel).label if letter.channel else ""),
        ("Format", Form(letter.accessible_format).label if letter.channel else ""),
        ("Language", letter.language if letter.channel else ""),
        (
            "Drafted" if letter.channel else "Recorded",
            "" if letter.outside else did(made, letter.drafted_by_id),
        ),
        ("Checked", did(clock.london(letter.checked_at), letter.checked_by_id) if letter.checked_at else ""),
        ("Sent", did(letter.sent_on, letter.sent_by_id)),
        ("Kept at", letter.kept_at),
        ("Note", letter.note),
        ("Came back", _day(letter.returned_on) if letter.returned_on else ""),
        ("Why it came back", letter.returned_why),
        (
            "Template",
            "Default" if letter.template == "default" else "The partnership's own" if letter.template else "",
        ),
    ]
    if letter.replaces_id:
        before = session.get_one(Letter, letter.replaces_id)
        found.append(("In place of", letters.name_of(before)))
    return [(label, words) for label, words in found if words]


def _day(on: date | None) -> str:
    return f"{on.day} {on:%B %Y}" if on else ""
