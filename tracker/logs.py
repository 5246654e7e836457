"""Log lines: one JSON object each, on standard error. They hold codes, ids and names of endpoints, never what was typed."""

import sys

import structlog


def configure() -> None:
    """Set up logging for a process that serves or sends."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        # Asked for at each line and not kept: standard error may be another one by then.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
