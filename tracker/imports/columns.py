"""Which column is which: the headings that partnerships and the Home Office really use."""

import re
from collections.abc import Sequence
from enum import StrEnum


class Role(StrEnum):
    """What a column is for. Any other column is kept under its own heading."""

    THEME = "theme"
    ACTION = "action"
    TIMESCALE = "timescale"
    LEAD = "lead"
    STATUS = "status"
    UPDATE = "update"


# The first in each list is the likeliest: where two columns of a table could be the action, the earlier wording wins.
_WORDS: dict[Role, str] = {
    Role.THEME: (
        "theme; priority theme; priority; priorities; priority area; strategic priority; theme priority; "
        "objective; objectives; strategic objective; strand; workstream; work stream; aim; aims; outcome; "
        "outcomes; outcome required; goal; area; area of work; section; category; topic; recommendation; "
        "recommendations; no recommendation; what we want to achieve; issue"
    ),
    Role.ACTION: (
        "action; actions; action to take; actions to take; action required; actions required; action point; "
        "action points; agreed action; agreed actions; key action; key actions; proposed action; actions to "
        "be taken; action to be taken; what we will do; what will we do; what will be done; what needs to be "
        "done; how will we do it; description of action; action description; task; tasks; activity; "
        "activities; key activity; key tasks; step; steps; milestone; milestones; deliverable; deliverables; "
        "what; how"
    ),
    Role.TIMESCALE: (
        "timescale; timescales; time scale; time scales; target date; target dates; target completion date; "
        "by when; due date; date due; due; due by; deadline; deadlines; timeframe; time frame; timeline; "
        "timing; target; target for completion; target timescale; completion due; date for completion; to be "
        "completed by; complete by; completion by; "
        "planned completion date; expected completion date; completion date; end date; when; when will it be done; milestone date; "
        "review date; date"
    ),
    Role.LEAD: (
        "lead; leads; lead agency; lead agencies; lead officer; lead officers; lead person; lead partner; "
        "lead partners; lead organisation; lead organisations; lead body; action lead; lead responsibility; "
        "accountable lead; accountable; accountable officer; accountability; responsible; responsibility; "
        "responsible lead; responsible officer; responsible person; responsible agency; person responsible; "
        "agency responsible; owner; action owner; owners; by whom; who; who will lead; who by; who leads; who "
        "is responsible; assigned to; delivery lead; agency; agencies; organisation; partners"
    ),
    Role.STATUS: (
        "status; rag; rag status; rag rating; brag; brag rating; brag status; current status; action status; "
        "progress status; progress rag; state; complete; completed; colour"
    ),
    Role.UPDATE: (
        "update; updates; latest update; progress update; progress; progress to date; progress updates; "
        "latest position; current position; position; commentary; comment; comments; notes; note; narrative; "
        "evidence; key milestones achieved in enacting recommendation; key milestones achieved in enacting "
        "the recommendation; key milestones achieved; what has been done; date of completion and outcome; "
        "completion date and outcome"
    ),
}
_RANK: dict[str, tuple[Role, int]] = {
    words: (role, place) for role, listed in _WORDS.items() for place, words in enumerate(listed.split("; "))
}
_HAS_WORD = {
    Role.TIMESCALE: re.compile(r"\b(timescales?|deadlines?|target date|due date|by when|timeframe|when)\b"),
    Role.STATUS: re.compile(r"\b(b?rag|status)\b"),
    Role.LEAD: re.compile(r"\b(lead|leads|owner|responsible|responsibility|who|whom)\b"),
    Role.ACTION: re.compile(r"\bactions?\b"),
    Role.THEME: re.compile(r"\b(themes?|priority|recommendations?|objectives?)\b"),
    Role.UPDATE: re.compile(r"\b(updates?|comments?|progress)\b"),
}
_CORE = {Role.ACTION, Role.TIMESCALE, Role.LEAD}
# Words that stand in the cells of a plan as often as over them: alone they do not make a row a heading row.
_ALSO_WRITTEN_BELOW = {
    "partners",
    "complete",
    "completed",
    "agencies",
    "lead officer",
    "lead officers",
    "lead agency",
    "lead agencies",
    "progress",
    "outcome",
    "outcomes",
    "date",
    "what",
    "who",
    "how",
    "when",
    "area",
    "review date",
    "due",
}
_ROUGH = 100  # the rank of a heading known only by one of its words
_LONGEST_HEADING = 90


def heading_of(text: str) -> str:
    """A heading as a key: line breaks and double spaces closed up, otherwise as printed."""
    return " ".join(text.split())


def rank_of(text: str) -> tuple[Role, int] | None:
    """The role that a heading names and how likely (0 is likeliest), or None where it names none."""
    words = " ".join(re.sub(r"\([^)]*\)|[^a-z ]", " ", text.casefold()).split())
    if not words or len(text) > _LONGEST_HEADING:
        return None
    if words in _RANK:
        return _RANK[words]
    if len(words.split()) > 6:
        return None
    for role, pattern in _HAS_WORD.items():
        if pattern.search(words):
            return role, _ROUGH
    return None


def joins_lead_and_date(text: str) -> bool:
    """Whether one heading stands for both who and when: "Lead / timescale", "Who and by when"."""
    words = text.casefold()
    return len(text) <= _LONGEST_HEADING and all(
        _HAS_WORD[role].search(words) for role in (Role.LEAD, Role.TIMESCALE)
    )


def roles_in(texts: Sequence[str], *, lax: bool = False) -> set[Role]:
    """The roles that a row names if it is a heading row, empty if it is not one.

    A heading row names two roles in the usual words, one of them the action, the timescale or the lead. ``lax`` is
    for a table in which no row does: then one usual heading among others that share a word with one will do.
    """
    written = [text for text in texts if text.strip()]
    ranks = [rank for text in written if (rank := rank_of(text)) is not None]
    sure = {
        role
        for text in written
        if heading_of(text).casefold() not in _ALSO_WRITTEN_BELOW
        if (found := rank_of(text)) and found[1] < _ROUGH
        for role in [found[0]]
    }
    roles = {role for role, _ in ranks}
    if len(roles) >= 3 and len(ranks) == len(written) and all(rank < _ROUGH for _, rank in ranks):
        return roles  # "What, Who, When": each could stand in a cell, but not all in one row
    joined = any(joins_lead_and_date(text) for text in written)
    # "No", "Ref" and "Cost" are headings that name no role: half the row may be of their kind, and one more.
    enough = len(ranks) * 2 + 1 >= len(written) > 1
    if not enough or not sure & _CORE | ({Role.LEAD} if joined else set()):
        return set()
    return roles if joined or lax or len(sure) >= 2 else set()


def roles_by_column(headings: dict[int, str]) -> dict[Role, int]:
    """One column for each role: the likeliest heading, the leftmost of equals. One column has one role at most."""
    ranked = sorted(
        (rank, column, role)
        for column, text in headings.items()
        if (found := rank_of(text))
        for role, rank in [found]
    )
    chosen: dict[Role, int] = {}
    for _, column, role in ranked:
        chosen.setdefault(role, column)
    if (
        Role.ACTION not in chosen
        and Role.THEME in chosen
        and "recommendation" in headings[chosen[Role.THEME]].casefold()
    ):
        # A review's plan without an action column: each recommendation is what is to be done.
        chosen[Role.ACTION] = chosen.pop(Role.THEME)
    return chosen
