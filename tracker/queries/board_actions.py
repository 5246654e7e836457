"""The action plan as a board sees it: every open action with the date it was first due, the date now, and its moves."""

from datetime import date

from sqlmodel import Session, col

from tracker import access
from tracker.models import Case, Deadline, Sensitivity
from tracker.policy import Actor
from tracker.queries.action_rows import FINAL, ActionShown, shown, with_target
from tracker.queries.board_sections import NO_DATE, RESTRICTED, Cell, Section, Table, columns
from tracker.queries.due_dates import Horizon
from tracker.templating import count, day_brief, day_short

HEADINGS = ("Action", "Lead", "Status", "First due", "Due now", "Moved")


def section(session: Session, actor: Actor, horizon: Horizon) -> Section:
    """Every open action, the soonest due first. Of a restricted case: reference, stage and dates only."""
    found = session.exec(
        with_target([access.visible(actor), col(Case.state).not_in(FINAL)]).order_by(
            col(Deadline.due_on).is_(None), col(Deadline.due_on), col(Case.reference)
        )
    ).all()
    hidden = {case.reference for case, *_ in found if case.sensitivity == Sensitivity.RESTRICTED}
    actions = shown(session, actor, found, horizon)
    rows = tuple(_row(one, restricted=one.reference in hidden) for one in actions)
    moved = sum(one.first is not None for one in actions)
    said = f"{count(len(rows), 'action')} {'is' if len(rows) == 1 else 'are'} open"
    said += f"; the date of {moved} {'was' if moved == 1 else 'were'} moved." if rows else "."
    tables = (Table("Action plan", columns(*HEADINGS), rows),) if rows else ()
    return Section("actions", "Action plan", (said,), tables)


def _row(one: ActionShown, *, restricted: bool) -> tuple[Cell, ...]:
    first = one.first or one.due_on
    return (
        Cell(one.reference, RESTRICTED, one.href) if restricted else Cell(one.text, _under(one), one.href),
        Cell(RESTRICTED if restricted else one.agency, "" if restricted else one.agency_note),
        Cell(one.status),
        Cell(_brief(first)),
        Cell(
            day_short(one.due_on) if one.due_on else NO_DATE,
            one.due_words if one.due_on or not restricted else "",
        ),
        Cell(one.moved),
    )


def _under(one: ActionShown) -> str:
    return f"{one.reference}, {one.source}" if one.source else one.reference


def _brief(on: date | None) -> str:
    return day_brief(on) if on else NO_DATE
