"""Writes the golden tables anew, on purpose: ``python -m tests.workflows.golden.write``. Read the difference after it."""

from tests.workflows.golden.table import path_of, text_of
from workflows.released import RELEASED

if __name__ == "__main__":
    for workflow in RELEASED.values():
        path_of(workflow).write_text(text_of(workflow), encoding="utf-8")
