"""Which quotation of an article a sign-off is about, in whatever version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from service.store.records import storable
from service.store.reviews.analysis_sync import digest
from service.store.sign_offs.records import SignOff


def name_subjects(quotes: Iterable[Mapping[str, Any]]) -> list[str]:
    """The subject of each quotation, as the machine reads them: of its words, its speaker, and which of the
    quotations with both it is. So a quotation whose words or speaker change is signed off anew."""
    seen: Counter[tuple[str, str]] = Counter()
    subjects = []
    for quote in quotes:
        named = storable(quote["content"]["text"]), storable(quote["speaker"]["name"] or "")
        seen[named] += 1
        subjects.append(digest(*named, str(seen[named])))
    return subjects


def apply_corrections(
    quotes: Iterable[Mapping[str, Any]], signed: Mapping[str, SignOff], version: int
) -> list[tuple[Mapping[str, Any], SignOff | None]]:
    """The quotations of a version of an article as people corrected them, each with its sign-off.

    `quotes` are as the machine reads them. A correction that was not carried to the version is left out, and
    so is what was said with it.
    """
    machine = list(quotes)
    found: list[tuple[Mapping[str, Any], SignOff | None]] = []
    for quote, subject in zip(machine, name_subjects(machine), strict=True):
        sign_off = signed.get(subject)
        if sign_off is None or sign_off.corrected is None:
            found.append((quote, sign_off))
        elif sign_off.version == version:
            found.append((sign_off.corrected, sign_off))
        else:
            found.append((quote, None))
    return found
