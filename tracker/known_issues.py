"""What does not meet the accessibility standard: the one list that the accessibility statement is written from.

A fault that is found and not put right at once is added here; what is put right is taken off.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """Something that does not meet the standard: which criterion, what to do instead, and what is planned."""

    what: str
    criterion: str
    instead: str
    plan: str


KNOWN_ISSUES = (
    KnownIssue(
        "Nobody who uses a screen reader, speech recognition or a keyboard alone every day has tried this service "
        "yet, so there may be faults that programs do not find.",
        "This could fail WCAG 2.2 success criteria 1.3.1 (info and relationships), 2.1.1 (keyboard) and 4.1.2 (name, "
        "role, value).",
        "If something does not work for you, ask the business unit for it in another form.",
        "People who use them are to try it before the service is used for real cases.",
    ),
    KnownIssue(
        "Text that agencies typed into their own plans is shown as they wrote it, and may be hard to read aloud: "
        "abbreviations, lists run together, words in capitals.",
        "This can fail WCAG 2.2 success criterion 1.3.1 (info and relationships).",
        "The business unit explains any action on request.",
        "New actions are written in sentences.",
    ),
)
