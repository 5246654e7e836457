"""Plans in: reading an action plan as partnerships really keep it. Reads only; nothing is stored or guessed."""

from tracker.imports.plan import Counts, LeftOut, PlanReading, PlanRow, Source, TableFound
from tracker.imports.reader import MOST_BYTES, read_plan

__all__ = ["MOST_BYTES", "Counts", "LeftOut", "PlanReading", "PlanRow", "Source", "TableFound", "read_plan"]
