"""Which bodies the Act lists for a review: section 9(4)(a) of the 2004 Act, and section 8A(6) when it is in force.

The list is data with dates (``tracker/packs/review_bodies.csv``), because bodies come and go. The first line that fits
the kind and the name of an organisation says what it is; what fits none takes part by invitation.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from tracker.models import Organisation


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list. ``listed`` is false for a kind of body that the Act leaves out."""

    key: str
    label: str
    listed: bool
    kind: str
    name_contains: str
    regimes: frozenset[str]
    from_on: date
    to_on: date | None
    basis: str


@cache
def bodies() -> tuple[Listed, ...]:
    """The whole list, in order."""
    text = resources.files("tracker.packs").joinpath("review_bodies.csv").read_text(encoding="utf-8")
    return tuple(
        Listed(
            key=row["key"],
            label=row["label"],
            listed=row["listed"] == "yes",
            kind=row["organisation_kind"],
            name_contains=row["name_contains"],
            regimes=frozenset(row["regimes"].split()),
            from_on=date.fromisoformat(row["from_on"]),
            to_on=date.fromisoformat(row["to_on"]) if row["to_on"] else None,
            basis=row["basis"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def what_is(organisation: Organisation, regime: str, on: date) -> Listed | None:
    """The line of the list that an organisation falls under on a day; None where it falls under none."""
    name = organisation.name.lower()
    return next(
        (
            body
            for body in bodies()
            if body.kind == organisation.kind
            and body.name_contains in name
            and regime in body.regimes
            and body.from_on <= on
            and (body.to_on is None or body.to_on >= on)
        ),
        None,
    )


def is_listed(organisation: Organisation, regime: str, on: date) -> bool:
    """Whether the Act lists the organisation for reviews of that regime on that day."""
    found = what_is(organisation, regime, on)
    return found is not None and found.listed
