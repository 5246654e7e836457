"""The review that stands in the middle of everything: under a partial hold, extended once, two reports not in yet."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from tracker.demo.answers_dhr import DHR_ANSWERS
from tracker.demo.beats import (
    LOG,
    TODAY,
    Beat,
    Given,
    Here,
    Off,
    Rhythm,
    Story,
    done,
    grant,
    moved,
    note,
    opened,
    step,
)
from tracker.demo.on_reviews import name_people, seat_panel
from tracker.demo.people import HEREFORDSHIRE
from tracker.models import Case, DocumentKind, Marking
from tracker.policy import Actor
from tracker.services import dates, documents, tasks
from tracker.services.date_requests import Extension
from tracker.services.deadlines import running

_SUMMARY = "information_request:summary"
_CHRONOLOGY, _IMR = "information_request:chronology", "information_request:imr"
_TRIAL, _INQUEST = "parallel_process:criminal", "parallel_process:inquest"
_HOLD, _FAMILY = "hold:partial", "family_contact"
_POLICE, _ICB, _COUNCIL = (
    "west-mercia-police",
    "herefordshire-and-worcestershire-icb",
    "herefordshire-council",
)
_PROBATION, _FIRE = "probation-service", "hereford-and-worcester-fire"

_FILED = (
    (DocumentKind.DECISION, "Decision to hold a review, with reasons", "decision.docx"),
    (DocumentKind.TERMS_OF_REFERENCE, "Terms of reference", "terms-of-reference-v3.docx"),
    (DocumentKind.MINUTES, "Minutes of the fifth panel meeting", "panel-5-minutes.docx"),
    (DocumentKind.EVIDENCE, "Log of questions to agencies", "questions.xlsx"),
)


def _more_time(session: Session, actor: Actor, case: Case, day: date, at: datetime) -> None:
    """The CSP chair gives the report six months more, because the trial comes first."""
    deadline = next(one for one in running(session, case) if one.key == "REPORT_6M")
    asked = Extension(
        6,
        day,
        "The trial is listed for January; the Home Office was told on the same day.",
        evidence="E-mail of the CSP chair, on the case file",
        told="The Home Office",
    )
    dates.change_date(session, actor, case, deadline, asked, seen_version=case.version, at=at)


def _council_asks(session: Session, actor: Actor, case: Case, day: date, at: datetime) -> None:
    """The council's report may come fifteen working days later: its author was away."""
    those = session.exec(select(Case).where(Case.parent_id == case.id, Case.process == "information_request"))
    report = next(one for one in those if (one.facts["kind"], one.facts["agency"]) == ("imr", _COUNCIL))
    deadline = next(one for one in running(session, report) if one.key == "IMR")
    asked = Extension(
        15, day, "The author was away for three weeks.", evidence="Minute of the sixth panel meeting, item 2"
    )
    dates.change_date(session, actor, report, deadline, asked, seen_version=report.version, at=at)


def _file(session: Session, actor: Actor, case: Case, day: date, at: datetime) -> None:
    """What the unit keeps about the review in the council's store."""
    for kind, title, name in _FILED:
        said = documents.DocumentSaid(
            case.version,
            kind,
            title,
            day,
            Marking.OFFICIAL_SENSITIVE,
            location=f"https://store.herefordshire.example/reviews/{case.reference.lower()}/{name}",
        )
        documents.add(session, actor, case, said, at=at)


def _act_at_once(session: Session, actor: Actor, case: Case, day: date, at: datetime) -> None:
    """Two tasks of the stage are done: the early learning, and the minutes."""
    asked = tasks.Settled(
        case.version, ("gathering.5", "gathering.6"), day, note="Two actions are open already"
    )
    tasks.settle(session, actor, case, asked, at=at)


def _after(days: int) -> Given:
    """The day so many calendar days after the beat."""

    def given(here: Here) -> date:
        return here.day + timedelta(days=days)

    return given


def _late(beat: Beat, why: str) -> Beat:
    return Beat(beat.do, beat.after, beat.facts, of=beat.of, instance=beat.instance, late=why)


_BEGUN = (
    step(LOG, 0, received_on=TODAY, police_notified_on=TODAY),
    step("begin_scoping", 1),
    note(1, records_secured_on=TODAY, summary_requested_on=TODAY),
    opened(1, _SUMMARY, each="information_requests"),
    opened(2, _INQUEST, led_by="HM Coroner"),
    done(3, name_people),
    moved(6, _SUMMARY, "submit_return", each="information_requests"),
    moved(8, _SUMMARY, "accept", each="information_requests"),
    step("submit_for_decision", 11),
    step("decide_to_review", 5),
    note(2, ho_notified_on=TODAY, family_notified_on=TODAY),
    done(12, seat_panel),
    step("convene_panel", 18, chair_appointed_on=Off(-2)),
)
_SET_UP = (
    opened(2, _FAMILY, contact_frequency="three_months"),
    moved(3, _FAMILY, "invite"),
    note(6, first_panel_on=TODAY),
    moved(20, _INQUEST, "start"),
    opened(36, _TRIAL, led_by="Crown Prosecution Service"),
    moved(37, _TRIAL, "start"),
    moved(38, _TRIAL, "await_outcome", next_date_on=_after(238), next_date_what="Trial"),
    opened(
        39,
        _HOLD,
        reason="criminal_proceedings",
        review_on=_after(93),
        still_permitted_work="Agency chronologies and reports, and panel meetings, go on; witnesses are not interviewed.",
    ),
    done(77, _more_time),
    moved(
        105,
        _HOLD,
        "review",
        reviewed_on=TODAY,
        review_note="The trial is still listed.",
        review_on=_after(92),
    ),
    step("agree_terms", 130),
)
_GATHERING = (
    moved(0, _FAMILY, "engage"),
    *(moved(1, _IMR, "acknowledge", at=agency) for agency in (_POLICE, _ICB)),
    moved(4, _IMR, "acknowledge", at=_COUNCIL),
    done(6, _file),
    moved(10, _CHRONOLOGY, "return_nil", at=_FIRE),
    moved(10, _IMR, "return_nil", at=_FIRE),
    *(
        moved(ago, _CHRONOLOGY, "submit_return", at=agency)
        for ago, agency in ((16, _POLICE), (19, _ICB), (20, _COUNCIL))
    ),
    _late(moved(25, _CHRONOLOGY, "submit_return", at=_PROBATION), "The records had to be called in from another region."),
    *(moved(27, _CHRONOLOGY, "accept", at=agency) for agency in (_POLICE, _ICB, _COUNCIL, _PROBATION)),
    moved(30, _IMR, "submit", at=_POLICE),
    moved(32, _IMR, "agency_sign_off", at=_POLICE),
    moved(34, _IMR, "accept", at=_POLICE),
    moved(33, _IMR, "submit", at=_ICB),
    moved(36, _IMR, "agency_sign_off", at=_ICB),
    done(35, _act_at_once),
    done(37, _council_asks, "manager"),
    moved(38, _IMR, "raise_queries", at=_ICB),
)  # fmt: skip

_FACTS: Mapping[str, Given] = {
    "death_basis": "homicide",
    "decision_rationale": "Several agencies knew the family; the learning is likely to matter to all of them.",
    "asked_for": "What your service knew, what it did, and what it has learned since.",
}


def held_review() -> Story:
    """Reports were asked for forty working days ago, so the last two are due today; the hold should be looked at."""
    return Story(
        key="rowan",
        process="dhr_2016",
        partnership=HEREFORDSHIRE,
        beats=(
            *_BEGUN, *_SET_UP, *_GATHERING,
            grant(0, "panel", "Member of the review panel"), grant(0, "manager", "Decides on the hold"),
        ),
        since=40,
        answers=DHR_ANSWERS,
        facts=_FACTS,
        agencies=(_POLICE, _ICB, _FIRE, _COUNCIL, _PROBATION),
        late={"agree_terms": "The panel waited for the charging decision before it settled the terms."},
        rhythms=(
            Rhythm("last_checked_on", 16, "begin_scoping", 5, of=_INQUEST),
            Rhythm("last_checked_on", 16, "convene_panel", 5, of=_TRIAL),
            Rhythm("last_contact_on", 50, "convene_panel", 30, of=_FAMILY),
        ),
        pseudonym="Rowan",
        restricted=True,
    )  # fmt: skip
