"""What the pages of a review show beside its facts: checklists, people, panel, submissions and amendments."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker import access
from tracker.audit import Happened
from tracker.errors import NotVisible
from tracker.models import Amendment, Case, Event, PanelPart, ReviewSubject, ReviewTask, SubjectRole, User
from tracker.policy import Actor, Permission, allows
from tracker.queries import case_page, choices, standing
from tracker.queries.case_page import CaseHead
from tracker.queries.choices import Choices
from tracker.queries.standing import DateShown
from tracker.services import amendments, panel, review_bodies, review_people, tasks
from tracker.services.guarded import REVIEW_PAGES
from tracker.services.positions import children_of, workflow_for
from tracker.services.recording import values_of
from tracker.services.review_known import missing_bodies
from tracker.services.task_words import plain
from workflows.facts import words as fact_words

SUBMITTED = ("submit_to_home_office", "resubmit")
ANSWERED = ("ho_clears", "ho_clears_with_amendments", "ho_requires_resubmission")


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a review needs; ``records``: the actor records things on it."""

    case: Case
    head: CaseHead
    dates: tuple[DateShown, ...]
    records: bool


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One line of a checklist. ``status`` is completed, not_needed, in_progress (a note says how far), not_started; ``sub`` says who, when and why."""

    key: str
    text: str
    must: bool
    status: str
    sub: str
    note: str
    reason: str
    done_on: date | None

    @property
    def open(self) -> bool:
        """Neither done nor said not to be needed."""
        return self.status in {"not_started", "in_progress"}


@dataclass(frozen=True, slots=True)
class Checklist:
    """The checklist of one state."""

    state: str
    label: str
    current: bool
    tasks: tuple[TaskShown, ...]

    @property
    def settled(self) -> int:
        """How many are done or not needed."""
        return sum(not task.open for task in self.tasks)

    @property
    def left(self) -> int:
        """How many that must be done are open."""
        return sum(task.must and task.open for task in self.tasks)


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person of the review as the page shows them."""

    number: int
    role: str
    pseudonym: str
    age: str
    sub: str
    relevant: tuple[str, ...]
    considered: int


@dataclass(frozen=True, slots=True)
class SeatShown:
    """A place on the panel. ``line`` is how an address speaks of it; ``listed`` what the Act says of the body."""

    line: int
    organisation: str
    role_title: str
    part: str
    listed: str
    doubts: tuple[str, ...]
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission to the Home Office with its pack, its letter and the outcome."""

    number: int
    submitted_on: date
    reference: str
    pack: str
    letter_on: date | None
    letter: str
    outcome: str


def frame(session: Session, actor: Actor, reference: str, today: date, *, of_a_death: bool = False) -> Frame:
    """The case, if the actor may read it and it has such pages.

    Raises:
        NotVisible: there is no such case, it is not theirs to see, or it is not the review of a death and should be.
    """
    case = access.case_for(session, actor, reference)
    if of_a_death and REVIEW_PAGES not in workflow_for(case).fact_by_name:
        raise NotVisible("There is no such page for this case.")
    dates = standing.dates_of(session, case, today)
    return Frame(
        case,
        case_page.head_of(session, actor, case, dates),
        dates,
        allows(actor, Permission.CASE_RECORD, access.subject_of(session, case)),
    )


def checklists(session: Session, case: Case) -> tuple[Checklist, ...]:
    """The checklists that were opened, the present state's first, then the latest."""
    workflow = workflow_for(case)
    rows = tasks.tasks_of(session, case)
    ids = {row.done_by_id for row in rows}
    people = {user.id: user.name for user in session.exec(select(User).where(col(User.id).in_(ids))).all()}
    found = [
        Checklist(
            state.name,
            state.label,
            state.name == case.state,
            tuple(_task(row, people.get(row.done_by_id, "")) for row in rows if row.state == state.name),
        )
        for state in reversed(workflow.states)
    ]
    return tuple(sorted((each for each in found if each.tasks), key=lambda each: not each.current))


def present_checklist(session: Session, case: Case) -> Checklist | None:
    """The checklist of the state that the case is at, if it has one."""
    if not workflow_for(case).tasks:
        return None
    return next((each for each in checklists(session, case) if each.current), None)


def people(session: Session, case: Case) -> tuple[PersonShown, ...]:
    """Everybody in the review."""
    return tuple(_person(row) for row in review_people.people_of(session, case))


def seats(session: Session, case: Case, today: date) -> tuple[SeatShown, ...]:
    """Everybody who sits or sat on the panel."""
    shown = []
    for line, (member, body) in enumerate(panel.members_of(session, case), start=1):
        listed = review_bodies.what_is(body, case.process, member.to_on or today) if body else None
        doubts = []
        if not member.independent:
            doubts.append("Not independent of the line management of the case")
        if member.managed_the_case:
            doubts.append("Managed the case or staff who worked on it")
        shown.append(
            SeatShown(
                line, body.name if body else "", member.role_title, panel.PARTS[PanelPart(member.part)],
                f"{listed.label}: {listed.basis}" if listed else "Takes part by invitation", tuple(doubts),
                member.from_on, member.to_on,
            )
        )  # fmt: skip
    return tuple(shown)


def unseated(session: Session, case: Case, today: date) -> tuple[str, ...]:
    """Names of the bodies that the Act lists, that were involved, and that have nobody on the panel."""
    return tuple(body.name for body in missing_bodies(session, case, children_of(session, case), today))


def bodies(session: Session, case: Case, today: date) -> Choices:
    """The bodies that a panel member can come from."""
    return choices.organisations(session, case.partnership_id, today)


def submissions(session: Session, case: Case) -> tuple[Submission, ...]:
    """Every submission to the Home Office, the latest first, each with the letter that answered it."""
    workflow = workflow_for(case)
    rows = session.exec(
        select(Event)
        .where(
            Event.case_id == case.id,
            Event.kind == Happened.CASE_MOVED,
            col(Event.name).in_((*SUBMITTED, *ANSWERED)),
        )
        .order_by(col(Event.seq))
    ).all()
    found: list[Submission] = []
    pack = ""
    for event in rows:
        facts = values_of(workflow, event.facts)
        if event.name in SUBMITTED:
            listed = workflow.fact_by_name["submission_pack"]
            pack = fact_words(listed, facts["submission_pack"], {}) if "submission_pack" in facts else pack
            on = facts.get("submitted_on")
            found.append(
                Submission(
                    len(found) + 1, on if isinstance(on, date) else event.occurred_on,
                    str(facts.get("submission_reference", "")), pack, None, "", "",
                )
            )  # fmt: skip
        elif found:
            last, letter_on = found[-1], facts.get("feedback_letter_on")
            move = workflow.move(event.name, event.from_state)
            found[-1] = Submission(
                last.number, last.submitted_on, last.reference, last.pack,
                letter_on if isinstance(letter_on, date) else event.occurred_on,
                str(facts.get("feedback_letter_doc", "")), move.past if move else event.name,
            )  # fmt: skip
    return tuple(reversed(found))


def points(session: Session, case: Case) -> tuple[Amendment, ...]:
    """Every amendment that a letter asked for, the latest submission's first."""
    return tuple(amendments.amendments_of(session, case))


def _task(row: ReviewTask, by: str) -> TaskShown:
    status = "completed" if row.done_on else "not_needed" if row.not_needed_reason else "not_started"
    if status == "not_started" and row.note:
        status = "in_progress"
    said = [row.not_needed_reason, row.note, by]
    kind = [] if row.must else ["Optional"]
    sub = ". ".join(part.rstrip(".") for part in (*kind, *said) if part)
    return TaskShown(
        row.key, plain(row.text), row.must, status, sub, row.note, row.not_needed_reason, row.done_on
    )


def _person(row: ReviewSubject) -> PersonShown:
    said = [row.relationship, "has died" if row.is_deceased and row.role != SubjectRole.DECEASED else ""]
    return PersonShown(
        row.number,
        review_people.ROLES[SubjectRole(row.role)],
        row.pseudonym,
        AGES.get(row.age_band, row.age_band),
        ", ".join(part for part in said if part),
        tuple(
            review_people.CHARACTERISTICS[name]
            for name, said_of in row.characteristics.items()
            if said_of.get("relevant")
        ),
        sum(bool(said_of.get("considered")) for said_of in row.characteristics.values()),
    )


AGES = {"under_16": "Under 16", "65+": "65 or over", "not_known": "Not known"}
"""Age bands that do not read by themselves."""
