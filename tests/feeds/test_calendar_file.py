"""The calendar file against a reader of our own: whatever the words are, it says them and nothing is cut."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.ics import read
from tracker.queries.feed_entries import Entry
from tracker.reports.calendar_file import calendar_file

STAMP = datetime(2026, 11, 23, 9, 30, 5, tzinfo=UTC)


def entry(**changes: object) -> Entry:
    said: dict[str, object] = {
        "uid": "7d3c", "sequence": 2, "stamp": STAMP, "due_on": date(2026, 12, 31), "summary": "Due: HCSP-ASB-2026-014",
        "description": "First due", "url": "https://tracker.example/cases/HCSP-ASB-2026-014", "cancelled": False,
        "reference": "HCSP-ASB-2026-014",
    }  # fmt: skip
    return Entry(**{**said, **changes})  # type: ignore[arg-type]


def test_a_calendar_without_entries_is_one_still() -> None:
    calendar = read(calendar_file([]))
    assert calendar.name == "VCALENDAR"
    assert calendar["VERSION"].value == "2.0"
    assert calendar["METHOD"].value == "PUBLISH"
    assert calendar["REFRESH-INTERVAL"].parameters == {"VALUE": "DURATION"}
    assert calendar["REFRESH-INTERVAL"].value == calendar["X-PUBLISHED-TTL"].value == "PT6H"


@pytest.mark.parametrize(
    ("name", "parameters", "value"),
    [
        ("UID", {}, "7d3c"),
        ("DTSTAMP", {}, "20261123T093005Z"),
        ("SEQUENCE", {}, "2"),
        ("DTSTART", {"VALUE": "DATE"}, "20261231"),
        ("DTEND", {"VALUE": "DATE"}, "20270101"),
        ("TRANSP", {}, "TRANSPARENT"),
        ("CLASS", {}, "PRIVATE"),
        ("STATUS", {}, "CONFIRMED"),
        ("URL", {}, "https://tracker.example/cases/HCSP-ASB-2026-014"),
    ],
)
def test_an_entry_lasts_all_day_and_takes_nobodys_time(
    name: str, parameters: dict[str, str], value: str
) -> None:
    (event,) = read(calendar_file([entry()])).parts
    assert (event[name].parameters, event[name].value) == (parameters, value)
    assert event.parts == [], "no alarm"


def test_a_date_that_ended_is_cancelled() -> None:
    (event,) = read(calendar_file([entry(cancelled=True)])).parts
    assert event["STATUS"].value == "CANCELLED"


WORDS = st.text(st.characters(codec="utf-8"), max_size=200)
HARD = st.text(st.sampled_from(list(',;:\\"\n\r\t é€😀nN\x00\x1b')), max_size=200)


@given(
    st.lists(st.tuples(WORDS | HARD, WORDS | HARD, st.dates(date(1990, 1, 1), date(2100, 1, 1))), max_size=4)
)
def test_whatever_the_words_are_they_come_back(said: list[tuple[str, str, date]]) -> None:
    made = [entry(uid=f"u{n}", summary=a, description=b, due_on=on) for n, (a, b, on) in enumerate(said)]
    events = read(calendar_file(made)).parts
    assert [event.text("SUMMARY") for event in events] == [kept(a) for a, _, _ in said]
    assert [event.text("DESCRIPTION") for event in events] == [kept(b) for _, b, _ in said]
    assert [event["DTSTART"].value for event in events] == [f"{on:%Y%m%d}" for _, _, on in said]
    assert calendar_file(made) == calendar_file(made)


def kept(words: str) -> str:
    lines = words.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "/")
    return "".join(one for one in lines if one in "\n\t" or (ord(one) >= 32 and ord(one) != 127))
