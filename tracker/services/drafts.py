"""Answers kept for later: of a form sent after the session had ended, or put aside by choice.

They belong to one person, are shown to nobody else, and are no part of any case. Carrying on sends the form again as
it was, so every check runs as if it had just been typed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from tracker.errors import NotVisible
from tracker.models import Draft

KEPT = timedelta(days=28)
MOST = 20
LONGEST = 200_000  # characters: more than any form here takes
OWN = frozenset({"version", "seq", "request_id", "was"})
REFERENCE = re.compile(r"[A-Z0-9]+-[A-Z]{3}-\d{4}-\d+")
NEVER = frozenset({"csrf_token", "kept_draft"})

_CALLED = (
    (re.compile(r"cases/new/asb"), "a new application"),
    (re.compile(r"cases/new/dhr"), "a new notification of a death"),
    (re.compile(r"notes/new"), "a note"),
    (re.compile(r"documents/new"), "a new document"),
    (re.compile(r"documents/(\w+)/"), r"document \1"),
    (re.compile(r"incidents/new"), "a new incident"),
    (re.compile(r"incidents/(\d+)"), r"incident \1"),
    (re.compile(r"reports/new"), "a new report of an incident"),
    (re.compile(r"reports/(\d+)"), r"report \1 of an incident"),
    (re.compile(r"letters/(?:new|outside|not-sent)/(\w+)/"), r"letter \1"),
    (re.compile(r"letters/(\w+-\d+)"), r"letter \1"),
    (re.compile(r"actions/add"), "a new action"),
    (re.compile(r"recommendations?/add|related/add/recommendation"), "a new recommendation"),
    (re.compile(r"related/add/(\w+)"), r"a new \1"),
    (re.compile(r"amendments/add"), "a new amendment"),
    (re.compile(r"amendments/(\d+)"), r"amendment \1"),
    (re.compile(r"people/add"), "a new person"),
    (re.compile(r"people/(\d+)"), r"person \1"),
    (re.compile(r"deadlines/.+/extend"), "more time for a date"),
    (re.compile(r"deadlines/.+/(pause|resume|correct)"), r"a date to \1"),
    (re.compile(r"record/"), "a fact to record"),
    (re.compile(r"tasks/"), "a task"),
)
"""What a form is called by its address, the first that fits; any other by the last word of its address."""

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """One form as it was sent: its id, where it goes, every pair of name and value, and when it was kept."""

    id: int
    address: str
    pairs: tuple[tuple[str, str], ...]
    saved_at: datetime

    @property
    def about(self) -> str:
        """The reference in the address, and what the form is for: "HCSP-DHR-2026-001, start drafting"."""
        parts = [part for part in self.address.partition("?")[0].split("/") if part and part != "check"]
        references = [part for part in parts if REFERENCE.fullmatch(part)]
        last = parts[-1] if parts and parts[-1] not in references else ""
        for form, called in _CALLED:
            if (found := form.search(self.address)) is not None:
                last = found.expand(called).replace("_", " ")
                break
        else:
            last = last.replace("-", " ")
        return ", ".join([*references[:1], *([last] if last else [])]) or "a form"

    @property
    def typed(self) -> tuple[str, ...]:
        """The texts among the answers, as a person would know them again; not the choices and not our own numbers."""
        return tuple(value for name, value in self.pairs if " " in value.strip() and name not in OWN)


def keep(session: Session, user_id: int, address: str, fields: Fields, *, at: datetime) -> int | None:
    """Keep a form; its id. None if there is nothing to keep, or too much of it.

    At most twenty are kept for one person: the oldest goes. One that is older than 28 days goes as well, and so does
    what was kept of the same form before.
    """
    wanted = {name: list(values) for name, values in fields.items() if name not in NEVER}
    size = sum(len(name) + sum(map(len, values)) for name, values in wanted.items())
    if not any(any(values) for values in wanted.values()) or size > LONGEST:
        return None
    session.exec(delete(Draft).where(col(Draft.user_id) == user_id, col(Draft.saved_at) < at - KEPT))
    for same in of_form(session, user_id, next(iter(wanted.get("request_id", ())), ""), at=at):
        drop(session, user_id, same)
    for oldest in _rows(session, user_id, at)[MOST - 1 :]:
        session.delete(oldest)
    row = Draft(user_id=user_id, address=address, fields=wanted, saved_at=at)
    session.add(row)
    session.flush()
    return row.id


def of(session: Session, user_id: int | None, *, at: datetime) -> tuple[Kept, ...]:
    """Everything that is kept for somebody, newest first."""
    return tuple(_kept(row) for row in _rows(session, user_id, at))


def one(session: Session, user_id: int | None, draft_id: int, *, at: datetime) -> Kept:
    """One form of somebody's own.

    Raises:
        NotVisible: there is none, or it is not theirs, or its 28 days are over.
    """
    row = session.get(Draft, draft_id)
    if row is None or user_id is None or row.user_id != user_id or row.saved_at < at - KEPT:
        raise NotVisible
    return _kept(row)


def of_form(session: Session, user_id: int | None, request_id: str, *, at: datetime) -> tuple[int, ...]:
    """The ids of somebody's own answers to the form of that number; of a form without one, none."""
    rows = _rows(session, user_id or 0, at) if request_id else ()
    return tuple(row.id or 0 for row in rows if row.fields.get("request_id") == [request_id])


def drop(session: Session, user_id: int | None, draft_id: int) -> None:
    """Keep one of somebody's own no longer: it was sent, or thrown away. What is gone stays gone."""
    session.exec(delete(Draft).where(col(Draft.id) == draft_id, col(Draft.user_id) == user_id))


def _rows(session: Session, user_id: int | None, at: datetime) -> Sequence[Draft]:
    return session.exec(
        select(Draft)
        .where(Draft.user_id == user_id, col(Draft.saved_at) >= at - KEPT)
        .order_by(col(Draft.saved_at).desc(), col(Draft.id).desc())
    ).all()


def _kept(row: Draft) -> Kept:
    pairs = tuple((name, value) for name, values in row.fields.items() for value in values)
    return Kept(row.id or 0, row.address, pairs, row.saved_at)
