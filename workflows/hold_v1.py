"""Holds on a review: which steps wait, why, and what may go on meanwhile.

docs/domestic-homicide-review.md 4.4. Several may be active at once; the steps that they forbid together are those of
:data:`workflows.dhr_2016_guards.HOLD_BLOCKS`. A hold stops no clock. A hold that is lifted stays lifted: another is
placed.
"""

from datetime import date

from workflows import questions as ask
from workflows.dates import Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, HeldBy, Kind, Move, Stage, State, Workflow
from workflows.document_ladders import review_ladder
from workflows.effects import Cancel
from workflows.ladder import Who
from workflows.position import Requirement
from workflows.selfcheck import checked

_STAGES = (Stage("active", "Active"), Stage("lifted", "Lifted"))
_STATES = (
    State("active", "Active", "active", "Some steps of the review wait."),
    State(
        "lifted", "Lifted", "lifted", "This hold forbids nothing any more.", final=True, held_by=HeldBy.NOBODY
    ),
)
_FACTS = (
    ask.choice(
        "kind", "How far it goes", full="Full: terms of reference and all that follows wait",
        partial="Partial: consultation and all that follows wait", publication_only="Publication only",
    ),
    ask.choice(
        "reason", "Why",
        criminal_proceedings="Criminal proceedings", police_or_cps_request="Request of the police or the CPS",
        inquest="Inquest", iopc_or_misconduct="IOPC or misconduct", parallel_review="A parallel review",
        family_request_or_wellbeing="The family's request or wellbeing",
        chair_or_author_unavailable="Chair or author not available", other="Other",
    ),
    ask.text("requested_by", "Who asked for it", "The role, not the name"),
    ask.day("placed_on", "Date it was placed"),
    ask.day("review_on", "Date on which it is to be looked at again", planned=True),
    ask.long_text("still_permitted_work", "What may go on meanwhile"),
    ask.day("reviewed_on", "Date it was last looked at"),
    ask.long_text("review_note", "Why it goes on"),
    ask.day("lifted_on", "Date it was lifted"),
    ask.long_text("lift_reason", "Why it is lifted"),
)  # fmt: skip
NEXT = Requirement(
    "looked_at_again", "It is looked at again on a date of your choice, else in three months.",
    lambda _here: True, facts=("review_on",),
)  # fmt: skip
"""Always met: the step asks for the date, and does without it."""

_MOVES = (
    Move(
        "review", ("active",), "active", "Look at it again", "Looked at again", (Decider.BU_MANAGER,),
        needs=(("reviewed_on",), ("review_note",)),
        requirements=(NEXT,),
        does="The hold goes on, and is looked at again on the date given, else in three months.",
        anew=("reviewed_on", "review_note", "review_on"),
    ),
    Move(
        "lift", ("active",), "lifted", "Lift the hold", "Lifted", (Decider.BU_MANAGER,),
        needs=(("lifted_on",), ("lift_reason",)), effects=(Cancel("HOLD_REVIEW"),),
        does="The steps that only this hold forbids can be taken again.",
    ),
)  # fmt: skip
_CLOCKS = (
    Clock(
        "HOLD_REVIEW", "Review an active hold", "placed_on", ("reviewed_on",), Period(3, Unit.MONTHS),
        Force.LOCAL, "Local target", Decider.BU_MANAGER,
        due_fact="review_on", repeats=True, ladder=review_ladder((14, 0), Unit.DAYS, {Who.CHAIR: (1,)}),
        note="On the date that was set for it, else after three months; lifting the hold ends it.",
    ),
)  # fmt: skip

HOLD = checked(
    Workflow(
        key="hold",
        version=1,
        title="Hold",
        effective_from=date(2008, 1, 1),
        initial="active",
        stages=_STAGES,
        states=_STATES,
        moves=_MOVES,
        clocks=_CLOCKS,
        facts=_FACTS,
        opening_needs=(
            ("kind",), ("reason",), ("requested_by",), ("placed_on",), ("review_on",), ("still_permitted_work",),
        ),
        date_order=("placed_on", "reviewed_on", "lifted_on"),
        kinds=(
            Kind("full", "Full hold", "HOLD_REVIEW"),
            Kind("partial", "Partial hold", "HOLD_REVIEW"),
            Kind("publication_only", "Publication hold", "HOLD_REVIEW"),
        ),
    )
)  # fmt: skip
