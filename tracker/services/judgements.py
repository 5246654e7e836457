"""A manager's own reading of whether a running date will be late. The rules' reading stays beside it, and both show.

It stands for the date as it was judged: once the date moves, it is for the rules again until somebody judges anew.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from tracker import access, audit, clock, policy
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.models import Case, Deadline, DeadlineStatus, Event
from tracker.policy import Actor, Permission
from tracker.services.guarded import done_before

LATE, IN_TIME, AS_THE_RULES = "late", "in_time", "rules"
READINGS = (LATE, IN_TIME, AS_THE_RULES)
"""Likely late; expected in time; and taken back, so that the rules decide."""

_WORDS = {LATE: "Likely to be late", IN_TIME: "Expected in time", AS_THE_RULES: "As the rules say"}

Place = tuple[int, str, str, int]
"""Which date: the number of its case, its clock, its agency, its cycle."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a manager said of a date, on a London day. ``generation`` is that of the date then."""

    reading: str
    reason: str
    on: date
    generation: int

    def stands(self, deadline: Deadline) -> bool:
        """Whether it is about the date as it runs now."""
        return self.reading != AS_THE_RULES and self.generation == deadline.generation


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is asked for: one of :data:`READINGS` with the reason."""

    reading: str
    reason: str
    seen_version: int
    request_id: str | None = None


def judge(
    session: Session, actor: Actor, case: Case, deadline: Deadline, asked: Judgement, *, at: datetime
) -> Event:
    """Record what a manager expects of a running date, and why.

    Raises:
        NotPermitted: the actor does not judge dates of this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the date does not run any more.
        BadInput: the reading is not known, or there is no reason.
    """
    if before := done_before(session, case, asked.request_id):
        return before
    if not policy.allows(actor, Permission.RISK_JUDGE, access.subject_of(session, case)):
        raise NotPermitted("Only a manager of the partnership says what is expected of a date.")
    if case.version != asked.seen_version:
        raise ChangedMeanwhile(case.reference)
    if deadline.status != DeadlineStatus.RUNNING:
        raise NotPossible("This date does not run any more, so it is neither likely late nor in time.")
    if asked.reading not in READINGS:
        raise BadInput("Say what you expect.")
    if not asked.reason.strip():
        raise BadInput("Say why.")
    event = audit.record(
        session, case, actor, Happened.RISK_JUDGED,
        name=asked.reading, occurred_on=clock.london(at), at=at, reason=asked.reason.strip(),
        request_id=asked.request_id,
        detail={
            "deadline": deadline.key, "instance": deadline.instance, "cycle": deadline.cycle,
            "generation": deadline.generation, "said": f"{_WORDS[asked.reading]}: {deadline.label}",
        },
    )  # fmt: skip
    session.flush()
    return event


def judged_by(event: Event) -> tuple[Place, Judged]:
    """What an event of this kind says, and of which date."""
    detail = event.detail
    place = (event.case_id, str(detail["deadline"]), str(detail["instance"]), int(detail["cycle"]))
    return place, Judged(event.name, event.reason, event.occurred_on, int(detail["generation"]))
