"""What an agency has answered and the business unit has still to decide: it is with us, and the agency is asked no more."""

from sqlmodel import Session, col, select

from tracker.models import Case, LinkUse, UpdateLinkUse
from tracker.policy import ACTIONS

_ASKED = ("more_time", "not_ours")
_OPEN = ("agreed", "in_progress")


def asked(session: Session) -> frozenset[int]:
    """Records about which an agency asked something by its link, more time or another body, that nobody has noted yet."""
    rows = session.exec(
        select(UpdateLinkUse.case_id).where(
            col(UpdateLinkUse.to_note).is_(True),
            col(UpdateLinkUse.noted_at).is_(None),
            UpdateLinkUse.what == LinkUse.ASKED,
        )
    ).all()
    return frozenset(number for number in rows if number is not None)


def reported(case: Case) -> bool:
    """Whether an action's lead said that it is done, wants more time or says that it is not theirs, and nobody decided."""
    if case.process not in ACTIONS:
        return False
    wants = case.state in _OPEN and case.facts.get("update_kind") in _ASKED
    return case.state == "completed_unverified" or wants
