"""What the lists of At risk are narrowed to, and a manager's own reading of a date."""

from datetime import date

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, TextAreaField

from tracker.forms.actions import SeenForm
from tracker.forms.facts import complain, offered
from tracker.forms.filters import Asked
from tracker.queries.risk_lists import RiskFilters
from tracker.services.judgements import AS_THE_RULES, IN_TIME, LATE, Judgement
from tracker.templating import Link
from workflows.facts import tidy
from workflows.likely_late import Sign

SIGNS = {
    Sign.SILENCE: "No answer",
    Sign.MOVED: "Moved twice or more",
    Sign.SAID: "The lead says so",
    Sign.WAITS: "Waits for an event",
    Sign.RETURNS: "Returns outstanding",
    Sign.EARLIER_STEP: "An earlier step is not started",
    Sign.NOT_ARRIVING: "Reminders do not arrive",
    Sign.NOT_VERIFIED: "Reported as done, not verified",
}


def filters_of(given: MultiDict[str, str]) -> RiskFilters:
    """What the address asks for; what is not known there narrows nothing."""
    signs = {sign.lower(): sign for sign in Sign}
    return RiskFilters(
        first=_day(given.get("from", "")),
        last=_day(given.get("to", "")),
        agency=given.get("agency", "")[:100],
        sign=signs.get(given.get("sign", "").lower()),
    )


def asked_of(path: str, filters: RiskFilters) -> Asked:
    """The address of the list with what is asked of it."""
    return Asked(
        path,
        (
            ("from", filters.first.isoformat() if filters.first else ""),
            ("to", filters.last.isoformat() if filters.last else ""),
            ("agency", filters.agency),
            ("sign", filters.sign.lower() if filters.sign else ""),
        ),
    )


def tags_of(asked: Asked, filters: RiskFilters, agency: str) -> tuple[Link, ...]:
    """The filters in use, but for the days, which the title says; each a link to the list without it."""
    tags = []
    if filters.agency:
        tags.append(Link(f"Held by: {agency or filters.agency}", asked.with_(agency="")))
    if filters.sign:
        tags.append(Link(f"Why: {SIGNS[filters.sign]}", asked.with_(sign="")))
    return tuple(tags)


class JudgeForm(SeenForm):
    """What a manager expects of a date, and why."""

    reading = RadioField(
        "What do you expect?",
        choices=offered(
            (
                (IN_TIME, "It will be in time"),
                (LATE, "It will be late"),
                (AS_THE_RULES, "Go by the rules again"),
            )
        ),
        validate_choice=False,
    )
    reason = TextAreaField("Why?", description="The history keeps this. Name no person")

    def judgement(self) -> Judgement | None:
        """The answer as plain values; None if something is to put right, which is then said at its field."""
        if self.reading.data not in {IN_TIME, LATE, AS_THE_RULES}:
            complain(self.reading, "Say what you expect")
        reason = tidy(self.reason.data or "", lines=True)
        if not reason:
            complain(self.reason, "Say why")
        if self.reading.errors or self.reason.errors:
            return None
        return Judgement(str(self.reading.data), reason, self.seen_version(), self.number_of_form())


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None  # not a day: it narrows nothing
