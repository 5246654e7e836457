"""Invented ASB case reviews: one or more in every state, in Herefordshire and in the Worcestershire districts."""

from collections.abc import Iterator, Mapping

from tracker.demo.answers_asb import ASB_ANSWERS
from tracker.demo.beats import (
    LOG,
    TODAY,
    Beat,
    Given,
    Off,
    Rhythm,
    Story,
    done,
    moved,
    note,
    opened,
    step,
    until,
)
from tracker.demo.beside import BESIDE
from tracker.demo.on_applications import THREE, TWO, assess_harm, pass_on, told
from tracker.demo.people import HEREFORDSHIRE, NORTH, SOUTH

_START = (
    step(LOG, 0),
    step("submit", 0),
    done(0, told(THREE)),
    note(1, safeguarding_looked_on=TODAY, safeguarding_note="No further concern was found."),
    done(1, pass_on),
    step("acknowledge", 2),
)
_CHECK = (
    *_START,
    step("start_check", 1),
    opened(0, "information_request:agency_return", each="information_requests"),
    moved(7, "information_request:agency_return", "submit_return", each="information_requests"),
    moved(8, "information_request:agency_return", "accept", each="information_requests"),
)
_MET = (
    *_CHECK,
    step("decide_met", 9, bodies_consulted_on=Off(-2)),
    step("notify_met", 1),
    step("schedule_review", 8),
    note(3, papers_sent_on=TODAY),
    opened(8, "recommendation:local"),
    step("hold_review", 9),
    step("notify_outcome", 6),
    step("start_monitoring", 2),
    moved(9, "recommendation:local", "reply_accept"),
    note(19, dissatisfaction_window_over_on=Off(-1)),
    step("close_case", 44),
)
_FEWER = tuple(beat for beat in _CHECK if beat.act is None or beat.act is pass_on)
_NOT_MET = (
    *_FEWER,
    done(1, told(TWO)),
    done(3, assess_harm),
    step(
        "decide_not_met",
        9,
        bodies_consulted_on=Off(-2),
        decision_route="discretionary",
        decision_reasons="Two qualifying incidents; the area's number is three. The findings do not call for a review.",
    ),
    step("notify_not_met", 2),
    note(21, dissatisfaction_window_over_on=Off(-1)),
    step("close_case", 24),
)
_WAITING = (*_START, step("request_authority", 2))

_IN_TOUCH = Rhythm("last_contact_on", 17, "acknowledge", 4)
_CHECKED_IN = Rhythm("check_in_on", 37, "start_monitoring", 18)


def asb_stories() -> Iterator[Story]:
    """Every invented case review; what is said of each is its area and how long it has stood where it is."""
    here = HEREFORDSHIRE
    yield _story("asb-draft", here, _START[:1], since=3)
    yield _story("asb-received", here, until(_START, "submit"), since=1, skip=("pass_on",))
    yield _story("asb-acknowledged", here, _START, since=1)
    yield _story("asb-authority", here, _WAITING, since=4)
    yield _story("asb-check", here, until(_CHECK, "start_check"), since=8)
    yield _story(
        "asb-check-late",
        here,
        until(_CHECK, "start_check"),
        since=11,
        skip=("information_request:agency_return@west-mercia-police",),
    )
    yield _story("asb-met", here, until(_MET, "decide_met"), since=1)
    yield _story("asb-told-not-met", here, until(_NOT_MET, "notify_not_met"), since=6)
    yield _story("asb-scheduled", here, until(_MET, "schedule_review"), since=4, gaps={"schedule_review": 5})
    yield _story("asb-held", here, until(_MET, "hold_review"), since=4)
    yield _story("asb-outcome", here, until(_MET, "notify_outcome"), since=1)
    yield _story("asb-following", here, until(_MET, "start_monitoring"), since=24)
    yield _story("asb-following-long", here, until(_MET, "start_monitoring"), since=58)
    yield _story("asb-closed", here, _MET, since=25)
    yield _story("asb-closed-not-met", here, _NOT_MET, since=60)
    yield _story("asb-withdrawn", here, (*_START, step("withdraw", 6)), since=30)
    yield _story(
        "asb-misdirected",
        here,
        (*until(_START, "submit"), step("mark_misdirected", 3)),
        since=18,
        manager_reason="A first report: passed on to the noise team, and the resident was told.",
    )
    yield _story(
        "asb-n-check",
        NORTH,
        until(_CHECK, "start_check"),
        since=12,
        area="redditch",
        skip=("information_request:agency_return@worcestershire-county-council-public-health",),
    )
    yield _story(
        "asb-n-merged",
        NORTH,
        (*until(_START, "submit"), step("merge", 2)),
        since=5,
        area="redditch",
        surviving_case=lambda told: told.reference_of("asb-n-check"),
    )
    yield _story("asb-n-not-met", NORTH, until(_NOT_MET, "decide_not_met"), since=1, area="bromsgrove")
    yield _story(
        "asb-n-given-up", NORTH, (*_WAITING, step("give_up_authority", 12)), since=22, area="wyre-forest"
    )
    yield _story("asb-n-following", NORTH, until(_MET, "start_monitoring"), since=30, area="wyre-forest")
    yield _story(
        "asb-s-received",
        SOUTH,
        until(_START, "submit"),
        since=2,
        area="worcester",
        skip=("pass_on",),
    )
    yield _story("asb-s-preparing", SOUTH, until(_MET, "notify_met"), since=5, area="malvern-hills")
    yield _story(
        "asb-s-transferred",
        SOUTH,
        (*until(_START, "submit"), step("transfer", 4, receiving_area_accepted_on=Off(-1))),
        since=35,
        area="wychavon",
    )
    yield _story("asb-s-closed", SOUTH, _MET, since=40, area="worcester")


def _story(
    key: str,
    partnership: str,
    beats: tuple[Beat, ...],
    *,
    since: int,
    area: str = "herefordshire",
    skip: tuple[str, ...] = (),
    gaps: Mapping[str, int] | None = None,
    **facts: Given,
) -> Story:
    followed = any(beat.do == "start_monitoring" for beat in beats)
    return Story(
        key=key,
        process="asb_case_review",
        partnership=partnership,
        beats=(*beats, *BESIDE.get(key, ())),
        since=since,
        answers=ASB_ANSWERS,
        facts=facts,
        skip=frozenset(skip),
        gaps=gaps or {},
        rhythms=(_IN_TOUCH, _CHECKED_IN) if followed else (_IN_TOUCH,),
        area=area,
    )
