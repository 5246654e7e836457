"""Actions of every plan: partnership plans, domestic homicide reviews, ASB case reviews, scrutiny.

The ``action`` machine of docs/domestic-homicide-review.md 4.5, which docs/asb-case-review.md 5.3 shares. An action read
from an adopted plan opens as ``agreed``: its target date runs because the day it was agreed is recorded.
"""

from datetime import date

from workflows import questions as ask
from workflows.dates import Period, Unit
from workflows.deciders import Decider
from workflows.definition import Clock, Force, HeldBy, Move, Stage, StartsBy, State, Workflow
from workflows.document_ladders import review_ladder
from workflows.effects import ALL_CLOCKS, Cancel, Start, Stop
from workflows.ladder import Who
from workflows.requirements import recorded
from workflows.selfcheck import checked

_UNIT = (Decider.BU_OFFICER, Decider.BU_MANAGER)
_LEAD_OR_UNIT = (Decider.AGENCY_LEAD, *_UNIT)
_OPEN = ("agreed", "in_progress")

_STAGES = (
    Stage("agreeing", "Agreeing"),
    Stage("doing", "Doing"),
    Stage("checking", "Checking"),
    Stage("ended", "Ended"),
)

_STATES = (
    State("draft", "Draft", "agreeing", "Written down, but the lead agency has not agreed to it yet."),
    State(
        "agreed", "Agreed", "doing", "The lead agency has taken it on. No start is reported yet.",
        held_by=HeldBy.AGENCY,
    ),
    State("in_progress", "In progress", "doing", "The lead agency reports that work has begun.", held_by=HeldBy.AGENCY),
    State(
        "completed_unverified", "Reported as done", "checking",
        "The lead says that it is done. Somebody else has still to see what shows it.",
    ),
    State(
        "verified", "Done and verified", "ended", "Somebody other than the lead has seen what shows that it is done.",
        final=True, held_by=HeldBy.NOBODY,
    ),
    State(
        "not_accepted", "Not accepted", "ended", "The agency does not take it on, for reasons that the partnership noted.",
        final=True, held_by=HeldBy.NOBODY,
    ),
    State(
        "superseded", "Replaced", "ended", "Another action takes its place.", final=True, held_by=HeldBy.NOBODY
    ),
    State(
        "abandoned", "Abandoned", "ended", "The CSP chair has decided that it will not be carried out.",
        final=True, held_by=HeldBy.NOBODY,
    ),
)  # fmt: skip

_FACTS = (
    ask.long_text("action_text", "What is to be done"),
    ask.text("recommendation_ref", "Reference of the recommendation behind it"),
    ask.long_text("recommendation_text", "The recommendation behind it"),
    ask.choice(
        "recommendation_scope", "Scope of the recommendation", local="Local", regional="Regional", national="National"
    ),
    ask.organisation("lead_agency", "Lead agency"),
    ask.organisations("joint_agencies", "Agencies that share the lead"),
    ask.text("lead_role", "Lead person's role", "The role, not the name: this goes into published plans"),
    ask.day("agreed_on", "Date agreed"),
    ask.day("target_on", "Target date", "The last day on which finishing it is on time", planned=True),
    ask.long_text(
        "target_condition", "What its end depends on, where no date can be given yet",
        "For example: 3 months after the review is published",
    ),
    ask.long_text("milestones", "Key milestones"),
    ask.choice(
        "update_kind", "What do you want to tell us?",
        no_change="No change since the last update", progress="There is progress", done="It is done",
        more_time="We need more time", not_ours="It is not ours",
    ),
    ask.long_text("update_note", "Tell us more", "What has moved, what shows that it is done, or why more time is needed"),
    ask.day("asked_for_on", "New date asked for", planned=True),
    ask.text("belongs_to", "Whose it is, if you know"),
    ask.day("last_update_on", "Date of the last update"),
    ask.yes_no("at_risk", "Is it at risk of being late?"),
    ask.long_text("blocked_reason", "What stands in the way"),
    ask.day("completed_on", "Date it was done"),
    ask.long_text("outcome", "What was done and what shows it"),
    ask.document("evidence", "Where the evidence is kept", "A link or a file reference"),
    ask.long_text("impact", "What difference it made"),
    ask.day("verified_on", "Date verified"),
    ask.long_text("verification_note", "What you saw that shows it is done"),
    ask.choice(
        "impact_check_in", "When to look whether it made a difference",
        three_months="After 3 months", six_months="After 6 months", twelve_months="After 12 months", none="Not again",
    ),
    ask.day("impact_check_on", "Date to look whether it made a difference", planned=True),
    ask.day("impact_checked_on", "Date somebody looked whether it made a difference"),
    ask.long_text("rejection_reason", "The agency's reason for not accepting it"),
    ask.text("csp_minute_ref", "Minute of the partnership", "Where the partnership noted the agency's reason"),
    ask.long_text("send_back_reason", "What is still missing"),
    ask.text("superseded_by", "Reference of the action that takes its place"),
    ask.long_text("supersede_reason", "Why another action takes its place"),
    ask.long_text("abandon_reason", "Why it will not be carried out"),
    ask.text("decision_evidence", "Minute or e-mail that records the chair's decision"),
    ask.long_text("reopen_reason", "Why it is opened again"),
    ask.long_text("reconsider_reason", "Why it is looked at again"),
)  # fmt: skip

_MOVES = (
    Move(
        "accept", ("draft",), "agreed", "Accept the action", "Action accepted", _LEAD_OR_UNIT,
        needs=(("lead_agency",), ("agreed_on",), ("target_on", "target_condition")),
        effects=(Start("ACTION_UPDATE"),),
        does="The lead agency takes the action on; its target date and its updates are followed from now on.",
    ),
    Move(
        "reject", ("draft",), "not_accepted", "Record that it is not accepted", "Action not accepted", _LEAD_OR_UNIT,
        needs=(("rejection_reason",), ("csp_minute_ref",)),
        does="The action ends here with the agency's reason and the partnership's minute.",
        usual=False, anew=("rejection_reason", "csp_minute_ref"),
    ),
    Move(
        "start", ("agreed",), "in_progress", "Report a start", "Start reported", _LEAD_OR_UNIT,
        does="The action shows as in progress. Its dates stay as they are.",
    ),
    Move(
        "report_complete", ("in_progress", "agreed"), "completed_unverified", "Report as done", "Reported as done",
        _LEAD_OR_UNIT,
        needs=(("completed_on",), ("outcome",)),
        requirements=(recorded("evidence", "Say what was done and what shows it.", "outcome"),),
        effects=(Stop("ACTION_UPDATE"),),
        does="Somebody other than the lead is asked to verify it. It stays open until then.",
        anew=("completed_on", "outcome"),
    ),
    Move(
        "verify", ("completed_unverified",), "verified", "Verify that it is done", "Verified", _UNIT,
        needs=(("verified_on",), ("verification_note",)),
        requirements=(
            recorded("verification", "Say what you saw that shows it is done.", "verification_note"),
        ),
        effects=(Stop("ACTION_TARGET"), Start("IMPACT_CHECK")),
        does="The action ends as done. Nobody can verify an action that they lead.",
        anew=("verified_on", "verification_note"),
    ),
    Move(
        "send_back", ("completed_unverified",), "in_progress", "Send it back", "Sent back", _UNIT,
        needs=(("send_back_reason",),),
        effects=(Start("ACTION_UPDATE"),),
        does="The lead is told what is still missing. The target date stays as it is.",
        anew=("send_back_reason",),
    ),
    Move(
        "supersede", ("draft", *_OPEN), "superseded", "Replace it with another action", "Replaced", _UNIT,
        needs=(("superseded_by",), ("supersede_reason",)),
        effects=(Cancel(ALL_CLOCKS),),
        does="The action ends here; the other action takes its place.",
        usual=False,
    ),
    Move(
        "abandon", _OPEN, "abandoned", "Abandon the action", "Abandoned", (Decider.CSP_CHAIR,),
        needs=(("abandon_reason",),),
        effects=(Cancel(ALL_CLOCKS),),
        does="The action ends without being carried out, with the chair's reason.",
        usual=False,
    ),
    Move(
        "reopen", ("verified",), "in_progress", "Open it again", "Opened again", (Decider.BU_MANAGER,),
        needs=(("reopen_reason",), ("target_on", "target_condition")),
        effects=(Cancel("IMPACT_CHECK"), Start("ACTION_TARGET"), Start("ACTION_UPDATE")),
        does="The action is in progress again, with a new target date.",
        usual=False, anew=("reopen_reason", "target_on", "target_condition"),
    ),
    Move(
        "reconsider", ("not_accepted",), "draft", "Look at it again", "Looked at again", (Decider.BU_MANAGER,),
        needs=(("reconsider_reason",),),
        does="The action is a draft again, and the agency is asked again.",
        usual=False, anew=("reconsider_reason",),
    ),
)  # fmt: skip

_CLOCKS = (
    Clock(
        "ACTION_TARGET", "Action target date", "agreed_on", (), None, Force.GUIDANCE,
        "2016 guidance, action plan template, column 'Target date'", Decider.AGENCY_LEAD,
        starts_by=StartsBy.FACT, due_fact="target_on",
        ladder=review_ladder(
            (28, 14, 7, 0), Unit.DAYS, {Who.MANAGER: (1,), Who.CHAIR: (28,), Who.ESCALATION: (28,)}
        ),
        note="The date is entered, not worked out. It is met when the action is verified.",
    ),
    Clock(
        "ACTION_UPDATE", "Action progress update", "last_update_on", ("last_update_on",), Period(3, Unit.MONTHS),
        Force.LOCAL, "Local practice: the partnership's groups report to its board every quarter", Decider.AGENCY_LEAD,
        starts_by=StartsBy.FACT, extendable=False, repeats=True,
        ladder=review_ladder((14, 0), Unit.DAYS, {Who.OFFICER: (7,), Who.MANAGER: (21,)}),
        note="Each update starts the next three months.",
    ),
    Clock(
        "IMPACT_CHECK", "Look whether the action made a difference", "verified_on", ("impact_checked_on", "impact"),
        None, Force.LOCAL, "Local practice: the verifier may ask for a check after 3, 6 or 12 months",
        Decider.BU_OFFICER, met_by_all=True, due_fact="impact_check_on",
        ladder=review_ladder((14, 0), Unit.DAYS, {Who.MANAGER: (14,)}),
        note="Runs only where a check was asked for. It is the one clock of an action that runs after its end.",
    ),
)  # fmt: skip

ACTION_ITEM = checked(
    Workflow(
        key="action_item",
        version=1,
        title="Action",
        effective_from=date(2008, 1, 1),
        initial="draft",
        stages=_STAGES,
        states=_STATES,
        moves=_MOVES,
        clocks=_CLOCKS,
        facts=_FACTS,
        date_order=("agreed_on", "completed_on", "verified_on"),
    )
)
