"""The documents of a case: the register, one document with its versions, files to keep."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts
from tracker.errors import BadInput, NotVisible
from tracker.forms.documents import ActForm, AnonymisedForm, DocumentForm, WithdrawForm
from tracker.forms.facts import complain
from tracker.forms.reviews import ReviewForm, plain
from tracker.models import Case, Document, Scan
from tracker.policy import Permission, allows
from tracker.queries import documents as query
from tracker.queries.looking import looking
from tracker.queries.review_page import Frame
from tracker.routes import opening, reviewing
from tracker.services import document_checks, document_metadata, document_store, documents
from tracker.services.document_store import Verdict
from tracker.services.documents import StoredFile
from tracker.services.lookups import note_file

bp = Blueprint("documents", __name__, url_prefix="/cases/<string:reference>/documents")
bp.before_request(opening.canonical)

MEBIBYTE = 2**20
MOST_SENT = 26 * MEBIBYTE
"""The largest file that the settings allow, and the form around it."""


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """Every document that the reader may see, and what the next steps ask for."""
    frame = reviewing.framed(reference)
    with looking() as session:
        found = query.register(session, auth.actor(), frame.case)
    return reviewing.page("documents/register.html", frame, "documents", register=found)


@bp.get("/new")
@auth.needs(Permission.DOCUMENT_ADD)
def ask(reference: str) -> ResponseReturnValue:
    """What is it, and where?"""
    frame = _adding(reference)
    form = _fitted(DocumentForm(formdata=None))
    reviewing.fresh(form, frame)
    return _add_page(frame, form)


@bp.post("/new")
@auth.needs(Permission.DOCUMENT_ADD, upload_bytes=MOST_SENT)
def add(reference: str) -> ResponseReturnValue:
    """Put it into the register."""
    frame = _adding(reference)
    form = _fitted(DocumentForm())
    return _added(frame, form, None) or _add_page(frame, form, status=422)


@bp.get("/<string:number>")
@auth.needs(Permission.CASE_READ)
def document(reference: str, number: str) -> ResponseReturnValue:
    """One document: its versions, the check for names, whether the panel may read it."""
    frame = reviewing.framed(reference)
    return _page(frame, reviewing.counted(number))


@bp.get("/<string:number>/new-version")
@auth.needs(Permission.DOCUMENT_ADD)
def ask_version(reference: str, number: str) -> ResponseReturnValue:
    """The next version: what the last one says is filled in."""
    frame = _adding(reference)
    form, old = _next(frame, reviewing.counted(number))
    reviewing.fresh(form, frame)
    return _add_page(frame, form, old=old)


def _next(frame: Frame, number: int) -> tuple[DocumentForm, query.VersionShown]:
    """The form of the next version, and the version that there is."""
    form, old = _fitted(DocumentForm(formdata=None)), _versions(frame, number)[0]
    form.begin_with(old)
    return form, old


@bp.post("/<string:number>/new-version")
@auth.needs(Permission.DOCUMENT_ADD, upload_bytes=MOST_SENT)
def add_version(reference: str, number: str) -> ResponseReturnValue:
    """Put the next version into the register."""
    frame = _adding(reference)
    form = _fitted(DocumentForm())
    old = _versions(frame, reviewing.counted(number))[0]
    return _added(frame, form, old.number) or _add_page(frame, form, old=old, status=422)


@bp.post("/<string:number>/anonymised")
@auth.needs(Permission.CASE_RECORD)
def anonymised(reference: str, number: str) -> ResponseReturnValue:
    """Somebody read it, and nobody can be recognised in it."""
    frame, form, which = reviewing.framed(reference), AnonymisedForm(), reviewing.counted(number)
    on = form.day_in("anonymised_on", parts.today())
    if not plain(form.anonymised_by.data):
        complain(form.anonymised_by, "Who checked it: enter the role")
    if on is None or form.errors or form.anonymised_by.errors:
        return _page(frame, which, form)
    return _acted(
        frame, which, form, "The check for names is recorded.",
        lambda session, case: documents.check_anonymised(
            session, auth.actor(), case, which, plain(form.anonymised_by.data), on,
            seen_version=form.seen(), request_id=form.number_of_form(), at=parts.at(),
        ),
    )  # fmt: skip


@bp.post("/<string:number>/released")
@auth.needs(Permission.CASE_RECORD)
def released(reference: str, number: str) -> ResponseReturnValue:
    """The panel may read it from now on."""
    frame, form, which = reviewing.framed(reference), ActForm(), reviewing.counted(number)
    return _acted(
        frame, which, form, "The panel may read this version now.",
        lambda session, case: documents.release(
            session, auth.actor(), case, which,
            seen_version=form.seen(), request_id=form.number_of_form(), at=parts.at(),
        ),
    )  # fmt: skip


@bp.post("/<string:number>/withdrawn")
@auth.needs(Permission.CASE_RECORD)
def withdrawn(reference: str, number: str) -> ResponseReturnValue:
    """It was entered in error."""
    frame, form, which = reviewing.framed(reference), WithdrawForm(), reviewing.counted(number)
    return _acted(
        frame, which, form, "The document is taken out.",
        lambda session, case: documents.withdraw(
            session, auth.actor(), case, which, plain(form.why.data),
            seen_version=form.seen(), request_id=form.number_of_form(), at=parts.at(),
        ),
    )  # fmt: skip


@bp.get("/<string:number>/versions/<string:version>/file")
@auth.needs(Permission.CASE_READ)
def file(reference: str, number: str, version: str) -> ResponseReturnValue:
    """The stored file, to keep. That it was taken is recorded."""
    frame = reviewing.framed(reference)
    row = _stored(frame, number, version)
    if row.scan == Scan.WAITING or row.withdrawn_on is not None:
        raise NotVisible("This file is not given out.")
    content = document_store.fetch(parts.settings().document_dir, row.stored_name or "", row.digest)
    name = f"{frame.case.reference}-document-{row.number}-v{row.version}"
    with parts.database().transaction() as session:
        note_file(
            session,
            auth.actor(),
            f"document-{row.number}-v{row.version}",
            (frame.case.reference,),
            at=parts.at(),
        )
    opening.note_view(frame.case)
    response = Response(content, mimetype=document_checks.TYPES[row.stored_type].mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{row.stored_type}"'
    return response


@bp.post("/<string:number>/versions/<string:version>/scan")
@auth.needs(Permission.DOCUMENT_ADD)
def scan(reference: str, number: str, version: str) -> ResponseReturnValue:
    """Ask the virus scanner again."""
    frame = _adding(reference)
    row = _stored(frame, number, version)
    settings = parts.settings()
    content = document_store.fetch(settings.document_dir, row.stored_name or "", row.digest)
    verdict = document_store.scan(settings.document_scanner, content)
    if verdict is not Verdict.NO_ANSWER:
        with parts.database().transaction() as session:
            case = access.case_for(session, auth.actor(), reference, lock=True)
            again = access.document_for(session, auth.actor(), case, row.number, row.version)
            clean = verdict is Verdict.CLEAN
            documents.scanned(session, auth.actor(), case, again, clean=clean, at=parts.at())
    flash(
        {
            Verdict.CLEAN: "The virus scanner found nothing. The file is open.",
            Verdict.FOUND: "The virus scanner found something in the file. It is taken out.",
            Verdict.NO_ANSWER: "The virus scanner does not answer. Try again later.",
        }[verdict]
    )
    return redirect(url_for(".document", reference=frame.case.reference, number=row.number), 303)


def _adding(reference: str) -> Frame:
    """The frame, for those who add documents to this case."""
    frame = reviewing.framed(reference)
    with looking() as session:
        if not allows(auth.actor(), Permission.DOCUMENT_ADD, access.subject_of(session, frame.case)):
            raise NotVisible("There is no such page for you.")
    return frame


def _fitted(form: DocumentForm) -> DocumentForm:
    settings = parts.settings()
    return form.fit(stored=settings.documents == "stored", most=settings.document_megabytes)


def _versions(frame: Frame, number: int) -> tuple[query.VersionShown, ...]:
    with looking() as session:
        return query.versions(session, auth.actor(), frame.case, number)


def _stored(frame: Frame, number: str, version: str) -> Document:
    with looking() as session:
        row = access.document_for(
            session, auth.actor(), frame.case, reviewing.counted(number), reviewing.counted(version)
        )
    if row.stored_name is None:
        raise NotVisible("This document is kept elsewhere: there is no file here.")
    return row


def _added(frame: Frame, form: DocumentForm, number: int | None) -> ResponseReturnValue | None:
    """Look at the file, keep it, record it; None where something is to put right, which is then said in the form."""
    settings = parts.settings()
    sent = form.upload(settings.document_megabytes * MEBIBYTE)
    on = form.answers(parts.today(), chosen=sent is not None)
    if on is None:
        return None
    try:
        file = _kept(*sent) if sent else None
    except BadInput as refused:
        complain(form.file, str(refused).rstrip("."))
        return None
    quota = settings.document_quota_megabytes * MEBIBYTE
    said, recorded = form.said(on, file, number, quota=quota), False
    to = url_for(".show", reference=frame.case.reference)
    try:
        answer = reviewing.saved(
            frame, form,
            lambda session, case: documents.add(session, auth.actor(), case, said, at=parts.at()),
            "The document is in the register." if number is None else "The new version is in the register.", to,
            now=(lambda: _next(frame, number)[0]) if number else None,
        )  # fmt: skip
        recorded = answer is not None and _is_recorded(frame, file)
    finally:
        if file is not None and not recorded:
            document_store.drop(settings.document_dir, file.name)
    return answer


def _is_recorded(frame: Frame, file: StoredFile | None) -> bool:
    """Whether the register has this very file: of a form that was sent twice, only the first."""
    with looking() as session:
        rows = access.documents_of(session, auth.actor(), frame.case)
    return file is not None and any(row.stored_name == file.name for row in rows)


def _kept(name: str, content: bytes) -> StoredFile:
    """The file on disk, after its type was checked and the scanner, if there is one, was asked."""
    settings = parts.settings()
    found = document_checks.type_of(name, content, most_bytes=settings.document_megabytes * MEBIBYTE)
    state = Scan.NONE
    if settings.document_scanner:
        verdict = document_store.scan(settings.document_scanner, content)
        if verdict is Verdict.FOUND:
            raise BadInput("The virus scanner found something in this file. It was not kept.")
        state = Scan.CLEAN if verdict is Verdict.CLEAN else Scan.WAITING
    content, metadata = document_metadata.without(found.ending, content)
    kept = document_store.keep(settings.document_dir, content)
    return StoredFile(kept.name, found.ending, kept.size, kept.digest, state, metadata)


def _acted(
    frame: Frame, number: int, form: ReviewForm, words: str, act: Callable[[Any, Case], object]
) -> ResponseReturnValue:
    _versions(frame, number)  # not found before anything else is said
    to = url_for(".document", reference=frame.case.reference, number=number)
    return reviewing.saved(frame, form, act, words, to) or _page(frame, number, form)


def _add_page(
    frame: Frame, form: DocumentForm, *, old: query.VersionShown | None = None, status: int = 200
) -> ResponseReturnValue:
    return reviewing.page("documents/add.html", frame, "documents", form, status=status, old=old)


def _page(frame: Frame, number: int, refused: ReviewForm | None = None) -> ResponseReturnValue:
    """One document with its acts; ``refused`` is the form in which something is to put right."""
    forms: dict[str, ReviewForm] = {}
    for name, made in (("check", AnonymisedForm), ("act", ActForm), ("out", WithdrawForm)):
        form = refused if isinstance(refused, made) else made(formdata=None)
        if form is not refused:
            reviewing.fresh(form, frame)
        forms[name] = form
    shown = _versions(frame, number)
    with looking() as session:
        adds = allows(auth.actor(), Permission.DOCUMENT_ADD, access.subject_of(session, frame.case))
    return reviewing.page(
        "documents/document.html", frame, "documents", refused, status=422 if refused else 200,
        latest=shown[0], shown=shown, forms=forms, adds=adds,
    )  # fmt: skip
