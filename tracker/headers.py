"""The security headers: one set, on every answer, errors and static files included."""

from flask import Flask, Response, request

YEAR = 365 * 24 * 3600

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# A file to keep is no page of ours: were it opened in the browser after all, nothing in it could run or fetch.
OF_A_FILE = "default-src 'none'; sandbox; frame-ancestors 'none'"
NOT_USED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
)

ALWAYS: dict[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    # Addresses hold references: no other site needs to see where somebody came from, and neither do we.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in (*NOT_USED, "payment", "usb")),
}
IN_PRODUCTION: dict[str, str] = {"Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains"}
SIGNED_OUT: dict[str, str] = {"Clear-Site-Data": '"cache", "storage"'}
"""Sent on signing out. Not "cookies": that would sign people out of every other service of the same council."""


def install(app: Flask, *, production: bool) -> None:
    """Put the headers on every answer. Call it before anything else registers, so that it has the last word."""
    headers = ALWAYS | (IN_PRODUCTION if production else {})

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[name] = value
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            response.headers["Content-Security-Policy"] = OF_A_FILE
        response.headers["Cache-Control"] = _caching(response)
        return response


def _caching(response: Response) -> str:
    """Pages are never kept. Static files are: for ever where the address carries the digest of the content."""
    if request.endpoint != "static" or response.status_code >= 400:
        return "no-store"
    return f"public, max-age={YEAR}, immutable" if "v" in request.args else "no-cache"
