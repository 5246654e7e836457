"""``tracker workflows migrate`` and ``check``, asked from outside."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from tests.cast import Cast
from tests.driving import applied, go, say
from tests.workflows.second_version import SECOND, released_too, renamed
from tracker.commands.workflows import workflows
from tracker.db import Database
from tracker.errors import BadInput, Refuses, TrackerError
from tracker.models import Case

DAY = date(2026, 11, 16)


@pytest.fixture
def asked(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Two open applications of Herefordshire, one of them acknowledged, and a second version."""
    monkeypatch.setenv("TRACKER_DATABASE_URL", database.url)
    with database.transaction() as session:
        applied(session, cast, DAY)
        case = applied(session, cast, DAY)
        say(session, case, DAY, letter_sent_L1=DAY)
        go(session, case, "acknowledge", DAY)
    with released_too(SECOND):
        yield database


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(workflows, arguments, standalone_mode=False)
    if result.exception and not isinstance(result.exception, TrackerError | SystemExit):
        raise result.exception
    return result


def versions_of(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.exec(select(Case.workflow_version).order_by(Case.id)).all())


def test_a_dry_run_lists_every_case_and_every_date(asked: Database) -> None:
    lines = run("migrate", "asb_case_review", "--to", "2", "--recalculate", "--dry-run").output.splitlines()
    assert lines == [
        "HCSP-ASB-2026-001  version 1 to 2, at received",
        "  moves   Threshold decision told: Mon 7 Dec 2026 to Mon 30 Nov 2026",
        "  ends    Safeguarding look: Tue 17 Nov 2026",
        "HCSP-ASB-2026-002  version 1 to 2, at acknowledged",
        "  starts  Meet the applicant: Mon 30 Nov 2026",
        "  moves   Threshold decision told: Mon 7 Dec 2026 to Mon 30 Nov 2026",
        "  ends    Safeguarding look: Tue 17 Nov 2026",
        "2 open cases would go over to asb_case_review/2. Of their dates 1 start, 2 move, 2 end. Nothing was changed.",
    ]
    assert versions_of(asked) == [1, 1]


def test_the_run_does_what_was_listed_and_nothing_the_second_time(asked: Database) -> None:
    listed = run("migrate", "asb_case_review", "--to", "2", "--dry-run").output.splitlines()[:-1]
    done = run("migrate", "asb_case_review", "--to", "2").output.splitlines()
    assert done[:-1] == listed
    assert done[-1] == "2 open cases went over to asb_case_review/2. Of their dates 1 start, 0 move, 2 end."
    assert versions_of(asked) == [2, 2]
    again = run("migrate", "asb_case_review", "--to", "2").output
    assert again == "0 open cases went over to asb_case_review/2. Of their dates 0 start, 0 move, 0 end.\n"


def test_as_data_and_for_one_partnership(asked: Database) -> None:
    told = json.loads(
        run(
            "migrate", "asb_case_review", "--to", "2", "--partnership", "herefordshire", "--dry-run", "--json"
        ).output
    )
    assert (told["key"], told["to"], len(told["cases"])) == ("asb_case_review", 2, 2)
    assert told["cases"][1]["dates"][0] == {
        "did": "starts", "what": "Meet the applicant", "old": None, "new": "2026-11-30",
    }  # fmt: skip
    elsewhere = run("migrate", "asb_case_review", "--to", "2", "--partnership", "worcestershire", "--dry-run")
    assert elsewhere.output.startswith("0 open cases")


def test_a_case_without_a_place_holds_everybody_back_until_the_place_is_named(asked: Database) -> None:
    third = replace(renamed(SECOND, "acknowledged", "commissioning"), version=3)
    with released_too(third):
        result = run("migrate", "asb_case_review", "--to", "3")
        assert isinstance(result.exception, Refuses)
        assert "1 case has no place in that version" in str(result.exception)
        assert result.output == (
            "HCSP-ASB-2026-002 is at “Acknowledged” (acknowledged),"
            " where no open case of asb_case_review/3 is.\n"
        )
        assert versions_of(asked) == [1, 1]
        run("migrate", "asb_case_review", "--to", "3", "--map", "acknowledged=commissioning")
        assert versions_of(asked) == [3, 3]


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing", "--to", "2"),
        ("asb_case_review", "--to", "9"),
        ("asb_case_review", "--to", "2", "--map", "a=b"),
    ],
)
def test_what_is_not_there_is_refused_in_one_sentence(asked: Database, arguments: tuple[str, ...]) -> None:
    result = run("migrate", *arguments)
    assert isinstance(result.exception, BadInput)


def test_check_says_how_many_cases_run_and_which_cannot(asked: Database) -> None:
    with asked.transaction() as session:
        session.exec(select(Case).where(Case.state == "received")).one().workflow_version = 7
    result = run("check")
    assert result.exit_code == 1
    assert "HCSP-ASB-2026-001: it runs on asb_case_review/7, which is not released here" in result.output
