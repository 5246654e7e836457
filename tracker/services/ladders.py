"""The snapshot of a reminder ladder that a deadline keeps, to and from the rungs that the ladder is made of."""

from collections.abc import Iterable, Mapping

from tracker.models.columns import JsonObject
from workflows.ladder import Rung, Who, check
from workflows.periods import Unit


def ladder_to(rungs: Iterable[Rung]) -> JsonObject:
    """Write a ladder down as ``{"rungs": [{"key", "offset", "unit", "to", "repeat_every", "singly"}]}``."""
    return {
        "rungs": [
            {
                "key": rung.key,
                "offset": rung.offset,
                "unit": str(rung.unit),
                "to": [str(who) for who in rung.to],
                "repeat_every": rung.repeat_every,
                "singly": rung.singly,
            }
            for rung in rungs
        ]
    }


def ladder_from(kept: Mapping[str, object]) -> tuple[Rung, ...]:
    """Read a ladder back; an empty snapshot is a ladder without rungs, which owes nothing.

    Raises:
        ValueError: it is not a ladder that :func:`ladder_to` wrote.
    """
    rungs = kept.get("rungs", [])
    if not isinstance(rungs, list):
        raise ValueError("A ladder is a list of rungs.")  # noqa: TRY004 - wrong data, not a wrong call
    ladder = tuple(_rung(entry) for entry in rungs)
    check(ladder)
    return ladder


def _rung(entry: object) -> Rung:
    match entry:
        case {
            "key": str(key),
            "offset": int(offset),
            "unit": str(unit),
            "to": list(to),
            "repeat_every": int() | None as repeat_every,
            "singly": bool(singly),
        }:
            return Rung(
                key,
                offset,
                Unit(unit),
                tuple(Who(str(who)) for who in to),
                repeat_every=repeat_every,
                singly=singly,
            )
    raise ValueError("A rung of a ladder has a key, an offset, a unit and somebody to tell.")
