"""The register of a case's documents: added, looked at for names, released to the panel, taken out.

A document is a link into the council's own store, or a file that is stored here. A newer version is a row of its own;
what was found of an older one does not hold for it. Histories say numbers only: a panel that reads the history of a
case learns nothing of a document that was not released.
"""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlmodel import Session, col, func, select

from tracker import access, audit, policy
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted
from tracker.models import Case, Document, DocumentKind, Event, Marking, Metadata, Scan
from tracker.policy import Actor, Permission
from tracker.services.guarded import done_before, require_recorder
from tracker.services.references import hold

TITLE_MOST, LINK_MOST, WHY_MOST, ROLE_MOST = 200, 2000, 2000, 200


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is on disk already, and what the scanner said of it."""

    name: str
    type: str
    size: int
    digest: str
    scan: Scan
    metadata: Metadata = Metadata.NONE


@dataclass(frozen=True, slots=True)
class DocumentSaid:
    """A document to record: with ``number``, the next version of that one. Either ``location`` or ``file``.

    ``quota`` is how many bytes all stored files of the partnership may have together; 0: as many as there is room for.
    """

    seen_version: int
    kind: str
    title: str
    dated_on: date
    marking: str
    publishable: bool = False
    location: str = ""
    file: StoredFile | None = None
    quota: int = 0
    number: int | None = None
    request_id: str | None = None


def add(session: Session, actor: Actor, case: Case, said: DocumentSaid, *, at: datetime) -> Event:
    """Put a document into the register, or its next version.

    Raises:
        NotPermitted: the actor adds no documents to this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: words or the link are missing or cannot be, the date lies ahead, or there is no such document.
    """
    if before := done_before(session, case, said.request_id):
        return before
    if not policy.allows(actor, Permission.DOCUMENT_ADD, access.subject_of(session, case)):
        raise NotPermitted("Only the business unit, or the agency that was asked, adds documents here.")
    if case.version != said.seen_version:
        raise ChangedMeanwhile(case.reference)
    old = access.document_for(session, actor, case, said.number) if said.number is not None else None
    today = time.london(at)
    _require_answers(said, today)
    row = Document(
        case_id=case.id or 0,
        number=old.number if old else _next(session, case),
        version=old.version + 1 if old else 1,
        kind=said.kind,
        title=_words(said.title, "Title", TITLE_MOST, needed="Title: enter what the document is called."),
        dated_on=said.dated_on,
        marking=said.marking,
        publishable=said.publishable,
        location=safe_link(said.location) if said.file is None else "",
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    if said.file is not None:
        row.stored_name, row.stored_type, row.scan = said.file.name, said.file.type, said.file.scan
        row.size, row.digest, row.metadata_state = said.file.size, said.file.digest, said.file.metadata
        _require_room(session, case, said.file.size, said.quota)
    session.add(row)
    return _recorded(session, actor, case, row, Happened.DOCUMENT_ADDED, today, said.request_id, at)


def check_anonymised(
    session: Session,
    actor: Actor,
    case: Case,
    number: int,
    by: str,
    on: date,
    *,
    seen_version: int,
    request_id: str | None = None,
    at: datetime,
) -> Event:
    """Record that somebody read the latest version and that nobody can be recognised in it.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: it is not meant to be published, nobody is named, or the day cannot be.
        NotVisible: there is no such document.
    """
    if before := done_before(session, case, request_id):
        return before
    require_recorder(session, actor, case, seen_version)
    row = _open(session, actor, case, number)
    if not row.publishable:
        raise BadInput("Only what is meant to be published is checked for names.")
    who = _words(by, "Who checked it", ROLE_MOST, needed="Enter who checked it, as a role.")
    if not row.dated_on <= on <= time.london(at):
        raise BadInput(
            "The day of the check must be on or after the document's date, and today or in the past."
        )
    row.anonymised_on, row.anonymised_by, row.anonymised_by_id = on, who, actor.user_id
    session.add(row)
    return _recorded(session, actor, case, row, Happened.DOCUMENT_CHECKED, on, request_id, at)


def release(
    session: Session,
    actor: Actor,
    case: Case,
    number: int,
    *,
    seen_version: int,
    request_id: str | None = None,
    at: datetime,
) -> Event:
    """Let the panel read the latest version.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: it was taken out.
        NotVisible: there is no such document.
    """
    if before := done_before(session, case, request_id):
        return before
    require_recorder(session, actor, case, seen_version)
    row = _open(session, actor, case, number)
    row.released_on = row.released_on or time.london(at)
    session.add(row)
    return _recorded(session, actor, case, row, Happened.DOCUMENT_RELEASED, time.london(at), request_id, at)


def withdraw(
    session: Session,
    actor: Actor,
    case: Case,
    number: int,
    why: str,
    *,
    seen_version: int,
    request_id: str | None = None,
    at: datetime,
) -> Event:
    """Take a document out with all its versions, because it was entered in error. The register keeps the line.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        BadInput: no reason is given, or it was taken out already.
        NotVisible: there is no such document.
    """
    if before := done_before(session, case, request_id):
        return before
    require_recorder(session, actor, case, seen_version)
    row = _open(session, actor, case, number)
    reason = _words(
        why, "Why it is taken out", WHY_MOST, needed="Why it is taken out: say it in a few words."
    )
    for each in _versions(session, case, number):
        each.withdrawn_on, each.withdrawn_why = time.london(at), reason
        session.add(each)
    return _recorded(session, actor, case, row, Happened.DOCUMENT_WITHDRAWN, time.london(at), request_id, at)


def scanned(
    session: Session, actor: Actor, case: Case, row: Document, *, clean: bool, at: datetime
) -> Document:
    """Keep what the scanner said of a file that waited for it: open it, or take the version out.

    Raises:
        NotPermitted: the actor adds no documents to this case.
    """
    if not policy.allows(actor, Permission.DOCUMENT_ADD, access.subject_of(session, case)):
        raise NotPermitted("Only the business unit, or the agency that was asked, adds documents here.")
    if row.scan != Scan.WAITING or row.withdrawn_on is not None:
        return row
    if clean:
        row.scan = Scan.CLEAN
    else:
        row.withdrawn_on, row.withdrawn_why = time.london(at), "The virus scanner found something in it."
    session.add(row)
    happened = Happened.DOCUMENT_SCANNED if clean else Happened.DOCUMENT_WITHDRAWN
    _recorded(session, actor, case, row, happened, time.london(at), None, at)
    return row


def safe_link(text: str) -> str:
    """A link into the council's store, tidied.

    Raises:
        BadInput: it is no whole http or https address, or carries a password.
    """
    link = text.strip()
    wrong = BadInput("Where it is kept must be a whole address that begins with https:// or http://.")
    if len(link) > LINK_MOST or any(ord(one) <= 32 or ord(one) == 127 or one in "\\<>\"'`" for one in link):
        raise wrong
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        raise wrong from None
    if parts.scheme.lower() not in {"http", "https"} or not host or parts.username is not None:
        raise wrong
    return link


def _require_room(session: Session, case: Case, size: int, quota: int) -> None:
    """Refuse what goes over the partnership's room. The partnership is held: two files are not added at once."""
    if not quota:
        return
    hold(session, case.partnership_id)
    used = session.exec(
        select(func.coalesce(func.sum(col(Document.size)), 0))
        .join(Case, col(Case.id) == col(Document.case_id))
        .where(Case.partnership_id == case.partnership_id)
    ).one()
    if used + size > quota:
        raise BadInput(
            f"Where it is kept: your partnership's {quota // 2**20:,} megabytes for stored files are used up. "
            "Give the link instead, or ask whoever looks after the service for more."
        )


def _require_answers(said: DocumentSaid, today: date) -> None:
    if said.kind not in set(DocumentKind):
        raise BadInput("What it is must be among the answers shown.")
    if said.marking not in set(Marking):
        raise BadInput("Marking must be among the answers shown.")
    if not date(1990, 1, 1) <= said.dated_on <= today:
        raise BadInput("Date on it: it must be today or in the past.")
    if bool(said.location.strip()) == (said.file is not None):
        raise BadInput("Where it is kept: enter the link.")


def _open(session: Session, actor: Actor, case: Case, number: int) -> Document:
    row = access.document_for(session, actor, case, number)
    if row.withdrawn_on is not None:
        raise BadInput("This document was taken out.")
    return row


def _versions(session: Session, case: Case, number: int) -> list[Document]:
    return list(
        session.exec(select(Document).where(Document.case_id == case.id, Document.number == number)).all()
    )


def _next(session: Session, case: Case) -> int:
    highest = session.exec(select(func.max(col(Document.number))).where(Document.case_id == case.id)).one()
    return (highest or 0) + 1


def _words(text: str, what: str, most: int, *, needed: str) -> str:
    kept = text.strip()
    if not kept:
        raise BadInput(needed)
    if len(kept) > most:
        raise BadInput(f"{what} must be {most} characters or fewer.")
    return kept


def _recorded(
    session: Session,
    actor: Actor,
    case: Case,
    row: Document,
    kind: Happened,
    on: date,
    request_id: str | None,
    at: datetime,
) -> Event:
    event = audit.record(
        session, case, actor, kind,
        occurred_on=on, at=at, request_id=request_id,
        detail={
            "number": row.number, "version": row.version, "said": f"Document {row.number}, version {row.version}",
        },
    )  # fmt: skip
    session.flush()
    return event
