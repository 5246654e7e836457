"""The bodies that owe an item: whose own date it is, or else who leads the case and shares the lead."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from tracker.models import Case, CaseParty, Organisation
from tracker.templating import day_month


class LeadBodies:
    """The bodies of one day. Reads each once; make one for each transaction."""

    def __init__(self, session: Session, today: date) -> None:
        self._session = session
        self._today = today
        self._bodies: dict[str | int, Organisation | None] = {}
        self._joint: dict[int, list[int | None]] = {}

    def know(self, cases: Iterable[Case]) -> None:
        """Read who shares the lead of these cases in one question instead of one for each."""
        ids = [_row(case.id) for case in cases]
        joint = self._session.exec(
            select(CaseParty.case_id, CaseParty.organisation_id)
            .where(
                col(CaseParty.case_id).in_(ids),
                col(CaseParty.part).in_({"lead", "joint_lead"}),
                col(CaseParty.to_on).is_(
                    None
                ),  # as in access: from the day of a handover on it is not theirs
            )
            .order_by(col(CaseParty.id))
        ).all()
        self._joint |= {number: [] for number in ids}
        for number, organisation_id in joint:
            self._joint[number].append(organisation_id)

    def owing(self, case: Case, instance: str) -> list[Organisation]:
        """The bodies that owe the item, those that have ended left out: their mailbox is nobody's."""
        if instance:
            bodies = [self._body(instance)]
        else:
            if _row(case.id) not in self._joint:
                self.know([case])
            ids = dict.fromkeys((case.owner_organisation_id, *self._joint[_row(case.id)]))
            bodies = [self._body(number) for number in ids if number is not None]
        return [body for body in bodies if body and (body.to_on is None or body.to_on >= self._today)]

    def _body(self, key: str | int) -> Organisation | None:
        if key not in self._bodies:
            self._bodies[key] = (
                self._session.get(Organisation, key)
                if isinstance(key, int)
                else self._session.exec(select(Organisation).where(Organisation.key == key)).first()
            )
        return self._bodies[key]


def why_nobody(body: Organisation | None, today: date) -> str:
    """Why a body that leads something cannot be reminded of it, in words; empty where it can."""
    if body is None:
        return "no lead"
    if body.to_on is not None and body.to_on < today:
        return f"{body.name} led it and ended on {day_month(body.to_on)}"
    return ""


def _row(number: int | None) -> int:
    if number is None:
        raise ValueError("the row has no number yet: flush first")
    return number
