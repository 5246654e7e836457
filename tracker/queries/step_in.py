"""One date with its reading, and what a manager can do about it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlmodel import Session, col

from tracker import access, clock, policy
from tracker.errors import NotVisible
from tracker.models import Case, Deadline, DeadlineStatus
from tracker.policy import ACTIONS, Actor, Permission, Subject
from tracker.queries import case_page, risk_signs
from tracker.queries.case_page import CaseHead
from tracker.queries.date_words import PLAN_DATE
from tracker.queries.due_dates import address_of, dated
from tracker.queries.risk_items import RiskItem, board_of, item_of
from tracker.services.actions import OPEN_STATES
from tracker.services.board_items import on_the_pack
from tracker.services.calendars import calendar_for
from tracker.services.families import can_chase
from tracker.templating import count, day_short
from workflows.traces import in_words


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: what it is, a line about it, the words of its link and where that leads."""

    text: str
    sub: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class StepIn:
    """Everything that the page shows. ``save`` is where a manager's reading goes; empty where it is not theirs to say."""

    case: Case
    head: CaseHead
    item: RiskItem
    acts: tuple[Act, ...]
    reminders: str
    save: str


def opened(session: Session, actor: Actor, reference: str, key: str, instance: str, today: date) -> StepIn:
    """The page of one running date.

    Raises:
        NotVisible: there is no such case or date, it is not the actor's to see, or the date does not run any more.
    """
    case = access.case_for(session, actor, reference)
    deadline = access.deadline_for(session, case, key.upper(), instance)
    found = session.exec(dated(access.visible(actor), col(Deadline.id) == deadline.id)).all()
    if deadline.status != DeadlineStatus.RUNNING or deadline.due_on is None or not found:
        raise NotVisible("This date does not run any more.")
    signs = risk_signs.read(session, actor, found)
    item = item_of(*found[0], signs, calendar_for(session, case.partnership_id), today)
    subject = access.subject_of(session, case)
    judges = policy.allows(actor, Permission.RISK_JUDGE, subject)
    whose = f"?{urlencode({'whose': instance})}" if instance else ""
    return StepIn(
        case=case,
        head=case_page.head_of(session, actor, case, ()),
        item=item,
        acts=(
            *_acts(case, deadline, whole=policy.allows(actor, Permission.CASE_RECORD, subject)),
            *_for_the_board(session, actor, case, deadline, subject),
            _look(case),
        ),
        reminders=_reminders(deadline, signs.reminders.get(deadline.id or 0, 0)),
        save=f"/at-risk/step-in/{case.reference}/{deadline.key.lower()}{whose}" if judges else "",
    )


def _acts(case: Case, deadline: Deadline, *, whole: bool) -> tuple[Act, ...]:
    action, home = case.process in ACTIONS, f"/cases/{case.reference}"
    if action:
        home = f"/actions/{case.reference}"
    acts = []
    if whole and can_chase(case):
        acts.append(
            Act(
                "Ask for an update",
                "After three by hand or after the date, the next goes to their senior",
                "Chase",
                f"{home}/chasers",
            )
        )
    if action and whole and case.state in OPEN_STATES:
        text, sub = "Ask for an update", "Call the lead, and record what they say"
        acts.append(Act(text, sub, "Record it", f"{home}#update"))
    if action and deadline.key == PLAN_DATE and case.facts.get("update_kind") == "more_time":
        acts.append(Act("Decide on more time", "The lead asks for it", "Decide", f"{home}/more-time"))
    elif whole and deadline.extendable:
        way = f"/cases/{case.reference}/deadlines/{deadline.key.lower()}"
        way = f"{way}/{deadline.instance}" if deadline.instance else way
        acts.append(
            Act("Agree more time", "The first due date stays on record", "Give more time", f"{way}/extend")
        )
    if action and whole:
        acts.append(
            Act(
                "Change the lead", "The history stays; the new lead is told", "Hand over", f"{home}/hand-over"
            )
        )
    return tuple(acts)


def _for_the_board(
    session: Session, actor: Actor, case: Case, deadline: Deadline, subject: Subject
) -> tuple[Act, ...]:
    if not policy.allows(actor, Permission.BOARD_PACK, subject):
        return ()
    href = board_of(case.reference, deadline)
    item = on_the_pack(session, case, deadline.key, deadline.instance)
    if item is None:
        sub = "It stands in the next board pack, with a sentence of yours"
        return (Act("Take to the board", sub, "Put it on the pack", href),)
    sub = f"On the pack since {day_short(clock.london(item.put_at))}: {item.why}"
    return (Act("Taken to the board", sub, "Record what the board decided", href),)


def _look(case: Case) -> Act:
    kept = "the action" if case.process in ACTIONS else "the case"
    return Act(f"Look at {kept}", "Everything that is recorded", "Open", address_of(case))


def _reminders(deadline: Deadline, sent: int) -> str:
    went = f"{count(sent, 'reminder')} sent to the lead" if sent else "None sent yet"
    if deadline.next_notice_at is None:
        return f"{went}; no more will go by themselves"
    return f"{went}; the next may go on {in_words(clock.london(deadline.next_notice_at))}"
