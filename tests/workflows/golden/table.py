"""The golden table of a process: every way out of every state, where it leads, who may, and what it asks for."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tracker.models import Role
from tracker.policy import SYSTEM, Actor, Holding, Subject, decides, records_for
from workflows.definition import Move, Workflow
from workflows.engine import unmet_by
from workflows.position import Position

FOLDER = Path(__file__).parent
COLUMNS = (
    "state", "move", "to", "decided_by", "takes", "records_for_another", "hard", "soft", "needs",
    "refused_when_nothing_is_recorded",
)  # fmt: skip
HERE, ELSEWHERE, BODY, CASE = 1, 2, 7, 11
PEOPLE: dict[str, Actor] = {
    **{
        role.value: Actor(1, role.value, holdings=frozenset({Holding(role, HERE)}))
        for role in Role
        if role is not Role.LEAD
    },
    "lead": Actor(1, "lead", holdings=frozenset({Holding(Role.LEAD, None, BODY)})),
    "panel": Actor(1, "panel", holdings=frozenset({Holding(Role.PANEL, HERE)}), granted=frozenset({CASE})),
    "other_lead": Actor(1, "other lead", holdings=frozenset({Holding(Role.LEAD, None, BODY + 1)})),
    "elsewhere": Actor(1, "elsewhere", holdings=frozenset(Holding(role, ELSEWHERE) for role in Role)),
    "system": SYSTEM,
}
"""Who asks: one person for each role of the policy, a lead of another agency, everybody of another partnership."""


def rows(workflow: Workflow) -> Iterator[dict[str, str]]:
    """The table, in the order of the definition: one row for each way out of a state."""
    for state in workflow.states:
        for move in workflow.moves_from(state.name):
            yield _row(workflow, state.name, move)


def _row(workflow: Workflow, state: str, move: Move) -> dict[str, str]:
    subject = Subject(HERE, case_id=CASE, process=workflow.key, organisation_ids=frozenset({BODY}))
    takes = [who for who, actor in PEOPLE.items() if decides(actor, move.decided_by, subject)]
    records = [
        who
        for who, actor in PEOPLE.items()
        if who not in takes and records_for(actor, move.decided_by, subject) is not None
    ]
    nothing = Position(state, blocks=workflow.holds(()))
    values = (
        state, move.name, move.to, _listed(str(decider) for decider in move.decided_by), _listed(takes), _listed(records),
        _listed(r.name for r in move.requirements if r.hard),
        _listed(f"{r.name} ({r.override_by})" for r in move.requirements if not r.hard),
        _listed("|".join(need) for need in move.needs),
        _listed(unmet.name for unmet in unmet_by(workflow, move, nothing)),
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _listed(names: Iterator[str] | list[str]) -> str:
    return " ".join(name.replace(" ", "_") if " (" not in name else name.replace(" (", "(") for name in names)


def path_of(workflow: Workflow) -> Path:
    """Where the table is kept."""
    return FOLDER / f"{workflow.key}_v{workflow.version}.csv"


def text_of(workflow: Workflow) -> str:
    """The table as its file holds it."""
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(workflow))
    return held.getvalue()


def read(workflow: Workflow) -> list[dict[str, str]]:
    """The table as it was written."""
    with path_of(workflow).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
