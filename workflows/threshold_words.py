"""What the threshold calculation says to people: fit for a page and for a letter, and never another person's data."""

from collections.abc import Mapping
from datetime import date

from workflows.dates import in_words
from workflows.threshold_facts import Window

UNIT_NOUNS = {
    "incident": ("qualifying incident", "qualifying incidents"),
    "distinct_report": (
        "qualifying incident with a report of its own",
        "qualifying incidents with a report of their own",
    ),
    "complaint": ("qualifying complaint", "qualifying complaints"),
}
"""How each way of counting is said, for one and for many."""


def many(number: int, one: str, more: str) -> str:
    """Write a number with its noun: 1 person, 2 people."""
    return f"{number} {one if number == 1 else more}"


def months(number: int) -> str:
    """Write a number of months."""
    return many(number, "month", "months")


# Why a report of an incident does not count, in the order in which it is asked.

NOT_LINKED = "This incident is not part of the problem that the application is about."
NOT_HARMFUL = (
    "Taken together with the others, this incident could not have caused harassment, alarm or distress."
)
OTHER_BODY = (
    "This was not reported to one of the bodies that take part in the review. "
    "It does not count towards the number, and still shows how long the problem has gone on."
)
NO_RECORD = "No agency has a record of this report, and there is nothing else that shows it was made."


def reported_before_it_happened(reported: date, earliest: date) -> str:
    """Say that the report is dated before the incident."""
    return f"The report is dated {in_words(reported)}, before the incident on {in_words(earliest)}."


def window_words(window: Window, of: str = "day of the incident") -> str:
    """Write a time and the day that it is counted from."""
    if window.in_days:
        return f"{many(window.n, 'day', 'days')} after the {of}"
    return f"{months(window.n)} beginning with the {of}"


def length_words(window: Window) -> str:
    """Write a time without its beginning."""
    return many(window.n, "day", "days") if window.in_days else months(window.n)


def reported_too_late(reported: date, last: date, window: Window) -> str:
    """Say that the report came after the period that begins with the incident."""
    return (
        f"It was reported on {in_words(reported)}. The last day to report it was {in_words(last)}: "
        f"{window_words(window)}."
    )


def applied_too_late(reported: date, last: date, window: Window, happened: date | None = None) -> str:
    """Say that the application came after the period that begins with the report, or with the incident ``happened``."""
    if happened is not None:
        return (
            f"It happened on {in_words(happened)}. The application had to be made by {in_words(last)}: "
            f"{window_words(window)}."
        )
    return (
        f"It was reported on {in_words(reported)}. The application had to be made by {in_words(last)}: "
        f"{window_words(window, 'day of the report')}."
    )


def reported_after_application(reported: date, applied: date) -> str:
    """Say that the report came after the application, and that it helps a new one."""
    return (
        f"It was reported on {in_words(reported)}, after the application was made on {in_words(applied)}. "
        "It would qualify if you apply again."
    )


NO_RULES = "The area's rules are not set: the threshold cannot be worked out without them."
NOT_DATED = "Incident {number} has no day: ask for the earliest and the latest day that it can have been."
REPORT_NOT_DATED = "Report {number} has no day: ask the body when it was made."

# Why it counts.

COUNTS = "It counts."
COUNTS_WITH_EVIDENCE = "It counts: there is evidence that the report was made."
COUNTS_UNCHECKED = "It counts for now: the report has not been checked yet."
COUNTS_DAY_UNKNOWN = "It counts for now: the day of the incident is not known, and it would count on at least one day it could be."
COUNTS_REPORT_DAY_UNKNOWN = "It counts for now: the day of the report is not known, and it would count on at least one day it could be."


# The reasons for the result, in the order of the tests.


def count_reason(found: int, needed: int, unit: str) -> str:
    """Say how the area's own way of counting comes out against its number."""
    one, more = UNIT_NOUNS[unit]
    noun = one if needed == 1 else more
    if found < needed:
        return f"{found} of {needed} {noun}: the number is not reached."
    if found == needed:
        return f"{found} of {needed} {noun}: the bodies must decide that the threshold is met (s.104(4))."
    return (
        f"{many(found, one, more)}, where {needed} {'is' if needed == 1 else 'are'} enough: "
        "the bodies must decide that the threshold is met (s.104(4))."
    )


def hate_reason(found: int, needed: int, window: Window | None) -> str:
    """Say how the area's hate incident rule comes out."""
    period = "" if window is None else f" reported within {length_words(window)}"
    said = f"{found} of {needed} {'hate incident' if needed == 1 else 'hate incidents'}{period}"
    if found < needed:
        return f"{said}: the area's hate incident rule is not reached."
    return f"{said}: the area's hate incident rule is met."


GROUPS = {
    "people": ("person", "people"),
    "households": ("household", "households"),
    "reports": ("report", "reports"),
    "others": ("other person", "other people"),
}
"""What a group rule counts, for one and for many."""


def group_reason(found: int, needed: int, kind: str = "people") -> str:
    """Say how the area's group rule comes out."""
    said = f"{found} of {needed} {GROUPS[kind][needed != 1]} with a qualifying report"
    if kind == "reports":
        said = f"{found} of {needed} qualifying {GROUPS[kind][needed != 1]}"
    elif kind == "others":
        said += " besides the applicant"
    if found < needed:
        return f"{said}: the area's group rule is not reached."
    return f"{said}: the area's group rule is met."


DISCRETION = (
    "The rules do not decide. People decide under the area's procedures, and write down what they find on "
    "persistence, harm or potential harm, and whether the response was adequate (s.104(5))."
)


def warning_reason(counts: Mapping[str, int], needed: int, local: str) -> str:
    """Say which other readings of the Act reach the number when the area's own does not."""
    reached = [
        many(found, *UNIT_NOUNS[unit]) for unit, found in counts.items() if unit != local and found >= needed
    ]
    return (
        f"Another way of counting reaches the number: {' and '.join(reached)}. "
        "A manager must record why the area's way of counting is used."
    )
