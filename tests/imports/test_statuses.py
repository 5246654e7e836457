import pytest

from tracker.imports.colours import colour_name
from tracker.imports.grid import Cell
from tracker.imports.statuses import StatusReading, ask_about_status, read_status


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Complete", "complete"),
        ("COMPLETED 12/3/19", "complete"),
        ("Done.", "complete"),
        ("Green - complete", "complete"),
        ("Partially complete", "in_progress"),
        ("In progress", "in_progress"),
        ("Underway", "in_progress"),
        ("Ongoing", "ongoing"),
        ("On-going", "ongoing"),
        ("On target", "on_target"),
        ("on track", "on_target"),
        ("Not on track", "behind"),
        ("Behind schedule", "behind"),
        ("Delayed", "behind"),
        ("On hold", "paused"),
        ("Deferred", "paused"),
        ("No longer required", "rejected"),
        ("Withdrawn", "rejected"),
        ("Not started", "none"),
        ("", "none"),
        ("  ", "none"),
        # Open: only a person can tell
        ("Green", "ask"),
        ("R", "ask"),
        ("Not complete", "ask"),
        ("Incomplete", "ask"),
        ("To be completed", "ask"),
        ("Complete - ongoing monitoring", "ask"),
        ("Complete?", "ask"),
        ("Awaiting the panel", "ask"),
        ("75%", "ask"),
    ],
)
def test_status_words(text: str, reading: str) -> None:
    assert read_status(text) == reading


def test_a_colour_without_words_is_a_question() -> None:
    assert ask_about_status(Cell("", fill="FFC000"), "RAG") == (
        StatusReading.ASK,
        "The cell under RAG is filled amber and has no words. What does the colour mean?",
    )
    assert ask_about_status(Cell("Complete", fill="FF0000"), "RAG") == (StatusReading.COMPLETE, "")
    assert ask_about_status(Cell(""), "RAG") == (StatusReading.NONE, "")
    assert ask_about_status(Cell("", fill="FFFFFF"), "RAG") == (StatusReading.NONE, "")


@pytest.mark.parametrize(
    ("fill", "name"),
    [
        ("FF0000", "red"),
        ("C00000", "red"),
        ("FFC000", "amber"),
        ("FFFF00", "yellow"),
        ("92D050", "green"),
        ("00B050", "green"),
        ("00B0F0", "blue"),
        ("7030A0", "purple"),
        ("FFFFFF", ""),
        ("D9D9D9", ""),
        ("DCE6F1", ""),
        ("", ""),
        ("none", ""),
    ],
)
def test_colours_have_names(fill: str, name: str) -> None:
    assert colour_name(fill) == name
