"""The return on ASB case reviews for the local policing body: one row for each application, codes and dates alone.

docs/asb-case-review.md section 9. No name, no words of anybody, no place but the area: references stand for the cases.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from tracker import access
from tracker.models import Area, Case, Event
from tracker.policy import Actor
from tracker.services import figures
from tracker.services.figures import NOT_COUNTED, Histories, Place, Reporting

HEADINGS = (
    "Reference", "Area", "Channel", "State", "Application made", "Decided", "Route", "Met", "Reasons code", "Told",
    "Review held", "Reviews", "Recommendations", "Responses", "Second look asked", "Second look by", "Second look result",
)  # fmt: skip
_MET: Mapping[str, str] = {"decide_met": "yes", "decide_not_met": "no"}


def returns(session: Session, actor: Actor, place: Place, period: Reporting) -> tuple[dict[str, str], ...]:
    """The applications of the period that the actor may see, by reference."""
    visible = set(session.exec(select(Case.id).where(access.visible(actor))).all())
    cases = [
        case
        for case in figures.cases_of(session, place)
        if case.id in visible and case.state not in NOT_COUNTED and period.holds(figures.applied_on(case))
    ]
    histories, below = figures.histories_of(session, cases), _below(session, cases)
    areas = {
        words.casefold(): row.key for row in session.exec(select(Area)).all() for words in (row.key, row.name)
    }
    return tuple(
        {
            **_row(case, histories, below[case.id or 0]),
            "Area": areas.get(_said(case.facts, "area").casefold(), ""),
        }
        for case in cases
    )


def _below(session: Session, cases: Sequence[Case]) -> Mapping[int, list[Case]]:
    """The recommendations and second looks of these cases, in one query."""
    found: dict[int, list[Case]] = defaultdict(list)
    rows = session.exec(
        select(Case)
        .where(
            col(Case.parent_id).in_([case.id for case in cases]),
            col(Case.process).in_(["recommendation", "dissatisfaction"]),
        )
        .order_by(col(Case.id))
    ).all()
    for row in rows:
        found[row.parent_id or 0].append(row)
    return found


def _row(case: Case, histories: Histories, below: Sequence[Case]) -> dict[str, str]:
    decided = histories.decided(case)
    decision = _latest(histories.of(case), decided)
    reviews = histories.reviews(case)
    sent = [c for c in below if c.process == "recommendation" and c.state != "drafted"]
    answers = Counter(c.state for c in sent)
    looks = [c for c in below if c.process == "dissatisfaction"]
    told = {"decide_met": "letter_sent_L4", "decide_not_met": "letter_sent_L5"}.get(decided, "")
    values = (
        case.reference,
        "",
        _said(case.facts, "channel"),
        case.state,
        figures.applied_on(case).isoformat(),
        figures.day_of(decision, "decided_on").isoformat() if decision else "",
        _said(decision.facts, "decision_route") if decision else "",
        _MET.get(decided, ""),
        _said(decision.facts, "threshold_result") if decision else _said(case.facts, "not_pursued_reason"),
        _said(case.facts, told),
        figures.day_of(reviews[-1], "review_held_on").isoformat() if reviews else "",
        str(len(reviews)),
        str(len(sent)),
        "; ".join(f"{state} {n}" for state, n in sorted(answers.items())),
        "; ".join(_said(look.facts, "requested_on") for look in looks),
        "; ".join(_said(look.facts, "stage") for look in looks),
        "; ".join(_said(look.facts, "result") or look.state for look in looks),
    )
    return dict(zip(HEADINGS, values, strict=True))


def _latest(steps: Sequence[Event], name: str) -> Event | None:
    """The last step of that name."""
    return next((event for event in reversed(steps) if name and event.name == name), None)


def _said(facts: Mapping[str, object], name: str) -> str:
    value = facts.get(name)
    return "" if value is None else str(value)
