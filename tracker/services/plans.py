"""Action plans: read in as they were adopted, every row one action, every printed cell kept."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import clock, policy
from tracker.errors import BadInput, NotPermitted
from tracker.imports import PlanReading, PlanRow
from tracker.imports.leads import LeadKind
from tracker.models import ActionDetails, Case, CaseParty, Organisation, Partnership, Plan
from tracker.policy import Actor, Permission, Subject
from tracker.services import cases
from tracker.services.asked import NewCase
from workflows.facts import FactValue


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan to bring in, after it was read."""

    partnership_id: int
    name: str
    reading: PlanReading
    starts_on: date | None = None
    ends_on: date | None = None
    source_name: str = ""


def key_of(name: str) -> str:
    """The short name of a plan: ``Community Safety Agreement 2018-19`` is ``community-safety-agreement-2018-19``."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def import_plan(session: Session, actor: Actor, asked: NewPlan, *, at: datetime) -> Plan:
    """Bring a plan in: one agreed action for each row, with the plan's own date as its target.

    Reminders about steps that lie before today are never sent one by one; see ``services.reminders``.

    Raises:
        NotPermitted: the actor does not bring plans into that partnership.
        BadInput: there is such a plan already, or it has no rows.
    """
    if not policy.allows(actor, Permission.PLAN_IMPORT, Subject(partnership_id=asked.partnership_id)):
        raise NotPermitted("Only the partnership's business unit brings in action plans.")
    key = key_of(asked.name)
    if not key:
        raise BadInput("Give the plan a name.")
    if not asked.reading.rows:
        raise BadInput("No actions were found, so there is nothing to bring in.")
    if session.exec(
        select(Plan.id).where(Plan.partnership_id == asked.partnership_id, Plan.key == key)
    ).first():
        raise BadInput(f"The partnership has a plan called {asked.name} already.")
    headings = list(dict.fromkeys(h for table in asked.reading.tables for h in table.headings))
    plan = Plan(
        key=key, partnership_id=asked.partnership_id, name=asked.name,
        starts_on=asked.starts_on, ends_on=asked.ends_on, headings=headings, imported_at=at,
        source_name=asked.source_name,
        left_out={str(n): {"text": one.text, "why": one.why} for n, one in enumerate(asked.reading.left_out, 1)},
    )  # fmt: skip
    session.add(plan)
    session.flush()
    bodies = _bodies(session, asked.reading)
    for position, row in enumerate(asked.reading.rows, start=1):
        _action(session, actor, plan, row, position, bodies, at=at)
    session.flush()
    return plan


def printed_rows(session: Session, plan: Plan) -> list[dict[str, str]]:
    """The printed cells of a plan, row by row, as they were read in."""
    rows = session.exec(
        select(ActionDetails).where(ActionDetails.plan_id == plan.id).order_by(col(ActionDetails.position))
    ).all()
    return [{name: str(text) for name, text in row.cells.items()} for row in rows]


def _action(
    session: Session, actor: Actor, plan: Plan, row: PlanRow, position: int,
    bodies: dict[str, Organisation], *, at: datetime,
) -> Case:  # fmt: skip
    due_on = row.timescale.latest
    leads = [bodies[lead.organisation] for lead in row.leads if lead.organisation]
    agreed_on = min(plan.starts_on, clock.london(at)) if plan.starts_on else _before(due_on, at)
    facts: dict[str, FactValue] = {"agreed_on": agreed_on}
    if due_on is not None:
        facts["target_on"] = due_on
    if row.timescale.condition or due_on is None:
        facts["target_condition"] = row.timescale.condition or row.timescale_text or "No date is printed"
    if leads:
        facts["lead_agency"] = leads[0].key
    if len(leads) > 1:
        facts["joint_agencies"] = tuple(body.key for body in leads[1:])
    case = cases.log_case(
        session,
        actor,
        NewCase(
            process="action_item", partnership_id=plan.partnership_id, opened_on=agreed_on, facts=facts,
            title=row.action, owner_organisation_id=leads[0].id if leads else None,
            state="agreed", opening=(), imported=True,
        ),
        at=at,
    )  # fmt: skip
    session.add(
        ActionDetails(
            case_id=case.id or 0, plan_id=plan.id, position=position, theme=row.theme,
            cells=dict(row.cells), timescale=row.timescale_text, timescale_kind=str(row.timescale.kind),
            condition=row.timescale.condition or "",
            after_plan_end=bool(plan.ends_on and due_on and due_on > plan.ends_on),
            questions=list(row.questions),
        )
    )  # fmt: skip
    for number, lead in enumerate(row.leads):
        body = bodies.get(lead.organisation or "")
        if body is not None or lead.kind is not LeadKind.NOBODY:
            part = "lead" if number == 0 else "joint_lead"
            party = CaseParty(case_id=case.id or 0, part=part, words=lead.text)
            party.organisation_id = body.id if body else None
            session.add(party)
    session.flush()
    return case


def _before(due_on: date | None, at: datetime) -> date:
    """A plan without a printed start begins, for us, no later than its dates and no later than today."""
    today = clock.london(at)
    return min(due_on, today) if due_on else today


def _bodies(session: Session, reading: PlanReading) -> dict[str, Organisation]:
    """The bodies that the leads mean. One that the tracker does not know yet is added under its printed name."""
    printed = {
        lead.organisation: lead.text for row in reading.rows for lead in row.leads if lead.organisation
    }
    known = {
        body.key: body
        for body in session.exec(select(Organisation).where(col(Organisation.key).in_(printed))).all()
    }
    for key, text in printed.items():
        if key not in known:
            known[key] = Organisation(key=key, name=text, kind="group")
            session.add(known[key])
    session.flush()
    return known


def partnership_keyed(session: Session, key: str) -> Partnership:
    """The partnership of that key.

    Raises:
        BadInput: there is none; the message lists those there are.
    """
    found = session.exec(select(Partnership).where(Partnership.key == key)).first()
    if found is None:
        known = session.exec(select(Partnership.key).order_by(Partnership.key)).all()
        raise BadInput(f"There is no partnership called {key}. Known: {', '.join(known) or 'none yet'}.")
    return found
