"""Whatever the grid: every cell that holds text is in a row or left out with a reason, and no other text appears."""

import csv
import io
from collections import Counter
from datetime import date

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.imports import PlanReading, read_plan
from tracker.imports.text_table import read_text
from tracker.reports.plan_table import to_docx
from workflows.timescales import Context

CONTEXT = Context(
    plan_start=date(2018, 4, 1), plan_end=date(2019, 3, 31), document_date=None, published_on=None
)
WORDS = st.sampled_from(
    [
        *[
            "",
            "",
            " ",
            "Theme",
            "Action",
            "Timescale",
            "Lead",
            "Lead / by when",
            "RAG",
            "Update",
            "Prevent",
            "Priority 2:",
        ],
        *[
            "Implement the Drive project",
            "Review it\nand update it",
            "1. One\n2. Two",
            "July 2018",
            "43312",
            "Sept 2018 Nov 2018",
        ],
        *[
            "WCC PH / PCC",
            "Partners",
            "PCC by May 2018",
            "PSG and wider WCC",
            "Complete",
            "Page 2 of 3",
            "---",
            "7.",
            "(who?)",
        ],
        *[
            "Please update this",
            "What is it? Who does it?",
            "Appendix B",
            "=1+1",
            '"quoted"',
            "a;b",
            "31 September 2018",
        ],
    ]
)
TEXT = st.one_of(
    WORDS, WORDS, st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
)
GRIDS = st.lists(st.lists(TEXT, min_size=1, max_size=6), min_size=1, max_size=12)


def accounted(reading: PlanReading) -> Counter[str]:
    in_rows = Counter(text for row in reading.rows for text in row.cells.values() if text.strip())
    left_out = Counter(one.text for one in reading.left_out)
    return in_rows + left_out


def check(reading: PlanReading, given_cells: Counter[str]) -> None:
    assert reading.counts.dropped == 0
    missing = given_cells - accounted(reading)
    headings = Counter(" ".join(text.split()) for text in missing.elements())
    known = {heading for table in reading.tables for heading in table.headings}
    # Headings are the keys of the cells. One printed twice has its number behind it the second time.
    assert set(headings) <= known
    assert sum(headings.values()) == reading.counts.headings
    assert not accounted(reading) - given_cells
    assert reading.counts.rows_in == len(reading.rows)
    assert all(one.why for one in reading.left_out)


@settings(max_examples=300, deadline=None)
@given(GRIDS)
def test_a_text_is_accounted_for(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    cells = Counter(cell.text for _, _, cell in read_text(text.getvalue()).written())
    if cells:
        check(read_plan(text.getvalue().encode(), "plan.csv", CONTEXT), cells)


@settings(max_examples=60, deadline=None)
@given(
    GRIDS,
    st.lists(
        st.tuples(st.integers(1, 12), st.integers(1, 6), st.integers(0, 3), st.integers(0, 3)), max_size=3
    ),
)
def test_a_workbook_is_accounted_for(rows: list[list[str]], merges: list[tuple[int, int, int, int]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for place, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            sheet.cell(place, column).value = text if not text.startswith("=") else f"'{text}"
    taken: set[tuple[int, int]] = set()
    for top, left, tall, wide in merges:
        block = {
            (row, column) for row in range(top, top + tall + 1) for column in range(left, left + wide + 1)
        }
        if not block & taken and len(block) > 1:
            sheet.merge_cells(start_row=top, end_row=top + tall, start_column=left, end_column=left + wide)
            taken |= block
    cells = Counter(
        str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value and str(cell.value).strip()
    )
    held = io.BytesIO()
    book.save(held)
    if cells:
        check(read_plan(held.getvalue(), "plan.xlsx", CONTEXT), cells)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=6))
def test_a_document_is_accounted_for(rows: list[tuple[str, str, str]]) -> None:
    headings = ["Action", "Timescale", "Lead"]
    source = to_docx([dict(zip(headings, row, strict=True)) for row in rows], headings)
    reading = read_plan(source, "plan.docx", CONTEXT)
    given_cells = Counter(text for row in rows for text in row if text.strip())
    check(reading, given_cells + Counter(headings) + Counter(["Action plan"]))
