"""Layouts that partnerships really use. Each test: what is read, what is asked, and that nothing is lost."""

from datetime import date

import pytest

from tests.imports.making import Read, document_of
from tracker.imports import PlanRow

HEAD = "Theme,Action,Timescale,Lead\n"
ROW = "Prevent,Review the Prevent plan,June 2018,PSG\n"


def told(row: PlanRow) -> str:
    return " ".join((*row.warnings, *row.questions))


def test_no_heading_row_is_guessed_and_asked(read: Read) -> None:
    reading = read(
        "Domestic Abuse,Implement the Drive perpetrator project,July 2018,WCC PH / PCC\n"
        ",Ensure oversight of the action plan,March 2019,Domestic Abuse Forum\n"
        "Prevent,Review the Prevent Action Plan,June 2018,PSG\n"
    )
    assert [(row.theme, str(row.timescale.latest)) for row in reading.rows] == [
        ("Domestic Abuse", "2018-07-31"),
        ("Domestic Abuse", "2019-03-31"),
        ("Prevent", "2018-06-30"),
    ]
    assert "column 2 is the action" in reading.rows[0].questions[0]
    assert reading.rows[0].cells["Column 4"] == "WCC PH / PCC"


def test_section_rows_become_the_theme(read: Read) -> None:
    reading = read(
        "Action,Timescale,Lead\nDomestic Abuse,,\nImplement the Drive project,July 2018,PCC\n"
        "Priority 2: Prevent,,\nReview the Prevent plan.,June 2018,PSG\n"
    )
    assert [(row.theme, row.action) for row in reading.rows] == [
        ("Domestic Abuse", "Implement the Drive project"),
        ("Priority 2: Prevent", "Review the Prevent plan."),
    ]
    assert [one.text for one in reading.left_out] == ["Domestic Abuse", "Priority 2: Prevent"]
    assert "was read as a heading" in told(reading.rows[0])


def test_a_lone_action_that_reads_as_one_is_a_record(read: Read) -> None:
    reading = read(
        "Action,Timescale,Lead\nImplement Drive,July 2018,PCC\nPublish a leaflet,,\nReview it,May 2018,PSG\n"
    )
    assert [row.action for row in reading.rows] == ["Implement Drive", "Publish a leaflet", "Review it"]
    assert "no accountable lead" in reading.rows[1].warnings


def test_a_theme_on_its_own_line_is_given_to_the_rows_below(read: Read) -> None:
    reading = read(HEAD + "Violence,,,\n,Localise the strategy,Oct 2018,Partners\n")
    assert [(row.theme, row.action) for row in reading.rows] == [("Violence", "Localise the strategy")]
    assert [one.text for one in reading.left_out] == ["Violence"]


def test_repeated_headings_and_page_numbers_are_no_rows(read: Read) -> None:
    reading = read(HEAD + ROW + "Page 1 of 2,,,\n" + HEAD + ",Do another thing,Aug 2018,PCC\n")
    assert [(row.source.table, row.source.row, row.theme) for row in reading.rows] == [
        (1, 2, "Prevent"),
        (1, 5, "Prevent"),
    ]
    assert [one.why for one in reading.left_out] == ["a page number or a ruled line"] + [
        "the headings again"
    ] * 4


def test_two_tables_on_one_sheet(read: Read) -> None:
    reading = read(HEAD + ROW + "\nRef,Task,By when,Owner\nA1,Hold meetings,May 2018,PCC\n")
    assert [(row.source.table, list(row.cells)[1], row.action) for row in reading.rows] == [
        (1, "Action", "Review the Prevent plan"),
        (2, "Task", "Hold meetings"),
    ]


def test_the_home_office_template_with_its_guidance_row(read: Read) -> None:
    reading = read(
        "Recommendation,Scope of recommendation,Action to take,Lead Agency,"
        "Key milestones achieved in enacting recommendation,Target Date,Date of completion and outcome\n"
        "What is the over-arching recommendation?,Should this be enacted at a local or regional level?,"
        "How exactly is the relevant agency going to make this happen?,Which agency is responsible?,"
        "Have there been key steps?,When should this be completed by?,When is it completed?\n"
        "Train all staff,Local,Deliver training to GPs,PCC,Booked,March 2019,\n"
        ",,Audit the training,PCC,,June 2019,\n"
    )
    assert [(row.theme, row.action, row.cells["Scope of recommendation"]) for row in reading.rows] == [
        ("Train all staff", "Deliver training to GPs", "Local"),
        ("Train all staff", "Audit the training", ""),
    ]
    assert {one.why for one in reading.left_out} == {"guidance for whoever fills in the table"}
    assert len(reading.left_out) == 7


def test_an_action_over_several_lines_of_the_table_is_asked_about(read: Read) -> None:
    reading = read(
        "Theme\tAction\tTimescale\tLead\nDA\tImplement the Drive\tJuly 2018\tWCC PH\n"
        "\tperpetrator project\t\t/ PCC\n\t\tDec 2018\tPCC\n",
        "-",
    )
    assert len(reading.rows) == 3
    assert "Row 3 may be the rest of row 2. Is it?" in reading.rows[1].questions
    assert "Row 4 has no action of its own. Does it belong to row 3?" in reading.rows[2].questions


@pytest.mark.parametrize(
    ("cell", "lead", "date_text", "latest"),
    [
        ("PCC by July 2018", "PCC", "by July 2018", date(2018, 7, 31)),
        ("PSG – March 2019", "PSG", "March 2019", date(2019, 3, 31)),
        ('"PSG\nMarch 2019"', "PSG", "March 2019", date(2019, 3, 31)),
        ("Head of Community Safety", "Head of Community Safety", "", None),
    ],
)
@pytest.mark.parametrize("heading", ["Lead / timescale", "Lead"])
def test_lead_and_date_in_one_cell(
    read: Read, heading: str, cell: str, lead: str, date_text: str, latest: date | None
) -> None:
    row = read(f"Action,{heading}\nImplement Drive,{cell}\n").rows[0]
    assert [one.text for one in row.leads] == [lead]
    assert (row.timescale_text, row.timescale.latest) == (date_text, latest)
    assert ("lead and date in one cell" in row.warnings) == bool(date_text)


@pytest.mark.parametrize(
    ("action", "timescale"),
    [
        ("1. Do this\n2. Do that", "July 2018\nAug 2018\nSept 2018"),
        ("1. Do this\n2. Do that\n3. And the other", "July 2018\nAug 2018"),
    ],
)
def test_more_dates_than_actions_or_fewer(read: Read, action: str, timescale: str) -> None:
    row = read(f'Action,Timescale,Lead\n"{action}","{timescale}",PCC\n').rows[0]
    assert (row.timescale.earliest, row.timescale.latest) == (None, None)
    assert "Which date goes with what?" in told(row)
    assert (
        f"This row lists {action.count('.')} actions. Should each be an action of its own?" in row.questions
    )


def test_a_word_table_cut_in_two_goes_on(read: Read) -> None:
    first = [("Action", "Timescale", "Lead"), ("Review the Prevent plan", "June 2018", "PSG")]
    rest = [("Train the staff of all schools", "May 2018", "PCC")]
    rows = read(document_of(first, rest, between="Priority 1: Prevent"), "plan.docx").rows
    assert [(row.source.table, row.action, row.cells["Lead"]) for row in rows] == [
        (1, "Review the Prevent plan", "PSG"),
        (2, "Train the staff of all schools", "PCC"),
    ]
    assert rows[0].theme == "Priority 1: Prevent"
    assert "Is it the same table?" in told(rows[1])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_encodings_and_marks(read: Read, encoding: str, mark: str) -> None:
    text = f"{HEAD}Harm Reduction – Hate Crime,Review the ‘Café’ project,June 2018,SWCSPP\n".replace(
        ",", mark
    )
    row = read(text.encode(encoding)).rows[0]
    assert (row.theme, row.action) == ("Harm Reduction – Hate Crime", "Review the ‘Café’ project")


def test_a_paste_with_quoted_lines_and_one_with_a_lone_quotation_mark(read: Read) -> None:
    head = "Theme\tAction\tTimescale\tLead\n"
    quoted = read(head + 'DA\t"Implement\nthe ""Drive"" project"\tJuly 2018\tPCC\n', "-").rows
    assert [(row.action, row.cells["Lead"]) for row in quoted] == [('Implement\nthe "Drive" project', "PCC")]
    lone = read(head + 'DA\t"Drive project\tJuly 2018\tPCC\nDA\tOther project\tJuly 2018\tPCC\n', "-").rows
    assert [row.action for row in lone] == ['"Drive project', "Other project"]


def test_a_whole_document_pasted(read: Read) -> None:
    reading = read(
        "Introduction, with commas\n\nAppendix A\n\nTheme\tAction\tTimescale\tLead\nDA\tImplement Drive\tJuly 2018\tPCC\n\n"
        "Appendix B\n\nBody\tChair\nBoard\tDirector\n",
        "-",
    )
    assert [row.action for row in reading.rows] == ["Implement Drive"]
    assert reading.left_out[-1].why == "after the table"


def test_a_table_that_is_no_plan_is_left_out_whole(read: Read) -> None:
    reading = read("a,b\n1,2\n3,4\n")
    assert (len(reading.rows), [one.text for one in reading.left_out]) == (0, ["a", "b", "1", "2", "3", "4"])


def test_ten_thousand_rows(read: Read) -> None:
    lines = "".join(f"Theme {n // 5},Implement project {n},March 2019,WCC PH / PCC\n" for n in range(10_000))
    reading = read(HEAD + lines)
    assert (len(reading.rows), reading.counts.dropped) == (10_000, 0)


@pytest.mark.parametrize("lead", ["TBC", "Vision 2030 Board", "Monthly Tasking Group", "Q Division"])
def test_a_lead_that_only_looks_dated_keeps_its_words(read: Read, lead: str) -> None:
    row = read(f"Action,Lead,Timescale\nTrain staff,{lead},May 2018\n").rows[0]
    assert [one.text for one in row.leads] == [lead]
    assert row.timescale.latest == date(2018, 5, 31)


def test_no_headings_and_who_and_when_in_one_column(read: Read) -> None:
    reading = read(
        "1,Deliver training to all staff on coercive control,Children's Services by March 2019\n"
        '2,Publish the learning briefing,"PCC, May 2018"\n3,Agree the protocol with GPs,tbc\n'
    )
    assert [
        (one.action[:7], [lead.text for lead in one.leads], one.timescale_text) for one in reading.rows
    ] == [
        ("Deliver", ["Children's Services"], "by March 2019"),
        ("Publish", ["PCC"], "May 2018"),
        ("Agree t", ["tbc"], ""),
    ]


def test_two_columns_that_could_both_be_the_date(read: Read) -> None:
    row = read("Action,Date,Date,Lead\nTrain staff,May 2018,June 2018,PCC\n").rows[0]
    assert list(row.cells) == ["Action", "Date", "Date (2)", "Lead"]
    assert (row.timescale.earliest, row.timescale.latest) == (None, None)
    assert "“June 2018” stands under Date (2). Is the action due then, or “May 2018”?" in row.questions


def test_two_plans_under_the_same_headings(read: Read) -> None:
    reading = read(
        (HEAD + ROW + "Appendix B,,,\n" + HEAD + ",Do more,May 2018,PCC\n").replace(",", "\t"), "-"
    )
    assert [(row.source.table, row.theme, row.action) for row in reading.rows] == [
        (1, "Prevent", "Review the Prevent plan"),
        (2, "", "Do more"),
    ]


def test_headings_that_are_plain_words(read: Read) -> None:
    row = read("What,Who,When\nSet up a clinic,PCC,June 2018\n").rows[0]
    assert (row.action, row.leads[0].text, row.timescale_text) == ("Set up a clinic", "PCC", "June 2018")


def test_columns_held_apart_by_spaces(read: Read) -> None:
    text = "Theme    Action     Timescale   Lead\nPrevent  Review it  May 2018    PCC\n         Do more    June 2018   PSG\n"
    assert [(row.theme, row.action) for row in read(text, "-").rows] == [
        ("Prevent", "Review it"),
        ("Prevent", "Do more"),
    ]


def test_a_form_with_its_headings_downwards_is_left_out_with_the_reason(read: Read) -> None:
    source = document_of([("Action", "Deliver training"), ("Lead", "PCC"), ("Timescale", "March 2019")])
    reading = read(source, "plan.docx")
    assert not reading.rows
    assert "one below the other" in reading.left_out[0].why


def test_a_stray_nul_is_kept(read: Read) -> None:
    row = read(b"Theme,Action,Timescale,Lead\nPrevent,Review the\0 plan of the board,May 2018,PCC\n").rows[0]
    assert row.cells["Action"] == "Review the\0 plan of the board"
