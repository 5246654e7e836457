"""Two minutes before a session ends the page says so, and one button keeps it; ended, it says that nothing is lost."""

import pytest

from tests.browser.conftest import Somebody
from tests.browser.standing import Standing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_page_warns_before_it_signs_out(caller: Somebody, monday: Standing) -> None:
    with caller() as officer:
        officer.sign_in("officer@herefordshire.example")
        officer.page.clock.install()
        officer.open("/help")
        warning = officer.page.get_by_role("dialog", name="You will soon be signed out")
        officer.page.clock.fast_forward("16:30")
        assert not warning.is_visible()
        officer.page.clock.fast_forward("00:31")
        warning.wait_for()
        assert officer.faults() == []

        monday.forward(minutes=17)
        warning.get_by_role("button", name="Stay signed in").press("Enter")
        warning.wait_for(state="hidden")
        monday.forward(minutes=17)
        assert officer.open("/account") == 200, "34 minutes after signing in, 17 after the button"
        assert officer.heading == "Account"

        officer.page.clock.fast_forward("17:01")
        warning.wait_for()
        monday.forward(minutes=30)
        warning.get_by_role("button", name="Stay signed in").click()
        ended = officer.page.get_by_role("dialog", name="You are signed out")
        ended.get_by_text("what you have typed is kept").wait_for()
        assert officer.faults() == []
        ended.get_by_role("button", name="Back to the page").click()
        ended.wait_for(state="hidden")


def test_without_scripts_the_warning_is_not_in_the_way(caller: Somebody) -> None:
    with caller(scripts=False) as officer:
        officer.sign_in("officer@herefordshire.example")
        assert not officer.page.locator("#stay-signed-in").is_visible()
        officer.open("/account")
        assert "A session ends after 20 minutes without use" in officer.said()
