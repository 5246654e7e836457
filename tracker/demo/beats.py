"""The course of an invented case as beats: what happens, and how many working days after the step before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from workflows.facts import FactValue


@dataclass(frozen=True, slots=True)
class Off:
    """A day so many working days after the day of the beat; before it where negative."""

    working_days: int


@dataclass(frozen=True, slots=True)
class Here:
    """What an answer may depend on: the day of the beat and the case that it is about."""

    day: date
    story: "Story"
    number: int
    reference_of: Callable[[str], str]
    month_of_opening: str


Given = FactValue | Off | Callable[[Here], FactValue]
TODAY = Off(0)

LOG = "log"
NOTE = "note"
GRANT = "grant"
OPEN = "open"
DO = "do"


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happens. ``do`` is a step's name, or :data:`LOG`, :data:`NOTE`, :data:`GRANT`, :data:`OPEN`,
    :data:`DO` (``act`` is what the unit does then).

    ``of`` is what belongs to the case and is opened, moved or told instead of the case: ``information_request:imr``.

    ``after`` counts working days from the step before (notes count from it too). ``each`` names the list fact whose
    agencies each get a note of their own; ``late`` says why a date that the beat meets had passed.
    """

    do: str
    after: int
    facts: Mapping[str, Given] = field(default_factory=dict)
    each: str = ""
    instance: str = ""
    late: str = ""
    whom: str = ""
    why: str = ""
    of: str = ""
    act: Callable[..., None] | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A note that comes again every so many working days from a step on; the last one so many before today."""

    fact: str
    every: int
    since_step: str
    last: int
    of: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One invented case.

    ``since`` counts the working days from its last step to today. ``skip`` are facts that its last notes leave out
    ("chronology_received_on@probation-service" for one agency), so that their dates still run. ``gaps`` replace the
    working days before a step. ``minuted``: the chair's decisions are recorded by the unit, with the minute.
    ``agencies`` are those asked for reports, where they are not the usual ones.
    """

    key: str
    process: str
    partnership: str
    beats: tuple[Beat, ...]
    since: int
    answers: Mapping[str, Given]
    facts: Mapping[str, Given] = field(default_factory=dict)
    skip: frozenset[str] = frozenset()
    gaps: Mapping[str, int] = field(default_factory=dict)
    late: Mapping[str, str] = field(default_factory=dict)
    rhythms: tuple[Rhythm, ...] = ()
    area: str = ""
    officer: str = ""
    agencies: tuple[str, ...] = ()
    pseudonym: str = ""
    restricted: bool = False
    minuted: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A beat with its place: so many working days ago."""

    ago: int
    beat: Beat


def step(name: str, after: int, **facts: Given) -> Beat:
    """Take a step, so many working days after the one before."""
    return Beat(name, after, facts)


def note(after: int, *, each: str = "", of: str = "", **facts: Given) -> Beat:
    """Record facts without a step, so many working days after the step before."""
    return Beat(NOTE, after, facts, each=each, of=of)


def opened(after: int, of: str, *, each: str = "", **facts: Given) -> Beat:
    """Open what belongs to the case, one for each agency of a list or one at all."""
    return Beat(OPEN, after, facts, each=each, of=of)


def moved(after: int, of: str, do: str, *, each: str = "", at: str = "", **facts: Given) -> Beat:
    """Take a step with what belongs to the case: all of the sort, or the one of that agency, person or number."""
    return Beat(do, after, facts, each=each, of=of, instance=at)


def done(after: int, act: Callable[..., None], whom: str = "") -> Beat:
    """The officer, or somebody else of the unit, does something: ``act(session, actor, case, day, at)``."""
    return Beat(DO, after, act=act, whom=whom)


def grant(after: int, whom: str, why: str) -> Beat:
    """Name somebody for a restricted case, so many working days after the step before."""
    return Beat(GRANT, after, whom=whom, why=why)


def is_step(beat: Beat) -> bool:
    """Whether the beat moves the case along, so that later beats count from it."""
    return beat.do not in {NOTE, GRANT, OPEN, DO} and not beat.of


def until(course: tuple[Beat, ...], last: str) -> tuple[Beat, ...]:
    """The course up to the step of that name and the notes that follow it."""
    kept: list[Beat] = []
    reached = False
    for beat in course:
        if reached and is_step(beat):
            break
        reached = reached or beat.do == last
        kept.append(beat)
    return tuple(kept)


def placed(story: Story, agencies: Mapping[str, tuple[str, ...]], *, final: bool) -> list[Placed]:
    """Put every beat of a story in its place, the earliest first. What would lie after yesterday is left out."""
    steps = [index for index, beat in enumerate(story.beats) if is_step(beat)]
    ago, at = story.since, {steps[-1]: story.since}
    for later, earlier in zip(reversed(steps), list(reversed(steps))[1:], strict=False):
        ago += story.gaps.get(story.beats[later].do, story.beats[later].after)
        at[earlier] = ago
    found: list[Placed] = []
    before = at[steps[0]]
    for index, beat in enumerate(story.beats):
        last_part = index > steps[-1]
        if is_step(beat):
            before = at[index]
            found.append(Placed(before, replace(beat, late=story.late.get(beat.do, beat.late))))
            continue
        place = before - beat.after
        if place < 1:
            continue
        for one in _spread(beat, agencies):
            named = one.act.__name__ if one.act else one.of
            if last_part and named and {named, f"{named}@{one.instance}"} & story.skip:
                continue
            facts = {
                name: value
                for name, value in one.facts.items()
                if not last_part or not {name, f"{name}@{one.instance}"} & story.skip
            }
            if facts or one.do != NOTE:
                found.append(Placed(place, replace(one, facts=facts)))
    found += _regular(story, found, final=final)
    order = {id(one): number for number, one in enumerate(found)}
    return sorted(found, key=lambda one: (-one.ago, order[id(one)]))


def _spread(beat: Beat, agencies: Mapping[str, tuple[str, ...]]) -> list[Beat]:
    if not beat.each:
        return [beat]
    return [replace(beat, instance=agency) for agency in agencies[beat.each]]


def _regular(story: Story, found: list[Placed], *, final: bool) -> list[Placed]:
    notes: list[Placed] = []
    for rhythm in story.rhythms:
        start = next((one.ago for one in found if one.beat.do == rhythm.since_step), None)
        ago = story.since + 1 if final else rhythm.last
        while start is not None and ago < start:
            notes.append(Placed(ago, Beat(NOTE, 0, {rhythm.fact: TODAY}, of=rhythm.of)))
            ago += rhythm.every
    return notes
