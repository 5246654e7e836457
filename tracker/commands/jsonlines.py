"""JSON Lines in, JSON Lines out: the loop that ``due``, ``threshold`` and ``timescale`` share.

One line out for each line in, in the same order, flushed at once. A line that cannot be used is answered with
one plain sentence, and the lines after it are answered as if it had not been there.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from tracker.errors import BadInput, TrackerError

LONGEST_LINE = 8_000_000  # bytes; an application with tens of thousands of reports is far shorter


def answer_lines(
    source: TextIO, out: TextIO, answer: Callable[[Mapping[str, object]], dict[str, object]]
) -> bool:
    """Answer every line of ``source`` on ``out``; True if all of them could be used.

    ``answer`` is given the object on the line, ``id`` included, and returns the fields besides ``id``. What it
    refuses with ``BadInput`` becomes ``{"id": ..., "error": ...}``. An object without an id is answered with null.
    Everything written is ASCII, so that no terminal and no half character can stop the loop.
    """
    all_good = True
    for raw in _lines(source):
        read = _Line()
        try:
            fields = answer(read.asked(raw))
        except TrackerError as refusal:
            all_good = False
            fields = {"error": str(refusal)}
        out.write(json.dumps({"id": read.name, **fields}, allow_nan=False) + "\n")
        out.flush()
    return all_good


@dataclass(slots=True)
class _Line:
    """The reading of one line. Keeps its id, so that a line with a fault further on is still answered by name."""

    name: str | float | None = None
    faults: list[str] = field(default_factory=list)

    def asked(self, raw: bytes | None) -> dict[str, object]:
        """Read the object on the line.

        Raises:
            BadInput: it is not one JSON object in UTF-8, or says something twice, or holds what is not a number.
        """
        if raw is None:
            raise BadInput(f"The line is longer than {LONGEST_LINE:,} bytes.")
        value = self._value(raw)
        if not isinstance(value, dict):
            raise BadInput("Each line must be one JSON object.")
        name = value.get("id")
        if not (name is None or isinstance(name, str | int | float)):
            raise BadInput("The id must be text or a number.")
        self.name = name
        if self.faults:
            raise BadInput(self.faults[0])
        return value

    def _value(self, raw: bytes) -> object:
        try:
            text = raw.decode("utf-8").removeprefix("\ufeff")
            if not text.strip():
                raise BadInput("The line is empty.")
            return json.loads(
                text, object_pairs_hook=self._members, parse_constant=self._constant, parse_float=self._float
            )
        except UnicodeDecodeError:
            raise BadInput("The line is not UTF-8 text.") from None
        except RecursionError:
            raise BadInput("The line has too many brackets inside one another.") from None
        except ValueError as error:
            if isinstance(error, json.JSONDecodeError):
                raise BadInput(f"The line is not JSON: {error.msg} at character {error.pos + 1}.") from None
            raise BadInput("The line has a number with too many digits.") from None

    def _members(self, pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
        members: dict[str, object] = {}
        for key, value in pairs:
            if key in members:
                self.faults.append(f"{json.dumps(key[:40])} is given twice.")
                continue  # the first is kept, so that an id given twice has an answer that can be found
            members[key] = value
        return members

    def _constant(self, word: str) -> None:
        self.faults.append(f"{word} is not a number.")

    def _float(self, digits: str) -> float | None:
        number = float(digits)
        if math.isfinite(number):
            return number
        self.faults.append(f"{digits[:40]} is too large a number.")
        return None


def _lines(source: TextIO) -> Iterator[bytes | None]:
    """Give the lines of ``source`` as bytes; None for one that is too long to hold.

    Bytes, because a text stream that meets a wrong byte loses the rest of its buffer: only that line must fail.
    """
    if not hasattr(source, "buffer"):  # text that is already in memory
        for text in source:
            yield text.encode("utf-8", "surrogatepass")
        return
    stream = source.buffer
    while line := stream.readline(LONGEST_LINE):
        if line.endswith(b"\n") or len(line) < LONGEST_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield None
