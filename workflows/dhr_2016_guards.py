"""The guards of the steps of a domestic homicide review, under the names of docs/domestic-homicide-review.md 4.3.

Hard are, as its guard policy says, holds, anonymisation and the outcome that an earlier step settled. The others can
be overridden by a manager with a reason that is kept: real reviews are messy, and a tool that blocks is bypassed.
"""

from collections.abc import Mapping

from workflows.position import Child, Position, Requirement
from workflows.requirements import answered, confirmed, has, includes, not_held


def _counted(here: Position, name: str) -> int | None:
    """A number that the records beside the facts give, if they give it."""
    value = here.known.get(name)
    return value if isinstance(value, int) else None


def _said(here: Position, name: str) -> bool:
    return here.facts.get(name) is True


def _none_left(name: str, words: str, left: str, page: str, *, of: str = "") -> Requirement:
    """Nothing is left of what the tracker counts as ``left``. Where it holds none of it (``of``), somebody confirms."""

    def check(here: Position) -> bool:
        count = _counted(here, left)
        if count is None or (of and not _counted(here, of)):
            return _said(here, name)
        return count == 0

    return Requirement(name, words, check, hard=False, facts=(name,), page=page)


def _asked_too(name: str, words: str, *facts: str) -> Requirement:
    """Questions that may stay open: nothing depends on the answer."""
    return Requirement(name, words, lambda _here: True, hard=False, facts=facts)


POLICE = confirmed("police_consulted", "Consult the police first.", hard=False)
SPECIALIST = confirmed(
    "specialist_da_consulted", "Consult a specialist domestic abuse service first.", hard=False
)


def _summaries_in_or_noted(here: Position) -> bool:
    asked = here.those("information_request", "summary")
    outstanding = any(not child.final for child in asked) if asked else True
    if has(here.facts, "all_summaries_returned_on") and not asked:
        outstanding = False
    return not outstanding or _said(here, "outstanding_summaries_acknowledged")


SUMMARIES = Requirement(
    "outstanding_summaries_acknowledged",
    "Note in the paper which summaries are outstanding, if any.",
    _summaries_in_or_noted,
    hard=False,
    facts=("outstanding_summaries_acknowledged",),
)


def _criteria_answered(here: Position) -> bool:
    answered_all = all(has(here.facts, name) for name in CRITERIA[:3])
    suicide = here.facts.get("death_basis") == "suicide"
    return answered_all and (not suicide or has(here.facts, "suicide_concern"))


CRITERIA = ("resulted_from", "relationship_type", "deceased_16_or_over", "suicide_concern")
CRITERIA_ANSWERED = Requirement(
    "criteria_answered",
    "Answer each question of the criteria test; for a suicide also whether the circumstances give rise to concern.",
    _criteria_answered,
    hard=False,
    facts=CRITERIA,
)
DISSENT = _asked_too(
    "dissent_noted", "Whoever disagreed with the decision is noted, if anybody did.", "dissent"
)
OTHER_PROCESS = _asked_too(
    "external_process_noted", "The process that the other area uses is noted.", "external_process"
)
STATUTORY_PANEL = _none_left(
    "panel_has_each_involved_statutory_body",
    "Each statutory body that was involved needs a member on the panel.",
    "panel_bodies_missing",
    "panel",
    of="panel_members",
)


def _specialist_on_panel(here: Position) -> bool:
    if not _counted(here, "panel_members"):
        return _said(here, "panel_has_specialist_da_member")
    return bool(_counted(here, "panel_specialists"))


SPECIALIST_PANEL = Requirement(
    "panel_has_specialist_da_member",
    "The panel needs a specialist domestic abuse member.",
    _specialist_on_panel,
    hard=False,
    facts=("panel_has_specialist_da_member",),
    page="panel",
)
UNINVOLVED_PANEL = _none_left(
    "no_panel_member_managed_the_case",
    "Nobody on the panel may have managed the case or the staff who worked on it.",
    "panel_managed_the_case",
    "panel",
    of="panel_members",
)


def _reviews_in_or_waived(here: Position) -> bool:
    asked = here.those("information_request", "imr")
    ended = bool(asked) and all(child.final for child in asked)
    return ended or _said(here, "all_imrs_terminal_or_chair_waived")


IMRS = Requirement(
    "all_imrs_terminal_or_chair_waived",
    "Every management review must be accepted, a nil return or waived by the chair.",
    _reviews_in_or_waived,
    hard=False,
    facts=("all_imrs_terminal_or_chair_waived",),
)
ACTIONS_PLANNED = _none_left(
    "every_recommendation_has_action_lead_and_target_date",
    "Every recommendation needs an action with a lead and a target date.",
    "recommendations_unplanned",
    "related",
    of="recommendations",
)
PSEUDONYMS = Requirement(
    "pseudonyms_set_for_all_people",
    "Everybody in the report needs a pseudonym, apart from the chair and the panel.",
    lambda here: (
        _said(here, "pseudonyms_set_for_all_people") and not _counted(here, "people_without_pseudonym")
    ),
    facts=("pseudonyms_set_for_all_people",),
    page="people",
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


def _copy_sent_or_planned(here: Position) -> bool:
    planned = _said(here, "dac_copy_sent_or_scheduled") or here.facts.get("dac_send_point") == "post_qa"
    return planned or has(here.facts, "dac_copy_sent_on")


DAC_COPY = Requirement(
    "dac_copy_sent_or_scheduled",
    "Send the copy to the Domestic Abuse Commissioner, or plan it.",
    _copy_sent_or_planned,
    hard=False,
    facts=("dac_copy_sent_or_scheduled", "dac_send_point"),
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
AMENDED = _none_left(
    "all_amendments_resolved",
    "Every amendment must be made or answered.",
    "amendments_open",
    "amendments",
    of="amendments",
)
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
ACTIONS_ENDED = _none_left(
    "all_actions_terminal", "Every action must have ended.", "actions_open", "related", of="actions"
)


def _national_sent(here: Position) -> bool:
    made = here.those("recommendation")
    if not made:
        return _said(here, "national_recommendations_all_dispatched")
    return not any(child.kind == "national" and child.state == "drafted" for child in made)


NATIONAL_SENT = Requirement(
    "national_recommendations_all_dispatched",
    "Every national recommendation must have been sent.",
    _national_sent,
    hard=False,
    facts=("national_recommendations_all_dispatched",),
)
TASKS_DONE = _none_left(
    "no_open_mandatory_tasks", "A task that must be done is still open.", "open_tasks", "tasks"
)

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
