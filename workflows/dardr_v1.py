"""The domestic abuse related death review under section 8A of the 2004 Act, once that section is in force.

docs/domestic-homicide-review.md section 6: the states and steps of ``dhr_2016`` with the differences of 6.4, written here
as differences. Victims and Prisoners Act 2024 s.19 inserts the section; nothing offers this process until a date is set
(``TRACKER_DARDR_IN_FORCE_FROM``). Lengths are those of 2016 until final guidance gives others.
"""

from dataclasses import replace
from datetime import date

from workflows import dhr_2016_guards as guard
from workflows import questions as ask
from workflows.deciders import Decider
from workflows.definition import Clock, Force, Move, Task, Workflow
from workflows.dhr_2016_clocks import CLOCKS
from workflows.dhr_2016_facts import CRITERIA, LIMB
from workflows.dhr_2016_v1 import DHR_2016
from workflows.document_ladders import review_ladder
from workflows.effects import Start, Stop
from workflows.facts import Fact
from workflows.ladder import Who
from workflows.periods import Period, Unit
from workflows.position import Position, Requirement
from workflows.requirements import has
from workflows.selfcheck import checked

_QUESTIONS = ("resulted_from", "towards_deceased", "relationship_type", "both_16_or_over")


def _answered(here: Position) -> bool:
    return all(has(here.facts, name) for name in _QUESTIONS)


CRITERIA_ANSWERED = Requirement(
    "criteria_answered",
    "Answer each question of the criteria test.",
    _answered,
    hard=False,
    facts=_QUESTIONS,
)

_CRITERIA: tuple[Fact, ...] = (
    ask.choices(
        "resulted_from", "Domestic abuse that the death has, or appears to have, resulted from",
        "That it appears so is enough: nobody need be charged or convicted. A suicide is inside the definition",
        physical="Physical abuse", sexual="Sexual abuse", violent_or_threatening="Violent or threatening behaviour",
        controlling_or_coercive="Controlling or coercive behaviour", economic="Economic abuse",
        psychological="Psychological, emotional or other abuse", none="None of these, as far as it appears",
    ),
    ask.yes_no(
        "towards_deceased", "Was the abuse towards the person who died?",
        "It can be so through conduct directed at another, such as a child (Domestic Abuse Act 2021 s.1(5))",
    ),
    ask.choice(
        "relationship_type", "How were they personally connected", "Domestic Abuse Act 2021 s.2", private=True,
        married="Married or civil partners, now or before", engaged="Engaged, now or before",
        intimate="In an intimate relationship, now or before", co_parents="Parents of the same child",
        relatives="Relatives", not_connected="Not personally connected, as far as it appears",
    ),
    ask.yes_no(
        "both_16_or_over", "Were both 16 or over?", "Domestic Abuse Act 2021 s.1(2)(a)"
    ),
)  # fmt: skip
_LIMB = ask.choice(
    "definition_limb", "Which limb of the definition is met",
    married="Married or civil partners, now or before", engaged="Engaged, now or before",
    intimate="In an intimate relationship, now or before", co_parents="Parents of the same child",
    relatives="Relatives",
)  # fmt: skip
_BASIS = ask.choice(
    "legal_basis", "Legal basis",
    csp_decision="Decision of the partnership", direction="Direction under section 8A(2)",
)  # fmt: skip
_ADDED: tuple[Fact, ...] = (
    ask.document("scoping_review_doc", "Scoping review", "A link or a file reference", private=True),
    ask.confirm("early_learning_recorded", "Early learning is recorded as actions"),
    ask.day("sos_copy_sent_on", "Date the copy went to the Secretary of State"),
    ask.day("local_policing_body_told_on", "Date the local policing body was told, if local policy asks for it"),
    ask.day("da_commissioner_told_on", "Date the Domestic Abuse Commissioner was told, if local policy asks for it"),
)  # fmt: skip


def _facts() -> tuple[Fact, ...]:
    gone = {fact.name for fact in CRITERIA}
    own = {LIMB.name: _LIMB, _BASIS.name: _BASIS}
    found: list[Fact] = []
    for fact in DHR_2016.facts:
        if fact.name == "resulted_from":
            found += _CRITERIA
        if fact.name not in gone:
            found.append(own.get(fact.name, fact))
    test = "Does the death appear to have resulted from domestic abuse by somebody personally connected"
    return tuple(
        replace(fact, label=test) if fact.name == "criteria_test" else fact for fact in (*found, *_ADDED)
    )


_COPY_SOS = Clock(
    "COPY_SOS", "Send copy of report to Secretary of State", "signed_off_on", ("submitted_on", "sos_copy_sent_on"),
    Period(5, Unit.WORKING_DAYS), Force.STATUTE,
    "DVCVA 2004 s.8A(4)-(5): as soon as reasonably practicable after the report is completed; 5 working days is local",
    Decider.BU_OFFICER,
    extendable=False, ladder=review_ladder((1, 0), Unit.WORKING_DAYS, {Who.MANAGER: (1,)}),
    note="The e-mail that submits the report may serve both; both dates are kept.",
)  # fmt: skip


def _clocks() -> tuple[Clock, ...]:
    found: list[Clock] = []
    for clock in CLOCKS:
        if clock.key == "COPY_DAC":
            basis = clock.basis.replace("s.9(3B)-(3C)", "s.8A(4)-(5)")
            found += [replace(clock, basis=basis), _COPY_SOS]
        else:
            found.append(clock)
    return tuple(found)


def _move(move: Move) -> Move:
    if move.name == "submit_for_decision":
        return replace(
            move,
            needs=(*move.needs, ("scoping_review_doc",), ("early_learning_recorded",)),
            requirements=tuple(
                CRITERIA_ANSWERED if each is guard.CRITERIA_ANSWERED else each for each in move.requirements
            ),
        )
    if move.name == "sign_off":
        return replace(move, effects=(*move.effects, Start("COPY_SOS")))
    if move.name == "submit_to_home_office":
        return replace(move, effects=(*move.effects, Stop("COPY_SOS")))
    if move.name == "direct_review":
        return replace(move, does=move.does.replace("section 9(2)", "section 8A(2)"))
    return move


def _task(task: Task) -> Task:
    words = (
        task.text.replace("s.9(4)", "s.8A(6)").replace("s.9(3B)", "s.8A(4)").replace("DHR team", "DARDR team")
    )
    return replace(task, text=words)


_TOLD = (
    Task(
        "commissioning", "commissioning.dardr",
        "Tell the local policing body and the Domestic Abuse Commissioner of the decision, if local policy asks for it",
        must=False,
    ),
    Task(
        "signed_off", "signed_off.dardr",
        "Tell the local policing body of the submission, if local policy asks for it", must=False,
    ),
    Task(
        "implementing", "implementing.dardr",
        "Send action plan updates to the local policing body and the Domestic Abuse Commissioner, if local policy asks"
        " for it",
        must=False,
    ),
)  # fmt: skip

DARDR: Workflow = checked(
    replace(
        DHR_2016,
        key="dardr",
        version=1,
        title="Domestic abuse related death review",
        effective_from=date(2024, 5, 24),  # Royal Assent; what offers it is the date set for commencement
        states=tuple(
            replace(state, meaning=state.meaning.replace("s.9(2)", "s.8A(2)").replace("s.9(3C)", "s.8A(5)"))
            for state in DHR_2016.states
        ),
        moves=tuple(_move(move) for move in DHR_2016.moves),
        clocks=_clocks(),
        facts=_facts(),
        tasks=(*(_task(task) for task in DHR_2016.tasks), *_TOLD),
    )
)
