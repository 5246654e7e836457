"""The four annual figures: decisions and reviews are counted, not cases; approved sets are locked."""

import csv
import io
import json
from datetime import date

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session, select

from tests.cast import Cast
from tests.driving import applied, go, noon
from tracker.commands.figures import figures as command
from tracker.db import Database
from tracker.errors import BadInput, NotPermitted, TrackerError
from tracker.models import Area, Case, Partnership, PublishedFigures, Sensitivity
from tracker.policy import SYSTEM
from tracker.queries.figures import shown
from tracker.services import acts, figures
from tracker.services.figures import Place, Reporting

FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)
YEAR = Reporting(FIRST, LAST)
APPLIED, DECIDED, HELD = date(2025, 6, 2), date(2025, 6, 20), date(2025, 7, 10)
AFTER = noon(date(2026, 4, 20))


def checked(session: Session, cast: Cast, on: date = APPLIED, **place: str) -> Case:
    case = applied(session, cast, on, **place)
    go(session, case, "acknowledge", on, letter_sent_L1=on)
    go(session, case, "start_check", on)
    return case


def reviewed(session: Session, case: Case, on: date = HELD, recommendations: int = 1) -> None:
    go(session, case, "decide_met", DECIDED, decided_on=DECIDED)
    go(session, case, "notify_met", DECIDED, letter_sent_L4=DECIDED)
    again(session, case, on, recommendations)


def again(session: Session, case: Case, on: date, recommendations: int = 1) -> None:
    go(session, case, "schedule_review", DECIDED, review_on=on)
    made = {
        "kind": "local",
        "recommendation_text": "Share the log.",
        "recipient": "housing",
        "public_functions": False,
    }
    for _ in range(recommendations):
        acts.open_child(session, SYSTEM, case, "recommendation", made, on, at=noon(on))
    go(session, case, "hold_review", on, review_held_on=on)


def place(session: Session, cast: Cast, area: str = "") -> Place:
    found = session.exec(select(Area).where(Area.key == area)).one() if area else None
    return Place(session.get_one(Partnership, cast.herefordshire), found)


def five_and_three(session: Session, cast: Cast) -> None:
    """Five applications, two withdrawn, three reviewed with recommendations."""
    for number in range(5):
        case = checked(session, cast)
        if number < 2:
            go(session, case, "withdraw", DECIDED)
        else:
            reviewed(session, case)


def numbers(session: Session, cast: Cast, period: Reporting = YEAR) -> tuple[int, ...]:
    return figures.count(session, place(session, cast), period).numbers


def test_five_applications_two_withdrawn_three_reviews(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        five_and_three(session, cast)
        assert numbers(session, cast) == (5, 0, 3, 3)


def test_a_decision_counts_each_time_and_one_put_right_before_anybody_was_told_does_not(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = checked(session, cast)
        go(session, case, "decide_not_met", DECIDED, decided_on=DECIDED)
        assert numbers(session, cast)[1] == 1
        go(session, case, "correct_decision", DECIDED)
        assert numbers(session, cast)[1] == 0
        go(session, case, "decide_not_met", DECIDED, decided_on=DECIDED)
        go(session, case, "notify_not_met", DECIDED, letter_sent_L5=DECIDED)
        go(session, case, "redetermine_threshold", HELD)
        go(session, case, "decide_not_met", HELD, decided_on=HELD)
        assert numbers(session, cast) == (1, 2, 0, 0)
        assert numbers(session, cast, Reporting(HELD, LAST)) == (0, 1, 0, 0), "by the day of the decision"


def test_a_decision_that_it_is_met_can_be_put_right_without_touching_an_earlier_one(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        case = checked(session, cast)
        go(session, case, "decide_not_met", DECIDED, decided_on=DECIDED)
        go(session, case, "notify_not_met", DECIDED, letter_sent_L5=DECIDED)
        go(session, case, "redetermine_threshold", HELD)
        go(session, case, "decide_met", HELD, decided_on=HELD)
        go(session, case, "correct_decision", HELD)
        assert numbers(session, cast)[1] == 1


def test_a_review_counts_each_time_and_recommendations_by_review(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        case = checked(session, cast)
        reviewed(session, case, recommendations=0)
        assert numbers(session, cast) == (1, 0, 1, 0)
        go(session, case, "notify_outcome", HELD, letter_sent_L8=HELD)
        go(session, case, "rerun_review", HELD)
        again(session, case, date(2026, 4, 2))
        assert numbers(session, cast) == (1, 0, 1, 0), "the second lies in the next period"
        assert numbers(session, cast, Reporting(date(2026, 4, 1), date(2026, 4, 30))) == (0, 0, 1, 1)


@pytest.mark.parametrize("step", ["transfer", "merge", "mark_misdirected"])
def test_what_is_no_application_here_does_not_count(database: Database, cast: Cast, step: str) -> None:
    with database.transaction() as session:
        gone = applied(session, cast, APPLIED)
        go(session, gone, step, APPLIED)
        assert numbers(session, cast) == (0, 0, 0, 0)


def test_an_application_counts_by_its_own_date_on_both_last_days(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        for on in (date(2025, 3, 31), FIRST, LAST, date(2026, 4, 1)):
            applied(session, cast, on)
        assert numbers(session, cast)[0] == 2


def test_an_area_counts_its_own(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        applied(session, cast, APPLIED, area="Herefordshire")
        applied(session, cast, APPLIED, area="herefordshire")
        applied(session, cast, APPLIED, area="Elsewhere")
        assert figures.count(session, place(session, cast, "herefordshire"), YEAR).numbers[0] == 2
        assert numbers(session, cast)[0] == 3


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (FIRST, date(2026, 4, 1)),
        (FIRST, date(2026, 4, 30)),
        (date(2024, 2, 29), date(2025, 3, 1)),
        (LAST, FIRST),
    ],
)
def test_a_period_of_more_than_12_months_or_backwards_is_refused(first: date, last: date) -> None:
    with pytest.raises(BadInput):
        Reporting(first, last)


@pytest.mark.parametrize(
    ("first", "last"), [(FIRST, LAST), (date(2026, 1, 1), date(2026, 12, 31)), (FIRST, FIRST)]
)
def test_a_year_or_less_is_a_period(first: date, last: date) -> None:
    assert Reporting(first, last).holds(first)


def test_references_are_for_those_who_may_see_and_the_numbers_for_every_reader(
    database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        five_and_three(session, cast)
        case = session.exec(select(Case).where(Case.process == "asb_case_review")).first()
        case.sensitivity = Sensitivity.RESTRICTED
        session.flush()
        seen = shown(session, cast.actor(session, "auditor"), place(session, cast), YEAR, date(2026, 4, 20))
        assert seen.numbers == (5, 0, 3, 3)
        assert (len(seen.figures[0].references), seen.figures[0].hidden) == (4, 1)
        assert case.reference not in seen.figures[0].references


def approve(session: Session, cast: Cast, who: str = "manager", **more: object) -> PublishedFigures:
    where = place(session, cast)
    counted = figures.count(session, where, YEAR).numbers
    asked = {"seen": counted, "at": AFTER} | more
    return figures.approve(session, cast.actor(session, who), where, YEAR, **asked)  # type: ignore[arg-type]


def test_an_approved_set_is_locked_and_corrected_by_a_new_version(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        five_and_three(session, cast)
        first = approve(session, cast, footnote="One case was reviewed although the threshold was not met.")
        with pytest.raises(BadInput, match="approved already"):
            approve(session, cast, footnote=first.footnote)
        applied(session, cast, APPLIED)
        found = shown(session, SYSTEM, place(session, cast), YEAR, date(2026, 4, 20))
        assert found.changed
        assert "Other figures were approved (version 1): 5, 0, 3, 3." in found.notes
        with pytest.raises(BadInput, match="Say why"):
            approve(session, cast)
        second = approve(session, cast, reason="One application came to light.")
        assert (first.version, figures.numbers_of(first)) == (1, (5, 0, 3, 3))
        assert (second.version, figures.numbers_of(second)) == (2, (6, 0, 3, 3))
        assert len(second.behind["applications"]) == 6


def test_what_cannot_be_approved(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        applied(session, cast, APPLIED)
        for who in ("officer", "chair", "auditor", "admin", "outsider"):
            with pytest.raises(NotPermitted):
                approve(session, cast, who)
        with pytest.raises(BadInput, match="changed since you looked"):
            approve(session, cast, seen=(0, 0, 0, 0))
        with pytest.raises(BadInput, match="after its last day"):
            approve(session, cast, at=noon(LAST))
        approve(session, cast)
        where, other = place(session, cast), Reporting(date(2025, 10, 1), date(2026, 4, 10))
        counted = figures.count(session, where, other).numbers
        manager = cast.actor(session, "manager")
        with pytest.raises(BadInput, match="overlaps with"):
            figures.approve(session, manager, where, other, seen=counted, at=AFTER)
        assert any(
            "overlaps with" in note for note in shown(session, SYSTEM, where, other, date(2026, 4, 20)).notes
        )


def test_where_they_are_published_is_recorded_once_they_are_approved(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        where, manager = place(session, cast), cast.actor(session, "manager")
        asked = {"url": "https://council.example/asb", "on": date(2026, 4, 17), "at": AFTER}
        with pytest.raises(BadInput, match="Approve the figures first"):
            figures.record_published(session, manager, where, YEAR, **asked)
        approve(session, cast)
        for wrong in (
            {"url": "javascript:alert(1)"},
            {"url": "council"},
            {"on": LAST},
            {"on": date(2026, 5, 1)},
        ):
            with pytest.raises(BadInput):
                figures.record_published(session, manager, where, YEAR, **(asked | wrong))
        row = figures.record_published(session, manager, where, YEAR, **asked)
        assert (row.url, row.published_on) == ("https://council.example/asb", date(2026, 4, 17))
        # 40 working days after Tuesday 31 March 2026, over Easter, two bank holidays in May
        assert figures.target_of(session, where, YEAR) == date(2026, 6, 1)


def run(database: Database, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("TRACKER_DATABASE_URL", database.url)
    result = CliRunner().invoke(command, ["asb", *arguments], standalone_mode=False)
    if result.exception and not isinstance(result.exception, TrackerError):
        raise result.exception
    return result


def test_from_a_shell(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.transaction() as session:
        five_and_three(session, cast)
    asked = ("--area", "herefordshire", "--from", "2025-04-01", "--to", "2026-03-31")
    told = json.loads(run(database, monkeypatch, *asked, "--json").output)
    assert told["figures"] == {"a": 5, "b": 0, "c": 3, "d": 3}
    assert (told["applications"], told["not_met"], told["reviews"], told["with_recommendations"]) == (
        5,
        0,
        3,
        3,
    )
    assert len(told["behind"]["reviews"]) == 3
    lines = run(database, monkeypatch, *asked).output.splitlines()
    assert [line.split()[:2] for line in lines[1:5]] == [["a", "5"], ["b", "0"], ["c", "3"], ["d", "3"]]
    table = run(database, monkeypatch, *asked, "--format", "csv").output.splitlines()
    assert table[2] == "a,Applications for an ASB case review,5"
    fragment = run(database, monkeypatch, *asked, "--format", "html").output
    assert '<th scope="row">ASB case reviews carried out</th><td>3</td>' in fragment
    assert "HCSP" not in fragment
    refused = run(
        database, monkeypatch, "--area", "herefordshire", "--from", "2025-03-01", "--to", "2026-03-31"
    )
    assert "at most 12 months" in str(refused.exception)
    unknown = run(database, monkeypatch, "--area", "nowhere", "--from", "2025-04-01", "--to", "2026-03-31")
    assert "There is no area called nowhere. Known: herefordshire" in str(unknown.exception)


def test_the_return_for_the_policing_body_is_a_row_an_application(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        five_and_three(session, cast)
        case = session.exec(select(Case).where(Case.process == "asb_case_review")).first()
        assert case is not None
        case.facts = {**case.facts, "applicant_name": "=Somebody"}
        for process, state, facts in (
            ("recommendation", "replied_partly", {"kind": "local"}),
            ("recommendation", "drafted", {"kind": "local"}),
            (
                "dissatisfaction",
                "notified",
                {"requested_on": "2025-07-20", "stage": "internal", "result": "partly"},
            ),
        ):
            made = case.model_dump() | {
                "id": None, "reference": f"{case.reference}-{process}-{state}", "process": process, "state": state,
                "facts": facts, "parent_id": case.id, "policy_id": None,
            }  # fmt: skip
            session.add(Case(**made))
        reference = case.reference
    asked = ("--area", "herefordshire", "--from", "2025-04-01", "--to", "2026-03-31", "--returns")
    told = run(database, monkeypatch, *asked).output
    rows = {row["Reference"]: row for row in csv.DictReader(io.StringIO(told))}
    assert len(rows) == 5
    assert "Somebody" not in told
    row = rows[reference]
    assert (row["Area"], row["Application made"]) == ("herefordshire", "2025-06-02")
    assert (row["Recommendations"], row["Responses"]) == ("1", "replied_partly 1")
    assert (row["Second look asked"], row["Second look by"], row["Second look result"]) == (
        "2025-07-20", "internal", "partly",
    )  # fmt: skip
    met = [row for row in rows.values() if row["Met"] == "yes"]
    assert {(row["Decided"], row["Review held"], row["Reviews"]) for row in met} == {
        ("2025-06-20", "2025-07-10", "1")
    }
