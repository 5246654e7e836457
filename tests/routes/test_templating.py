"""The words for dates and counts, the numbers of a list's pages, and what a template may leave unsaid."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from jinja2.exceptions import UndefinedError

from tracker import templating
from tracker.templating import Link
from workflows.deciders import Decider


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("words")
    templating.install(app)
    return app


def _draw(app: Flask, source: str, **values: object) -> str:
    with app.test_request_context():
        return app.jinja_env.from_string(source).render(**values)


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("{{ link.txet }}", True),
        ("{% if link.txet %}{% endif %}", True),
        ("{{ move.lable }}", True),
        ("{{ {}.nothing }}", False),
        ("{% if nothing %}{% endif %}", False),
        ("{{ nothing|default('x') }}", False),
        ("{{ nothing }}", True),
        ("{{ 'a' ~ nothing }}", True),
        ("{% for n in nothing %}{% endfor %}", True),
        ("{{ nothing|length }}", True),
    ],
)
def test_a_misspelt_name_is_an_error(app: Flask, source: str, *, refused: bool) -> None:
    values = {"link": Link("a", "/b"), "move": Decider}
    if refused:
        with pytest.raises(UndefinedError):
            _draw(app, source, **values)
    else:
        _draw(app, source, **values)


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        (templating.day(date(2026, 11, 23)), "Monday 23 November 2026"),
        (templating.day_short(date(2026, 2, 2)), "Mon 2 Feb 2026"),
        (templating.day_month(date(2026, 11, 23)), "23 November 2026"),
        (templating.day_brief(date(2026, 8, 25)), "25 Aug 2026"),
        (templating.clock_time(datetime(2026, 7, 1, 14, 40, tzinfo=UTC)), "3:40pm"),
        (templating.clock_time(time(0, 5)), "12:05am"),
        (templating.clock_time(time(12, 30)), "12:30pm"),
        (templating.clock_time(time(0, 0)), "midnight"),
        (templating.clock_time(time(12, 0)), "midday"),
        (templating.instant(datetime(2026, 11, 20, 8, 0, tzinfo=UTC)), "Friday 20 November 2026 at 8:00am"),
        (templating.instant(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)), "Wednesday 1 July 2026 at 12:30am"),
        (templating.when(date(2026, 11, 23)), "Monday 23 November 2026"),
        (templating.when(datetime(2026, 11, 20, 8, 0, tzinfo=UTC)), "Friday 20 November 2026 at 8:00am"),
        (templating.machine_date(date(2026, 11, 23)), "2026-11-23"),
        (templating.count(1, "action"), "1 action"),
        (templating.count(0, "action"), "0 actions"),
        (templating.count(2, "agency", "agencies"), "2 agencies"),
        (templating.safe_id("Review the hold: <b>"), "review-the-hold-b"),
        (templating.safe_id("2 of 3"), "x-2-of-3"),
        (templating.safe_id("!"), "x"),
    ],
)
def test_words(drawn: str, words: str) -> None:
    assert drawn == words


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: templating.day(datetime(2026, 1, 1, tzinfo=UTC)),
        lambda: templating.instant(datetime(2026, 1, 1)),  # noqa: DTZ001
    ],
)
def test_a_day_and_an_instant_are_not_mixed_up(wrong: Callable[[], str]) -> None:
    with pytest.raises(TypeError):
        wrong()


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, (1,)),
        (1, 3, (1, 2, 3)),
        (1, 9, (1, 2, None, 9)),
        (5, 9, (1, None, 4, 5, 6, None, 9)),
        (4, 9, (1, 2, 3, 4, 5, None, 9)),
        (9, 9, (1, None, 8, 9)),
    ],
)
def test_page_numbers(page: int, pages: int, shown: tuple[int | None, ...]) -> None:
    assert templating.page_numbers(page, pages) == shown
