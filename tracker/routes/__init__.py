"""The pages, one file per noun. ``ALL`` is the only list of them."""

from flask import Blueprint

from tracker.routes import account, health, help, sign_in, status  # noqa: A004 - a page is called that

ALL: tuple[Blueprint, ...] = (sign_in.bp, account.bp, help.bp, status.bp, health.bp)
