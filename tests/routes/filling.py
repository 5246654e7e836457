"""Cases and actions for the lists, logged through the services as people would."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from bs4 import Tag
from sqlalchemy import event
from sqlmodel import Session

from tests.cast import MONDAY, NOON, Cast
from tests.routes.browse import Browser, soup
from tracker.db import Database
from tracker.models import Case, CaseParty, Sensitivity
from tracker.services import cases
from tracker.services.asked import NewCase
from workflows.effects import Start

TEN_WORKING_DAYS_ON = date(2026, 12, 7)


def log_asb(session: Session, cast: Cast, who: str = "officer", on: date = MONDAY, **more: object) -> Case:
    where = cast.worcestershire if who == "outsider" else cast.herefordshire
    given: dict[str, object] = {
        "facts": {"application_date": on, "area": "Herefordshire"}, "state": "received",
        "opening": (Start("C1"), Start("C2"), Start("C5")), "imported": True,
    }  # fmt: skip
    asked = NewCase(process="asb_case_review", partnership_id=where, opened_on=on, **(given | more))
    return cases.log_case(session, cast.actor(session, who), asked, at=NOON)


def log_dhr(
    session: Session, cast: Cast, who: str = "officer", on: date = date(2026, 11, 2), **more: object
) -> Case:
    asked = NewCase(
        process=str(more.pop("process", "dhr_2016")), partnership_id=cast.herefordshire, opened_on=on,
        facts={"received_on": on, "notification_source": "police"}, sensitivity=Sensitivity.RESTRICTED,
        owner_user_id=cast.people["officer"], **({"imported": True} | more),
    )  # fmt: skip
    return cases.log_case(session, cast.actor(session, who), asked, at=NOON)


def log_action(
    session: Session,
    cast: Cast,
    due_on: date | None = None,
    *,
    lead: int | None = None,
    shared_with: int | None = None,
    title: str = "Write the protocol",
    where: int | None = None,
    imported: bool = True,
    **more: object,
) -> Case:
    agreed_on = min(due_on or MONDAY, MONDAY) - timedelta(days=90)
    facts: dict[str, object] = {"agreed_on": agreed_on}
    facts |= {"target_on": due_on} if due_on else {"target_condition": "After publication"}
    asked = NewCase(
        process="action_item", partnership_id=where or cast.herefordshire, opened_on=agreed_on, facts=facts,
        title=title, owner_organisation_id=lead, state="agreed", opening=(), imported=imported, **more,
    )  # fmt: skip
    who = "outsider" if where == cast.worcestershire else "officer"
    action = cases.log_case(session, cast.actor(session, who), asked, at=NOON)
    for place, body in enumerate(body for body in (lead, shared_with) if body):
        part = "joint_lead" if place else "lead"
        session.add(CaseParty(case_id=action.id, part=part, organisation_id=body))
    session.flush()
    return action


def fill(database: Database, cast: Cast, *, reviews: int = 40, actions: int = 60) -> None:
    """Reviews and actions with dates on both sides of Monday 23 November 2026."""
    with database.transaction() as session:
        for number in range(reviews):
            on = MONDAY - timedelta(days=number)
            if number % 4 == 3:
                log_dhr(session, cast, "officer2" if number % 8 == 3 else "officer", on)
            else:
                log_asb(session, cast, on=on, owner_user_id=cast.people["officer"] if number % 2 else None)
        for number in range(actions):
            due_on = None if number % 15 == 14 else MONDAY + timedelta(days=number - 20)
            lead = (cast.police, cast.housing, None)[number % 3]
            log_action(session, cast, due_on, lead=lead, title=f"Action number {number}")


@contextmanager
def counting(database: Database, *, values: bool = False) -> Iterator[list[Any]]:
    """Every statement that the database is asked; with its values if wanted."""
    asked: list[Any] = []

    def note(_connection: object, _cursor: object, statement: str, given: object, *_more: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "WITH")):
            asked.append((statement, given) if values else statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def numbers(browse: Browser, address: str = "/today") -> dict[str, tuple[int, str]]:
    """The numbers of Today with the address of the list behind each."""
    stats = soup(browse.open(address)).select(".app-stat")
    return {
        words(one.a, but=".govuk-visually-hidden"): (
            int(words(one.select_one(".app-stat__n"))),
            one.a["href"],
        )
        for one in stats
    }


def listed(browse: Browser, address: str) -> list[str]:
    """The references of a list, every page of it, in order."""
    found: list[str] = []
    while address:
        page = soup(browse.open(address))
        for row in page.select("tbody tr"):
            found += dict.fromkeys(
                re.findall(r"[A-Z]+-(?:DHR|ASB|ACT|INF|REC|DIS|PAR|FAM|HOLD)-\d{4}-\d{3}", row.get_text())
            )
        following = page.select_one(".govuk-pagination__next a")
        address = following["href"] if following else ""
    return found


def words(element: Tag | None, *, but: str = "") -> str:
    if element is None:
        return ""
    for hidden in element.select(but) if but else ():
        hidden.extract()
    return " ".join(element.get_text(" ").split())
