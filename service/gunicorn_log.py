"""The log of gunicorn: in the same format, and without anything that a client sent."""

from __future__ import annotations

import logging
import sys
from typing import Any, Final

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from service.errors import MigrationDue, SettingsError, StoreUnavailable
from service.logs import RequestDataFilter, is_terminal, line_handler

STDERR: Final = "-"
#: Errors whose messages are for the operator: they name files, modules and settings, and no text.
TOLD: Final = (SettingsError, StoreUnavailable, MigrationDue, ImportError, OSError)


class ServerLog(Logger):  # type: ignore[misc]
    """gunicorn's `logger_class`. A file or a syslog that an operator names gets the server's own form."""

    def setup(self, cfg: Any) -> None:
        """Called by gunicorn at its start and when it is told to read its settings again."""
        super().setup(cfg)
        if is_terminal() and self.error_log.level == logging.INFO:
            self.error_log.setLevel(logging.WARNING)  # who started it here is told when it is ready, no more
        if not any(isinstance(known, RequestDataFilter) for known in self.error_log.filters):
            self.error_log.addFilter(RequestDataFilter())

    def _set_handler(
        self, log: logging.Logger, output: str | None, fmt: logging.Formatter, stream: Any = None
    ) -> None:
        if output != STDERR:
            super()._set_handler(log, output, fmt, stream)
            return
        handler: Any = line_handler(at_once=True)
        handler._gunicorn = True  # so that gunicorn takes it away before it sets it again
        log.addHandler(handler)

    def exception(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """Log an exception; the message of an error that the operator has to fix is included."""
        error = sys.exc_info()[1]
        message = f"{msg}: {error}" if isinstance(error, TOLD) and not args else msg
        super().exception(message, *args, **kwargs)
