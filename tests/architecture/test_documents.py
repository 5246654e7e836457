"""What the README says is there, is there; what is there, the README says."""

import re
from pathlib import Path

import pytest

from config import Settings
from tracker.cli import COMMANDS
from workflows.released import RELEASED, digests

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme_and_described(name: str) -> None:
    assert f"TRACKER_{name.upper()}" in README
    assert Settings.model_fields[name].description


def test_the_readme_names_no_setting_that_is_not_there() -> None:
    known = {name.upper() for name in Settings.model_fields} | {"ENV_FILE"}
    assert set(re.findall(r"TRACKER_([A-Z_]+)", README)) <= known


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert re.search(rf"`[^`]*\b{re.escape(name)}\b[^`]*`", README), f"`tracker {name}` is not in the README"


def test_the_readme_stays_short_and_its_files_exist() -> None:
    assert len(README.splitlines()) < 250
    for path in re.findall(r"`((?:tracker|workflows|tests|docs|migrations)/[\w./-]*)`", README):
        assert (ROOT / path).exists(), f"{path} is in the README and not in the tree"


@pytest.mark.parametrize("key", sorted(RELEASED))
def test_a_released_definition_never_changes(key: str) -> None:
    assert digests()[key] == RELEASED[key].digest, (
        f"{key} is released and open cases rely on it: a change of law is a new version"
    )


def test_every_decision_says_what_it_decided() -> None:
    numbers = []
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        numbers.append(int(path.name[:4]))
        assert "**Context.**" in text, path.name
        assert "**Decision.**" in text, path.name
    assert numbers == list(range(1, len(numbers) + 1))
