"""A second version of a process, for tests alone: how the law may change, and what becomes of cases that are open.

``SECOND`` is the ASB case review from 1 January 2027 on. Between the decision that the threshold is met and preparing
the review there is one state more; the decision is told in 10 working days instead of 15; the applicant is met in
person, which has a date of its own; and the safeguarding look has none any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from workflows import questions as ask
from workflows import released
from workflows.asb_case_review_v1 import ASB_CASE_REVIEW
from workflows.dates import Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, Move, State, Workflow
from workflows.effects import Start
from workflows.selfcheck import checked

FROM = date(2027, 1, 1)
MET = "C30"
SCOPING = State(
    # The database knows every state by name: one that no process had before needs a migration as well.
    "scoping", "Scoping the review", "review", "We agree with the victim what the review looks at.",
)  # fmt: skip


def _moves() -> Iterator[Move]:
    for move in ASB_CASE_REVIEW.moves:
        effects = tuple(e for e in move.effects if getattr(e, "clock", "") != "C0")
        if move.name == "acknowledge":
            effects = (*effects, Start(MET, from_fact="letter_sent_L1"))
        to = "scoping" if move.name == "notify_met" else move.to
        yield replace(move, effects=effects, to=to)
    yield Move(
        "agree_scope", ("scoping",), "review_preparation", "Agree what the review looks at", "Scope agreed",
        (Decider.BU_OFFICER,), needs=(("scope",),), does="The review is prepared.",
    )  # fmt: skip


def _clocks() -> Iterator[Clock]:
    for clock in ASB_CASE_REVIEW.clocks:
        if clock.key == "C5":
            yield replace(clock, period=Period(10, Unit.WORKING_DAYS))
        elif clock.key != "C0":
            yield clock
    yield Clock(
        MET, "Meet the applicant", "letter_sent_L1", ("applicant_met_on",), Period(10, Unit.WORKING_DAYS),
        Force.LOCAL, "Local target", Decider.BU_OFFICER,
    )  # fmt: skip


SECOND = checked(
    replace(
        ASB_CASE_REVIEW,
        version=2,
        effective_from=FROM,
        states=(*ASB_CASE_REVIEW.states, SCOPING),
        moves=tuple(_moves()),
        clocks=tuple(_clocks()),
        facts=(
            *ASB_CASE_REVIEW.facts,
            ask.day("applicant_met_on", "Date the applicant was met"),
            ask.long_text("scope", "What the review looks at", private=True),
        ),
    )
)


def renamed(workflow: Workflow, old: str, new: str) -> Workflow:
    """The same process with one state under another name."""

    def name_of(name: str) -> str:
        return new if name == old else name

    moves = tuple(
        replace(m, sources=tuple(name_of(s) for s in m.sources), to=name_of(m.to)) for m in workflow.moves
    )
    clocks = tuple(
        replace(
            c,
            starts_on=f"entered:{new}" if c.starts_on == f"entered:{old}" else c.starts_on,
            halved=c.halved and replace(c.halved, while_in=tuple(name_of(s) for s in c.halved.while_in)),
        )
        for c in workflow.clocks
    )
    states = tuple(replace(s, name=name_of(s.name)) for s in workflow.states)
    return checked(replace(workflow, states=states, moves=moves, clocks=clocks))


@contextmanager
def released_too(*workflows: Workflow) -> Iterator[None]:
    """These definitions are released for as long as the block runs."""
    known = released.RELEASED
    assert isinstance(known, dict)
    known.update({workflow.id: workflow for workflow in workflows})
    try:
        yield
    finally:
        for workflow in workflows:
            del known[workflow.id]
