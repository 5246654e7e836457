"""``tracker policies`` as a person at a shell sees it."""

import json
from pathlib import Path

import pytest

from tests.commands.shell import tracker

OWN = {
    "partnership": "south-worcestershire", "area": "worcester", "name": "Worcester 2027",
    "effective_from": "2027-01-01", "clocks": {"C5": {"n": 10, "unit": "working_days"}},
}  # fmt: skip


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'tracker.db'}"
    assert tracker("migrate", url=address).returncode == 0
    return address


def said(*words: str, url: str, given: str = "") -> str:
    done = tracker("policies", *words, url=url, given=given)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    return done.stdout.decode()


def refused(*words: str, url: str, given: str = "") -> str:
    done = tracker("policies", *words, url=url, given=given)
    assert (done.returncode, done.stdout) == (1, b""), done.stdout
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    return lines[0]


def test_the_packs_are_there_and_an_area_without_a_version_says_so(url: str) -> None:
    listed = json.loads(said("list", "--json", url=url))
    assert {each["partnership"] for each in listed} == {
        "herefordshire", "north-worcestershire", "south-worcestershire", "shropshire",
    }  # fmt: skip
    words = said("show", "herefordshire", "--on", "2026-11-22", url=url)
    assert "Acknowledge the application: within 5 working days of “Date the application was made”\n" in words
    assert "Or 1 hate incident within 6 months." in words
    assert refused("show", "telford-and-wrekin", "--on", "2026-11-22", url=url).startswith(
        "telford-and-wrekin has no"
    )


def test_an_import_rehearses_adds_and_comes_back_exactly(url: str, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps(OWN))
    before = said("list", url=url)
    assert said("import", str(file), "--dry-run", url=url).endswith("Nothing was changed.\n")
    assert said("list", url=url) == before
    assert "No date that is already running moves." in said("import", str(file), url=url)
    assert "Threshold decision told: within 10 working days" in said(
        "show", "south-worcestershire", "--area", "worcester", "--on", "2027-02-01", url=url
    )
    everything = said("export", "south-worcestershire", url=url)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert tracker("migrate", url=other).returncode == 0
    said("import", "-", url=other, given=everything)
    assert said("export", "south-worcestershire", url=other) == everything
    assert said("export", "south-worcestershire", "--area", "worcester", url=url) == said(
        "export", "south-worcestershire", "--area", "worcester", url=other
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rules": {"number": 4}}, "should not exceed three: explanatory notes to section 104(4)"),
        ({"area": "redditch"}, "Redditch is an area of another partnership"),
        ({"area": "", "effective_from": "2015-01-01", "effective_to": "2016-01-01"}, "The dates overlap"),
        ({"partnership": "atlantis"}, "There is no partnership 'atlantis'"),
        ({"clocks": {"C5": {"n": 3, "unit": "moons"}}}, "The unit must be one of"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_sentence_and_adds_nothing(url: str, wrong: dict[str, object], words: str) -> None:
    first = OWN | {"area": "wychavon", "name": "Fine"}
    before = said("list", url=url)
    done = tracker("policies", "import", "-", url=url, given=json.dumps([first, OWN | wrong]))
    assert done.returncode == 1
    assert words in done.stderr.decode()
    assert said("list", url=url) == before
