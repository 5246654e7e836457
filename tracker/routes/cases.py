"""The pages of one case: overview, every date, history."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import access, auth, parts, web
from tracker.forms.opened import whole
from tracker.policy import REVIEWS, Permission, allows
from tracker.queries import (
    action_plan,
    case_agencies,
    case_page,
    due_dates,
    history,
    history_kinds,
    history_mails,
    related,
    review_page,
    standing,
    steps,
    waiting,
)
from tracker.queries.looking import looking
from tracker.queries.stages import stages_of
from tracker.routes import opening
from tracker.routes.case_navigation import navigation

bp = Blueprint("cases", __name__, url_prefix="/cases/<string:reference>")
bp.before_request(opening.canonical)

LATEST = 4
KEY_FACTS = 8


@bp.get("")
@auth.needs(Permission.CASE_READ)
def show(reference: str) -> ResponseReturnValue:
    """What is going on, and what can happen next. With ``view=print`` every working and passage is open."""
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
        below = standing.dates_below(session, actor, case, today)
        page = {
            "holds": holds,
            "waits": waits,
            "stages": stages_of(session, case, today),
            "steps": steps.steps_of(session, actor, case, today),
            "facts": [fact for fact in facts if not fact.long][:KEY_FACTS],
            "long_facts": [fact for fact in facts if fact.long],
            "more_facts": max(0, sum(not fact.long for fact in facts) - KEY_FACTS),
            "asked": case_agencies.agencies_of(session, actor, case, today),
            "checklist": review_page.present_checklist(session, case),
            "known_as": str(case.facts.get("deceased_pseudonym", "")),
            "children": case_page.children_of(session, actor, case),
            "latest": history.latest(session, actor, case, LATEST),
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
        dates=standing.soonest((*dates, *below)),
        all_dates=sum(one.running for one in (*dates, *below)),
        agencies=[shown for shown in dates if shown.for_whom],
        records=records,
        closed=case_page.closed_words(head),
        whole=request.args.get("view") == "print",
        plan=case.process in REVIEWS,
        found_at=web.with_cases(actor),
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
        below = standing.dates_below(session, actor, case, today)
    opening.note_view(case)
    return render_template(
        "cases/deadlines.html",
        owed=owed,
        notice=opening.notice(),
        head=head,
        subnav=navigation(case, head, dates, "deadlines"),
        running=[shown for shown in dates if shown.running],
        below=below,
        ended=[shown for shown in dates if not shown.running],
        records=records,
        recordable=steps.recordable(case),
        elsewhere=steps.elsewhere(case),
        shell=opening.marked(case_page.mark_of(head)),
    )


@bp.get("/history")
@auth.needs(Permission.CASE_READ)
def past(reference: str) -> ResponseReturnValue:
    """Everything that happened, newest first; ``entry`` is the number of one, for the page on which it stands."""
    actor, today = auth.actor(), parts.today()
    with looking() as session:
        case = access.case_for(session, actor, reference)
        dates = standing.dates_of(session, case, today)
        head = case_page.head_of(session, actor, case, dates)
        shown = history_kinds.read(request.args.get("show", ""))
        entry = whole(request.args.get("entry"))
        page = (
            history.page_with(session, actor, case, entry) if entry else request.args.get("page", 1, type=int)
        )
        found = history.history_page(session, actor, case, page, shown)
        found = history_mails.with_mails(session, actor, case, found, shown)
    opening.note_view(case)
    return render_template(
        "cases/history.html",
        head=head,
        subnav=navigation(case, head, dates, "history"),
        history=found,
        kinds=history_kinds.WORDS,
        shown=shown,
        shell=opening.marked(case_page.mark_of(head)),
    )
