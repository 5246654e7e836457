"""The register of documents as its pages show it: what is in it, what the next steps ask for, what steps recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access
from tracker.models import Case, Document, DocumentKind, Event, Marking, Metadata, Scan, User
from tracker.policy import Actor, Permission, allows
from tracker.queries import history
from tracker.queries.steps import slug
from tracker.services.document_checks import TYPES
from tracker.services.positions import workflow_for
from tracker.services.recording import values_of
from workflows.definition import Workflow
from workflows.facts import Fact, FactKind

KINDS = {
    DocumentKind.TERMS_OF_REFERENCE: "Terms of reference",
    DocumentKind.CHRONOLOGY: "Chronology",
    DocumentKind.AGENCY_REPORT: "Agency report or return",
    DocumentKind.OVERVIEW_REPORT: "Overview report",
    DocumentKind.EXECUTIVE_SUMMARY: "Executive summary",
    DocumentKind.ACTION_PLAN: "Action plan",
    DocumentKind.DECISION: "Decision and its reasons",
    DocumentKind.MINUTES: "Minutes",
    DocumentKind.LETTER: "Letter",
    DocumentKind.EVIDENCE: "Evidence",
    DocumentKind.OTHER: "Other",
}
MARKINGS = {Marking.OFFICIAL: "OFFICIAL", Marking.OFFICIAL_SENSITIVE: "OFFICIAL-SENSITIVE"}


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version. ``link`` leads into the council's store; ``type`` and ``size`` are of a stored file.

    ``waits``: the virus scanner has not looked at it, so it is not given out.
    """

    number: int
    version: int
    title: str
    kind: str
    kind_name: str
    dated_on: date
    marking: str
    publishable: bool
    link: str
    type: str
    size: str
    waits: bool
    scanned: bool
    properties: str
    released_on: date | None
    anonymised_on: date | None
    anonymised_by: str
    withdrawn_on: date | None
    withdrawn_why: str
    by: str
    recorded_on: date

    @property
    def check(self) -> str:
        """What is known of the check for names."""
        if not self.publishable:
            return "Not for publication"
        return "Checked" if self.anonymised_on else "Not checked yet"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A document that a step recorded as a fact: what it is, where, when, and the page of the history that says so."""

    label: str
    words: str
    link: str
    on: date
    page: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that one of the next steps asks for."""

    label: str
    step: str
    slug: str
    present: bool


@dataclass(frozen=True, slots=True)
class Register:
    """Everything on the page; ``adds``: the actor may add a document."""

    latest: tuple[VersionShown, ...]
    withdrawn: tuple[VersionShown, ...]
    recorded: tuple[Recorded, ...]
    wanted: tuple[Wanted, ...]
    adds: bool


def register(session: Session, actor: Actor, case: Case) -> Register:
    """The register of a case that was already fetched through access."""
    newest = {row.number: row for row in access.documents_of(session, actor, case)}.values()
    shown = _shown(session, newest)
    return Register(
        latest=tuple(one for one in shown if one.withdrawn_on is None),
        withdrawn=tuple(one for one in shown if one.withdrawn_on is not None),
        recorded=_recorded(session, case),
        wanted=_wanted(case),
        adds=allows(actor, Permission.DOCUMENT_ADD, access.subject_of(session, case)),
    )


def versions(session: Session, actor: Actor, case: Case, number: int) -> tuple[VersionShown, ...]:
    """Every version of one document, the newest first.

    Raises:
        NotVisible: there is none that the actor may read.
    """
    access.document_for(session, actor, case, number)
    rows = [row for row in access.documents_of(session, actor, case) if row.number == number]
    return tuple(reversed(_shown(session, rows)))


def is_document(fact: Fact) -> bool:
    """Whether a fact says where a document is."""
    return fact.kind is FactKind.DOCUMENT or fact.name.endswith("_doc")


def _shown(session: Session, rows: Iterable[Document]) -> tuple[VersionShown, ...]:
    kept = list(rows)
    ids = {row.recorded_by_id for row in kept}
    names = {user.id: user.name for user in session.exec(select(User).where(col(User.id).in_(ids)))}
    return tuple(_version(row, names.get(row.recorded_by_id, "the system")) for row in kept)


def _version(row: Document, by: str) -> VersionShown:
    kind = TYPES.get(row.stored_type)
    return VersionShown(
        number=row.number,
        version=row.version,
        title=row.title,
        kind=row.kind,
        kind_name=KINDS[DocumentKind(row.kind)],
        dated_on=row.dated_on,
        marking=MARKINGS[Marking(row.marking)],
        publishable=row.publishable,
        link=row.location,
        type=kind.words if kind else "",
        size=_size(row.size),
        waits=row.scan == Scan.WAITING,
        scanned=row.scan == Scan.CLEAN,
        properties=_properties(row),
        released_on=row.released_on,
        anonymised_on=row.anonymised_on,
        anonymised_by=row.anonymised_by,
        withdrawn_on=row.withdrawn_on,
        withdrawn_why=row.withdrawn_why,
        by=by,
        recorded_on=row.recorded_at.date(),
    )


_LEFT = {
    "pdf": "The PDF still says who made it, when and with which program",
    "docx": "The document still holds comments or tracked changes with names",
    "xlsx": "The workbook still holds comments with names",
}


def _properties(row: Document) -> str:
    """What a stored file still says of whoever made it; nothing where that was taken out, or it is kept elsewhere."""
    if row.stored_name is None or row.metadata_state == Metadata.REMOVED:
        return ""
    if row.metadata_state == Metadata.NONE:
        return "Its properties were not looked at when it was stored"
    return _LEFT.get(row.stored_type, "The file still holds its properties")


def _size(size: int) -> str:
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 1024))} kB"


def _recorded(session: Session, case: Case) -> tuple[Recorded, ...]:
    workflow = workflow_for(case)
    wanted = {fact.name: fact for fact in workflow.facts if is_document(fact)}
    values = {
        name: value
        for name, value in values_of(workflow, case.facts).items()
        if name.partition("@")[0] in wanted and value
    }
    if not values:
        return ()
    rows = session.exec(select(Event).where(Event.case_id == case.id).order_by(col(Event.seq))).all()
    last = {name: (row.seq, row.occurred_on) for row in rows for name in row.facts if name in values}
    found = []
    for name, value in values.items():
        seq, on = last.get(name, (1, case.opened_on))
        words = str(value)
        found.append(
            Recorded(
                wanted[name.partition("@")[0]].label, words, words if _is_link(words) else "", on,
                (len(rows) - seq) // history.PER_PAGE + 1,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda each: each.on, reverse=True))


def _is_link(words: str) -> bool:
    return words.startswith(("https://", "http://")) and not any(one.isspace() for one in words)


def _wanted(case: Case) -> tuple[Wanted, ...]:
    workflow: Workflow = workflow_for(case)
    values = values_of(workflow, case.facts)
    found = []
    for move in workflow.moves_from(case.state):
        if not move.usual:
            continue
        for name in move.asks():
            fact = workflow.fact_by_name.get(name)
            if fact is not None and is_document(fact):
                found.append(Wanted(fact.label, move.label, slug(move.name), bool(values.get(name))))
    return tuple(found)
