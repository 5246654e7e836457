"""What the calendar is narrowed to, read from the address; and what a private feed shows."""

from collections.abc import Mapping
from datetime import date

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField

from tracker.forms.facts import complain
from tracker.forms.filters import ListForm, offered
from tracker.models import CalendarFeed, DateKind, FeedScope
from tracker.queries.calendar_agenda import CalendarFilters
from tracker.queries.calendar_dates import KINDS, SCOPES
from tracker.services.feeds import Chosen, chosen_in

_LATE = "overdue"


class CalendarForm(ListForm):
    """The filters of the calendar. What else the address says (the view, the day) is kept while it is narrowed."""

    view = HiddenField()
    start = HiddenField(name="from")
    whose = SelectField(
        "Whose",
        choices=offered(
            (("", SCOPES[FeedScope.ALL]), *((k, v) for k, v in SCOPES.items() if k != FeedScope.ALL))
        ),
        validate_choice=False,
    )
    kind = SelectField(
        "Kind of date", choices=offered((("", "Any kind"), *KINDS.items())), validate_choice=False
    )
    due = SelectField(
        "Due", choices=offered((("", "From today on"), (_LATE, "Overdue"))), validate_choice=False
    )

    def fit(self, *, agency: bool) -> "CalendarForm":
        """Offer an agency's dates only to somebody who has an agency."""
        if not agency:
            self.whose.choices = offered(
                (("", SCOPES[FeedScope.ALL]), (FeedScope.MINE, SCOPES[FeedScope.MINE]))
            )
        return self

    def filters(self) -> CalendarFilters:
        """What the pages are narrowed to."""
        scope, kind = self.chosen(self.whose), self.chosen(self.kind)
        return CalendarFilters(
            FeedScope(scope) if scope else FeedScope.ALL,
            DateKind(kind) if kind else None,
            overdue=self.chosen(self.due) == _LATE,
        )


class FeedForm(FlaskForm):  # type: ignore[misc]
    """What a private feed shows."""

    scope = RadioField(
        "Whose dates", choices=offered(SCOPES.items()), default=FeedScope.ALL, validate_choice=False
    )
    kinds = SelectMultipleField("Kinds of date", choices=offered(KINDS.items()), validate_choice=False)

    def fit(self, *, agency: bool) -> "FeedForm":
        """Offer an agency's dates only to somebody who has an agency."""
        if not agency:
            self.scope.choices = offered(
                (scope, words) for scope, words in SCOPES.items() if scope is not FeedScope.AGENCY
            )
        return self

    def show(self, feed: CalendarFeed | None) -> "FeedForm":
        """Tick what the feed shows now; of a new one, everything."""
        chosen = chosen_in(feed) if feed else Chosen()
        self.scope.data = str(chosen.scope)
        self.kinds.data = [str(kind) for kind in chosen.kinds or DateKind]
        return self

    def chosen(self) -> Chosen | None:
        """The answers; None if something is to put right, which is then said at its field."""
        if self.scope.data not in set(FeedScope):
            complain(self.scope, "Choose whose dates the calendar shows")
        kinds = tuple(kind for kind in DateKind if kind in (self.kinds.data or ()))
        if not kinds:
            complain(self.kinds, "Tick at least one kind of date")
        if self.scope.errors or self.kinds.errors:
            return None
        return Chosen(FeedScope(self.scope.data), kinds)


def day_of(given: Mapping[str, str], name: str, otherwise: date) -> date:
    """The day that the address asks for, as 2026-11-23, within what a calendar holds."""
    return asked_day(given, name) or otherwise


def asked_day(given: Mapping[str, str], name: str) -> date | None:
    """The day in the address; None where it gives none that can be read, or one beyond a century from 1990 on."""
    text = given.get(name, "")
    if len(text) != 10 or not text.isascii():
        return None
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return None
    return on if date(1990, 1, 1) <= on <= date(2090, 12, 31) else None
