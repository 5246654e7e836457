"""The table of the invented actions: what each is, who leads it, when it was agreed and when it is due."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from tracker.demo.stage import Stage

PLAN = "plan"
"""What the table calls the current plan; every other action belongs to the case of that key."""


@dataclass(frozen=True, slots=True)
class Row:
    """One invented action, as the table of the demonstration says it.

    ``agreed`` and ``reported`` are working days before today. ``due`` is working days from today, or ``m3`` for the
    end of the third month from now. ``then`` is what became of it besides its state.
    """

    key: str
    of: str
    theme: str
    action: str
    lead: str
    state: str
    agreed: int
    reported: int | None
    due: str
    then: str


def rows() -> tuple[Row, ...]:
    """The table of the demonstration."""
    text = files("tracker.demo").joinpath("actions.csv").read_text(encoding="utf-8")
    return tuple(
        Row(
            row["key"], row["of"], row["theme"], row["action"], row["lead"], row["state"], int(row["agreed"]),
            int(row["reported"]) if row["reported"] else None, row["due"], row["then"],
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def due_on(stage: Stage, due: str) -> date | None:
    """The day that the table means; none where it says none."""
    if not due:
        return None
    if due.startswith("m"):
        months = stage.today.year * 12 + stage.today.month + int(due[1:])
        return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
    if due == "0":
        return stage.today
    return stage.off(stage.today, int(due))
