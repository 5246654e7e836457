"""Local procedures on pages: read in words, entered with every field, checked before anything is saved, ended."""

import json
from collections.abc import Mapping
from datetime import date

import pytest
from sqlmodel import select

from tests.cast import Cast
from tests.driving import applied
from tests.routes.browse import Browser, Clock
from tests.routes.pages import Page, Typed, send, visit
from tests.services.test_policy_checks import PUBLISHED, made
from tracker.db import Database
from tracker.forms.local_policies import filled
from tracker.models import Deadline, LocalPolicy
from tracker.services.policy_checks import known_to
from tracker.services.policy_files import Version
from tracker.services.policy_versions import version_of
from workflows.threshold_reading import rules_from

ASB = "/policies/new/herefordshire/asb_case_review/all"
FIRST = "/policies/herefordshire/asb_case_review/all/2014-10-20"
NEXT: dict[str, Typed] = {"name": "Procedures 2027", "effective_from": "1 1 2027"}
TEN: dict[str, Typed] = {"clock_C5": "own", "clock_C5__n": "10", "clock_C5__unit": "working_days"}


def ask(browse: Browser, typed: dict[str, Typed], who: str = "manager", address: str = ASB) -> Page:
    return entered(visit(browse.as_(who), address), NEXT | typed)


def entered(form: Page, typed: Mapping[str, Typed]) -> Page:
    """The form filled in and sent: each date that gets a length of its own is opened first, one after the other."""
    rest = {name: value for name, value in typed.items() if not name.startswith("clock_")}
    given: dict[str, Typed] = {}
    for head in dict.fromkeys(name.partition("__")[0] for name in typed if name not in rest):
        form = opened(form, head, given)
        given = {name: value for name, value in typed.items() if name.partition("__")[0] == head}
    return form.submit(rest | given)


def opened(form: Page, head: str, typed: Mapping[str, Typed] | None = None) -> Page:
    """The form again, after Change at one of its dates was pressed."""
    typed = typed or {}
    pairs = [(name, value) for name, value in form.fields() if name not in typed]
    pairs += [(name, str(value)) for name, value in typed.items()]
    return send(form.browser, str(form.form()["action"]), [*pairs, ("open", head)])


def stored(database: Database) -> list[Version]:
    with database.reading() as session:
        rows = session.exec(
            select(LocalPolicy).order_by(LocalPolicy.partnership_id, LocalPolicy.effective_from)
        ).all()
        return [
            version_of(row, "herefordshire") for row in rows if row.partnership_id == rows[0].partnership_id
        ]


def test_the_list_leads_to_one_version_in_words(browse: Browser, settled: Cast) -> None:
    page = visit(browse.as_("officer"), "/policies")
    assert page.heading == "Local procedures"
    assert [row[2:] for row in page.rows()] == [
        ["Herefordshire Community Safety Partnership, all areas", "Mon 20 Oct 2014", "None yet", "In force"]
    ]
    assert page.links("Enter a new version") == []
    one = visit(browse, page.links("Herefordshire 2014")[0])
    assert "Within 15 working days of “Date the application was made” Usual length" in one.text
    assert "Applications made on or after Mon 20 Oct 2014" in one.text
    assert "The threshold is 3: qualifying incidents" in one.text
    assert one.links("End this version") == []


def test_the_check_says_what_a_version_does_and_the_version_moves_nothing(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        case = applied(session, settled, date(2026, 11, 20)).id
    before = dates(sqlite_database, case)
    check = ask(browse, TEN | {"effective_from": "1 11 2026"})
    assert (check.status, check.heading) == (200, "Check this version")
    assert (
        "This moves no date that is already running. It takes effect for applications made on or after Sun 1 Nov 2026."
        in check.text
    )
    assert "“Herefordshire 2014” ends the day before." in check.text
    assert "Threshold decision told Within 10 working days of “Date the application was made”" in check.text
    assert len(stored(sqlite_database)) == 1, "looking changes nothing"
    page = check.submit()
    assert page.heading == "Procedures 2027"
    assert "It moves no date that is already running." in page.text
    old, new = stored(sqlite_database)
    assert (old.effective_to, new.clocks) == (date(2026, 10, 31), {"C5": {"n": 10, "unit": "working_days"}})
    assert dates(sqlite_database, case) == before
    assert check.submit().heading == "Procedures 2027", "pressed twice, it is one version"
    assert len(stored(sqlite_database)) == 2


def dates(database: Database, case: int | None) -> list[tuple[str, date | None]]:
    with database.reading() as session:
        return [
            (one.key, one.due_on)
            for one in session.exec(
                select(Deadline).where(Deadline.case_id == case).order_by(Deadline.id)
            ).all()
        ]


@pytest.mark.parametrize("published", PUBLISHED)
def test_a_published_procedure_can_be_entered_without_code(
    browse: Browser, sqlite_database: Database, published: str
) -> None:
    given = made(name=published, effective_from=date(2027, 1, 1), **PUBLISHED[published])
    known = known_to("asb_case_review", given.effective_from)
    assert known is not None
    typed = {name: value for name, value in filled(given, known).items() if value != "usual"}
    check = entered(visit(browse.as_("manager"), ASB), typed)
    assert check.errors() == []
    assert check.submit().heading == published
    new = stored(sqlite_database)[-1]
    started = {
        key: own | ({"start": f"letter_sent_{own['start']}"} if own.get("start") == "L1" else {})
        for key, own in given.clocks.items()
    }
    assert json.dumps(new.clocks, sort_keys=True) == json.dumps(started, sort_keys=True)
    assert (new.ladders, new.dissatisfaction, new.notes) == (
        given.ladders,
        given.dissatisfaction,
        given.notes,
    )
    assert rules_from(new.rules) == rules_from(given.rules)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": "4"}, ["The number should not exceed three: explanatory notes to section 104(4)"]),
        ({"number": ""}, ["Enter how many make the threshold"]),
        ({"number": "three"}, ["Enter a whole number, such as 3"]),
        ({"name": " "}, ["Give the version a name"]),
        ({"effective_from": ""}, ["Enter the first day"]),
        ({"effective_from": "31 9 2026"}, ["First day must be a real date, such as 23 11 2026"]),
        ({"effective_to": "1 1 2026"}, ["The last day cannot be before the first day"]),
        ({"effective_from": "1 1 2014"}, ["The first day must be on or after Mon 20 Oct 2014, when these rules began"]),
        ({"effective_from": "1 1 2026", "effective_to": "1 2 2026"}, None),
        ({"report_within": "500"}, ["Enter a number of months from 1 to 120"]),
        ({"group_people": "4", "group_kind": ""}, ["Choose what the group rule counts, or leave the number out"]),
        ({"group_kind": "others"}, ["Say how many the group rule asks for"]),
        ({"clock_C5__n": "10"}, ["Choose “Its own” for what is given here: Threshold decision told"]),
        ({"clock_C5": "own"}, ["Say what is its own"]),
        ({"clock_C5": "own", "clock_C5__n": "10"}, ["Choose the unit"]),
        (TEN | {"clock_C5__n": "0"}, ["The length of Threshold decision told must be a whole number from 1 to 999"]),
        (TEN | {"clock_C5__n": "ten"}, ["Threshold decision told: how many: enter whole numbers, such as 10"]),
        (TEN | {"clock_C5__before": "12"}, ["A reminder 12 days before would come before Threshold decision told begins"]),
        (TEN | {"clock_C5__roll": "next_working"}, ["A date counted in working days falls on one already"]),
        ({"closed_days": "Christmas"}, ["“Christmas” must begin with a day, such as 29 12 2026"]),
        ({"closed_days": "29 12 2026"}, ["Give each closed day a name: worked dates show it"]),
        ({"published_url": "javascript:alert(1)"}, ["The published address must start with https:// or http://"]),
        ({"clock_C5": "own", "clock_C5__start": "letter_sent_L1"}, []),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    browse: Browser,
    settled: Cast,
    sqlite_database: Database,
    typed: dict[str, Typed],
    words: list[str] | None,
) -> None:
    page = ask(browse, typed)
    if words == []:
        assert page.heading == "Check this version"
        return
    assert page.status == 422
    assert page.errors() == words or (words is None and "The dates overlap with" in page.errors()[0])
    kept = dict(page.fields())
    assert {name: kept.get(name, "").strip() for name in NEXT | typed} == {
        name: str(value).strip() for name, value in (NEXT | typed).items()
    }
    assert len(stored(sqlite_database)) == 1


def test_one_goes_back_from_the_check_with_everything_typed(browse: Browser, settled: Cast) -> None:
    check = ask(browse, TEN | {"notes": "First line\r\n<b>second</b>", "group_kind": ""})
    form = send(browse, f"{ASB}/check", [*check.fields(0), ("change", "all")])
    kept = dict(form.fields())
    assert (form.status, form.errors()) == (200, [])
    assert (kept["clock_C5__n"], kept["clock_C5"], kept["group_kind"]) == ("10", "own", "")
    assert kept["notes"].splitlines() == ["First line", "<b>second</b>"]


def test_what_changed_since_the_check_is_shown_again(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    check = ask(browse, TEN)
    visit(browse, ASB).submit({"name": "Another", "effective_from": "1 12 2026"}).submit()
    again = check.submit()
    assert again.status == 409
    assert "Somebody else changed the procedures after you checked this version." in again.text
    assert "“Another” ends the day before." in again.text
    assert again.submit().heading == "Procedures 2027"


def test_what_somebody_else_entered_while_a_version_was_written_is_shown(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    mine = visit(browse.as_("manager"), ASB)
    theirs = entered(visit(browse, ASB), {"name": "Another", "effective_from": "1 12 2026"} | TEN)
    theirs.submit()
    check = entered(mine, NEXT)
    assert (check.status, check.heading) == (409, "Check this version")
    assert "Manager entered “Another”" in check.text
    rows = {row[0]: row[1:] for row in check.rows("#since tbody tr")}
    assert rows["Version"] == ["Herefordshire 2014", "Another", "Procedures 2027"]
    [told] = [row for what, row in rows.items() if "10 working days" in row[1]]
    assert "15 working days" in told[0]
    assert "15 working days" in told[2]
    back = send(browse, f"{ASB}/check", [*check.fields(0), ("change", "all")])
    assert "while you were working" not in back.submit().text
    assert check.submit().heading == "Procedures 2027"


def test_a_version_that_was_put_right_meanwhile_is_not_ended_unseen(
    browse: Browser, settled: Cast, clock: Clock
) -> None:
    ask(browse, {"effective_from": "1 11 2026"}).submit()
    one = "/policies/herefordshire/asb_case_review/all/2026-11-01"
    end = visit(browse, visit(browse, one).links("End this version")[0])
    right = visit(browse, visit(browse, one).links("Put this version right")[0])
    clock.forward(minutes=1)
    right.submit({"name": "Put right"}).submit()
    told = end.submit({"last_on": "30 11 2026"})
    assert told.status == 409
    assert "Somebody else put “Put right” right after you looked." in told.text
    assert dict(told.fields())["last_on"] == "30 11 2026"
    for _ in range(2):
        assert "ends on Monday 30 November 2026" in told.submit().text


def test_what_no_case_took_is_put_right_and_what_one_took_is_not(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    ask(browse, TEN | {"effective_from": "1 11 2026"}).submit()
    page = visit(browse, "/policies/herefordshire/asb_case_review/all/2026-11-01")
    form = visit(browse, page.links("Put this version right")[0])
    assert dict(form.fields())["clock_C5__n"] == "10"
    check = form.submit({"clock_C5__n": "12"})
    assert "“Procedures 2027” of the same day, which no case has taken, is put right by it." in check.text
    assert "Within 12 working days" in check.submit().text
    with sqlite_database.transaction() as session:
        assert applied(session, settled, date(2026, 11, 20)).policy_id is not None
    page = visit(browse, "/policies/herefordshire/asb_case_review/all/2026-11-01")
    assert "Cases that took it 1 case" in page.text
    assert page.links("Put this version right") == []
    assert "The dates overlap with “Procedures 2027”" in check.submit().errors()[0]
    assert stored(sqlite_database)[-1].clocks["C5"]["n"] == 12


def test_a_version_is_given_its_last_day_and_the_area_is_then_named(
    browse: Browser, settled: Cast, sqlite_database: Database
) -> None:
    browse.as_("manager")
    form = visit(browse, visit(browse, FIRST).links("End this version")[0])
    assert form.submit({"last_on": ""}).errors() == ["Enter the last day"]
    assert "cannot be before the first day" in form.submit({"last_on": "1 1 2014"}).errors()[0]
    page = form.submit({"last_on": "1 11 2026"})
    assert "“Herefordshire 2014” ends on Sunday 1 November 2026. Cases that took it keep it." in page.text
    assert "ends on Sun 1 Nov 2026 already" in form.submit({"last_on": "1 12 2026"}).errors()[0]
    assert "Herefordshire (Herefordshire Community Safety Partnership)" in visit(browse, "/policies").text


def test_another_process_has_its_lengths_and_no_threshold(browse: Browser, settled: Cast) -> None:
    where = visit(browse.as_("manager"), "/policies/new")
    assert where.heading == "Enter a new version"
    form = visit(browse, "/policies/new?place=herefordshire%2Fdhr_2016%2Fall")
    form = visit(browse, form.response.headers["Location"])
    assert "number" not in dict(form.fields())
    check = entered(
        form,
        NEXT
        | {
            "name_shown": "Review",
            "clock_FIRST_PANEL": "own",
            "clock_FIRST_PANEL__n": "6",
            "clock_FIRST_PANEL__unit": "weeks",
        },
    )
    assert "It takes effect for cases opened on or after Fri 1 Jan 2027." in check.text
    assert "First panel meeting Within 6 weeks of" in check.submit().text
    assert visit(browse, "/policies/new?place=nowhere").errors() == ["Choose for whom and for what"]


@pytest.mark.parametrize(
    ("who", "reads", "edits"),
    [
        ("officer", 200, 403), ("manager", 200, 200), ("chair", 200, 403), ("auditor", 200, 403),
        ("admin", 200, 403), ("lead", 403, 403), ("panel", 403, 403),
    ],
)  # fmt: skip
def test_who_reads_and_who_edits(browse: Browser, settled: Cast, who: str, reads: int, edits: int) -> None:
    browse.as_(who)
    assert visit(browse, "/policies").status == reads
    assert visit(browse, FIRST).status == reads
    for address in ("/policies/new", ASB, f"{FIRST}/end"):
        assert visit(browse, address).status == edits, address


def test_nobody_reads_or_edits_elsewhere(browse: Browser, settled: Cast) -> None:
    check = ask(browse, TEN)
    elsewhere = ASB.replace("herefordshire", "worcestershire")
    data = dict(check.fields())
    for address in (
        elsewhere,
        f"{elsewhere}/check",
        FIRST.replace("herefordshire", "worcestershire") + "/end",
    ):
        assert browse.client.post(address, data=data).status_code == 404, address
        assert visit(browse, address.removesuffix("/check")).status == 404, address
    assert visit(browse, FIRST.replace("herefordshire", "worcestershire")).status == 404
    assert visit(browse, FIRST.replace("2014-10-20", "2014-10-21")).status == 404
    assert visit(browse, FIRST.replace("2014-10-20", "tomorrow")).status == 404
    assert visit(browse, ASB.replace("/all", "/worcester")).status == 404
    assert visit(browse, ASB.replace("asb_case_review", "hold")).status == 404


def test_the_form_has_sections_and_keeps_what_a_refusal_found(browse: Browser, settled: Cast) -> None:
    page = visit(browse.as_("manager"), ASB)
    headings = [" ".join(one.get_text().split()) for one in page.soup.select("form h2")]
    assert headings[:5] == ["The version", "Threshold", "Group rule", "Hate rule", "Dates of the case"]
    assert "Published as “within one month”, or “within 30 days”" in page.text
    page = opened(page, "clock_C6")
    first = [one["value"] for one in page.soup.select("#clock_C6__start option")][:22]
    assert {"application_date", "letter_sent_L1", "letter_sent_L4"} <= set(first), "the usual days come first"
    assert not page.soup.select("details[open]")
    chained = TEN | {"clock_C5__then": "7", "number": "4", "notes": "Ask the council"}
    refused = opened(entered(page, NEXT | chained), "clock_C5")
    assert (refused.status, refused.errors()) == (200, []), "opening a date finds fault with nothing"
    refused = refused.submit()
    assert refused.errors() == ["The number should not exceed three: explanatory notes to section 104(4)"]
    assert "should not exceed three" in refused.soup.select_one("#number-error").get_text()
    told = {row[0]: row[1] for row in refused.rows()}
    assert told["Threshold decision told"] == "Its own: 10 working days; then a further: 7"
    assert len([words for words in told.values() if words.startswith("Usual: within ")]) > 10
    kept = opened(refused, "clock_C5").soup.select_one("[name=clock_C5__then]")
    assert (kept["value"], kept.find_parent("details").has_attr("open")) == ("7", True)
    assert refused.soup.select_one("[name=notes]").get_text(strip=True) == "Ask the council"


@pytest.mark.parametrize("process", ["asb_case_review", "dhr_2016"])
def test_few_dates_are_open_at_once_so_that_the_page_stays_small(
    browse: Browser, settled: Cast, process: str
) -> None:
    """Each date that is wrong says so, also those that are not drawn with all their fields."""
    page = visit(browse.as_("manager"), ASB.replace("asb_case_review", process))
    assert not page.soup.select("main select[name^=clock_]")
    heads = [str(one["value"]) for one in page.soup.select("button[name=open]")]
    assert len(heads) > 25
    typed = [(f"{head}__before", "soon") for head in heads] + [(head, "own") for head in heads]
    fields = [pair for pair in page.fields() if pair[0] not in heads]
    refused = send(browse, str(page.form()["action"]), [*fields, *typed])
    assert len(refused.errors()) > len(heads)
    assert len(refused.response.text.encode()) < 150_000
    places = {one["id"] for one in refused.soup.select("main [id]")}
    assert {str(one["href"])[1:] for one in refused.soup.select(".govuk-error-summary a")} <= places
    assert dict(refused.fields()).items() >= dict(typed).items()
