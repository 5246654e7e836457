"""Harm assessments of an ASB application: answers, score, band, and the reason where a person decides otherwise.

docs/asb-case-review.md 6.3. An officer may raise the band with a note; only a manager lowers it, with a reason. The
score never decides the threshold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, NotPermitted
from tracker.models import Case, Event, HarmAssessment
from tracker.policy import Actor
from tracker.services import acts, alerts
from tracker.services.asked import FactsRequest
from tracker.services.guarded import done_before
from tracker.services.incidents import require_open
from workflows.deciders import Decider
from workflows.facts import FactValue
from workflows.harm import BANDS, CURRENT, HarmRefused, questionnaire, scored


@dataclass(frozen=True, slots=True)
class HarmSaid:
    """The answers, in points by question. ``band`` is what a person decides where that is another than the score's."""

    seen_version: int
    answers: Mapping[str, int]
    assessed_on: date
    band: str = ""
    reason: str = ""
    request_id: str | None = None


def assessments_of(session: Session, case: Case) -> Sequence[HarmAssessment]:
    """Every assessment, newest first."""
    return session.exec(
        select(HarmAssessment)
        .where(HarmAssessment.case_id == case.id)
        .order_by(col(HarmAssessment.number).desc())
    ).all()


def assess(session: Session, actor: Actor, case: Case, said: HarmSaid, *, at: datetime) -> Event:
    """Record a harm assessment; the latest counts. When the band becomes high, the manager is told and a call is due.

    Raises:
        NotPermitted: the actor does not record things on this case, or lowers a band without being a manager.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the case is no ASB case review, or has ended.
        BadInput: a question without an answer, or another band without a reason.
    """
    if before := done_before(session, case, said.request_id):
        return before
    require_open(session, actor, case, said.seen_version)
    today = time.london(at)
    if said.assessed_on > today:
        raise BadInput("The day of the assessment must be today or in the past.")
    try:
        outcome = scored(questionnaire(CURRENT), said.answers)
    except HarmRefused as refused:
        raise BadInput(str(refused)) from None
    band = said.band or outcome.band
    _require_band(session, actor, case, band, outcome.band, said.reason)
    earlier = assessments_of(session, case)
    becomes_high = band == "high" and not (earlier and earlier[0].band == "high")
    row = HarmAssessment(
        case_id=case.id or 0,
        number=len(earlier) + 1,
        questionnaire=CURRENT,
        answers=dict(said.answers),
        score=outcome.score,
        scored_band=outcome.band,
        overrides=dict(outcome.overrides),
        band=band,
        reason=said.reason.strip(),
        assessed_on=said.assessed_on,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    session.add(row)
    event = audit.record(
        session, case, actor, Happened.HARM_ASSESSED,
        occurred_on=said.assessed_on, at=at, request_id=said.request_id,
        detail={"number": row.number, "score": row.score, "scored_band": row.scored_band, "band": row.band,
                "said": f"Score {row.score}, band {row.band}"},
    )  # fmt: skip
    session.flush()
    facts: dict[str, FactValue] = {"harm_assessed_on": said.assessed_on, "harm_band": band}
    if said.answers.get("hate") == 3 and case.facts.get("hate") is not True:
        facts["hate"] = True
    if becomes_high:
        facts["harm_high_on"] = said.assessed_on
        alerts.tell(session, case, (Decider.BU_MANAGER,), event, at=at)
    noted = FactsRequest(case.version, max(said.assessed_on, case.opened_on), {})
    acts.note(session, actor, case, facts, noted, at=at, because=case.reference)
    return event


def _require_band(
    session: Session, actor: Actor, case: Case, band: str, scored_band: str, reason: str
) -> None:
    if band not in BANDS:
        raise BadInput("Choose the band.")
    if band == scored_band:
        return
    if not reason.strip():
        raise BadInput("Say why the band is another than the score gives.")
    lowered = BANDS.index(band) < BANDS.index(scored_band)
    if lowered and not policy.decides(actor, (Decider.BU_MANAGER,), access.subject_of(session, case)):
        raise NotPermitted("Only a manager lowers the band. You can raise it.")
