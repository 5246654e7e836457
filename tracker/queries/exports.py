"""Every file that can be taken away, and what the reader took away last."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.models import AccessLog, Looked
from tracker.policy import AT_THE_DOOR, Actor, Permission, may_knock
from tracker.templating import Link

LAST = 10
"""Files of their own that a person is shown."""


@dataclass(frozen=True, slots=True)
class Export:
    """One export: what is in it, who may, and where it is. ``files`` are made at once, ``page`` is where to narrow it."""

    name: str
    what: str
    permission: Permission
    page: Link
    files: tuple[Link, ...] = ()

    @property
    def who(self) -> str:
        """``Officer, manager, chair``: everybody only what they may see."""
        return ", ".join(role.replace("_", "-") for role in AT_THE_DOOR[self.permission]).capitalize()


@dataclass(frozen=True, slots=True)
class TakenAway:
    """One file that the reader made."""

    at: datetime
    file: str
    cases: int


def _csv(href: str) -> Link:
    return Link("CSV", href)


EXPORTS: tuple[Export, ...] = (
    Export("Cases", "What the list of cases shows, as it is narrowed and sorted there.", Permission.CASE_READ,
           Link("Narrow the list", "/cases"), (_csv("/cases.csv"),)),
    Export("Actions", "What the list of actions shows: first due, due now, moves, status and colour.", Permission.CASE_READ,
           Link("Narrow the list", "/actions"), (_csv("/actions.csv"),)),
    Export("Action plan of a review", "The seven columns of the guidance, as CSV, Excel or Word, from the review's actions.",
           Permission.CASE_READ, Link("Choose the review", "/cases?type=dhr")),
    Export("Action plan of the partnership", "The four columns exactly as they were adopted.", Permission.CASE_READ,
           Link("Choose the plan", "/plans")),
    Export("Board pack", "What the board is shown before it meets.", Permission.BOARD_PACK,
           Link("Choose what is in it", "/reports/board-pack"), (Link("Word", "/reports/board-pack.docx"),)),
    Export("What is overdue", "Every running date that has passed.", Permission.WORK_READ,
           Link("Look first", "/at-risk/overdue"), (_csv("/at-risk/overdue.csv"),)),
    Export("What is likely to be late", "With the reason for each, and a manager's reading where there is one.",
           Permission.WORK_READ, Link("Look first", "/at-risk/likely-late"), (_csv("/at-risk/likely-late.csv"),)),
    Export("What falls due in the next 12 weeks", "Every running date, in time or not.", Permission.WORK_READ,
           Link("Look first", "/at-risk/due"), (_csv("/at-risk/due.csv"),)),
    Export("Leads gone quiet", "Agencies with no word for 28 days or more.", Permission.WORK_READ,
           Link("Look first", "/at-risk/quiet"), (_csv("/at-risk/quiet.csv"),)),
    Export("What was met in the last 12 weeks", "Each date with the day on which it was met.", Permission.WORK_READ,
           Link("Look first", "/at-risk/met"), (_csv("/at-risk/met.csv"),)),
    Export("Performance", "Every date of the last 12 months with what became of it.", Permission.WORK_READ,
           Link("Look first", "/reports/performance"), (_csv("/reports/performance.csv"),)),
    Export("Stage times", "Each review with whose days they were.", Permission.WORK_READ,
           Link("Look first", "/reports/stage-times"), (_csv("/reports/stage-times.csv"),)),
    Export("Published figures", "The four figures as CSV or as a piece of a web page, and the return for the policing body.",
           Permission.WORK_READ, Link("Choose the area and the year", "/figures/asb")),
    Export("Agencies and chasers", "What each agency was asked for, how often, and what came back.", Permission.WORK_READ,
           Link("Narrow the list", "/reports/agencies"), (_csv("/reports/agencies.csv"),)),
    Export("Reminders sent", "Every reminder that was due, and what became of it.", Permission.REMINDERS_READ,
           Link("Narrow the list", "/reports/reminders"), (_csv("/reports/reminders.csv"),)),
    Export("Calendar", "Your dates in a calendar program, without names.", Permission.CASE_READ,
           Link("Make an address", "/calendar/subscribe")),
)  # fmt: skip
"""Every export. One that is added is put here."""


def exports(actor: Actor) -> tuple[Export, ...]:
    """Those that are open to the actor."""
    return tuple(one for one in EXPORTS if may_knock(actor, one.permission))


def taken_away(session: Session, actor: Actor) -> tuple[TakenAway, ...]:
    """The files that the actor made last, the newest first."""
    rows = session.exec(
        select(AccessLog)
        .where(AccessLog.user_id == actor.user_id, AccessLog.what == Looked.DISCLOSED)
        .order_by(col(AccessLog.at).desc(), col(AccessLog.id).desc())
        .limit(LAST)
    ).all()
    return tuple(
        TakenAway(
            row.at,
            str(row.detail.get("file", "")).replace("-", " ").capitalize(),
            len(row.detail.get("references") or ()),
        )
        for row in rows
    )
