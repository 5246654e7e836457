"""What belongs to a case: requests, recommendations, second looks, other proceedings, contacts, holds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access
from tracker.errors import NotPermitted, NotVisible
from tracker.models import Case, CaseParty, Deadline, DeadlineStatus, Organisation, User
from tracker.policy import ACTIONS, Actor, Permission, allows
from tracker.queries import case_page, choices
from tracker.queries.agency_askings import counted, how_often
from tracker.queries.case_page import CaseHead
from tracker.queries.choices import Choices
from tracker.queries.date_words import due_words
from tracker.services import families
from tracker.services.calendars import calendars_for
from tracker.services.chasers import Asking, askings_about
from tracker.services.policies import rule_from
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from workflows.definition import Workflow
from workflows.facts import Fact, FactValue, loaded, words
from workflows.periods import Unit
from workflows.position import Child
from workflows.released import current

ALSO: Mapping[str, tuple[str, ...]] = {
    "information_request": ("asked_for",),
    "recommendation": ("number", "source", "agencies", "theme"),
    "dissatisfaction": ("referred_by",),
    "parallel_process": ("its_reference", "next_date_on", "next_date_what"),
    "family_contact": ("route", "advocate_organisation", "language_access", "contact_frequency", "contact_topics", "avoid_anniversaries"),
}  # fmt: skip
"""What the form that opens such a case asks besides what its definition needs: it may stay open."""

PLURAL: Mapping[str, str] = {
    "information_request": "Information requests",
    "recommendation": "Recommendations",
    "dissatisfaction": "Requests for a second look",
    "parallel_process": "Parallel processes",
    "family_contact": "Family contacts",
    "hold": "Holds",
    "action_item": "Actions",
}


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """One case that belongs to another. ``who`` must act or is asked; ``chasers`` is empty where nobody was chased.

    ``sort`` is the name of its kind: chronology, imr, local.
    """

    reference: str
    process: str
    kind: str
    state: str
    ended: bool
    who: str
    due_on: date | None
    due: str
    due_state: str
    chasers: str
    can_chase: bool
    sort: str = ""


@dataclass(frozen=True, slots=True)
class RelatedGroup:
    """All of one process, the open ones first."""

    process: str
    title: str
    rows: tuple[RelatedRow, ...]
    can_add: bool


@dataclass(frozen=True, slots=True)
class HoldShown:
    """One active hold: how far it goes, why, since when, what may go on and when it is looked at again.

    ``opens``: whether the hold itself may be opened.
    """

    reference: str
    kind: str
    why: str
    since: date | None
    may_go_on: str
    review_on: date | None
    opens: bool


@dataclass(frozen=True, slots=True)
class Adding:
    """The questions of the form that opens a case under another. ``needs`` must be answered."""

    case: Case
    head: CaseHead
    workflow: Workflow
    facts: tuple[Fact, ...]
    needs: tuple[tuple[str, ...], ...]
    optional: frozenset[str]
    people: Choices
    organisations: Choices


@dataclass(frozen=True, slots=True)
class Chasing:
    """A request, how often its agency was chased, and who is asked next once that was not enough.

    ``sent`` are the chasers that people sent; ``by_the_tracker`` says how often it asked, theirs among them.
    """

    case: Case
    head: CaseHead
    what: str
    agency: str
    sent: int
    last_on: date | None
    escalated_on: date | None
    contact: str
    possible: bool
    by_the_tracker: str

    @property
    def escalates(self) -> bool:
        """Whether the next is for the escalation contact."""
        return self.sent >= families.CHASERS


def related_to(session: Session, actor: Actor, case: Case, today: date) -> tuple[RelatedGroup, ...]:
    """Everything that belongs to the case and that the actor may see, by process and kind."""
    rows = session.exec(
        select(Case).where(Case.parent_id == case.id, access.visible(actor)).order_by(col(Case.reference))
    ).all()
    due = _due(session, rows, today)
    names = _names(session, rows)
    requests = [row.id or 0 for row in rows if row.process == "information_request"]
    made = askings_about(session, requests) if requests else {}
    found: dict[str, list[RelatedRow]] = defaultdict(list)
    for row in rows:
        found[row.process].append(_row(row, due, names, made.get(row.id or 0, ())))
    adds = {w.key for w in families.openable(case, today)}
    if not allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        adds = set()
    order = list(dict.fromkeys([*workflow_for(case).family, *found]))
    return tuple(
        RelatedGroup(
            key, PLURAL.get(key, key), tuple(sorted(found[key], key=lambda r: (r.ended, r.kind))), key in adds
        )
        for key in order
        if found[key] or key in adds
    )


def holds_on(session: Session, actor: Actor, case: Case) -> tuple[tuple[HoldShown, ...], tuple[str, ...]]:
    """The active holds on a case, and the steps that they forbid together: for everybody who may open the case."""
    above = workflow_for(case)
    if "hold" not in above.family:
        return (), ()
    rows = session.exec(
        select(Case)
        .where(Case.parent_id == case.id, Case.process == "hold", col(Case.closed_on).is_(None))
        .order_by(col(Case.opened_on), col(Case.id))
    ).all()
    blocks = above.holds(
        tuple(Child("hold", row.state, final=False, facts=facts_of(workflow_for(row), row)) for row in rows)
    )
    forbidden = tuple(dict.fromkeys(move.label for move in above.moves if move.name in blocks))
    ids = [row.id for row in rows]
    found = session.exec(
        select(CaseParty.case_id, CaseParty.organisation_id).where(
            col(CaseParty.case_id).in_(ids), col(CaseParty.to_on).is_(None)
        )
    ).all()
    parties: dict[int, list[int | None]] = defaultdict(list)
    for case_id, body in found:
        parties[case_id].append(body)
    reviews = session.exec(
        select(Deadline.case_id, col(Deadline.due_on)).where(
            col(Deadline.case_id).in_(ids),
            Deadline.key == "HOLD_REVIEW",
            Deadline.status == DeadlineStatus.RUNNING,
        )
    ).all()
    review_on = dict(reviews)
    shown = []
    for row in rows:
        number = row.id or 0
        opens = allows(actor, Permission.CASE_READ, access.subject_with(row, parties[number]))
        shown.append(_held(row, review_on.get(number), opens=opens))
    return tuple(shown), forbidden


def _held(row: Case, review_on: date | None, *, opens: bool) -> HoldShown:
    workflow = workflow_for(row)
    why = str(row.facts.get("reason", ""))
    return HoldShown(
        row.reference,
        _kind(workflow, row),
        words(workflow.fact_by_name["reason"], why),
        _day(workflow, row, "placed_on"),
        str(row.facts.get("still_permitted_work", "")),
        review_on,
        opens,
    )


def adding(session: Session, actor: Actor, reference: str, process: str, today: date) -> Adding:
    """The form that opens a case of a process under another.

    Raises:
        NotVisible: there is no such case or process, or it is not theirs to see.
        NotPermitted: the actor does not record things on the case.
    """
    case = access.case_for(session, actor, reference)
    if process in ACTIONS or process not in workflow_for(case).family:
        raise NotVisible("Nothing of that kind belongs to this case.")
    if not allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)):
        raise NotPermitted("Only the partnership's business unit adds to this case.")
    workflow = current(process, today)
    needed = [name for need in workflow.opening_needs for name in need]
    asked = tuple(dict.fromkeys([*needed, *ALSO.get(process, ())]))
    return Adding(
        case,
        case_page.head_of(session, actor, case, ()),
        workflow,
        tuple(workflow.fact_by_name[name] for name in asked),
        workflow.opening_needs,
        frozenset(asked) - frozenset(needed),
        choices.people(session, case.partnership_id),
        choices.organisations(session, case.partnership_id, today),
    )


def chasing(session: Session, actor: Actor, reference: str) -> Chasing:
    """How often the agency of a request was chased.

    Raises:
        NotVisible: there is no such request, or it is not theirs to see.
    """
    case = access.case_for(session, actor, reference)
    if case.process != "information_request":
        raise NotVisible("There is nothing to chase on this case.")
    workflow = workflow_for(case)
    body = session.get(Organisation, case.owner_organisation_id) if case.owner_organisation_id else None
    days = {name: _day(workflow, case, name) for name in ("chased_on", "escalated_on")}
    return Chasing(
        case,
        case_page.head_of(session, actor, case, ()),
        _kind(workflow, case),
        body.name if body else "",
        families.chasers_of(case),
        days["chased_on"],
        days["escalated_on"],
        (body.escalation_email or "") if body else "",
        families.can_chase(case),
        how_often(askings_about(session, [case.id or 0]).get(case.id or 0, ())),
    )


def _row(
    case: Case,
    due: Mapping[int, tuple[date | None, str, str]],
    names: Mapping[str, Mapping[int, str]],
    made: Sequence[Asking],
) -> RelatedRow:
    workflow = workflow_for(case)
    state = workflow.state_by_name[case.state]
    day, said, how = due.get(case.id or 0, (None, "", ""))
    body = names["bodies"].get(case.owner_organisation_id or 0, "")
    return RelatedRow(
        case.reference,
        case.process,
        _kind(workflow, case),
        state.label,
        state.final,
        body or _addressed(case) or names["people"].get(case.owner_user_id or 0, "") or "Nobody yet",
        day,
        said,
        how,
        counted(case, made),
        families.can_chase(case),
        str(case.facts.get("kind", "")),
    )


def _addressed(case: Case) -> str:
    return str(case.facts.get("addressed_to", "")) if case.process == "recommendation" else ""


def _kind(workflow: Workflow, case: Case) -> str:
    """What sort it is, in words; the process itself where it has no sorts."""
    name = str(case.facts.get("kind", ""))
    kind = workflow.kind_by_name.get(name)
    if kind:
        return kind.label
    about = workflow.fact_by_name.get("about")
    value = case.facts.get("about")
    return words(about, str(value)) if about and value else workflow.title


def _day(workflow: Workflow, case: Case, name: str) -> date | None:
    value = case.facts.get(name)
    if value is None:
        return None
    read: FactValue = loaded(workflow.fact_by_name.get(name), str(value))
    return read if isinstance(read, date) else None


def _due(session: Session, rows: Sequence[Case], today: date) -> dict[int, tuple[date | None, str, str]]:
    """The first running date of each, with its words and its state for the page."""
    cases = {case.id: case for case in rows}
    running = session.exec(
        select(Deadline)
        .where(col(Deadline.case_id).in_(cases), Deadline.status == DeadlineStatus.RUNNING)
        .order_by(col(Deadline.due_on), col(Deadline.id))
    ).all()
    calendars = calendars_for(session, {case.partnership_id for case in rows})
    found: dict[int, tuple[date | None, str, str]] = {}
    for deadline in running:
        if deadline.case_id in found:
            continue
        calendar = calendars[cases[deadline.case_id].partnership_id]
        period = rule_from(deadline.rule)
        said = due_words(deadline.due_on, period.unit if period else Unit.DAYS, calendar, today)
        found[deadline.case_id] = (deadline.due_on, *(("Paused", "paused") if deadline.paused else said))
    return found


def _names(session: Session, rows: Sequence[Case]) -> dict[str, dict[int, str]]:
    bodies = {case.owner_organisation_id for case in rows} - {None}
    people = {case.owner_user_id for case in rows} - {None}
    return {
        "bodies": {
            body.id or 0: body.name
            for body in session.exec(select(Organisation).where(col(Organisation.id).in_(bodies))).all()
        },
        "people": {
            user.id or 0: user.name
            for user in session.exec(select(User).where(col(User.id).in_(people))).all()
        },
    }
