"""``tracker threshold``: assess ASB case review applications, one JSON object a line."""

import sys
from collections.abc import Mapping
from typing import TextIO

import click

from tracker.commands.jsonlines import answer_lines
from tracker.errors import BadInput
from workflows.threshold import Assessment, ThresholdRefused, assess
from workflows.threshold_reading import application_from


@click.command()
@click.option(
    "--file",
    "source",
    type=click.File(encoding="utf-8"),
    default="-",
    show_default="standard input",
    help="Where the JSON Lines are read from.",
)
def threshold(source: TextIO) -> None:
    """Say of each application whether the ASB case review threshold is met, and why.

    Reads JSON Lines and writes one line for each. A line that cannot be used gives an error of its own; the exit
    status is then 1. Input and output: docs/interfaces.md, section 4.
    """
    if not answer_lines(source, sys.stdout, _answer):
        sys.exit(1)


def _answer(given: Mapping[str, object]) -> dict[str, object]:
    """Assess the application on one line."""
    try:
        application = application_from({name: value for name, value in given.items() if name != "id"})
        return _as_json(assess(application))
    except ThresholdRefused as refusal:
        raise BadInput(str(refusal)) from refusal


def _as_json(assessment: Assessment) -> dict[str, object]:
    """Give the assessment the names that ``docs/interfaces.md`` promises."""
    return {
        "result": assessment.result,
        "counts": dict(assessment.counts),
        "people": assessment.people,
        "hate": assessment.hate,
        "warning": assessment.warning,
        "reasons": list(assessment.reasons),
        "lines": [[line.report, line.incident, line.qualifies, line.why] for line in assessment.lines],
    }
