"""A fixed cast: one person for each role, an outsider, and two partnerships. Nobody has a name."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session, select

from tracker import access
from tracker.db import Database
from tracker.models import Area, LocalPolicy, Membership, Organisation, Partnership, Role, User
from tracker.policy import Actor

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MONDAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Cast:
    """Ids of what was made; actors are built on demand, as a request builds them."""

    herefordshire: int
    worcestershire: int
    police: int
    housing: int
    people: dict[str, int]

    def actor(self, session: Session, who: str, at: datetime = NOON) -> Actor:
        """The actor of one of the cast: ``officer``, ``manager`` ..."""
        user = session.exec(select(User).where(User.id == self.people[who])).one()
        return access.actor_for(session, user, at)


PEOPLE = (
    ("officer", Role.OFFICER, "herefordshire"),
    ("officer2", Role.OFFICER, "herefordshire"),
    ("manager", Role.MANAGER, "herefordshire"),
    ("chair", Role.CHAIR, "herefordshire"),
    ("decision-maker", Role.DECISION_MAKER, "herefordshire"),
    ("auditor", Role.AUDITOR, "herefordshire"),
    ("admin", Role.ADMINISTRATOR, "herefordshire"),
    ("outsider", Role.OFFICER, "worcestershire"),
    ("lead", Role.LEAD, "police"),
    ("lead2", Role.LEAD, "housing"),
    ("panel", Role.PANEL, "herefordshire"),
)


def settle(database: Database) -> Cast:
    """Put the cast into an empty database."""
    with database.transaction() as session:
        herefordshire = Partnership(
            key="herefordshire", prefix="HCSP", name="Herefordshire Community Safety Partnership", kind="csp"
        )
        worcestershire = Partnership(
            key="worcestershire", prefix="WSCB", name="Worcestershire Safer Communities Board", kind="board"
        )
        police = Organisation(
            key="west-mercia-police", name="West Mercia Police", kind="police",
            contact_email="mailbox@police.example", escalation_email="senior@police.example",
        )  # fmt: skip
        housing = Organisation(key="housing", name="Housing association", kind="housing")
        session.add_all([herefordshire, worcestershire, police, housing])
        session.flush()
        for place, area in ((herefordshire, "Herefordshire"), (worcestershire, "Worcester")):
            session.add(Area(key=area.lower(), name=area, kind="unitary", partnership_id=place.id or 0))
            session.add(
                LocalPolicy(
                    partnership_id=place.id or 0, process="asb_case_review", name=f"{area} 2014",
                    effective_from=date(2014, 10, 20),
                )
            )  # fmt: skip
        session.flush()
        where = {
            "herefordshire": {"partnership_id": herefordshire.id},
            "worcestershire": {"partnership_id": worcestershire.id},
            "police": {"organisation_id": police.id},
            "housing": {"organisation_id": housing.id},
        }
        people: dict[str, int] = {}
        for who, role, place in PEOPLE:
            user = User(
                email=f"{who}@example.test", name=who.replace("-", " ").capitalize(), created_at=NOON,
                organisation_id=where[place].get("organisation_id"),
            )  # fmt: skip
            session.add(user)
            session.flush()
            session.add(Membership(user_id=user.id, role=role, **where[place]))
            people[who] = user.id or 0
        session.flush()
        return Cast(herefordshire.id or 0, worcestershire.id or 0, police.id or 0, housing.id or 0, people)
