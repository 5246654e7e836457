"""The words in which a statutory process is written down: states, moves, facts, requirements, clocks.

A :class:`Workflow` is frozen data. One file per released version builds one; ``released.json`` locks its digest.
A definition that contradicts itself cannot be imported: see :mod:`workflows.selfcheck`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from workflows.dates import Period
from workflows.deciders import Decider
from workflows.effects import Effect
from workflows.facts import Fact
from workflows.ladder import DEFAULT_LADDER, Rung
from workflows.meaning import meaning_of
from workflows.position import Holds, Requirement, nothing_held


class Force(StrEnum):
    """Where the duty behind a clock comes from. A local target is never called statutory."""

    STATUTE = "statute"
    GUIDANCE = "guidance"
    LOCAL = "local"


class HeldBy(StrEnum):
    """Who must act next while a case is in a state."""

    US = "us"
    AGENCY = "agency"
    APPLICANT = "applicant"
    HOME_OFFICE = "home_office"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class State:
    """One state of a process. ``stage`` is the key of a :class:`Stage`; a final state has no duty clock running."""

    name: str
    label: str
    stage: str
    meaning: str
    final: bool = False
    held_by: HeldBy = HeldBy.US


@dataclass(frozen=True, slots=True)
class Stage:
    """A group of states, as the strip at the top of a case page shows them."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Move:
    """One step. ``needs`` are facts that must be recorded; each is a tuple of alternatives, any one of which will do.

    ``label`` is an imperative ("Start drafting"), ``past`` what the history says ("Drafting started"). ``usual`` is
    false for the rare steps that a page shows as plain links (stand down, transfer, reopen). ``anew`` are the facts
    that must be given with this very step, whatever an earlier step recorded under the same name: the date of this
    submission, the reason for this return. ``stands`` are pairs of a date and a fact: a date of an earlier round that is
    not given again needs no place in the order of dates once that fact is recorded (a chair who was appointed stays
    appointed when the review is taken up again).
    """

    name: str
    sources: tuple[str, ...]
    to: str
    label: str
    past: str
    decided_by: tuple[Decider, ...]
    needs: tuple[tuple[str, ...], ...] = ()
    requirements: tuple[Requirement, ...] = ()
    effects: tuple[Effect, ...] = ()
    does: str = ""
    usual: bool = True
    anew: tuple[str, ...] = ()
    stands: tuple[tuple[str, str], ...] = ()

    def asks(self) -> tuple[str, ...]:
        """Names of every fact that the form of this move may ask for, in order, each once."""
        names = [name for need in self.needs for name in need]
        names += [name for requirement in self.requirements for name in requirement.facts]
        return tuple(dict.fromkeys(names))


class StartsBy(StrEnum):
    """What makes a clock run."""

    EFFECT = "effect"  # a move, or the opening of the case, says so
    FACT = "fact"  # its starting fact is recorded, whoever records it


ENTERED = "entered:"


@dataclass(frozen=True, slots=True)
class Halving:
    """Half the length, where the area's procedure wants it, if ``fact`` is ``equals`` when the clock begins, or comes to
    be so while the case is in one of the states ``while_in``. What was halved is not lengthened again.
    """

    fact: str
    equals: str
    while_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A duty with a date.

    ``starts_on`` is a fact name, or ``entered:STATE`` where the day of entering a state counts; ``or_earlier`` is a
    fact that starts it instead where its date is the earlier. ``met_by`` are fact
    names: any one of them meets the clock, or with ``met_by_all`` only all of them together. ``period`` is the
    default length, which a partnership's policy may replace unless the Act fixes it; where it is None the date is
    entered, as the fact ``due_fact``. Where there are both, the date that is given with the act that begins it counts.
    ``basis`` cites the Act, the guidance or the local practice. ``length_local`` is true where the duty is in law or
    guidance but the length is ours. ``per`` is "" or what there is one clock for each of ("agency"), listed by the fact ``each_of``. ``minimum`` marks a time that must be given, not a limit.
    ``child`` is the process (and ``child_kind`` the sort of it) whose case carries the clock: to start it is to open
    such a case, in whose definition a clock of the same key runs and ends; a person may open more of them.
    ``length_fact`` is a number that, once recorded, is the length in the clock's own unit (a frequency that was
    promised), or an answer of which each has its length in ``lengths`` (None: no such date is wanted). ``in_hand`` is
    the length while the case above is not with the Home Office or ended; ``halved``, when an area may halve it;
    where the fact ``later_if`` is true, the clock starts ``later_by`` after its day (a posted letter). With
    ``only_kinds`` its facts start and meet it on cases of these kinds alone.
    """

    key: str
    label: str
    starts_on: str
    met_by: tuple[str, ...]
    period: Period | None
    force: Force
    basis: str
    owner: Decider
    met_by_all: bool = False
    or_earlier: str = ""
    due_fact: str = ""
    length_local: bool = True
    starts_by: StartsBy = StartsBy.EFFECT
    per: str = ""
    each_of: str = ""
    pausable: bool = False
    extendable: bool = True
    extend_by: Decider = Decider.BU_MANAGER
    repeats: bool = False
    minimum: bool = False
    ladder: tuple[Rung, ...] = DEFAULT_LADDER
    note: str = ""
    child: str = ""
    child_kind: str = ""
    length_fact: str = ""
    only_kinds: tuple[str, ...] = ()
    lengths: tuple[tuple[str, Period | None], ...] = ()
    in_hand: Period | None = None
    halved: Halving | None = None
    later_if: str = ""
    later_by: Period | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of a process that has several (summary, chronology, management review); ``clock`` starts with it."""

    name: str
    label: str
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the checklist of a state. ``must`` ones are open until done, or not needed for a reason."""

    state: str
    key: str
    text: str
    must: bool = True


@dataclass(frozen=True)
class Workflow:
    """One released version of one process.

    ``opening`` are the effects of logging a case and ``opening_needs`` the facts that logging asks for;
    ``date_order`` lists date facts that may not run backwards (received before decision before sign-off ...).
    ``holds`` names, for the children of a case, the moves that an active hold forbids. ``kinds`` are the sorts of a
    process that has several, said by the fact ``kind``. ``tasks`` is the checklist of each state. ``family`` are the
    processes whose cases may belong to a case of this one.
    """

    key: str
    version: int
    title: str
    effective_from: date
    initial: str
    stages: tuple[Stage, ...]
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    clocks: tuple[Clock, ...]
    facts: tuple[Fact, ...]
    opening_needs: tuple[tuple[str, ...], ...] = ()
    opening: tuple[Effect, ...] = ()
    date_order: tuple[str, ...] = ()
    holds: Holds = nothing_held
    kinds: tuple[Kind, ...] = ()
    tasks: tuple[Task, ...] = ()
    family: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``dhr_2016/1``."""
        return f"{self.key}/{self.version}"

    @cached_property
    def state_by_name(self) -> Mapping[str, State]:
        """States by name."""
        return {state.name: state for state in self.states}

    @cached_property
    def clock_by_key(self) -> Mapping[str, Clock]:
        """Clocks by key."""
        return {clock.key: clock for clock in self.clocks}

    @cached_property
    def kind_by_name(self) -> Mapping[str, Kind]:
        """Kinds by name."""
        return {kind.name: kind for kind in self.kinds}

    @cached_property
    def fact_by_name(self) -> Mapping[str, Fact]:
        """Facts by name."""
        return {fact.name: fact for fact in self.facts}

    def not_of(self, kind: str) -> frozenset[str]:
        """Names of the facts that only clocks of other kinds look at."""
        theirs = {
            name
            for c in self.clocks
            if c.only_kinds and kind not in c.only_kinds
            for name in (c.starts_on, *c.met_by)
        }
        ours = {
            name
            for c in self.clocks
            if not c.only_kinds or kind in c.only_kinds
            for name in (c.starts_on, *c.met_by)
        }
        return frozenset(theirs - ours)

    def move(self, name: str, state: str) -> Move | None:
        """The move of that name out of that state, if there is one."""
        return next((move for move in self.moves if move.name == name and state in move.sources), None)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """Every move out of a state, in the order of the definition."""
        return tuple(move for move in self.moves if state in move.sources)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what ``tracker workflows show --format json`` prints, and of all else that it means."""
        locked = {**self.as_json(), "meaning": meaning_of(self)}
        canonical = json.dumps(locked, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def as_json(self) -> dict[str, object]:
        """The definition as plain values: names, words, deciders, needs, effects, clocks."""
        return {
            "key": self.key,
            "version": self.version,
            "title": self.title,
            "effective_from": self.effective_from.isoformat(),
            "initial": self.initial,
            "states": [
                {"name": s.name, "label": s.label, "stage": s.stage, "final": s.final} for s in self.states
            ],
            "moves": [
                {
                    "name": move.name,
                    "label": move.label,
                    "from": list(move.sources),
                    "to": move.to,
                    "decided_by": [str(decider) for decider in move.decided_by],
                    "needs": ["|".join(need) for need in move.needs],
                    "requirements": [
                        {"name": r.name, "words": r.words, "hard": r.hard} for r in move.requirements
                    ],
                    "effects": [effect.text for effect in move.effects],
                }
                for move in self.moves
            ],
            "clocks": [
                {
                    "key": clock.key,
                    "label": clock.label,
                    "starts_on": clock.starts_on,
                    "met_by": list(clock.met_by),
                    "n": clock.period.n if clock.period else None,
                    "unit": str(clock.period.unit) if clock.period else None,
                    "force": str(clock.force),
                    "basis": clock.basis,
                    "per": clock.per,
                    "pausable": clock.pausable,
                    "extendable": clock.extendable,
                    "ladder": [rung.key for rung in clock.ladder],
                }
                for clock in self.clocks
            ],
        }
