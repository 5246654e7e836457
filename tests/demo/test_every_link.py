"""The demonstration as every role: every link leads somewhere, and every page keeps the rules of all pages."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from tests.crawling import Reader, endpoint_of
from tests.demo.conftest import Loaded
from tests.demo.office import ROLES, office
from tests.markup import Markup, faults
from tests.routes.filling import counting
from tracker.db import Database

pytestmark = pytest.mark.xdist_group("every link")  # the one demonstration is loaded once

ALIKE = 3
"""Pages of one shape that are opened as one role; of the others' addresses it is known that a page answers them."""
MOST_QUERIES = 12
"""What a list may ask of the database, besides who is at the door."""
MOST_OF_ONE = 60
"""What the page of one case, one date or one letter may ask: every part of it once."""
NOT_LISTS = {
    "board_pack.show": "a report of eight sections, each of them asked once",
    "figures.show": "every number that is published, with what stands behind it",
}
OF_ONE = {"reference", "key", "kind"}
"""Pages with these in their address are about one case, one link or one file, and no lists."""


@pytest.mark.parametrize("role", ROLES)
def test_every_link_leads_to_a_whole_page(fresh: Loaded, role: str) -> None:
    database = fresh("monday")
    app = office(database)
    wrong, leads, ids = _walk(app, database, role)
    wrong += [f"{page} links to {to}: no such place on it" for page, to in _lost(leads, ids)]
    assert not wrong, "\n".join(wrong)


def _walk(app: Flask, database: Database, role: str) -> tuple[list[str], dict[str, str], dict[str, set[str]]]:
    reader = Reader(app, f"{role}@herefordshire.example")
    wrong: list[str] = []
    leads: dict[str, str] = {}
    ids: dict[str, set[str]] = {}
    linked: dict[str, str] = {"/": "nowhere"}
    with counting(database) as asked:
        app.before_request(asked.clear)  # after the door, which asks who is there
        for seen in reader.everything(alike=ALIKE):
            queries, answer = len(asked), seen.response
            if answer.status_code >= 400:
                known = (
                    None if answer.status_code == 422 else linked.get(seen.address)
                )  # a search without words
                if known is not None or (answer.status_code >= 500 and seen.address != "/health"):
                    wrong.append(f"{known} links to {seen.address}: {answer.status_code}")
                continue
            linked.setdefault(answer.headers.get("Location", ""), seen.address)
            if (
                answer.mimetype != "text/html"
                or answer.status_code != 200
                or "attachment" in str(answer.headers)
            ):
                continue
            page = Markup(answer.text)
            wrong += [f"{seen.address}: {fault}" for fault in faults(answer.text, page)]
            ids[seen.address] = set(page.ids)
            leads |= {urljoin(seen.address, href): seen.address for href in page.links}
            asking = (form.action.partition("#")[0] for form in page.forms if form.method == "get")
            for href in {*(each.partition("#")[0] for each in leads), *asking} - set(linked):
                linked[href] = seen.address
                if href.startswith("/") and not endpoint_of(app, href):
                    wrong.append(f"{seen.address} links to {href}: nothing answers there")
            if queries > MOST_QUERIES and page.tables and _is_of_many(app, seen.address):
                wrong.append(f"{seen.address} asks {queries} queries")
            if queries > MOST_OF_ONE and not _is_of_many(app, seen.address):
                wrong.append(f"{seen.address} asks {queries} queries of one")
    return wrong, leads, ids


def _is_of_many(app: Flask, address: str) -> bool:
    endpoint = endpoint_of(app, address)
    return endpoint not in NOT_LISTS and not any(
        rule.arguments & OF_ONE for rule in app.url_map.iter_rules(endpoint)
    )


def _lost(leads: dict[str, str], ids: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Links to a place on another page that has no such place."""
    found = []
    for href, page in leads.items():
        address, _, place = href.partition("#")
        if place and not urlsplit(href).netloc and address in ids and place not in ids[address]:
            found.append((page, href))
    return found
