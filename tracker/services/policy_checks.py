"""What a procedure version must be before it can be used: every fault at its field, in one sentence. Reads no database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

from tracker.models import Independence
from tracker.services.ladders import local_ladder
from tracker.services.policies import HIGH_HARM_HALVES, period_from, start_name
from tracker.services.policy_files import Version
from workflows.dates import DayZero, Mode, Roll, Unit
from workflows.definition import Clock, Force, Workflow
from workflows.facts import Fact, FactKind
from workflows.released import RELEASED, UnknownWorkflow, current
from workflows.threshold import ThresholdRefused
from workflows.threshold_facts import MOST_COMPLAINTS
from workflows.threshold_reading import rules_from
from workflows.traces import short

LONGEST = 999
FURTHEST = 365
HEARD_BY: Mapping[str, str] = {
    "same_partnership": "The same partnership, by someone who took no part",
    "other_partnership": "Another partnership",
    "countywide_panel": "A countywide panel",
    "local_policing_body": "The local policing body's office",
}
"""Who hears an applicant who is dissatisfied (Sch 4 para 3)."""
POLICING_BODY_REVIEW = ("off", "voluntary", "statutory")

_CLOCK = frozenset({"n", "unit", "start", "then", "mode", "day_zero", "roll", HIGH_HARM_HALVES})
_ROUTE = frozenset({"heard_by", "live_plan_bar", "grounds", "policing_body_review"})
Choice = TypeVar("Choice", Unit, Mode, DayZero, Roll)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, named as in the file: ``clocks.C5.n``."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """The clocks and date facts of a process and of the processes whose cases belong to it."""

    workflow: Workflow
    clocks: Mapping[str, Clock]
    days: Mapping[str, Fact]


def known_to(process: str, on: date) -> Known | None:
    """What a version for this process may speak of; None for a process that is not known on that day."""
    try:
        workflow = current(process, on)
    except UnknownWorkflow:
        return None
    family = [workflow]
    for key in workflow.family:
        try:
            family.append(current(key, on))
        except UnknownWorkflow:
            continue  # not in effect yet on that day: no case of it can be opened
    clocks: dict[str, Clock] = {}
    days: dict[str, Fact] = {}
    for one in family:
        for clock in one.clocks:
            clocks.setdefault(clock.key, clock)
        for fact in one.facts:
            if fact.kind is FactKind.DATE:
                days.setdefault(fact.name, fact)
    return Known(workflow, clocks, days)


def faults(version: Version) -> tuple[Fault, ...]:
    """Everything that is wrong with a version by itself, in the order of its fields."""
    return tuple(_faults(version))


def _faults(version: Version) -> Iterator[Fault]:
    if not version.name.strip():
        yield Fault("name", "Give the version a name.")
    last = version.effective_to
    if last is not None and last < version.effective_from:
        yield Fault("effective_to", "The last day cannot be before the first day.")
    if version.published_url and urlsplit(version.published_url).scheme not in {"http", "https"}:
        yield Fault("published_url", "The published address must start with https:// or http://.")
    if version.chair_independence not in set(Independence):
        yield Fault(
            "chair_independence", f"The definition of the chair must be one of: {', '.join(Independence)}."
        )
    known = known_to(version.process, version.effective_from)
    if known is None:
        yield _too_early(version)
        return
    yield from _rules(version)
    for key, own in version.clocks.items():
        yield from _clock(known, key, own)
    for key, before in version.ladders.items():
        yield from _ladder(known, version, key, before)
    yield from _closed(version.closed_days)
    yield from _route(version.dissatisfaction)


def _too_early(version: Version) -> Fault:
    began = [workflow.effective_from for workflow in RELEASED.values() if workflow.key == version.process]
    if not began:
        return Fault("process", f"There is no process {version.process!r}.")
    return Fault(
        "effective_from", f"The first day must be on or after {short(min(began))}, when these rules began."
    )


def _rules(version: Version) -> Iterator[Fault]:
    rules = version.rules
    if rules and version.process != "asb_case_review":
        yield Fault("rules", "Only an ASB case review has threshold rules.")
        return
    number = rules.get("number")
    if isinstance(number, int) and not isinstance(number, bool) and number > MOST_COMPLAINTS:
        yield Fault(
            "rules.number", "The number should not exceed three: explanatory notes to section 104(4)."
        )
        return
    try:
        rules_from(rules)
    except ThresholdRefused as refused:
        name = next((name for name in rules if name in str(refused)), "number")
        yield Fault(f"rules.{name}", str(refused))
    for months in ("report_within_months", "apply_within_months", "hate_months"):
        days = months.replace("months", "days")
        if rules.get(months) is not None and rules.get(days) is not None:
            yield Fault(f"rules.{days}", "Give this period in months or in days, not both.")
    if rules.get("group_kind") is not None and rules.get("group_people") is None:
        yield Fault("rules.group_people", "Say how many the group rule asks for.")
    if rules.get("hate_number") is None and {"hate_months", "hate_days"} & {
        name for name, value in rules.items() if value is not None
    }:
        yield Fault("rules.hate_number", "Say how many hate incidents the hate rule asks for.")


def _clock(known: Known, key: str, own: object) -> Iterator[Fault]:
    at = f"clocks.{key}"
    clock = known.clocks.get(key)
    if clock is None:
        yield Fault(at, f"There is no clock {key!r} in {known.workflow.title}.")
        return
    if not isinstance(own, Mapping) or not own or set(own) - _CLOCK:
        yield Fault(at, f"{clock.label} takes only: {', '.join(sorted(_CLOCK))}.")
        return
    if clock.force is Force.STATUTE and not clock.length_local:
        yield Fault(at, f"{clock.label} is fixed by the Act: no policy can change it ({clock.basis}).")
        return
    if HIGH_HARM_HALVES in own and (clock.halved is None or not isinstance(own[HIGH_HARM_HALVES], bool)):
        yield Fault(
            f"{at}.{HIGH_HARM_HALVES}",
            f"Where harm is high, {clock.label} is not made shorter."
            if clock.halved is None
            else "Half the length where harm is high must be true or false.",
        )
    if set(own) - {"start", HIGH_HARM_HALVES}:
        yield from _length(at, clock, own)
    if "start" in own:
        yield from _start(known, at, clock, own["start"])


def _length(at: str, clock: Clock, own: Mapping[str, object]) -> Iterator[Fault]:
    if clock.period is None:
        yield Fault(f"{at}.n", f"{clock.label} has a date that is entered: it has no length to change.")
        return
    bad = [
        fault
        for fault in (
            _one_of(f"{at}.unit", own.get("unit"), Unit, needed=True),
            _one_of(f"{at}.mode", own.get("mode"), Mode),
            _one_of(f"{at}.day_zero", own.get("day_zero"), DayZero),
            _one_of(f"{at}.roll", own.get("roll"), Roll),
        )
        if fault
    ]
    chain = own.get("then", [])
    numbers = (own.get("n"), *(chain if isinstance(chain, list | tuple) else (None,)))
    if any(isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= LONGEST for n in numbers):
        bad.insert(
            0, Fault(f"{at}.n", f"The length of {clock.label} must be a whole number from 1 to {LONGEST}.")
        )
    yield from bad
    if bad:
        return
    period = period_from(own, clock.period)
    if period is not None and (period.mode is Mode.BEFORE) is not (clock.period.mode is Mode.BEFORE):
        back = clock.period.mode is Mode.BEFORE
        words = "counts back from its event" if back else "counts on from its start"
        yield Fault(f"{at}.mode", f"{clock.label} {words}: its length can be changed, its direction cannot.")
    if period is not None and period.mode is Mode.BEGINNING_WITH and period.unit is Unit.WORKING_DAYS:
        yield Fault(f"{at}.mode", "Working days are counted after an event, not beginning with it.")
    if period is not None and period.roll is not Roll.NONE and period.unit is Unit.WORKING_DAYS:
        yield Fault(f"{at}.roll", "A date counted in working days falls on one already.")


def _one_of(field: str, given: object, kind: type[Choice], *, needed: bool = False) -> Fault | None:
    if (given is None and not needed) or (isinstance(given, str) and given in set(kind)):
        return None
    return Fault(field, f"The {field.rpartition('.')[2]} must be one of: {', '.join(kind)}.")


def _start(known: Known, at: str, clock: Clock, given: object) -> Iterator[Fault]:
    at = f"{at}.start"
    name = start_name(given) if isinstance(given, str) else ""
    if clock.period is not None and clock.period.mode is Mode.BEFORE:
        yield Fault(at, f"{clock.label} counts back from its event: it has no other start.")
    elif clock.repeats:
        yield Fault(at, f"{clock.label} begins again each time that it is met: it has no other start.")
    elif name in clock.met_by:
        yield Fault(at, f"{clock.label} would end on the day that it begins.")
    elif name not in known.days and clock.starts_on != name:
        yield Fault(
            at, f"There is no date {given!r} in {known.workflow.title} for {clock.label} to run from."
        )


def _ladder(known: Known, version: Version, key: str, before: object) -> Iterator[Fault]:
    at = f"ladders.{key}"
    clock = known.clocks.get(key)
    if clock is None:
        yield Fault(at, f"There is no clock {key!r} in {known.workflow.title}.")
        return
    if isinstance(before, Mapping):
        try:
            local_ladder(clock.ladder, before)
        except ValueError as error:
            yield Fault(at, str(error))
            return
        before = before.get("before") or []
    if not isinstance(before, list | tuple) or any(
        isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= FURTHEST for n in before
    ):
        yield Fault(
            at, f"Reminders before the date must be whole numbers from 1 to {FURTHEST}, such as [5, 2]."
        )
        return
    if len(set(before)) != len(before):
        yield Fault(at, f"The same reminder of {clock.label} is there twice.")
        return
    own = version.clocks.get(key)
    period = period_from(own, clock.period) if isinstance(own, Mapping) and _readable(own) else clock.period
    unit = next((rung.unit for rung in clock.ladder), None)
    if before and period is not None and period.unit is unit and max(before) >= period.n:
        yield Fault(at, f"A reminder {max(before)} days before would come before {clock.label} begins.")
    elif before and not any(rung.offset <= 0 for rung in clock.ladder):
        yield Fault(at, f"{clock.label} must be given, not kept: nobody is reminded before it ends.")


def _readable(own: Mapping[str, object]) -> bool:
    return isinstance(own.get("n"), int) and own.get("unit") in {str(u) for u in Unit}


def _closed(days: Mapping[str, object]) -> Iterator[Fault]:
    for on, name in days.items():
        try:
            date.fromisoformat(on)
        except ValueError:
            yield Fault("closed_days", f"{on!r} is not a date; write it as 2026-12-29.")
            return
        if not isinstance(name, str) or not name.strip():
            yield Fault("closed_days", "Give each closed day a name: worked dates show it.")
            return


def _route(route: Mapping[str, object]) -> Iterator[Fault]:
    if unknown := set(route) - _ROUTE:
        yield Fault("dissatisfaction", f"{min(unknown)!r} is not known in the route of dissatisfaction.")
    if route.get("heard_by", "") not in {"", *HEARD_BY}:
        yield Fault("dissatisfaction.heard_by", f"Who hears it must be one of: {', '.join(HEARD_BY)}.")
    if not isinstance(route.get("live_plan_bar", False), bool):
        yield Fault("dissatisfaction.live_plan_bar", "The bar while the plan is live must be true or false.")
    if route.get("policing_body_review", "off") not in POLICING_BODY_REVIEW:
        yield Fault(
            "dissatisfaction.policing_body_review",
            f"The policing body's review must be one of: {', '.join(POLICING_BODY_REVIEW)}.",
        )
    if not isinstance(route.get("grounds", ""), str):
        yield Fault("dissatisfaction.grounds", "The grounds must be text.")
