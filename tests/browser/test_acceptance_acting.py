"""Acceptance checks 10 to 12 and 15 of docs/ux.md (m): what a step waits for, asks for and foretells; forms with errors."""

import pytest

from tests.browser.conftest import Somebody
from tests.browser.people import Person
from tests.browser.standing import Standing
from tests.browser.walks import hold_to_the_summary

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OFFICER = "officer@herefordshire.example"
MANAGER = "manager@herefordshire.example"
STEP = "Start drafting"
REVIEWS = "Every management review must be accepted, a nil return or waived by the chair."
CHRONOLOGY = "Combined chronology"
FAMILY = "Contributions of family, friends, employers and neighbours"


def block(person: Person, reference: str) -> list[str]:
    """What the block of the step says is missing, on the page of the case."""
    person.open(f"/cases/{reference}")
    assert person.button(STEP).count() == 0
    shown = person.page.locator(".app-next").filter(has=person.page.get_by_role("heading", name=STEP))
    return [
        " ".join(line.split()) for line in shown.locator(".app-missing > li:not(.is-ok)").all_inner_texts()
    ]


def only_reviews_are_missing(officer: Person, reference: str) -> None:
    """Everything else that the step needs is recorded, by the links of its list."""
    for missing, answer in ((CHRONOLOGY, "store/chronology-3"), (FAMILY, "Received")):
        officer.open(f"/cases/{reference}")
        item = officer.page.locator(".app-missing li").filter(has_text=missing)
        officer.go(item.get_by_role("link"))
        if missing == CHRONOLOGY:
            officer.fill(CHRONOLOGY, answer)
        else:
            officer.choose(FAMILY, answer)
        officer.press("Record this")


def test_what_is_missing_is_listed_with_its_links(caller: Somebody, monday: Standing) -> None:
    """Check 10: three points, each with a working link; a manager may go ahead where only the reviews are missing."""
    reference = monday.reference("dhr_2016", "gathering")
    with caller(scripts=False) as officer, caller(scripts=False) as manager:
        officer.sign_in(OFFICER)
        manager.sign_in(MANAGER)
        for person in (officer, manager):
            missing = block(person, reference)
            assert len(missing) == 3, missing
            assert all(point.startswith("Missing: ") for point in missing)
            for link in person.page.locator(".app-missing a").all():
                answer = person.page.context.request.get(
                    person.tracker.address + str(link.get_attribute("href"))
                )
                assert answer.status == 200
            assert person.button("Go ahead with a reason").count() == 0
        only_reviews_are_missing(officer, reference)
        assert [REVIEWS in point for point in block(officer, reference)] == [True]
        assert officer.button("Go ahead with a reason").count() == 0
        assert [REVIEWS in point for point in block(manager, reference)] == [True]
        manager.press("Go ahead with a reason")
        manager.tick(REVIEWS)
        manager.press("Continue to check answers")
        assert manager.page.title().startswith("Error: ")
        assert manager.page.get_by_role("checkbox", name=REVIEWS).is_checked()


def test_a_step_asks_only_for_what_the_case_lacks(caller: Somebody, monday: Standing) -> None:
    """Check 11: a known fact stands under Already recorded with Change, and is not asked for again."""
    reference = monday.reference("dhr_2016", "gathering")
    with caller(scripts=False) as officer, caller(scripts=False) as manager:
        manager.sign_in(MANAGER)
        manager.open(f"/cases/{reference}/steps/start-drafting")
        assert manager.page.get_by_label(CHRONOLOGY).count() == 1
        officer.sign_in(OFFICER)
        only_reviews_are_missing(officer, reference)
        manager.page.reload()
        assert manager.page.get_by_label(CHRONOLOGY, exact=True).count() == 0
        recorded = manager.page.locator("#recorded .govuk-summary-list__row").filter(has_text=CHRONOLOGY)
        assert "store/chronology-3" in recorded.inner_text()
        manager.go(recorded.get_by_role("link"))
        assert manager.page.get_by_label(CHRONOLOGY).input_value() == "store/chronology-3"


def test_check_answers_foretells_the_dates_of_the_case(caller: Somebody, monday: Standing) -> None:
    """Check 12: each date on check answers is the date that the case then shows."""
    reference = monday.reference("dhr_2016", "gathering")
    with caller(scripts=False) as officer, caller(scripts=False) as manager:
        officer.sign_in(OFFICER)
        manager.sign_in(MANAGER)
        only_reviews_are_missing(officer, reference)
        manager.open(f"/cases/{reference}/steps/start-drafting")
        manager.tick(REVIEWS)
        manager.fill("Reason for going ahead", "The chair knows the two that are out")
        manager.press("Continue to check answers")
        foretold = manager.clocks("Dates that start")
        assert foretold
        manager.press(STEP)
        assert "Drafting started" in manager.notice()
        manager.open(f"/cases/{reference}/deadlines")
        assert foretold.items() <= manager.clocks("Running dates").items()


FORMS = (
    "/cases/new/asb", "/cases/new/dhr", "/cases/{asb}/steps/acknowledge", "/cases/{dhr}/steps/start-drafting",
    "/cases/{dhr}/deadlines/report_6m/extend",  "/cases/{dhr}/access",
    "/cases/{dhr}/related/add/hold", "/cases/{dhr}/related/add/information_request", "/cases/{dhr}/documents/new",
    "/cases/{monitored}/actions/add", "/actions/{action}", "/actions/{done}/verify", "/actions/{asked}/more-time",
    "/closed-days/add", "/account",
)  # fmt: skip
"""One form of each sort that a manager meets."""
TYPED = "main form[method=post] input[type=text], main form[method=post] textarea"
KEPT = f"""() => [...document.querySelectorAll('{TYPED}')].map(box => [box.name, box.value])"""
FILL = (
    f"""words => document.querySelectorAll('{TYPED}').forEach(box => box.value = words + ' & ' + box.name)"""
)


def test_every_form_with_an_error_leads_to_it_and_keeps_what_was_typed(
    caller: Somebody, monday: Standing
) -> None:
    """Check 15: the title says Error, the summary has the focus, its links lead to the fields, and no word is lost."""
    cases = {
        "asb": monday.reference("asb_case_review", "received"), "dhr": monday.reference("dhr_2016", "gathering"),
        "monitored": monday.reference("asb_case_review", "action_plan_monitoring"),
        "action": monday.reference("action_item", "in_progress"), "done": monday.reference("action_item", "completed_unverified"),
        "asked": "HCSP-ACT-2026-011",
    }  # fmt: skip
    with caller() as manager:
        manager.sign_in(MANAGER)
        for form in FORMS:
            assert manager.open(form.format_map(cases)) == 200, form
            manager.page.evaluate(FILL, "What I typed")
            before = manager.page.evaluate(KEPT)
            form_of = manager.page.locator("main form[method=post]").last
            manager.go(form_of.locator("button[type=submit], button:not([type])").first)
            hold_to_the_summary(manager)
            assert manager.page.evaluate(KEPT) == before, form
