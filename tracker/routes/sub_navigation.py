"""The second level of Cases and of Actions: saved filters of one list, and the pages beside it."""

from collections.abc import Mapping

from tracker import auth
from tracker.forms.filters import Asked
from tracker.policy import Permission, may_knock
from tracker.templating import NavItem

CASES: Mapping[str, tuple[str, str, str]] = {
    "All": ("/cases", "", ""),
    "Unassigned": ("/cases?officer=nobody", "officer", "nobody"),
    "DHRs": ("/cases?type=dhr", "type", "dhr"),
    "{asb}s": ("/cases?type=asb", "type", "asb"),
    "Closed": ("/cases?show=closed", "show", "closed"),
}
"""Each with its address, and the filter by which it is known to be the one that is shown."""

ACTIONS: Mapping[str, tuple[str, str, str]] = {
    "All": ("/actions", "", ""),
    "Plans": ("/plans", "", ""),
    "Recommendations": ("/recommendations", "", ""),
    "To verify": ("/actions?status=completed_unverified", "status", "completed_unverified"),
    "No date or no lead": ("/actions?gap=any", "gap", "any"),
}


def of_cases(asked: Asked, asb: str) -> tuple[NavItem, ...]:
    """The saved filters of Cases; the one whose filter is in use is the present one, or else all.

    ``asb`` is what an ASB case review is called where the reader works.
    """
    named = {text.format(asb=asb): place for text, place in CASES.items()}
    return _items(named, _present(named, asked))


def of_actions(asked: Asked | None = None, *, here: str = "") -> tuple[NavItem, ...]:
    """The same for Actions, or the page beside the list that is named ``here``."""
    items = _items(ACTIONS, here or (_present(ACTIONS, asked) if asked else "All"))
    if may_knock(auth.actor(), Permission.WORK_READ):
        return items
    return tuple(
        item for item in items if item.text != "Plans"
    )  # a lead has no work of the partnership to see


def _present(places: Mapping[str, tuple[str, str, str]], asked: Asked) -> str:
    given = dict(asked.given)
    fitting = (text for text, (_, name, value) in places.items() if name and given.get(name) == value)
    return next(fitting, "All")


def _items(places: Mapping[str, tuple[str, str, str]], present: str) -> tuple[NavItem, ...]:
    return tuple(NavItem(text, href, current=text == present) for text, (href, _, _) in places.items())
