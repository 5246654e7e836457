"""The tables. No queries, no policy, no commits."""

from tracker.models.areas import Area, AreaBody, AreaKind, BodyKind, Independence, LocalPolicy
from tracker.models.cases import Case, CaseGrant, CaseParty, Event, Sensitivity
from tracker.models.deadlines import Deadline, DeadlineChange, DeadlineStatus
from tracker.models.partnerships import Holiday, Organisation, Partnership, PartnershipKind
from tracker.models.people import AccessLog, Looked, Membership, Role, SignIn, SignInAttempt, User
from tracker.models.plans import ActionDetails, Plan
from tracker.models.reminders import Lease, Outbox, OutboxState

__all__ = [
    "AccessLog",
    "ActionDetails",
    "Area",
    "AreaBody",
    "AreaKind",
    "BodyKind",
    "Case",
    "CaseGrant",
    "CaseParty",
    "Deadline",
    "DeadlineChange",
    "DeadlineStatus",
    "Event",
    "Holiday",
    "Independence",
    "Lease",
    "LocalPolicy",
    "Looked",
    "Membership",
    "Organisation",
    "Outbox",
    "OutboxState",
    "Partnership",
    "PartnershipKind",
    "Plan",
    "Role",
    "Sensitivity",
    "SignIn",
    "SignInAttempt",
    "User",
]
