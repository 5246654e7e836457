"""Everything that somebody typed becomes words wider than a phone: titles, names, answers, reasons."""

from typing import Final

from sqlalchemy import inspect
from sqlmodel import SQLModel, select

from tests.browser.standing import Standing
from tracker.models import (
    ActionDetails,
    Amendment,
    AsbReport,
    BoardItem,
    Case,
    CaseGrant,
    Document,
    HarmAssessment,
    Holiday,
    IncidentRecord,
    Organisation,
    PanelMember,
    ReviewSubject,
    ReviewTask,
    User,
)
from tracker.services.positions import workflow_for
from workflows.facts import FactKind

LONG: Final = "Long" + "winded" * 16
"""A word of 100 letters, wider than a phone; twice, and the limit of a title is met."""
SAID: Final = f"{LONG}{LONG}. {'One more sentence. ' * 30}"
TYPED: Final[tuple[tuple[type[SQLModel], tuple[str, ...]], ...]] = (
    (ActionDetails, ("theme", "timescale", "condition")), (AsbReport, ("person", "household", "note")),
    (BoardItem, ("why",)), (CaseGrant, ("why",)), (Document, ("title",)), (HarmAssessment, ("reason",)),
    (Holiday, ("name",)), (IncidentRecord, ("what", "place", "note")), (PanelMember, ("role_title",)),
    (Amendment, ("text", "response")), (ReviewSubject, ("pseudonym",)), (ReviewTask, ("text", "note")),
)  # fmt: skip
"""Tables and the columns in which people's own words stand; the history cannot be changed, so it is left."""


def lengthen(there: Standing) -> int:
    """Do it to the tracker; how many answers are long now. Names stay apart by what they were."""
    done = 0
    with there.database.transaction() as session:
        for case in session.exec(select(Case)).all():
            case.title = f"{LONG}{LONG}"
            kinds = {name: fact.kind for name, fact in workflow_for(case).fact_by_name.items()}
            long = {FactKind.TEXT: f"{LONG}{LONG}", FactKind.LONG_TEXT: SAID}
            said = {
                name: long[kind]
                for name in case.facts
                if (kind := kinds.get(name.partition("@")[0])) in (FactKind.TEXT, FactKind.LONG_TEXT)
            }
            case.facts = {**case.facts, **said}
            done += 1 + len(said)
        for model, columns in TYPED:
            for row in session.exec(select(model)).all():
                for column in columns:
                    if getattr(row, column):
                        limit = getattr(inspect(model).columns[column].type, "length", None)
                        setattr(row, column, SAID[:limit])
                        done += 1
        for body in session.exec(select(Organisation)).all():
            body.name = LONG[:80] + body.name[:20]
        for person in session.exec(select(User)).all():
            person.name = LONG[:80] + person.name[:20]
    return done
