"""The sending of letters, which a person records: nothing here sends anything.

Recording it records the facts that the steps of the case wait for (``letter_sent_L5``) in the same transaction, so
that its clocks and guards go on. A letter that comes back was sent all the same, and the case says that it came back.
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
    require_safe,
    require_state,
)
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of, with_their_steps
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
    label = addressee(session, case, kind, asked.to, asked.label, organisation)
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
    """Record that a sent letter came back. What its sending recorded stays; the case says that it came back.

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


def sent_facts(case: Case, kind: LetterKind, to: To, on: date, channel: Channel) -> dict[str, FactValue]:
    """What the sending records on the case: nothing that only a step says, nothing on a case that has ended."""
    workflow = workflow_for(case)
    if workflow.state_by_name[case.state].final:
        return {}
    known, by_step = facts_of(workflow, case), with_their_steps(workflow)
    found: dict[str, FactValue] = {}
    for name in kind.records(to):
        fact = workflow.fact_by_name.get(name)
        if fact is None or (name in by_step and fact.through != "letters"):
            continue
        if to is To.BODY and fact.through != "letters" and known.get(name):
            continue  # the first of several bodies that got one stands
        found[name] = on
    if kind.code in _TOLD and "told_by_post" in workflow.fact_by_name:
        found["told_by_post"] = channel is Channel.POST
    return found


def _sent(
    session: Session, actor: Actor, case: Case, letter: Letter, asked: Sending, *, at: datetime
) -> None:
    letter.state, letter.sent_on, letter.sent_by_id = LetterState.SENT, asked.sent_on, actor.user_id
    letter.channel, letter.accessible_format = asked.channel, asked.form
    letter.note = tidy(asked.note, lines=True)
    kind, to = KINDS[letter.kind], To(letter.recipient)
    detail: JsonObject = {"channel": str(asked.channel), "format": str(asked.form)}
    if letter.outside:
        detail["outside"] = True
    recorded(session, case, actor, letter, Happened.LETTER_SENT, asked.sent_on, at, detail, asked.request_id)
    if facts := sent_facts(case, kind, to, asked.sent_on, asked.channel):
        noted = FactsRequest(case.version, asked.sent_on, facts, late_reason=asked.late_reason)
        acts.note(session, actor, case, facts, noted, at=at)


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
    to = Addressed(letter.recipient_label, "", asked.sent_on, asked.channel, organisation)
    now = values_for(session, case, kind, to)
    for name in _DATED:
        said = letter.values.get(name)
        if name in kind.values and said != now[name].text:
            raise BadInput(
                f"The letter gives {said}; sent on that day and in that way it must be {now[name].text}. Draft it again."
            )
