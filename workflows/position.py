"""Where a case stands, and what must hold before it goes on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from workflows.deciders import Decider
from workflows.facts import FactValue


@dataclass(frozen=True, slots=True)
class Child:
    """A case that belongs to another, as far as a requirement of the other may look at it.

    ``due_on`` is the first date that runs on it.
    """

    process: str
    state: str
    final: bool
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    due_on: date | None = None

    @property
    def kind(self) -> str:
        """Which sort it is, where the process has several: ``imr``."""
        return str(self.facts.get("kind", ""))


@dataclass(frozen=True, slots=True)
class Position:
    """Where a case stands: all that a requirement may look at. Built afresh for each question; never a database row.

    ``facts`` are the recorded values, with those just given laid over them; ``given`` names those just given (see
    :func:`workflows.engine.with_facts`); ``blocks`` are the names of the moves that an active hold forbids; ``today``
    is the London date. ``children`` are the cases that belong to this one; ``known`` is what other records of the case
    say (``open_tasks``: how many tasks that must be done are open).
    """

    state: str
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    today: date = date.min
    blocks: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    children: tuple[Child, ...] = ()
    known: Mapping[str, FactValue] = field(default_factory=dict)

    def those(self, process: str, kind: str = "") -> tuple[Child, ...]:
        """The children of one process, and of one kind of it if that is said."""
        return tuple(c for c in self.children if c.process == process and kind in ("", c.kind))


Check = Callable[[Position], bool]
Holds = Callable[[tuple[Child, ...]], frozenset[str]]


def nothing_held(_children: tuple[Child, ...]) -> frozenset[str]:
    """The holds of a process that knows none."""
    return frozenset()


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must hold before a move, in the words that the user reads when it does not.

    A hard requirement can never be overridden. A soft one can, by ``override_by``, with a reason that is kept.
    ``facts`` are the facts that it looks at: the form asks for those that are not recorded yet. ``page`` is the page
    of the case where it is put right instead, if it looks at something else: ``related``, ``tasks``. ``elsewhere`` says
    whether, as things stand, only that page helps and no answer in the form does. ``naming`` is the name in ``known`` of
    those who are still missing, whom the words then name.
    """

    name: str
    words: str
    check: Check
    hard: bool = True
    facts: tuple[str, ...] = ()
    override_by: Decider = Decider.BU_MANAGER
    page: str = ""
    elsewhere: Check | None = None
    naming: str = ""
