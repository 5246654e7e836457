"""``tracker figures asb``: the four annual figures of ASB case reviews."""

import json
from datetime import date

import click

from tracker import clock
from tracker.commands.opening import Day, opened
from tracker.policy import SYSTEM
from tracker.queries import asb_returns
from tracker.queries import figures as query
from tracker.queries.figures import FiguresShown
from tracker.reports import asb_figures
from tracker.reports.plan_table import to_csv
from tracker.services.figures import Reporting
from workflows.traces import short


@click.group()
def figures() -> None:
    """Figures that an Act wants published."""


@figures.command("asb")
@click.option("--area", default=None, help="Key of the area, such as malvern-hills.")
@click.option("--partnership", default=None, help="Key of a partnership, for all of its areas together.")
@click.option("--from", "first", type=Day(), required=True, help="First day of the reporting period.")
@click.option("--to", "last", type=Day(), required=True, help="Last day of it: at most 12 months in all.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv", "html"]), default="text", show_default=True,
    help="How to print them; html is a piece to put into a page.",
)  # fmt: skip
@click.option(
    "--returns", is_flag=True, help="The return for the policing body instead, as CSV: a row an application."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def asb_command(
    area: str | None,
    partnership: str | None,
    first: date,
    last: date,
    form: str,
    *,
    returns: bool,
    as_json: bool,
) -> None:
    """The figures of section 104(9): applications, times not met, reviews, reviews with recommendations.

    Decisions and reviews are counted, not cases. A period of more than 12 months is refused (section 105).
    """
    if bool(area) == bool(partnership):
        raise click.UsageError("Give --area or --partnership, one of them.")
    period = Reporting(first, last)
    with opened() as database, database.reading() as session:
        place = query.keyed(session, area=area, partnership=partnership)
        if returns:
            rows = asb_returns.returns(session, SYSTEM, place, period)
            click.echo(to_csv(rows, asb_returns.HEADINGS), nl=False)
            return
        found = query.shown(session, SYSTEM, place, period, clock.today())
        _print(found, "json" if as_json else form)


def _print(found: FiguresShown, form: str) -> None:
    if form == "json":
        click.echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False))
    elif form == "csv":
        click.echo(asb_figures.as_csv(found), nl=False)
    elif form == "html":
        click.echo(asb_figures.as_fragment(found), nl=False)
    else:
        _tell(found)


def _tell(found: FiguresShown) -> None:
    click.echo(f"ASB case reviews, {found.place.name}, {found.period.words}")
    for figure in found.figures:
        behind = f"  ({', '.join(figure.references)})" if figure.references else ""
        click.echo(f"{figure.letter}  {figure.number:>4}  {figure.words}{behind}")
    for note in found.notes:
        click.echo(note)
    if found.approved and found.approved.published_on:
        click.echo(f"Published on {short(found.approved.published_on)}: {found.approved.url}")
    else:
        click.echo(f"To be published as soon as practicable; our own target is {short(found.target_on)}.")
