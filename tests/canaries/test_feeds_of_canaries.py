"""Every calendar file of the demonstration's people: no word of a case, no name, no reference of a restricted case."""

import pytest
from sqlmodel import select

from tests.canaries.conftest import AS_AT, House
from tests.canaries.planting import PATTERN
from tests.canaries.test_mails import PERSON
from tests.feeds.ics import read
from tracker import access
from tracker.models import Case, User
from tracker.queries.feed_entries import RESTRICTED, entries
from tracker.reports.calendar_file import calendar_file
from tracker.services.feeds import Chosen
from workflows.released import RELEASED

pytestmark = pytest.mark.xdist_group("canaries")  # the one demonstration is loaded once


def test_no_calendar_holds_a_word_of_a_case_or_a_persons_name(house: House) -> None:
    seen = set[str]()
    with house.database.reading() as session:
        people = session.exec(select(User)).all()
        hidden = session.exec(select(Case.reference).where(Case.sensitivity == "restricted")).all()
        for user in people:
            actor = access.actor_for(session, user, AS_AT)
            content = calendar_file(entries(session, actor, Chosen(), house.settings.base_url, at=AS_AT))
            text = content.decode().replace("\r\n ", "")
            assert not PATTERN.findall(text), user.email
            assert not PERSON.findall(text), "a pseudonym"
            assert not [reference for reference in hidden if reference in text], user.email
            assert not [each.name for each in people if each.name in text]
            for event in read(content).parts:
                seen.add(event.text("SUMMARY"))
    assert RESTRICTED in seen
    assert len(seen) > 50


def test_our_own_words_for_dates_say_no_cause() -> None:
    words = ("homicide", "death", "murder", "suicide", "violence", "abuse", "deceased", "perpetrator")
    office = "Domestic Abuse Commissioner"  # the name of a public body says nothing of anybody
    labels = {clock.label.replace(office, "") for workflow in RELEASED.values() for clock in workflow.clocks}
    assert labels
    assert not [label for label in labels if any(word in label.lower() for word in words)]
