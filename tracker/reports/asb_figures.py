"""The annual figures as a CSV table and as a piece of a web page to publish."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.queries.figures import FiguresShown
from tracker.reports.plan_table import to_csv
from tracker.templating import TEMPLATES, count, day

HEADINGS = ("Figure", "What is counted", "Number")


def as_csv(found: FiguresShown) -> bytes:
    """One row for each figure, after the area and the period."""
    rows = [("", found.place.name, found.period.words)]
    rows += [(figure.letter, figure.words, str(figure.number)) for figure in found.figures]
    return to_csv([dict(zip(HEADINGS, row, strict=True)) for row in rows], HEADINGS)


def as_fragment(found: FiguresShown) -> str:
    """A heading, a table and its note, to put into the page of a council. No case is named."""
    return _environment().get_template("figures/fragment.html").render(found=found)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters["day"] = day
    made.globals["count"] = count
    return made
