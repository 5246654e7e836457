"""Letters before they go out: drafted from a template, checked by a person, or given up.

What a letter says of its sending is in :mod:`tracker.services.letter_sending`.
"""

from datetime import date, datetime, timedelta

from jinja2 import TemplateError
from sqlmodel import Session, col, func, select

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotPossible
from tracker.letters import filling
from tracker.models import Case, Letter, Organisation
from tracker.models.columns import JsonObject
from tracker.policy import Actor, Permission
from tracker.services import guarded, letter_contacts, letter_others, letter_templates
from tracker.services.letter_asked import Draft
from tracker.services.letter_values import Addressed, values_for
from workflows.facts import tidy
from workflows.letter_kinds import KINDS
from workflows.letters import (
    PEOPLE,
    Channel,
    LetterKind,
    LetterState,
    To,
    refused_way,
    unsaid,
)

FURTHEST = timedelta(days=28)
"""How far ahead a letter may be dated."""


def draft(session: Session, actor: Actor, case: Case, asked: Draft, *, at: datetime) -> Letter:
    """Draft a letter: fill the template with what the case holds for this recipient and with the words given.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: the way is not safe, something is missing, or the letter would not say what it must.
    """
    if before := done_before(session, case, asked.request_id):
        return before
    require(session, actor, case, asked.seen_version)
    kind, today = kind_for(case, asked.kind), time.london(at)
    if not today <= asked.letter_on <= today + FURTHEST:
        raise BadInput("The day it goes out must be today or in the next four weeks.")
    organisation = body_named(session, asked.organisation)
    label = addressee(session, case, kind, asked.to, asked.label, organisation, asked.instance)
    require_safe(session, case, asked.to, asked.channel, asked.instance)
    replaced = _replaced(session, case, asked)
    template = letter_templates.template_for(session, case.partnership_id, kind.code)
    to = Addressed(
        label, tidy(asked.address, lines=True), asked.letter_on, asked.channel, organisation, asked.to,
        asked.instance,
    )  # fmt: skip
    document, values = _fill(session, case, kind, to, asked, template.document)
    letter = Letter(
        case_id=id_of(case),
        kind=kind.code,
        number=next_number(session, case, kind.code),
        recipient=asked.to,
        recipient_label=label,
        organisation_id=organisation.id if organisation else None,
        instance=asked.instance,
        channel=asked.channel,
        accessible_format=asked.form,
        language=tidy(asked.language) or "English",
        drafted_by_id=actor.user_id,
        drafted_at=at,
        replaces_id=replaced.id if replaced else None,
        template=template.name,
        template_digest=template.digest,
        document=document,
        document_digest=filling.digest(document),
        values=values,
    )
    session.add(letter)
    if replaced and replaced.state in {LetterState.DRAFTED, LetterState.CHECKED}:
        replaced.state = LetterState.CANCELLED
        session.add(replaced)
    detail: JsonObject = {"channel": str(asked.channel), "template": template.name}
    if replaced:
        detail["replaces"] = name_of(replaced)
    recorded(session, case, actor, letter, Happened.LETTER_DRAFTED, today, at, detail, asked.request_id)
    return letter


def check(
    session: Session,
    actor: Actor,
    case: Case,
    letter: Letter,
    seen_version: int,
    *,
    at: datetime,
    read_for_others: bool = False,
) -> Letter:
    """Say that the letter was read, for other people's data too, and may go out.

    Raises:
        NotPermitted: the actor does not record things here, or drafted it where another person must check.
        NotPossible: it is not a draft.
        BadInput: it was not read for other people's data, or by now the case knows that it holds some.
    """
    require(session, actor, case, seen_version)
    require_state(letter, LetterState.DRAFTED)
    if not read_for_others:
        raise BadInput("Read the letter for other people's data first, then say that you have.")
    require_own(session, case, letter)
    if letter.drafted_by_id == actor.user_id and letter_templates.checked_by_another(session, case):
        raise NotPermitted("You drafted this letter yourself, so someone else must check it.")
    letter.state, letter.checked_by_id, letter.checked_at = LetterState.CHECKED, actor.user_id, at
    read: JsonObject = {"read_for_others": True}
    recorded(session, case, actor, letter, Happened.LETTER_CHECKED, time.london(at), at, read)
    return letter


def require_own(session: Session, case: Case, letter: Letter) -> None:
    """Refuse a letter that holds what is another's, as far as the case knows today.

    Raises:
        BadInput: whose it is.
    """
    text, to = filling.text_of(letter.document or b""), To(letter.recipient)
    if whose := letter_others.refused(session, case, to, letter.recipient_label, letter.instance, text):
        raise BadInput(
            f"The letter names somebody else, or how to reach them: {' and '.join(whose)}. Write it again without."
        )


def cancel(
    session: Session, actor: Actor, case: Case, letter: Letter, seen_version: int, *, at: datetime
) -> Letter:
    """Give up a letter that was not sent.

    Raises:
        NotPermitted: the actor does not record things on this case.
        NotPossible: it was sent already.
    """
    require(session, actor, case, seen_version)
    require_state(letter, LetterState.DRAFTED, LetterState.CHECKED)
    letter.state = LetterState.CANCELLED
    recorded(session, case, actor, letter, Happened.LETTER_CANCELLED, time.london(at), at, {})
    return letter


def name_of(letter: Letter) -> str:
    """``L5-2``: the second letter of its kind on the case."""
    return f"{letter.kind}-{letter.number}"


def kind_for(case: Case, code: str) -> LetterKind:
    """The kind of that code.

    Raises:
        BadInput: there is none, or cases of this process have no such letter.
    """
    kind = KINDS.get(code)
    if kind is None or case.process not in kind.processes:
        raise BadInput("Choose one of the letters of this process.")
    return kind


def _fill(
    session: Session, case: Case, kind: LetterKind, to: Addressed, asked: Draft, template: bytes
) -> tuple[bytes, JsonObject]:
    given = values_for(session, case, kind, to)
    missing = [given[name].label for name in kind.values if not given[name].text]
    if missing:
        raise BadInput(f"The case does not hold what this letter needs yet: {'; '.join(missing)}.")
    values: dict[str, str | list[str]] = {name: value.text for name, value in given.items()}
    values |= _prose(kind, asked)
    try:
        document = filling.fill(template, values)
    except TemplateError:
        raise BadInput(
            "The template of this letter cannot be filled. A manager can go back to the default."
        ) from None
    text = filling.text_of(document)
    if whose := letter_others.refused(session, case, asked.to, to.recipient, asked.instance, text):
        raise BadInput(
            f"The letter names somebody else, or how to reach them: {' and '.join(whose)}."
            " Take that out: each person gets only their own."
        )
    if wrong := unsaid(kind, text, {name: value.text for name, value in given.items()}):
        raise BadInput(" ".join(wrong))
    return document, dict(values)


def _prose(kind: LetterKind, asked: Draft) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for prose in kind.prose:
        text = tidy(asked.prose.get(prose.name, ""), lines=True)
        if not text and not prose.optional:
            raise BadInput(f"{prose.label}: write what the letter says.")
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        found[prose.name] = lines if prose.lines else text
    return found


def recorded(
    session: Session,
    case: Case,
    actor: Actor,
    letter: Letter,
    kind: Happened,
    on: date,
    at: datetime,
    detail: JsonObject,
    request_id: str | None = None,
) -> None:
    """Keep the letter and add its line to the history: kind, recipient and way, no name and no words of it."""
    session.add(letter)
    audit.record(
        session, case, actor, kind,
        name=name_of(letter), occurred_on=on, at=at,
        detail={"recipient": letter.recipient, **detail}, request_id=request_id,
    )  # fmt: skip
    session.flush()


def require(session: Session, actor: Actor, case: Case, seen_version: int) -> None:
    """May they, and is it the version that they saw?

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
    """
    if not policy.allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit writes letters on this case.")
    if case.version != seen_version:
        raise ChangedMeanwhile(case.reference)


def require_state(letter: Letter, *states: LetterState) -> None:
    """Refuse what does not fit where the letter stands.

    Raises:
        NotPossible: it is in another state.
    """
    if letter.state not in states:
        raise NotPossible(f"This letter is {letter.state}: that cannot be done with it now.")


def require_safe(session: Session, case: Case, to: To, channel: Channel, instance: str) -> None:
    """Refuse a way that is not safe for the recipient.

    Raises:
        BadInput: one sentence about the way.
    """
    if words := refused_way(to, channel, letter_contacts.safe_contact(session, case, to, instance)):
        raise BadInput(words)


def addressee(
    session: Session,
    case: Case,
    kind: LetterKind,
    to: To,
    typed: str,
    organisation: Organisation | None,
    instance: str = "",
) -> str:
    """Whose name stands on it, if such a letter may go to them.

    Raises:
        BadInput: it does not go to such a recipient, or nobody is named.
    """
    if to not in kind.to:
        raise BadInput(f"This letter does not go to: {to.label.lower()}.")
    if to is To.BODY and organisation is None and not typed.strip():
        raise BadInput("Choose the body that the letter goes to.")
    relative = to in PEOPLE and organisation is not None
    if relative:
        raise BadInput("A body is chosen only for a letter to a body.")
    known = letter_contacts.merged_into(session, case) if to is To.CO_APPLICANT else []
    if known and instance not in {merged.reference for merged in known}:
        raise BadInput("Choose one of the co-applicants of this case.")
    return letter_contacts.label_for(session, case, to, tidy(typed), organisation, instance)


def body_named(session: Session, key: str) -> Organisation | None:
    """The organisation of that key; None for no key.

    Raises:
        BadInput: there is none.
    """
    if not key:
        return None
    found = session.exec(select(Organisation).where(Organisation.key == key)).first()
    if found is None:
        raise BadInput("Choose one of the bodies shown.")
    return found


def _replaced(session: Session, case: Case, asked: Draft) -> Letter | None:
    if asked.replaces is None:
        return None
    return access.letter_for(session, case, asked.kind, asked.replaces)


def next_number(session: Session, case: Case, code: str) -> int:
    """The number of the next letter of a kind on the case."""
    last = session.exec(
        select(func.max(col(Letter.number))).where(Letter.case_id == case.id, Letter.kind == code)
    ).one()
    return (last or 0) + 1


def done_before(session: Session, case: Case, request_id: str | None) -> Letter | None:
    """The letter of the same form, if it was sent before: a double press changes nothing twice."""
    event = guarded.done_before(session, case, request_id)
    if event is None:
        return None
    code, _, number = event.name.rpartition("-")
    return access.letter_for(session, case, code, int(number) if number.isdigit() else 0)


def id_of(case: Case) -> int:
    """The row of a case that has one."""
    if case.id is None:
        raise ValueError("the case has no row yet: flush first")
    return case.id
