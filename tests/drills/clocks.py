"""A ``tracker`` command whose clock was set: ``DRILL_CLOCK=2026-11-09T08:00:00+00:00 python -m tests.drills.clocks serve``.

From that instant on it runs as clocks do. Nothing in the product reads this: the clock is put in from here.
"""

import os
from datetime import datetime

CLOCK = "DRILL_CLOCK"
MODULE = "tests.drills.clocks"


def set_to(at: datetime) -> str:
    """The value of the environment that sets the clock of a command."""
    return at.isoformat()


def main() -> None:
    from tracker import cli, clock

    usual = clock.now
    ahead = datetime.fromisoformat(os.environ[CLOCK]) - usual()
    clock.now = lambda: usual() + ahead
    cli.main()


if __name__ == "__main__":
    main()
