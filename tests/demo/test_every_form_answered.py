"""Every form of the demonstration as every role, answered until something is saved: nothing breaks on the way."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.answering import Answerer
from tests.browser.preparing import prepare
from tests.browser.servers import Tracker
from tests.browser.standing import Standing
from tests.demo.conftest import Loaded
from tests.demo.office import ROLES, office
from tests.demo.test_every_form import forms_of

pytestmark = pytest.mark.xdist_group("every answer")  # takes minutes: beside the other walks, not after them

SORTS = 1
"""Forms that ask the same at the same endpoint, of which each is answered: twice, with other answers."""
ELSEWHERE = {
    "test_first_page": ("account.choose_first_page",),
    "test_sign_in": ("account.change_password", "sign_in.enter"),
    "test_document_pages": ("documents.anonymised", "documents.scan"),
    "test_drafts": ("drafts.keep",),
    "test_letter_pages": ("letter_templates.back", "letter_templates.upload", "letters_outside.waiver"),
    "test_updates": (
        "links_out.agree",
        "links_out.end",
        "links_out.noted",
        "update_people.cover",
        "update_people.take_back",
        "update_people.tell",
        "updates.enter_code",
        "updates.fresh",
        "updates.save",
        "updates.send_code",
    ),
    "test_local_policies": ("local_policies.add", "local_policies.check"),
    "test_regime_page": ("regimes.change",),
    "test_people_pages": ("set_password.save",),
}
"""Where forms are tested that nothing is saved by here: they ask for a file, a password, a link from a mail, or a day as
the procedures write it."""


def _copy(source: Path, to: Path) -> None:
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(to)) as here:
        there.backup(here)


def test_every_form_answered_until_something_is_saved(fresh: Loaded, tmp_path: Path) -> None:
    database = fresh("monday")
    prepare(Standing(Tracker("", tmp_path), database))
    app = office(database)
    live, kept = Path(database.engine.url.database or ""), tmp_path / "kept.db"
    _copy(live, kept)
    wrong: list[str] = []
    saved: set[str] = set()
    for role in ROLES:
        answerers = [Answerer(app, f"{role}@herefordshire.example", turn) for turn in (0, 1)]
        for address, which in list(forms_of(app, role, SORTS)):
            for one in answerers:
                _copy(kept, live)
                one.fill_in(address, which)
        for one in answerers:
            wrong += [f"{role}: {each}" for each in one.wrong]
            saved |= one.saved
    taking = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    elsewhere = {endpoint for endpoints in ELSEWHERE.values() for endpoint in endpoints}
    assert not wrong, "\n".join(wrong)
    assert sorted(taking - saved) == sorted(elsewhere)
