"""Workbooks as officers keep them: merged cells, strike-through, colours, hidden parts, real dates, formulas."""

import io
from datetime import date

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import PatternFill

from tests.imports.making import Read, saved, workbook_of
from tracker.imports import PlanRow


def told(row: PlanRow) -> str:
    return " ".join((*row.warnings, *row.questions))


def test_merged_cells_over_several_rows(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (
        ("Theme", "Action", "Timescale", "Lead"),
        ("Prevent", "Review the plan", "June 2018", "PSG"),
        (None, None, "Sept 2018", "PCC"),
        (None, None, None, None),
        (None, "Train staff", "May 2018", None),
    ):
        sheet.append(line)
    for block in ("A2:A5", "B2:B4", "D3:D5"):
        sheet.merge_cells(block)
    rows = read(saved(book), "plan.xlsx").rows
    assert [(row.theme, row.action, row.cells["Action"]) for row in rows] == [
        ("Prevent", "Review the plan", "Review the plan"),
        ("Prevent", "Review the plan", ""),
        ("Prevent", "Train staff", "Train staff"),
    ]
    assert "Rows 2 to 4 share one action. Is it one action or several?" in rows[1].questions
    assert [lead.text for lead in rows[2].leads] == ["PCC"]
    assert "shares its lead with row 3 (merged cells)" in rows[2].warnings


def test_a_row_across_the_sheet_is_a_heading(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (
        ("Action", "Timescale", "Lead"),
        ("Improve how agencies work together to protect people",),
        ("Train staff", "May 2018", "PCC"),
        ("Please update your line by the 5th",),
    ):
        sheet.append(line)
    sheet.merge_cells("A2:C2")
    reading = read(saved(book), "plan.xlsx")
    assert [row.theme for row in reading.rows] == ["Improve how agencies work together to protect people"]
    assert reading.left_out[1].why == "guidance for whoever fills in the table"


def test_a_date_partly_struck_through(read: Read) -> None:
    book = openpyxl.Workbook()
    book.active.append(("Action", "Timescale", "Lead"))
    struck = TextBlock(InlineFont(strike=True), "Sept 2018")
    book.active.append(("Train staff", CellRichText(struck, " Nov 2018"), "PCC"))
    row = read(saved(book), "plan.xlsx").rows[0]
    assert (row.cells["Timescale"], row.timescale.latest) == ("Sept 2018 Nov 2018", date(2018, 11, 30))
    assert "“Sept 2018” is struck through. Is “Nov 2018” the timescale now?" in told(row)
    assert not row.source.struck_through


@pytest.mark.parametrize(
    ("number_format", "shown", "kind", "latest"),
    [
        ("mmm-yy", "Oct-18", "month", date(2018, 10, 31)),
        ("mmmm yyyy", "October 2018", "month", date(2018, 10, 31)),
        ("[$-809]d mmmm yyyy;@", "1 October 2018", "day", date(2018, 10, 1)),
        ("mm-dd-yy", "01/10/2018", "day", date(2018, 10, 1)),
        ("d-mmm", "1-Oct", "unreadable", None),  # "Oct 18" typed for October 2018 becomes 18 October
    ],
)
def test_real_dates_by_what_they_show(
    read: Read, number_format: str, shown: str, kind: str, latest: date | None
) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(workbook_of([("Action", "Timescale", "Lead"), ("Train", date(2018, 10, 1), "PCC")]))
    )
    book.active["B2"].number_format = number_format
    row = read(saved(book), "plan.xlsx").rows[0]
    assert (row.timescale_text, str(row.timescale.kind), row.timescale.latest) == (shown, kind, latest)
    assert latest or "Monday 1 October 2018" in told(row)


def test_hidden_sheets_columns_and_row_colours(read: Read) -> None:
    book = openpyxl.Workbook()
    for line in (("Action", "Timescale", "Lead", "Cost"), ("Train staff", "May 2018", "PCC", 500)):
        book.active.append(line)
    book.active["A2"].fill = PatternFill("solid", fgColor="FFFF0000")
    book.active.column_dimensions["D"].hidden = True
    book.active.sheet_state = "hidden"
    book.create_sheet("Front")
    row = read(saved(book), "plan.xlsx").rows[0]
    assert (row.source.hidden, row.cells["Cost"], row.status) == (True, "500", "ask")
    assert "the column Cost is hidden in the file" in row.warnings
    assert "This row has cells filled red. What does the colour mean?" in row.questions


def test_a_formula_without_a_saved_result_is_asked_about(read: Read) -> None:
    row = read(
        workbook_of([("Action", "Timescale", "Lead"), ("Train", "=DATE(2018,5,1)", "PCC")]), "plan.xlsx"
    ).rows[0]
    assert (row.cells["Timescale"], row.timescale.latest) == ("=DATE(2018,5,1)", None)
    assert "The cell holds the formula =DATE(2018,5,1) and no saved result." in told(row)


def test_headings_in_two_rows(read: Read) -> None:
    book = openpyxl.Workbook()
    for line in (
        ("Action", "Lead", None, "Timescale"),
        (None, "Agency", "Officer", None),
        ("Train staff", "PCC", "Manager", "May 2018"),
    ):
        book.active.append(line)
    book.active.merge_cells("B1:C1")
    reading = read(saved(book), "plan.xlsx")
    assert [dict(row.cells) for row in reading.rows] == [
        {"Action": "Train staff", "Lead: Agency": "PCC", "Lead: Officer": "Manager", "Timescale": "May 2018"}
    ]
    assert [lead.text for lead in reading.rows[0].leads] == ["PCC"]
