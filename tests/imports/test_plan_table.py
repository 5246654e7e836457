import csv
import io
from collections.abc import Callable, Mapping, Sequence

import docx
import openpyxl
import pytest

from tests.imports.making import Read
from tracker.reports.plan_table import inert, to_csv, to_docx, to_xlsx

Write = Callable[[Sequence[Mapping[str, str]], Sequence[str]], bytes]
HEADINGS = ["Theme", "Action", "Timescale", "Lead"]
ROWS = [
    {
        "Theme": "Prevent",
        "Action": 'Review, "update"\nand go on',
        "Timescale": "Sept 2018",
        "Lead": "WCC PH / PCC",
    },
    {"Theme": "", "Action": "=1+1", "Timescale": "http://example.org", "Lead": "007"},
]


def test_csv_is_rfc_4180_and_verbatim() -> None:
    assert to_csv(ROWS[:1], HEADINGS) == (
        b'Theme,Action,Timescale,Lead\r\nPrevent,"Review, ""update""\nand go on",Sept 2018,WCC PH / PCC\r\n'
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0", "\n", "＝"])
def test_a_live_cell_is_made_inert(start: str) -> None:
    assert inert(f"{start}cmd") == f"'{start}cmd"
    rows = list(csv.reader(io.StringIO(to_csv([{"Action": f"{start}cmd"}], ["Action"]).decode(), newline="")))
    assert rows[1][0] == f"'{start}cmd"


@pytest.mark.parametrize("text", ["", "Dec 2018", "1=1", "a-b", " =x", "£5", "“-"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


def test_a_workbook_holds_text_only() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(ROWS, HEADINGS, title="Plan: 2018/19 [final]")))
    sheet = book.active
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == [
        HEADINGS,
        *[list(row.values()) for row in ROWS],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_a_document_holds_the_table_under_its_title() -> None:
    made = docx.Document(io.BytesIO(to_docx(ROWS, HEADINGS, title="Plan 2018")))
    assert made.paragraphs[0].text == "Plan 2018"
    cells = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert cells == [HEADINGS, *[list(row.values()) for row in ROWS]]


@pytest.mark.parametrize("write", [to_csv, to_xlsx, to_docx])
def test_what_no_office_file_can_hold_is_replaced_or_kept(write: Write) -> None:
    assert write([{"Action": "a\x0bb\x00c\ufffe"}], ["Action"])


@pytest.mark.parametrize(("write", "ending"), [(to_csv, "csv"), (to_xlsx, "xlsx"), (to_docx, "docx")])
def test_what_goes_out_comes_back_in(read: Read, write: Write, ending: str) -> None:
    rows = [{"Theme": "Prevent", "Action": "Review the plan", "Timescale": "June 2018", "Lead": "PSG"}]
    back = read(write(rows, HEADINGS), f"plan.{ending}").rows
    assert [dict(row.cells) for row in back] == rows
