"""What the unit does on an invented review beside its steps: people, panel, checklist."""

from datetime import date, datetime

from sqlmodel import Session

from tracker.models import Case, PanelPart, SubjectRole
from tracker.policy import Actor
from tracker.services import panel, review_people, tasks
from tracker.services.positions import children_of

_TITLES = ("Detective chief inspector", "Head of service", "Named nurse", "Service manager")


def name_people(session: Session, actor: Actor, case: Case, day: date, at: datetime) -> None:
    """The person who died and the other person, under the names of trees."""
    del day
    deceased = str(case.facts.get("deceased_pseudonym", ""))
    for role, pseudonym, dead in (
        (SubjectRole.DECEASED, deceased, True),
        (SubjectRole.ALLEGED_PERPETRATOR, "Ash", False),
    ):
        person = review_people.Person(
            role,
            pseudonym,
            "Chosen by the chair",
            "35-44",
            "" if dead else "Former partner",
            is_deceased=dead,
        )
        review_people.save(session, actor, case, None, person, seen_version=case.version, at=at)


def seat_panel(session: Session, actor: Actor, case: Case, day: date, at: datetime) -> None:
    """The chair, a member of each agency that was asked, and the specialist service, by role."""
    asked = [child.facts["agency"] for child in children_of(session, case) if child.kind == "summary"]
    seats = [panel.Seat("Independent chair", PanelPart.CHAIR, day)]
    seats += [
        panel.Seat(_TITLES[number % len(_TITLES)], PanelPart.MEMBER, day, str(agency))
        for number, agency in enumerate(asked)
    ]
    seats.append(panel.Seat("Manager of the specialist domestic abuse service", PanelPart.SPECIALIST_DA, day))
    for seat in seats:
        panel.seat(session, actor, case, seat, seen_version=case.version, at=at)


def settle_tasks(session: Session, actor: Actor, case: Case, day: date, at: datetime) -> None:
    """Everything on the checklist is done."""
    keys = [task.key for task in tasks.tasks_of(session, case) if task.done_on is None]
    if keys:
        asked = tasks.Settled(case.version, keys, day, note="On the case file")
        tasks.settle(session, actor, case, asked, at=at)
