"""The action plan of a domestic homicide review as its guidance prints it: seven columns, headings word for word.

Multi-agency Statutory Guidance for the Conduct of Domestic Homicide Reviews (2016), action plan template.
"""

from collections.abc import Callable, Mapping, Sequence

from tracker.reports import plan_table

RECOMMENDATION = "Recommendation"
SCOPE = "Scope of recommendation (local / regional)"
ACTION = "Action to take"
LEAD = "Lead agency"
MILESTONES = "Key milestones achieved in enacting the recommendation"
TARGET = "Target date"
DONE = "Date of completion and outcome"
HEADINGS = (RECOMMENDATION, SCOPE, ACTION, LEAD, MILESTONES, TARGET, DONE)

TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""The kinds of file, and what each is called on the web."""


def written(kind: str, rows: plan_table.Rows, headings: Sequence[str], title: str) -> bytes:
    """A plan's table as a file of that kind; see :mod:`tracker.reports.plan_table`."""
    made: Mapping[str, Callable[[], bytes]] = {
        "csv": lambda: plan_table.to_csv(rows, headings),
        "xlsx": lambda: plan_table.to_xlsx(rows, headings, title=title),
        "docx": lambda: plan_table.to_docx(rows, headings, title=title),
    }
    return made[kind]()
