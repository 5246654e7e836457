"""What a move does besides changing the state. Data only: ``tracker.services`` carries effects out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class Effect(Protocol):
    """One consequence of a move; ``text`` is how the domain documents write it."""

    @property
    def text(self) -> str:
        """``start:REPORT_6M``."""
        ...


@dataclass(frozen=True, slots=True)
class Start:
    """Start a clock: on ``from_fact``; or else on the clock's own starting fact where this move asks for that fact;
    or else on the day of the move, so that a date left by an earlier round never starts a new clock. ``only_kinds``:
    only for a case of one of these kinds; ``if_fact``: only where this fact of the case ``equals`` that.
    """

    clock: str
    from_fact: str = ""
    each: str = ""
    only_kinds: tuple[str, ...] = ()
    if_fact: str = ""
    equals: str = ""

    @property
    def text(self) -> str:
        """``start:REPORT_6M(from=direction_on)``, ``start:IMR(each agency)``, ``start:C11(if local|regional)``."""
        detail = f"(from={self.from_fact})" if self.from_fact else f"(each {self.each})" if self.each else ""
        detail += f"(if {'|'.join(self.only_kinds)})" if self.only_kinds else ""
        detail += f"(if {self.if_fact}={self.equals})" if self.if_fact else ""
        return f"start:{self.clock}{detail}"

    def applies(self, facts: Mapping[str, object]) -> bool:
        """Whether it starts anything where these facts are recorded."""
        of_the_kind = not self.only_kinds or facts.get("kind") in self.only_kinds
        return of_the_kind and (not self.if_fact or facts.get(self.if_fact) == self.equals)


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop a clock: met on the day of the move, or ended with another outcome."""

    clock: str
    outcome: str = ""

    @property
    def text(self) -> str:
        """``stop:DECISION(outcome=transferred)``."""
        return f"stop:{self.clock}(outcome={self.outcome})" if self.outcome else f"stop:{self.clock}"


ALL_CLOCKS = "all_clocks"
OPEN_CLOCKS = "open_clocks"


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel a clock, or every running one (``all_clocks`` and ``open_clocks`` mean the same)."""

    clock: str

    @property
    def text(self) -> str:
        """``cancel:RETENTION``."""
        return f"cancel:{self.clock}"


@dataclass(frozen=True, slots=True)
class SetFact:
    """Record a fact that follows from the move itself."""

    fact: str
    value: str

    @property
    def text(self) -> str:
        """``set:legal_basis=direction``."""
        return f"set:{self.fact}={self.value}"


@dataclass(frozen=True, slots=True)
class CountUp:
    """Add one to a number (submissions to the Home Office)."""

    fact: str

    @property
    def text(self) -> str:
        """``set:submission_no+=1``."""
        return f"set:{self.fact}+=1"


@dataclass(frozen=True, slots=True)
class Tasks:
    """Open the checklist of a state. ``name`` is what the documents call it where that is not the state's name."""

    state: str
    name: str = ""

    @property
    def text(self) -> str:
        """``tasks:scoping``."""
        return f"tasks:{self.name or self.state}"


@dataclass(frozen=True, slots=True)
class Alert:
    """Tell a decider that something waits for them."""

    decider: str

    @property
    def text(self) -> str:
        """``alert:csp_chair``."""
        return f"alert:{self.decider}"


@dataclass(frozen=True, slots=True)
class Note:
    """A consequence that a person carries out (tell the Home Office if it was already told, open the actions)."""

    words: str

    @property
    def text(self) -> str:
        """As the document writes it: ``notify:home_office_if_already_notified``."""
        return self.words


@dataclass(frozen=True, slots=True)
class MoveChildren:
    """Take every child of a process that can take it one step further (sign-off opens the drafted actions)."""

    process: str
    move: str
    words: str = ""

    @property
    def text(self) -> str:
        """``open:actions(draft->agreed)``."""
        return self.words or f"children:{self.process}.{self.move}"


@dataclass(frozen=True, slots=True)
class MoveParent:
    """Take the case above one step, if this fact of the child has that value. ``facts`` are given to the step: the
    name of the parent's fact, and a value, or the name of a fact of the child after ``=``.
    """

    move: str
    if_fact: str
    equals: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """``parent:rerun_review(if result=upheld_rerun_review)``."""
        return f"parent:{self.move}(if {self.if_fact}={self.equals})"


@dataclass(frozen=True, slots=True)
class TellParent:
    """Record a fact on the case above, if it knows such a fact: the date that ``from_fact`` of the child holds, or the
    day of the act. ``when_all``: only once every child of this process and kind has ended; ``kind``: only for that kind.
    """

    fact: str
    from_fact: str = ""
    kind: str = ""
    when_all: bool = False

    @property
    def text(self) -> str:
        """``parent:summaries_returned_on(when all ended)``."""
        return f"parent:{self.fact}" + ("(when all ended)" if self.when_all else "")


@dataclass(frozen=True, slots=True)
class CountChildren:
    """Record how many children of a process stand in a state: recommendations made at a review."""

    fact: str
    process: str
    state: str

    @property
    def text(self) -> str:
        """``set:recommendations_made=drafted recommendation``."""
        return f"set:{self.fact}={self.state} {self.process}"


@dataclass(frozen=True, slots=True)
class Keep:
    """Record as a fact what other records of the case say at the moment of the step: the result of a calculation."""

    fact: str

    @property
    def text(self) -> str:
        """``keep:threshold_result``."""
        return f"keep:{self.fact}"


@dataclass(frozen=True, slots=True)
class Enclose:
    """Keep with the event of the step what other records of the case say: a whole calculation, with what it rests on."""

    known: str

    @property
    def text(self) -> str:
        """``enclose:calculation``."""
        return f"enclose:{self.known}"


@dataclass(frozen=True, slots=True)
class HandTo:
    """Hand the case to the organisation that a fact names: it can open it from then on, and not before."""

    fact: str

    @property
    def text(self) -> str:
        """``hand:recipient``."""
        return f"hand:{self.fact}"


@dataclass(frozen=True, slots=True)
class KeepRequests:
    """What agencies were asked for goes on although the case ends here: another area leads, and we contribute."""

    @property
    def text(self) -> str:
        """``keep:agency_requests``."""
        return "keep:agency_requests"
