"""What can happen next on a case, what each step asks for, and what it will do to the dates."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker import access, policy
from tracker.models import Case
from tracker.policy import Actor, Subject
from tracker.queries import choices
from tracker.queries.date_words import kind_words
from tracker.services import clocks
from tracker.services.positions import position_of, workflow_for
from tracker.services.recording import following, with_their_steps
from workflows.deciders import Decider
from workflows.definition import Move, Workflow
from workflows.effects import Alert, Stop
from workflows.engine import Met, Unmet, offers, unmet_by, with_facts
from workflows.facts import Fact, FactKind, FactValue
from workflows.ledger import ChangeKind, fold
from workflows.position import Position
from workflows.traces import Line

_ACTS: Mapping[str, str] = {"pass-ons": "Record a pass-on"}
"""What is done on pages of their own and meets a date, by the page."""


BARS = frozenset(
    {
        "area_has_policy",
        "chair_independent_as_defined",
        "chair_not_involved_before",
        "disagreement_explained",
        "family_reading_time_over_or_waived",
        "has_recommendations_or_actions",
        "manager_countersigned",
        "no_active_publication_block",
        "no_open_mandatory_tasks",
        "not_decision_letter_sent",
        "not_has_open_recommendations_or_actions",
        "not_mandatory_threshold_met",
        "not_open_dissatisfaction_request",
        "publication_status == withheld",
        "qa_outcome == publish_after_amendments",
        "qa_outcome == resubmit",
    }
)
"""Requirements whose words say what bars a step. While it does not, they would be untrue, so nothing is said."""
REVIEWS_IN = "all_imrs_terminal_or_chair_waived"
"""It is met by the reviews; the answer in the form waives it. Until then it is in the way."""
_PAGES: Mapping[str, str] = {REVIEWS_IN: "related", "national_recommendations_all_dispatched": "related"}
"""Where a requirement is met whose definition names no page."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a date is met that no form of its own records."""

    text: str
    page: str


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands in the way. ``facts`` are the questions whose answers put it right, if any do; ``page`` is
    the page of the case where it is put right instead.
    """

    name: str
    words: str
    hard: bool
    facts: tuple[str, ...] = ()
    override_by: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step as the case page shows it.

    ``mine``: the actor decides it. ``for_whom``: the actor may record it for this decider, with evidence. ``skips``:
    the actor may go ahead with a reason. ``asked`` is what the form asks for in any case.
    """

    name: str
    label: str
    does: str
    usual: bool
    decided_by: str
    mine: bool
    for_whom: str
    missing: tuple[Missing, ...]
    in_place: tuple[str, ...]
    asked: tuple[str, ...]
    skips: bool

    @property
    def slug(self) -> str:
        """The step in an address."""
        return slug(self.name)

    @property
    def ready(self) -> bool:
        """Nothing is missing but what the form asks for."""
        return not self.missing

    @property
    def may_take(self) -> bool:
        """Whether the actor can take or record the step."""
        return self.mine or bool(self.for_whom)


@dataclass(frozen=True, slots=True)
class Foretold:
    """A date that a step will start: the very date that the case shows afterwards."""

    label: str
    instance: str
    kind: str
    due_on: date | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """A running date that a step will end, and how."""

    label: str
    words: str
    late: bool


def slug(name: str) -> str:
    """The name of a step in an address: ``start-drafting``."""
    return name.replace("_", "-")


def named(slug_of_step: str) -> str:
    """The name of a step back from an address."""
    return slug_of_step.replace("-", "_")


def steps_of(session: Session, actor: Actor, case: Case, today: date) -> tuple[StepShown, ...]:
    """Every step out of the present state that a person can take, the usual ones first, what is ready before them."""
    workflow = workflow_for(case)
    position = position_of(session, workflow, case, {}, today)
    subject = access.subject_of(session, case)
    shown = [
        _shown(actor, subject, workflow, offer.move, position, _in_place(offer.met))
        for offer in offers(workflow, position)
        if set(offer.move.decided_by) != {Decider.SYSTEM}
    ]
    return tuple(sorted(shown, key=lambda step: (not step.usual, not step.may_take, not step.ready)))


def step_of(session: Session, actor: Actor, case: Case, move: Move, today: date) -> StepShown:
    """One step as it stands for the actor."""
    workflow = workflow_for(case)
    position = position_of(session, workflow, case, {}, today)
    return _shown(actor, access.subject_of(session, case), workflow, move, position, ())


def asks(workflow: Workflow, move: Move, position: Position, change: Collection[str]) -> tuple[Fact, ...]:
    """The facts that the form asks for: not recorded yet, wanted anew, in the way as recorded, or to be changed.

    Of alternatives any one will do: once one stands, the others are not asked for.
    """
    in_the_way = {name for unmet in unmet_by(workflow, move, position) for name in unmet.facts}
    wanted = set(move.anew) | in_the_way | set(change)
    stands = {name for name, value in position.facts.items() if value not in (None, "", ())} - wanted
    stands |= {name for name, need in groups(move).items() if stands & set(need)} - wanted
    return tuple(
        workflow.fact_by_name[name]
        for name in move.asks()
        if name not in stands and not workflow.fact_by_name[name].through
    )


def groups(move: Move) -> dict[str, tuple[str, ...]]:
    """For each fact of a need with alternatives, the facts of which any one will do."""
    return {name: need for need in move.needs if len(need) > 1 for name in need}


def needed(workflow: Workflow, move: Move, position: Position) -> frozenset[str]:
    """Facts without which the step is refused; any other question of the form may stay open."""
    always = {need[0] for need in move.needs if len(need) == 1}
    unmet = {name for u in unmet_by(workflow, move, position) if u.hard for name in u.facts}
    return frozenset((always | unmet) - set(groups(move)))


def missing_from(unmet: Iterable[Unmet]) -> tuple[Missing, ...]:
    """What is in the way, and who may go ahead without it."""
    return tuple(
        Missing(
            name=each.name,
            words=each.words,
            hard=each.hard,
            facts=each.facts,
            override_by=each.override_by.label if each.override_by else "",
            page=each.page or _PAGES.get(each.name, ""),
        )
        for each in unmet
    )


def may_skip(unmet: Iterable[Unmet], actor: Actor, subject: Subject) -> frozenset[str]:
    """Names of the requirements that the actor may go ahead without."""
    return frozenset(
        each.name
        for each in unmet
        if not each.hard and each.override_by and policy.decides(actor, (each.override_by,), subject)
    )


def foretell(
    session: Session,
    case: Case,
    move: Move,
    position: Position,
    facts: Mapping[str, FactValue],
    occurred_on: date,
) -> clocks.Foreseen:
    """What the step will do to the clocks, worked out by the code that then does it."""
    workflow = workflow_for(case)
    given = {**facts, **following(move, position)}
    return clocks.foresee(
        session, case, workflow, move.effects, {**position.facts, **given},
        new_facts=given, occurred_on=occurred_on, words=move.past, asked=move.asks(),
        final=workflow.state_by_name[move.to].final,
    )  # fmt: skip


def startings(session: Session, foreseen: clocks.Foreseen) -> tuple[Foretold, ...]:
    """The dates that will start, in order, each with how it is worked out."""
    names = choices.bodies(session, {start.instance for start in foreseen.startings})
    found = []
    for start in foreseen.startings:
        stands = fold(
            start.period, start.starts_on, (), foreseen.calendar,
            start_words=start.start_words, length_words=start.why, typed_due_on=start.entered_on,
        )  # fmt: skip
        kind = kind_words(
            start.clock.key, start.clock.force, length_local=start.clock.length_local, period=start.period
        )
        whose = names.get(start.instance, start.instance)
        found.append(Foretold(start.clock.label, whose, kind, start.due_on, stands.trace))
    return tuple(sorted(found, key=lambda each: (each.due_on or date.max, each.label)))


def endings(foreseen: clocks.Foreseen) -> tuple[Ended, ...]:
    """The running dates that will end, and how."""
    words = {
        ChangeKind.STOP: "stops",
        ChangeKind.CANCEL: "is cancelled",
        ChangeKind.SET: "gets its date",
        ChangeKind.RECALCULATE: "gets an earlier date",
    }
    return tuple(
        Ended(
            ending.deadline.label,
            words.get(ending.kind, "is met, after its date" if ending.late else "is met in time"),
            ending.late,
        )
        for ending in foreseen.endings
    )


def recordable(case: Case) -> frozenset[str]:
    """Keys of the clocks that can be recorded as done without a step.

    Not those that a step alone meets: the date of a decision is said with the step. Nor those that ``elsewhere`` has.
    """
    workflow = workflow_for(case)
    typed = {fact.name for fact in workflow.facts if not fact.through} - with_their_steps(workflow)
    return frozenset(clock.key for clock in workflow.clocks if set(clock.met_by) & typed)


def elsewhere(case: Case) -> Mapping[str, Elsewhere]:
    """The clocks that an act on a page of its own meets, by key: what the link to it says, and which page of the case."""
    workflow = workflow_for(case)
    found = {}
    for clock in workflow.clocks:
        for fact in (workflow.fact_by_name[name] for name in clock.met_by if name in workflow.fact_by_name):
            if fact.through in _ACTS:
                found[clock.key] = Elsewhere(_ACTS[fact.through], fact.through)
    return found


def told(move: Move) -> tuple[str, ...]:
    """Who is told at once."""
    return tuple(Decider(effect.decider).label for effect in move.effects if isinstance(effect, Alert))


def stops(move: Move) -> frozenset[str]:
    """Keys of the clocks that the step stops."""
    return frozenset(effect.clock for effect in move.effects if isinstance(effect, Stop))


def _in_place(every: Iterable[Met]) -> tuple[str, ...]:
    return tuple(met.words for met in every if met.name not in BARS)


def _shown(
    actor: Actor,
    subject: Subject,
    workflow: Workflow,
    move: Move,
    position: Position,
    in_place: tuple[str, ...],
) -> StepShown:
    typed = [name for name in move.anew if not workflow.fact_by_name[name].through]
    unmet = _in_the_way(workflow, move, position, typed)
    whose = policy.records_for(actor, move.decided_by, subject)
    skippable = may_skip(unmet, actor, subject)
    return StepShown(
        name=move.name,
        label=move.label,
        does=move.does,
        usual=move.usual,
        decided_by=" or ".join(d.label for d in move.decided_by if d is not Decider.SYSTEM),
        mine=policy.decides(actor, move.decided_by, subject),
        for_whom=whose.label if whose else "",
        missing=missing_from(unmet),
        in_place=in_place,
        asked=tuple(workflow.fact_by_name[name].label for name in typed),
        skips=bool(unmet) and all(u.name in skippable for u in unmet),
    )


def _in_the_way(
    workflow: Workflow, move: Move, position: Position, typed: Collection[str]
) -> tuple[Unmet, ...]:
    """What is unmet, but for what the form asks for with every such step: that is no reason to say that it is not ready.

    It is in the way all the same if the records beside the facts say so, whatever is ticked in the form.
    """
    kinds = {FactKind.YES_NO, FactKind.CONFIRM}
    ticks = {name: True for name in typed if workflow.fact_by_name[name].kind in kinds}
    left = {each.name for each in unmet_by(workflow, move, with_facts(position, ticks))} | {REVIEWS_IN}
    found = unmet_by(workflow, move, position)
    own = {each.name for each in found if each.facts and set(each.facts) <= set(typed)}
    said = {each.name for each in found if each.name in left and set(each.facts) <= set(ticks)}
    return tuple(each for each in found if each.name not in own - said)
