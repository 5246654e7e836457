"""The pages, one file per noun. ``ALL`` is the only list of them."""

from flask import Blueprint

from tracker.routes import (
    account,
    actions,
    cases,
    dates,
    grants,
    handovers,
    health,
    help,  # noqa: A004 - a page is called that
    lists,
    log_case,
    my_work,
    record,
    search,
    sign_in,
    status,
    steps,
    today,
)

ALL: tuple[Blueprint, ...] = (
    sign_in.bp,
    account.bp,
    help.bp,
    status.bp,
    health.bp,
    today.bp,
    my_work.bp,
    lists.bp,
    search.bp,
    log_case.bp,
    cases.bp,
    steps.bp,
    record.bp,
    dates.bp,
    grants.bp,
    actions.bp,
    handovers.bp,
)
