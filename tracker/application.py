"""The web application, put together from its parts."""

from urllib.parse import urlsplit

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import LOOPBACK, Settings
from tracker import auth, clock, errorpages, headers, nul, parts, routes, templating, web
from tracker.clock import Now
from tracker.db import Database
from tracker.errors import Refuses

MEBIBYTE = 2**20


def create_app(settings: Settings, *, now: Now | None = None, database: Database | None = None) -> Flask:
    """Make the web application. Starts no thread, connects to no database, reads no environment.

    Raises:
        Refuses: there is no secret key in the settings.

    """
    if settings.secret_key is None:
        raise Refuses("The web server needs a secret key. Set TRACKER_SECRET_KEY.")
    app = Flask("tracker")
    app.config.update(_configuration(settings, settings.secret_key.get_secret_value()))
    app.url_map.strict_slashes = False
    parts.give(app, parts.Parts(database or Database(settings.database), settings, now or clock.now))
    headers.install(app, production=settings.production)
    templating.install(app)
    app.context_processor(web.page_values)
    errorpages.install(app)
    auth.install(app)  # before the CSRF check: nobody's form is read who may not send it
    nul.install(app)
    CSRFProtect(app)
    for blueprint in routes.ALL:
        app.register_blueprint(blueprint)
    hops = settings.proxies
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_port=0, x_prefix=0
        )
    return app


def _configuration(settings: Settings, secret_key: str) -> dict[str, object]:
    host = urlsplit(settings.base_url).hostname or ""
    return {
        "SECRET_KEY": secret_key,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.production else "tracker_session",
        "SESSION_COOKIE_SECURE": settings.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "MAX_CONTENT_LENGTH": 2 * MEBIBYTE,
        "MAX_FORM_MEMORY_SIZE": 2 * MEBIBYTE,
        "MAX_FORM_PARTS": 1000,
        "TRUSTED_HOSTS": sorted({host} if settings.production else {host, *LOOPBACK}),
        "PREFERRED_URL_SCHEME": urlsplit(settings.base_url).scheme,
        # A form may stay open as long as the session: its token ends with the session, not by a clock of its own.
        "WTF_CSRF_TIME_LIMIT": None,
        # Our own Referrer-Policy keeps browsers from sending a Referer; the token is bound to the session instead.
        "WTF_CSRF_SSL_STRICT": False,
    }
