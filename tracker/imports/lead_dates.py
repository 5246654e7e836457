"""Dates as far as they can be told apart from other words, and the date that stands in the lead's cell."""

import re

_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?"
)
_SURE = rf"\b(?:{_MONTHS})\b\.?[\s\-’']*\d{{2,4}}|\b\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b|\bq[1-4]\b"
_DATED = re.compile(
    rf"{_SURE}|\b20\d\d\b|\bon-?going\b|\btb[ca]\b|"
    r"\b(?:spring|summer|autumn|winter|monthly|quarterly|annual(?:ly)?|immediate(?:ly)?|end of)\b",
    re.IGNORECASE,
)
# "Vision 2030 Board" and "Monthly Tasking Group" lead something; a lone year or "monthly" is a date only where it ends.
_BESIDE_A_LEAD = re.compile(
    rf"{_SURE}|\b(?:by|before|in|end of)\s+20\d\d\b|"
    r"\b(?:20\d\d(?:[/-]\d\d)?|on-?going|monthly|quarterly|annually|immediate(?:ly)?)(?=\W*$)",
    re.IGNORECASE,
)
_LEADS_UP_TO_DATE = re.compile(
    r"(?:\b\d{1,2}(?:st|nd|rd|th)?|\b(?:by|before|from|end of|the|in|due))\s+$", re.IGNORECASE
)
_EDGES = " ,;:()[]–-\n\t"


def looks_dated(text: str) -> bool:
    """Whether a short text says when."""
    return len(text) <= 60 and bool(_DATED.search(text))


def split_lead_and_date(text: str) -> tuple[str, str]:
    """The lead and the date of a cell that holds both: "PCC - by March 2019" is "PCC" and "by March 2019".

    The date is empty where there is none. No word of the cell is lost.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    dates = [line for line in lines if _BESIDE_A_LEAD.search(line)]
    if 0 < len(dates) < len(lines):
        return "\n".join(line for line in lines if line not in dates), "\n".join(dates)
    match = _BESIDE_A_LEAD.search(text)
    if match is None:
        return text, ""
    start = match.start()
    while before := _LEADS_UP_TO_DATE.search(text[:start]):
        start = before.start()
    lead = text[:start].strip(_EDGES)
    if lead:
        return lead, text[start:].strip(_EDGES)
    return text[match.end() :].strip(_EDGES), text[start : match.end()].strip(_EDGES)
