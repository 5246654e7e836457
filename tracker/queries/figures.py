"""The annual figures as they are shown: numbers, words, the cases behind them for who may see, and what to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access, policy
from tracker.errors import BadInput, NotVisible
from tracker.models import Area, Case, Partnership, PublishedFigures
from tracker.policy import Actor, Permission, Subject
from tracker.services import figures
from tracker.services.figures import Place, Reporting
from workflows.traces import in_words

WORDS: tuple[tuple[str, str, str], ...] = (
    ("a", "applications", "Applications for an ASB case review"),
    ("b", "not_met", "Times the threshold for a review was decided not to be met"),
    ("c", "reviews", "ASB case reviews carried out"),
    ("d", "with_recommendations", "Reviews that resulted in recommendations"),
)
"""The four figures of s.104(9): letter, name in data, words."""
EXPLAINED = (
    "The figures do not have to add up: a decision or a review may fall in another period than the application, and an"
    " application may be withdrawn."
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``references`` are those of the cases that the reader may open, ``hidden`` counts the others."""

    letter: str
    name: str
    words: str
    number: int
    references: tuple[str, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class FiguresShown:
    """The figures of a place for a period, as they stand, with what was approved."""

    place: Place
    period: Reporting
    figures: tuple[Figure, ...]
    notes: tuple[str, ...]
    target_on: date
    approved: PublishedFigures | None
    versions: tuple[PublishedFigures, ...]
    may_approve: bool

    @property
    def numbers(self) -> tuple[int, ...]:
        """(a), (b), (c) and (d)."""
        return tuple(figure.number for figure in self.figures)

    @property
    def changed(self) -> bool:
        """Whether what is counted now is not what was approved."""
        return self.approved is not None and figures.numbers_of(self.approved) != self.numbers

    def as_json(self) -> dict[str, object]:
        """The figures as ``tracker figures asb --json`` prints them."""
        return {
            "area": self.place.area_key or None,
            "partnership": self.place.partnership.key,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "figures": {figure.letter: figure.number for figure in self.figures},
            **{figure.name: figure.number for figure in self.figures},
            "behind": {figure.name: list(figure.references) for figure in self.figures},
            "notes": list(self.notes),
            "target_on": self.target_on.isoformat(),
            "approved": _approved(self.approved),
        }


def place_of(session: Session, actor: Actor, *, area: str = "", partnership: str = "") -> Place:
    """The area or the partnership of that key, if its work is the actor's to see.

    Raises:
        NotVisible: there is none, or it is not theirs.
    """
    if area:
        found = session.exec(select(Area).where(Area.key == area)).first()
        if found is None:
            raise NotVisible("There is no such area, or it is not one of yours.")
        owner = session.get_one(Partnership, found.partnership_id)
        return Place(access.partnership_for(session, actor, owner.key, Permission.WORK_READ), found)
    return Place(access.partnership_for(session, actor, partnership, Permission.WORK_READ))


def keyed(session: Session, *, area: str | None, partnership: str | None) -> Place:
    """The area or the partnership of that key, for the command line.

    Raises:
        BadInput: there is none; the message lists those there are.
    """
    if area:
        found = session.exec(select(Area).where(Area.key == area)).first()
        if found is None:
            known = session.exec(select(Area.key).order_by(Area.key)).all()
            raise BadInput(f"There is no area called {area[:60]}. Known: {', '.join(known) or 'none yet'}.")
        return Place(session.get_one(Partnership, found.partnership_id), found)
    owner = session.exec(select(Partnership).where(Partnership.key == partnership)).first()
    if owner is None:
        keys = session.exec(select(Partnership.key).order_by(Partnership.key)).all()
        raise BadInput(
            f"There is no partnership called {str(partnership)[:60]}. Known: {', '.join(keys) or 'none yet'}."
        )
    return Place(owner)


def places(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The areas and partnerships whose figures the actor may see: ``area:KEY`` or ``partnership:KEY``, with the name."""
    owners = [
        owner
        for owner in session.exec(select(Partnership).order_by(col(Partnership.name))).all()
        if policy.allows(actor, Permission.WORK_READ, Subject(partnership_id=owner.id))
    ]
    ids = {owner.id for owner in owners}
    areas = session.exec(select(Area).where(col(Area.partnership_id).in_(ids)).order_by(Area.name)).all()
    found = [(f"area:{area.key}", area.name) for area in areas]
    return (*found, *((f"partnership:{owner.key}", f"All of {owner.name}") for owner in owners))


def shown(session: Session, actor: Actor, place: Place, period: Reporting, today: date) -> FiguresShown:
    """The figures as they stand, with what a reader must know."""
    counted = figures.count(session, place, period)
    visible = _visible(session, actor, {ref for refs in counted.as_json().values() for ref in refs})
    made = []
    for letter, name, words in WORDS:
        references = counted.as_json()[name]
        seen = tuple(ref for ref in references if ref in visible)
        made.append(Figure(letter, name, words, len(references), seen, len(references) - len(seen)))
    approved = figures.latest_for(session, place, period)
    subject = Subject(partnership_id=place.partnership.id)
    versions = tuple(figures.approved_for(session, place))
    return FiguresShown(
        place=place,
        period=period,
        figures=tuple(made),
        notes=tuple(_notes(session, place, period, approved, counted.numbers, today)),
        target_on=figures.target_of(session, place, period),
        approved=approved,
        versions=versions,
        may_approve=policy.allows(actor, Permission.FIGURES_APPROVE, subject),
    )


def _visible(session: Session, actor: Actor, references: set[str]) -> frozenset[str]:
    return frozenset(
        session.exec(
            select(Case.reference).where(col(Case.reference).in_(references), access.visible(actor))
        ).all()
    )


def _notes(
    session: Session,
    place: Place,
    period: Reporting,
    approved: PublishedFigures | None,
    numbers: Sequence[int],
    today: date,
) -> list[str]:
    notes = [EXPLAINED]
    if period.first > today:
        notes.append("The period has not begun.")
    elif period.last >= today:
        notes.append(f"The period has not ended: these are the figures as they stand on {in_words(today)}.")
    overlaps = dict.fromkeys((row.from_on, row.to_on) for row in figures.overlapping(session, place, period))
    notes += [
        f"The period overlaps with {Reporting(*days).words}, whose figures are approved." for days in overlaps
    ]
    if approved is not None and figures.numbers_of(approved) != tuple(numbers):
        notes.append(
            f"Other figures were approved (version {approved.version}): {_listed(figures.numbers_of(approved))}."
        )
    return notes


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _approved(row: PublishedFigures | None) -> dict[str, object] | None:
    if row is None:
        return None
    return {
        "version": row.version,
        "figures": dict(zip("abcd", figures.numbers_of(row), strict=True)),
        "approved_at": row.approved_at.isoformat(),
        "url": row.url or None,
        "published_on": row.published_on.isoformat() if row.published_on else None,
    }
