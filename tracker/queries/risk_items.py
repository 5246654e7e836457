"""Running dates with the reading of "likely late", by the rules and by a manager: what At risk and its lists show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlmodel import Session, col

from tracker import access
from tracker.models import Case, Deadline, Organisation, Sensitivity
from tracker.policy import Actor
from tracker.queries import risk_signs
from tracker.queries.date_words import PLAN_DATE, due_words, kind_words
from tracker.queries.due_dates import Horizon, address_of, dated, with_calendars
from tracker.queries.overdue import unit_of, what_of
from tracker.queries.risk_signs import Reviews, Signs
from tracker.services.judgements import IN_TIME, LATE, Judged
from tracker.services.policies import rule_from
from workflows.calendars import Calendar
from workflows.deciders import Decider
from workflows.likely_late import Reason, last_day_of, reasons
from workflows.rag import times
from workflows.traces import in_words

WEEKS = 12
"""How far At risk looks ahead, this week among them (docs/ux.md (f))."""


@dataclass(frozen=True, slots=True)
class RiskItem:
    """One running date. ``force`` is that of its clock, or that it is a plan date; ``agency`` the key of whoever holds it.

    ``reasons`` are the rules' reading; ``judged`` a manager's, where one stands. ``step_in`` is an address.
    """

    reference: str
    href: str
    what: str
    kind: str
    force: str
    due_on: date
    words: str
    first: date | None
    held_by: str
    agency: str
    moved_times: int
    reasons: tuple[Reason, ...]
    judged: Judged | None
    overdue: bool
    step_in: str
    act: str
    restricted: bool = False

    @property
    def late(self) -> bool:
        """Likely late: not overdue, and so by the manager's reading, or else by the rules'."""
        if self.overdue:
            return False
        return self.judged.reading == LATE if self.judged else bool(self.reasons)

    @property
    def state(self) -> str:
        """How the date is drawn."""
        if self.overdue:
            return "overdue"
        return "risk" if self.late else "today" if self.words == "Due today" else ""

    @property
    def due_words(self) -> str:
        """How the date stands, and that it is at risk if it is."""
        return f"At risk, {self.words[:1].lower()}{self.words[1:]}" if self.late else self.words

    @property
    def why(self) -> str:
        """The rules' reasons, in their order."""
        return "; ".join(reason.words for reason in self.reasons)

    @property
    def judged_words(self) -> str:
        """A manager's reading beside that of the rules, with the reason."""
        if self.judged is None:
            return ""
        expects = "in time" if self.judged.reading == IN_TIME else "late"
        return f"A manager expects it {expects}, said on {in_words(self.judged.on)}: {self.judged.reason}"

    @property
    def moved(self) -> str:
        """``Twice, from 30 September 2026``."""
        return f"{self.often}, from {in_words(self.first)}" if self.moved_times and self.first else self.often

    @property
    def often(self) -> str:
        """``Twice``."""
        return times(self.moved_times).capitalize()


def items(
    session: Session, actor: Actor, horizon: Horizon, *, reviews: Reviews = ()
) -> tuple[tuple[RiskItem, ...], Signs]:
    """Every running date that has passed or falls into the next 12 weeks, soonest first, and what was read with them."""
    limit = last_day_of(WEEKS, horizon.today)
    found = session.exec(dated(access.visible(actor), col(Deadline.due_on) <= limit)).all()
    signs = risk_signs.read(session, actor, found, reviews)
    calendars = with_calendars(session, horizon.calendars, (case.partnership_id for _, case, _ in found))
    shown = tuple(
        item_of(deadline, case, body, signs, calendars[case.partnership_id], horizon.today)
        for deadline, case, body in found
    )
    return shown, signs


def item_of(
    deadline: Deadline, case: Case, body: Organisation | None, signs: Signs, calendar: Calendar, today: date
) -> RiskItem:
    """One date as the pages show it. It has a due date."""
    running = risk_signs.running_of(deadline, case, signs, calendar, today)
    words, _ = due_words(running.due_on, unit_of(deadline), calendar, today)
    judged = signs.judged.get((deadline.case_id, deadline.key, deadline.instance, deadline.cycle))
    theirs = deadline.owner == Decider.AGENCY_LEAD
    return RiskItem(
        reference=case.reference,
        href=address_of(case),
        what=what_of(deadline, case),
        kind=short_kind(deadline),
        force=PLAN_DATE if deadline.key == PLAN_DATE else deadline.force,
        due_on=running.due_on,
        words=words,
        first=deadline.first_due_on if deadline.first_due_on != deadline.due_on else None,
        held_by=held_by(deadline, body),
        agency=body.key if body and theirs else "",
        moved_times=running.moved,
        reasons=reasons(running, today),
        judged=judged if judged and judged.stands(deadline) else None,
        overdue=running.due_on < today,
        step_in=step_in_of(case.reference, deadline),
        act="Step in",
        restricted=case.sensitivity == Sensitivity.RESTRICTED,
    )


def step_in_of(reference: str, deadline: Deadline) -> str:
    """The address of the page where a manager steps in."""
    return f"/at-risk/step-in/{reference}/{deadline.key.lower()}{_whose(deadline)}"


def board_of(reference: str, deadline: Deadline) -> str:
    """The address of the page where it is taken to the board, and off again."""
    return f"/at-risk/step-in/{reference}/{deadline.key.lower()}/board{_whose(deadline)}"


def _whose(deadline: Deadline) -> str:
    return f"?{urlencode({'whose': deadline.instance})}" if deadline.instance else ""


def between(found: Sequence[RiskItem], first: date, last: date) -> tuple[RiskItem, ...]:
    """Those of them that are not overdue and due from one day to another."""
    return tuple(item for item in found if not item.overdue and first <= item.due_on <= last)


def short_kind(deadline: Deadline) -> str:
    """What sort of date it is, without its length."""
    period = rule_from(deadline.rule)
    words = kind_words(deadline.key, deadline.force, length_local=deadline.length_local, period=period)
    return words.partition(",")[0]


def held_by(deadline: Deadline, body: Organisation | None) -> str:
    """Who must act: the agency by its name, or else whom the definition names."""
    if deadline.owner != Decider.AGENCY_LEAD:
        label = Decider(deadline.owner).label
        return label[:1].upper() + label[1:]
    if body is not None:
        return body.name
    return "No lead yet" if deadline.key == PLAN_DATE else "The agencies"
