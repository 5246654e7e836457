"""The command line as a person uses it: a process, its output, its exit status."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracker(
    *words: str, url: str, given: str | bytes = "", **settings: str
) -> subprocess.CompletedProcess[bytes]:
    """Run ``tracker WORDS`` on a database."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TRACKER_")}
    environment |= {"TRACKER_DATABASE_URL": url, "PYTHONWARNINGS": "error"} | settings
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        cwd=ROOT, env=environment, input=given.encode() if isinstance(given, str) else given,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
