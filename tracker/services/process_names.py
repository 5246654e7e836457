"""What a process is called: by the procedure version that a case took, by its partnership, or by its definition."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session, col, select

from tracker.models import Case, LocalPolicy, Partnership
from tracker.services.positions import workflow_for
from workflows.definition import Workflow

OF_PARTNERSHIP: Mapping[str, str] = {"dhr_2016": "dhr_name", "asb_case_review": "asb_name"}
"""Where a partnership keeps its own name of a process. A death review of the new regime has the Act's name."""

ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "asb_case_review": ("ASB", "anti-social", "behaviour", "case", "review", "community", "trigger"),
    "dhr_2016": ("DHR", "domestic", "homicide", "review"),
    "dardr": ("DARDR", "DHR", "domestic", "abuse", "related", "death", "homicide", "review"),
}
"""Words by which people look for a process, whatever it is called where it is."""

SHORTEST_WORD = 3


def process_name(partnership: Partnership, workflow: Workflow, shown: str = "") -> str:
    """What the process is called there. ``shown`` is the name in the version that the case took; it comes first."""
    return shown or str(getattr(partnership, OF_PARTNERSHIP.get(workflow.key, ""), "") or workflow.title)


def name_of(session: Session, case: Case) -> str:
    """What the process of one case is called."""
    partnership = session.get_one(Partnership, case.partnership_id)
    return process_name(partnership, workflow_for(case), shown_on(session, [case]).get(case.policy_id, ""))


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


def called(word: str) -> frozenset[str]:
    """The processes that people look for by a word or the beginning of it."""
    wanted = word.casefold()
    return frozenset(
        key
        for key, names in ALSO_CALLED.items()
        if len(wanted) >= SHORTEST_WORD and any(name.casefold().startswith(wanted) for name in names)
    )
