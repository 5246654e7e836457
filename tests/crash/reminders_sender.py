"""A sender in a process of its own, to be killed. Run by ``test_reminders.py``:

    python reminders_sender.py DATABASE_URL JOURNAL AT [PAUSE_AT]

Each mail handed over is one line of the journal. At the named point the process says so on standard output and waits
to be killed. The points lie between every two steps from deciding to marking.
"""

import os
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from tracker import outbox, rounds
from tracker.db import Database
from tracker.outbox import Letterhead, deliver
from tracker.services import claims, reminders
from tracker.services.reminders import tick

POINTS = (
    "before any notice is written",
    "after the notices are written, before they are committed",
    "after everything is decided",
    "after the claim is written, before it is committed",
    "after the claim is committed",
    "after the mail went",
    "after the mark is written, before it is committed",
    "after the mark is committed",
)


class Journal:
    """A transport that writes down what it hands over, for good."""

    def __init__(self, path: Path, pause: Callable[[str], None]) -> None:
        self._path = path
        self._pause = pause

    def send(self, mail: EmailMessage) -> None:
        self._pause("after the claim is committed")
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{mail['Message-ID']} {mail['To']}\n".encode())
        os.fsync(handle)
        os.close(handle)
        self._pause("after the mail went")


def main(url: str, journal: str, at: str, pause_at: str = "") -> None:
    def pause(point: str) -> None:
        if point and point == pause_at:
            print("here", flush=True)  # noqa: T201 - the test waits for it
            threading.Event().wait()

    def pausing(module: object, name: str, *, before: str = "", after: str = "") -> None:
        whole = getattr(module, name)

        def wrapped(*arguments: object, **named: object) -> object:
            pause(before)
            result = whole(*arguments, **named)
            pause(after)
            return result

        setattr(module, name, wrapped)

    pausing(reminders, "_write", before=POINTS[0], after=POINTS[1])
    pausing(claims, "take", after=POINTS[3])
    pausing(claims, "settle", after=POINTS[6])
    pausing(outbox, "_one_mail", after=POINTS[7])
    database, instant = Database(url), datetime.fromisoformat(at)
    tick(database, instant)
    pause(POINTS[2])
    letterhead = Letterhead("tracker@council.example", "https://tracker.example")
    deliver(database, Journal(Path(journal), pause), instant, rounds.new_holder(), letterhead=letterhead)
    database.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
