"""Guessing the columns of a table that has no headings, from what stands in them. The guess is always asked about."""

from statistics import fmean

from tracker.imports.columns import Role
from tracker.imports.grid import Grid
from tracker.imports.lead_dates import looks_dated, split_lead_and_date
from tracker.imports.leads import bundled_aliases, looks_like_body

_SHORTEST_ACTION = 15  # mean length in characters; shorter columns hold codes, names or dates


def guess_columns(grid: Grid) -> tuple[dict[Role, int], int]:
    """Which column is which and the place of the first row of the table; empty where it is no plan.

    A plan has a column of actions and, beside it, a column of dates or of leads.
    """
    texts: dict[int, list[str]] = {}
    for _, column, cell in grid.written():
        texts.setdefault(column, []).append(cell.text.strip())
    if len(texts) < 2:
        return {}, 0
    roles: dict[Role, int] = {}
    dated = {column: fmean(looks_dated(text) for text in held) for column, held in texts.items()}
    likeliest = max(dated, key=lambda column: dated[column])
    if dated[likeliest] >= 0.5:
        roles[Role.TIMESCALE] = likeliest
    rest = [column for column in texts if column not in roles.values()]
    led = {column: fmean(_led(text) for text in texts[column]) for column in rest}
    if led and max(led.values()) >= 0.4:
        roles[Role.LEAD] = max(led, key=lambda column: led[column])
    elif roles and fmean(_led(text) for text in texts[likeliest]) >= 0.5:
        roles = {Role.LEAD: likeliest}  # who and when in one cell
    rest = [column for column in rest if column not in roles.values()]
    lengths = {column: fmean(len(text) for text in texts[column]) for column in rest}
    if not rest or not roles or max(lengths.values()) < _SHORTEST_ACTION:
        return {}, 0
    action = max(rest, key=lambda column: lengths[column] * len(texts[column]) ** 0.5)
    roles[Role.ACTION] = action
    themes = [
        column for column in rest if column < action and not all(text[:1].isdigit() for text in texts[column])
    ]
    if themes:
        roles[Role.THEME] = themes[0]
    after = [column for column in rest if column > action and lengths[column] < 60]
    if Role.LEAD not in roles and after:
        roles[Role.LEAD] = after[0]
    full = sum(sum(row.cell(column).filled_in for column in roles.values()) > 1 for row in grid.rows)
    return (roles, _first_row(grid, roles)) if full * 2 > len(grid.rows) else ({}, 0)


def _led(text: str) -> bool:
    """Whether a short text could be who leads, with or without a date."""
    if len(text) > 70:
        return False
    lead = split_lead_and_date(text)[0].strip()
    return bool(lead) and (bundled_aliases().get(lead) is not None or looks_like_body(lead))


def _first_row(grid: Grid, roles: dict[Role, int]) -> int:
    """The first row that has an action and something else: what is above is a title."""
    for place, row in enumerate(grid.rows):
        if row.cell(roles[Role.ACTION]).filled_in and len(row.written()) > 1:
            return place
    return 0
