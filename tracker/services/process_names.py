"""What a process is called: by the procedure version that a case took, by its partnership, or by its definition.

The one place for it: lists, heads, headings, dates, letters, mails and searches ask here. Each case has the name of its
own partnership; where somebody works with several that differ, what speaks of all of them says the definition's title.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, false
from sqlmodel import Session, and_, col, or_, select

from tracker.models import Case, LocalPolicy, Partnership
from tracker.services.policies import policy_for
from tracker.services.positions import workflow_for
from workflows.definition import Workflow
from workflows.facts import FactValue
from workflows.released import RELEASED

OF_PARTNERSHIP: Mapping[str, str] = {
    "dhr_2016": "dhr_name",
    "dardr": "dardr_name",
    "asb_case_review": "asb_name",
}
"""Where a partnership keeps its own name of a process."""

TITLES: Mapping[str, str] = {
    workflow.key: workflow.title
    for workflow in sorted(RELEASED.values(), key=lambda one: one.version)
    if workflow.key in OF_PARTNERSHIP
}
"""What the definitions call them."""

_DEATHS = (
    "DHR", "DVHR", "DARDR", "domestic", "violence", "homicide", "abuse", "related", "death", "review",
)  # fmt: skip
ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "asb_case_review": (
        "ASB", "CT", "anti-social", "antisocial", "behaviour", "case", "review", "community", "trigger",
    ),
    "dhr_2016": _DEATHS,
    "dardr": _DEATHS,
}  # fmt: skip
"""Words by which people look for a process, whatever it is called where it is: the old names and the new ones."""

_NOT_NAMES = frozenset({"previously", "formerly", "former"})
SHORTEST_WORD = 3
"""Letters of a beginning; a whole name, such as CT, may be shorter."""

_ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "asb": ("community-trigger", "ct", "trigger", "asb-case-review"),
    "dhr": ("dvhr", "dhr-2016", "domestic-homicide-review", "domestic-violence-homicide-review"),
    "dardr": ("domestic-abuse-related-death-review", "domestic-abuse-death-review"),
}


def process_name(partnership: Partnership, workflow: Workflow, shown: str = "") -> str:
    """What the process is called there. ``shown`` is the name in the version that the case took; it comes first."""
    return shown or called_in(partnership, workflow.key, workflow.title)


def called_in(partnership: Partnership, process: str, title: str) -> str:
    """What a partnership calls a process (by key); ``title`` where it has no name for it."""
    return str(getattr(partnership, OF_PARTNERSHIP.get(process, ""), "") or title)


def name_of(session: Session, case: Case) -> str:
    """What the process of one case is called."""
    partnership = session.get_one(Partnership, case.partnership_id)
    return process_name(partnership, workflow_for(case), shown_on(session, [case]).get(case.policy_id, ""))


def name_at_opening(session: Session, case: Case, facts: Mapping[str, FactValue]) -> str:
    """What the process of a case is called that is being opened with these facts: by the version that it is about to take."""
    workflow = workflow_for(case)
    if workflow.key not in OF_PARTNERSHIP:
        return workflow.title
    taking = policy_for(session, case, facts)
    partnership = session.get_one(Partnership, case.partnership_id)
    return process_name(partnership, workflow, taking.name_shown if taking else "")


def shown_on(session: Session, cases: Iterable[Case]) -> dict[int | None, str]:
    """The names in the versions that the cases took, by the row number of the version."""
    ids = {case.policy_id for case in cases} - {None}
    if not ids:
        return {}
    rows = session.exec(
        select(LocalPolicy.id, LocalPolicy.name_shown).where(
            col(LocalPolicy.id).in_(ids), LocalPolicy.name_shown != ""
        )
    ).all()
    return dict(rows)


def names_in(session: Session, partnership_ids: Collection[int], on: date) -> Mapping[str, str]:
    """What each process is called in these partnerships on a day, by process key: their one name, or where they differ
    or there is none, the definition's title.
    """
    places = session.exec(select(Partnership).where(col(Partnership.id).in_(partnership_ids))).all()
    versions = session.exec(
        select(LocalPolicy)
        .where(
            LocalPolicy.name_shown != "",
            LocalPolicy.area == "",
            LocalPolicy.effective_from <= on,
            or_(col(LocalPolicy.effective_to).is_(None), col(LocalPolicy.effective_to) >= on),
            col(LocalPolicy.partnership_id).in_({place.id for place in places}),
        )
        .order_by(col(LocalPolicy.effective_from))
    ).all()
    shown = {(row.partnership_id, row.process): row.name_shown for row in versions}
    found = dict(TITLES)
    for process, column in OF_PARTNERSHIP.items():
        names = {shown.get((place.id or 0, process)) or str(getattr(place, column)) for place in places}
        if len(names) == 1:
            found[process] = names.pop() or TITLES[process]
    return found


def in_a_sentence(name: str) -> str:
    """A name as it stands within a sentence: capitals that are part of it stay, as in Community Trigger and ASB case review."""
    return f"{name[:1].lower()}{name[1:]}" if name[1:] == name[1:].lower() else name


def with_article(name: str) -> str:
    """A name within a sentence with its article: an ASB case review, a domestic homicide review, a DHR."""
    said = in_a_sentence(name)
    by_letters = said[1:2].isupper()
    return f"{'an' if said[:1] in ('AEFHILMNORSX' if by_letters else 'AEIOaeio') else 'a'} {said}"


def kind_meant(words: str) -> str:
    """The word of an address for a kind of review (``asb``, ``dhr``, ``dardr``) that an old or a long name means; or nothing."""
    wanted = "-".join(words.casefold().replace("_", " ").replace("-", " ").split())
    return next((kind for kind, names in _ADDRESSES.items() if wanted in {kind, *names}), "")


def words_to_find(words: str) -> list[str]:
    """The words of a search, without those that say only that a name is an old one: previously DHR."""
    asked = words.split()[:8]
    return [word for word in asked if word.casefold() not in _NOT_NAMES] or asked


def called(word: str) -> frozenset[str]:
    """The processes that people look for by a word or the beginning of it."""
    wanted = word.casefold()
    return frozenset(
        key
        for key, names in ALSO_CALLED.items()
        if any(
            name.casefold() == wanted or (len(wanted) >= SHORTEST_WORD and name.casefold().startswith(wanted))
            for name in names
        )
    )


def is_called(word: str) -> ColumnElement[bool]:
    """A condition on ``cases``: by any name of its process, everywhere, in its partnership, in the version that it took."""
    anywhere = called(word)
    if len(word) < SHORTEST_WORD:
        return col(Case.process).in_(anywhere) if anywhere else false()
    theirs = [
        and_(
            col(Case.process) == process,
            col(Case.partnership_id).in_(
                select(Partnership.id).where(getattr(Partnership, column).icontains(word, autoescape=True))
            ),
        )
        for process, column in OF_PARTNERSHIP.items()
    ]
    versions = select(LocalPolicy.id).where(col(LocalPolicy.name_shown).icontains(word, autoescape=True))
    shown = and_(col(Case.process).in_(OF_PARTNERSHIP), col(Case.policy_id).in_(versions))
    return or_(col(Case.process).in_(anywhere), *theirs, shown)
