"""Finding the pages, without a window: whatever links lead to, and of the pages of one endpoint the fullest."""

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask import Flask

from tests.crawling import Reader, Seen, endpoint_of
from tests.markup import Markup


def pages_of(app: Flask, reader: Reader, *first: str, note: Callable[[Seen], object]) -> dict[str, str]:
    """The fullest page that somebody can reach of each endpoint. ``note`` is told of every other answer."""
    found: dict[str, tuple[int, str]] = {}
    for seen in reader.everything(*first, alike=1):
        if is_page(seen):
            full = len(_parts(seen.response.text)), seen.address
            endpoint = endpoint_of(app, seen.address)
            found[endpoint] = max(found.get(endpoint, full), full)
        else:
            note(seen)
    return {endpoint: address for endpoint, (_, address) in found.items()}


def is_page(seen: Seen) -> bool:
    """It is shown in the window, and not kept as a file."""
    kept = "attachment" in seen.response.headers.get("Content-Disposition", "")
    return seen.response.status_code == 200 and seen.response.mimetype == "text/html" and not kept


def refusing(app: Flask, reader: Reader, address: str) -> dict[str, int]:
    """The forms of a page that say what is missing when they are sent as found: endpoint, and which form it is.

    Give it a reader of another copy: what is not refused is done.
    """
    found: dict[str, int] = {}
    for which, form in enumerate(Markup(reader.open(address).response.text).forms):
        if form.method != "post" or form.action.startswith("/sign-out"):
            continue
        answer = reader.client.post(form.action, data=form.untouched())
        if answer.status_code == 422:
            found.setdefault(endpoint_of(app, form.action, "POST"), which)
        elif answer.status_code < 400:
            break  # done: the page is another one now
    return found


def _parts(text: str) -> set[str]:
    """The sorts of elements in the main part: the more there are, the more of its template is shown."""
    main = BeautifulSoup(text, "html.parser").select_one("main")
    sorts = main.find_all(True) if main else []
    return {
        f"{tag.name} {' '.join(tag.get_attribute_list('class'))}" for tag in sorts if tag.has_attr("class")
    }
