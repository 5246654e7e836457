"""Indicators are read in as a table: again without doubling, corrected, refused whole with a plain sentence."""

import csv
from pathlib import Path

import pytest
from sqlmodel import select

from tests.cast import Cast
from tracker.db import Database
from tracker.demo.indicators import add_indicators
from tracker.errors import BadInput, NotPermitted
from tracker.imports.indicators import COLUMNS, read_indicators
from tracker.models import Indicator, IndicatorValue
from tracker.queries.indicators import readings
from tracker.services.indicators import ReadIn, read_in

DATA = Path(__file__).parents[1] / "data"
HEAD = ",".join(COLUMNS)
CRIME = "I1,Safer,Crime,Police,count,smaller,,Q1,2026-01-01,2026-03-31"


def table(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


def test_the_real_indicators_go_the_way_that_was_worked_out_by_hand(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        add_indicators(session)
    with database.reading() as session:
        found = {one.indicator.name: one for one in readings(session, [cast.herefordshire])}
        assert not readings(session, [cast.worcestershire])
        session.expunge_all()
    with (DATA / "herefordshire_indicator_values_2013_14.csv").open(encoding="utf-8") as file:
        printed = [
            (row["indicator"], row["period_label"], float(row["value"])) for row in csv.DictReader(file)
        ]
    assert [(name, v.label, v.value) for name, one in found.items() for v in one.values] == printed
    words = {"improved": "Better", "worse": "Worse", "no data": "No data yet"}
    with (DATA / "expected_results_for_tests.csv").open(encoding="utf-8") as file:
        expected = [row for row in csv.reader(file) if row[0] == "indicator first-to-last"]
    assert len(expected) == len(found) == 12
    for _, name, outcome, how in expected:
        assert found[name].word == words[outcome]
        assert not how or how.partition("(")[2].strip("+-)") in found[name].said


def test_a_table_read_in_again_adds_and_corrects(database: Database, cast: Cast) -> None:
    with database.transaction() as session:
        manager, where = cast.actor(session, "manager"), cast.herefordshire
        first = read_in(session, manager, where, read_indicators(table(f"{CRIME},10", "I2,,Fires,,,,,,,,")))
        assert first == ReadIn(2, 1, 0)
        later = "I1,Safer,Crime,Police,count,smaller,9,Q2,2026-04-01,2026-06-30,8"
        again = read_in(session, manager, where, read_indicators(table(f"{CRIME},11", later)))
        assert again == ReadIn(1, 1, 1)
        assert [one.value for one in session.exec(select(IndicatorValue).order_by("id")).all()] == [11, 8]
        kept = session.exec(select(Indicator).order_by("position")).all()
        assert [(one.key, one.position, one.target) for one in kept] == [("I1", 1, 9), ("I2", 2, None)]
        for who in ("chair", "auditor", "outsider", "lead"):
            with pytest.raises(NotPermitted):
                read_in(session, cast.actor(session, who), where, read_indicators(table(f"{CRIME},1")))
        with pytest.raises(BadInput, match="direction"):
            read_in(session, manager, where, read_indicators(table(CRIME.replace("smaller", "less") + ",1")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "not CSV in UTF-8"),
        (b"ref,indicator\nI1,Crime", "no column called priority"),
        (table(f"{CRIME},ten"), "Line 2: ten is not a number"),
        (table(f"{CRIME},nan"), "Line 2: nan is not a number"),
        (table(CRIME.replace("2026-01-01", "1 Jan") + ",1"), "Line 2: 1 Jan is not a day"),
        (table(CRIME.replace("2026-03-31", "2025-03-31") + ",1"), "Line 2 has a value and no period"),
        (table(",,Crime,,,,,,,,"), "Line 2 has no ref"),
    ],
)
def test_what_is_no_such_table_is_refused_with_its_line(content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_indicators(content)
