"""A procedure version in words, as pages and the command line say it. Reads no database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.models import Independence
from tracker.services.ladders import steps_in_words
from tracker.services.policies import HIGH_HARM_HALVES, period_from, start_name
from tracker.services.policy_checks import HEARD_BY, Known, known_to
from tracker.services.policy_files import Version
from workflows import threshold_words
from workflows.dates import DayZero, Mode, Period, Roll
from workflows.definition import ENTERED, Clock
from workflows.threshold import CountUnit
from workflows.threshold_facts import Rules, Window
from workflows.threshold_reading import rules_from
from workflows.traces import amount, short

INDEPENDENCE: Mapping[Independence, str] = {
    Independence.NOT_SAME_TEAM: "Not from the team that handled the case",
    Independence.NOT_AGENCY_UNDER_REVIEW: "Not from an agency under review",
    Independence.EXTERNAL: "From outside the partnership",
}
LETTERS: Mapping[bool, str] = {
    False: "Whoever writes a letter may check it",
    True: "Somebody else checks a letter than who wrote it",
}
_COUNTED: Mapping[CountUnit, str] = {
    CountUnit.INCIDENT: "qualifying incidents that were reported; one told to several agencies counts once",
    CountUnit.DISTINCT_REPORT: "reports, each of a different incident",
    CountUnit.COMPLAINT: "qualifying complaints, even about one incident",
}
_ROLLS: Mapping[Roll, str] = {
    Roll.NEXT_WORKING: ", moved to the next working day",
    Roll.PREVIOUS_WORKING: ", moved to the working day before",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a version says: of what, in words, and whether it is the version's own or a default."""

    what: str
    words: str
    own: bool = True


def lengths(version: Version) -> tuple[Said, ...]:
    """Every length of the process: "Threshold decision told: within 15 working days of ...", own ones marked."""
    known = known_to(version.process, version.effective_from)
    return tuple(_lengths(version, known)) if known else ()


def _lengths(version: Version, known: Known) -> Iterator[Said]:
    for key, clock in known.clocks.items():
        own = version.clocks.get(key)
        period = clock.period if own is None else period_from(own, clock.period)
        if period is None:
            continue
        words = f"{_within(period, own or {})} {_from(known, clock, own or {})}"
        if own and own.get(HIGH_HARM_HALVES):
            words += "; half of it where harm is high"
        ladder = version.ladders.get(key)
        words += _reminders(ladder)
        yield Said(clock.label, words, own is not None or ladder is not None)


def _reminders(ladder: object) -> str:
    """How the reminders differ from the usual ones, as a further sentence."""
    parts = ladder if isinstance(ladder, Mapping) else {"before": ladder}
    before, after, said = parts.get("before"), parts.get("after"), ""
    if isinstance(before, list | tuple):
        days = ", ".join(str(n) for n in before)
        said = f". Reminders {days} days before" if days else ". No reminder before"
    return f"{said}. Days after, and to whom: {steps_in_words(after)}" if after else said


def usual(known: Known, clock: Clock) -> str:
    """The length of a clock where the version gives none: "within 15 working days of ...", or that it has none."""
    if clock.period is None:
        return "a date that is entered"
    return f"{_within(clock.period, {})} {_from(known, clock, {})}"


def _within(period: Period, own: Mapping[str, object]) -> str:
    then = own.get("then")
    said = amount(period.n, period.unit)
    if isinstance(then, list | tuple) and then:
        parts = [period.n - sum(then), *then]
        said = ", then a further ".join(amount(n, period.unit) for n in parts)
    if period.mode is Mode.BEFORE:
        return f"{said} before"
    zero = " (from the first working day on)" if period.day_zero is DayZero.FIRST_WORKING else ""
    if period.mode is Mode.BEGINNING_WITH:
        return f"within {said} beginning with{zero}"
    return f"within {said}{_ROLLS.get(period.roll, '')}{zero} of"


def _from(known: Known, clock: Clock, own: Mapping[str, object]) -> str:
    name = start_name(str(own.get("start") or "")) or clock.starts_on
    if name.startswith(ENTERED):
        state = known.workflow.state_by_name.get(name.removeprefix(ENTERED))
        return f"the day the case is at “{state.label}”" if state else "that step"
    fact = known.days.get(name)
    return f"“{fact.label}”" if fact else "its start"


def threshold(version: Version) -> tuple[str, ...]:
    """The threshold rules as sentences; none for another process."""
    if version.process != "asb_case_review":
        return ()
    rules = rules_from(version.rules)
    return tuple(_threshold(rules))


def _threshold(rules: Rules) -> Iterator[str]:
    yield f"The threshold is {rules.number}: {_COUNTED[rules.count_unit]}."
    begun = "the incident" if rules.from_incident else "the report"
    yield (
        f"Each is reported within {_window(rules.report_window)} of the incident, and the application made within "
        f"{_window(rules.apply_window)} of {begun}."
    )
    if rules.group_people is not None:
        noun = threshold_words.GROUPS[rules.group_kind][rules.group_people != 1]
        besides = " besides the applicant" if rules.group_kind == "others" else ""
        yield f"Or {rules.group_people} {noun}{besides} reported the same problem."
    if rules.hate_number is not None:
        noun = "hate incident" if rules.hate_number == 1 else "hate incidents"
        within = f" within {_window(rules.hate_window)}" if rules.hate_window else ""
        yield f"Or {rules.hate_number} {noun}{within}."
    yield "Where these do not decide, people decide on persistence, harm and the response (section 104(5))."


def _window(window: Window) -> str:
    return threshold_words.length_words(window)


def route(version: Version) -> str:
    """Who hears an applicant who is dissatisfied, and when not."""
    given = version.dissatisfaction
    said = [HEARD_BY.get(str(given.get("heard_by", "")), "Not said who hears it")]
    if given.get("live_plan_bar"):
        said.append("Not while the action plan is live")
    if given.get("grounds"):
        said.append(str(given["grounds"]))
    if given.get("policing_body_review", "off") != "off":
        said.append(f"Review by the local policing body: {given['policing_body_review']}")
    return ". ".join(part.rstrip(".") for part in said) + "."


def in_force(version: Version) -> str:
    """From when to when a version holds."""
    first = short(version.effective_from)
    return f"{first} to {short(version.effective_to)}" if version.effective_to else f"from {first}"


def takes_effect(version: Version) -> str:
    """For which cases a version will hold: "applications made on or after 1 Jan 2027"."""
    made = "applications made" if version.process == "asb_case_review" else "cases opened"
    until = f" and up to {short(version.effective_to)}" if version.effective_to else ""
    return f"{made} on or after {short(version.effective_from)}{until}"


def papers(version: Version) -> tuple[Said, ...]:
    """What else is kept of a version: where it is published, who was consulted, what was asked."""
    return (
        Said("Independent chair", INDEPENDENCE[Independence(version.chair_independence)]),
        Said("If an applicant is dissatisfied", route(version)),
        Said("Letters", LETTERS[version.letters_checked_by_another]),
        Said("Name shown", version.name_shown or "The partnership's own name for the process"),
        Said("Published", " ".join(filter(None, (version.published_url, _on(version.published_on))))),
        Said("Guidance", version.guidance_version),
        Said("Local policing body consulted", _on(version.policing_body_consulted_on)),
        Said("Landlords consulted", _on(version.landlords_consulted_on)),
        Said(
            "Closed days",
            ", ".join(f"{short(date.fromisoformat(d))} {n}" for d, n in version.closed_days.items()),
        ),
        Said("Notes", version.notes),
    )


def _on(on: date | None) -> str:
    return short(on) if on else ""
