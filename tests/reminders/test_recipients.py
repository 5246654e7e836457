"""Who a reminder goes to: the part they play, whether they may open the case, and who stands in where nobody plays it."""

from datetime import date

import pytest
from sqlmodel import select

from tests.reminders.conftest import EIGHT, Office
from tracker.models import (
    Case,
    CaseGrant,
    CaseParty,
    Deadline,
    Membership,
    Organisation,
    Partnership,
    Role,
    User,
)
from tracker.services import handovers
from tracker.services.handovers import Handover
from tracker.services.recipients import Directory, Recipient
from workflows.deciders import Decider
from workflows.ladder import Who

DUE = date(2026, 11, 23)
AT = EIGHT(date(2026, 11, 9))
ASB, DHR = "asb_case_review", "dhr_2016"


def told(office: Office, deadline: int, *parts: Who) -> tuple[Recipient, ...]:
    with office.reading() as session:
        row = session.get_one(Deadline, deadline)
        return Directory(session, AT).audience(session.get_one(Case, row.case_id), row, parts)


def names(recipients: tuple[Recipient, ...]) -> list[str]:
    return [recipient.address.replace("@example.test", "") for recipient in recipients]


OWED_BY = {
    Decider.AGENCY_LEAD: ["lead"],
    Decider.BU_OFFICER: ["officer", "officer2"],
    Decider.BU_MANAGER: ["manager"],
    Decider.CSP_CHAIR: ["chair"],
    Decider.PANEL: ["officer", "officer2"],
    Decider.PANEL_CHAIR: ["officer", "officer2"],
    Decider.DECISION_MAKER: ["decision-maker", "officer", "officer2"],
    Decider.DISSATISFACTION_REVIEWER: ["officer", "officer2"],
    Decider.SYSTEM: ["officer", "officer2"],
}


@pytest.mark.parametrize("owner", list(Decider))
def test_the_lead_is_whoever_the_definition_says_owes_it(small_office: Office, owner: Decider) -> None:
    case = small_office.case(organisation=small_office.cast.police)
    found = told(small_office, small_office.deadline(case, DUE, owner=owner), Who.LEAD)
    assert names(found) == OWED_BY[owner]
    assert not any(recipient.no_lead for recipient in found)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Who.LEAD, ["lead"]),
        (Who.OFFICER, ["officer2"]),
        (Who.MANAGER, ["manager"]),
        (Who.CHAIR, ["chair"]),
        (Who.ESCALATION, ["senior@police.example"]),
    ],
)
def test_each_part_of_an_action_with_a_lead_and_an_officer(
    office: Office, part: Who, expected: list[str]
) -> None:
    case = office.case(organisation=office.cast.police, officer="officer2")
    assert names(told(office, office.deadline(case, DUE), part)) == expected


def test_an_agency_without_a_lead_is_told_at_its_mailbox(small_office: Office) -> None:
    with small_office.database.transaction() as session:
        lead = session.get_one(User, small_office.cast.people["lead"])
        lead.active = False
    case = small_office.case(organisation=small_office.cast.police)
    [recipient] = told(small_office, small_office.deadline(case, DUE), Who.LEAD)
    assert (recipient.address, recipient.user_id, recipient.no_lead) == (
        "mailbox@police.example",
        None,
        False,
    )


@pytest.mark.parametrize("why", ["no lead", "ended", "no mailbox"])
def test_where_no_lead_can_be_told_the_officer_is_chased_instead(small_office: Office, why: str) -> None:
    housing = small_office.cast.housing
    with small_office.database.transaction() as session:
        body = session.get_one(Organisation, housing)
        if why == "ended":
            body.to_on = date(2026, 11, 8)
            body.contact_email = "old@housing.example"
        else:
            session.get_one(User, small_office.cast.people["lead2"]).active = False
    case = small_office.case(organisation=None if why == "no lead" else housing, officer="officer")
    [recipient] = told(small_office, small_office.deadline(case, DUE), Who.LEAD, Who.OFFICER)
    assert (recipient.address, recipient.part, recipient.no_lead) == (
        "officer@example.test",
        Who.OFFICER,
        True,
    )
    assert recipient.parts == {Who.LEAD, Who.OFFICER}


def test_a_body_still_owes_on_its_last_day(small_office: Office) -> None:
    with small_office.database.transaction() as session:
        session.get_one(Organisation, small_office.cast.housing).to_on = date(2026, 11, 9)
    case = small_office.case(organisation=small_office.cast.housing, officer="officer")
    assert names(told(small_office, small_office.deadline(case, DUE), Who.LEAD)) == ["lead2"]


def test_an_agencys_own_clock_is_the_agencys_whoever_leads_the_case(small_office: Office) -> None:
    case = small_office.case(process=ASB, organisation=small_office.cast.housing, officer="officer")
    deadline = small_office.deadline(case, DUE, key="RETURN", instance="west-mercia-police")
    assert names(told(small_office, deadline, Who.LEAD)) == ["lead"]
    assert names(told(small_office, deadline, Who.ESCALATION)) == ["senior@police.example"]


def test_joint_leads_are_all_told_and_partners_are_not(small_office: Office) -> None:
    case = small_office.case(organisation=small_office.cast.police)
    with small_office.database.transaction() as session:
        session.add(CaseParty(case_id=case, part="joint_lead", organisation_id=small_office.cast.housing))
    assert names(told(small_office, small_office.deadline(case, DUE), Who.LEAD)) == ["lead", "lead2"]
    with small_office.database.transaction() as session:
        session.exec(select(CaseParty)).one().part = "contributor"
    assert names(told(small_office, small_office.deadline(case, DUE, key="B"), Who.LEAD)) == ["lead"]


def test_whoever_handed_it_over_this_morning_may_not_open_it_and_is_not_told(small_office: Office) -> None:
    cast = small_office.cast
    number = small_office.case(organisation=cast.police, restricted=True, planned=False)
    with small_office.database.transaction() as session:
        session.get_one(Organisation, cast.housing).contact_email = "mailbox@housing.example"
        session.add(CaseParty(case_id=number, part="lead", organisation_id=cast.police))
    with small_office.database.transaction() as session:
        case = session.get_one(Case, number)
        session.add(CaseGrant(case_id=number, user_id=cast.people["officer"], why="Leads it", granted_at=AT))
        session.flush()
        officer, asked = cast.actor(session, "officer", AT), Handover("housing", "It is theirs", case.version)
        handovers.hand_over(session, officer, case, asked, at=AT)
    found = told(small_office, small_office.deadline(number, DUE), Who.LEAD)
    assert not [one.address for one in found if "police" in one.address or one.address.startswith("lead@")]
    assert found


def test_one_mailbox_is_one_recipient_addressed_in_the_higher_part(small_office: Office) -> None:
    with small_office.database.transaction() as session:
        session.add(
            Membership(
                user_id=small_office.cast.people["officer"], role=Role.MANAGER,
                partnership_id=small_office.cast.herefordshire,
            )
        )  # fmt: skip
        session.get_one(Organisation, small_office.cast.housing).contact_email = " Officer@Example.test"
        session.get_one(User, small_office.cast.people["lead2"]).active = False
    case = small_office.case(organisation=small_office.cast.housing, officer="officer")
    found = told(small_office, small_office.deadline(case, DUE), Who.LEAD, Who.OFFICER, Who.MANAGER)
    assert names(found) == ["officer", "manager"]
    assert (found[0].part, found[0].parts) == (Who.MANAGER, {Who.LEAD, Who.OFFICER, Who.MANAGER})


def test_a_csp_without_people_is_looked_after_by_its_board(small_office: Office) -> None:
    with small_office.database.transaction() as session:
        csp = Partnership(
            key="north",
            prefix="NWCSP",
            name="North",
            kind="csp",
            coordinator_id=small_office.cast.worcestershire,
        )
        session.add(csp)
        session.flush()
        north = csp.id
    case = small_office.case(partnership=north, prefix="NWCSP")
    assert names(told(small_office, small_office.deadline(case, DUE), Who.OFFICER, Who.CHAIR)) == ["outsider"]


def test_a_role_that_has_ended_or_not_begun_is_not_held(small_office: Office) -> None:
    with small_office.database.transaction() as session:
        for who, on in (("officer", date(2026, 11, 8)), ("officer2", date(2026, 11, 9))):
            held = select(Membership).where(Membership.user_id == small_office.cast.people[who])
            session.exec(held).one().to_on = on
        held = select(Membership).where(Membership.user_id == small_office.cast.people["manager"])
        session.exec(held).one().from_on = date(2026, 11, 10)
    deadline = small_office.deadline(small_office.case(), DUE)
    assert names(told(small_office, deadline, Who.OFFICER)) == ["officer2"]
    assert names(told(small_office, deadline, Who.MANAGER)) == ["officer2"]


def test_a_lead_officer_whose_role_has_ended_is_told_nothing_and_the_others_are(small_office: Office) -> None:
    """They may well sign in still, for another partnership: of this one they may open nothing any more."""
    with small_office.database.transaction() as session:
        held = select(Membership).where(Membership.user_id == small_office.cast.people["officer"])
        session.exec(held).one().to_on = date(2026, 11, 8)
    deadline = small_office.deadline(small_office.case(officer="officer"), DUE, owner=Decider.BU_OFFICER)
    assert names(told(small_office, deadline, Who.LEAD)) == ["officer2"]


@pytest.mark.parametrize("part", list(Who))
def test_a_restricted_case_is_spoken_of_only_to_those_named_for_it(office: Office, part: Who) -> None:
    case = office.case(
        process=DHR, restricted=True, named=("officer", "chair", "admin"), organisation=office.cast.housing
    )
    deadline = office.deadline(case, DUE, owner=Decider.BU_MANAGER)
    expected = ["chair"] if part is Who.CHAIR else ["officer"]
    assert names(told(office, deadline, part)) == expected


def test_of_a_restricted_case_the_agency_that_owes_an_item_is_told_at_its_mailbox(
    small_office: Office,
) -> None:
    """Its lead may not open the review; the mail holds a reference, our name for the date, the date and no more."""
    case = small_office.case(process=DHR, restricted=True, named=("officer",))
    deadline = small_office.deadline(case, DUE, key="IMR", instance="west-mercia-police")
    [recipient] = told(small_office, deadline, Who.LEAD)
    assert (recipient.address, recipient.user_id) == ("mailbox@police.example", None)


def test_a_lead_officer_who_is_not_named_is_not_told(small_office: Office) -> None:
    case = small_office.case(process=DHR, restricted=True, officer="officer", named=("officer2",))
    assert names(told(small_office, small_office.deadline(case, DUE), Who.OFFICER)) == ["officer2"]


def test_if_nobody_who_is_named_can_open_it_nobody_is_told(small_office: Office) -> None:
    case = small_office.case(process=DHR, restricted=True, named=("admin",), officer="officer")
    assert told(small_office, small_office.deadline(case, DUE), *Who) == ()


@pytest.mark.parametrize(
    ("decider", "expected", "part"),
    [
        (Decider.CSP_CHAIR, ["chair"], Who.CHAIR),
        (Decider.BU_MANAGER, ["manager"], Who.MANAGER),
        (Decider.BU_OFFICER, ["officer", "officer2"], Who.OFFICER),
        (Decider.AGENCY_LEAD, ["lead"], Who.LEAD),
    ],
)
def test_whoever_decides_is_told_that_something_waits(
    small_office: Office, decider: Decider, expected: list[str], part: Who
) -> None:
    number = small_office.case(organisation=small_office.cast.police)
    with small_office.reading() as session:
        found = Directory(session, AT).deciding(session.get_one(Case, number), decider)
    assert names(found) == expected
    assert {recipient.part for recipient in found} == {part}
