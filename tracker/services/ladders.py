"""The snapshot of a reminder ladder that a deadline keeps, to and from the rungs that the ladder is made of."""

from collections.abc import Iterable, Mapping

from tracker.models.columns import JsonObject
from workflows.ladder import Rung, Who, check, key_of
from workflows.periods import Unit

FURTHEST = 365
"""Days from a date beyond which nobody is reminded."""


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


def local_ladder(rungs: Iterable[Rung], own: object) -> tuple[Rung, ...]:
    """A clock's ladder as a procedure changes it.

    ``[5, 2]`` are its reminders before the date; ``{"before": [5, 2], "after": [{"at": 1, "to": ["lead"]}, {"at": 10,
    "to": ["escalation"], "every": 10}]}`` gives those after it too. What is left out stays, and so does the day itself.

    Raises:
        ValueError: with what is wrong, in one sentence.
    """
    usual = tuple(rungs)
    parts = own if isinstance(own, Mapping) else {"before": own}
    if unknown := set(parts) - {"before", "after"}:
        raise ValueError(f"Reminders are given “before” and “after” the date, not {min(map(repr, unknown))}.")
    like = next((rung for rung in usual if rung.offset <= 0), usual[0] if usual else None)
    if like is None:
        raise ValueError("Nobody is reminded of this date.")
    before = tuple(rung for rung in usual if rung.offset < 0)
    if parts.get("before") is not None and like.offset <= 0:
        wanted = sorted({-_whole(n) for n in _list(parts["before"])})
        before = tuple(Rung(key_of(n), n, like.unit, like.to) for n in wanted)
    on_the_day = tuple(rung for rung in usual if rung.offset == 0)
    after = tuple(rung for rung in usual if rung.offset > 0)
    if parts.get("after") is not None:
        after = tuple(_step(entry, like.unit) for entry in _list(parts["after"]))
        if not after:
            raise ValueError("Somebody must be told that the date has passed.")
    ladder = (*before, *on_the_day, *after)
    check(ladder)
    return ladder


def steps_from(typed: str) -> list[JsonObject]:
    """Read ``1 lead officer; 5 manager; 10 escalation every 10``: so many after the date, whom, and how it repeats.

    Raises:
        ValueError: with what cannot be read, in one sentence.
    """
    steps: list[JsonObject] = []
    for part in filter(None, (part.strip() for part in typed.replace(",", " ").split(";"))):
        words = part.casefold().split()
        every = words[words.index("every") + 1 :] if "every" in words else []
        heads = words[: words.index("every")] if "every" in words else words
        step: JsonObject = {
            "at": _number(heads[0], part),
            "to": [word for word in heads[1:] if word != "and"],
        }
        if "every" in words:
            step["every"] = _number(" ".join(every), part)
        _step(step, Unit.DAYS)
        steps.append(step)
    return steps


def steps_in_words(steps: object) -> str:
    """The steps as :func:`steps_from` reads them."""
    said = []
    for step in (step for step in _list(steps) if isinstance(step, Mapping)):
        to = step["to"]
        whom = " ".join(str(who) for who in to) if isinstance(to, list | tuple) else ""
        again = f" every {step['every']}" if step.get("every") else ""
        said.append(f"{step['at']} {whom}{again}")
    return "; ".join(said)


_PARTS_SAID = ", ".join(str(who) for who in Who)


def _step(entry: object, unit: Unit) -> Rung:
    match entry:
        case {"at": int(at), "to": [_, *_] as to, **more} if not isinstance(at, bool) and set(more) <= {
            "every"
        }:
            if not 1 <= at <= FURTHEST:
                raise ValueError(f"Steps after the date are whole numbers from 1 to {FURTHEST}.")
            if strange := [who for who in to if who not in set(Who)]:
                raise ValueError(f"{strange[0]!r} is nobody who can be told; write one of: {_PARTS_SAID}.")
            every = None if more.get("every") is None else _whole(more["every"])
            whom = tuple(Who(str(who)) for who in to)
            return Rung(key_of(at), at, unit, whom, repeat_every=every, singly=True)
    raise ValueError("A step after the date is so many days and whom to tell, such as 1 lead officer.")


def _list(value: object) -> Iterable[object]:
    if not isinstance(value, list | tuple):
        raise ValueError("Reminders are a list, such as [5, 2].")  # noqa: TRY004 - wrong data, not a wrong call
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= FURTHEST:
        raise ValueError(f"Reminders are whole numbers from 1 to {FURTHEST}, such as [5, 2].")
    return value


def _number(word: str, part: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 3):
        raise ValueError(f"{part!r} cannot be read; write it like 5 manager, or 10 escalation every 10.")
    return int(word)
