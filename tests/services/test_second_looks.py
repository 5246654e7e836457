"""When a second look can be asked for, and from whom, as the area's procedure has it."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import Session, select

from tests import asb
from tests.cast import MONDAY, NOON, Cast
from tests.services.test_families import SECOND_LOOK
from tracker.db import Database
from tracker.errors import BadInput, NotPossible
from tracker.models import Case, LocalPolicy
from tracker.services import cases, families, second_looks
from tracker.services.asked import MoveRequest
from tracker.services.families import NewChild
from tracker.services.letter_values import Addressed, values_for
from workflows.asb_case_review_family import live_plan
from workflows.facts import FactValue
from workflows.letter_kinds import KINDS
from workflows.letters import Channel
from workflows.position import Child


@pytest.fixture
def session(database: Database, cast: Cast) -> Iterator[Session]:
    with database.transaction() as session:
        asb.settle_area(session, cast)
        yield session


def procedure(session: Session, **route: object) -> None:
    for policy in session.exec(select(LocalPolicy).where(LocalPolicy.process == "asb_case_review")):
        policy.dissatisfaction = route
    session.flush()


def ask(session: Session, cast: Cast, case: Case, process: str, **facts: FactValue) -> Case:
    asked = NewChild(process, case.version, facts)
    return families.open_child(session, cast.actor(session, "officer"), case, asked, at=NOON)


@pytest.mark.parametrize(
    ("children", "live"),
    [
        ((), False),
        ((("recommendation", "drafted", False),), False),
        ((("recommendation", "issued", False),), True),
        ((("recommendation", "accepted", True),), False),
        ((("action_item", "draft", False),), False),
        ((("action_item", "in_progress", False), ("action_item", "verified", True)), True),
        ((("information_request", "requested", False),), False),
    ],
)
def test_when_a_plan_is_live(children: tuple[tuple[str, str, bool], ...], live: bool) -> None:
    assert live_plan(tuple(Child(p, s, final, {}, None) for p, s, final in children)) is live


def test_no_second_look_while_the_plan_is_live_where_the_area_bars_it(session: Session, cast: Cast) -> None:
    case = asb.case_at(session, cast, "outcome_notified")
    made = ask(
        session, cast, case, "recommendation", kind="local", recommendation_text="Look at the lighting",
        recipient=asb.COUNCIL, public_functions=True,
    )  # fmt: skip
    facts = {**SECOND_LOOK, "about": "review_carrying_out"}
    sent = MoveRequest(made.version, MONDAY, facts={"sent_on": MONDAY})
    cases.move(session, cast.actor(session, "officer"), made, "send", sent, at=NOON)
    procedure(session, live_plan_bar=True)
    with pytest.raises(
        NotPossible, match="It opens on Tuesday 22 December 2026, the day after the last date"
    ):
        ask(session, cast, case, "dissatisfaction", **facts)
    with pytest.raises(NotPossible):
        second_looks.require_possible(session, case, facts, date(2026, 12, 21))
    second_looks.require_possible(
        session, case, facts, date(2026, 12, 22)
    )  # as it was said, though it is late
    procedure(session)
    assert ask(session, cast, case, "dissatisfaction", **facts).state == "requested"


@pytest.mark.parametrize(
    ("route", "hears", "told"),
    [
        ({}, False, False),
        ({"heard_by": "local_policing_body"}, True, False),
        ({"policing_body_review": "voluntary"}, True, True),
        ({"policing_body_review": "statutory"}, True, True),
        ({"policing_body_review": "off"}, False, False),
    ],
)
def test_the_policing_body_hears_where_the_procedure_says_so(
    session: Session, cast: Cast, route: dict[str, object], hears: bool, told: bool
) -> None:
    case = asb.case_at(session, cast, "not_met_notified")
    procedure(session, **route)
    to = Addressed("Applicant", "", MONDAY, Channel.POST)
    given = values_for(session, case, KINDS["L5"], to)["policing_body_review"].text
    assert given == ("yes" if told else "")
    facts = {**SECOND_LOOK, "stage": "local_policing_body"}
    if hears:
        assert ask(session, cast, case, "dissatisfaction", **facts).facts["stage"] == "local_policing_body"
    else:
        with pytest.raises(BadInput, match="Who looks at it cannot be the local policing body"):
            ask(session, cast, case, "dissatisfaction", **facts)


def test_a_review_by_the_policing_body_begins_on_its_own_date_for_cases_that_run(
    session: Session, cast: Cast
) -> None:
    case = asb.case_at(session, cast, "not_met_notified")
    old = session.exec(select(LocalPolicy).where(LocalPolicy.id == case.policy_id)).one()
    begins = date(2027, 4, 1)
    values = {name: getattr(old, name) for name in type(old).model_fields if name != "id"}
    session.add(
        LocalPolicy(
            **values | {"effective_from": begins, "dissatisfaction": {"policing_body_review": "statutory"}}
        )
    )
    old.effective_to = date(2027, 3, 31)
    session.flush()
    days = (date(2027, 3, 31), begins)
    assert [second_looks.policing_body_review(session, case, on) for on in days] == ["off", "statutory"]
