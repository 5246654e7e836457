"""Invented domestic homicide reviews: one or more in every state, most of them on time."""

from collections.abc import Iterator

from tracker.demo.answers_dhr import DHR_ANSWERS
from tracker.demo.beats import (
    LOG,
    TODAY,
    Beat,
    Given,
    Off,
    Rhythm,
    Story,
    done,
    grant,
    moved,
    note,
    opened,
    step,
    until,
)
from tracker.demo.beside import BESIDE
from tracker.demo.held_review import held_review
from tracker.demo.on_reviews import name_people, seat_panel, settle_tasks
from tracker.demo.people import BOTH, HEREFORDSHIRE, NORTH, SOUTH

_TOLD = (note(2, ho_notified_on=TODAY, family_notified_on=TODAY),)
_SCOPED = (
    step(LOG, 0, received_on=TODAY, police_notified_on=TODAY),
    step("begin_scoping", 1),
    note(1, records_secured_on=TODAY, summary_requested_on=TODAY),
    opened(1, "information_request:summary", each="information_requests"),
    opened(2, "parallel_process:inquest", led_by="HM Coroner"),
    done(3, name_people),
    moved(6, "information_request:summary", "submit_return", each="information_requests"),
    moved(8, "information_request:summary", "accept", each="information_requests"),
    step("submit_for_decision", 10),
)
_SET_UP = (
    *_SCOPED,
    step("decide_to_review", 5),
    *_TOLD,
    done(12, seat_panel),
    step("convene_panel", 14, chair_appointed_on=Off(-2)),
    opened(2, "family_contact", contact_frequency="three_months"),
    moved(3, "family_contact", "invite"),
    note(6, first_panel_on=TODAY),
    step("agree_terms", 14),
)
_COURSE = (
    *_SET_UP,
    moved(0, "family_contact", "engage"),
    moved(1, "parallel_process:inquest", "start"),
    moved(1, "information_request:imr", "acknowledge", each="imr_requests"),
    moved(14, "information_request:chronology", "submit_return", each="imr_requests"),
    moved(16, "information_request:chronology", "accept", each="imr_requests"),
    moved(26, "information_request:imr", "submit", each="imr_requests"),
    moved(30, "information_request:imr", "agency_sign_off", each="imr_requests"),
    moved(33, "information_request:imr", "accept", each="imr_requests"),
    step("start_drafting", 34),
    step("start_consultation", 22, family_offered_draft_on=TODAY, fact_check_sent_on=TODAY),
    note(8, fact_check_complete_on=TODAY),
    note(11, family_feedback_on=TODAY),
    step("submit_to_csp", 12),
    step("sign_off", 8),
    note(2, dac_copy_sent_on=TODAY),
    step("submit_to_home_office", 3),
    step("ho_clears", 48),
    step("publish", 24),
    note(4, agency_copies_sent_on=TODAY, ho_weblink_sent_on=TODAY, dac_weblink_sent_on=TODAY),
    moved(60, "parallel_process:inquest", "conclude"),
    note(110, audit_1_completed_on=TODAY),
    done(220, settle_tasks),
    step("close", 225, audit_completed_on=TODAY, learning_disseminated_on=Off(-40)),
)
_NOT_REVIEWED = (
    *_SCOPED,
    step("decide_no_review", 5),
    *_TOLD,
    note(20, ho_response_on=TODAY),
    step("ho_accepts_no_review", 22),
)
_STOOD_DOWN = (
    *until(_COURSE, "agree_terms"),
    step("stand_down", 24, ho_told_of_stand_down_on=TODAY, family_told_of_stand_down_on=TODAY),
)
_RESUBMIT = (*until(_COURSE, "submit_to_home_office"), step("ho_requires_resubmission", 46))
_AMENDED = (*until(_COURSE, "submit_to_home_office"), step("ho_clears_with_amendments", 50))
_WITHHELD = (
    *until(_COURSE, "ho_clears"),
    step("withhold_publication", 20, ho_told_of_withholding_on=TODAY),
    note(4, agency_copies_sent_on=TODAY),
)
_VOID = (*until(_COURSE, LOG), step("void", 3))
_TRANSFERRED = (*until(_COURSE, "begin_scoping"), step("transfer_out", 7))

_IN_TOUCH = Rhythm("last_contact_on", 58, "agree_terms", 30, of="family_contact")
_CHECKED = Rhythm("last_checked_on", 16, "begin_scoping", 5, of="parallel_process:inquest")
_PANEL = "Member of the review panel"


def dhr_stories() -> Iterator[Story]:
    """Every invented review. Those further along began earlier; what is said here is how long each has stood."""
    here = HEREFORDSHIRE
    yield held_review()
    yield _story("willow", here, until(_COURSE, LOG), since=2)
    yield _story("hazel", here, until(_COURSE, "begin_scoping"), since=4, officer=BOTH, named=("officer",))
    yield _story("alder", here, until(_COURSE, "submit_for_decision"), since=4)
    yield _story("juniper", here, until(_COURSE, "decide_to_review"), since=7, skip=("ho_notified_on",))
    yield _story("maple", here, until(_COURSE, "start_consultation"), since=4, named=("auditor",))
    yield _story("aspen", here, until(_COURSE, "submit_to_csp"), since=4)
    yield _story("linden", here, _AMENDED, since=14, named=(BOTH,))
    yield _story("elder", here, until(_COURSE, "ho_clears"), since=12, minuted=True)
    yield _story("cedar", here, until(_COURSE, "publish"), since=40)
    yield _story("sorrel", here, _COURSE, since=45)
    yield _story("laurel", here, _VOID, since=70)
    yield _story("heather", NORTH, until(_COURSE, LOG), since=9)
    yield _story("myrtle", NORTH, until(_NOT_REVIEWED, "decide_no_review"), since=12)
    yield _story("bramble", SOUTH, until(_COURSE, "convene_panel"), since=9, skip=("first_panel_on",))
    yield _story("birch", SOUTH, until(_COURSE, "agree_terms"), since=8, named=("panel",))
    yield _story("hawthorn", NORTH, until(_COURSE, "start_drafting"), since=15)
    yield _story("holly", SOUTH, until(_COURSE, "sign_off"), since=3, skip=("dac_copy_sent_on",))
    yield _story("poplar", NORTH, until(_COURSE, "submit_to_home_office"), since=35)
    yield _story("sycamore", NORTH, _RESUBMIT, since=10, named=(BOTH,))
    yield _story("chestnut", SOUTH, _WITHHELD, since=30, minuted=True)
    yield _story("larch", NORTH, _NOT_REVIEWED, since=80)
    yield _story("medlar", SOUTH, _TRANSFERRED, since=50)
    yield _story("quince", SOUTH, _STOOD_DOWN, since=65)


def _story(
    name: str,
    partnership: str,
    beats: tuple[Beat, ...],
    *,
    since: int,
    skip: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
    officer: str = "",
    minuted: bool = False,
    **facts: Given,
) -> Story:
    reaches_terms = any(beat.do == "agree_terms" for beat in beats)
    namings = tuple(grant(0, whom, _PANEL if whom == "panel" else "Looks after the review") for whom in named)
    return Story(
        key=name,
        process="dhr_2016",
        partnership=partnership,
        beats=(*beats, *namings, *BESIDE.get(name, ())),
        since=since,
        answers=DHR_ANSWERS,
        facts=facts,
        skip=frozenset(skip),
        rhythms=(_CHECKED, _IN_TOUCH) if reaches_terms else (_CHECKED,),
        officer=officer,
        pseudonym=name.capitalize(),
        restricted=True,
        minuted=minuted,
    )
