"""How large the drills are: small ones with every run of the tests, the full ones by ``make drills`` (``DRILLS=full``)."""

import os
from typing import TypeVar

T = TypeVar("T")

FULL = os.environ.get("DRILLS") == "full"


def size(small: T, full: T) -> T:
    """The number for this run."""
    return full if FULL else small
