"""Recommendations: the list and its file, the page of one, and the way to a new one past those like it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import auth, parts, web
from tracker.forms.facts import PREFIX, fact_form
from tracker.forms.filters import page_of
from tracker.forms.recommendations import NewRecommendationForm, RecommendationFilterForm
from tracker.forms.related import AddForm
from tracker.policy import Permission, may_knock
from tracker.queries import case_page, due_dates, recommendations, related
from tracker.queries.looking import looking
from tracker.queries.recommendation_page import recommendation_page
from tracker.queries.recommendations import RECOMMENDATION, SHOWN, RecommendationShown
from tracker.routes import csv_file, opening, sub_navigation

bp = Blueprint("recommendations", __name__)

HEADINGS = ("Reference", "Recommendation", "Theme", "Scope", "From", "To", "Response", "Sent, acknowledged, replied", "Actions", "Held?")  # fmt: skip


@bp.get("/recommendations")
@auth.needs(Permission.CASE_READ)
def show() -> ResponseReturnValue:
    """Find a recommendation."""
    actor, form = auth.actor(), RecommendationFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(recommendations.themes(session, actor))
        found = recommendations.recommendations(session, actor, form.filters(), page=page_of(request.args))
    asked = form.asked("/recommendations")
    return render_template(
        "recommendations/recommendations.html",
        found=found,
        form=form,
        asked=asked,
        tags=form.tags(asked),
        subnav=sub_navigation.of_actions(here="Recommendations"),
        adds=may_knock(actor, Permission.CASE_RECORD),
        notice=opening.notice(),
    )


@bp.get("/recommendations.csv")
@auth.needs(Permission.CASE_READ)
def file() -> ResponseReturnValue:
    """The same as a file, all pages of them."""
    actor, form = auth.actor(), RecommendationFilterForm(request.args)
    with parts.database().reading() as session:
        form.offer(recommendations.themes(session, actor))
        found = recommendations.every_recommendation(session, actor, form.filters()).rows
    rows = [_cells(one) for one in found]
    return csv_file.made("recommendations", HEADINGS, rows, [one.reference for one in found])


@bp.get("/recommendations/<string:reference>")
@auth.needs(Permission.CASE_READ)
def one(reference: str) -> ResponseReturnValue:
    """One recommendation with its answer and its actions."""
    if (elsewhere := opening.canonical()) is not None:
        return elsewhere
    actor = auth.actor()
    with looking() as session:
        horizon = due_dates.horizon_for(session, actor, parts.today())
        page = recommendation_page(session, actor, reference, horizon)
        head = case_page.head_of(session, actor, page.case, ())
    opening.note_view(page.case)
    return render_template(
        "recommendations/recommendation.html",
        page_of=page,
        head=head,
        shell=opening.marked(case_page.mark_of(head)),
        alike_words=recommendations.alike_words(page.alike),
        subnav=sub_navigation.of_actions(here="Recommendations"),
        notice=opening.notice(),
    )


@bp.get("/recommendations/add")
@auth.needs(Permission.CASE_RECORD)
def add() -> ResponseReturnValue:
    """Of which review, and what it says."""
    form = _words_form(blank=True)
    form.review.data = request.args.get("case", "").upper()
    return _words_page(form)


@bp.post("/recommendations/add")
@auth.needs(Permission.CASE_RECORD)
def words() -> ResponseReturnValue:
    """Those like it, with what became of them; then the other questions, which the review's own form asks."""
    form = _words_form()
    if not form.complete():
        return _words_page(form, status=422)
    reference, text = str(form.review.data), form.words()
    with looking() as session:
        found = related.adding(session, auth.actor(), reference, RECOMMENDATION, parts.today())
        alike = recommendations.alike(session, auth.actor(), text)
    opening.note_view(found.case)
    made = fact_form(
        AddForm, found.facts, people=found.people, organisations=found.organisations, optional=found.optional
    )
    questions = made(formdata=None, data={f"{PREFIX}recommendation_text": text})
    questions.version.data, questions.request_id.data = str(found.head.version), opening.new_request_id()
    questions.shows(each.reference for each in alike[:SHOWN])
    return render_template(
        "recommendations/alike.html",
        head=found.head,
        shell=opening.marked(case_page.mark_of(found.head)),
        alike=alike,
        alike_words=recommendations.alike_words(alike),
        form=questions,
        action=url_for("related.save", reference=reference, process=RECOMMENDATION),
    )


@bp.get("/actions/add")
@auth.needs(Permission.CASE_RECORD)
def add_action() -> ResponseReturnValue:
    """An action is added to a review: which one?"""
    reviews = _reviews()
    chosen = request.args.get("case", "").upper()
    if chosen in dict(reviews):
        return redirect(url_for("action_plan.add", reference=chosen))
    return render_template("actions/choose_review.html", reviews=reviews)


def _reviews() -> tuple[tuple[str, str], ...]:
    with parts.database().reading() as session:
        return recommendations.open_reviews(session, auth.actor())


def _words_form(*, blank: bool = False) -> NewRecommendationForm:
    form = NewRecommendationForm(formdata=None) if blank else NewRecommendationForm()
    form.offer(_reviews())
    return form


def _words_page(form: NewRecommendationForm, *, status: int = 200) -> ResponseReturnValue:
    errors = web.problems(form) if status != 200 else ()
    return render_template("recommendations/add.html", form=form, errors=errors), status


def _cells(one: RecommendationShown) -> tuple[str, ...]:
    return (
        one.reference, one.text, one.theme, one.scope, one.parent, one.to, one.response, one.way,
        one.actions_words, one.held,
    )  # fmt: skip
