"""Every form of the demonstration as every role: sent as it was found, and with odd answers. Nothing breaks or is lost."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.browser.preparing import prepare
from tests.browser.servers import Tracker
from tests.browser.standing import Standing
from tests.browser.test_every_page import NAMED
from tests.crawling import Reader, endpoint_of
from tests.demo.conftest import Loaded
from tests.demo.office import ROLES, office
from tests.markup import Form, Markup, faults

pytestmark = pytest.mark.xdist_group("every link")  # the one demonstration is loaded once

ALIKE = 2
"""Forms that ask the same at the same endpoint, of which each is sent."""
ODD = "  Zo\u00eb \u202e\U0001f600 <b>\"'%_\\ 31 2 2026 -1 " + "9" * 40
"""No date, no number, no answer that was offered; an end for a tag, a letter that turns the line round."""
ANSWERED = {200, 204, 302, 303, 400, 403, 404, 409, 410, 413, 422, 429}
TYPED = {"text", "textarea", "search", "email", "tel", "url", "number"}


@pytest.mark.parametrize("role", ROLES)
def test_every_form_sent_empty_and_with_odd_answers(fresh: Loaded, tmp_path: Path, role: str) -> None:
    database = fresh("monday")
    prepare(Standing(Tracker("", tmp_path), database))
    app = office(database)
    forms = list(forms_of(app, role))
    if role == "manager":  # forms that stand on pages which no link of the demonstration leads to
        assert len({address for address, _ in forms} & set(NAMED[role])) > 8
    wrong: list[str] = []
    for address, which in forms:
        for answer in ("", ODD):
            wrong += _sent(app, role, address, which, answer)
    assert not wrong, "\n".join(wrong)


def forms_of(app: Flask, role: str, sorts: int = ALIKE) -> Iterator[tuple[str, int]]:
    """Where each form stands: the page, and which of its forms it is. All pages are read before any form is sent."""
    known: Counter[tuple[str, tuple[str, ...]]] = Counter()
    reader = Reader(app, f"{role}@herefordshire.example")
    for seen in reader.everything(*NAMED.get(role, ()), alike=ALIKE):
        if seen.response.mimetype != "text/html" or seen.response.status_code != 200:
            continue
        for which, form in enumerate(Markup(seen.response.text).forms):
            kind = endpoint_of(app, form.action, "POST"), form.names
            known[kind] += 1
            if form.method == "post" and known[kind] <= sorts:
                yield seen.address, which


def _sent(app: Flask, role: str, address: str, which: int, odd: str) -> list[str]:
    """What is wrong with the answer to one form; signed in anew, as one of the forms signs out."""
    reader = Reader(app, f"{role}@herefordshire.example")
    page = Markup(reader.open(address).response.text)
    if which >= len(page.forms):
        return []  # what was sent before has settled what it asked
    form = page.forms[which]
    data = form.untouched()
    typed = [
        each.name for each in form.fields if odd and each.kind not in {"hidden", "button", "submit", "file"}
    ]
    data |= {name: [odd] for name in typed}
    answer = reader.client.post(form.action, data=data)
    told = f"{address} to {form.action} {'odd' if odd else 'empty'}"
    if answer.status_code not in ANSWERED:
        return [f"{told}: {answer.status_code}"]
    if answer.status_code in {302, 303}:
        onward = reader.client.get(answer.headers["Location"], follow_redirects=True)
        return (
            [f"{told} leads to {answer.headers['Location']}: {onward.status_code}"]
            if onward.status_code >= 500
            else []
        )
    if answer.status_code == 204:
        return []  # done, and the page stays as it is
    return [f"{told} ({answer.status_code}): {fault}" for fault in _shown(answer, form, odd)]


def _shown(answer: TestResponse, form: Form, odd: str) -> list[str]:
    page = Markup(answer.text)
    wrong = faults(answer.text, page)
    again = next((each for each in page.forms if set(each.names) & set(form.names) - {"csrf_token"}), None)
    if answer.status_code != 422 or again is None:
        return wrong
    if not page.title.startswith("Error: "):
        wrong.append(f"the title is {page.title!r}")
    kept = {each.name: each.value or "" for each in again.fields}
    for each in form.fields:
        if odd and each.kind in TYPED and each.name in kept and kept[each.name].strip() != odd.strip():
            wrong.append(f"{each.name} is lost: {kept[each.name]!r}")
    return wrong
