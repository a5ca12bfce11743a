"""Logs on standard error: readable lines on a terminal, one JSON object a line everywhere else.

Text of articles, quotations and keys are never logged.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, Final

import structlog

TRACEBACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
STDERR: Final = 2
DELAY_S: Final = 0.05
LINES_AT_ONCE: Final = 200
#: Loggers that follow LOG_LEVEL. Below WARNING, libraries log statements, addresses and bodies.
OURS: Final = ("service", "verbatim")
LIBRARIES_FROM: Final = logging.WARNING
#: gunicorn's messages whose arguments contain what a client sent, such as the words of a search.
WITH_REQUEST_DATA: Final = (
    "Invalid request",
    "Error handling request",
    "Ignored premature client disconnection",
    "Exception during worker exit",
)


def format_exception(exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
    """A traceback with files, lines, functions and types of errors, without their messages."""
    stacks = TRACEBACKS(exc_info)
    for stack in stacks:
        stack["exc_value"] = ""
        stack["exc_notes"] = []
    return stacks


class LineBuffer:
    """Buffers lines for standard error; a thread writes them together within `DELAY_S`.

    A write releases the interpreter lock, and an answer from the cache should not wait to get it back. If
    the process is killed, the last lines about answered requests are lost. Warnings and errors are written
    at once. `logging.handlers.QueueListener` costs 18 µs more for each line
    (docs/adr/0009-observing.md).
    """

    def __init__(self) -> None:
        self._lines: deque[bytes] = deque()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._process = 0

    def put(self, line: bytes) -> None:
        """Write a line within `DELAY_S`."""
        self._lines.append(line)
        if self._process != os.getpid():
            self._start()
        if not self._wake.is_set():
            self._wake.set()

    def flush(self) -> None:
        """Write all lines now."""
        with self._lock:
            while self._lines:
                lines = [self._lines.popleft() for _ in range(min(len(self._lines), LINES_AT_ONCE))]
                write_whole(b"".join(lines))

    def _start(self) -> None:
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
        threading.Thread(target=self._run, name="log-lines", daemon=True).start()

    def _run(self) -> None:
        while self._wake.wait():
            time.sleep(DELAY_S)
            self._wake.clear()
            self.flush()

    def reset(self) -> None:
        """Start again in a forked process: the parent writes its lines, and may hold the lock."""
        self.__init__()  # type: ignore[misc]


def write_whole(lines: bytes) -> None:
    """Write all of it to standard error; errors are ignored."""
    rest = memoryview(lines)
    try:
        while rest:
            rest = rest[os.write(STDERR, rest) :]
    except OSError:  # nobody reads; that must not fail a request
        return


BUFFER: Final = LineBuffer()
atexit.register(BUFFER.flush)
os.register_at_fork(after_in_child=BUFFER.reset)


class LineLogger:
    """Writes finished lines to standard error. structlog calls the method of the level."""

    def __init__(self, name: str) -> None:
        self.name = name

    def info(self, line: str) -> None:
        """Write a line within `DELAY_S`."""
        BUFFER.put(f"{line}\n".encode("utf-8", "backslashreplace"))

    def warning(self, line: str) -> None:
        """Write a line now, after the buffered ones."""
        self.info(line)
        BUFFER.flush()

    debug = info
    error = exception = critical = warning


def make_logger(*names: Any) -> LineLogger:
    """The logger of a module."""
    return LineLogger(str(names[0]) if names else "verbatim")


class JsonLines:
    """The last processor: an event as a JSON object, with characters unescaped so that names are readable."""

    def __init__(self) -> None:
        self._encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode

    def __call__(self, _logger: Any, _method: str, event: structlog.typing.EventDict) -> str:
        return self._encode(event)


class TextLines:
    """The last processor on a terminal: time, level, event and its members."""

    def __init__(self, colours: bool) -> None:
        self._render = structlog.dev.ConsoleRenderer(colors=colours, pad_event_to=0)

    def __call__(self, logger: Any, method: str, event: structlog.typing.EventDict) -> str:
        if "exception" in event:
            event["exception"] = "\n".join(describe_stack(stack) for stack in event["exception"])
        return self._render(logger, method, event)


def describe_stack(stack: dict[str, Any]) -> str:
    """A readable traceback, without the error's message."""
    places = [f"  {frame['filename']}:{frame['lineno']} in {frame['name']}" for frame in stack["frames"]]
    return "\n".join([*places, stack["exc_type"]])


def is_terminal() -> bool:
    """Whether standard error is a terminal."""
    try:
        return os.isatty(STDERR)
    except OSError:
        return False


def renderer() -> TextLines | JsonLines:
    """The processor that writes the lines of the log: as text on a terminal, else as JSON."""
    return TextLines(colours="NO_COLOR" not in os.environ) if is_terminal() else JsonLines()


class RequestDataFilter(logging.Filter):
    """Removes from gunicorn's messages what a client sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        for beginning in WITH_REQUEST_DATA:
            if str(record.msg).startswith(beginning):
                kind = sys.exc_info()[0]
                record.msg, record.args = f"{beginning}: {kind.__name__}" if kind else beginning, ()
        return True


def stamp_time() -> structlog.processors.TimeStamper:
    """The time of an event: of day on a terminal, else with the date in UTC."""
    if is_terminal():
        return structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)
    return structlog.processors.TimeStamper(fmt="iso", utc=True)


def shared_processors() -> list[structlog.typing.Processor]:
    """Processors that add the members of every line."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        stamp_time(),
        # Local variables hold articles, and the message of an error may quote one.
        structlog.processors.ExceptionRenderer(format_exception),
    ]


class LineHandler(logging.Handler):
    """Writes records of the standard library's loggers to the same buffer.

    With `at_once`, lines are not buffered: for a process that forks and logs little.
    """

    def __init__(self, at_once: bool = False) -> None:
        super().__init__()
        self._at_once: Final = at_once

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record as one line."""
        try:
            line = self.format(record)
        except Exception:  # a message that does not fit its arguments must not fail a request
            line = json.dumps({"event": "unformattable", "logger": record.name, "level": "warning"})
        if self._at_once:
            BUFFER.flush()
            write_whole(f"{line}\n".encode("utf-8", "backslashreplace"))
            return
        logger = LineLogger(record.name)
        (logger.warning if record.levelno >= logging.WARNING else logger.info)(line)


def line_handler(at_once: bool = False) -> logging.Handler:
    """A handler for the standard library's loggers."""
    handler = LineHandler(at_once)
    handler.addFilter(RequestDataFilter())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=renderer(), foreign_pre_chain=shared_processors())
    )
    return handler


def configure_logs(level: str, ours: Sequence[str] = OURS) -> None:
    """Send structlog and the standard library's loggers to standard error as lines."""
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[*shared_processors(), renderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=make_logger,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [line_handler()]
    root.setLevel(max(number, LIBRARIES_FROM))
    for name in ours:
        logging.getLogger(name).setLevel(number)
