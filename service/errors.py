"""Every error the service raises on purpose. `service.web.errors` maps each class to one HTTP answer."""

from __future__ import annotations

from dataclasses import dataclass


class VerbatimError(Exception):
    """Base of all deliberate errors; its message is written for the person who will read it."""


class SettingsError(VerbatimError):
    """The environment holds a value the service cannot start with."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where (an RFC 6901 JSON pointer, "" for the whole) and what."""

    pointer: str
    detail: str


class InvalidInput(VerbatimError):
    """An input that cannot be worked on; `faults` says where and why."""

    def __init__(self, detail: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail)
        self.faults = faults


class NotFound(VerbatimError):
    """No such article, quote or speaker."""


class PreconditionFailed(VerbatimError):
    """What is stored is not what the writer took it for (If-Match, If-None-Match)."""


class Conflict(VerbatimError):
    """What was asked for cannot be done as things stand: somebody else is at it, or it is over."""


class StoreUnavailable(VerbatimError):
    """The database does not answer. Trying again later may help."""


class Overloaded(VerbatimError):
    """There is more to do than this process takes on. Trying again later helps."""


class MigrationDue(VerbatimError):
    """The database schema is older than this code; `verbatim migrate` brings it up."""
