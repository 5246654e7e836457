"""What Excel shows for a value: its date formats as a person in Britain sees them, and which parts they show."""

import re
from datetime import date, datetime, time, timedelta

_TOKEN = re.compile(
    r'\[[^\]]*\]|"[^"]*"|\\.|_.|\*.|y+|m+|d+|h+|s+(?:\.0+)?|am/pm|a/p|.', re.IGNORECASE | re.DOTALL
)
# Excel stores these in American order and shows them in the reader's own.
_REGIONAL = {
    "mm-dd-yy": "dd/mm/yyyy",
    "m/d/yy": "dd/mm/yyyy",
    "m/d/yyyy": "dd/mm/yyyy",
    "m/d/yy h:mm": "dd/mm/yyyy hh:mm",
}


def shown_date(value: date | time | timedelta, number_format: str) -> tuple[str, str]:
    """The text that Excel shows for a date, and which of ``d``, ``m`` and ``y`` are in it.

    A format of month and year alone means that the cell stands for the month.
    """
    if isinstance(value, timedelta):
        return str(value), ""
    if isinstance(value, time):
        return value.strftime("%H:%M"), ""
    section = number_format.split(";", maxsplit=1)[0].replace("[$-F800]", "")
    section = _REGIONAL.get(section.strip().casefold(), section)
    shown: list[str] = []
    parts = ""
    after_hour = False
    for token in _TOKEN.findall(section):
        kind = token[0].casefold()
        if kind in "dmy" and not (kind == "m" and len(token) <= 2 and after_hour):
            parts += kind
            shown.append(_day_part(value, token.casefold()))
        else:
            shown.append(_other_part(value, token))
        after_hour = kind == "h" or (after_hour and kind not in "dmys")
    if not parts:
        return value.strftime("%d/%m/%Y"), "dmy"
    return "".join(shown).strip(), "".join(letter for letter in "dmy" if letter in parts)


_LETTERS = {"mmm": "%b", "mmmm": "%B", "ddd": "%a", "dddd": "%A"}


def _day_part(value: date, token: str) -> str:
    if token in _LETTERS:
        return value.strftime(_LETTERS[token])
    if token[0] == "y":
        return f"{value.year:04d}" if len(token) > 2 else f"{value.year % 100:02d}"
    if len(token) > 2:
        return value.strftime("%B")[0]
    number = value.month if token[0] == "m" else value.day
    return f"{number:0{len(token)}d}"


def _other_part(value: date, token: str) -> str:
    """Times of day and what stands between the parts. Colours, languages and padding show nothing."""
    low = token.casefold()
    if isinstance(value, datetime) and low[0] in "hms":
        return f"{ {'h': value.hour, 'm': value.minute, 's': value.second}[low[0]]:02d}"
    if isinstance(value, datetime) and low in {"am/pm", "a/p"}:
        return value.strftime("%p")
    if token[0] == '"':
        return token[1:-1]
    if token[0] == "\\":
        return token[1:]
    return " " if token[0] == "_" else "" if token[0] in "[*@" else token


def shown_number(value: float, number_format: str) -> str:
    """The text that Excel shows for a number: whole numbers without a point, percentages as such."""
    section = number_format.split(";", maxsplit=1)[0]
    if "%" in section:
        places = len(match.group(1)) if (match := re.search(r"\.(0+)", section)) else 0
        return f"{value * 100:.{places}f}%"
    if section not in {"General", "@"} and (
        match := re.fullmatch(r"[^0#]*[#,]*0+(?:\.(0+))?[^0#]*", section)
    ):
        places = len(match.group(1) or "")
        amount = f"{value:,.{places}f}" if "," in section else f"{value:.{places}f}"
        sign = next((mark for mark in "£$€" if mark in section), "")
        return sign + amount
    return str(int(value)) if float(value).is_integer() else f"{value:.10g}"
