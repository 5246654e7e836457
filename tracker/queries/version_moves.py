"""What going over to another version would do, case by case; and which open cases could not go on as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker.errors import NotPossible
from tracker.models import Case, Partnership
from tracker.queries.choices import bodies
from tracker.services.versions import MigrationRequest, foresee
from workflows.released import RELEASED


@dataclass(frozen=True, slots=True)
class DateShown:
    """One date: it starts (no old date), moves, or ends (no new date). ``paused``: its length is another once it runs."""

    did: str
    label: str
    old: date | None
    new: date | None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One open case. ``refused`` says why it cannot go over; then there are no dates."""

    reference: str
    from_version: int
    from_state: str
    to_state: str
    dates: tuple[DateShown, ...] = ()
    refused: str = ""

    def as_json(self) -> dict[str, object]:
        """The case as ``tracker workflows migrate --json`` prints it."""
        return {
            "ref": self.reference,
            "from_version": self.from_version,
            "from_state": self.from_state,
            "to_state": self.to_state,
            "refused": self.refused or None,
            "dates": [
                {
                    "did": one.did,
                    "what": one.label,
                    "old": one.old.isoformat() if one.old else None,
                    "new": one.new.isoformat() if one.new else None,
                }
                for one in self.dates
            ],
        }


def waiting(session: Session, asked: MigrationRequest, partnership: str | None) -> list[str]:
    """References of the open cases that are on another version, in order."""
    statement = select(Case.reference).where(
        Case.process == asked.to.key,
        Case.workflow_version != asked.to.version,
        col(Case.closed_on).is_(None),
    )
    if partnership is not None:
        statement = statement.join(Partnership, col(Case.partnership_id) == col(Partnership.id)).where(
            Partnership.key == partnership
        )
    return list(session.exec(statement.order_by(col(Case.reference))).all())


def foreseen(session: Session, reference: str, asked: MigrationRequest, today: date) -> CaseShown:
    """What going over would do to one case."""
    case = session.exec(select(Case).where(Case.reference == reference)).one()
    try:
        found = foresee(session, case, asked, today=today)
    except NotPossible as refused:
        return CaseShown(reference, case.workflow_version, case.state, "", refused=str(refused))
    named = [one.instance for one in found.starting]
    named += [one.deadline.instance for one in found.recalculated]
    named += [one.deadline.instance for one in found.ending]
    names = bodies(session, named)
    dates = [
        DateShown("starts", _what(one.clock.label, names.get(one.instance, "")), None, one.due_on)
        for one in found.starting
    ]
    dates += [
        DateShown(
            "moves", _what(one.deadline.label, names.get(one.deadline.instance, "")),
            one.deadline.due_on, one.due_on, paused=one.deadline.paused,
        )
        for one in found.recalculated
    ]  # fmt: skip
    dates += [
        DateShown(
            "ends", _what(one.deadline.label, names.get(one.deadline.instance, "")), one.deadline.due_on, None
        )
        for one in found.ending
    ]
    return CaseShown(reference, case.workflow_version, case.state, found.to_state, tuple(dates))


def _what(label: str, agency: str) -> str:
    return f"{label} ({agency})" if agency else label


def held_up(session: Session) -> Iterator[str]:
    """Every open case whose version is not released here, or whose state is not in it: one sentence each."""
    for case in session.exec(select(Case).where(col(Case.closed_on).is_(None)).order_by(col(Case.id))).all():
        workflow = RELEASED.get(f"{case.process}/{case.workflow_version}")
        if workflow is None:
            yield f"{case.reference}: it runs on {case.process}/{case.workflow_version}, which is not released here"
        elif case.state not in workflow.state_by_name:
            yield f"{case.reference}: it is at {case.state}, and {workflow.id} has no such state"


def open_cases(session: Session) -> int:
    """How many cases are open."""
    return len(session.exec(select(Case.id).where(col(Case.closed_on).is_(None))).all())
