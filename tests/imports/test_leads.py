import csv
from pathlib import Path

import pytest

from tracker.imports.leads import LeadKind, bundled_aliases, read_leads

DATA = Path(__file__).parents[1] / "data" / "lead_aliases.csv"
PERSON, ORGANISATION, GROUP, NOBODY = LeadKind


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("WCC PH / PCC", [("WCC PH", ORGANISATION), ("PCC", ORGANISATION)]),
        ("PCC/PSG", [("PCC", ORGANISATION), ("PSG", GROUP)]),
        ("pcc & psg", [("pcc", ORGANISATION), ("psg", GROUP)]),
        ("WCC PH and wider WCC", [("WCC PH", ORGANISATION), ("wider WCC", GROUP)]),
        ("PCC, PSG and DAF", [("PCC", ORGANISATION), ("PSG", GROUP), ("DAF", GROUP)]),
        ("PCC\nPSG", [("PCC", ORGANISATION), ("PSG", GROUP)]),
        ("DAF / Domestic Abuse Forum", [("DAF / Domestic Abuse Forum", GROUP)]),
        (
            "PCC and West Mercia Women's Aid",
            [("PCC", ORGANISATION), ("West Mercia Women's Aid", ORGANISATION)],
        ),
        (
            "Herefordshire & Worcestershire Integrated Care Board",
            [("Herefordshire & Worcestershire Integrated Care Board", ORGANISATION)],
        ),
        (
            "Hereford and Worcester Fire and Rescue Service",
            [("Hereford and Worcester Fire and Rescue Service", ORGANISATION)],
        ),
        ("Drugs/Alcohol Team", [("Drugs/Alcohol Team", ORGANISATION)]),
        ("Partners", [("Partners", NOBODY)]),
        ("All partner agencies", [("All partner agencies", NOBODY)]),
        ("Various", [("Various", NOBODY)]),
        ("TBC", [("TBC", NOBODY)]),
        ("To be confirmed", [("To be confirmed", NOBODY)]),
        ("?", [("?", NOBODY)]),
        ("Head of Community Safety", [("Head of Community Safety", PERSON)]),
        ("Detective Superintendent", [("Detective Superintendent", PERSON)]),
        ("Community Safety Officer / PCC", [("Community Safety Officer", PERSON), ("PCC", ORGANISATION)]),
        ("Hate Crime Steering Group", [("Hate Crime Steering Group", GROUP)]),
        ("", []),
        (" \n ", []),
    ],
)
def test_leads(text: str, leads: list[tuple[str, LeadKind]]) -> None:
    read, _ = read_leads(text, bundled_aliases())
    assert [(lead.text, lead.kind) for lead in read] == leads


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("WCC PH / PCC", "Joint leads: which of “WCC PH” and “PCC” is accountable?"),
        ("wider WCC", "Which body is accountable for “wider WCC”?"),
        ("Drugs/Alcohol Team", "Is “Drugs/Alcohol Team” one lead or several?"),
        ("Hereford and Worcester Fire", "Is “Hereford and Worcester Fire” one lead or several?"),
        ("Some Charity", "Which body is accountable for “Some Charity”?"),
    ],
)
def test_what_cannot_be_told_is_asked(text: str, question: str) -> None:
    assert question in read_leads(text, bundled_aliases())[1]


def test_a_single_known_lead_asks_nothing() -> None:
    assert read_leads("PCC", bundled_aliases())[1] == ()


def test_every_body_of_the_printed_plan_is_in_the_bundled_table() -> None:
    aliases = bundled_aliases()
    with DATA.open(encoding="utf-8", newline="") as table:
        printed = {row["as_printed_in_action_plan"]: row["full_name"] for row in csv.DictReader(table)}
    del printed["CTLP"]  # a document, not a body
    for text, name in printed.items():
        known = aliases.get(text)
        assert known is not None, text
        assert (known.organisation is None) == (name == "(no accountable unit)"), text


@pytest.mark.parametrize(
    "text", ["WCC PH / PCC", "A, B and C", "X & Y/Z", "PCC with the rest", "PCC and, and PSG"]
)
def test_no_word_of_a_lead_is_lost(text: str) -> None:
    read, _ = read_leads(text, bundled_aliases())
    kept = " ".join(lead.text for lead in read)
    for word in text.replace("/", " ").replace(",", " ").replace("&", " ").split():
        assert word in kept or word in {"and", "with"}
