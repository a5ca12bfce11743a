"""The errors of the service. `schemas/problems.py` maps each class to an HTTP status."""

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
    """An invalid input; `faults` are the places and reasons."""

    def __init__(self, detail: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail)
        self.faults = faults


class TooLarge(InvalidInput):
    """An input that is larger than is taken."""


class NotFound(VerbatimError):
    """No such article, quote or speaker."""


class PreconditionFailed(VerbatimError):
    """Another version is stored than the writer expects (If-Match, If-None-Match)."""


class Conflict(VerbatimError):
    """The request conflicts with the present state: somebody else is working on it, or it has ended."""


class StoreUnavailable(VerbatimError):
    """The database does not answer. Trying again later may help."""


class Overloaded(VerbatimError):
    """The process is overloaded. Trying again later helps."""


class MigrationDue(VerbatimError):
    """The database schema is older than this code; `verbatim migrate` brings it up."""
