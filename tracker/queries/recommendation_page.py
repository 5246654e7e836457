"""One recommendation: its words, where it comes from, what was answered, its actions, and those like it."""

from dataclasses import dataclass

from sqlmodel import Session, col

from tracker import access
from tracker.errors import NotVisible
from tracker.models import Case
from tracker.policy import Actor, Permission, allows
from tracker.queries import recommendations
from tracker.queries.action_rows import ActionShown, is_action, shown, with_target
from tracker.queries.due_dates import Horizon
from tracker.queries.recommendations import RECOMMENDATION, RecommendationShown
from tracker.services.new_actions import takes_actions
from tracker.services.positions import workflow_for
from tracker.services.recording import facts_of
from workflows.facts import words

SHOWN = ("source", "agencies", "public_functions", "smart_checked", "sent_to", "reply_text", "reply_reasons", "escalated_on", "escalated_to", "no_reply_reason")  # fmt: skip
"""Facts that the page shows below the answer, where they are recorded."""


@dataclass(frozen=True, slots=True)
class RecommendationPage:
    """One of them for one reader. ``adds``: an action can be added, and the reader may add it."""

    case: Case
    one: RecommendationShown
    facts: tuple[tuple[str, str], ...]
    actions: tuple[ActionShown, ...]
    alike: tuple[RecommendationShown, ...]
    adds: bool


def recommendation_page(
    session: Session, actor: Actor, reference: str, horizon: Horizon
) -> RecommendationPage:
    """One recommendation, if the reader may open it.

    Raises:
        NotVisible: there is no such recommendation, or it is not theirs to see.
    """
    case = access.case_for(session, actor, reference)
    if case.process != RECOMMENDATION:
        raise NotVisible("There is no such recommendation, or it is not yours to see.")
    [one] = recommendations.shown(session, actor, [case])
    workflow = workflow_for(case)
    facts = facts_of(workflow, case)
    named = col(Case.facts)["recommendation_ref"].as_string() == case.reference
    rows = session.exec(
        with_target([is_action(), access.visible(actor), named]).order_by(col(Case.reference))
    ).all()
    may_add = allows(actor, Permission.CASE_RECORD, access.subject_of(session, case))
    return RecommendationPage(
        case=case,
        one=one,
        facts=tuple(
            (workflow.fact_by_name[name].label, words(workflow.fact_by_name[name], facts[name]))
            for name in SHOWN
            if facts.get(name) not in (None, "")
        ),
        actions=shown(session, actor, rows, horizon),
        alike=recommendations.alike(session, actor, one.text, before=case.id),
        adds=may_add and takes_actions(session, case),
    )
