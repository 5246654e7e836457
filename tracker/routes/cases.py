"""The pages of one case: overview, every date, history."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts
from tracker.models import Case, Sensitivity
from tracker.policy import REVIEWS, Permission, Subject, allows
from tracker.queries import action_plan, case_page, due_dates, history, related, standing, steps, waiting
from tracker.queries.looking import looking
from tracker.routes import opening
from tracker.services.regimes import CHANGEABLE, REGIMES
from tracker.templating import NavItem
from workflows.letter_kinds import kinds_of
from workflows.released import workflow_of

bp = Blueprint("cases", __name__, url_prefix="/cases/<string:reference>")
bp.before_request(opening.canonical)

LATEST = 4
KEY_FACTS = 12


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """What is going on, and what can happen next."""
    actor, today = auth.actor(), parts.today()
    with looking() as session:
        case = access.case_for(session, actor, reference)
        if case.process == "action_item":
            return redirect(url_for("actions.show", reference=case.reference))
        dates = standing.dates_of(session, case, today)
        head = case_page.head_of(session, actor, case, dates)
        records = allows(actor, Permission.CASE_RECORD, access.subject_of(session, case))
        facts = case_page.facts_shown(session, case)
        holds, waits = related.holds_on(session, actor, case)
        page = {
            "holds": holds,
            "waits": waits,
            "stages": case_page.stages_of(session, case, today),
            "steps": steps.steps_of(session, actor, case, today),
            "facts": [fact for fact in facts if not fact.long][:KEY_FACTS],
            "long_facts": [fact for fact in facts if fact.long],
            "more_facts": max(0, sum(not fact.long for fact in facts) - KEY_FACTS),
            "children": case_page.children_of(session, actor, case),
            "latest": history.latest(session, case, LATEST),
            "adds": case.process == "recommendation"
            and action_plan.adding(session, actor, case.reference).adds,
            "recordable": steps.recordable(case),
            "elsewhere": steps.elsewhere(case),
        }
    opening.note_view(case)
    return render_template(
        "cases/overview.html",
        head=head,
        subnav=navigation(case, head, dates, "overview"),
        dates=standing.soonest(dates),
        all_dates=len(dates),
        agencies=[shown for shown in dates if shown.for_whom],
        records=records,
        closed=case_page.closed_words(head),
        notice=opening.notice(),
        shell=opening.marked(case_page.mark_of(head)),
        **page,
    )


@bp.get("/deadlines")
@auth.needs(Permission.CASE_READ)
def deadlines(reference: str) -> ResponseReturnValue:
    """Every date: running, met, stopped and cancelled, each with how it was worked out."""
    actor, today = auth.actor(), parts.today()
    with looking() as session:
        case = access.case_for(session, actor, reference)
        dates = standing.dates_of(session, case, today)
        head = case_page.head_of(session, actor, case, dates)
        records = allows(actor, Permission.CASE_RECORD, access.subject_of(session, case))
        horizon = due_dates.horizon_for(session, actor, today)
        owed = waiting.of_case(session, actor, case, horizon, parts.at()) if records else ()
    opening.note_view(case)
    return render_template(
        "cases/deadlines.html",
        owed=owed,
        notice=opening.notice(),
        head=head,
        subnav=navigation(case, head, dates, "deadlines"),
        running=[shown for shown in dates if shown.running],
        ended=[shown for shown in dates if not shown.running],
        records=records,
        recordable=steps.recordable(case),
        elsewhere=steps.elsewhere(case),
        shell=opening.marked(case_page.mark_of(head)),
    )


@bp.get("/history")
@auth.needs(Permission.CASE_READ)
def past(reference: str) -> ResponseReturnValue:
    """Everything that happened, newest first."""
    actor, today = auth.actor(), parts.today()
    with looking() as session:
        case = access.case_for(session, actor, reference)
        dates = standing.dates_of(session, case, today)
        head = case_page.head_of(session, actor, case, dates)
        found = history.history_page(session, case, request.args.get("page", 1, type=int))
    opening.note_view(case)
    return render_template(
        "cases/history.html",
        head=head,
        subnav=navigation(case, head, dates, "history"),
        history=found,
        shell=opening.marked(case_page.mark_of(head)),
    )


def navigation(
    case: Case, head: case_page.CaseHead, dates: tuple[standing.DateShown, ...], here: str
) -> tuple[NavItem, ...]:
    """The second level of navigation of a case."""
    running = sum(shown.running for shown in dates)
    ref = case.reference
    items = [
        NavItem("Overview", opening.home_of(case), current=here == "overview"),
        NavItem(
            "Deadlines", url_for("cases.deadlines", reference=ref), current=here == "deadlines", count=running
        ),
        *(
            NavItem(text, url_for(page, reference=ref), current=here == place)
            for text, page, place in _of_a_review(case)
        ),
        *_related(case, head, here),
        *_letters(case, here),
        NavItem(
            "Documents",
            url_for("documents.show", reference=ref),
            current=here == "documents",
            count=head.documents,
        ),
        NavItem("History", url_for("cases.past", reference=ref), current=here == "history"),
    ]
    if case.process in REVIEWS:
        items.append(
            NavItem("Action plan", url_for("action_plan.show", reference=ref), current=here == "plan")
        )
    if head.restricted:
        items.append(
            NavItem("Who can open it", url_for("grants.show", reference=ref), current=here == "access")
        )
    return tuple(items)


def _of_a_review(case: Case) -> tuple[tuple[str, str, str], ...]:
    """The pages that only some processes have: words, endpoint, name."""
    workflow = workflow_of(case.process, case.workflow_version)
    found = [("Checklist", "tasks.show", "tasks")] if workflow.tasks else []
    if case.process == "asb_case_review":
        found += [
            ("Incidents", "incidents.show", "incidents"),
            ("Threshold", "threshold.show", "threshold"),
            ("Passed on", "pass_ons.show", "pass-ons"),
            ("Harm", "harm.show", "harm"),
        ]
    if "panel_members" in workflow.fact_by_name:
        found += [
            ("People", "review_people.show", "people"),
            ("Panel", "panel.show", "panel"),
            ("Home Office", "amendments.show", "amendments"),
        ]
    if parts.settings().dardr_in_force_from and case.process in REGIMES and case.state in CHANGEABLE:
        found.append(("Kind of review", "regimes.show", "regime"))
    return tuple(found)


def _letters(case: Case, here: str) -> tuple[NavItem, ...]:
    """The letters of the case, for those whom they are for."""
    subject = Subject(
        case.partnership_id, case.id, case.parent_id, restricted=case.sensitivity == Sensitivity.RESTRICTED
    )
    if not kinds_of(case.process) or not allows(auth.actor(), Permission.LETTER_READ, subject):
        return ()
    return (NavItem("Letters", url_for("letters.show", reference=case.reference), current=here == "letters"),)


def _related(case: Case, head: case_page.CaseHead, here: str) -> tuple[NavItem, ...]:
    """What belongs to the case; of a request to an agency, its chasers."""
    if case.process == "information_request":
        address = url_for("related.chasers", reference=case.reference)
        may = allows(
            auth.actor(), Permission.CASE_RECORD, Subject(case.partnership_id, case.id, case.parent_id)
        )
        return (NavItem("Chasers", address, current=here == "chasers"),) if may else ()
    if not workflow_of(case.process, case.workflow_version).family:
        return ()
    address = url_for("related.show", reference=case.reference)
    return (NavItem("Requests and related", address, current=here == "related", count=head.children),)
