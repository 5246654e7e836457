"""References: readable, unique, never reused, never with a name in them."""

import re

from sqlmodel import Session, col, select

from tracker import db
from tracker.models import Case, Partnership

KINDS = {
    "dhr_2016": "DHR",
    "dardr": "DARDR",
    "asb_case_review": "ASB",
    "action_item": "ACT",
    "information_request": "INF",
    "recommendation": "REC",
    "dissatisfaction": "DIS",
    "parallel_process": "PAR",
    "family_contact": "FAM",
    "hold": "HOLD",
}


def hold(session: Session, partnership_id: int) -> Partnership:
    """Hold the partnership until the transaction ends: one case is numbered at a time."""
    return session.exec(
        db.for_update(session, select(Partnership).where(Partnership.id == partnership_id))
    ).one()


def next_reference(session: Session, partnership: Partnership, process: str, year: int) -> str:
    """The next free reference of its kind, ``HCSP-DHR-2026-001``. The partnership must be held."""
    stem = f"{partnership.prefix}-{KINDS[process]}-{year}-"
    taken = session.exec(select(Case.reference).where(col(Case.reference).startswith(stem))).all()
    numbers = [int(found[1]) for reference in taken if (found := re.search(r"-(\d+)$", reference))]
    return f"{stem}{max(numbers, default=0) + 1:03d}"
