"""The sending of letters, which a person records: nothing here sends anything.

Once everybody who must get it has got it, the facts that the steps of the case wait for (``letter_sent_L5``) are recorded
in the same transaction, so that its clocks and guards go on. A letter that comes back did go out, so a clock that began
with it goes on; but the step waits again, until the one whom it did not reach has got it another way.
"""

from datetime import date, datetime

from sqlmodel import Session

from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput
from tracker.models import Case, Letter, Organisation
from tracker.models.columns import JsonObject
from tracker.policy import Actor
from tracker.services import acts
from tracker.services.asked import FactsRequest
from tracker.services.letter_asked import Sending, SentOutside
from tracker.services.letter_parties import standing_of
from tracker.services.letter_values import Addressed, values_for
from tracker.services.letters import (
    addressee,
    body_named,
    done_before,
    id_of,
    kind_for,
    next_number,
    recorded,
    require,
    require_own,
    require_safe,
    require_state,
)
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of, with_their_steps
from workflows.definition import Workflow
from workflows.facts import FactValue, tidy
from workflows.letter_kinds import KINDS
from workflows.letters import Channel, LetterKind, LetterState, To

_DATED = ("reply_by", "dispute_by")
_TOLD = frozenset({"L5", "L8"})


def send(
    session: Session, actor: Actor, case: Case, letter: Letter, asked: Sending, *, at: datetime
) -> Letter:
    """Record that a checked letter was sent, with what that means for the case.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: it is not checked.
        BadInput: the way is not safe, the day does not fit, or a date in the letter is wrong for that day and way.
    """
    if before := done_before(session, case, asked.request_id):
        return before
    require(session, actor, case, asked.seen_version)
    require_state(letter, LetterState.CHECKED)
    _require_sending(session, case, To(letter.recipient), letter.instance, asked, at)
    _require_dates(session, case, letter, asked)
    require_own(session, case, letter)
    _sent(session, actor, case, letter, asked, at=at)
    return letter


def send_outside(session: Session, actor: Actor, case: Case, asked: SentOutside, *, at: datetime) -> Letter:
    """Record a letter that was written and sent outside the tracker, with where it is kept. It counts as sent.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: the way is not safe, the day does not fit, or it is not said where the letter is kept.
    """
    if before := done_before(session, case, asked.sending.request_id):
        return before
    require(session, actor, case, asked.sending.seen_version)
    kind = kind_for(case, asked.kind)
    if not asked.kept_at.strip():
        raise BadInput("Say where the letter is kept.")
    organisation = body_named(session, asked.organisation)
    label = addressee(session, case, kind, asked.to, asked.label, organisation, asked.instance)
    _require_sending(session, case, asked.to, asked.instance, asked.sending, at)
    letter = Letter(
        case_id=id_of(case),
        kind=kind.code,
        number=next_number(session, case, kind.code),
        state=LetterState.CHECKED,
        recipient=asked.to,
        recipient_label=label,
        organisation_id=organisation.id if organisation else None,
        instance=asked.instance,
        channel=asked.sending.channel,
        language=tidy(asked.language) or "English",
        drafted_by_id=actor.user_id,
        drafted_at=at,
        outside=True,
        kept_at=tidy(asked.kept_at),
    )
    session.add(letter)
    _sent(session, actor, case, letter, asked.sending, at=at)
    return letter


def come_back(
    session: Session,
    actor: Actor,
    case: Case,
    letter: Letter,
    seen_version: int,
    on: date,
    why: str,
    *,
    at: datetime,
) -> Letter:
    """Record that a sent letter came back. The dates that it began go on; for whom it was, it counts no more.

    Raises:
        NotPermitted: the actor does not record things on this case.
        NotPossible: it was not sent.
        BadInput: there is no reason, or the day does not fit.
    """
    require(session, actor, case, seen_version)
    require_state(letter, LetterState.SENT)
    if not why.strip():
        raise BadInput("Say why the letter came back.")
    if on > time.london(at) or (letter.sent_on is not None and on < letter.sent_on):
        raise BadInput("The day it came back must be on or after the day it was sent, and not in the future.")
    letter.state, letter.returned_on, letter.returned_why = LetterState.RETURNED, on, tidy(why, lines=True)
    recorded(session, case, actor, letter, Happened.LETTER_RETURNED, on, at, {})
    return letter


def sent_facts(session: Session, case: Case, kind: LetterKind, to: To, on: date) -> dict[str, FactValue]:
    """What the sending records on the case: nothing that only a step says, nothing on a case that has ended.

    Nothing as long as somebody who must get such a letter has not got it; then the day on which the last of them did,
    and whether it was posted to any of them.
    """
    workflow = workflow_for(case)
    if workflow.state_by_name[case.state].final:
        return {}
    stands = standing_of(session, case, kind)
    if kind.owed and not stands.complete:
        return {}
    day = (stands.last_on if kind.owed else None) or on
    known, by_step = facts_of(workflow, case), with_their_steps(workflow)
    found: dict[str, FactValue] = {}
    for name in kind.records(to):
        fact = workflow.fact_by_name.get(name)
        if fact is None or (name in by_step and fact.through != "letters"):
            continue
        if to is To.BODY and fact.through != "letters" and known.get(name):
            continue  # what was recorded for all of them stands
        if (
            name.startswith("letter_sent_")
            and known.get(name)
            and _is_another_copy(workflow, case, kind, name)
        ):
            continue
        found[name] = day
    if kind.code in _TOLD and "told_by_post" in workflow.fact_by_name:
        found["told_by_post"] = stands.posted
    return found


def _is_another_copy(workflow: Workflow, case: Case, kind: LetterKind, name: str) -> bool:
    """Whether no step waits for the letter any more, and it gives no date of its own: what began with the first goes on."""
    awaited = any(name in move.asks() for move in workflow.moves_from(case.state))
    return not awaited and not set(_DATED) & set(kind.values)


def tell_the_case(
    session: Session, actor: Actor, case: Case, letter: Letter, on: date, late_reason: str, *, at: datetime
) -> None:
    """Record on the case what the letter means for it, if it now counts as sent."""
    kind, to = KINDS[letter.kind], To(letter.recipient)
    if facts := sent_facts(session, case, kind, to, on):
        day = max([on, *(value for value in facts.values() if isinstance(value, date))])
        noted = FactsRequest(case.version, day, facts, late_reason=late_reason)
        acts.note(session, actor, case, facts, noted, at=at)


def _sent(
    session: Session, actor: Actor, case: Case, letter: Letter, asked: Sending, *, at: datetime
) -> None:
    letter.state, letter.sent_on, letter.sent_by_id = LetterState.SENT, asked.sent_on, actor.user_id
    letter.channel, letter.accessible_format = asked.channel, asked.form
    letter.note = tidy(asked.note, lines=True)
    detail: JsonObject = {"channel": str(asked.channel), "format": str(asked.form)}
    if letter.outside:
        detail["outside"] = True
    recorded(session, case, actor, letter, Happened.LETTER_SENT, asked.sent_on, at, detail, asked.request_id)
    tell_the_case(session, actor, case, letter, asked.sent_on, asked.late_reason, at=at)


def _require_sending(
    session: Session, case: Case, to: To, instance: str, asked: Sending, at: datetime
) -> None:
    require_safe(session, case, to, asked.channel, instance)
    if asked.channel is Channel.PHONE and not asked.note.strip():
        raise BadInput("Say in a note how it went on the phone.")
    if asked.sent_on > time.london(at):
        raise BadInput("The day it was sent must be today or in the past.")
    if asked.sent_on < case.opened_on:
        raise BadInput("The day it was sent must not be before the case began.")


def _require_dates(session: Session, case: Case, letter: Letter, asked: Sending) -> None:
    """The dates in the letter must be those of the day and the way that it really went."""
    kind = KINDS[letter.kind]
    organisation = session.get(Organisation, letter.organisation_id) if letter.organisation_id else None
    to = Addressed(
        letter.recipient_label, "", asked.sent_on, asked.channel, organisation, To(letter.recipient),
        letter.instance,
    )  # fmt: skip
    now = values_for(session, case, kind, to)
    for name in _DATED:
        said = letter.values.get(name)
        if name in kind.values and said != now[name].text:
            raise BadInput(
                f"The letter gives {said}; sent on that day and in that way it must be {now[name].text}. Draft it again."
            )
