"""Every list of the demonstration, narrowed by each choice of its filters: a whole page, and few questions of the database."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag

from tests.crawling import Reader, Seen, endpoint_of
from tests.demo.conftest import Loaded
from tests.demo.office import office
from tests.demo.test_every_link import MOST_QUERIES, NOT_LISTS
from tests.markup import Markup, faults
from tests.routes.filling import counting

pytestmark = pytest.mark.xdist_group("every link")  # the one demonstration is loaded once

ROLES = ("manager", "lead", "admin")
"""Who between them meet every filter."""
TYPED = ("police", "%' _", "31 2 2026", " ")


@pytest.mark.parametrize("role", ROLES)
def test_every_choice_of_every_filter_is_a_whole_page(fresh: Loaded, role: str) -> None:
    database = fresh("monday")
    app = office(database)
    reader = Reader(app, f"{role}@herefordshire.example")
    wrong: list[str] = []
    with counting(database) as asked:
        app.before_request(asked.clear)  # after the door, which asks who is there
        narrowed = dict.fromkeys(href for seen in reader.everything(alike=1) for href in _choices(seen))
        for address in narrowed:
            seen = reader.open(address)
            queries, answer = len(asked), seen.response
            if answer.status_code not in {200, 302, 404, 422}:
                wrong.append(f"{address}: {answer.status_code}")
            elif answer.status_code == 200 and answer.mimetype == "text/html":
                wrong += [f"{address}: {fault}" for fault in faults(answer.text, Markup(answer.text))]
                if queries > MOST_QUERIES and endpoint_of(app, address) not in NOT_LISTS:
                    wrong.append(f"{address} asks {queries} queries")
    assert len(narrowed) > {"manager": 100}.get(role, 4)
    assert not wrong, "\n".join(wrong)


def _choices(seen: Seen) -> Iterator[str]:
    """The addresses to which the forms of a page that only look lead, one answer at a time."""
    if seen.response.mimetype != "text/html" or seen.response.status_code != 200:
        return
    for form in BeautifulSoup(seen.response.text, "html.parser").select("main form"):
        if str(form.get("method", "get")).lower() == "get":
            action = str(form.get("action") or seen.address).partition("#")[0].partition("?")[0]
            for field in form.select("select, input:not([type=hidden])"):
                if name := field.get("name"):
                    yield from (f"{action}?{urlencode({str(name): value})}" for value in _values(field))


def _values(field: Tag) -> tuple[str, ...]:
    if field.name == "select":
        return tuple(str(option.get("value", "")) for option in field.select("option"))
    if field.get("type") in {"radio", "checkbox"}:
        return (str(field.get("value", "on")),)
    return TYPED
