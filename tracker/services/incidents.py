"""Incidents and reports of an ASB application: added as the applicant tells them, dates or not, corrected by adding.

docs/asb-case-review.md 3 and 6.2. Nothing is edited in place: a correction is a new revision. What somebody perceives
as hate is never taken back.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from tracker import audit
from tracker import clock as time
from tracker.audit import Happened
from tracker.errors import BadInput, NotPossible
from tracker.models import (
    AsbReport,
    Case,
    Dated,
    Event,
    IncidentRecord,
    Method,
    Organisation,
    RecordStatus,
    ReportIncident,
)
from tracker.models.columns import JsonObject
from tracker.policy import Actor
from tracker.services import acts
from tracker.services.asb_records import incidents_of, reports_of
from tracker.services.asked import FactsRequest
from tracker.services.guarded import done_before, require_recorder
from tracker.services.positions import workflow_for
from tracker.services.recording import NEVER_CLEARED

ASB = "asb_case_review"
PEOPLE = ("applicant", "victim")
"""People who are called by their part; everybody else is ``other-1``, ``other-2`` ..."""
HOUSEHOLDS = tuple("ABCDEFGHIJKL")
"""Households are called by a letter that the officer chooses."""
FIRST_YEAR = 1990
TEXT_LIMIT, PLACE_LIMIT = 20_000, 500


@dataclass(frozen=True, slots=True)
class IncidentSaid:
    """One incident as somebody tells it. ``number`` corrects that incident; without it a new one is added."""

    seen_version: int
    dated: Dated = Dated.UNKNOWN
    first_on: date | None = None
    last_on: date | None = None
    what: str = ""
    place: str = ""
    linked: bool = True
    hate: bool = False
    alarm: bool = True
    note: str = ""
    number: int | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReportSaid:
    """One report as somebody tells it. ``body`` is the key of an organisation, or empty with ``other_body``.

    ``household`` is a letter that stands for theirs. ``number`` corrects that report; ``withdrawn`` says that it was recorded by mistake.
    """

    seen_version: int
    incidents: tuple[int, ...] = ()
    earliest_on: date | None = None
    latest_on: date | None = None
    person: str = "applicant"
    household: str = ""
    body: str = ""
    other_body: str = ""
    method: Method = Method.OTHER
    external_reference: str = ""
    record: RecordStatus = RecordStatus.UNVERIFIED
    agency_on: date | None = None
    withdrawn: bool = False
    note: str = ""
    number: int | None = None
    request_id: str | None = None


def record_incident(session: Session, actor: Actor, case: Case, said: IncidentSaid, *, at: datetime) -> Event:
    """Add an incident, or correct one by adding its next revision.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the case is no ASB case review, or has ended.
        BadInput: dates that cannot be, or hate that is taken back.
    """
    if before := done_before(session, case, said.request_id):
        return before
    require_open(session, actor, case, said.seen_version)
    today = time.london(at)
    first_on, last_on = _incident_days(said, today)
    old = _latest(session, case, said.number)
    if old and old.hate and not said.hate:
        raise BadInput(NEVER_CLEARED["hate"])
    row = IncidentRecord(
        case_id=case.id or 0,
        number=old.number if old else _next(session, case, IncidentRecord),
        revision=old.revision + 1 if old else 1,
        dated=said.dated,
        first_on=first_on,
        last_on=last_on,
        what=_short(said.what, "What happened", TEXT_LIMIT),
        place=_short(said.place, "Where", PLACE_LIMIT),
        linked=said.linked,
        hate=said.hate,
        alarm=said.alarm,
        note=_short(said.note, "The note", TEXT_LIMIT),
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    session.add(row)
    event = audit.record(
        session, case, actor, Happened.INCIDENT_RECORDED,
        occurred_on=today, at=at, name="corrected" if old else "added",
        detail=_numbered("Incident", row), request_id=said.request_id,
    )  # fmt: skip
    session.flush()
    if row.hate and case.facts.get("hate") is not True:
        asked = FactsRequest(case.version, today, {})
        acts.note(session, actor, case, {"hate": True}, asked, at=at, because=case.reference)
    return event


def record_report(session: Session, actor: Actor, case: Case, said: ReportSaid, *, at: datetime) -> Event:
    """Add a report, or correct one by adding its next revision.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the case is no ASB case review, or has ended.
        BadInput: dates that cannot be, a body or an incident that is not known, or a name where a part is asked for.
    """
    if before := done_before(session, case, said.request_id):
        return before
    require_open(session, actor, case, said.seen_version)
    today = time.london(at)
    old = _latest_report(session, case, said.number)
    earliest, latest = _report_days(said, today)
    body = _body(session, said)
    known = {incident.number for incident in incidents_of(session, case)}
    if set(said.incidents) - known or not said.incidents:
        raise BadInput("Choose the incidents that the report is about.")
    if not _is_part(said.person):
        raise BadInput("Say who reported without a name: applicant, victim, or another person by number.")
    if said.household and said.household not in HOUSEHOLDS:
        raise BadInput("Call a household by a letter, never by its address or name.")
    row = AsbReport(
        case_id=case.id or 0,
        number=old.number if old else _next(session, case, AsbReport),
        revision=old.revision + 1 if old else 1,
        earliest_on=earliest,
        latest_on=latest,
        person=said.person,
        household=said.household,
        organisation_id=body,
        other_body="" if body else _short(said.other_body, "Who was told", PLACE_LIMIT),
        method=said.method,
        external_reference=_short(said.external_reference, "The reference", PLACE_LIMIT),
        record=said.record,
        agency_on=said.agency_on,
        withdrawn=said.withdrawn,
        note=_short(said.note, "The note", TEXT_LIMIT),
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    session.add(row)
    session.flush()
    session.add_all(
        ReportIncident(report_id=row.id or 0, incident_number=number)
        for number in sorted(set(said.incidents))
    )
    event = audit.record(
        session, case, actor, Happened.REPORT_RECORDED,
        occurred_on=today, at=at, name="taken_out" if said.withdrawn else "corrected" if old else "added",
        detail=_numbered("Report", row), request_id=said.request_id,
    )  # fmt: skip
    session.flush()
    return event


def require_open(session: Session, actor: Actor, case: Case, seen_version: int) -> None:
    """Refuse what is no ASB case review, or has ended.

    Raises:
        NotPermitted: the actor does not record things on this case.
        ChangedMeanwhile: someone else changed the case after the actor opened it.
        NotPossible: the case is no ASB case review, or has ended.
    """
    require_recorder(session, actor, case, seen_version)
    if case.process != ASB:
        raise NotPossible("Only an ASB case review has this.")
    state = workflow_for(case).state_by_name[case.state]
    if state.final:
        raise NotPossible(f"The case is at “{state.label}”, so nothing can be added to it.")


def _numbered(noun: str, row: IncidentRecord | AsbReport) -> JsonObject:
    """What the history says: which one, and whether it was there before. No words of anybody."""
    corrected = (
        ", taken out" if getattr(row, "withdrawn", False) else ", corrected" if row.revision > 1 else ""
    )
    return {"number": row.number, "revision": row.revision, "said": f"{noun} {row.number}{corrected}"}


def _is_part(person: str) -> bool:
    stem, _, number = person.partition("-")
    return person in PEOPLE or (stem == "other" and number.isascii() and number.isdigit() and int(number) > 0)


def _incident_days(said: IncidentSaid, today: date) -> tuple[date | None, date | None]:
    """First and last day; both empty where nothing is known."""
    if said.dated is Dated.UNKNOWN:
        return None, None
    last = said.last_on or said.first_on
    first = said.first_on or (last if said.dated is Dated.ON else None)
    if first is None or last is None:
        raise BadInput(
            "Enter the day of the incident."
            if said.dated is Dated.ON
            else "Enter the earliest and the latest day that it can have been."
        )
    _in_order(first, last, today, "The incident")
    return first, last


def _report_days(said: ReportSaid, today: date) -> tuple[date | None, date | None]:
    latest = said.latest_on or said.earliest_on
    earliest = said.earliest_on or latest
    if earliest is not None and latest is not None:
        _in_order(earliest, latest, today, "The report")
    if said.agency_on is not None:
        _in_order(said.agency_on, said.agency_on, today, "The agency's date")
    return earliest, latest


def _in_order(first: date, last: date, today: date, what: str) -> None:
    if first > last:
        raise BadInput(f"{what}: the first day must be on or before the last day.")
    if last > today:
        raise BadInput(f"{what} must be today or in the past.")
    if first.year < FIRST_YEAR:
        raise BadInput(f"{what} must be after {FIRST_YEAR}.")


def _body(session: Session, said: ReportSaid) -> int | None:
    if not said.body:
        if not said.other_body.strip():
            raise BadInput("Say who was told.")
        return None
    found = session.exec(select(Organisation.id).where(Organisation.key == said.body)).first()
    if found is None:
        raise BadInput("Say who was told: there is no such body.")
    return found


def _short(words: str, what: str, limit: int) -> str:
    kept = words.strip()
    if len(kept) > limit:
        raise BadInput(f"{what} must be {limit} characters or fewer.")
    return kept


def _latest(session: Session, case: Case, number: int | None) -> IncidentRecord | None:
    if number is None:
        return None
    found = next((row for row in incidents_of(session, case) if row.number == number), None)
    if found is None:
        raise BadInput("There is no such incident on this case.")
    return found


def _latest_report(session: Session, case: Case, number: int | None) -> AsbReport | None:
    if number is None:
        return None
    found = next((told.row for told in reports_of(session, case) if told.row.number == number), None)
    if found is None:
        raise BadInput("There is no such report on this case.")
    return found


def _next(session: Session, case: Case, model: type[IncidentRecord] | type[AsbReport]) -> int:
    highest = session.exec(select(func.max(col(model.number))).where(model.case_id == case.id)).one()
    return (highest or 0) + 1
