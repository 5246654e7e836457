"""The people of the demonstration: one for each role, called by the role. Nobody has an invented name."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tracker import access
from tracker.models import Role, User
from tracker.policy import SYSTEM, Actor
from tracker.services import people
from tracker.services.people import NewPerson

HEREFORDSHIRE = "herefordshire"
WORCESTERSHIRE = "worcestershire"
NORTH = "north-worcestershire"
SOUTH = "south-worcestershire"

TITLES: Sequence[tuple[str, str, Role]] = (
    ("officer", "Business unit officer", Role.OFFICER),
    ("manager", "Business unit manager", Role.MANAGER),
    ("chair", "CSP chair", Role.CHAIR),
    ("decision-maker", "Decision-maker", Role.DECISION_MAKER),
    ("panel", "Panel member", Role.PANEL),
    ("auditor", "Auditor", Role.AUDITOR),
    ("admin", "Administrator", Role.ADMINISTRATOR),
)

LEADS: dict[str, tuple[str, ...]] = {
    HEREFORDSHIRE: (
        "west-mercia-police", "herefordshire-council", "probation-service", "hereford-and-worcester-fire",
        "herefordshire-dva-steering-group", "herefordshire-alcohol-harm-reduction-group",
        "herefordshire-csp",
    ),
    WORCESTERSHIRE: (
        "worcestershire-county-council-public-health", "herefordshire-and-worcestershire-icb", "west-mercia-pcc",
        "worcestershire-domestic-abuse-forum", "worcestershire-reducing-reoffending-strategy-group", "swanswell", "north-worcestershire-csp",
        "herefordshire-and-worcestershire-combatting-drugs-partnership",
    ),
}  # fmt: skip
"""The bodies that each agency lead answers for. The others have nobody who signs in."""

BOTH = "officer@both.example"


def home_of(partnership: str) -> str:
    """Where the people of a partnership work: the county board works for the CSPs that it co-ordinates."""
    return HEREFORDSHIRE if partnership == HEREFORDSHIRE else WORCESTERSHIRE


def email_of(who: str, partnership: str) -> str:
    """The address of somebody by role; an address stays what it is."""
    return who if "@" in who else f"{who}@{home_of(partnership)}.example"


def lead_of(body: str) -> str | None:
    """The address of the agency lead who answers for a body, if anybody does."""
    return next((f"lead@{home}.example" for home, bodies in LEADS.items() if body in bodies), None)


def settle(session: Session, password: str, *, at: datetime) -> None:
    """Add everybody, with the one password that they share."""
    for home, bodies in LEADS.items():
        for who, title, role in TITLES:
            _add(session, NewPerson(f"{who}@{home}.example", title, role, partnership=home), at)
        for body in bodies:
            _add(session, NewPerson(f"lead@{home}.example", "Agency lead", Role.LEAD, organisation=body), at)
        _add(session, NewPerson(BOTH, "Business unit officer", Role.OFFICER, partnership=home), at)
    people.set_demonstration_password(session, password)
    session.flush()


def _add(session: Session, asked: NewPerson, at: datetime) -> None:
    # Nobody knows this one: the password that they share is set for all of them together.
    user = people.add(session, SYSTEM, asked, password=f"{asked.email}, until the others are there", at=at)
    user.demonstration = True
    session.add(user)


class Cast:
    """The people as actors. What they are named for is read again after each new naming."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session = session
        self.at = at
        self._known: dict[str, Actor] = {}

    def user(self, email: str) -> User:
        """The account of that address."""
        return self._session.exec(select(User).where(col(User.email) == email)).one()

    def actor(self, email: str) -> Actor:
        """Everything that decides what this person may do."""
        if email not in self._known:
            self._known[email] = access.actor_for(self._session, self.user(email), self.at)
        return self._known[email]

    def renamed(self, email: str) -> None:
        """Somebody was named for a case: ask afresh what they may open."""
        self._known.pop(email, None)
