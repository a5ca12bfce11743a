"""Logs: one JSON object a line on standard error. No article text, no quotation, no key is ever logged."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import structlog

TRACEBACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
STDERR: Final = 2
#: Our own loggers follow LOG_LEVEL. Libraries' fine levels tell statements, addresses and bodies.
OURS: Final = ("service", "verbatim")
LIBRARIES_FROM: Final = logging.WARNING
#: Of gunicorn: messages whose arguments are what somebody sent, such as the words of a search.
TELLING: Final = ("Invalid request", "Error handling request", "Ignored premature client disconnection")


def format_exception(exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
    """A traceback as files, lines and functions, with the errors' types and without their messages."""
    stacks = TRACEBACKS(exc_info)
    for stack in stacks:
        stack["exc_value"] = ""
        stack["exc_notes"] = []
    return stacks


class LineLogger:
    """Writes finished lines to standard error, each by one call: lines of several processes do not mix."""

    def __init__(self, name: str) -> None:
        self.name = name

    def msg(self, line: str) -> None:
        """Write one line."""
        rest = memoryview(f"{line}\n".encode("utf-8", "backslashreplace"))
        try:
            while rest:
                rest = rest[os.write(STDERR, rest) :]
        except OSError:  # nobody reads it any more; that must not fail a request
            return

    log = debug = info = warning = warn = error = exception = critical = msg


def make_logger(*names: Any) -> LineLogger:
    """The logger of a module."""
    return LineLogger(str(names[0]) if names else "verbatim")


class JsonLines:
    """The last processor: the event as one JSON object, text as it is, so that a name stays readable."""

    def __init__(self) -> None:
        self._encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode

    def __call__(self, _logger: Any, _method: str, event: structlog.typing.EventDict) -> str:
        return self._encode(event)


class Untelling(logging.Filter):
    """Takes from a server's messages what somebody sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        for beginning in TELLING:
            if str(record.msg).startswith(beginning):
                record.msg, record.args = beginning, ()
        return True


def shared_processors() -> list[structlog.typing.Processor]:
    """What every line says beside its event."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # A frame's local variables hold articles, and an error's own message may quote one.
        structlog.processors.ExceptionRenderer(format_exception),
    ]


def json_handler() -> logging.Handler:
    """For the standard library's loggers: the same lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Untelling())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=JsonLines(), foreign_pre_chain=shared_processors())
    )
    return handler


def configure_logs(level: str, ours: Sequence[str] = OURS) -> None:
    """Send structlog and the standard library's loggers to standard error as JSON lines."""
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[*shared_processors(), JsonLines()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=make_logger,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [json_handler()]
    root.setLevel(max(number, LIBRARIES_FROM))
    for name in ours:
        logging.getLogger(name).setLevel(number)
