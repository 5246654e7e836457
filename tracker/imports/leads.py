"""Who is to do it: the Lead cell read into bodies that can be held to account, and what to ask about the rest."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class LeadKind(StrEnum):
    """What a lead is. Nobody: words that name no body at all, such as "Partners"."""

    PERSON = "person"
    ORGANISATION = "organisation"
    GROUP = "group"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class LeadReading:
    """One lead as printed, the organisation it is known to mean, if any, and what kind of lead it is."""

    text: str
    organisation: str | None
    kind: LeadKind


@dataclass(frozen=True, slots=True)
class Alias:
    """What an abbreviation or name in a Lead column means. No organisation: no unit that can be held to account."""

    printed: str
    organisation: str | None
    name: str
    kind: LeadKind


class Aliases:
    """Aliases by name, whatever the capitals, the spaces and "and" or "&"."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._by_name = {_plain(alias.printed): alias for alias in aliases}

    def get(self, text: str) -> Alias | None:
        """The alias that ``text`` is, as a whole."""
        return self._by_name.get(_plain(text))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("&", " and ").strip(" .,;:*").split())


@cache
def bundled_aliases() -> Aliases:
    """The abbreviations of the Worcestershire 2018-19 plan and the bodies named in the partnerships' own papers."""
    with files("tracker.imports").joinpath("lead_aliases.csv").open(encoding="utf-8") as table:
        return Aliases(
            Alias(row["as_printed"], row["organisation"] or None, row["name"], LeadKind(row["kind"]))
            for row in csv.DictReader(table)
        )


_NOBODY = re.compile(
    r"^\W*((all|various|other|relevant|local|key|wider|partner|partners|agencies|agency|organisations|services|"
    r"everyone|anyone|whole|members|of|the|board|stakeholders|statutory|partnership)\W*)*(partners|agencies|all|various|"
    r"everyone|stakeholders|organisations|members|services)\W*$"
    r"|^\W*(tbc|tba|tbd|n/?a|none|nobody|no one|vacant|vacancy|unknown|to be (confirmed|agreed|decided|identified|"
    r"determined|appointed)|not (yet )?(known|agreed|identified)|awaiting)\W*$|^\W+$",
    re.IGNORECASE,
)
# A name does not tell a person from a firm; a job does.
_PERSON = re.compile(
    r"\b(officer|manager|director|head of|chief|co-?ordinator|superintendent|inspector|sergeant|constable|commander|"
    r"chair(man|woman|person)?|vice.chair|secretary|lead|leader|cllr|councillor|portfolio holder|cabinet member|analyst|"
    r"consultant|adviser|advisor|nurse|practitioner|headteacher|clerk|deputy|administrator|dci|dcs|det\.? ?sup)\b",
    re.IGNORECASE,
)
_BODY_THAT_HAS_A_JOB_IN_IT = re.compile(
    r"\b(police and crime commissioner|officers' group|chief officers)\b", re.IGNORECASE
)
_GROUP = re.compile(
    r"\b(group|sub-?group|forum|board|partnership|csps?|panel|committee|network|steering|task(ing)? force|"
    r"working party|alliance|collaborative|executive|marac|mappa|cabinet)\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(council|police|constabulary|probation|nhs|trust|ccg|icb|pcc|opcc|fire|service|services|authority|university|"
    r"school|college|housing|association|charity|women.s aid|victim support|health|home office|ministry|department|"
    r"agency|team|prison|hmpps|crc|yjs|yot|cps|ltd|limited|cic|foundation|church)\b",
    re.IGNORECASE,
)
_SHORT_FORM = re.compile(r"^(?=.*[A-Z].*[A-Z])[A-Z][A-Za-z&]{1,7}( [A-Z]{2,5})?$")
_FIRM = re.compile(r"\s*[\n;|+]\s*|\s+/\s+|\s*/\s+|\s+/\s*")
_LOOSE = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s+&\s+|\s+with\s+|/", re.IGNORECASE)


def looks_like_body(text: str) -> bool:
    """Whether ``text`` alone could be who leads: an abbreviation, a job, or a word that bodies have in their names."""
    short = len(text) <= 70
    found = (_NOBODY, _PERSON, _GROUP, _ORGANISATION)
    return bool(_SHORT_FORM.match(text.strip())) or (short and any(pattern.search(text) for pattern in found))


def read_leads(text: str, aliases: Aliases) -> tuple[tuple[LeadReading, ...], tuple[str, ...]]:
    """The leads in a Lead cell, in printed order, and what to ask about them. An empty cell has no lead."""
    text = text.strip()
    if not text:
        return (), ()
    questions: list[str] = []
    parts = [text] if _whole(text, aliases) else [part for part in _FIRM.split(text) if part.strip()]
    leads: list[LeadReading] = []
    for part in parts:
        for lead in _split_loosely(part, aliases, questions):
            reading, question = _one(lead, aliases)
            leads.append(reading)
            questions += [question] if question else []
    accountable = [lead for lead in leads if lead.organisation or lead.kind is LeadKind.PERSON]
    if len(accountable) > 1:
        named = " and ".join(f"“{lead.text}”" for lead in accountable)
        questions.append(f"Joint leads: which of {named} is accountable?")
    return tuple(leads), tuple(dict.fromkeys(questions))


def _whole(text: str, aliases: Aliases) -> bool:
    return aliases.get(text) is not None or bool(_NOBODY.match(text))


def _split_loosely(part: str, aliases: Aliases, questions: list[str]) -> list[str]:
    """Split at "and", "&", commas and close slashes only where what results stands on its own.

    "Hereford and Worcester Fire and Rescue" is one body; what cannot be told is kept whole and asked about.
    """
    if _whole(part, aliases):
        return [part]
    pieces = [piece for piece in _LOOSE.split(part) if piece.strip()]
    if len(pieces) < 2:
        return [part]
    if all(aliases.get(piece) or _SHORT_FORM.match(piece) for piece in pieces):
        return pieces
    known = [aliases.get(piece) for piece in pieces]
    if any(known):
        # A known body joined to something: split there, and the rest is asked about as a body on its own.
        return _around_known(part, pieces, aliases)
    if all(_NOBODY.match(piece) or _PERSON.search(piece) for piece in pieces) and "," not in part:
        return pieces
    questions.append(f"Is “{part}” one lead or several?")
    return [part]


def _around_known(part: str, pieces: list[str], aliases: Aliases) -> list[str]:
    """Cut ``part`` at its known bodies; what is left between two of them stays whole."""
    found: list[str] = []
    start = 0
    for piece in pieces:
        if not aliases.get(piece):
            continue
        place = part.find(piece, start)
        found += [part[start:place], piece]
        start = place + len(piece)
    found.append(part[start:])
    edges = re.compile(r"^\W*(?:(?:and|with)\b\W*)?|\W*(?:\b(?:and|with))?[\s,/&]*$", re.IGNORECASE)
    return [
        cleaned
        for piece in found
        if (cleaned := piece if aliases.get(piece) else edges.sub("", piece).strip())
    ]


def _one(text: str, aliases: Aliases) -> tuple[LeadReading, str]:
    text = text.strip()
    known = aliases.get(text)
    if known is not None:
        ask = "" if known.organisation or known.kind is LeadKind.NOBODY else _which_body(text)
        return LeadReading(text, known.organisation, known.kind), ask
    if _NOBODY.match(text):
        return LeadReading(text, None, LeadKind.NOBODY), ""
    kind = LeadKind.ORGANISATION
    if _PERSON.search(text) and not _BODY_THAT_HAS_A_JOB_IN_IT.search(text):
        kind = LeadKind.PERSON
    elif _GROUP.search(text):
        kind = LeadKind.GROUP
    return LeadReading(text, None, kind), _which_body(text)


def _which_body(text: str) -> str:
    return f"Which body is accountable for “{text}”?"
