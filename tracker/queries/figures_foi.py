"""Answers to what is asked under the Freedom of Information Act: the questions of docs/asb-case-review.md section 7.

Counts and published words only: no case is named. The applications are those of figure (a) in the period; what became
of them is told as it stands now.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker.models import Case, LocalPolicy
from tracker.queries.threshold_page import rules_words
from tracker.services import figures
from tracker.services.figures import Place, Reporting
from tracker.services.policies import version_on
from tracker.services.positions import workflow_for
from tracker.services.sharing import bodies_and_shared
from workflows.facts import Fact, words
from workflows.released import current
from workflows.threshold_reading import rules_from

YEARS = 5
_NOT_KNOWN = "Nothing is recorded."
_NO_APPLICATION = "No application was received."
_INDEPENDENCE = {
    "not_same_team": "Not from the team that handled the case.",
    "not_agency_under_review": "Not from an agency whose handling is reviewed.",
    "external": "From outside the bodies that take part.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer, a line each."""

    question: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """The four figures of one year."""

    words: str
    numbers: tuple[int, int, int, int]


def years(session: Session, place: Place, period: Reporting) -> tuple[Year, ...]:
    """The four figures of the years that end with the period, the latest first."""
    found = []
    for back in range(YEARS):
        last = _years_before(period.last, back, (2, 28))
        first = _years_before(period.first, back, (3, 1))
        each = Reporting(first, last)
        found.append(Year(each.words, figures.count(session, place, each).numbers))
    return tuple(found)


def _years_before(on: date, back: int, instead: tuple[int, int]) -> date:
    """The same day some years before; ``instead`` of 29 February where there is none."""
    try:
        return on.replace(year=on.year - back)
    except ValueError:
        return date(on.year - back, *instead)


def answers(session: Session, place: Place, period: Reporting) -> tuple[Answer, ...]:
    """Every question that the records can answer."""
    cohort = [
        case
        for case in figures.cases_of(session, place)
        if case.state not in figures.NOT_COUNTED and period.holds(figures.applied_on(case))
    ]
    policy = _policy(session, place, period.last)
    histories = figures.histories_of(session, cohort)
    met = [case for case in cohort if histories.decided(case) == "decide_met"]
    not_met = [case for case in cohort if histories.decided(case) == "decide_not_met"]
    reached = [case for case in met if histories.reviews(case)]
    waiting = Counter(_label(case) for case in met if not histories.reviews(case))
    reviews = [event for case in cohort for event in histories.reviews(case)]
    facts = {fact.name: fact for fact in current(figures.PROCESS, period.last).facts}
    voices = Counter(str(event.facts.get("victim_voice", "")) for event in reviews)
    chairs = Counter(str(case.facts.get("chair_independence") or "") for case in reached)
    return (
        Answer("How many applications were received?", (str(len(cohort)),)),
        Answer("How many did not meet the threshold?", (str(len(not_met)),)),
        Answer("How many met the threshold?", (str(len(met)),)),
        Answer(
            "Did all that met the threshold result in a review? If not, why?",
            (f"{len(reached)} of {len(met)}." if met else "None met it.", *(f"{n} at “{label}”." for label, n in sorted(waiting.items()))),
        ),
        Answer("Is information on a website?", (policy.published_url if policy and policy.published_url else _NOT_KNOWN,)),
        Answer("Is there a point of contact?", (place.area.contact if place.area and place.area.contact else _NOT_KNOWN,)),
        Answer("What is the threshold?", _threshold(policy)),
        Answer("How did people apply?", _applied(facts.get("channel"), cohort)),
        Answer("Were all applications passed on to every relevant body?", _shared(session, cohort)),
        Answer(
            "Do reviews have an independent chair, and how is independent defined?",
            (
                _INDEPENDENCE.get(policy.chair_independence, _NOT_KNOWN) if policy else _NOT_KNOWN,
                *_counted(facts.get("chair_independence"), chairs.elements()),
            ),
        ),
        Answer(
            "Can the victim attend, be represented or have a statement read?",
            ("Each victim is asked.", *_counted(facts.get("victim_voice"), voices.elements())),
        ),
        *_appeals(session, cohort, policy),
    )  # fmt: skip


def _policy(session: Session, place: Place, on: date) -> LocalPolicy | None:
    owners = tuple(
        number for number in (place.partnership.id, place.partnership.coordinator_id) if number is not None
    )
    return version_on(session, owners, figures.PROCESS, place.area_key, on)


def _label(case: Case) -> str:
    return workflow_for(case).state_by_name[case.state].label


def _threshold(policy: LocalPolicy | None) -> tuple[str, ...]:
    return rules_words(rules_from(policy.rules)) if policy and policy.rules else (_NOT_KNOWN,)


def _counted(fact: Fact | None, values: Iterable[object]) -> tuple[str, ...]:
    """How often each answer was given, in its own words."""
    found = Counter(str(value) for value in values if value)
    if fact is None or not found:
        return ()
    return tuple(f"{words(fact, value)}: {number}." for value, number in found.most_common())


def _applied(channel: Fact | None, cohort: Sequence[Case]) -> tuple[str, ...]:
    counted = _counted(channel, (case.facts.get("channel") for case in cohort))
    return counted or ((_NOT_KNOWN if cohort else _NO_APPLICATION),)


def _shared(session: Session, cohort: Sequence[Case]) -> tuple[str, ...]:
    if not cohort:
        return (_NO_APPLICATION,)
    found = bodies_and_shared(session, cohort).values()
    to_all = sum(bool(relevant) and relevant == told for relevant, told in found)
    left = sum(not relevant for relevant, _ in found)
    return (
        f"{to_all} of {len(cohort)}.",
        *([f"For {left} no relevant bodies are recorded."] if left else []),
    )


def _appeals(session: Session, cohort: Sequence[Case], policy: LocalPolicy | None) -> tuple[Answer, ...]:
    """Requests to look again, by what they are about, and how many were upheld."""
    ids = [case.id for case in cohort]
    asked = session.exec(
        select(Case)
        .where(Case.process == "dissatisfaction", col(Case.parent_id).in_(ids))
        .order_by(col(Case.id))
    ).all()
    heard = str(policy.dissatisfaction.get("heard_by", "")) if policy else ""
    about = {"application_handling": "the threshold", "review_carrying_out": "the review"}
    grounds = Counter(str(ground) for case in asked for ground in case.facts.get("grounds") or ())
    fact = current("dissatisfaction", date.max).fact_by_name.get("grounds")
    return (
        Answer("Who hears a request to look again?", (heard or _NOT_KNOWN,)),
        Answer("On which grounds was a second look asked for?", _counted(fact, grounds.elements()) or ("None was asked for.",)),
        *(
            Answer(
                f"How many requests about {what} were there, and how many were upheld?",
                (f"{len(those)}, of which {sum(_upheld(case) for case in those)} upheld, wholly or in part.",),
            )
            for key, what in about.items()
            for those in [[case for case in asked if case.facts.get("about") == key]]
        ),
    )  # fmt: skip


def _upheld(case: Case) -> bool:
    result = str(case.facts.get("result", ""))
    return result.startswith("upheld") or result == "partly"
