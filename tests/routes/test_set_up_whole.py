"""The set-up on pages: partnerships, retention, letters and e-mails; the same navigation on all; who sees what."""

from dataclasses import fields
from datetime import date

import pytest

from tests.cast import Cast
from tests.routes.browse import Browser, soup
from tests.routes.filling import words
from tests.routes.pages import send, visit
from tests.services.test_cases import log_dhr
from tests.services.test_retention import closed
from tracker.db import Database
from tracker.mails import MailItem
from tracker.models import Partnership, Sensitivity
from tracker.queries import previews
from tracker.services.applied_mails import AppliedWords
from tracker.services.link_mails import LinkWords
from workflows.letter_kinds import KINDS

WHOLE = [
    "People and access", "Partnerships and areas", "Agencies", "Closed days", "Local timings",
    "Letters and e-mails", "Runs and outbox", "Audit", "Retention", "Names of things",
]  # fmt: skip


def test_the_sub_navigation_is_whole_and_in_order(browse: Browser, settled: Cast) -> None:
    page = visit(browse.as_("admin"), "/admin")
    assert [words(one) for one in page.soup.select("nav[aria-label=Admin] a")] == WHOLE
    for address in ("/areas", "/areas/herefordshire", "/letters-and-emails/letters/L1"):
        there = visit(browse, address)
        marked = there.soup.select("nav[aria-label=Admin] a[aria-current=page]")
        assert [words(one) for one in marked] == [
            "Letters and e-mails" if "letters" in address else "Partnerships and areas"
        ]
        assert [words(one) for one in soup(there.response).select("header nav a[aria-current]")] == ["Admin"]


def test_a_manager_finds_what_is_theirs_from_reports_and_account(browse: Browser, settled: Cast) -> None:
    own = [
        name for name in WHOLE if name not in {"People and access", "Agencies", "Runs and outbox", "Audit"}
    ]
    home = visit(browse.as_("manager"), "/account")
    assert [name for name in own if name in home.text] == own
    addresses = [str(one["href"]) for one in visit(browse, "/reports").soup.select("#set-up a")]
    assert len(addresses) == len(own)
    for address in addresses:
        page = visit(browse, address)
        names = [words(one) for one in page.soup.select('nav[aria-label="Set-up"] a')]
        assert names == own
        assert page.soup.select_one('nav[aria-label="Set-up"] a[aria-current=page]')["href"] == address


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/partnerships/herefordshire", {"unit_phone": "01432 260000"}),
        ("/names/herefordshire", {"asb_case_review": "Community Trigger"}),
        ("/areas/add", {"on": "1 1 2027", "place": "herefordshire", "name": "Golden Valley", "kind": "district"}),
        ("/admin/agencies/add", {"name": "A new body", "kind": "other", "place": "herefordshire"}),
        ("/admin/people/add",
         {"email": "new@example.test", "name": "Review officer", "role": "officer", "partnership": "herefordshire"}),
    ],
)  # fmt: skip
def test_the_reason_is_kept_when_something_is_changed_after_the_look(
    browse: Browser, settled: Cast, address: str, typed: dict[str, str]
) -> None:
    check = visit(browse.as_("admin"), address).submit(typed)
    assert not check.errors()
    back = str(check.soup.select_one("button[name=change]")["formaction"])
    told = [(name, "They moved" if name == "reason" else value) for name, value in check.fields()]
    form = send(browse, back, [*told, ("change", "all")])
    assert typed.items() <= dict(form.fields()).items()
    again = form.submit()
    assert dict(again.fields())["reason"] == "They moved"
    assert "seen" in dict(again.fields()), "looked at again before it is done"


def test_a_partnership_is_changed_after_a_look(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    form = visit(browse.as_("admin"), "/partnerships/herefordshire")
    assert form.submit().errors() == ["Nothing is another than it was. Change something, or cancel"]
    bad = form.submit({"name": "", "unit_mailbox": "no", "unit_phone": "call us", "from_on": "31 2 2020"})
    assert len(bad.errors()) == 4
    check = form.submit(
        {"unit_mailbox": "Unit@council.example", "unit_phone": "01432 260000", "board": "worcestershire"}
    )
    assert "Mailbox of the business unit: unit@council.example, not none." in check.text
    assert "Co-ordinating board: Worcestershire Safer Communities Board, not none." in check.text
    done = check.submit({"reason": "They moved"})
    assert "They moved" in done.text
    with sqlite_database.reading() as session:
        place = session.get_one(Partnership, settled.herefordshire)
        assert (place.unit_mailbox, place.unit_phone, place.coordinator_id) == (
            "unit@council.example", "01432 260000", settled.worcestershire,
        )  # fmt: skip
    managers = visit(browse.as_("manager"), "/partnerships/herefordshire")
    assert "board" not in {str(tag.get("name")) for tag in managers.soup.select("select")}
    kept = managers.submit({"unit_phone": "01432 111111"}).submit({"reason": "A new line"})
    assert "A new line" in kept.text
    with sqlite_database.reading() as session:
        assert session.get_one(Partnership, settled.herefordshire).coordinator_id == settled.worcestershire
    assert browse.open("/partnerships/worcestershire").status_code == 404
    assert browse.as_("officer").open("/partnerships/herefordshire").status_code == 403


class TestRetention:
    def test_two_people_decide_on_pages_and_an_administrator_sees_numbers(
        self, browse: Browser, settled: Cast, sqlite_database: Database
    ) -> None:
        with sqlite_database.transaction() as session:
            case = closed(session, settled, date(2018, 3, 31))
            reference, title = case.reference, case.title
        page = visit(browse.as_("manager"), "/retention")
        assert [reference in row[0] for row in page.rows("#due table tbody tr")] == [True]
        assert "Nothing is erased yet." in page.text
        lost = browse.open("/retention?reference=HCSP-ACT-1999-001")
        assert lost.status_code == 422
        assert browse.open(f"/retention?reference={reference.lower()}").location == f"/retention/{reference}"
        record = visit(browse, f"/retention/{reference}")
        assert "Sunday 31 March 2024" in record.text
        form = visit(browse, f"/retention/{reference}/propose")
        assert form.submit().errors() == ["Say under which schedule it may be disposed of", "Say why"]
        done = form.submit({"authority": "Schedule 12.3", "reason": "Its time is over"})
        assert "You proposed this yourself, so someone else must decide." in done.text
        assert browse.open(f"/retention/{reference}/approve").status_code == 404
        second = visit(browse.as_("chair"), f"/retention/{reference}/approve")
        assert "Nothing is erased by this" in second.text
        assert "Disposal approved" in second.submit({"reason": "Agreed"}).text
        banner = visit(browse.as_("officer"), f"/cases/{reference}/history")
        assert "Disposal approved" in banner.text
        numbers = visit(browse.as_("admin"), "/retention")
        assert reference not in numbers.response.text
        assert title not in numbers.response.text
        assert numbers.soup.select("#due") == []
        assert browse.open(f"/retention/{reference}").status_code == 404

    def test_the_schedule_changes_after_a_look_and_the_closed_case_says_so(
        self, browse: Browser, settled: Cast, sqlite_database: Database
    ) -> None:
        with sqlite_database.transaction() as session:
            case = log_dhr(session, settled)
            case.state, case.closed_on = "closed", date(2026, 6, 1)
            case.sensitivity = Sensitivity.OPEN
            session.add(case)
            reference = case.reference
        assert (
            "Records are kept until Tuesday 1 June 2032."
            in visit(browse.as_("officer"), f"/cases/{reference}").text
        )
        form = visit(browse.as_("manager"), "/retention/schedule/herefordshire/dhr_2016")
        assert form.submit({"years": "six", "authority": "S"}).errors() == [
            "Enter a whole number of years, 1 to 100"
        ]
        check = form.submit({"years": "10", "authority": "The council's schedule, line 4"})
        assert "kept 10 years, not 6 years" in check.text
        assert "line 4" in check.submit({"reason": "As adopted"}).text
        assert "Records are kept until Sunday 1 June 2036." in visit(browse, f"/cases/{reference}").text


class TestPreviews:
    def test_every_letter_and_every_mail_is_drawn_by_the_real_thing(
        self, browse: Browser, settled: Cast
    ) -> None:
        page = visit(browse.as_("admin"), "/letters-and-emails")
        assert len(page.rows("#letters table tbody tr")) == len(KINDS)
        assert len(page.rows("#mails table tbody tr")) == len(previews.MAILS)
        for code in KINDS:
            shown = visit(browse, f"/letters-and-emails/letters/{code}")
            assert "Example Community Safety Partnership" in shown.text, code
        for mail in previews.MAILS:
            shown = visit(browse, f"/letters-and-emails/e-mails/{mail.name}")
            assert mail.subject in shown.text
            file = browse.open(f"/letters-and-emails/e-mails/{mail.name}/file")
            assert file.headers["Content-Disposition"] == f'attachment; filename="{mail.name}.eml"'
        assert browse.open("/letters-and-emails/e-mails/nothing").status_code == 404

    def test_every_mail_template_is_there_and_every_allowed_value_is_explained(self) -> None:
        from tracker.mails import FOLDER

        there = {path.stem for path in FOLDER.glob("*.txt")}
        assert {mail.name for mail in previews.MAILS} == there
        assert set(previews.ITEM_FIELDS) == {field.name for field in fields(MailItem)}
        assert set(previews.WORD_FIELDS) == {
            field.name for words in (LinkWords, AppliedWords) for field in fields(words)
        }


@pytest.mark.parametrize("who", ["lead", "panel"])
def test_the_set_up_is_closed_to_leads_and_panels(browse: Browser, settled: Cast, who: str) -> None:
    for address in ("/partnerships", "/retention", "/letters-and-emails"):
        assert browse.as_(who).open(address).status_code == 403
