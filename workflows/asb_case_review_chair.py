"""Who may chair an ASB case review: nobody who was involved, and nobody whom the area's own definition leaves out."""

from workflows.facts import FactValue
from workflows.position import Position, Requirement
from workflows.requirements import has

_ORDER = ("handled_the_case", "other_team", "other_agency", "external")
_LEAST = {"not_same_team": "other_team", "not_agency_under_review": "other_agency", "external": "external"}
"""The least that each of an area's definitions of an independent chair asks for."""


def _listed(value: FactValue | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _appointed(here: Position) -> bool:
    independence = here.facts.get("chair_independence")
    return has(here.facts, "review_chair") and independence not in {None, "handled_the_case"}


def _uninvolved(here: Position) -> bool:
    names = (here.facts.get("review_chair"), here.facts.get("review_chair_id"))
    called = {str(name).strip().casefold() for name in names if name}
    return not called & {*_listed(here.known.get("involved")), str(here.facts.get("spoc_id", "")).casefold()}


def _independent(here: Position) -> bool:
    said = str(here.facts.get("chair_independence", ""))
    least = _LEAST.get(str(here.known.get("chair_definition", "not_same_team")), "other_team")
    if said not in _ORDER or _ORDER.index(said) < _ORDER.index(least):
        return False
    reviewed = str(here.facts.get("review_chair_body", "")) in _listed(here.known.get("relevant_bodies"))
    return not (reviewed and _ORDER.index(said) > _ORDER.index("other_team"))


CHAIR = Requirement(
    "independent_chair_appointed",
    "Appoint a chair who is neither the applicant's contact nor from the team that handled the case.",
    _appointed,
    facts=("review_chair", "chair_independence"),
)
UNINVOLVED = Requirement(
    "chair_not_involved_before",
    "This person was the applicant's contact or took the decision in this case, so somebody else must chair.",
    lambda here: not _appointed(here) or _uninvolved(here),
    facts=("review_chair", "review_chair_id"),
)
AS_THE_AREA_DEFINES = Requirement(
    "chair_independent_as_defined",
    "The area's procedures ask for a more independent chair, or the chair's organisation is one of the bodies under review.",
    lambda here: not _appointed(here) or _independent(here),
    facts=("chair_independence", "review_chair_body"),
)
