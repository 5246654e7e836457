"""``tracker import-plan`` and ``tracker export-plan``."""

import sys
from datetime import date
from pathlib import Path

import click

from tracker import access, clock
from tracker.commands.files import bytes_of, write_out
from tracker.commands.opening import Day, opened
from tracker.errors import Refuses
from tracker.imports import MOST_BYTES, read_plan
from tracker.policy import SYSTEM
from tracker.queries.action_plan import is_review, review_plan
from tracker.reports.action_plan import HEADINGS, written
from tracker.reports.plan_table import Rows
from tracker.services.plans import NewPlan, import_plan, partnership_keyed, printed_rows
from workflows.timescales import Context


@click.command("import-plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--partnership", required=True, help="Whose plan it is: the partnership's key.")
@click.option("--plan", "name", required=True, help="What the plan is called.")
@click.option("--plan-start", type=Day(), default=None, help="First day of the plan.")
@click.option("--plan-end", type=Day(), default=None, help="Last day of the plan.")
@click.option("--document-date", type=Day(), default=None, help="Date of the document.")
@click.option(
    "--accept-questions", is_flag=True, help="Bring it in although questions are open; they are kept."
)
def import_command(
    file: Path, partnership: str, name: str, plan_start: date | None, plan_end: date | None,
    document_date: date | None, *, accept_questions: bool,
) -> None:  # fmt: skip
    """Bring an action plan in: every row one agreed action, every printed cell kept."""
    context = Context(plan_start=plan_start, plan_end=plan_end, document_date=document_date)
    reading = read_plan(bytes_of(file, MOST_BYTES), file.name, context)
    asked = [(row, question) for row in reading.rows for question in row.questions]
    if asked and not accept_questions:
        for row, question in asked:
            click.echo(f"Row {row.source.row}: {question}", err=True)
        raise Refuses(
            f"{len(asked)} questions are open. Settle them in the file, or use --accept-questions to keep them open."
        )
    with opened() as database, database.transaction() as session:
        plan = import_plan(
            session,
            SYSTEM,
            NewPlan(
                partnership_id=partnership_keyed(session, partnership).id or 0, name=name, reading=reading,
                starts_on=plan_start, ends_on=plan_end, source_name=file.name,
            ),
            at=clock.now(),
        )  # fmt: skip
        key = plan.key
    counts = reading.counts
    click.echo(
        f"{len(reading.rows)} rows in the file: {len(reading.rows)} became actions of plan {key}. "
        f"{counts.cells} cells: {counts.dropped} dropped."
    )


@click.command("export-plan")
@click.argument("ref")
@click.option(
    "--format", "kind", type=click.Choice(["csv", "xlsx", "docx"]), default="csv", show_default=True
)
@click.option("--output", type=click.Path(path_type=Path), default=None, help="File to write.")
def export_command(ref: str, kind: str, output: Path | None) -> None:
    """Give a plan back. REF is the key or name of a plan: the same columns, the same cells, as it was printed.

    Or REF is the reference of a review: its actions in the seven columns of the guidance's template.
    """
    with opened() as database, database.reading() as session:
        rows: Rows
        if is_review(session, ref):
            found = review_plan(session, SYSTEM, ref)
            rows, headings, title = found.rows, list(HEADINGS), found.title
        else:
            plan = access.plan_for(session, SYSTEM, ref)
            rows, headings, title = printed_rows(session, plan), plan.headings, plan.name
    made = written(kind, rows, headings, title)
    if output is None:
        sys.stdout.buffer.write(made)
    else:
        write_out(output, made)
