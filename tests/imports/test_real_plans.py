"""The Worcestershire 2018-19 plan, five ways."""

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.imports.making import Read
from tracker.imports import PlanReading
from tracker.imports.leads import LeadKind
from tracker.reports.plan_table import to_csv

DATA = Path(__file__).parents[1] / "data"
AS_PRINTED = DATA / "worcs_csa_action_plan_2018_19_as_printed.csv"
PASTED = DATA / "worcs_csa_action_plan_pasted_from_word.tsv"
MERGED = DATA / "office" / "worcs_csa_action_plan_merged_themes.xlsx"
WORD = DATA / "office" / "worcs_csa_action_plan.docx"
MESSY = DATA / "office" / "tracker_as_kept_messy.xlsx"
PRINTED = [AS_PRINTED, PASTED, MERGED, WORD]
EVERY = [*PRINTED, MESSY]

with (DATA / "worcs_csa_action_plan_2018_19_normalised.csv").open(encoding="utf-8", newline="") as _table:
    BY_HAND = list(csv.DictReader(_table))


def opened(read: Read, path: Path) -> PlanReading:
    return read(path.read_bytes(), path.name)


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.name)
def test_twelve_rows_in_twelve_out_nothing_dropped(read: Read, path: Path) -> None:
    reading = opened(read, path)
    assert (len(reading.tables), len(reading.rows), reading.counts.rows_in, reading.counts.dropped) == (
        1,
        12,
        12,
        0,
    )


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.name)
def test_themes_actions_and_leads_are_those_read_by_hand(read: Read, path: Path) -> None:
    rows = opened(read, path).rows
    assert [row.theme for row in rows] == [row["theme_filled_down"] for row in BY_HAND]
    assert [row.action for row in rows] == [row["action_verbatim"] for row in BY_HAND]
    assert ["|".join(lead.text for lead in row.leads) for row in rows] == [
        row["lead_parties_split"] for row in BY_HAND
    ]


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.name)
def test_a_month_is_due_on_its_last_day(read: Read, path: Path) -> None:
    rows = opened(read, path).rows
    assert [str(row.timescale.latest) for row in rows] == [row["due_date_if_month_end"] for row in BY_HAND]
    assert rows[0].timescale.condition == "Service to commence by"


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.name)
def test_exactly_one_is_due_after_the_plan_ends(read: Read, path: Path) -> None:
    late = [row.action for row in opened(read, path).rows if "due after the plan ends" in row.warnings]
    assert late == ["Implement the changes to Channel arrangements required by the Dovetail scheme"]


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.name)
def test_partners_is_nobody_twice(read: Read, path: Path) -> None:
    leads = [(place, lead) for place, row in enumerate(opened(read, path).rows) for lead in row.leads]
    nobody = [(place, lead.text, lead.organisation) for place, lead in leads if lead.kind is LeadKind.NOBODY]
    assert nobody == [(10, "Partners", None), (11, "Partners", None)]


def test_leads_are_known_organisations(read: Read) -> None:
    rows = opened(read, AS_PRINTED).rows
    assert [lead.organisation for row in rows[:10] for lead in row.leads] == [
        "worcestershire-county-council-public-health",
        "west-mercia-pcc",
        "worcestershire-domestic-abuse-forum",
        "worcestershire-domestic-abuse-forum",
        "swanswell",
        "worcestershire-county-council-public-health",
        "worcestershire-county-council-public-health",
        "north-worcestershire-csp",
        "worcestershire-reducing-reoffending-strategy-group",
        "worcestershire-county-council-public-health",
        "worcestershire-prevent-strategy-group",
        "worcestershire-county-council-public-health",
        "worcestershire-prevent-strategy-group",
        "south-worcestershire-csp",
        "worcestershire-county-council-public-health",
        None,
    ]
    assert "Which body is accountable for “wider WCC”?" in rows[9].questions


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.name)
def test_the_printed_columns_come_back_byte_for_byte(read: Read, path: Path) -> None:
    reading = opened(read, path)
    assert to_csv([row.cells for row in reading.rows], reading.tables[0].headings) == AS_PRINTED.read_bytes()


def test_titles_are_left_out_with_a_reason(read: Read) -> None:
    left_out = opened(read, MERGED).left_out
    assert [(one.source.row, one.text[:15], one.why) for one in left_out] == [
        (1, "CSA Action Plan", "above the table"),
        (2, "The following a", "above the table"),
    ]


class TestTheMessyWorkbook:
    def test_hidden_and_struck_rows_are_kept_and_flagged(self, read: Read) -> None:
        rows = opened(read, MESSY).rows
        assert [row.source.row for row in rows if row.source.hidden] == [12]
        assert [row.source.row for row in rows if row.source.struck_through] == [4, 6, 13]
        assert all(row.questions for row in rows if row.source.hidden or row.source.struck_through)

    def test_dates_that_show_a_month_stand_for_it(self, read: Read) -> None:
        rows = {row.source.row: row for row in opened(read, MESSY).rows}
        assert (rows[5].cells["Timescale"], str(rows[5].timescale.kind)) == ("Mar-19", "month")
        assert (rows[8].cells["Timescale"], rows[8].timescale.latest) == ("Oct-18", date(2018, 10, 31))
        assert (rows[7].cells["Timescale"], rows[7].timescale.latest) == ("Dec-18", date(2018, 12, 31))
        assert (rows[12].timescale_text, rows[12].timescale.latest) == ("30/06/18", date(2018, 6, 30))

    def test_a_bare_day_number_is_asked_about(self, read: Read) -> None:
        row = next(row for row in opened(read, MESSY).rows if row.source.row == 13)
        assert (row.cells["Timescale"], row.timescale.earliest, row.timescale.latest) == ("43312", None, None)
        assert "Is 43312 a spreadsheet's number for Tuesday 31 July 2018?" in row.questions

    def test_two_dates_in_a_cell_are_asked_about(self, read: Read) -> None:
        row = next(row for row in opened(read, MESSY).rows if row.source.row == 14)
        assert (row.timescale.earliest, row.timescale.latest) == (None, None)
        assert row.timescale.question
        assert "a comment on Timescale says “revised by board”" in row.warnings

    def test_a_colour_is_no_status(self, read: Read) -> None:
        rows = {row.source.row: row for row in opened(read, MESSY).rows}
        assert [number for number, row in rows.items() if row.status == "ask"] == [
            4,
            5,
            6,
            8,
            9,
            10,
            12,
            13,
            15,
        ]
        assert {row.status_text for row in rows.values()} == {""}
        assert (
            "The cell under RAG is filled amber and has no words. What does the colour mean?"
            in rows[8].questions
        )
        assert rows[7].status == "none"

    def test_cells_are_verbatim(self, read: Read) -> None:
        row = opened(read, MESSY).rows[0]
        assert row.cells["Action"] == "Implement the Drive Domestic Abuse perpetrator project\n"
        assert row.cells["Update"] == "14/6 - contract signed. 12/7 launched"

    def test_the_divider_and_the_empty_sheet_are_left_out_with_a_reason(self, read: Read) -> None:
        left_out = {(one.source.sheet, one.text): one.why for one in opened(read, MESSY).left_out}
        assert left_out["Live actions", "Carried forward from 2017/18"] == "a heading with no rows under it"
        assert left_out["Completed", "Action"] == "headings with no rows under them"
