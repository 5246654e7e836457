"""Under which law a death is reviewed: section 9, or section 8A once it is in force. Pinned at the notification.

docs/domestic-homicide-review.md 6.2 and 6.4. ``in_force_from`` is the setting TRACKER_DARDR_IN_FORCE_FROM; None means
that the section is not in force, and then nothing offers the other kind of review.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, Event
from tracker.policy import Actor, Permission
from tracker.services.guarded import done_before
from tracker.services.positions import workflow_for
from workflows.released import current
from workflows.traces import in_words

DHR, DARDR = "dhr_2016", "dardr"
REGIMES: Mapping[str, str] = {
    DHR: "Domestic homicide review (section 9)",
    DARDR: "Domestic abuse related death review (section 8A)",
}
CHANGEABLE = frozenset({"notified", "scoping"})
"""States in which a review can still go over: what it asks for a decision depends on the regime."""


def regime_for(received_on: date, in_force_from: date | None) -> str:
    """The process of a death that was received on that day."""
    return DARDR if in_force_from is not None and received_on >= in_force_from else DHR


def must_fit(process: str, received_on: date, in_force_from: date | None) -> None:
    """Refuse a review under section 8A of a death to which that section does not apply.

    Raises:
        NotPossible: no date is set for the section, or the death was received before it.
    """
    if process != DARDR:
        return
    if in_force_from is None:
        raise NotPossible("Section 8A is not in force: no date is set for it.")
    if received_on < in_force_from:
        raise NotPossible(
            f"Section 8A applies to deaths received from {in_words(in_force_from)}. This one was received before."
        )


def change_regime(
    session: Session,
    actor: Actor,
    case: Case,
    to: str,
    reason: str,
    *,
    on: date,
    in_force_from: date | None,
    seen_version: int,
    request_id: str | None = None,
    at: datetime,
) -> Event:
    """Take a review over to the other regime, where a commencement order says so. The reference stays, dates run on.

    Raises:
        NotPermitted: only a business unit manager does this.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: it is no such review, it is past scoping, or the section is not in force for it.
        BadInput: no reason was given, the day lies ahead, or it lies before the case began.
    """
    if before := done_before(session, case, request_id):
        return before
    if not policy.allows(actor, Permission.REVIEW_KIND, access.subject_of(session, case)):
        raise NotPermitted("Only a business unit manager changes the kind of a review.")
    if case.version != seen_version:
        raise ChangedMeanwhile(case.reference)
    if case.process not in REGIMES or to not in REGIMES or to == case.process:
        raise NotPossible("This case cannot become a review of that kind.")
    if case.state not in CHANGEABLE:
        label = workflow_for(case).state_by_name[case.state].label
        raise NotPossible(
            f"The kind of a review can change before it is put to the CSP chair. This one is at “{label}”."
        )
    must_fit(to, case.opened_on, in_force_from)
    if not reason.strip():
        raise BadInput("Say why the kind of review changes.")
    if on > time.london(at):
        raise BadInput("The day of the change must be today or in the past.")
    if on < case.opened_on:
        raise BadInput("The day of the change must not be before the day on which the death was received.")
    before_process, workflow = case.process, current(to, on)
    case.process, case.workflow_version = workflow.key, workflow.version
    event = audit.record(
        session, case, actor, Happened.REGIME_CHANGED,
        name=to, occurred_on=on, at=at, reason=reason.strip(), request_id=request_id,
        detail={"from_process": before_process, "to_process": to},
    )  # fmt: skip
    session.flush()
    return event
