"""Rules that are kept by a test and not by memory. Each failure says what to do."""

import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 350


def _sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def _committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _names_used(tree: ast.AST) -> set[str]:
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


READS_THE_TIME = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic",
    "time.perf_counter", "time.localtime",
}  # fmt: skip


@pytest.mark.parametrize("path", _sources("workflows", "tracker"), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_clock_reads_the_time(path: Path) -> None:
    if path.name == "clock.py":
        return
    used = _names_used(ast.parse(path.read_text(encoding="utf-8"))) & READS_THE_TIME
    assert not used, (
        f"{path.name} reads the time by {used}: take `at` or `today` as an argument, or ask tracker.clock"
    )


@pytest.mark.parametrize("path", _sources("workflows", "tracker"), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_is_one_noun(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{path.name} has {lines} lines: split it by noun or verb"


@pytest.mark.parametrize("path", _sources("workflows"), ids=lambda p: p.name)
def test_no_role_of_the_system_is_named_in_a_process(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "tracker.policy" not in text, (
        f"{path.name}: a process says who decides; the policy says which role that is"
    )


def test_only_one_place_speaks_to_each_library() -> None:
    owners = {
        "transitions": {"workflows/engine.py"},
        "apscheduler": {"tracker/scheduler.py"},
        "smtplib": {"tracker/transports/smtp.py"},
    }
    found: dict[str, set[str]] = {library: set() for library in owners}
    for path in _sources("workflows", "tracker"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import)
                else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            )  # fmt: skip
            for name in names:
                library = name.split(".")[0]
                if library in found:
                    found[library].add(str(path.relative_to(ROOT)))
    assert found == owners


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_templates_hold_no_script_no_style_and_no_raw_markup(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.lstrip().startswith("{#"), "the first line says what the template is and what it is given"
    assert not re.search(r"\sstyle=", text), "no style attribute: use a class of app.css"
    assert not re.search(r"\|\s*safe\b", text), "never |safe: fill a {% set %} block"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "no inline script"
    assert not re.search(r"\son[a-z]+=", text), "no inline handler"
    if "emails" not in path.parts:
        assert "<style" not in text, "no inline style"


def test_nothing_committed_names_a_registry_or_this_machine() -> None:
    hosts = re.compile(r"(py" r"pi|python" r"hosted|npm" r"js|deb" r"ian)\.(org|com)/", re.IGNORECASE)
    machine = re.compile(r"(?<![\w.])/(wo" r"rk|fa" r"rm)/[a-z.]")
    for path in _committed():
        if path.suffix in {".xlsx", ".docx", ".png", ".woff2"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not hosts.search(text), f"{path.relative_to(ROOT)} names a package registry"
        assert not machine.search(text), f"{path.relative_to(ROOT)} names a path of one machine"


def test_no_work_is_left_for_later_in_the_code() -> None:
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|raise NotImplemented" r"Error)\b")
    for path in _sources("workflows", "tracker", "migrations"):
        found = marks.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.relative_to(ROOT)} leaves work: {found and found.group()}"


def test_services_never_commit_and_never_look_at_the_request() -> None:
    for path in _sources("tracker/services"):
        text = path.read_text(encoding="utf-8")
        assert ".commit(" not in text, f"{path.name}: the caller owns the transaction"
        assert "import flask" not in text, f"{path.name}: a service knows no web"
        assert "from flask" not in text, f"{path.name}: a service knows no web"


def test_no_two_test_files_share_a_name() -> None:
    names = Counter(path.name for path in _sources("tests") if path.name != "conftest.py")
    twice = [name for name, times in names.items() if times > 1]
    assert not twice, f"two test files are called {twice}: the second would not be collected; rename one"
