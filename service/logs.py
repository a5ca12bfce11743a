"""Logs: one JSON object a line on standard error. No article text, no quotation, no key is ever logged."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

TRACEBACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def format_exception(exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
    """A traceback as files, lines and functions, with the errors' types and without their messages."""
    stacks = TRACEBACKS(exc_info)
    for stack in stacks:
        stack["exc_value"] = ""
        stack["exc_notes"] = []
    return stacks


def configure_logs(level: str) -> None:
    """Send structlog and the standard library's loggers to standard error as JSON lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # A frame's local variables hold articles, and an error's own message may quote one.
        structlog.processors.ExceptionRenderer(format_exception),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(), foreign_pre_chain=shared
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
