"""How the processes of the office side log: to standard error, JSON unless somebody looks on."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def log_to_stderr() -> None:
    """Set up logging, once a process."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    # The client repeats every try of a connection; the writer says once that the broker is away, and counts tries.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    on_terminal = sys.stderr.isatty()
    # Plain tracebacks: the pretty ones print local variables, and those hold personal data.
    shown: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if on_terminal
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
        cache_logger_on_first_use=True,
    )
