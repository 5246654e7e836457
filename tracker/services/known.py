"""What the records beside the facts say about a case, for the requirements that look at them.

Each noun adds one function that gives what it knows under its own names (``open_tasks``); a requirement reads them
from ``Position.known``.
"""

from collections.abc import Callable

from sqlmodel import Session

from tracker.models import Case
from tracker.services import asb_known, involved, letter_parties, review_known
from workflows.definition import Workflow
from workflows.facts import FactValue
from workflows.position import Position

Knows = Callable[[Session, Workflow, Case, Position], dict[str, FactValue]]

WHO_KNOWS: tuple[Knows, ...] = (
    review_known.open_tasks,
    review_known.panel,
    review_known.people,
    review_known.amendments,
    review_known.plan,
    review_known.holds,
    asb_known.bodies,
    asb_known.calculation,
    asb_known.people,
    asb_known.second_look,
    involved.before,
    letter_parties.known,
)


def known_of(session: Session, workflow: Workflow, case: Case, here: Position) -> dict[str, FactValue]:
    """Everything that is known beside the facts."""
    return {
        name: value for knows in WHO_KNOWS for name, value in knows(session, workflow, case, here).items()
    }
