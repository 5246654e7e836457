"""The second level of navigation of a case; of a review in seven or eight groups, each with the pages in it."""

from collections.abc import Iterable
from dataclasses import replace

from flask import url_for

from tracker import auth, parts
from tracker.models import Case, Sensitivity
from tracker.policy import REVIEWS, Permission, Subject, allows
from tracker.queries import case_page, standing
from tracker.routes import opening
from tracker.services.regimes import CHANGEABLE, REGIMES
from tracker.templating import NavItem
from workflows.letter_kinds import kinds_of
from workflows.released import workflow_of

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Overview", ("overview",)),
    ("Tasks", ("tasks", "amendments", "regime")),
    ("Incidents and threshold", ("incidents", "threshold", "harm")),
    ("Deadlines", ("deadlines",)),
    ("Agencies and people", ("related", "pass-ons", "people", "panel", "access")),
    ("Actions", ("plan",)),
    ("Documents", ("documents", "letters")),
    ("History", ("history",)),
)
"""The entries of a review (docs/ux.md (a)), and the names of the pages behind each."""


def navigation(
    case: Case, head: case_page.CaseHead, dates: tuple[standing.DateShown, ...], here: str
) -> tuple[NavItem, ...]:
    """The entries of a case; ``here`` is the name of the page that is shown."""
    pages = dict(_pages(case, head, dates))
    pages = {name: replace(page, current=name == here) for name, page in pages.items()}
    if case.process not in REVIEWS:
        return tuple(pages.values())
    groups = ((label, [pages[name] for name in names if name in pages]) for label, names in GROUPS)
    return tuple(_group(label, found) for label, found in groups if found)


def _group(label: str, pages: list[NavItem]) -> NavItem:
    """One entry for several pages. It leads to the first, and has its number where that is of what is open, or of its name."""
    first = pages[0]
    return NavItem(
        label,
        first.href,
        current=any(page.current for page in pages),
        count=first.count if len(pages) == 1 or first.text == label or first.counted is None else None,
        within=tuple(pages) if len(pages) > 1 else (),
        counted=first.counted,
    )


def _pages(
    case: Case, head: case_page.CaseHead, dates: tuple[standing.DateShown, ...]
) -> Iterable[tuple[str, NavItem]]:
    ref = case.reference
    running = sum(shown.running for shown in dates) + head.dates_below
    yield "overview", NavItem("Overview", opening.home_of(case))
    yield "deadlines", NavItem("Deadlines", url_for("cases.deadlines", reference=ref), count=running)
    for text, endpoint, name in _of_a_review(case):
        yield (
            name,
            NavItem(text, url_for(endpoint, reference=ref), count=head.tasks if name == "tasks" else None),
        )
    yield from _related(case, head)
    yield from _letters(case)
    yield (
        "documents",
        NavItem(
            "Documents", url_for("documents.show", reference=ref), count=head.documents, counted="in all"
        ),
    )
    yield "history", NavItem("History", url_for("cases.past", reference=ref))
    if case.process in REVIEWS:
        plan = url_for("action_plan.show", reference=ref)
        yield "plan", NavItem("Action plan", plan, count=head.actions, counted="in all")
    if head.restricted:
        yield "access", NavItem("Who can open it", url_for("grants.show", reference=ref))


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
    changes = case.process in REGIMES and case.state in CHANGEABLE
    if changes and parts.settings().dardr_in_force_from and _may(case, Permission.REVIEW_KIND):
        found.append(("Kind of review", "regimes.show", "regime"))
    return tuple(found)


def _letters(case: Case) -> Iterable[tuple[str, NavItem]]:
    """The letters of the case, for those whom they are for."""
    if kinds_of(case.process) and _may(case, Permission.LETTER_READ):
        yield "letters", NavItem("Letters", url_for("letters.show", reference=case.reference))


def _related(case: Case, head: case_page.CaseHead) -> Iterable[tuple[str, NavItem]]:
    """What belongs to the case; of a request to an agency, its chasers."""
    if case.process == "information_request":
        address = url_for("related.chasers", reference=case.reference)
        may = allows(
            auth.actor(), Permission.CASE_RECORD, Subject(case.partnership_id, case.id, case.parent_id)
        )
        if may:
            yield "chasers", NavItem("Chasers", address)
    elif workflow_of(case.process, case.workflow_version).family:
        address = url_for("related.show", reference=case.reference)
        yield "related", NavItem("Requests and related", address, count=head.children, counted="in all")


def _may(case: Case, permission: Permission) -> bool:
    """Whether whoever looks may do this to the case, as far as no agency's part in it decides."""
    restricted = case.sensitivity == Sensitivity.RESTRICTED
    subject = Subject(case.partnership_id, case.id, case.parent_id, restricted=restricted)
    return allows(auth.actor(), permission, subject)
