"""What a partnership says for itself, a lead and a panel member do not read: not even about what is theirs to open."""

from datetime import date

from sqlmodel import select

from tests.cast import NOON, Cast
from tests.routes.browse import Browser
from tests.routes.filling import log_action, log_dhr
from tests.routes.pages import visit
from tracker.access import deadline_for
from tracker.db import Database
from tracker.models import Case, CaseGrant
from tracker.queries.action_list import PLAN_DATE
from tracker.services import board_items, judgements, notes
from tracker.services.board_items import Question
from tracker.services.judgements import LATE, Judgement

WORDS = ("They do not answer the telephone", "Take it away from them?", "Their manager is new")


def test_notes_readings_and_questions_for_the_board_stay_with_the_unit(
    sqlite_database: Database, settled: Cast, browse: Browser
) -> None:
    with sqlite_database.transaction() as session:
        manager = settled.actor(session, "manager")
        action = log_action(session, settled, date(2026, 12, 14), lead=settled.police)
        target = deadline_for(session, action, PLAN_DATE)
        judgements.judge(session, manager, action, target, Judgement(LATE, WORDS[0], action.version), at=NOON)
        board_items.put(session, manager, action, target, Question(WORDS[1], action.version), at=NOON)
        notes.add(session, manager, action, WORDS[2], at=NOON)
        review = log_dhr(session, settled)
        notes.add(session, settled.actor(session, "officer"), review, WORDS[2], at=NOON)
        for who in ("panel", "manager"):
            session.add(
                CaseGrant(
                    case_id=review.id, user_id=settled.people[who], granted_by_id=settled.people["officer"],
                    granted_at=NOON, why="Takes part",
                )
            )  # fmt: skip
        reference = action.reference
        theirs = f"/actions/{reference}", f"/cases/{reference}/history"
        ours = f"/cases/{review.reference}", f"/cases/{review.reference}/history"
    update = visit(browse.as_("lead"), theirs[0])
    with sqlite_database.transaction() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        notes.add(session, settled.actor(session, "officer"), case, WORDS[0], at=NOON)
    refused = update.submit({"answer": "progress", "note": "The draft is with us"})
    assert (refused.status, WORDS[0] in refused.text) == (409, False)
    for who, pages, said in (("lead", theirs, WORDS), ("panel", ours, WORDS[2:])):
        for address in pages:
            page = visit(browse.as_(who), address)
            assert page.status == 200
            assert [each for each in said if each in page.text] == []
            page = visit(browse.as_("manager"), address)
            assert [each for each in said if each not in page.text] == []
