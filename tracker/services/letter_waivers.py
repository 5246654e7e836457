"""A letter that one of several does not get, for a reason that is kept: no way is safe, and they were told otherwise.

Somebody always gets it: the last one cannot be left out.
"""

from datetime import datetime

from sqlmodel import Session

from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput
from tracker.models import Case, Letter
from tracker.policy import Actor
from tracker.services.letter_asked import Waiver
from tracker.services.letter_parties import Party, standing_of
from tracker.services.letter_sending import tell_the_case
from tracker.services.letters import (
    body_named,
    done_before,
    id_of,
    kind_for,
    next_number,
    recorded,
    require,
)
from workflows.facts import tidy
from workflows.letters import LetterState, To


def waive(session: Session, actor: Actor, case: Case, asked: Waiver, *, at: datetime) -> Letter:
    """Record why one of those whom a letter must reach does not get it.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: there is no reason, it is not owed to them, or nobody else would get it.
    """
    if before := done_before(session, case, asked.request_id):
        return before
    require(session, actor, case, asked.seen_version)
    kind = kind_for(case, asked.kind)
    if not asked.why.strip():
        raise BadInput("Say why they do not get the letter, and how they know instead.")
    stands = standing_of(session, case, kind)
    party = next((each for each in stands.missing if (each.to, each.whom) == (asked.to, asked.whom)), None)
    if party is None:
        raise BadInput("They have the letter, or it is not one that must reach them.")
    if len(stands.missing) == 1 and stands.last_on is None:
        raise BadInput("Nobody would get this letter: at least one of those whom it is for must.")
    today = time.london(at)
    letter = _row(session, actor, case, kind.code, party, asked, at)
    recorded(session, case, actor, letter, Happened.LETTER_WAIVED, today, at, {}, asked.request_id)
    tell_the_case(session, actor, case, letter, stands.last_on or today, asked.late_reason, at=at)
    return letter


def _row(
    session: Session, actor: Actor, case: Case, code: str, party: Party, asked: Waiver, at: datetime
) -> Letter:
    listed = party.to is To.BODY and party.body != party.words
    body = body_named(session, party.body) if listed else None
    letter = Letter(
        case_id=id_of(case),
        kind=code,
        number=next_number(session, case, code),
        state=LetterState.WAIVED,
        recipient=party.to,
        recipient_label=party.words if party.to is To.BODY else "",
        organisation_id=body.id if body else None,
        instance=party.instance,
        drafted_by_id=actor.user_id,
        drafted_at=at,
        note=tidy(asked.why, lines=True),
    )
    session.add(letter)
    return letter
