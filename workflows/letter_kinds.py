"""Every kind of letter, by its code."""

from collections.abc import Mapping

from workflows import letters_asb, letters_dhr
from workflows.letters import LetterKind

KINDS: Mapping[str, LetterKind] = {kind.code: kind for kind in (*letters_asb.KINDS, *letters_dhr.KINDS)}


def kinds_of(process: str) -> tuple[LetterKind, ...]:
    """The kinds that a case of this process may need, in order."""
    return tuple(kind for kind in KINDS.values() if process in kind.processes)
