"""Every regular expression of the service against strings made to make one stumble, in CPU time."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import schemas
import service
from tests.faults.scale import scaled

#: Repeated, each is what some pattern loves; a character that fits nothing comes last.
PIECES = (
    "a", "A", "é", " ", "\n", "\t", "\u00a0", ".", ",", "!", "…", "-", "—", "'", "’", '"', "“", "”", "«", "`", "0", "1,",
    "1.", "1 ", "&", "&#", ";", "<", ">", "<a ", "</", "<!--", "--", '="', "='", "=", "[", "](", "(", ")", "*", "_", "#",
    "a ", "A ", "a.", "A.", "A. ", "a' ", 'a" ', "a’", "a-", "A-", " \n", "\n ", "\r\n", "said ", "Mr. ", "of the ",
    "and ", "Ann Lee ", "ANN: ", "Ann: \n", "“a” ", "‘a’ ", "1st ", "one hundred ", "per cent ", "http://a", "a@a.", "\u0301",
    "中", "。", "\ud800", "\x00", "\u202e", "q0", "%", "...", "?! ", "he said, ", "(a) ", "[a] ", "a, ", "a; ", "a: ",
    "the president of the ", "St. ", "U.S. ", "Jr., ",
)  # fmt: skip
SUFFIXES = scaled(("\x01",), ("\x01", ""))


class TooSlow(BaseException):
    """A pattern used more CPU time than it was given."""


def find_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns that modules of the service keep, each with a name."""
    seen = set()
    for package in (service, schemas):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".training" in module.name or ".migrations" in module.name or module.name.endswith("__main__"):
                continue
            if module.name in ("service.wsgi", "service.gunicorn_config", "service.worker.wiring"):
                continue  # these start something
            for name, value in vars(importlib.import_module(module.name)).items():
                if (
                    isinstance(value, re.Pattern)
                    and isinstance(value.pattern, str)
                    and value.pattern not in seen
                ):
                    seen.add(value.pattern)
                    yield f"{module.name}.{name}", value


def attacks(size: int) -> Iterator[str]:
    """Strings of about so many characters."""
    for piece in PIECES:
        for suffix in SUFFIXES:
            yield piece * (size // len(piece)) + suffix


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise TooSlow once the block has used so much CPU time; `re` looks up for signals now and then."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def exhaust(pattern: re.Pattern[str], text: str) -> None:
    """Find every match, as a careless caller would."""
    for _ in pattern.finditer(text):
        pass


def find_slow(pattern: re.Pattern[str], size: int, limit_s: float) -> str | None:
    """An attack of that size that takes a pattern longer than that, None where none does."""
    for attack in attacks(size):
        try:
            with cpu_limit(limit_s):
                exhaust(pattern, attack)
        except TooSlow:
            return attack[:12]
    return None
