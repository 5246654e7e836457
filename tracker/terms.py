"""The words on the pages and what they mean, as the help page tells them."""

from typing import Final

TERMS: Final = (
    ("Statutory duty", "An Act requires it. The Act may give no number of days; then ours is marked “length set locally”."),
    ("Guidance limit", "Statutory guidance we must have regard to gives the length."),
    ("Guidance, length set locally", "Guidance asks for it; this partnership chose the length."),
    ("Local target", "This partnership's own published or agreed time."),
    ("Plan date", "The date written in the action plan."),
    ("Due, due today", "In time until the end of that day."),
    ("Overdue", "From the day after the due date, if the clock is running and not met."),
    ("At risk, likely late", "Not overdue, but one of seven stated signs is present."),
    ("First due", "The date before any extension. Always shown."),
    (
        "Extended",
        "A new date agreed by someone entitled to, with a reason. Reports say “extended”, and “late” if agreed after the date.",
    ),
    ("Paused", "The clock does not count these days. Has a reason, a start, and a person told."),
    ("On hold", "Some or all steps must wait. A hold does not pause a clock unless the hold says so."),
    ("Met, met late", "Done by, or after, the due date."),
    ("Provisional", "Bank holidays are not yet published that far ahead."),
    ("Held by", "Who must act next: us, an agency, the applicant, the Home Office."),
    ("Reported done, verified", "The lead says so; someone else has checked."),
    ("Chaser, escalation", "Automatic reminder to the lead; to their manager, then the chair."),
    ("Restricted", "Only named people can open it; every view is recorded."),
)  # fmt: skip
"""Term and meaning, in the order of ``docs/ux.md``, section (j)."""
