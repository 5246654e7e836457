"""Who may do what: one table of pure predicates. A permission that is not listed is held by nobody.

The question "may they?" has two halves. An endpoint carries a :class:`Permission` as a label (is this sort of thing
theirs at all?); the service asks :func:`allows` again with the record in hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.models.people import Role
from workflows.deciders import Decider


class Permission(StrEnum):
    """Something that a person may or may not do. The value is how a page speaks of it."""

    PUBLIC = "public"  # anybody, signed in or not
    SIGNED_IN = "signed in"  # any signed-in person, whatever they hold
    CASE_READ = "read this case"
    CASE_LOG = "log a case"
    REVIEW_BRING_IN = "bring in a review that is already running"
    REVIEW_KIND = "change the kind of this review"
    CASE_RECORD = "record something on this case"
    CASE_GRANT = "say who may open this case"
    DEADLINE_CHANGE = "change a date"
    ACTION_UPDATE = "report on this action"
    ACTION_VERIFY = "verify this action"
    PLAN_IMPORT = "import an action plan"
    DOCUMENT_ADD = "add a document to this case"
    DOCUMENT_UNRELEASED = "read documents before the panel does"
    LETTER_READ = "read the letters of this case"
    LETTER_TEMPLATES = "change letter templates"
    WORK_READ = "see the work of the partnership"
    REMINDERS_READ = "see which reminders were sent"
    PEOPLE_MANAGE = "manage people"
    POLICY_READ = "read the local procedures"
    POLICY_EDIT = "add or end a version of the local procedures"
    CLOSED_DAYS_READ = "see closed days"
    CLOSED_DAYS_CHANGE = "enter a closed day"
    FIGURES_APPROVE = "approve figures"
    SETUP_READ = "see names and areas"
    SETUP_CHANGE = "change names and areas"
    RUNS = "see and start rounds"
    AUDIT_READ = "check the record"
    ACCESS_READ = "see who looked at what"
    MAIL_RESUME = "say that an address works again"
    RISK_JUDGE = "say whether a date will be late"
    RETENTION_READ = "see how long records are kept"
    RETENTION_DECIDE = "decide how long this case is kept"
    DISPOSAL_DECIDE = "approve that this case is disposed of"
    BOARD_PACK = "put together what the board sees"


@dataclass(frozen=True, slots=True)
class Holding:
    """One role in one partnership, or for one organisation."""

    role: Role
    partnership_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an id and what they hold, built once for a request. The scheduler is an actor without roles."""

    user_id: int | None
    name: str
    email: str = ""
    organisation_id: int | None = None
    holdings: frozenset[Holding] = frozenset()
    granted: frozenset[int] = frozenset()  # ids of the cases they are named for
    system: bool = False
    link_id: int | None = None  # of the e-mail link by which they act, without an account

    def partnerships(self, *roles: Role) -> frozenset[int]:
        """Ids of the partnerships in which they hold one of the roles."""
        return frozenset(
            h.partnership_id for h in self.holdings if h.role in roles and h.partnership_id is not None
        )

    def organisations(self, *roles: Role) -> frozenset[int]:
        """Ids of the organisations for which they hold one of the roles."""
        return frozenset(
            h.organisation_id for h in self.holdings if h.role in roles and h.organisation_id is not None
        )

    def holds(self, *roles: Role) -> bool:
        """Whether they hold one of the roles anywhere."""
        return any(holding.role in roles for holding in self.holdings)


SYSTEM = Actor(user_id=None, name="the system", system=True)
"""The scheduler and the command line: acts without a person."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule looks at: a case, without its content. ``organisation_ids`` lead it or take part in it."""

    partnership_id: int | None
    case_id: int | None = None
    parent_id: int | None = None
    process: str = ""
    restricted: bool = False
    organisation_ids: frozenset[int] = field(default_factory=frozenset)
    state: str = ""


Rule = Callable[[Actor, Subject], bool]

UNIT = (Role.OFFICER, Role.MANAGER)
READERS = (Role.OFFICER, Role.MANAGER, Role.CHAIR, Role.DECISION_MAKER, Role.AUDITOR)
LED = frozenset({"action_item", "information_request", "recommendation"})
"""Processes whose records an agency's lead may open. Leads never open the case above."""
ACTIONS = frozenset({"action_item"})
"""Processes that are an action of a plan."""
REVIEWS = frozenset({"dhr_2016", "dardr", "asb_case_review"})
"""Processes whose cases stand by themselves: everything else belongs to one of them, or to a plan."""
UNTIL_RELEASED: Mapping[str, frozenset[str]] = {
    "information_request": frozenset({"submitted", "queries_raised", "accepted", "nil_return"}),
    "dissatisfaction": frozenset(),
    "family_contact": frozenset(),
    "hold": frozenset(),
}
"""Processes that are no panel's to read, but for these states: what an agency has not sent in yet is its own."""


def _is_named(actor: Actor, subject: Subject) -> bool:
    """Named for the case itself, or for the case that it belongs to."""
    return bool({subject.case_id, subject.parent_id} & actor.granted)


def holds(*roles: Role) -> Rule:
    """One of the roles in the partnership that owns the record, and, if it is restricted, named for it."""

    def rule(actor: Actor, subject: Subject) -> bool:
        inside = subject.partnership_id in actor.partnerships(*roles)
        return inside and (not subject.restricted or _is_named(actor, subject))

    return rule


def named(actor: Actor, subject: Subject) -> bool:
    """Named for the case, with a role that opens cases somewhere: panel members of any agency.

    Leave for the case above opens what belongs to it as :data:`UNTIL_RELEASED` says; leave for the very record, all of it.
    """
    open_to_panels = subject.process not in UNTIL_RELEASED or subject.state in UNTIL_RELEASED[subject.process]
    theirs = subject.case_id in actor.granted or (subject.parent_id in actor.granted and open_to_panels)
    return theirs and actor.holds(Role.PANEL, *READERS)


def leads(actor: Actor, subject: Subject) -> bool:
    """Lead for an organisation that leads this record."""
    return subject.process in LED and bool(actor.organisations(Role.LEAD) & subject.organisation_ids)


def is_system(actor: Actor, _subject: Subject) -> bool:
    """The scheduler or the command line."""
    return actor.system


def for_all(*roles: Role) -> Rule:
    """One of the roles anywhere, for what belongs to every partnership."""
    return lambda actor, subject: subject.partnership_id is None and actor.holds(*roles)


POLICY: Mapping[Permission, tuple[Rule, ...]] = {
    Permission.CASE_READ: (holds(*READERS), named, leads, is_system),
    Permission.CASE_LOG: (holds(*UNIT), is_system),
    Permission.REVIEW_BRING_IN: (holds(Role.MANAGER),),
    Permission.REVIEW_KIND: (holds(Role.MANAGER),),
    Permission.CASE_RECORD: (holds(*UNIT), is_system),
    Permission.CASE_GRANT: (holds(*UNIT), is_system),
    Permission.DEADLINE_CHANGE: (holds(*UNIT), is_system),
    Permission.ACTION_UPDATE: (holds(*UNIT), leads),
    Permission.ACTION_VERIFY: (holds(*UNIT),),
    Permission.PLAN_IMPORT: (holds(*UNIT), is_system),
    Permission.DOCUMENT_ADD: (holds(*UNIT), leads, is_system),
    Permission.DOCUMENT_UNRELEASED: (holds(*READERS), leads, is_system),
    Permission.LETTER_READ: (holds(*READERS),),
    Permission.LETTER_TEMPLATES: (holds(Role.MANAGER),),
    Permission.WORK_READ: (holds(*READERS), is_system),
    Permission.REMINDERS_READ: (holds(*READERS),),
    Permission.PEOPLE_MANAGE: (holds(Role.ADMINISTRATOR),),
    Permission.POLICY_READ: (holds(*READERS, Role.ADMINISTRATOR), is_system),
    Permission.POLICY_EDIT: (holds(Role.MANAGER), is_system),
    Permission.CLOSED_DAYS_READ: (holds(*READERS, Role.ADMINISTRATOR), is_system),
    Permission.CLOSED_DAYS_CHANGE: (holds(Role.MANAGER), for_all(Role.ADMINISTRATOR), is_system),
    Permission.FIGURES_APPROVE: (holds(Role.MANAGER), is_system),
    Permission.SETUP_READ: (holds(*READERS, Role.ADMINISTRATOR), is_system),
    Permission.SETUP_CHANGE: (holds(Role.MANAGER, Role.ADMINISTRATOR), is_system),
    Permission.RUNS: (holds(Role.ADMINISTRATOR),),
    Permission.AUDIT_READ: (holds(Role.AUDITOR, Role.ADMINISTRATOR),),
    Permission.ACCESS_READ: (holds(Role.AUDITOR),),
    Permission.MAIL_RESUME: (holds(*UNIT, Role.ADMINISTRATOR),),
    Permission.RISK_JUDGE: (holds(Role.MANAGER),),
    Permission.RETENTION_READ: (holds(*READERS, Role.ADMINISTRATOR),),
    Permission.RETENTION_DECIDE: (holds(Role.MANAGER),),
    Permission.DISPOSAL_DECIDE: (holds(Role.MANAGER, Role.CHAIR),),
    Permission.BOARD_PACK: (holds(*UNIT, Role.CHAIR),),
}

AT_THE_DOOR: Mapping[Permission, tuple[Role, ...]] = {
    Permission.CASE_READ: (*READERS, Role.LEAD, Role.PANEL),
    Permission.CASE_LOG: UNIT,
    Permission.REVIEW_BRING_IN: (Role.MANAGER,),
    Permission.REVIEW_KIND: (Role.MANAGER,),
    Permission.CASE_RECORD: UNIT,
    Permission.CASE_GRANT: UNIT,
    Permission.DEADLINE_CHANGE: UNIT,
    Permission.ACTION_UPDATE: (*UNIT, Role.LEAD),
    Permission.ACTION_VERIFY: UNIT,
    Permission.PLAN_IMPORT: UNIT,
    Permission.DOCUMENT_ADD: (*UNIT, Role.LEAD),
    Permission.DOCUMENT_UNRELEASED: (*READERS, Role.LEAD),
    Permission.LETTER_READ: READERS,
    Permission.LETTER_TEMPLATES: (Role.MANAGER,),
    Permission.WORK_READ: READERS,
    Permission.REMINDERS_READ: READERS,
    Permission.PEOPLE_MANAGE: (Role.ADMINISTRATOR,),
    Permission.POLICY_READ: (*READERS, Role.ADMINISTRATOR),
    Permission.POLICY_EDIT: (Role.MANAGER,),
    Permission.CLOSED_DAYS_READ: (*READERS, Role.ADMINISTRATOR),
    Permission.CLOSED_DAYS_CHANGE: (Role.MANAGER, Role.ADMINISTRATOR),
    Permission.FIGURES_APPROVE: (Role.MANAGER,),
    Permission.SETUP_READ: (*READERS, Role.ADMINISTRATOR),
    Permission.SETUP_CHANGE: (Role.MANAGER, Role.ADMINISTRATOR),
    Permission.RUNS: (Role.ADMINISTRATOR,),
    Permission.AUDIT_READ: (Role.AUDITOR, Role.ADMINISTRATOR),
    Permission.ACCESS_READ: (Role.AUDITOR,),
    Permission.MAIL_RESUME: (*UNIT, Role.ADMINISTRATOR),
    Permission.RISK_JUDGE: (Role.MANAGER,),
    Permission.RETENTION_READ: (*READERS, Role.ADMINISTRATOR),
    Permission.RETENTION_DECIDE: (Role.MANAGER,),
    Permission.DISPOSAL_DECIDE: (Role.MANAGER, Role.CHAIR),
    Permission.BOARD_PACK: (*UNIT, Role.CHAIR),
}
"""Roles that may knock at an endpoint with this label; which records they then find is for :data:`POLICY`."""

DECIDERS: Mapping[Decider, tuple[Rule, ...]] = {
    Decider.BU_OFFICER: (holds(*UNIT), is_system),
    Decider.BU_MANAGER: (holds(Role.MANAGER),),
    Decider.CSP_CHAIR: (holds(Role.CHAIR),),
    Decider.AGENCY_LEAD: (leads, holds(*UNIT)),  # the unit may record it for a lead
    Decider.PANEL: (named, holds(*UNIT)),  # the unit keeps the panel's minutes
    Decider.DECISION_MAKER: (holds(Role.DECISION_MAKER),),
    Decider.PANEL_CHAIR: (),  # reviews' chairs are outsiders: the unit records for them, with evidence
    Decider.DISSATISFACTION_REVIEWER: (),
    Decider.SYSTEM: (is_system,),
}
"""A workflow says who decides under the procedures; this says who that is in the system."""

ON_BEHALF: Mapping[Decider, tuple[Rule, ...]] = {
    Decider.CSP_CHAIR: (holds(*UNIT),),
    Decider.DECISION_MAKER: (holds(*UNIT),),
    Decider.PANEL_CHAIR: (holds(*UNIT),),
    Decider.DISSATISFACTION_REVIEWER: (holds(*UNIT),),
}
"""Who may record a decision for its maker, with the minute or e-mail as evidence. Managers' decisions: nobody."""


def allows(actor: Actor, permission: Permission, subject: Subject) -> bool:
    """Whether the actor may do this to this record."""
    return any(rule(actor, subject) for rule in POLICY.get(permission, ()))


def may_knock(actor: Actor, permission: Permission) -> bool:
    """Whether an endpoint with this label is open to the actor at all."""
    if permission in {Permission.PUBLIC, Permission.SIGNED_IN}:
        return permission is Permission.PUBLIC or actor.user_id is not None
    return actor.holds(*AT_THE_DOOR.get(permission, ()))


def decides(actor: Actor, deciders: tuple[Decider, ...], subject: Subject) -> bool:
    """Whether one of these decisions is the actor's own to take."""
    return any(rule(actor, subject) for decider in deciders for rule in DECIDERS.get(decider, ()))


def records_for(actor: Actor, deciders: tuple[Decider, ...], subject: Subject) -> Decider | None:
    """For whom the actor may record such a decision, with evidence; None if for nobody."""
    return next((d for d in deciders if any(rule(actor, subject) for rule in ON_BEHALF.get(d, ()))), None)
