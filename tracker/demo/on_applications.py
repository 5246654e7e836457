"""What the unit does on an invented ASB application beside its steps: incidents and reports, pass-ons, harm, letters."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from tracker.models import Case, Dated, Method, RecordStatus
from tracker.policy import Actor
from tracker.services import harm, incidents, letter_sending, pass_ons
from tracker.services.asb_records import relevant_bodies
from tracker.services.letter_asked import Sending, SentOutside
from tracker.services.letter_parties import Party, standing_of
from workflows.harm import questionnaire
from workflows.letter_kinds import KINDS
from workflows.letters import Channel, To

Act = Callable[[Session, Actor, Case, date, datetime], None]

THREE: Sequence[tuple[int, int]] = ((80, 78), (45, 44), (12, 10))
"""Incidents of the threshold: so many days before the application it happened, and was reported."""
TWO = THREE[1:]
_WHAT = ("Shouting and loud music until two", "A fence was broken", "Threats at the front door")


def told(days: Sequence[tuple[int, int]]) -> Act:
    """The incidents that the applicant tells of, each with the report of it."""

    def tell(session: Session, actor: Actor, case: Case, day: date, at: datetime) -> None:
        del day
        area = _bodies(session, case)
        for number, (happened, reported) in enumerate(days):
            on = case.opened_on - timedelta(days=happened)
            said = incidents.IncidentSaid(
                case.version,
                dated=Dated.ON,
                first_on=on,
                last_on=on,
                what=_WHAT[number],
                place="Near the home",
            )
            event = incidents.record_incident(session, actor, case, said, at=at)
            when = case.opened_on - timedelta(days=reported)
            report = incidents.ReportSaid(
                case.version, incidents=(int(event.detail["number"]),), earliest_on=when, latest_on=when,
                body=area[number % len(area)], method=Method.PHONE, record=RecordStatus.CONFIRMED,
            )  # fmt: skip
            incidents.record_report(session, actor, case, report, at=at)

    return tell


def _bodies(session: Session, case: Case) -> tuple[str, ...]:
    return tuple(body.organisation.key for body in relevant_bodies(session, case))


def pass_on(session: Session, actor: Actor, case: Case, day: date, at: datetime) -> None:
    """The application goes to every relevant body of the area."""
    asked = pass_ons.PassedOn(case.version, _bodies(session, case), day, Method.EMAIL)
    pass_ons.pass_on(session, actor, case, asked, at=at)


def assess_harm(session: Session, actor: Actor, case: Case, day: date, at: datetime) -> None:
    """The harm assessment, with the middle answer to each question."""
    answers = {question.key: question.answers[1][0] for question in questionnaire().questions}
    answers["hate"] = 0
    harm.assess(session, actor, case, harm.HarmSaid(case.version, answers, day), at=at)


def send_letter(session: Session, actor: Actor, case: Case, fact: str, day: date, at: datetime) -> None:
    """The letter whose sending records the fact went by e-mail, from the council's own store, to all whom it must reach."""
    code = fact.removeprefix("letter_sent_")
    kept_at = f"Letters/{case.reference}-{code}.docx"
    to = KINDS[code].to[0]
    chosen = Party(to, "", body="west-mercia-police" if to is To.BODY else "")
    for party in standing_of(session, case, KINDS[code]).missing or (chosen,):
        asked = SentOutside(
            code, party.to, kept_at, Sending(case.version, day, Channel.EMAIL), organisation=party.body,
            instance=party.instance,
        )  # fmt: skip
        letter_sending.send_outside(session, actor, case, asked, at=at)
