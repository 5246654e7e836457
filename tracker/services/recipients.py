"""Who a reminder goes to: a part played for a deadline, turned into people and mailboxes of today.

A restricted case is spoken of only to people who may open it, and to the mailbox of the agency that owes the item.
Where nobody plays a part, the reminder goes to somebody else rather than to nobody: see ``_INSTEAD``.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from tracker import access, clock
from tracker.models import (
    Case,
    CaseGrant,
    Deadline,
    Membership,
    Organisation,
    Partnership,
    Role,
    Sensitivity,
    User,
)
from tracker.policy import Actor, Permission, allows
from tracker.services import answered, returning
from tracker.services.lead_bodies import LeadBodies
from workflows.deciders import Decider
from workflows.ladder import Who

_LOWEST_FIRST = (Who.LEAD, Who.OFFICER, Who.MANAGER, Who.CHAIR, Who.ESCALATION)
_INSTEAD: Mapping[Who, tuple[Who, ...]] = {
    Who.LEAD: (Who.OFFICER, Who.MANAGER),
    Who.OFFICER: (Who.MANAGER,),
    Who.MANAGER: (Who.OFFICER,),
    Who.CHAIR: (Who.MANAGER, Who.OFFICER),
    Who.ESCALATION: (Who.MANAGER, Who.OFFICER),
}

_PART_OF: Mapping[str, Who] = {
    Decider.AGENCY_LEAD: Who.LEAD,
    Decider.BU_MANAGER: Who.MANAGER,
    Decider.CSP_CHAIR: Who.CHAIR,
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One mailbox that a notice goes to, once.

    ``part`` is the part it is addressed in and ``parts`` every part that it covers. ``user_id`` is None for the
    mailbox of an organisation. ``no_lead`` says that it is told because no lead can be.
    """

    address: str
    user_id: int | None
    part: Who
    parts: frozenset[Who]
    no_lead: bool = False

    def with_parts_of(self, other: "Recipient") -> "Recipient":
        """The same mailbox, told once for both: addressed in the higher part."""
        return replace(
            self,
            part=max(self.part, other.part, key=_LOWEST_FIRST.index),
            parts=self.parts | other.parts,
            no_lead=self.no_lead or other.no_lead,
        )


@dataclass(frozen=True, slots=True)
class _Mailbox:
    """An address and, where somebody signs in with it, that person."""

    address: str
    user: User | None = None


class Directory:
    """Who plays which part at one instant. Reads people once; make one for each transaction."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session = session
        self._at = at
        self._today = clock.london(at)
        self._staff: dict[tuple[int, Role], tuple[User, ...]] = {}
        self._leads: dict[int, tuple[User, ...]] = {}
        self._actors: dict[int, Actor] = {}
        self._bodies = LeadBodies(session, self._today)
        self._officer: dict[int, User | None] = {}
        self._boards: dict[int, int | None] = {}
        self._returning = returning.addresses(session)
        self._asked = answered.asked(session)

    def audience(self, case: Case, deadline: Deadline, parts: Iterable[Who]) -> tuple[Recipient, ...]:
        """Who is told of a deadline in these parts, each mailbox once, in the order of the parts.

        An address from which mail comes back is left out, and whoever stands in is told. Empty only when nobody at all
        works for the partnership, nobody may open the restricted case, or every address returns mail.
        """
        bodies = self._bodies.owing(case, deadline.instance)
        as_lead = _PART_OF.get(deadline.owner, Who.OFFICER)
        told: dict[str, Recipient] = {}
        for wanted in parts:
            for part, mailbox in self._found(
                case, wanted, deadline.owner, bodies, with_us=self.with_us(case, deadline)
            ):
                one = Recipient(
                    mailbox.address.strip().lower(),
                    mailbox.user.id if mailbox.user else None,
                    as_lead if part is Who.LEAD else part,
                    frozenset({wanted, as_lead if part is Who.LEAD else part}),
                    no_lead=wanted is Who.LEAD and part is not Who.LEAD and not self.with_us(case, deadline),
                )
                earlier = told.get(one.address)
                told[one.address] = earlier.with_parts_of(one) if earlier else one
        return tuple(told.values())

    def with_us(self, case: Case, deadline: Deadline) -> bool:
        """Whether the agency that owes it has answered, and the unit has still to decide: it is not asked again."""
        return deadline.owner == Decider.AGENCY_LEAD and (answered.reported(case) or case.id in self._asked)

    def left_out(self, case: Case, deadline: Deadline, part: Who) -> frozenset[str]:
        """Addresses that would be told of a deadline in a part, if mail did not come back from them."""
        if not self._returning or self.with_us(case, deadline):
            return frozenset()
        bodies = self._bodies.owing(case, deadline.instance)
        returning_now, self._returning = self._returning, frozenset()
        try:
            found = self._permitted(case, self._playing(case, part, deadline.owner, bodies))
        finally:
            self._returning = returning_now
        return frozenset(mailbox.address.strip().lower() for mailbox in found) & returning_now

    def deciding(self, case: Case, decider: Decider) -> tuple[Recipient, ...]:
        """Who is told that something waits for this decider, each mailbox once."""
        as_part = _PART_OF.get(decider, Who.OFFICER)
        found = self._found(case, Who.LEAD, decider, self._bodies.owing(case, ""))
        told = {
            mailbox.address.strip().lower(): (as_part if part is Who.LEAD else part, mailbox.user)
            for part, mailbox in found
        }
        return tuple(
            Recipient(address, user.id if user else None, part, frozenset({part}))
            for address, (part, user) in told.items()
        )

    def may_open(self, user: User, case: Case) -> bool:
        """Whether this person may open the case today."""
        return user.active and allows(
            self.actor(user), Permission.CASE_READ, access.subject_of(self._session, case)
        )

    def actor(self, user: User) -> Actor:
        """What a person may do today."""
        key = _row(user.id)
        if key not in self._actors:
            self._actors[key] = access.actor_for(self._session, user, self._at)
        return self._actors[key]

    def _found(
        self, case: Case, wanted: Who, owner: str, bodies: Sequence[Organisation], *, with_us: bool = False
    ) -> list[tuple[Who, _Mailbox]]:
        theirs = {Who.LEAD, Who.ESCALATION} if with_us else frozenset()
        for part in (wanted, *_INSTEAD[wanted]):
            if part in theirs:
                continue
            found = self._permitted(case, self._playing(case, part, owner, bodies))
            if found:
                return [(part, mailbox) for mailbox in found]
        if case.sensitivity == Sensitivity.RESTRICTED:
            return [(Who.OFFICER, mailbox) for mailbox in self._named(case)]
        return []

    def _permitted(self, case: Case, mailboxes: Iterable[_Mailbox]) -> list[_Mailbox]:
        restricted = case.sensitivity == Sensitivity.RESTRICTED
        return [
            mailbox
            for mailbox in mailboxes
            if mailbox.address.strip().lower() not in self._returning
            and self._is_told(mailbox.user, case, restricted=restricted)
        ]

    def _is_told(self, user: User | None, case: Case, *, restricted: bool) -> bool:
        """Whether somebody may be told; the mailbox of an organisation is nobody's in particular."""
        return user is None or (self.may_open(user, case) if restricted else user.active)

    def _playing(
        self, case: Case, part: Who, owner: str, bodies: Sequence[Organisation]
    ) -> Iterator[_Mailbox]:
        if part is Who.LEAD:
            yield from self._owing(case, owner, bodies)
        elif part is Who.OFFICER:
            yield from self._officers(case)
        elif part is Who.MANAGER:
            yield from self._in(case, Role.MANAGER)
        elif part is Who.CHAIR:
            yield from self._in(case, Role.CHAIR)
        else:
            for body in bodies:
                if body.escalation_email:
                    yield _Mailbox(body.escalation_email)

    def _owing(self, case: Case, owner: str, bodies: Sequence[Organisation]) -> Iterator[_Mailbox]:
        """Whoever the definition says owes it."""
        match owner:
            case Decider.AGENCY_LEAD:
                for body in bodies:
                    yield from self._of_body(case, body)
            case Decider.BU_MANAGER:
                yield from self._in(case, Role.MANAGER)
            case Decider.CSP_CHAIR:
                yield from self._in(case, Role.CHAIR)
            case Decider.DECISION_MAKER:
                yield from self._in(case, Role.DECISION_MAKER)
                yield from self._officers(case)
            case _:  # the unit acts for panels, for reviews' chairs, and for itself
                yield from self._officers(case)

    def _officers(self, case: Case) -> Iterator[_Mailbox]:
        own = self._user(case.owner_user_id) if case.owner_user_id else None
        # One whose role has ended may sign in for another partnership, and knows nothing of this one any more.
        if own is not None and self.may_open(own, case) and self._permitted(case, [_Mailbox(own.email, own)]):
            yield _Mailbox(own.email, own)
        else:
            yield from self._in(case, Role.OFFICER)

    def _in(self, case: Case, role: Role) -> list[_Mailbox]:
        """Who holds a role in the partnership of a case; where nobody does, in the board that co-ordinates it."""
        there = self._permitted(case, self._holding(case.partnership_id, role))
        board = None if there else self._board(case.partnership_id)
        return there if board is None else self._holding(board, role)

    def _user(self, number: int) -> User | None:
        if number not in self._officer:
            self._officer[number] = self._session.get(User, number)
        return self._officer[number]

    def _board(self, partnership_id: int) -> int | None:
        """The board that co-ordinates for a partnership."""
        if partnership_id not in self._boards:
            partnership = self._session.get(Partnership, partnership_id)
            self._boards[partnership_id] = partnership.coordinator_id if partnership else None
        return self._boards[partnership_id]

    def _holding(self, partnership_id: int, role: Role) -> list[_Mailbox]:
        key = (partnership_id, role)
        if key not in self._staff:
            self._staff[key] = self._members(role, col(Membership.partnership_id) == partnership_id)
        return [_Mailbox(user.email, user) for user in self._staff[key]]

    def _of_body(self, case: Case, body: Organisation) -> list[_Mailbox]:
        """The agency's leads; its mailbox where it has none, or none that may open the restricted case."""
        key = _row(body.id)
        if key not in self._leads:
            self._leads[key] = self._members(Role.LEAD, col(Membership.organisation_id) == key)
        leads = self._permitted(case, [_Mailbox(user.email, user) for user in self._leads[key]])
        return leads or ([_Mailbox(body.contact_email)] if body.contact_email else [])

    def know(self, cases: Iterable[Case]) -> None:
        """Read who shares the lead of these cases in one question instead of one for each."""
        self._bodies.know(cases)

    def _members(self, role: Role, where: ColumnElement[bool]) -> tuple[User, ...]:
        users = self._session.exec(
            select(User)
            .join(Membership, col(Membership.user_id) == User.id)
            .where(
                where,
                Membership.role == role,
                or_(col(Membership.from_on).is_(None), col(Membership.from_on) <= self._today),
                or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= self._today),
                col(User.active),
            )
            .order_by(col(User.id))
        ).all()
        return tuple({user.id: user for user in users}.values())

    def _named(self, case: Case) -> list[_Mailbox]:
        """People named for a restricted case: its officers, or its managers, or else whoever may open it."""
        users = self._session.exec(
            select(User)
            .join(CaseGrant, col(CaseGrant.user_id) == User.id)
            .where(CaseGrant.case_id == case.id, col(CaseGrant.ended_at).is_(None), col(User.active))
            .order_by(col(User.id))
        ).all()
        able = [
            user
            for user in {user.id: user for user in users}.values()
            if self.may_open(user, case) and user.email.strip().lower() not in self._returning
        ]
        for role in (Role.OFFICER, Role.MANAGER):
            holders = [user for user in able if case.partnership_id in self.actor(user).partnerships(role)]
            if holders:
                return [_Mailbox(user.email, user) for user in holders]
        return [_Mailbox(user.email, user) for user in able]


def parts_of(payload: Mapping[str, object]) -> frozenset[Who]:
    """The parts that a notice was decided for, as its payload keeps them."""
    kept = payload.get("parts", [])
    return frozenset(Who(str(part)) for part in kept) if isinstance(kept, list) else frozenset()


def in_order(parts: Collection[Who]) -> list[str]:
    """Parts as a payload keeps them."""
    return [str(part) for part in _LOWEST_FIRST if part in parts]


def _row(number: int | None) -> int:
    if number is None:
        raise ValueError("the row has no number yet: flush first")
    return number
