"""Starting packs: the partnerships, their bodies with successions, and the procedures they have published.

They are loaded once, into a database that knows no partnership. Sources: the partnerships' own papers and pages; see
``docs/asb-case-review.md`` 3.5 and 13.1. Days that the papers do not give are those on which the body's Act took effect.
"""

import csv
from datetime import date
from importlib.resources import files

from sqlmodel import Session, select

from tracker.models import Area, AreaBody, LocalPolicy, Organisation, Partnership
from tracker.services.policy_files import read_file
from tracker.services.policy_versions import columns_of


def load(session: Session) -> bool:
    """Load the packs; False if the database knows a partnership already."""
    if session.exec(select(Partnership.id)).first() is not None:
        return False
    partnerships = _partnerships(session)
    _organisations(session, partnerships)
    _areas(session, partnerships)
    for version in read_file(_text("policies.json")):
        owner = partnerships[version.partnership]
        session.add(LocalPolicy(partnership_id=owner.id or 0, **columns_of(version)))
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


def _areas(session: Session, partnerships: dict[str, Partnership]) -> None:
    made = {
        row["key"]: Area(
            key=row["key"],
            name=row["name"],
            kind=row["kind"],
            partnership_id=partnerships[row["partnership"]].id or 0,
            from_on=_day(row["from_on"]),
        )
        for row in _rows("areas.csv")
    }
    session.add_all(made.values())
    session.flush()
    keys = {row.key: row.id or 0 for row in session.exec(select(Organisation)).all()}
    session.add_all(
        AreaBody(
            area_id=made[row["area"]].id or 0,
            organisation_id=keys[row["organisation"]],
            kind=row["kind"],
            from_on=_day(row["from_on"]),
            to_on=_day(row["to_on"]),
        )
        for row in _rows("area_bodies.csv")
    )
    session.flush()


def _text(name: str) -> str:
    return files("tracker.packs").joinpath(name).read_text(encoding="utf-8")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
