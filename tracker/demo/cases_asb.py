"""Invented ASB case reviews: one or more in every state, in Herefordshire and in the Worcestershire districts."""

from collections.abc import Iterator, Mapping

from tracker.demo.answers_asb import ASB_ANSWERS
from tracker.demo.beats import LOG, TODAY, Beat, Given, Off, Rhythm, Story, note, step, until
from tracker.demo.people import HEREFORDSHIRE, NORTH, SOUTH

_START = (
    step(LOG, 0),
    step("submit", 0),
    note(
        1,
        safeguarding_looked_on=TODAY,
        safeguarding_note="No further concern was found.",
        passed_to_all_relevant_bodies=True,
    ),
    step("acknowledge", 2),
)
_CHECK = (
    *_START,
    step("start_check", 1),
    note(0, information_requests=lambda here: _asked(here.story.partnership), information_requested_on=TODAY),
    note(7, each="information_requests", information_returned_on=TODAY),
)
_MET = (
    *_CHECK,
    step("decide_met", 9, bodies_consulted_on=Off(-2)),
    step("notify_met", 1),
    step("schedule_review", 8),
    note(3, papers_sent_on=TODAY),
    step("hold_review", 9),
    step("notify_outcome", 6),
    step("start_monitoring", 2),
    note(9, each="recommendation_recipients", recommendation_response_on=TODAY),
    note(19, dissatisfaction_window_over_on=Off(-1)),
    step("close_case", 44),
)
_NOT_MET = (
    *_CHECK,
    step(
        "decide_not_met",
        9,
        bodies_consulted_on=Off(-2),
        threshold_result="discretion_required",
        decision_route="discretionary",
        harm_band="standard",
        decision_reasons="Two qualifying incidents; the area's number is three. The findings do not call for a review.",
    ),
    step("notify_not_met", 2),
    note(21, dissatisfaction_window_over_on=Off(-1)),
    step("close_case", 24),
)
_WAITING = (*_START, step("request_authority", 2))

_IN_TOUCH = Rhythm("last_contact_on", 17, "acknowledge", 4)
_CHECKED_IN = Rhythm("check_in_on", 37, "start_monitoring", 18)


def _asked(partnership: str) -> tuple[str, ...]:
    if partnership == HEREFORDSHIRE:
        return ("west-mercia-police", "herefordshire-council")
    return ("west-mercia-police", "worcestershire-county-council-public-health")


def asb_stories() -> Iterator[Story]:
    """Every invented case review; what is said of each is its area and how long it has stood where it is."""
    here = HEREFORDSHIRE
    yield _story("asb-draft", here, _START[:1], since=3)
    yield _story(
        "asb-received", here, until(_START, "submit"), since=2, skip=("passed_to_all_relevant_bodies",)
    )
    yield _story("asb-acknowledged", here, _START, since=1)
    yield _story("asb-authority", here, _WAITING, since=4)
    yield _story("asb-check", here, until(_CHECK, "start_check"), since=8)
    yield _story(
        "asb-check-late",
        here,
        until(_CHECK, "start_check"),
        since=11,
        skip=("information_returned_on@west-mercia-police",),
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
        area="Redditch",
        skip=("information_returned_on@worcestershire-county-council-public-health",),
    )
    yield _story(
        "asb-n-merged",
        NORTH,
        (*until(_START, "submit"), step("merge", 2)),
        since=5,
        area="Redditch",
        surviving_case=lambda told: told.reference_of("asb-n-check"),
    )
    yield _story("asb-n-not-met", NORTH, until(_NOT_MET, "decide_not_met"), since=1, area="Bromsgrove")
    yield _story(
        "asb-n-given-up", NORTH, (*_WAITING, step("give_up_authority", 12)), since=22, area="Wyre Forest"
    )
    yield _story("asb-n-following", NORTH, until(_MET, "start_monitoring"), since=30, area="Wyre Forest")
    yield _story(
        "asb-s-received",
        SOUTH,
        until(_START, "submit"),
        since=2,
        area="Worcester",
        skip=("passed_to_all_relevant_bodies",),
    )
    yield _story("asb-s-preparing", SOUTH, until(_MET, "notify_met"), since=5, area="Malvern Hills")
    yield _story(
        "asb-s-transferred",
        SOUTH,
        (*until(_START, "submit"), step("transfer", 4, receiving_area_accepted_on=Off(-1))),
        since=35,
        area="Wychavon",
    )
    yield _story("asb-s-closed", SOUTH, _MET, since=40, area="Worcester")


def _story(
    key: str,
    partnership: str,
    beats: tuple[Beat, ...],
    *,
    since: int,
    area: str = "Herefordshire",
    skip: tuple[str, ...] = (),
    gaps: Mapping[str, int] | None = None,
    **facts: Given,
) -> Story:
    followed = any(beat.do == "start_monitoring" for beat in beats)
    return Story(
        key=key,
        process="asb_case_review",
        partnership=partnership,
        beats=beats,
        since=since,
        answers=ASB_ANSWERS,
        facts=facts,
        skip=frozenset(skip),
        gaps=gaps or {},
        rhythms=(_IN_TOUCH, _CHECKED_IN) if followed else (_IN_TOUCH,),
        area=area,
    )
