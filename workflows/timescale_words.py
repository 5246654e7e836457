"""The words of timescales, in small letters and without dots; phrases are divided by a bar."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split("|"))


def _numbered(text: str, first: int) -> dict[str, int]:
    """Number the bars' divisions; every word of a division gets its number."""
    return {word: number for number, names in enumerate(text.split("|"), first) for word in names.split()}


MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MONTHS = {name.lower(): number for number, name in enumerate(MONTH_NAMES, 1)} | _numbered(
    "jan | feb | mar | apr | may | jun | jul | aug | sept sep | oct | nov | dec", 1
)
ALSO_OTHER_WORDS = _words("may march mar jan")
"""Months that are verbs or people too: without a number they need something that makes them a month."""

WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS = {name.lower(): number for number, name in enumerate(WEEKDAY_NAMES)} | _numbered(
    "mon | tue tues | wed weds | thu thur thurs | fri | sat | sun", 0
)

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
"""The first month of each: "spring 2023" is read as March to May."""

MOVEABLE = _words("easter whitsun eid ramadan diwali passover pentecost")
"""Feasts whose days differ from year to year."""

NUMBERS = _numbered("one a an|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve", 1) | {
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
}
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
UNITS = {
    name: unit
    for unit, names in (
        ("day", "day days"),
        ("week", "week weeks wk wks"),
        ("month", "month months mth mths"),
        ("year", "year years yr yrs"),
    )
    for name in names.split()
}

# What stands before a date.

BY = _phrases(
    "by | no later than | not later than | not after | on or before | until | till | til | up to | up until | up till"
    "| through to | through until | through | thru | to | latest | ending | at the latest by | running to | runs to"
)
BEFORE = _phrases("before | pre | prior to | ahead of | in advance of | earlier than")
FROM = _phrases(
    "from | with effect from | effective from | effective | wef | since | starting | commencing | as of"
    "| as from | not before | no earlier than | not earlier than | on or after | starting from | commencing from"
    "| starting in | commencing in | beginning in | starting on | commencing on | beginning on"
)
AFTER = _phrases("after | following | post | later than")
END = _phrases("end | end of | the end of | close of | the close of | last day of | last day in | month end")

ROUGHLY = _words(
    "around about approx approximately circa c ca roughly towards toward week est estimated nearly"
)
VAGUE = (
    ROUGHLY
    | _words(
        "early late later mid middle beginning start weeks weekend half halfway part latter soon next last first"
    )
    | _words("second third fourth working term academic school municipal")
    | frozenset(WEEKDAYS)
    | _phrases("day of | day in | days of | days in | run up to | lead up to")
)
"""These make the period after them smaller or less sure, without saying by how much."""

FILLERS = _words(
    "the of in on at during over for this month months period date dates due target deadline timescale timeframe when"
    " within throughout calendar year financial fy f/y as is be and or then between quarter cop cob noon midnight"
) | _phrases("close of play | close of business | close of day | end of play")
MOVED = _words(
    "revised moved extended slipped deferred delayed postponed changed rescheduled back forward amended put"
)
"""After these, "to June 2019" is the new date and not an end."""

STARTS = _words("commence start begin launch live commenced started launched begun")
"""A service that is to start "by July 2018" is read as starting in July: the paper elsewhere says so of its own line."""

BEFORE_YEAR = _words("in by during of from until till before after within throughout since end to over")
"""After these, a number of four digits is a year and not part of a name."""

DURING_YEAR = _words("in during throughout since")
"""After these, whatever follows."""

BEFORE_MONTH = _words(
    "in by from until till to end of during before after mid early late since due every each beginning start"
)
"""After these, "may" and "march" are months."""

COUNTED = _words(
    "phase stage action item section step part priority objective theme version no number tier level week wk cohort"
    " round tranche wave group goal year milestone appendix option recommendation rec task target outcome ref page"
)
"""A number after these counts something and is not a day: "Phase 2 June 2018"."""

NUMBERED = _words(
    "v ver vers version no nr ref reference p pp pg page pages sec section para paragraph clause volume vol"
    " appendix annex item figure fig table"
)
"""Straight before digits, these make them the number of something, even where they look like a date."""

# What takes a date back.

DENIED = _words(
    "not never nor except excluding excl cancelled canceled withdrawn superseded abandoned scrapped rejected"
    " void longer"
)
"""Anywhere beside a date, these may deny it: "no longer April 2018", "April 2018 - cancelled"."""

PAST = _words(
    "was were had previously previous formerly former originally original initially ex replaced replaces expired"
    " lapsed missed"
)
"""Anywhere beside a date, these look back on it: "was due April 2018"."""

BEGAN = _words("began begun started commenced launched")

# What stands after a date.

ONWARDS = _phrases("onwards | onward | and onwards | on | and beyond")
LATEST = _phrases("at the latest | latest | at latest | or before | or earlier | or sooner | if not before")
OPEN_ENDED = _words("ongoing present now date continuing continuous onwards")
EACH_YEAR = _words("every each annually annual yearly")

# What a text without a date can say.

UNSET = _words("tbc tbd tba")
TO_BE_SET = _phrases(
    "to be confirmed | to be agreed | to be determined | to be decided | to be advised | to be arranged | to be set"
)
UNCONFIRMED = UNSET | _words("provisional provisionally unconfirmed possibly hopefully likely")
NO_TIMESCALE = frozenset({""}) | _phrases(
    "n/a | na | none | nil | unknown | blank | no date | not set | not stated | not known | not applicable | to follow"
    "| x | xx | no timescale | not specified | no date set | not yet set | not yet agreed | not yet known"
    "| date required | awaiting date"
)
DONE = _phrases(
    "complete | completed | done | closed | achieved | finished | actioned | delivered | discharged | implemented"
    "| signed off | action complete | action completed | now complete | now completed | fully complete | all complete"
    "| work complete | work completed | task complete | all actions complete | complete and closed"
    "| completed and closed | completed and signed off | already complete | already done"
)
ONGOING = _words(
    "ongoing continuous continuously continual continually continue continues continuing continued quarterly monthly"
    " annually annual yearly weekly daily fortnightly termly biannual biannually biennial biennially bimonthly rolling"
    " regular regularly every each permanent permanently indefinite indefinitely recurring bau throughout"
)
EVENTS = _words(
    "after following once when upon pending subject dependent depending completion receipt until post within before"
    " prior meeting next"
)
"""Without a date, these say that something has to happen first."""
