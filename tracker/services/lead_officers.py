"""Who may lead a case: somebody of the business unit of its partnership, or of the board that co-ordinates it."""

from datetime import date

from sqlmodel import Session

from tracker.errors import BadInput
from tracker.models import User
from tracker.services.recording import OWNER_FACTS, fitting
from workflows.released import current


def must_fit(
    session: Session, user_id: int | None, process: str, partnership_id: int, *, opened_on: date, today: date
) -> None:
    """Refuse to open a case with a lead officer whom the case could not be given to afterwards.

    Raises:
        BadInput: there is no such person, or they do not work for the partnership.
    """
    if user_id is None:
        return
    user, workflow = session.get(User, user_id), current(process, opened_on)
    if user is None:
        raise BadInput("Choose a person from the list")
    named = {name: user.email for name in OWNER_FACTS if name in workflow.fact_by_name}
    fitting(session, workflow, named, today=today, partnership_id=partnership_id)
