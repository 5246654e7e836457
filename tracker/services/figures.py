"""The annual figures of ASB case reviews (ASBCPA 2014 s.104(9), s.105): counted from the history, approved, published.

Decisions and reviews are counted, not cases: a case whose threshold was decided twice counts twice in (b).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlmodel import Session, col, or_, select

from tracker import clock as time
from tracker import db, policy
from tracker.audit import Happened
from tracker.errors import BadInput, NotPermitted
from tracker.models import Area, Case, Event, Partnership, PublishedFigures
from tracker.policy import Actor, Permission, Subject
from tracker.services.areas import area_named
from tracker.services.calendars import calendar_for
from workflows.calendars import england_and_wales
from workflows.dates import Mode, Period, Unit, compute
from workflows.traces import in_words

PROCESS = "asb_case_review"
NOT_COUNTED = frozenset({"draft", "misdirected", "merged", "transferred"})
"""States in which an application does not count: docs/asb-case-review.md section 7."""
LONGEST = Period(12, Unit.MONTHS, Mode.BEGINNING_WITH)
"""A reporting period is not more than 12 months: s.105."""
EARLIEST, LATEST = 1990, 2100
"""Years that a period can lie in, as for every date that is entered."""
TARGET = Period(40, Unit.WORKING_DAYS)
"""Internal target for publishing (C18). The Act says as soon as practicable: s.104(9)."""
TOO_LONG = "A reporting period is at most 12 months (section 105 of the Anti-social Behaviour, Crime and Policing Act 2014)."


@dataclass(frozen=True, slots=True)
class Place:
    """Whose figures: one area, or all that one partnership deals with."""

    partnership: Partnership
    area: Area | None = None

    @property
    def name(self) -> str:
        """As it is printed."""
        return self.area.name if self.area else self.partnership.name

    @property
    def area_key(self) -> str:
        """Key of the area; empty for the whole partnership."""
        return self.area.key if self.area else ""


@dataclass(frozen=True, slots=True)
class Reporting:
    """A reporting period, both days in it.

    Raises:
        BadInput: it runs backwards, is longer than 12 months, or lies in years that no date can.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if not EARLIEST <= self.first.year <= self.last.year <= LATEST and self.first <= self.last:
            raise BadInput(f"The period must lie between {EARLIEST} and {LATEST}.")
        if self.last < self.first:
            raise BadInput("The period ends before it begins.")
        if self.last > compute(self.first, LONGEST, england_and_wales()).due_on:
            raise BadInput(TOO_LONG)

    def holds(self, on: date | None) -> bool:
        """Whether the day lies in it."""
        return on is not None and self.first <= on <= self.last

    @property
    def words(self) -> str:
        """As it is printed."""
        return f"{self.first.day} {self.first:%B %Y} to {self.last.day} {self.last:%B %Y}"


@dataclass(frozen=True, slots=True)
class Histories:
    """The steps that cases took, in order."""

    by_case: Mapping[int, Sequence[Event]]

    def of(self, case: Case) -> Sequence[Event]:
        """The steps of one case."""
        return self.by_case.get(case.id or 0, ())

    def reviews(self, case: Case) -> list[Event]:
        """Each review that was held."""
        return [event for event in self.of(case) if event.name == "hold_review"]

    def not_met(self, case: Case) -> list[Event]:
        """Each decision that the threshold is not met. One put right before anybody was told was none."""
        return [event for event in self._decisions(case) if event.name == "decide_not_met"]

    def decided(self, case: Case) -> str:
        """The last decision on the threshold that stands; empty where there is none."""
        return next((event.name for event in reversed(self._decisions(case))), "")

    def _decisions(self, case: Case) -> list[Event]:
        decisions: list[Event] = []
        for event in self.of(case):
            if event.name in {"decide_met", "decide_not_met"}:
                decisions.append(event)
            elif event.name == "correct_decision" and decisions:
                decisions.pop()
        return decisions


@dataclass(frozen=True, slots=True)
class Counted:
    """The four figures. Each is a list of references, one for each application, decision or review."""

    applications: tuple[str, ...]
    not_met: tuple[str, ...]
    reviews: tuple[str, ...]
    with_recommendations: tuple[str, ...]

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """(a), (b), (c) and (d)."""
        return len(self.applications), len(self.not_met), len(self.reviews), len(self.with_recommendations)

    def as_json(self) -> dict[str, list[str]]:
        """The references behind each figure."""
        return {
            "applications": list(self.applications),
            "not_met": list(self.not_met),
            "reviews": list(self.reviews),
            "with_recommendations": list(self.with_recommendations),
        }


def count(session: Session, place: Place, period: Reporting) -> Counted:
    """Count the figures of a place for a period, from what the history says now."""
    cases = cases_of(session, place)
    histories = histories_of(session, cases)
    applications, not_met, reviews, recommended = [], [], [], []
    for case in cases:
        if case.state not in NOT_COUNTED and period.holds(applied_on(case)):
            applications.append(case.reference)
        decisions = histories.not_met(case)
        not_met += [case.reference for event in decisions if period.holds(day_of(event, "decided_on"))]
        for event in histories.reviews(case):
            if period.holds(day_of(event, "review_held_on")):
                reviews.append(case.reference)
                if int(event.facts.get("recommendations_made") or 0) > 0:
                    recommended.append(case.reference)
    return Counted(tuple(applications), tuple(not_met), tuple(reviews), tuple(recommended))


def cases_of(session: Session, place: Place) -> list[Case]:
    """The ASB case reviews of a place, by reference."""
    owner = place.partnership
    owners = {owner.id, owner.coordinator_id} if place.area else {owner.id}
    if place.area is None:
        theirs = select(Partnership.id).where(Partnership.coordinator_id == owner.id)
        owners |= set(session.exec(theirs).all())
    cases = session.exec(
        select(Case)
        .where(Case.process == PROCESS, col(Case.partnership_id).in_(owners - {None}))
        .order_by(col(Case.reference))
    ).all()
    if place.area is None:
        return list(cases)
    return [case for case in cases if _lies_in(session, case, place.area)]


def _lies_in(session: Session, case: Case, area: Area) -> bool:
    words = str(case.facts.get("area") or "").strip().casefold()
    if words in {area.key.casefold(), area.name.casefold()}:
        return True
    found = area_named(session, case.partnership_id, words, case.opened_on)
    return found is not None and found.key == area.key


def histories_of(session: Session, cases: Iterable[Case]) -> Histories:
    """The steps of these cases, in one query."""
    found: dict[int, list[Event]] = {}
    rows = session.exec(
        select(Event)
        .where(col(Event.case_id).in_([case.id for case in cases]), Event.kind == Happened.CASE_MOVED)
        .order_by(col(Event.case_id), col(Event.seq))
    ).all()
    for event in rows:
        found.setdefault(event.case_id, []).append(event)
    return Histories(found)


def applied_on(case: Case) -> date:
    """The day on which the application was made."""
    told = case.facts.get("application_date")
    return date.fromisoformat(str(told)) if told else case.opened_on


def day_of(event: Event, fact: str) -> date:
    """The day that the step records, else the day on which it was taken."""
    told = event.facts.get(fact)
    return date.fromisoformat(str(told)) if told else event.occurred_on


def target_of(session: Session, place: Place, period: Reporting) -> date:
    """The day by which the figures are to be published, as our own target."""
    return compute(period.last, TARGET, calendar_for(session, place.partnership.id)).due_on


def approved_for(session: Session, place: Place) -> Sequence[PublishedFigures]:
    """Every approved set of a place, the latest period and version first."""
    return session.exec(
        select(PublishedFigures)
        .where(
            PublishedFigures.partnership_id == place.partnership.id,
            PublishedFigures.area == place.area_key,
        )
        .order_by(col(PublishedFigures.to_on).desc(), col(PublishedFigures.version).desc())
    ).all()


def latest_for(session: Session, place: Place, period: Reporting) -> PublishedFigures | None:
    """The approved set of just this period, in its latest version."""
    every = approved_for(session, place)
    return next((row for row in every if (row.from_on, row.to_on) == (period.first, period.last)), None)


def overlapping(session: Session, place: Place, period: Reporting) -> Sequence[PublishedFigures]:
    """Approved sets of other periods that share a day with this one."""
    return session.exec(
        select(PublishedFigures)
        .where(
            PublishedFigures.partnership_id == place.partnership.id,
            PublishedFigures.area == place.area_key,
            PublishedFigures.from_on <= period.last,
            PublishedFigures.to_on >= period.first,
            or_(PublishedFigures.from_on != period.first, PublishedFigures.to_on != period.last),
        )
        .order_by(col(PublishedFigures.from_on), col(PublishedFigures.version))
    ).all()


def approve(
    session: Session,
    actor: Actor,
    place: Place,
    period: Reporting,
    *,
    seen: Sequence[int],
    footnote: str = "",
    reason: str = "",
    at: datetime,
) -> PublishedFigures:
    """Lock the figures of a period. Other figures for a period that was approved before are a new version.

    ``seen`` are the four numbers that whoever approves them looked at.

    Raises:
        NotPermitted: the actor approves no figures there.
        BadInput: the period has not ended or overlaps another; the numbers are others by now, or the same as approved;
            a correction has no reason.
    """
    _require(actor, place)
    session.exec(
        db.for_update(session, select(Partnership).where(Partnership.id == place.partnership.id))
    ).one()
    if period.last >= time.london(at):
        raise BadInput(
            f"The period ends on {in_words(period.last)}. Figures are approved after its last day."
        )
    for other in overlapping(session, place, period):
        words = Reporting(other.from_on, other.to_on).words
        raise BadInput(
            f"This period overlaps with {words}, which was approved. A case would be counted twice."
        )
    counted = count(session, place, period)
    if tuple(seen) != counted.numbers:
        raise BadInput("The figures have changed since you looked. Look at them again.")
    before = latest_for(session, place, period)
    if before is not None:
        if numbers_of(before) == counted.numbers and before.footnote == footnote.strip():
            raise BadInput("These figures are approved already.")
        if not reason.strip():
            raise BadInput("Say why the approved figures are corrected.")
    row = PublishedFigures(
        partnership_id=place.partnership.id or 0,
        area=place.area_key,
        from_on=period.first,
        to_on=period.last,
        version=before.version + 1 if before else 1,
        applications=counted.numbers[0],
        not_met=counted.numbers[1],
        reviews=counted.numbers[2],
        with_recommendations=counted.numbers[3],
        behind=counted.as_json(),
        footnote=footnote.strip(),
        reason=reason.strip() if before else "",
        approved_by_id=actor.user_id,
        approved_at=at,
    )
    session.add(row)
    session.flush()
    return row


def record_published(
    session: Session, actor: Actor, place: Place, period: Reporting, *, url: str, on: date, at: datetime
) -> PublishedFigures:
    """Record where the approved figures are published.

    Raises:
        NotPermitted: the actor approves no figures there.
        BadInput: nothing is approved, the address is none, or the day cannot be.
    """
    _require(actor, place)
    row = latest_for(session, place, period)
    if row is None:
        raise BadInput("Approve the figures first.")
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or "") or len(url) > 500:
        raise BadInput("The address must begin with https:// and name a page.")
    if not period.last < on <= time.london(at):
        raise BadInput("The day must be after the end of the period, and today or in the past.")
    row.url, row.published_on, row.logged_by_id, row.logged_at = url.strip(), on, actor.user_id, at
    session.add(row)
    session.flush()
    return row


def numbers_of(row: PublishedFigures) -> tuple[int, int, int, int]:
    """(a), (b), (c) and (d) as they were approved."""
    return row.applications, row.not_met, row.reviews, row.with_recommendations


def _require(actor: Actor, place: Place) -> None:
    subject = Subject(partnership_id=place.partnership.id)
    if not policy.allows(actor, Permission.FIGURES_APPROVE, subject):
        raise NotPermitted("Only a manager of the partnership approves its figures.")
