"""Merging an application into another about the same behaviour: the other goes on, with the earlier application date.

docs/asb-case-review.md 2 (duplicates) and 5.2, row 23. The second applicant is counted by part alone; neither is told
of the other without consent.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session

from tracker import access
from tracker import clock as time
from tracker.errors import BadInput, NotVisible
from tracker.models import Case
from tracker.policy import Actor
from tracker.services import acts
from tracker.services.asb_records import applied_on
from tracker.services.asked import FactsRequest
from tracker.services.positions import workflow_for
from workflows.facts import FactValue

STEP, FACT = "merge", "surviving_case"


def held_with(step: str, facts: Mapping[str, FactValue]) -> tuple[str, ...]:
    """References of the cases that a step holds besides its own: to be held together with it, in one order."""
    return (str(facts[FACT]),) if step == STEP and facts.get(FACT) else ()


def survivor_for(
    session: Session, actor: Actor, case: Case, step: str, facts: Mapping[str, FactValue]
) -> Case | None:
    """The case that goes on, held for this transaction; None if the step merges nothing. See :func:`held_with`.

    Raises:
        BadInput: it is not an open case review of the same area that the actor may see.
    """
    if step != STEP or case.process != "asb_case_review" or FACT not in facts:
        return None
    label = workflow_for(case).fact_by_name[FACT].label
    try:
        survivor = access.case_for(session, actor, str(facts[FACT]).strip(), lock=True)
    except NotVisible:
        raise BadInput(f"{label} must be one that you can open.") from None
    if survivor.id == case.id or survivor.process != case.process:
        raise BadInput(f"{label} must be another ASB case review.")
    if workflow_for(survivor).state_by_name[survivor.state].final or survivor.state == "draft":
        raise BadInput(f"{label} must be an open case.")
    if survivor.partnership_id != case.partnership_id or _area(survivor) != _area(case):
        raise BadInput(f"{label} must be a case of the same area.")
    return survivor


def merge_into(session: Session, actor: Actor, survivor: Case, merged: Case, *, at: datetime) -> None:
    """Note the co-applicant by part, and correct the application date of the survivor to the earlier of both."""
    today = time.london(at)
    counted = survivor.facts.get("co_applicants")
    facts: dict[str, FactValue] = {"co_applicants": (counted if isinstance(counted, int) else 0) + 1}
    earlier: date = applied_on(merged)
    if earlier < applied_on(survivor):
        facts["application_date"] = earlier
    asked = FactsRequest(survivor.version, max(today, survivor.opened_on), {})
    acts.note(session, actor, survivor, facts, asked, at=at, because=merged.reference)


def _area(case: Case) -> str:
    return str(case.facts.get("area") or "").strip().casefold()
