"""The letter that is made with every chaser, by the same click: its words are kept with the reminder in the ledger.

An officer takes it as a Word file where the chaser goes by letter too. It is no letter that a step waits for.
"""

import io
from datetime import date

from sqlmodel import Session, col, select

from tracker import access, clock
from tracker.errors import NotPermitted, NotVisible
from tracker.letters import filling
from tracker.letters.build import build
from tracker.models import Case, Deadline, Organisation, Outbox, OutboxState
from tracker.models.columns import JsonObject
from tracker.policy import Actor, Permission, allows
from tracker.services.letter_values import Addressed, values_for
from tracker.services.wording import kind_of
from workflows.letters import Channel, To
from workflows.letters_agencies import BODY_TO_LEAD, BODY_TO_SENIOR, TO_LEAD, TO_SENIOR
from workflows.traces import in_words

KEPT = "letter"
"""Where the payload of a reminder keeps the words of its letter."""
_SENIOR_IN = "The senior officer responsible, {}"


def words_of(session: Session, case: Case, deadline: Deadline, *, senior: bool, today: date) -> JsonObject:
    """The words of the letter: what is owed, and the days on which the agency was asked, today's among them."""
    body = _body(session, case, deadline)
    days = sorted({*_days(session, deadline), today})
    return {
        "senior": senior,
        "body": body.key if body else "",
        "owed": _owed(case, deadline, today),
        "asked": [in_words(day) for day in days],
    }


def word_file(session: Session, actor: Actor, case: Case, number: int) -> bytes:
    """The letter of one chaser of the case as a Word file, dated the day of the chaser.

    Raises:
        NotPermitted: the actor does not record things on this case.
        NotVisible: the case has no such chaser.
    """
    if not allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit chases.")
    row = session.exec(select(Outbox).where(Outbox.id == number, Outbox.case_id == case.id)).first()
    kept = row.payload.get(KEPT) if row else None
    if row is None or not isinstance(kept, dict):
        raise NotVisible("There is no such letter.")
    body = session.exec(select(Organisation).where(Organisation.key == kept["body"])).first()
    name = body.name if body else "The agency"
    senior = bool(kept["senior"])
    kind = TO_SENIOR if senior else TO_LEAD
    to = Addressed(
        _SENIOR_IN.format(name) if senior else name, "", row.owed_on, Channel.POST, body, To.BODY
    )  # fmt: skip
    values: dict[str, str | list[str]] = {
        name: value.text for name, value in values_for(session, case, kind, to).items()
    }
    template = io.BytesIO()
    build(kind, BODY_TO_SENIOR if senior else BODY_TO_LEAD).save(template)
    asked = [str(day) for day in kept["asked"]]
    return filling.fill(template.getvalue(), values | {"owed": str(kept["owed"]), "asked": asked})


def _owed(case: Case, deadline: Deadline, today: date) -> str:
    if deadline.due_on is None:
        return f"{deadline.label}."
    was = "was" if deadline.due_on < today else "is"
    return (
        f"{deadline.label}. It {was} due on {in_words(deadline.due_on)} ({kind_of(deadline, case).lower()})."
    )


def _days(session: Session, deadline: Deadline) -> set[date]:
    """The days on which a reminder of this date was sent to the agency."""
    sent = session.exec(
        select(Outbox.sent_at).where(
            Outbox.deadline_id == deadline.id,
            Outbox.state == OutboxState.SENT,
            col(Outbox.who).in_(["lead", "escalation"]),
        )
    ).all()
    return {clock.london(at) for at in sent if at is not None}


def _body(session: Session, case: Case, deadline: Deadline) -> Organisation | None:
    if deadline.instance:
        return session.exec(select(Organisation).where(Organisation.key == deadline.instance)).first()
    return session.get(Organisation, case.owner_organisation_id) if case.owner_organisation_id else None
