"""Keeps so many senders alive, and kills them with SIGKILL at random: ``python -m tests.drills.nursery``.

    SENDERS KILLS SHORTEST LONGEST COMMAND...

Each sender is a process of its own that runs ``tracker COMMAND``. One after the other is killed after a random while
(seconds between SHORTEST and LONGEST) and another begun. After the last kill the others may end. Says as JSON how many
were killed, how many came to their end in the meantime, and how many of those ended badly.
"""

import json
import os
import random
import signal
import sys
import time
from typing import NoReturn

from tracker import briefs, cli, rounds
from tracker.commands import tick  # what a sender needs is loaded once, before it is born
from tracker.transports import smtp

LOADED = (briefs, rounds, tick, smtp)


def born() -> int:
    number = os.fork()
    return number or _live()


def _live() -> NoReturn:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    status: object = 1
    try:
        cli.main()
        status = 0
    except SystemExit as end:
        status = end.code
    finally:
        os._exit(status if isinstance(status, int) else 0)


def main(senders: int, kills: int, shortest: float, longest: float) -> None:
    chance = random.Random(20261109)  # noqa: S311 - the same kills each time
    alive = [born() for _ in range(senders)]
    killed = ended = badly = 0
    while killed < kills:
        time.sleep(chance.uniform(shortest, longest))
        for number in list(alive):
            found, status = os.waitpid(number, os.WNOHANG)
            if found:
                alive.remove(number)
                alive.append(born())
                ended += 1
                badly += status != 0
        victim = chance.choice(alive)
        os.kill(victim, signal.SIGKILL)
        _, status = os.waitpid(victim, 0)
        killed += os.WIFSIGNALED(status)
        alive.remove(victim)
        alive.append(born())
    while alive:  # one that could not get at a busy database is begun again, as the timetable would
        _, status = os.waitpid(alive.pop(), 0)
        badly += status != 0
        alive += [born()] if status else []
    print(json.dumps({"killed": killed, "ended": ended, "badly": badly}))  # noqa: T201 - what the test reads


if __name__ == "__main__":
    numbers, sys.argv[1:] = sys.argv[1:5], sys.argv[5:]
    main(int(numbers[0]), int(numbers[1]), float(numbers[2]), float(numbers[3]))
