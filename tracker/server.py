"""Serving the application with gunicorn, on this machine's own address; a proxy in front does TLS."""

import socket
from collections.abc import Callable

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.http import wsgi  # type: ignore[import-untyped]
from typing_extensions import override

from config import Settings
from tracker import create_app, logs, migrating, parts
from tracker.db import Database
from tracker.errors import Refuses
from tracker.services import people

ADDRESS = "127.0.0.1"
Stop = Callable[[], None]


def run(settings: Settings) -> None:
    """Serve until told to stop. SIGTERM lets the requests that are being answered end first."""
    logs.configure()
    _say_nothing_of_the_server()
    _Server(settings).run()


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, told everything from here: it reads no file, no environment and no command line."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stops: list[Stop] = []
        super().__init__()

    @override
    def load_config(self) -> None:
        said: dict[str, object] = {
            "bind": f"{ADDRESS}:{self.settings.port}",
            "workers": self.settings.workers,
            "threads": self.settings.threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 20,
            "loglevel": "warning",
            "proc_name": "tracker",
            # Several servers of one person would share the socket's path; nobody here uses it.
            "control_socket_disable": True,
            # Only the proxies that the settings name are believed, and only by ProxyFix.
            "forwarded_allow_ips": "",
            "post_worker_init": self._begin,
            "worker_exit": self._end,
        }
        for name, value in said.items():
            self.cfg.set(name, value)

    @override
    def load(self) -> Flask:
        return create_app(self.settings)

    def _begin(self, _worker: object) -> None:
        """In the worker, after it was forked: a thread does not survive a fork."""
        if self.settings.scheduler != "embedded":
            return
        from tracker import scheduler  # noqa: PLC0415 - not needed where the scheduler runs by itself

        with self.callable.app_context():
            self.stops.append(scheduler.start(self.settings, parts.database()))

    def _end(self, _arbiter: object, _worker: object) -> None:
        while self.stops:
            self.stops.pop()()


def check(settings: Settings) -> None:
    """See that everything is there that serving needs.

    Raises:
        Refuses: the database is behind, the port is taken, or production would show demonstration people.
    """
    database = Database(settings.database)
    try:
        if not migrating.is_current(database):
            raise Refuses("The database is not at the present schema. Run `tracker migrate` first.")
        if settings.production:
            with database.reading() as session:
                if people.demonstration(session):
                    raise Refuses(
                        "The database holds people of the demonstration, whose password anybody may know."
                    )
    finally:
        database.dispose()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, settings.port))
        except OSError:
            raise Refuses(f"Port {settings.port} is in use. Choose another one with TRACKER_PORT.") from None


def _say_nothing_of_the_server() -> None:
    """Leave the Server header out: it names the product to whoever looks for its faults."""
    usual = wsgi.Response.default_headers

    def default_headers(response: object) -> list[str]:
        return [line for line in usual(response) if not line.startswith("Server:")]

    wsgi.Response.default_headers = default_headers
