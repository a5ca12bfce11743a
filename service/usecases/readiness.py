"""Readiness: the state of each part, asked in a thread of its own, within a limited time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from service.errors import VerbatimError

PATIENCE_S: Final = 2.0  # for all parts together
FRESH_S: Final = 1.0  # an answer this young is given again: the caller often is not to be a load
Health = Literal["ok", "degraded", "unavailable"]
NO_ANSWER: Final = f"no answer within {PATIENCE_S:.0f} s"


@dataclass(frozen=True, slots=True)
class PartState:
    """The state of a part: "degraded" affects some requests, "unavailable" all."""

    health: Health
    detail: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part and its check. `ask` raises VerbatimError if it fails; a vital part that hangs is
    unavailable, another one degraded."""

    ask: Callable[[], PartState]
    is_vital: bool = False

    @property
    def failed(self) -> Health:
        """The state after a failure."""
        return "unavailable" if self.is_vital else "degraded"


@dataclass(frozen=True, slots=True)
class Readiness:
    """The states of all parts of the service: the store, the cache, the models."""

    parts: Mapping[str, PartState]

    @property
    def status(self) -> Literal["ready", "degraded", "unavailable"]:
        """The state of the service: that of its worst part."""
        healths = {part.health for part in self.parts.values()}
        if "unavailable" in healths:
            return "unavailable"
        return "degraded" if "degraded" in healths else "ready"


class _Question:
    """A check of a part, running or finished."""

    def __init__(self, name: str, part: Part) -> None:
        self.answer: PartState | None = None
        self.done = threading.Event()
        self._part = part
        threading.Thread(target=self._ask, name=f"ready-{name}", daemon=True).start()

    def _ask(self) -> None:
        try:
            self.answer = self._part.ask()
        except VerbatimError as error:
            self.answer = PartState(self._part.failed, type(error).__name__)
        finally:
            self.done.set()  # without an answer where something unforeseen was raised


class ReadinessProbe:
    """Checks the parts. A part that hangs occupies one thread, however often it is checked."""

    def __init__(
        self, parts: Mapping[str, Part], patience_s: float = PATIENCE_S, fresh_s: float = FRESH_S
    ) -> None:
        self._parts = parts
        self._patience_s = patience_s
        self._fresh_s = fresh_s
        self._lock = threading.Lock()
        self._asked: dict[str, _Question] = {}
        self._last: tuple[float, Readiness] | None = None

    def look(self) -> Readiness:
        """The states of the parts, within `patience_s`."""
        last = self._last
        if last is not None and time.monotonic() - last[0] < self._fresh_s:
            return last[1]
        with self._lock:
            questions = {name: self._question(name) for name in self._parts}
        deadline = time.monotonic() + self._patience_s
        found = {name: self._await(name, question, deadline) for name, question in questions.items()}
        readiness = Readiness(found)
        self._last = time.monotonic(), readiness
        return readiness

    def _question(self, name: str) -> _Question:
        question = self._asked.get(name)
        if question is None or question.done.is_set():
            question = self._asked[name] = _Question(name, self._parts[name])
        return question

    def _await(self, name: str, question: _Question, deadline: float) -> PartState:
        part = self._parts[name]
        if not question.done.wait(max(0.0, deadline - time.monotonic())):
            return PartState(part.failed, NO_ANSWER)
        return question.answer or PartState(part.failed, "failed")
