"""What the words of an action give away: several actions in one row, or work without an end."""

import re

_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}[.):]|\(?[a-z][.)]|[•●▪◦*·–-])\s+\S", re.MULTILINE | re.IGNORECASE)
_VERB = (
    r"(?:agree|analyse|appoint|arrange|assess|audit|carry out|circulate|co-?ordinate|collate|commission|complete|conduct|"
    r"consider|consult|continue|create|deliver|design|develop|disseminate|draft|embed|establish|evaluate|explore|finalise|"
    r"identify|implement|improve|introduce|launch|maintain|map|monitor|pilot|prepare|produce|promote|publish|refresh|"
    r"report|review|roll out|set up|share|strengthen|submit|train|undertake|update)"
)
_JOINED_VERBS = re.compile(
    rf"^\W*{_VERB}\b(?:,?\s*{_VERB}\b)*,?\s*(?:and|&|then|/)\s*(?:to\s+)?{_VERB}\b", re.IGNORECASE
)
_SECOND_SENTENCE = re.compile(rf"[.;]\s+(?:and\s+|also\s+|then\s+)*{_VERB}\b", re.IGNORECASE)
_ENDLESS = re.compile(
    r"\b(continu(?:e|es|ing) (?:to|with)|continue|on-?going|maintain|ensure oversight|keep under review|regularly|as and "
    r"when|where(?:ver)? (?:possible|appropriate))\b",
    re.IGNORECASE,
)


def several_actions(action: str) -> int:
    """How many numbered or bulleted actions a cell lists: 0 or 1 where it lists none."""
    return len(_NUMBERED.findall(action))


def warnings_about(action: str) -> tuple[str, ...]:
    """What to look at twice in the words of an action."""
    found: list[str] = []
    listed = several_actions(action)
    if listed > 1:
        found.append(f"{listed} actions in one row")
    elif _JOINED_VERBS.search(action) or _SECOND_SENTENCE.search(action):
        found.append("two actions in one")
    if _ENDLESS.search(action):
        found.append("continues without end")
    return tuple(found)
