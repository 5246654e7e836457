"""An office with dates in it, put there as rows: what is tested here is what becomes of them, not how they started."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import Session, col, select

from tests.cast import Cast
from tracker import clock
from tracker.db import Database
from tracker.models import (
    ActionDetails,
    Case,
    CaseGrant,
    Deadline,
    DeadlineStatus,
    Outbox,
    OutboxState,
    Plan,
    Sensitivity,
)
from tracker.outbox import DeliverResult, Letterhead, deliver
from tracker.services.ladders import ladder_to
from tracker.services.mailing import Briefing, nothing_more
from tracker.services.reminders import TickResult, tick
from workflows.ladder import DEFAULT_LADDER, Rung

EIGHT = clock.morning_of
LETTERHEAD = Letterhead("tracker@council.example", "https://tracker.example")
KEYED = Letterhead(
    "tracker@council.example", "https://tracker.example", "a secret for tests, long enough to pass for one"
)
"""As every installation has it: whoever leads answers by a link of their own."""
WORKING_DAYS = {
    "n": 20, "unit": "working_days", "mode": "after", "day_zero": "event", "roll": "none",
}  # fmt: skip


@dataclass
class Kept:
    """A transport that keeps what it is given; ``raises`` is thrown at the next mails, one each."""

    mails: list[EmailMessage] = field(default_factory=list)
    raises: list[Exception | None] = field(default_factory=list)

    def send(self, mail: EmailMessage) -> None:
        error = self.raises.pop(0) if self.raises else None
        if error is not None:
            raise error
        self.mails.append(mail)

    def to(self, mailbox: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == mailbox]

    def subjects(self) -> list[str]:
        return sorted(str(mail["Subject"]) for mail in self.mails)

    def take(self) -> list[EmailMessage]:
        taken, self.mails = self.mails, []
        return taken


def words(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def twin(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


@dataclass
class Office:
    """One database with the cast in it, and a transport that keeps everything."""

    database: Database
    cast: Cast
    post: Kept = field(default_factory=Kept)
    count: int = 0
    letterhead: Letterhead = LETTERHEAD

    def case(
        self,
        *,
        process: str = "action_item",
        state: str = "",
        partnership: int | None = None,
        organisation: int | None = None,
        officer: str | None = None,
        restricted: bool = False,
        named: tuple[str, ...] = (),
        title: str = "Extend the scheme to the market towns",
        planned: bool = True,
        prefix: str = "HCSP",
    ) -> int:
        """A case; an action of a published plan unless said otherwise. Returns its row number."""
        self.count += 1
        kind, first = {
            "action_item": ("ACT", "agreed"), "asb_case_review": ("ASB", "received"), "dhr_2016": ("DHR", "notified"),
            "information_request": ("INF", "requested"),
        }[process]  # fmt: skip
        with self.database.transaction() as session:
            case = Case(
                reference=f"{prefix}-{kind}-2026-{self.count:03}", process=process, workflow_version=1,
                partnership_id=partnership or self.cast.herefordshire, state=state or first,
                state_since_on=date(2026, 1, 5), title=title, opened_on=date(2026, 1, 5),
                sensitivity=Sensitivity.RESTRICTED if restricted else Sensitivity.OPEN,
                owner_organisation_id=organisation,
                owner_user_id=self.cast.people[officer] if officer else None,
            )  # fmt: skip
            session.add(case)
            session.flush()
            assert case.id is not None
            for who in named:
                session.add(
                    CaseGrant(
                        case_id=case.id, user_id=self.cast.people[who], why="Works on it", granted_at=EIGHT(date(2026, 1, 5))
                    )
                )  # fmt: skip
            if process == "action_item" and planned:
                plan = session.exec(select(Plan)).first()
                if plan is None:
                    plan = Plan(
                        key="p", partnership_id=case.partnership_id, name="Plan", imported_at=case_at()
                    )
                    session.add(plan)
                    session.flush()
                session.add(ActionDetails(case_id=case.id, plan_id=plan.id, position=self.count))
            return case.id

    def deadline(
        self,
        case_id: int,
        due_on: date | None,
        *,
        owner: str = "agency_lead",
        key: str = "ACTION_TARGET",
        instance: str = "",
        label: str = "Action target date",
        force: str = "local",
        rule: dict[str, object] | None = None,
        ladder: tuple[Rung, ...] = DEFAULT_LADDER,
        first_due_on: date | None = None,
        asked_from: datetime | None = None,
    ) -> int:
        """A running deadline, to be looked at from ``asked_from`` on. Returns its row number."""
        starts_on = (due_on or date(2026, 6, 1)) - timedelta(days=60)
        with self.database.transaction() as session:
            deadline = Deadline(
                case_id=case_id, key=key, instance=instance, label=label, rule=rule or {},
                ladder=ladder_to(ladder), basis="Local practice", force=force, length_local=True, owner=owner,
                starts_on=starts_on, due_on=due_on, first_due_on=first_due_on or due_on,
                next_notice_at=asked_from or EIGHT(starts_on), recorded_at=EIGHT(starts_on),
            )  # fmt: skip
            session.add(deadline)
            session.flush()
            assert deadline.id is not None
            return deadline.id

    def change(self, deadline_id: int, **values: object) -> None:
        """Set columns of a deadline."""
        with self.database.transaction() as session:
            deadline = session.get_one(Deadline, deadline_id)
            for name, value in values.items():
                setattr(deadline, name, value)

    def change_case(self, case_id: int, **values: object) -> None:
        with self.database.transaction() as session:
            case = session.get_one(Case, case_id)
            for name, value in values.items():
                setattr(case, name, value)

    def meet(self, deadline_id: int, on: date) -> None:
        self.change(deadline_id, status=DeadlineStatus.MET, met_on=on, next_notice_at=None)

    def tick(self, at: datetime) -> TickResult:
        return tick(self.database, at)

    def deliver(self, at: datetime, holder: str = "here", briefing: Briefing = nothing_more) -> DeliverResult:
        return deliver(self.database, self.post, at, holder, letterhead=self.letterhead, briefing=briefing)

    def round(self, at: datetime) -> DeliverResult:
        self.tick(at)
        return self.deliver(at)

    def rows(self, state: OutboxState | None = None) -> list[Outbox]:
        with self.database.reading() as session:
            statement = select(Outbox).order_by(col(Outbox.id))
            if state is not None:
                statement = statement.where(Outbox.state == state)
            found = list(session.exec(statement).all())
            session.expunge_all()
            return found

    def told(self, state: OutboxState = OutboxState.QUEUED) -> set[tuple[str, str]]:
        """Steps and mailboxes of the rows in a state."""
        return {(row.rung, row.to_address.split("@")[0]) for row in self.rows(state)}

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.database.reading() as session:
            yield session


def case_at() -> datetime:
    return datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def office(database: Database, cast: Cast) -> Office:
    """The office, once on SQLite and once on PostgreSQL."""
    return Office(database, cast)


@pytest.fixture
def small_office(sqlite_database: Database) -> Office:
    """The office on SQLite only, where the database makes no difference."""
    from tests.cast import settle

    return Office(sqlite_database, settle(sqlite_database))


Morning = Callable[[date], datetime]
