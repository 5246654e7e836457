"""What the browser is given carries nothing that belongs to GOV.UK alone, and loads no font."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "tracker" / "static"
FORBIDDEN = re.compile(
    r"GDS Transport|govuk-crest|crown(?! copyright)|logotype|@font-face|\.woff|@import", re.IGNORECASE
)


@pytest.mark.parametrize(
    "path", sorted(path for path in STATIC.rglob("*") if path.is_file()), ids=lambda path: path.name
)
def test_a_static_file_has_no_font_no_crest_and_no_crown(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text("utf-8")) == []


def test_there_is_no_picture_but_our_own_mark() -> None:
    kinds = {path.suffix for path in STATIC.rglob("*") if path.is_file()}
    assert kinds == {".css", ".js", ".svg", ".txt"}
    assert [path.name for path in STATIC.rglob("*.svg")] == ["favicon.svg"]
