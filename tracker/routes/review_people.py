"""The people of a review, without names."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.facts import complain, offered
from tracker.forms.reviews import PersonForm, RemoveForm, plain
from tracker.models import AGE_BANDS, ReviewSubject
from tracker.policy import Permission
from tracker.queries import review_page
from tracker.queries.looking import looking
from tracker.routes import opening, reviewing
from tracker.services import review_people
from tracker.services.review_people import CHARACTERISTICS, ROLES, Person

bp = Blueprint("review_people", __name__, url_prefix="/cases/<string:reference>/people")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """Everybody in the review."""
    frame = reviewing.framed(reference, of_a_death=True)
    with looking() as session:
        people = review_page.people(session, frame.case)
    return reviewing.page("reviews/people.html", frame, "people", people=people, nine=len(CHARACTERISTICS))


@bp.get("/add")
@auth.needs(Permission.CASE_RECORD)
def new(reference: str) -> ResponseReturnValue:
    """The form for one more person."""
    return _show(reference, None)


@bp.post("/add")
@auth.needs(Permission.CASE_RECORD)
def add(reference: str) -> ResponseReturnValue:
    """Add a person."""
    return _save(reference, None)


@bp.get("/<string:number>")
@auth.needs(Permission.CASE_RECORD)
def one(reference: str, number: str) -> ResponseReturnValue:
    """The form with what is known of a person."""
    return _show(reference, reviewing.counted(number))


@bp.post("/<string:number>")
@auth.needs(Permission.CASE_RECORD)
def change(reference: str, number: str) -> ResponseReturnValue:
    """Say anew what is known of a person."""
    return _save(reference, reviewing.counted(number))


@bp.get("/<string:number>/remove")
@auth.needs(Permission.CASE_RECORD)
def ask(reference: str, number: str) -> ResponseReturnValue:
    """Entered in error?"""
    frame = reviewing.framed(reference, of_a_death=True)
    row = _known(frame, reviewing.counted(number))
    form = RemoveForm(formdata=None)
    reviewing.fresh(form, frame)
    return reviewing.page("reviews/remove.html", frame, "people", form, number=row.number)


@bp.post("/<string:number>/remove")
@auth.needs(Permission.CASE_RECORD)
def remove(reference: str, number: str) -> ResponseReturnValue:
    """Take out a person who was entered in error."""
    frame, form = reviewing.framed(reference, of_a_death=True), RemoveForm()
    row = _known(frame, reviewing.counted(number))
    if not plain(form.why.data):
        complain(form.why, "Say why this person was entered in error")
    else:
        answer = reviewing.saved(
            frame, form,
            lambda session, case: review_people.remove(
                session, auth.actor(), case, row.number, plain(form.why.data),
                seen_version=form.seen(), request_id=form.number_of_form(), at=parts.at(),
            ),
            f"Person {row.number} is taken out. The history keeps it.", url_for(".show", reference=reference),
        )  # fmt: skip
        if answer is not None:
            return answer
    return reviewing.page("reviews/remove.html", frame, "people", form, status=422, number=row.number)


def _known(frame: review_page.Frame, number: int) -> ReviewSubject:
    with looking() as session:
        found = {row.number: row for row in review_people.people_of(session, frame.case)}
    return found[number] if number in found else abort(404)


def _show(reference: str, number: int | None) -> ResponseReturnValue:
    frame = reviewing.framed(reference, of_a_death=True)
    form = _opened(frame, number)
    reviewing.fresh(form, frame)
    return reviewing.page("reviews/person.html", frame, "people", form, number=number)


def _opened(frame: review_page.Frame, number: int | None) -> PersonForm:
    """The form with what is known of a person now."""
    known = _known(frame, number) if number else None
    said = known.characteristics if known else {}
    data = {
        "role": known.role if known else "",
        "pseudonym": known.pseudonym if known else "",
        "pseudonym_by": known.pseudonym_by if known else "",
        "age_band": known.age_band if known else "not_known",
        "relationship": known.relationship if known else "",
        "is_deceased": bool(known and known.is_deceased),
        "considered": [name for name, each in said.items() if each.get("considered")],
        "relevant": [name for name, each in said.items() if each.get("relevant")],
        "equality_note": "\n".join(
            f"{CHARACTERISTICS[name]}: {each['note']}" for name, each in said.items() if each.get("note")
        ),
    }
    return _form(PersonForm(formdata=None, data=data))


def _save(reference: str, number: int | None) -> ResponseReturnValue:
    frame, form = reviewing.framed(reference, of_a_death=True), _form(PersonForm())
    if number:
        _known(frame, number)
    if form.role.data not in set(ROLES):
        complain(form.role, "Choose the part in the review")
    notes = _notes(form)
    if not any(field.errors for field in form):
        considered, relevant = set(form.considered.data or ()), set(form.relevant.data or ())
        person = Person(
            role=form.role.data, pseudonym=plain(form.pseudonym.data), pseudonym_by=plain(form.pseudonym_by.data),
            age_band=form.age_band.data or "not_known", relationship=plain(form.relationship.data),
            is_deceased=bool(form.is_deceased.data),
            characteristics={
                name: (name in considered | relevant, name in relevant, notes.get(name, ""))
                for name in CHARACTERISTICS
            },
        )  # fmt: skip
        answer = reviewing.saved(
            frame, form,
            lambda session, case: review_people.save(
                session, auth.actor(), case, number, person,
                seen_version=form.seen(), request_id=form.number_of_form(), at=parts.at(),
            ),
            "The person is recorded.", url_for(".show", reference=reference),
            now=(lambda: _opened(frame, number)) if number else None,
        )  # fmt: skip
        if answer is not None:
            return answer
    return reviewing.page("reviews/person.html", frame, "people", form, status=422, number=number)


def _form(form: PersonForm) -> PersonForm:
    form.role.choices = offered((("", "Choose one"), *((str(role), words) for role, words in ROLES.items())))
    form.age_band.choices = offered(tuple((band, review_page.AGES.get(band, band)) for band in AGE_BANDS))
    form.considered.choices = form.relevant.choices = offered(tuple(CHARACTERISTICS.items()))
    return form


def _notes(form: PersonForm) -> dict[str, str]:
    """The note on each characteristic: one line each, with the characteristic before the colon."""
    names = {words.lower(): name for name, words in CHARACTERISTICS.items()}
    notes: dict[str, str] = {}
    for line in plain(form.equality_note.data).splitlines():
        name, colon, note = line.partition(":")
        if not line.strip():
            continue
        if not colon or name.strip().lower() not in names:
            complain(
                form.equality_note,
                f"Begin each line with one of: {', '.join(CHARACTERISTICS.values())}, then a colon",
            )
            break
        notes[names[name.strip().lower()]] = note.strip()
    return notes
