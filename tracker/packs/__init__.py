"""Starting packs: the partnerships, their bodies with successions, and the procedures they have published.

They are loaded once, into a database that knows no partnership. Sources: the partnerships' own papers and pages; see
``docs/asb-case-review.md`` 3.5 and 13.1. Days that the papers do not give are those on which the body's Act took effect.
"""

import csv
import json
from datetime import date
from importlib.resources import files

from sqlmodel import Session, select

from tracker.models import LocalPolicy, Organisation, Partnership


def load(session: Session) -> bool:
    """Load the packs; False if the database knows a partnership already."""
    if session.exec(select(Partnership.id)).first() is not None:
        return False
    partnerships = _partnerships(session)
    _organisations(session, partnerships)
    for given in json.loads(_text("policies.json")):
        session.add(
            LocalPolicy(
                partnership_id=partnerships[given["partnership"]].id or 0,
                area=given["area"],
                process="asb_case_review",
                name=given["name"],
                effective_from=date.fromisoformat(given["effective_from"]),
                rules=given["rules"],
                clocks=given["clocks"],
            )
        )
    session.flush()
    return True


def _partnerships(session: Session) -> dict[str, Partnership]:
    rows = _rows("partnerships.csv")
    made = {
        row["key"]: Partnership(key=row["key"], prefix=row["prefix"], name=row["name"], kind=row["kind"])
        for row in rows
    }
    session.add_all(made.values())
    session.flush()
    for row in rows:
        if row["coordinator"]:
            made[row["key"]].coordinator_id = made[row["coordinator"]].id
    session.flush()
    return made


def _organisations(session: Session, partnerships: dict[str, Partnership]) -> None:
    rows = _rows("organisations.csv")
    made = {
        row["key"]: Organisation(
            key=row["key"],
            name=row["name"],
            kind=row["kind"],
            partnership_id=partnerships[row["partnership"]].id if row["partnership"] else None,
            from_on=_day(row["from_on"]),
            to_on=_day(row["to_on"]),
        )
        for row in rows
    }
    session.add_all(made.values())
    session.flush()
    for row in rows:
        if row["successor"]:
            made[row["key"]].successor_id = made[row["successor"]].id
    session.flush()


def _text(name: str) -> str:
    return files("tracker.packs").joinpath(name).read_text(encoding="utf-8")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
