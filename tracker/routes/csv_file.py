"""A list as a CSV file to keep."""

from collections.abc import Sequence

from flask import Response

from tracker import auth, parts
from tracker.reports.plan_table import to_csv
from tracker.services.lookups import note_file


def made(
    name: str, headings: Sequence[str], rows: Sequence[Sequence[str]], references: Sequence[str]
) -> Response:
    """The rows as a file. That it was made, and of what, is recorded."""
    with parts.database().transaction() as session:
        note_file(session, auth.actor(), name, references, at=parts.at())
    table = to_csv([dict(zip(headings, row, strict=True)) for row in rows], headings)
    response = Response(table, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{parts.today().isoformat()}.csv"'
    return response
