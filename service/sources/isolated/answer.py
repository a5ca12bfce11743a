"""What a reader hands back, and how it says that it cannot read a file."""

from __future__ import annotations

from dataclasses import dataclass


class Unreadable(Exception):
    """A file that cannot be read: the place in it ("page 3", "" for the whole), and what is wrong."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(problem)
        self.place = place
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Answer:
    """The words of a file as HTML, and what else it says."""

    html: str
    title: str | None = None
    day: str | None = None  # ISO 8601
    notes: tuple[str, ...] = ()
    sender: str | None = None  # of a mail
