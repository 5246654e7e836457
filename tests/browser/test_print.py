"""A restricted case on paper: marked on every sheet, every working open, nothing that can only be clicked."""

import unicodedata

import pytest

from tests.browser import pdf
from tests.browser.conftest import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_every_sheet_is_marked_and_every_working_is_there(visitor: Somebody) -> None:
    with visitor() as officer:
        officer.sign_in("officer@herefordshire.example")
        officer.open("/cases?type=dhr&sort=due")
        officer.go(officer.page.locator("tbody a.app-ref").first)
        reference = officer.heading
        officer.follow("Deadlines")
        workings = officer.page.locator(".app-sum li").all_text_contents()
        assert len(workings) > 8

        officer.page.emulate_media(media="print")
        for hidden in (
            ".app-nav",
            ".app-subnav",
            ".app-search",
            ".app-back",
            ".govuk-details__summary",
            ".app-footer",
        ):
            assert not any(found.is_visible() for found in officer.page.locator(hidden).all()), hidden
        officer.page.emulate_media(media="null")

        sheets = [
            unicodedata.normalize("NFKC", sheet)
            for sheet in pdf.sheets(officer.page.pdf(prefer_css_page_size=True))
        ]
        for number, sheet in enumerate(sheets, 1):
            assert f"{number}of{len(sheets)}" in sheet
            assert f"OFFICIAL-SENSITIVE{reference}" in sheet
            assert "byBusinessunitofficer." in sheet
        printed = "".join(sheets)
        for line in workings:
            assert _squeezed(line) in printed, line
        for words in ("Signout", "Howthisdatewasworkedout", "Recordasdone", "Skiptomaincontent"):
            assert words not in printed


def _squeezed(words: str) -> str:
    """Without blanks, as the words of a sheet come."""
    return "".join(unicodedata.normalize("NFKC", words).split())
