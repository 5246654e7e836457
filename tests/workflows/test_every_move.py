"""Every move from every state as every role, held against the golden tables; every move taken at least once."""

from functools import cache

import pytest

from tests.workflows.golden import table
from tests.workflows.satisfying import TODAY, position_for
from tracker.models import Role
from workflows.definition import Workflow
from workflows.engine import MoveRefused, next_state, offers, unmet_by
from workflows.facts import FactKind
from workflows.position import Position
from workflows.released import RELEASED

EVERY = [pytest.param(workflow, id=workflow.id) for workflow in RELEASED.values()]
AGAIN = "If the change is meant, write the tables with `python -m tests.workflows.golden.write` and read the difference."


@pytest.mark.parametrize("workflow", EVERY)
def test_the_process_is_as_its_golden_table_says(workflow: Workflow) -> None:
    now, written = list(table.rows(workflow)), table.read(workflow)
    by_cell = {(row["state"], row["move"]): row for row in written}
    for row in now:
        assert by_cell.get((row["state"], row["move"])) == row, AGAIN
    assert [(r["state"], r["move"]) for r in now] == [(r["state"], r["move"]) for r in written], AGAIN


def test_there_is_one_table_for_each_process_and_a_column_for_each_role() -> None:
    assert {path.name for path in table.FOLDER.glob("*.csv")} == {
        table.path_of(workflow).name for workflow in RELEASED.values()
    }
    assert {role.value for role in Role} <= set(table.PEOPLE)


@cache
def satisfied(workflow_id: str) -> dict[tuple[str, str], Position]:
    workflow = RELEASED[workflow_id]
    return {
        (state.name, move.name): position_for(workflow, move, state.name)
        for state in workflow.states
        for move in workflow.moves_from(state.name)
    }


@pytest.mark.parametrize("workflow", EVERY)
def test_every_move_leads_where_the_table_says_and_no_other_is_there(workflow: Workflow) -> None:
    to = {(row["state"], row["move"]): row["to"] for row in table.read(workflow)}
    positions, fired = satisfied(workflow.id), set()
    for state in workflow.states:
        for name in {move.name for move in workflow.moves}:
            cell = (state.name, name)
            if cell in to:
                assert next_state(workflow, name, positions[cell]) == to[cell]
                fired.add(cell)
                continue
            with pytest.raises(MoveRefused) as refused:
                next_state(workflow, name, Position(state.name, today=TODAY))
            assert refused.value.unmet == (), f"{name} from {state.name} is not there"
    rows = {(source, move.name) for move in workflow.moves for source in move.sources}
    assert fired == rows, "every row of the process was taken"


@pytest.mark.parametrize("workflow", EVERY)
def test_what_is_offered_from_a_state_is_what_the_table_lists(workflow: Workflow) -> None:
    written = table.read(workflow)
    for state in workflow.states:
        offered = [offer.move.name for offer in offers(workflow, Position(state.name, today=TODAY))]
        assert offered == [row["move"] for row in written if row["state"] == state.name]


@pytest.mark.parametrize("workflow", EVERY)
def test_a_move_is_refused_without_any_one_thing_that_it_needs(workflow: Workflow) -> None:
    for (state, name), here in satisfied(workflow.id).items():
        move = workflow.move(name, state)
        assert move is not None
        for need in move.needs:
            facts = {fact: value for fact, value in here.facts.items() if fact not in need}
            without = Position(state, facts, TODAY, here.blocks, frozenset(facts), here.children, here.known)
            with pytest.raises(MoveRefused) as refused:
                next_state(workflow, name, without)
            assert refused.value.unmet, f"{name} from {state} without {need}"


@pytest.mark.parametrize("workflow", EVERY)
def test_soft_requirements_are_skipped_by_name_and_hard_ones_never(workflow: Workflow) -> None:
    for (state, name), here in satisfied(workflow.id).items():
        move = workflow.move(name, state)
        assert move is not None
        names = [requirement.name for requirement in move.requirements]
        nothing = Position(state, today=TODAY)
        hard = {u.name for u in unmet_by(workflow, move, nothing) if u.hard}
        if hard:
            with pytest.raises(MoveRefused) as refused:
                next_state(workflow, name, nothing, overridden=names)
            assert hard <= {u.name for u in refused.value.unmet}
        assert not unmet_by(workflow, move, here)


@pytest.mark.parametrize("workflow", EVERY)
def test_nothing_in_a_position_of_the_walk_is_beyond_what_can_be_recorded(workflow: Workflow) -> None:
    for here in satisfied(workflow.id).values():
        for name, value in here.facts.items():
            fact = workflow.fact_by_name[name]
            if fact.kind is FactKind.CHOICE:
                assert value in {choice.value for choice in fact.choices}
