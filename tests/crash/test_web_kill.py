"""Workers of the web server are killed with SIGKILL under writers: what was acknowledged is there, nothing is half done.

A request that got no answer is sent again, as a person would who presses the button once more: it is done once in the
end, whether or not the worker had got as far as saving it.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import select

from tests.cast import Cast
from tests.commands.shell import tracker
from tests.crash.serving import Answer, Pairs, Server, Visitor, acting, add_officers, serving
from tracker import clock
from tracker.db import Database
from tracker.models import Case, Deadline, DeadlineStatus, Event
from tracker.queries.verification import faults
from tracker.services import cases
from tracker.services.asked import NewCase

pytestmark = pytest.mark.crash

WRITERS = 4
KILLS = int(os.environ.get("WEB_KILLS", "12"))
STEPS = {"in_progress": "report-complete", "completed_unverified": "send-back"}
"""The steps that take an action to and fro."""


@dataclass
class Tally:
    """What the writers sent: the numbers of their forms, and which were answered with a redirect."""

    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    again: int = 0
    conflicts: int = 0
    stop: threading.Event = field(default_factory=threading.Event)


def log_action(database: Database, cast: Cast, email: str) -> str:
    """An action that stands in progress."""
    today = clock.london(clock.now())
    with database.transaction() as session:
        asked = NewCase(
            process="action_item", partnership_id=cast.herefordshire, opened_on=today, title="Put up the lights",
            facts={"lead_agency": "housing", "agreed_on": today, "target_on": today}, state="in_progress", opening=(),
            owner_organisation_id=cast.housing, imported=True,
        )  # fmt: skip
        return cases.log_case(session, acting(session, email), asked, at=clock.now()).reference


def log(database: Database, cast: Cast, email: str) -> str:
    today = clock.london(clock.now())
    with database.transaction() as session:
        asked = NewCase(
            process="asb_case_review", partnership_id=cast.herefordshire, opened_on=today,
            facts={"application_date": today, "area": "Herefordshire"}, state="acknowledged", opening=(), imported=True,
        )  # fmt: skip
        return cases.log_case(session, acting(session, email), asked, at=clock.now()).reference


def patient(visitor: Visitor, address: str, pairs: Pairs | None, tally: Tally) -> Answer:
    """Ask until there is an answer; a worker that is gone is another worker a moment later."""
    until = time.monotonic() + 60
    while True:
        try:
            return visitor.get(address) if pairs is None else visitor.post(address, pairs)
        except (OSError, HTTPException):
            assert time.monotonic() < until, "the server does not come back"
            tally.again += pairs is not None
            time.sleep(0.05)


def write(visitor: Visitor, own: str, shared: str, state: str, tally: Tally) -> None:
    """Take one's own case to and fro, and between two steps record something on the case that all share."""
    today = clock.london(clock.now()).isoformat()
    for number in count():
        if tally.stop.is_set():
            return
        if number % 2:
            address = f"/cases/{shared}/record?fact=safeguarding_note"
            typed = [("fact_safeguarding_note", f"Note {number}")]
        else:
            address = f"/cases/{own}/steps/{STEPS[state]}"
            if state == "in_progress":
                typed = [("fact_completed_on", today), ("fact_outcome", f"Done {number}")]
            else:
                typed = [("fact_send_back_reason", f"Missing {number}")]
        form = patient(visitor, address, None, tally)
        assert form.status == 200, form.text
        hidden = form.form()[1]
        request_id = dict(hidden)["request_id"]
        tally.sent.add(request_id)
        target = address if number % 2 else f"/cases/{own}/steps/{STEPS[state]}"
        answer = patient(visitor, target, [*hidden, *typed, ("happened", "today")], tally)
        if answer.status == 303:
            tally.acknowledged.add(request_id)
            if not number % 2:
                state = "in_progress" if state == "completed_unverified" else "completed_unverified"
        else:
            # Somebody else saved the shared case first. Nobody else writes one's own: that must succeed.
            assert (answer.status, number % 2) == (409, 1), answer.text
            tally.conflicts += 1


def kill_one(server: Server, chance: random.Random) -> None:
    """Kill one of the workers outright and wait until the server has as many as before."""
    before = server.workers()
    os.kill(chance.choice(before), signal.SIGKILL)
    for _ in range(300):
        time.sleep(0.05)
        now = server.workers()
        if len(now) == len(before) and now != before:
            return
    raise AssertionError("no new worker came")


@pytest.fixture
def server(database: Database, tmp_path: Path) -> Iterator[Server]:
    with serving(database.url, tmp_path, TRACKER_WORKERS="2", TRACKER_THREADS="4") as running:
        yield running


def test_kills_lose_nothing_acknowledged_and_leave_nothing_half_done(
    database: Database, cast: Cast, server: Server
) -> None:
    emails = add_officers(database, cast, WRITERS)
    own = [log_action(database, cast, email) for email in emails]
    shared = log(database, cast, emails[0])
    visitors = [Visitor(server).sign_in(email) for email in emails]
    tally, chance = Tally(), random.Random(20261123)  # noqa: S311 - the same kills each time
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [
            pool.submit(write, visitor, mine, shared, "in_progress", tally)
            for visitor, mine in zip(visitors, own, strict=True)
        ]
        try:
            for _ in range(KILLS):
                before, until = len(tally.acknowledged), time.monotonic() + 60
                while len(tally.acknowledged) < before + 3 and not any(one.done() for one in writing):
                    assert time.monotonic() < until, "nobody could save anything"
                    time.sleep(0.02)
                time.sleep(chance.random() * 0.4)
                kill_one(server, chance)
        finally:
            tally.stop.set()
        for one in writing:
            one.result(120)

    with database.reading() as session:
        assert (
            list(faults(session)) == []
        )  # the state is the last one of the history, the chain and the ledgers hold
        # The number of the form; after the dot stands the mark of its answers.
        times = Counter(str(one).partition(".")[0] for one in session.exec(select(Event.request_id)).all())
        assert tally.acknowledged <= set(times), "an acknowledged change is lost"
        assert all(times[one] <= 1 for one in tally.sent), "a form was carried out twice"
        for case in session.exec(select(Case)).all():
            sent = session.exec(
                select(Event).where(Event.case_id == case.id, Event.name == "send_back")
            ).all()
            dates = session.exec(
                select(Deadline).where(Deadline.case_id == case.id, Deadline.key == "ACTION_UPDATE")
            ).all()
            assert len(dates) == len(sent), "a step without its date, or a date without its step"
            running = [one for one in dates if one.status == DeadlineStatus.RUNNING]
            assert len(running) == (case.state == "in_progress" and bool(sent))
    assert len(tally.acknowledged) >= 3 * KILLS
    assert KILLS < 12 or tally.again, "no kill ever met a request on its way"
    verified = tracker("verify", url=database.url)
    assert verified.returncode == 0, verified.stdout.decode()
    if database.is_sqlite:
        with closing(database.engine.raw_connection()) as connection:
            assert connection.cursor().execute("PRAGMA integrity_check").fetchall() == [("ok",)]
