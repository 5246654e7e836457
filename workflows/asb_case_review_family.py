"""Conditions of an ASB case review that look at what belongs to it: agency returns, recommendations, actions, requests."""

from collections.abc import Iterable

from workflows.position import Child, Position, Requirement
from workflows.requirements import has

_TO_DO = ("recommendation", "action_item")


def live_plan(children: Iterable[Child]) -> bool:
    """Whether a recommendation or an action that was sent out or agreed has not ended."""
    drafts = {("recommendation", "drafted"), ("action_item", "draft")}
    return any(
        child.process in _TO_DO and not child.final and (child.process, child.state) not in drafts
        for child in children
    )


def _lapsed(here: Position, child: Child) -> bool:
    return child.final or (child.due_on is not None and child.due_on < here.today)


def _consulted(here: Position) -> bool:
    asked = here.those("information_request", "agency_return")
    if asked:
        return all(_lapsed(here, child) for child in asked)
    return has(here.facts, "bodies_consulted_on")


CONSULTED = Requirement(
    "bodies_consulted_or_lapsed",
    "Wait for each body's return, or until the time that it was given is over. Where nothing was asked for in writing,"
    " record when the bodies had been consulted.",
    _consulted,
    facts=("bodies_consulted_on",),
    page="related",
    elsewhere=lambda here: bool(here.those("information_request", "agency_return")),
)


def _of_this_review(here: Position) -> tuple[Child, ...]:
    """Recommendations and actions that are written down and not yet sent out."""
    written = (("recommendation", "drafted"), ("action_item", "draft"))
    return tuple(child for child in here.children if (child.process, child.state) in written)


RESULT = Requirement(
    "findings_recorded",
    "Record the findings for each body; add the recommendations and actions to the case, or say why there are none.",
    lambda here: (
        has(here.facts, "findings")
        and (bool(_of_this_review(here)) or has(here.facts, "no_recommendations_reason"))
    ),
    facts=("findings", "no_recommendations_reason"),
)


def _issued(here: Position) -> bool:
    drafted = [child for child in here.those("recommendation") if child.state == "drafted"]
    if all(has(child.facts, "letter_sent_L17") for child in drafted):
        return True
    return has(here.facts, "letter_sent_L17") and not here.known.get("letter_waits_L17")


ISSUED = Requirement(
    "recommendations_issued",
    "Send each recommendation to whom it is for (L17).",
    _issued,
    facts=("letter_sent_L17",),
    naming="letter_waits_L17",
)
SOMETHING_TO_DO = Requirement(
    "has_recommendations_or_actions",
    "There is no recommendation and no action to follow: close the case instead.",
    lambda here: any(here.those(process) for process in _TO_DO),
    page="related",
)
NO_OPEN_REQUEST = Requirement(
    "not_open_dissatisfaction_request",
    "A request for a second look is still open.",
    lambda here: all(child.final for child in here.those("dissatisfaction")),
    page="related",
)
NOTHING_OPEN = Requirement(
    "not_has_open_recommendations_or_actions",
    "A recommendation or an action is still open. Each action must have ended, verified by somebody who does not lead it.",
    lambda here: all(child.final for process in _TO_DO for child in here.those(process)),
    page="related",
)
