"""Filters for the dashboard's templates: days and differences in words, addresses as links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from flask import Blueprint

from service.store.reviews.records import ReviewRecord
from service.web.dashboard.deep_links import is_web_address, link_words
from service.web.dashboard.highlighting import mark_missing
from service.web.dashboard.labels import OPS, Label, label_of


def day_in_words(day: str) -> str:
    """`2025-03-31` as 31 March 2025; other texts unchanged."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{found.day} {found:%B} {found.year}"


def count_ops(alignment: Iterable[Mapping[str, str]]) -> str:
    """How many words were kept, dropped, added and changed: `8 words kept, 1 dropped`."""
    counted = Counter[str]()
    for step in alignment:
        counted[step["op"]] += len((step["ours"] or step["theirs"]).split())
    parts = [f"{counted[op]} {word}" for op, word in OPS.items() if counted[op]]
    return ", ".join(parts).replace(" ", " words ", 1)


def clock(seconds: float) -> str:
    """Seconds from the beginning of a recording as 1:02:03, or 2:03 within the first hour."""
    whole = int(seconds)
    minutes = f"{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 3600}:{minutes}" if whole >= 3600 else minutes.removeprefix("0")


def machine_label(review: ReviewRecord) -> Label:
    """The label of the verdict that a review is about."""
    if review.machine_label is not None:
        return label_of({"label": review.machine_label, "severity": review.machine_severity})
    return label_of({"fidelity": review.machine_fidelity, "attribution": review.machine_attribution})


def moment(seconds: float) -> datetime:
    """A time in seconds since 1970 as a date-time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def size_in_words(size: int) -> str:
    """A number of bytes as `340 kB` or `1.2 MB`."""
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def sureness(confidence: float) -> str:
    """How often a speaker that was read with this confidence is right, in words."""
    if confidence >= 0.95:
        return "almost certain"
    return "likely" if confidence >= 0.8 else "uncertain"


def register(blueprint: Blueprint) -> None:
    """Register the filters."""
    blueprint.add_app_template_filter(day_in_words)
    blueprint.add_app_template_filter(count_ops)
    blueprint.add_app_template_filter(clock)
    blueprint.add_app_template_filter(moment)
    blueprint.add_app_template_filter(size_in_words)
    blueprint.add_app_template_filter(machine_label)
    blueprint.add_app_template_filter(mark_missing)
    blueprint.add_app_template_filter(sureness)
    blueprint.add_app_template_filter(is_web_address)
    blueprint.add_app_template_filter(link_words)
