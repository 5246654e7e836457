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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
