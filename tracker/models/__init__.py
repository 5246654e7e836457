"""The tables. No queries, no policy, no commits."""

from tracker.models.areas import Area, AreaBody, AreaKind, BodyKind, Independence, LocalPolicy
from tracker.models.asb import (
    AsbReport,
    Band,
    Dated,
    HarmAssessment,
    IncidentRecord,
    Method,
    PassOn,
    RecordStatus,
    ReportIncident,
)
from tracker.models.board import BoardItem, Indicator, IndicatorValue
from tracker.models.cases import Case, CaseGrant, CaseParty, Event, Sensitivity
from tracker.models.deadlines import Deadline, DeadlineChange, DeadlineStatus
from tracker.models.dhr import (
    AGE_BANDS,
    Amendment,
    PanelMember,
    PanelPart,
    ReviewSubject,
    ReviewTask,
    SubjectRole,
)
from tracker.models.documents import Document, DocumentKind, Marking, Metadata, Scan
from tracker.models.drafts import Draft
from tracker.models.duties import DutyRecord
from tracker.models.feeds import CalendarFeed, DateKind, FeedScope
from tracker.models.figures import PublishedFigures
from tracker.models.letters import Letter, LetterTemplate
from tracker.models.partnerships import Holiday, Organisation, Partnership, PartnershipKind
from tracker.models.people import AccessLog, Looked, Membership, Role, SignIn, SignInAttempt, User
from tracker.models.plans import ActionDetails, Plan
from tracker.models.reminders import (
    CardState,
    Early,
    Lease,
    Outbox,
    OutboxState,
    ReminderChoice,
    ReturningMail,
    TeamsCard,
)
from tracker.models.retention import (
    DecisionState,
    LegalHold,
    RecordType,
    RetentionDecision,
    RetentionSchedule,
)
from tracker.models.setup import SetupChange, SetupKind
from tracker.models.update_links import LinkUse, UpdateLink, UpdateLinkCode, UpdateLinkGuess, UpdateLinkUse

__all__ = [
    "AGE_BANDS",
    "AccessLog",
    "ActionDetails",
    "Amendment",
    "Area",
    "AreaBody",
    "AreaKind",
    "AsbReport",
    "Band",
    "BoardItem",
    "BodyKind",
    "CalendarFeed",
    "CardState",
    "Case",
    "CaseGrant",
    "CaseParty",
    "DateKind",
    "Dated",
    "Deadline",
    "DeadlineChange",
    "DeadlineStatus",
    "DecisionState",
    "Document",
    "DocumentKind",
    "Draft",
    "DutyRecord",
    "Early",
    "Event",
    "FeedScope",
    "HarmAssessment",
    "Holiday",
    "IncidentRecord",
    "Independence",
    "Indicator",
    "IndicatorValue",
    "Lease",
    "LegalHold",
    "Letter",
    "LetterTemplate",
    "LinkUse",
    "LocalPolicy",
    "Looked",
    "Marking",
    "Membership",
    "Metadata",
    "Method",
    "Organisation",
    "Outbox",
    "OutboxState",
    "PanelMember",
    "PanelPart",
    "Partnership",
    "PartnershipKind",
    "PassOn",
    "Plan",
    "PublishedFigures",
    "RecordStatus",
    "RecordType",
    "ReminderChoice",
    "ReportIncident",
    "RetentionDecision",
    "RetentionSchedule",
    "ReturningMail",
    "ReviewSubject",
    "ReviewTask",
    "Role",
    "Scan",
    "Sensitivity",
    "SetupChange",
    "SetupKind",
    "SignIn",
    "SignInAttempt",
    "SubjectRole",
    "TeamsCard",
    "UpdateLink",
    "UpdateLinkCode",
    "UpdateLinkGuess",
    "UpdateLinkUse",
    "User",
]
