"""The browser, and the trackers to look at."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium, servers, standing
from tests.browser.people import Person, somebody
from tests.browser.servers import Tracker
from tests.browser.standing import Standing

Somebody = Callable[..., AbstractContextManager[Person]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launched() as found:
        yield found


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracker]:
    """What `make run` serves: the demonstration, with the scheduler embedded."""
    with servers.running(tmp_path_factory.mktemp("demonstration"), "run") as tracker:
        yield tracker


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracker]:
    """A tracker on its first day: people, partnerships and agencies, and not a single case."""
    folder = tmp_path_factory.mktemp("empty")
    servers.settle(folder)
    with servers.running(folder, "serve", TRACKER_SCHEDULER="off") as tracker:
        yield tracker


@pytest.fixture
def visitor(browser: Browser, demonstration: Tracker) -> Somebody:
    """A new person in front of the demonstration: ``with visitor(scripts=False) as person``."""
    return partial(somebody, browser, demonstration)


@pytest.fixture(scope="session")
def of_monday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration as it stands on Monday 23 November 2026; nobody changes this file."""
    path = tmp_path_factory.mktemp("monday") / "tracker.db"
    standing.load(path)
    return path


@pytest.fixture
def monday(of_monday: Path, tmp_path: Path) -> Iterator[Standing]:
    """A tracker of the test's own, on that Monday at half past nine."""
    with standing.served(of_monday, tmp_path) as found:
        yield found


@pytest.fixture
def caller(browser: Browser, monday: Standing) -> Somebody:
    """A new person in front of the tracker of Monday."""
    return partial(somebody, browser, monday.tracker)
