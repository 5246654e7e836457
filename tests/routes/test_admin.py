"""The Admin section: the administrator's home, its pages, and nobody else's."""

import pytest

from tests.cast import Cast
from tests.routes.browse import Browser, soup
from tests.routes.filling import words
from tests.routes.pages import visit


def test_an_administrator_comes_home_to_admin(browse: Browser, settled: Cast) -> None:
    browse.as_("admin")
    assert browse.open("/").location == "/admin"
    page = visit(browse, "/admin")
    assert page.heading == "Admin"
    assert [words(one) for one in soup(page.response).select("header nav a")] == ["Admin"]
    names = [words(one) for one in page.soup.select("nav[aria-label=Admin] a")]
    assert {"Names of things", "Partnerships and areas", "Local timings"} <= set(names)
    for address in [str(one["href"]) for one in page.soup.select("main a")]:
        there = visit(browse, address)
        assert there.status == 200, address
        assert [words(one) for one in there.soup.select("nav[aria-label=Admin] a")] == names
        assert there.soup.select_one("nav[aria-label=Admin] a[aria-current=page]")["href"] == address


@pytest.mark.parametrize("who", ["officer", "manager", "chair", "lead", "panel"])
def test_admin_is_for_administrators(browse: Browser, settled: Cast, who: str) -> None:
    assert browse.as_(who).open("/admin").status_code == 403
    home = browse.client.get("/account", buffered=True)
    assert "Admin" not in [words(one) for one in soup(home).select("header nav a")]


def test_a_manager_finds_the_names_without_the_admin_navigation(browse: Browser, settled: Cast) -> None:
    assert visit(browse.as_("manager"), "/names").soup.select("nav[aria-label=Admin]") == []
