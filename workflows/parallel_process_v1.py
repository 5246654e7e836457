"""Other proceedings beside a review: another review, an inquest, a trial.

The ``parallel_process`` machine of docs/domestic-homicide-review.md 4.5; kinds from section 2 step 14 and section 7.
They overlap with the review and stop no clock of it; what must wait is a hold.
"""

from datetime import date

from workflows import questions as ask
from workflows.dates import Mode, Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, HeldBy, Kind, Move, Stage, StartsBy, State, Workflow
from workflows.document_ladders import review_ladder
from workflows.effects import Start
from workflows.facts import Choice, Fact, FactKind
from workflows.ladder import Who
from workflows.position import Position, Requirement
from workflows.requirements import has
from workflows.selfcheck import checked

_UNIT = (Decider.BU_OFFICER, Decider.BU_MANAGER)
_KINDS = {
    "sar": "Safeguarding adults review",
    "cspr": "Child safeguarding practice review",
    "rapid_review": "Child rapid review",
    "mappa_scr": "MAPPA serious case review",
    "mhhr_psii": "Mental-health homicide review or patient safety investigation",
    "owhr": "Offensive weapons homicide review",
    "iopc": "IOPC investigation",
    "ppo": "Prisons and Probation Ombudsman investigation",
    "leder": "LeDeR review",
    "inquest": "Inquest",
    "criminal": "Criminal proceedings",
    "dac_report": "Domestic Abuse Commissioner's report (section 8)",
    "susr": "Single unified safeguarding review (Wales)",
    "civil": "Civil or family proceedings",
    "complaint": "Complaint or Ombudsman",
    "other": "Other",
}

_STAGES = (Stage("identified", "Identified"), Stage("running", "Running"), Stage("ended", "Ended"))
_STATES = (
    State("identified", "Identified", "identified", "It may concern this case. Whether it runs is not settled."),
    State("active", "Active", "running", "It runs beside this case."),
    State("awaiting_outcome", "Waiting for the outcome", "running", "It has been heard; what it found is not known yet."),
    State("concluded", "Concluded", "ended", "It has ended.", final=True, held_by=HeldBy.NOBODY),
    State("not_applicable", "Not applicable", "ended", "It does not concern this case.", final=True, held_by=HeldBy.NOBODY),
)  # fmt: skip
_FACTS = (
    Fact("kind", FactKind.CHOICE, "What it is", choices=tuple(Choice(*kind) for kind in _KINDS.items())),
    ask.day("identified_on", "Date it was identified"),
    ask.text("led_by", "Who leads it", "The body or the role, not a name"),
    ask.text("its_reference", "Its reference", private=True),
    ask.choice(
        "arrangement", "How it goes with this case",
        joint="Together with this case", parallel="Side by side", sequenced="One after the other",
    ),
    ask.day("started_on", "Date it began"),
    ask.day("next_date_on", "Its next date", "Trial, hearing, report", planned=True),
    ask.text("next_date_what", "What happens on that date"),
    ask.day("last_checked_on", "Date it was last checked"),
    ask.long_text("check_note", "What the check found", private=True),
    ask.day(
        "pfd_report_on", "Date of the coroner's report to prevent future deaths",
        "Only if there is one that asks us for a reply. Record it before the inquest is recorded as ended",
    ),
    ask.day("pfd_replied_on", "Date of the reply to the coroner"),
    ask.day("rapid_review_from_on", "Date from which the rapid review's time counts", "The notification of the incident"),
    ask.day("rapid_review_done_on", "Date the rapid review was done"),
    ask.day("cspr_decided_on", "Date it was decided to hold the practice review"),
    ask.day("cspr_done_on", "Date the practice review's report was done"),
    ask.day("sar_decided_on", "Date it was decided to hold the safeguarding adults review"),
    ask.day("sar_done_on", "Date the safeguarding adults review was done"),
    ask.day("iopc_duty_on", "Date on which it became clear that the police must refer it"),
    ask.day("iopc_referred_on", "Date of the referral to the IOPC"),
    ask.day("dac_report_published_on", "Date the Commissioner's report was published"),
    ask.day("dac_comments_published_on", "Date our comments on it were published"),
    ask.day("concluded_on", "Date it ended"),
    ask.long_text("outcome", "Its outcome, and what it means for this case", private=True),
    ask.long_text("not_applicable_reason", "Why it does not concern this case"),
    ask.long_text("reopen_reason", "Why it runs again"),
)  # fmt: skip
_BY_STATUTE = (
    ("pfd_report_on", "pfd_replied_on"),
    ("iopc_duty_on", "iopc_referred_on"),
    ("dac_report_published_on", "dac_comments_published_on"),
)


def _done(here: Position) -> bool:
    return all(has(here.facts, done) for start, done in _BY_STATUTE if has(here.facts, start))


DONE = Requirement(
    "what_the_law_asks_done",
    "Record the reply to the coroner, the referral to the IOPC or the comments that were published first: the time that"
    " the law gives for it runs only while this is open.",
    _done, hard=False,
)  # fmt: skip

_MOVES = (
    Move(
        "start", ("identified",), "active", "Record that it runs", "Recorded as running", _UNIT,
        needs=(("started_on",), ("arrangement",)),
        does="It is checked every 28 days.",
    ),
    Move(
        "rule_out", ("identified",), "not_applicable", "Record that it does not apply", "Recorded as not applicable", _UNIT,
        needs=(("not_applicable_reason",),), requirements=(DONE,),
        does="It ends here, with the reason.",
        usual=False,
    ),
    Move(
        "await_outcome", ("active",), "awaiting_outcome", "Wait for its outcome", "Waiting for its outcome", _UNIT,
        does="It is checked every 28 days until the outcome is known.",
    ),
    Move(
        "conclude", ("active", "awaiting_outcome"), "concluded", "Record its end", "Concluded", _UNIT,
        needs=(("concluded_on",), ("outcome",)), requirements=(DONE,),
        does="It is not checked any more. Look at the holds that wait for it.",
        anew=("concluded_on", "outcome"),
    ),
    Move(
        "reopen", ("concluded",), "active", "Record that it runs again", "Runs again", _UNIT,
        needs=(("reopen_reason",),), effects=(Start("PARALLEL_CHECK"),),
        does="It is checked every 28 days again.",
        usual=False, anew=("reopen_reason",),
    ),
)  # fmt: skip
_AHEAD = review_ladder((14, 7, 0), Unit.DAYS, {Who.MANAGER: (1,)})


def _theirs(
    kind: str, key: str, label: str, start: str, done: str, period: Period, force: Force, basis: str
) -> Clock:
    """A date of the neighbouring process, which runs once the day that starts it is recorded."""
    fixed = force is Force.STATUTE
    ladder = _AHEAD if period.n > 1 else review_ladder((0,), Unit.DAYS, {Who.MANAGER: (1,)})
    return Clock(
        key, label, start, (done,), period, force, basis, Decider.BU_OFFICER,
        starts_by=StartsBy.FACT, only_kinds=(kind,), length_local=not fixed, extendable=not fixed, ladder=ladder,
    )  # fmt: skip


_CLOCKS = (
    Clock(
        "PARALLEL_CHECK", "Re-check parallel proceedings", "last_checked_on", ("last_checked_on",), Period(28, Unit.DAYS),
        Force.LOCAL, "Local target", Decider.BU_OFFICER,
        repeats=True, ladder=review_ladder((0,), Unit.DAYS, {Who.MANAGER: (14,)}),
        note="Trial date, inquest date, other reviews. Each check starts the next 28 days.",
    ),
    _theirs(
        "inquest", "PFD_REPLY", "Reply to the coroner's report", "pfd_report_on",
        "pfd_replied_on", Period(56, Unit.DAYS), Force.STATUTE, "Coroner's Prevention of Future Deaths report: reply within 56 days",
    ),
    _theirs(
        "rapid_review", "RAPID_REVIEW", "Child rapid review", "rapid_review_from_on", "rapid_review_done_on",
        Period(15, Unit.WORKING_DAYS), Force.GUIDANCE, "Child safeguarding: rapid review within 15 working days",
    ),
    _theirs(
        "cspr", "LCSPR", "Local child safeguarding practice review", "cspr_decided_on", "cspr_done_on",
        Period(6, Unit.MONTHS), Force.GUIDANCE, "Child safeguarding: practice review in about 6 months",
    ),
    _theirs(
        "sar", "SAR", "Safeguarding adults review", "sar_decided_on", "sar_done_on", Period(6, Unit.MONTHS),
        Force.GUIDANCE, "Care Act guidance: safeguarding adults review in about 6 months",
    ),
    _theirs(
        "iopc", "IOPC_REFERRAL", "Police referral to the IOPC", "iopc_duty_on", "iopc_referred_on", Period(1, Unit.DAYS),
        Force.STATUTE, "Death or serious injury: without delay, and by the end of the next day",
    ),
    _theirs(
        "dac_report", "DAC_COMMENTS", "Publish comments on the Commissioner's report", "dac_report_published_on",
        "dac_comments_published_on", Period(56, Unit.DAYS, Mode.BEGINNING_WITH), Force.STATUTE,
        "Domestic Abuse Act 2021 s.16: within 56 days beginning with publication",
    ),
)  # fmt: skip

PARALLEL_PROCESS = checked(
    Workflow(
        key="parallel_process",
        version=1,
        title="Parallel process",
        effective_from=date(2008, 1, 1),
        initial="identified",
        stages=_STAGES,
        states=_STATES,
        moves=_MOVES,
        clocks=_CLOCKS,
        facts=_FACTS,
        opening_needs=(("kind",), ("identified_on",), ("led_by",)),
        opening=(Start("PARALLEL_CHECK", from_fact="identified_on"),),
        date_order=("started_on", "concluded_on"),
        kinds=tuple(Kind(name, label) for name, label in _KINDS.items()),
    )
)
