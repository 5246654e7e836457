"""The guards of the steps of a domestic homicide review, under the names of docs/domestic-homicide-review.md 4.3.

Hard are, as its guard policy says, holds, anonymisation and the outcome that an earlier step settled. The others can
be overridden by a manager with a reason that is kept: real reviews are messy, and a tool that blocks is bypassed.
"""

from collections.abc import Mapping

from workflows.position import Child, Position, Requirement
from workflows.requirements import answered, confirmed, has, includes, not_held

POLICE = confirmed("police_consulted", "Consult the police first.", hard=False)
SPECIALIST = confirmed(
    "specialist_da_consulted", "Consult a specialist domestic abuse service first.", hard=False
)
SUMMARIES = confirmed(
    "outstanding_summaries_acknowledged",
    "Note in the paper which summaries are outstanding, if any.",
    hard=False,
)
STATUTORY_PANEL = confirmed(
    "panel_has_each_involved_statutory_body",
    "Each statutory body that was involved needs a member on the panel.",
    hard=False,
)
SPECIALIST_PANEL = confirmed(
    "panel_has_specialist_da_member", "The panel needs a specialist domestic abuse member.", hard=False
)
UNINVOLVED_PANEL = confirmed(
    "no_panel_member_managed_the_case",
    "Nobody on the panel may have managed the case or the staff who worked on it.",
    hard=False,
)
IMRS = confirmed(
    "all_imrs_terminal_or_chair_waived",
    "Every management review must be accepted, a nil return or waived by the chair.",
    hard=False,
)
ACTIONS_PLANNED = confirmed(
    "every_recommendation_has_action_lead_and_target_date",
    "Every recommendation needs an action with a lead and a target date.",
    hard=False,
)
PSEUDONYMS = confirmed(
    "pseudonyms_set_for_all_people",
    "Everybody in the report needs a pseudonym, apart from the chair and the panel.",
)


def _had_time_to_read(here: Position) -> bool:
    offered = has(here.facts, "family_offered_draft_on")
    return not offered or any(
        has(here.facts, name)
        for name in ("family_feedback_on", "family_reading_time_waived", "family_reading_time_over")
    )


READING_TIME = Requirement(
    "family_reading_time_over_or_waived",
    "The family still has time to read the draft. Wait until it is over or they have commented or need no more time.",
    _had_time_to_read,
    hard=False,
    facts=("family_feedback_on", "family_reading_time_waived", "family_reading_time_over"),
)
SUBMISSION_PACK = includes(
    "pack_complete:overview,exec_summary,action_plan,data_form",
    "The submission needs the overview report, the executive summary, the action plan and the data form.",
    "submission_pack",
    ("overview", "exec_summary", "action_plan", "data_form"),
    hard=False,
)
DAC_COPY = Requirement(
    "dac_copy_sent_or_scheduled",
    "Send the copy to the Domestic Abuse Commissioner, or plan it.",
    lambda here: here.facts.get("dac_copy_sent_or_scheduled") is True or has(here.facts, "dac_copy_sent_on"),
    hard=False,
    facts=("dac_copy_sent_or_scheduled",),
)
TO_AMEND = answered(
    "qa_outcome == publish_after_amendments",
    "The Home Office asked for the report again: resubmit it.",
    "qa_outcome",
    {"publish_after_amendments"},
)
TO_RESUBMIT = answered(
    "qa_outcome == resubmit",
    "The Home Office did not ask for the report again: complete the amendments.",
    "qa_outcome",
    {"resubmit"},
)
AMENDED = confirmed("all_amendments_resolved", "Every amendment must be made or answered.", hard=False)
NOT_HELD = not_held(
    "no_active_publication_block",
    "A hold forbids publication. Lift it, or wait until it is lifted.",
    "publish",
)
PUBLICATION_PACK = includes(
    "pack_complete:overview,exec_summary,action_plan_annex,ho_letter_annex",
    "The publication needs the overview report and the executive summary, with the action plan and the Home Office"
    " letter annexed.",
    "publication_pack",
    ("overview", "exec_summary", "action_plan_annex", "ho_letter_annex"),
    hard=False,
)
WITHHELD = answered(
    "publication_status == withheld", "The report is already published.", "publication_status", {"withheld"}
)
SETTLED = answered(
    "publication_status in (published, withheld)",
    "Publish the report, or decide not to, before the review is closed.",
    "publication_status",
    {"published", "withheld"},
)
ACTIONS_ENDED = confirmed("all_actions_terminal", "Every action must have ended.", hard=False)
NATIONAL_SENT = confirmed(
    "national_recommendations_all_dispatched",
    "Every national recommendation must have been sent.",
    hard=False,
)
TASKS_DONE = confirmed("no_open_mandatory_tasks", "A task that must be done is still open.", hard=False)

_FROM_CONSULTATION = ("start_consultation", "submit_to_csp", "sign_off", "submit_to_home_office")
_PUBLICATION = ("publish", "publish_later")
HOLD_BLOCKS: Mapping[str, frozenset[str]] = {
    "full": frozenset({"agree_terms", "start_drafting", *_FROM_CONSULTATION, *_PUBLICATION}),
    "partial": frozenset({*_FROM_CONSULTATION, *_PUBLICATION}),
    "publication_only": frozenset(_PUBLICATION),
}
"""The steps that each kind of hold forbids (4.4). Several holds together forbid all that any of them forbids."""


def held(children: tuple[Child, ...]) -> frozenset[str]:
    """The steps that the active holds forbid together: all that any of them forbids."""
    kinds = [child.kind for child in children if child.process == "hold" and not child.final]
    return frozenset().union(*(HOLD_BLOCKS[kind] for kind in kinds))
