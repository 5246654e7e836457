"""Reading timescales: the real strings of the papers, and every other form that plans are known to use."""

import csv
from datetime import date
from pathlib import Path

import pytest

from workflows.timescales import Kind, Reading, read

GOLDEN = Path(__file__).parents[1] / "data" / "fuzzy_timescales_golden.csv"
GOLDEN_KINDS = {
    "date+condition": Kind.MONTH,  # "Service to commence by July 2018": a month with a condition
    "month": Kind.MONTH,
    "month+event": Kind.MONTH,
    "month (after plan end)": Kind.MONTH,
    "until month": Kind.MONTH,  # no earliest day
    "from month": Kind.MONTH,  # no latest day
    "from day": Kind.DAY,  # no latest day
    "financial year": Kind.FINANCIAL_YEAR,
    "financial quarter": Kind.QUARTER,
    "year": Kind.YEAR,
    "day": Kind.DAY,
    "season": Kind.SEASON,
    "range": Kind.RANGE,
    "unparseable": Kind.UNREADABLE,
}
"""What the kinds of the papers' table are called here."""

CONDITIONS = {"Service to commence by", "New CTLP", "due to expire"}
"""The qualifiers of the table that say more than which side of the date is open."""


def golden() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dates(reading: Reading) -> str:
    """Write the two dates as "2018-09-01 2018-09-30", a dash for none."""
    return f"{reading.earliest or '-'} {reading.latest or '-'}"


@pytest.mark.parametrize("row", golden(), ids=lambda row: row["text_verbatim"])
def test_the_papers_own_words(row: dict[str, str]) -> None:
    reading = read(row["text_verbatim"])
    assert dates(reading) == f"{row['expected_earliest'] or '-'} {row['expected_latest'] or '-'}"
    assert reading.kind is GOLDEN_KINDS[row["expected_kind"]]
    assert reading.condition == (row["qualifier"] if row["qualifier"] in CONDITIONS else None)
    assert (reading.question is None) is (reading.kind is not Kind.UNREADABLE)


READ = """
day            2018-06-01 2018-06-01  1st June 2018 | 1 June 2018 | 1 Jun 18 | 1-Jun-18 | 1/6/18 | 01.06.2018
day            2018-06-01 2018-06-01  June 1, 2018 | June 1st 2018 | Friday 1 June 2018 | Fri, 1st of June, 2018 | 01-06-2018
day            2018-06-01 2018-06-01  2018-06-01 | 2018-06-01 00:00:00 | 2018-06-01T09:30:00Z | 1.June 2018 | 1/June/2018
day            2018-06-01 2018-06-01  1ˢᵗ June 2018 | １ June ２０１８ | 1\u00a0June\u00a02018 | 1 st June 2018 | 1 June ’18
day            2020-02-29 2020-02-29  29 Feb 2020 | 29/02/2020
day            2019-03-31 2019-03-31  31/03/2019 | 31.3.19 | end of March 2019 | End March 2019 | the end of Mar-19
day            2018-12-25 2018-12-25  Christmas Day 2018
day            - 2018-06-01           by 5pm on Friday 1 June 2018 | by close of play Friday 1 June 2018 | by 1 June 2018 | no later than 1 June 2018 | 1 June 2018 at the latest
day            - 2019-03-31           by end March 2019 | by the end of March 2019 | before the end of March 2019 | until end of March 2019
day            - 2018-05-31           before 1 June 2018 | prior to 1st June 2018 | pre 1/6/18
day            2018-06-02 -           after 1 June 2018
day            2018-06-01 -           with effect from 1 June 2018 | w.e.f. 1/6/18 | 1 June 2018 onwards | not before 1 June 2018
day            2018-12-31 2018-12-31  end of 2018 | End of Q3 2018/19
day            2019-03-31 2019-03-31  end of 2018/19 | end of Q4 2018/19 | end of financial year 2018/19
month          2018-09-01 2018-09-30  Sept 2018 | September 2018 | Sept. 2018 | Sep-18 | September 18 | Sep ’18 | Sep/18
month          2018-09-01 2018-09-30  09/2018 | 2018-09 | 2018 September | in September 2018 | SEPTEMBER, 2018 | Sept2018
month          2018-12-01 2018-12-31  Dec-18 | 12/2018 | 2018-12 | during December 2018 | Target: December 2018
month          - 2018-07-31           by July 2018 | Due by July 2018 | until July 2018 | to July 2018 | up to July 2018
month          - 2018-06-30           before July 2018
month          2018-08-01 -           after July 2018
month          2018-07-01 -           from July 2018 | July 2018 onwards | since July 2018 | starting July 2018
quarter        2018-10-01 2018-12-31  Q3 2018/19 | Q3 18/19 | Qtr 3 2018-19 | 2018/19 Q3 | third quarter of 2018/19
quarter        2018-10-01 2018-12-31  Q3 (2018/19) | 3rd quarter 2018/2019 | Q3 FY18/19
quarter        2014-01-01 2014-03-31  Q4 13-14 | quarter 4 2013/14
quarter        - 2018-12-31           by Q3 2018/19
season         2018-06-01 2018-08-31  summer 2018 | Summer ’18
season         2018-09-01 2018-11-30  Autumn 2018 | in the autumn of 2018
season         2018-12-01 2019-02-28  winter 2018/19
season         2019-12-01 2020-02-29  winter 2019-20
year           2018-01-01 2018-12-31  2018 | in 2018 | during 2018 | calendar year 2018
year           - 2018-12-31           by 2018
financial_year 2018-04-01 2019-03-31  2018/19 | 2018-19 | 2018/2019 | 2018-2019 | FY 2018/19 | FY18/19 | 18/19 | 2018 – 19
financial_year 2018-04-01 2019-03-31  in 2018/19 | throughout 2018/19 | financial year 2018/19 | FY: 2018/19
financial_year 2011-04-01 2012-03-31  2011/12 | 2011 - 12 | FY 2011-12
range          2018-04-01 2018-06-30  April - June 2018 | April to June 2018 | Apr–Jun 2018 | between April and June 2018
range          2018-04-01 2019-03-31  from April 2018 to March 2019 | 01/04/2018-31/03/2019 | 01.04.18 - 31.03.19 | Apr-18 to end Mar-19
range          2018-06-04 2018-06-08  4th-8th June 2018 | 4 to 8 June 2018 | 4/6/18 - 8/6/18 | Monday 4 to Friday 8 June 2018
range          2018-05-28 2018-06-01  28 May - 1 June 2018
range          2018-06-04 2018-06-10  week commencing 4 June 2018 | w/c 4.6.18 | w/c Monday 4 June 2018 | week beginning 4/6/18
range          2018-06-02 2018-06-08  week ending 8 June 2018 | w/e 8/6/18
range          2018-04-01 2018-09-30  Q1-Q2 2018/19 | Q1 to Q2 2018/19
range          2018-04-01 2021-03-31  2018/19 to 2020/21 | 2018/19 - 2020/21 | 2018-21
range          2018-06-01 2018-07-31  June/July 2018
relative       - 2018-09-01           within 3 months of 1 June 2018 | 3 months from 01/06/2018
relative       - 2018-06-15           two weeks after 1 June 2018 | within 14 days of 1 June 2018 | 14 calendar days from 1 June 2018
relative       - 2018-07-02           thirty-one days after 1 June 2018 | within 31 (thirty-one) days of 1 June 2018
relative       - 2018-07-13           6 (six) weeks after 1 June 2018 | 6 weeks' notice from 1 June 2018 | 6-week time from 1 June 2018
season         2017-12-24 2018-01-01  Christmas period, 2017 | Xmas period 2017/18
quarter        2018-10-01 2018-12-31  Q3 of the financial year 2018/19
range          2018-04-01 2019-03-31  April 2018 through to March 2019
range          2018-06-04 2018-06-10  w/c: 4 June 2018
done           2018-05-01 2018-05-31  Completed May 2018 | Done - May 2018 | Completed in May 2018 | Complete (May 2018)
done           2018-05-03 2018-05-03  Closed 3/5/18
"""


def table(text: str) -> list[tuple[str, str, str]]:
    rows = []
    for line in text.strip().splitlines():
        kind, first, last, texts = line.split(maxsplit=3)
        rows += [
            (text.encode().decode("unicode_escape") if "\\u" in text else text, kind, f"{first} {last}")
            for text in texts.split(" | ")
        ]
    return rows


@pytest.mark.parametrize(("text", "kind", "expected"), table(READ))
def test_forms_that_can_be_read(text: str, kind: str, expected: str) -> None:
    reading = read(text)
    assert (reading.kind, dates(reading)) == (kind, expected)
    assert reading.question is None
    assert reading.lines == ()


@pytest.mark.parametrize(
    ("text", "condition", "expected"),
    [
        ("launch planned for July 2018", "launch planned for", "2018-07-01 2018-07-31"),
        ("Review in March 2019", "Review in", "2019-03-01 2019-03-31"),
        ("June 2018 then every 6 months", "then every 6 months", "2018-06-01 2018-06-30"),
        ("Service to start July 2018 (New CTLP)", "Service to start; New CTLP", "2018-07-01 2018-07-31"),
        ("to be completed by March 2019", "to be completed by", "- 2019-03-31"),
        ("Completed by May 2018", "Completed by", "- 2018-05-31"),
        ("Service to commence by 1 July 2018", "Service to commence by", "- 2018-07-01"),
        ("Ongoing to March 2019", "Ongoing to", "- 2019-03-31"),
        ("June 2018 - ongoing", "ongoing", "2018-06-01 -"),
        ("April 2018 to present", "to present", "2018-04-01 -"),
        ("revised date: June 2019", "revised date", "2019-06-01 2019-06-30"),
        ("revised to June 2019", "revised to", "2019-06-01 2019-06-30"),
        ("12 months (June 2019)", "12 months", "2019-06-01 2019-06-30"),
        ("Easter Monday 2 April 2018", "Easter", "2018-04-02 2018-04-02"),
        ("Phase 1st June 2018", "Phase", "2018-06-01 2018-06-01"),
        ("Phase 2: June 2018", "Phase 2", "2018-06-01 2018-06-30"),
        ("Care Act 2014 guidance by June 2018", "Care Act 2014 guidance by", "- 2018-06-30"),
        ("Launch in 2018", "Launch in", "2018-01-01 2018-12-31"),
        ("in 2014 the partnership will agree it", "the partnership will agree it", "2014-01-01 2014-12-31"),
        ("Year 1 (2018/19)", "Year 1", "2018-04-01 2019-03-31"),
        ("Service to\ncommence by\nJuly 2018", "Service to commence by", "2018-07-01 2018-07-31"),
    ],
)
def test_what_else_is_said_is_the_condition(text: str, condition: str, expected: str) -> None:
    reading = read(text)
    assert (reading.condition, dates(reading), reading.question) == (condition, expected, None)


def test_a_date_that_is_not_confirmed_is_read_and_asked_about() -> None:
    for text in ("June 2018 (TBC)", "June 2018?", "June 2018 - to be confirmed", "provisionally June 2018"):
        reading = read(text)
        assert dates(reading) == "2018-06-01 2018-06-30"
        assert reading.question == "June 2018 is not confirmed. Is it agreed?"


ASKED = """
day            31 September 2018 | 30 February 2019 | 29/02/2019 | 31/04/2019 | 0 June 2018 | 32 June 2018
day            03/25/2019 | 0/13/2018 | 2019-31-03 | 1/6/018 | 1 June 118
day            Monday 1 June 2018 | Fri 31 May 2018 | 1. June 2018 | Phase 2 June 2018 | week 1 June 2018
day            1 June | 1st June | before 1 June | June 1st | 43312 | 43312.0
day            end of plan | end of the plan | year end | end of year | end of the year | year-end | year ending March 2019
month          June | by June | May | March | in May | June 20118 | 13/2018 | March 31 | Sept 30 | June 31 | Nov 05 | Beginning of April 2018
month          mid June 2018 | mid-June 2018 | early June 2018 | late June 2018 | start of June 2018 | around June 2018
month          first week of June 2018 | last Friday in June 2018 | last working day of March 2019 | c. June 2018
quarter        Q3 2018 | Quarter 2 | Q2 | Q5 2018/19
season         Spring | by Spring | winter 2018 | Easter 2019 | Christmas 2017 | by Christmas 2018 | autumn term 2018
season         summer 2018/19
year           early 2019 | late 2018 | mid 2018 | Care Act 2014 | second half of 2018
financial_year FY18 | financial year 2018 | end of financial year | this financial year | academic year 2018/19
range          2017-2020 | 2023 to 2028 | June 2019 to March 2019 | November to February 2019 | end March - end June 2018
range          Strategy 2018-21 refresh | w/c 4 June | life of the plan | w/c 31 June 2018
relative       within 3 months of publication | 6 months from sign-off | 6 months | within 28 days | in 2 weeks | 3-6 months
day            a few weeks after 1 June 2018 | several months before 1/6/18 | some days prior to 1 June 2018 | days of 1 June 2018
relative       within 10 clear days of 1 June 2018 | 10 business days from 1 June 2018
month          a few months from June 2018
range          April 2018 - June 2018 - July 2018 | 2018 - June 2019 | w/c 4/13/18
range          01/06-2018 | 1/6 - 8/6/18
day            2018 June 5
day            plan end date | financial year end 2019 | 2018/2019/2020
quarter        2018 Q2
season         by Xmas
unreadable     w/c the board
month          June or 2018
unreadable     2018-2018 | 2018/2017
relative       end of the strategy | 6 months' time
relative       within 3 months of June 2018 | 2 weeks before 1 June 2018 | once funding is agreed | after the inquest
relative       on publication | on completion of the audit | subject to funding | next board meeting | 12 month pilot
month          18 - May 2018 | 18 - June
relative       20 working days from 1 June 2018 | three years
ongoing        ongoing | on-going | On going | continuous | continue to monitor | quarterly | monthly | annually | every 6 months
ongoing        Annual | 6 monthly | every June | annually in March | once a month, continuing | Quarterly reports | BAU
done           complete | Completed | Done | closed | Signed off | Complete. | May 2018 (completed) | 3/5/18 - done
none           TBC | tbc | T.B.C. | n/a | N/A | - | – | ... | ? | TBD | to be confirmed | Date TBC | None | not set
unreadable     in the future | over the coming year | ASAP | a.s.a.p. | immediately | not complete | short term | Wk 3 | Friday
unreadable     07/11 | 7.11 | 31/03 | 12/13 | 24/7 | 2011-12 | 2008-09 | 20180601 | 30th | 12 | 5pm | Febuary 2019 | May be reviewed
unreadable     Reduce by 20% | 100 people | as appropriate | Januray 18 | Phase 1.2 | £2018 | ३१ मार्च
"""


def asked() -> list[tuple[str, str]]:
    return [
        (text, line.split()[0])
        for line in ASKED.strip().splitlines()
        for text in line.split(maxsplit=1)[1].split(" | ")
    ]


@pytest.mark.parametrize(("text", "kind"), [*asked(), ("", "none"), ("  \n ", "none"), ("\u200b", "none")])
def test_where_there_is_doubt_there_is_a_question_and_no_date(text: str, kind: str) -> None:
    reading = read(text)
    assert (reading.kind, dates(reading)) == (kind, "- -")
    assert reading.question is not None
    assert reading.question.endswith("?")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31 September 2018", "September 2018 has 30 days"),
        ("03/25/2019", "there is no month 25"),
        ("Monday 1 June 2018", "1 June 2018 is a Friday, not a Monday"),
        ("43312", "Tuesday 31 July 2018"),
        ("2011-12", "December 2011, or the years 2011 to 2012"),
        ("June", "Which year is June in?"),
        ("FY18", "April 2017, or in April 2018"),
        ("Febuary 2019", "Is February meant?"),
        ("within 3 months of publication", "Which date is this: within 3 months of publication?"),
        ("6 months from sign-off", "Which date is this: 6 months from sign-off?"),
    ],
)
def test_the_question_says_what_to_ask(text: str, words: str) -> None:
    assert words in (read(text).question or "")


def test_a_two_digit_year_is_of_this_century() -> None:
    assert read("1/6/99").latest == date(2099, 6, 1)


def test_a_long_list_is_read_to_its_end() -> None:
    text = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 June 2018"
    assert read(text).latest is None
    assert read(text).question is not None
