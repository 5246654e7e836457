"""The browser of the tests: the Chromium that is on this machine, told to keep to itself."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
NONE = "There is no Chromium here. Install one (Debian: apt-get install chromium libatomic1) or name it in CHROMIUM."


def path() -> str | None:
    """Where the browser is: the program that CHROMIUM names, or the first of the usual names on PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A running browser. On somebody's own machine without one these tests are left out, and the end of the run says
    why; where CI=true, as in ``.ci/run``, they fail.

    Give it to a module at most: two at once in one process get in each other's way.
    """
    found = path()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NONE)
        pytest.skip(NONE)
    alone = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *alone])
        yield browser
        browser.close()
