"""The checklists of a case: what is done, what is not needed and why."""

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts
from tracker.forms.facts import complain, offered
from tracker.forms.reviews import TaskForm, TasksForm, plain
from tracker.policy import Permission
from tracker.queries import review_page
from tracker.queries.looking import looking
from tracker.queries.review_page import Checklist, Frame, TaskShown
from tracker.routes import opening, reviewing
from tracker.services import tasks
from tracker.services.tasks import Settled
from workflows.traces import in_words

bp = Blueprint("tasks", __name__, url_prefix="/cases/<string:reference>/tasks")
bp.before_request(opening.canonical)


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """Every checklist that was opened, the present one first."""
    frame, lists = _opened(reference)
    form = TasksForm(formdata=None)
    reviewing.fresh(form, frame)
    return _page(frame, lists, form)


@bp.post("")
@auth.needs(Permission.CASE_RECORD)
def settle(reference: str) -> ResponseReturnValue:
    """Several tasks are done."""
    frame, lists = _opened(reference)
    form, today = _offered(lists, TasksForm()), parts.today()
    keys = request.form.getlist("done")
    on = form.day_in("done_on", today) if (form.done_on.data or "").strip() else today
    if not keys:
        complain(form.done, "Tick at least one task")
    if not any(field.errors for field in form):
        asked = Settled(form.seen(), keys, on, request_id=form.number_of_form())
        answer = reviewing.saved(
            frame, form, lambda session, case: tasks.settle(session, auth.actor(), case, asked, at=parts.at()),
            f"{len(keys)} {'task is' if len(keys) == 1 else 'tasks are'} done.", url_for(".show", reference=reference),
        )  # fmt: skip
        if answer is not None:
            return answer
    return _page(frame, lists, form, status=422)


@bp.get("/<string:key>")
@auth.needs(Permission.CASE_RECORD)
def one(reference: str, key: str) -> ResponseReturnValue:
    """What became of one task."""
    frame, lists = _opened(reference)
    task = _task(lists, key)
    form = _opened_task(task)
    reviewing.fresh(form, frame)
    return reviewing.page("reviews/task.html", frame, "tasks", form, task=task)


def _opened_task(task: TaskShown) -> TaskForm:
    """The form with what became of a task so far."""
    became = "done" if task.done_on else "not_needed" if task.reason else ""
    return TaskForm(
        formdata=None,
        data={
            "became": became,
            "done_on": in_words(task.done_on) if task.done_on else "",
            "not_needed_reason": task.reason,
            "note": task.note,
        },
    )


@bp.post("/<string:key>")
@auth.needs(Permission.CASE_RECORD)
def settle_one(reference: str, key: str) -> ResponseReturnValue:
    """Say what became of one task."""
    frame, lists = _opened(reference)
    task, form = _task(lists, key), TaskForm()
    became, reason = form.became.data, plain(form.not_needed_reason.data)
    if became not in {"done", "not_needed", "open"}:
        complain(form.became, "Choose what became of it")
    on = form.day_in("done_on", parts.today()) if became == "done" else None
    if became == "not_needed" and not reason:
        complain(form.not_needed_reason, "Say why it is not needed")
    if not any(field.errors for field in form):
        asked = Settled(
            form.seen(), [key], on, reason if became == "not_needed" else "", plain(form.note.data),
            form.number_of_form(),
        )  # fmt: skip
        answer = reviewing.saved(
            frame, form, lambda session, case: tasks.settle(session, auth.actor(), case, asked, at=parts.at()),
            "Recorded on the checklist.", url_for(".show", reference=reference),
            now=lambda: _opened_task(_task(_opened(reference)[1], key)),
        )  # fmt: skip
        if answer is not None:
            return answer
    return reviewing.page("reviews/task.html", frame, "tasks", form, status=422, task=task)


def _opened(reference: str) -> tuple[Frame, tuple[Checklist, ...]]:
    frame = reviewing.framed(reference)
    with looking() as session:
        return frame, review_page.checklists(session, frame.case)


def _task(lists: tuple[Checklist, ...], key: str) -> TaskShown:
    task = next((task for each in lists for task in each.tasks if task.key == key), None)
    return task or abort(404)


def _offered(lists: tuple[Checklist, ...], form: TasksForm) -> TasksForm:
    """The form with the tasks that are still to do."""
    left = [(task.key, task.text) for each in lists for task in each.tasks if task.open]
    form.done.choices = offered(tuple(left))
    return form


def _page(
    frame: Frame, lists: tuple[Checklist, ...], form: TasksForm, *, status: int = 200
) -> ResponseReturnValue:
    left = _offered(lists, form).done.choices or ()
    return reviewing.page("reviews/tasks.html", frame, "tasks", form, status=status, lists=lists, left=left)
