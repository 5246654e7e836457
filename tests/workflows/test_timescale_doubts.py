"""Dates that the words around them deny, look back on or make the number of something: no date, and a question."""

import pytest

from workflows.timescales import Reading, read


def dates(reading: Reading) -> str:
    """Write the two dates as "2018-09-01 2018-09-30", a dash for none."""
    return f"{reading.earliest or '-'} {reading.latest or '-'}"


@pytest.mark.parametrize(
    "text",
    [
        *("Not April 2018", "Not in April 2018", "No longer April 2018", "not due until June 2018"),
        *("Cancelled April 2018", "April 2018 cancelled", "April 2018 - cancelled", "June 2018 (withdrawn)"),
        *(
            "Superseded June 2018",
            "never 1 June 2018",
            "wasn't 1/6/18",
            "except April 2018",
            "June 2018 (not May)",
        ),
        *("not within 3 months of 1 June 2018", "Not 2018/19", "Not April to June 2018", "not Q3 2018/19"),
    ],
)
def test_a_date_that_is_denied_is_none(text: str) -> None:
    reading = read(text)
    assert dates(reading) == "- -"
    assert "call it off" in (reading.question or "")


@pytest.mark.parametrize(
    "text",
    [
        *("Was due April 2018", "were due by April 2018", "Previously March 2018", "Formerly 1/6/18"),
        *("Originally due June 2018", "original date 1 June 2018", "June 2018 was the date", "ex June 2018"),
        *(
            "Began June 2016",
            "started in 2016",
            "launched 3 May 2016",
            "moved from March 2019",
            "missed June 2018",
        ),
    ],
)
def test_a_date_that_is_looked_back_on_is_none(text: str) -> None:
    reading = read(text)
    assert dates(reading) == "- -"
    assert "look back" in (reading.question or "")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1 in 2018 people",
            "2 of 2018 people",
            "page 12 of 2018",
            "page 2018",
            "v2018",
            "reduce to 1 in 2018 people",
        ),
        *(
            "v1.2.2018",
            "v 1.2.2018",
            "V. 1.2.18",
            "Version 1.5.18",
            "Version: 1.5.18",
            "r1.2.2018",
            "£1.5.18",
            "#1.5.18",
        ),
        *(
            "Ref 01/02/2018",
            "Ref. 12/2018",
            "No. 01/02/2018",
            "Case no. 12/2018",
            "section 1.2.2018",
            "p. 1.2.18",
        ),
        *("paragraph 1.2.2018", "12.5.2018.3", "9.12.5.2018", "1/6/2018/4", "item 2018/19"),
    ],
)
def test_the_number_of_something_is_no_date(text: str) -> None:
    reading = read(text)
    assert dates(reading) == "- -"
    assert (reading.question or "").endswith("?")


@pytest.mark.parametrize("text", ["?? 2018", "? June 2018", "(?) 1 June 2018"])
def test_a_question_mark_before_a_date_is_a_question(text: str) -> None:
    assert (dates(read(text)), read(text).question is None) == ("- -", False)


@pytest.mark.parametrize(
    "text", ["Began in 2016, ongoing", "Ongoing, began April 2016", "Ongoing since 2016"]
)
def test_the_start_of_what_goes_on_is_no_due_date(text: str) -> None:
    reading = read(text)
    assert (reading.kind, dates(reading), reading.condition) == ("ongoing", "- -", text)
    assert "no end date" in (reading.question or "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not before June 2018", "2018-06-01 -"),
        ("no later than June 2018", "- 2018-06-30"),
        ("not after June 2018", "- 2018-06-30"),
        ("June 2018 if not before", "- 2018-06-30"),
        ("Version 2 by June 2018", "- 2018-06-30"),
        ("Section 17 work by June 2018", "- 2018-06-30"),
        ("to be launched in June 2018", "2018-06-01 2018-06-30"),
        ("w.e.f.1/6/18", "2018-06-01 -"),
        ("1.6.2018.", "2018-06-01 2018-06-01"),
    ],
)
def test_such_words_further_off_take_no_date_away(text: str, expected: str) -> None:
    assert (dates(read(text)), read(text).question) == (expected, None)


def test_of_several_dates_one_that_is_denied_is_none() -> None:
    reading = read("Not April 2018, now June 2018")
    assert [dates(line) for line in reading.lines] == ["- -", "2018-06-01 2018-06-30"]
