"""The pictures of the README, taken from the demonstration of one Monday: ``python -m tests.browser.pictures``."""

import tempfile
from pathlib import Path

from tests.browser import chromium, standing
from tests.browser.people import somebody
from tests.browser.servers import ROOT
from tracker import rounds

TAKEN: tuple[tuple[str, str, str], ...] = (
    ("today", "officer", "/today"),
    ("case", "officer", "/cases/HCSP-DHR-2026-001"),
    ("at-risk", "manager", "/at-risk"),
)
"""The name of each picture, who looks, and at what."""
SIZES = ((1280, 1500), (390, 1700))
"""Widths in CSS pixels, and how far down the page each picture goes."""


def take(into: Path) -> None:
    """Write each picture at each width."""
    with tempfile.TemporaryDirectory() as found:
        folder = Path(found)
        standing.load(folder / "loaded.db")
        (folder / "served").mkdir()
        with standing.served(folder / "loaded.db", folder / "served") as now, chromium.launched() as browser:
            rounds.in_turn(now.settings(), now.database, now.now, holder="the pictures")
            for name, who, address in TAKEN:
                with somebody(browser, now.tracker) as person:
                    person.sign_in(f"{who}@herefordshire.example")
                    for width, height in SIZES:
                        person.page.set_viewport_size({"width": width, "height": height})
                        person.open(address)
                        person.page.screenshot(path=into / f"{name}-{width}.png")


if __name__ == "__main__":
    take(ROOT / "docs" / "pictures")
