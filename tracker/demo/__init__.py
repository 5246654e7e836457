"""The demonstration: one person for each role, a real plan of its time, and invented cases in every state.

Everything is done by the services that everybody uses, each act at its own past instant, so that the histories read
as if the tracker had been there; the dates lie around a given day.
"""

from collections.abc import Iterable
from datetime import datetime

from rich.console import Console
from rich.progress import Progress
from sqlmodel import Session, select

from config import Settings
from tracker import packs, passwords, rounds
from tracker.db import Database
from tracker.demo.actions import add_plan, plan_actions
from tracker.demo.cases_asb import asb_stories
from tracker.demo.cases_dhr import dhr_stories
from tracker.demo.indicators import add_indicators
from tracker.demo.mornings import remember
from tracker.demo.old_plan import add_old_plan, close_old_plan
from tracker.demo.people import settle
from tracker.demo.stage import Act, Stage
from tracker.demo.walker import Walker
from tracker.errors import Refuses
from tracker.models import Case, Plan, User
from tracker.services.calendars import calendar_for


def is_empty(session: Session) -> bool:
    """Whether the database holds nobody, no case and no plan."""
    return all(
        session.exec(select(column).limit(1)).first() is None for column in (User.id, Case.id, Plan.id)
    )


def load(database: Database, settings: Settings, as_at: datetime) -> str:
    """Load the demonstration with its dates around ``as_at``; return the password that its people share.

    All of it is there afterwards, or nothing. Nothing that would have been sent before ``as_at`` is sent.

    Raises:
        Refuses: the database holds something, or the address is one that other people reach.
    """
    if settings.production:
        raise Refuses("The demonstration is for trying out, so it is not loaded where other people reach it.")
    given = settings.demo_password
    password = given.get_secret_value() if given else passwords.generated()
    with database.transaction() as session:
        if not is_empty(session):
            raise Refuses(
                "The database holds something already. The demonstration goes into an empty one only."
            )
        packs.load(session)
        stage = Stage(session, calendar_for(session, None), as_at)
        settle(session, password, at=stage.started_at)
        close_old_plan(session, add_old_plan(session))
        add_indicators(session)
        _set(stage)
        _play(stage.acts)
    remember(database, rounds.letterhead_of(settings), as_at)
    return password


def _set(stage: Stage) -> None:
    """Put everything that happens on the stage."""
    stories = (*dhr_stories(), *asb_stories())
    for number, story in enumerate(stories):
        Walker(stage, story, number).plan()
    plan_actions(stage, add_plan(stage), {story.key: story.partnership for story in stories})


def _play(acts: Iterable[Act]) -> None:
    """Do everything in the order in which it happened, so that references and histories run with time."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        for act in progress.track(
            sorted(acts, key=lambda act: act.at), description="Loading the demonstration"
        ):
            act.do(act.at)
