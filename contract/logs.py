"""How every process of ours logs: one line an event on standard error, for people on a terminal and as JSON elsewhere."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def log_to_stderr() -> None:
    """Set logging up, once a process; the Kafka client's own lines only where they are errors that we do not tell."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    # The client repeats every try of a connection; whoever uses it says once in a while that the broker is awaited.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    # Plain tracebacks: the pretty ones print local variables, and those hold personal data.
    shown: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            shown,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
