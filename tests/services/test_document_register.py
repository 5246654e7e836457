"""The register of documents: who may put in, read, release and take out; what the history tells whom."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from tests.cast import MONDAY, NOON, Cast
from tests.services.test_cases import log_dhr
from tracker import access
from tracker.db import Database
from tracker.errors import BadInput, ChangedMeanwhile, NotPermitted, NotVisible
from tracker.models import Case, Document, Event, Scan, User
from tracker.policy import Actor
from tracker.queries import documents as query
from tracker.queries.verification import faults
from tracker.services import cases, documents, grants
from tracker.services.asked import NewCase
from tracker.services.documents import DocumentSaid, StoredFile, safe_link

LINK = "https://store.example.gov.uk/reviews/1?version=2"
SAID = DocumentSaid(
    1, "overview_report", "Overview report", date(2026, 11, 20), "official_sensitive", location=LINK
)


def add(session: Session, actor: Actor, case: Case, **changes: object) -> Event:
    return documents.add(
        session, actor, case, replace(SAID, **{"seen_version": case.version, **changes}), at=NOON
    )


def readable(session: Session, actor: Actor, case: Case) -> list[tuple[int, int]]:
    return [(row.number, row.version) for row in access.documents_of(session, actor, case)]


def panelled(session: Session, cast: Cast) -> tuple[Case, Actor, Actor]:
    """A restricted review with somebody of the panel named for it; its officer and that person."""
    case = log_dhr(session, cast)
    person = session.get_one(User, cast.people["panel"])
    grants.grant(session, cast.actor(session, "officer"), case, person, "Sits on it", at=NOON)
    return case, cast.actor(session, "officer"), cast.actor(session, "panel")


def test_versions_are_rows_and_the_panel_reads_what_was_released(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case, officer, panel = panelled(session, cast)
        add(session, officer, case, publishable=True)
        add(session, officer, case, kind="minutes", title="Minutes of the first meeting")
        assert readable(session, panel, case) == []
        with pytest.raises(NotVisible):
            access.document_for(session, panel, case, 1)
        documents.release(session, officer, case, 1, seen_version=case.version, at=NOON)
        assert readable(session, panel, case) == [(1, 1)]
        add(session, officer, case, number=1, title="Overview report, second draft")
        assert readable(session, officer, case) == [(1, 1), (1, 2), (2, 1)]
        assert readable(session, panel, case) == [(1, 1)], "a newer version is released by itself"
        assert access.document_for(session, panel, case, 1).version == 1
        assert [one.title for one in query.register(session, panel, case).latest] == ["Overview report"]
        documents.release(session, officer, case, 1, seen_version=case.version, at=NOON)
        documents.withdraw(session, officer, case, 1, "The wrong case", seen_version=case.version, at=NOON)
        assert readable(session, panel, case) == []
        assert [one.number for one in query.register(session, officer, case).withdrawn] == [1]
    with database.reading() as session:
        events = session.exec(
            select(Event).where(Event.kind.startswith("document_")).order_by(Event.seq)
        ).all()
        assert [event.kind.removeprefix("document_") for event in events] == [
            "added", "added", "released", "added", "released", "withdrawn",
        ]  # fmt: skip
        told = " ".join(f"{event.detail} {event.reason} {event.facts}" for event in events)
        assert "report" not in told.lower(), "the panel reads the history too"
        assert "Minutes" not in told
        assert list(faults(session)) == []


@pytest.mark.parametrize("who", ["chair", "decision-maker", "auditor", "admin", "panel", "lead", "outsider"])
def test_only_the_unit_adds_to_a_review(database: Database, cast: Cast, who: str) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        actor = cast.actor(session, who)
        actor = replace(actor, granted=frozenset({case.id or 0}))
        with pytest.raises(NotPermitted):
            add(session, actor, case)
        add(session, cast.actor(session, "officer"), case, publishable=True)
        for act in (
            lambda: documents.release(session, actor, case, 1, seen_version=case.version, at=NOON),
            lambda: documents.withdraw(session, actor, case, 1, "x", seen_version=case.version, at=NOON),
            lambda: documents.check_anonymised(
                session, actor, case, 1, "Officer", MONDAY, seen_version=case.version, at=NOON
            ),
        ):
            with pytest.raises(NotPermitted):
                act()


def test_an_agency_adds_to_what_it_leads_and_reads_its_own(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        asked = NewCase(
            process="action_item", partnership_id=cast.herefordshire, opened_on=MONDAY, imported=True,
            owner_organisation_id=cast.police, title="Put up lighting",
        )  # fmt: skip
        action = cases.log_case(session, cast.actor(session, "officer"), asked, at=NOON)
        add(session, cast.actor(session, "lead"), action, kind="evidence", title="Photograph")
        assert readable(session, cast.actor(session, "lead"), action) == [(1, 1)]
        with pytest.raises(NotPermitted):
            add(session, cast.actor(session, "lead2"), action)


def test_the_check_for_names_is_of_one_version(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        add(session, officer, case, publishable=True)
        add(session, officer, case, kind="minutes", title="Minutes")

        def check(number: int, on: date, by: str = "Reviewing officer") -> Event:
            seen = case.version
            return documents.check_anonymised(
                session, officer, case, number, by, on, seen_version=seen, at=NOON
            )

        for number, on, by, words in (
            (2, MONDAY, "Officer", "meant to be published"),
            (1, date(2026, 11, 19), "Officer", "on or after the document's date"),
            (1, date(2026, 11, 24), "Officer", "today or in the past"),
            (1, MONDAY, " ", "Enter who checked it"),
        ):
            with pytest.raises(BadInput, match=words):
                check(number, on, by)
        check(1, MONDAY)
        first = access.document_for(session, officer, case, 1)
        assert (first.anonymised_on, first.anonymised_by, first.anonymised_by_id) == (
            MONDAY, "Reviewing officer", cast.people["officer"],
        )  # fmt: skip
        add(session, officer, case, number=1, publishable=True)
        assert access.document_for(session, officer, case, 1).anonymised_on is None


def test_pressing_twice_adds_once_and_the_second_to_save_is_told(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer, seen = cast.actor(session, "officer"), case.version
        first = add(session, officer, case, request_id="one")
        assert add(session, officer, case, request_id="one") is first
        with pytest.raises(ChangedMeanwhile):
            add(session, officer, case, seen_version=seen, request_id="two")
        assert len(session.exec(select(Document)).all()) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "novel"}, "What it is"),
        ({"marking": "secret"}, "Marking"),
        ({"title": "  "}, "Title"),
        ({"title": "x" * 201}, "200 characters"),
        ({"dated_on": date(2026, 11, 24)}, "Date on it"),
        ({"dated_on": date(1, 1, 1)}, "Date on it"),
        ({"location": ""}, "Where it is kept"),
        ({"file": StoredFile("a" * 64, "pdf", 9, "d", Scan.NONE)}, "Where it is kept"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said(
    sqlite_database: Database, changes: dict[str, object], words: str
) -> None:
    from tests.cast import settle

    cast = settle(sqlite_database)
    with sqlite_database.transaction() as session:
        case = log_dhr(session, cast)
        with pytest.raises(BadInput, match=words):
            add(session, cast.actor(session, "officer"), case, **changes)
        with pytest.raises(NotVisible):
            add(session, cast.actor(session, "officer"), case, number=7)


def test_a_file_waits_for_the_scanner(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = log_dhr(session, cast)
        officer = cast.actor(session, "officer")
        for name in ("a", "b"):
            file = StoredFile(name * 64, "pdf", 9, "d", Scan.WAITING)
            add(session, officer, case, location="", file=file)
        good, bad = access.documents_of(session, officer, case)
        with pytest.raises(NotPermitted):
            documents.scanned(session, cast.actor(session, "auditor"), case, good, clean=True, at=NOON)
        documents.scanned(session, officer, case, good, clean=True, at=NOON)
        documents.scanned(session, officer, case, bad, clean=False, at=NOON)
        documents.scanned(session, officer, case, bad, clean=True, at=NOON)
        assert (good.scan, good.withdrawn_on) == (Scan.CLEAN, None)
        assert (bad.scan, bad.withdrawn_on) == (Scan.WAITING, MONDAY)


BAD_LINKS = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " data:text/html,x", "data:text/html;base64,eA==", "vbscript:x", "file:///etc/passwd",
    "//store.example/x", "/reviews/1", "store.example/x", "https://", "https:///x", "http:store.example", "ftp://store.example/x",
    "https://user:word@store.example/x", "https://user@store.example", "https://store.example/a b", "https://store.example/\tx",
    "java\nscript:alert(1)", 'https://store.example/"onclick=', "https://store.example/<x>", "https:\\\\store.example", "https://[::1",
    "https://store.example/" + "x" * 2000, "mailto:a@b", "\x01https://store.example",
]  # fmt: skip


@pytest.mark.parametrize("link", BAD_LINKS, ids=range(len(BAD_LINKS)))
def test_no_other_link_is_taken(link: str) -> None:
    with pytest.raises(BadInput, match="begins with https"):
        safe_link(link)


@pytest.mark.parametrize(
    "link", [LINK, "http://store/x", "HTTPS://Store.Example:8443/x#y", " https://store.example/é "]
)
def test_a_link_into_a_store_is_taken(link: str) -> None:
    assert safe_link(link) == link.strip()


@given(st.text(max_size=40))
def test_whatever_is_taken_begins_with_http(link: str) -> None:
    try:
        assert safe_link(link).lower().startswith(("http://", "https://"))
    except BadInput:
        return
