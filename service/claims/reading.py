"""schema.org ClaimReview as found in the wild → fact-checks. Also feeds, lists and graphs of them.

Publishers write what the standard does not foresee: lists for objects, strings for both, numbers for ratings,
markup in claims, dates in any order. What has one sensible reading is kept, a member that has none is left
out; a review without an address or a claim is refused, and the reason says where.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

from service.claims.dates import read_day
from service.claims.factcheck import MAX_CLAIM, MAX_URL, Factcheck
from service.errors import Fault
from service.text import read_document
from service.text.language import recognise_language

MAX_DEPTH: Final = 8
MAX_MEMBER: Final = 2_000  # code points of a title, a name, a rating
MOST_RATED: Final = 1e9  # no rating has such a number
CONTAINERS: Final = ("@graph", "dataFeedElement", "itemListElement", "item", "mainEntity", "review")

_MARKUP: Final = re.compile(r"<[a-zA-Z/!][^<>]*>")  # no "<" within: a tag that never ends is read once
_SPACE: Final = re.compile(r"\s+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one JSON value held: fact-checks in order, and what had to be refused."""

    factchecks: tuple[Factcheck, ...]
    faults: tuple[Fault, ...]


def read_claimreviews(value: Any) -> Reading:
    """The fact-checks of a ClaimReview, a list, a graph, a DataFeed or an ItemList of them."""
    found: list[Factcheck] = []
    faults: list[Fault] = []
    numbers: dict[str, int] = {}
    for place, item in _find_reviews(value, "", 0):
        outcome = read_review(item)
        if isinstance(outcome, Fault):
            faults.append(Fault(place + outcome.pointer, outcome.detail))
            continue
        number = numbers[outcome.url] = numbers.get(outcome.url, -1) + 1
        found.append(replace(outcome, number=number) if number else outcome)
    if not found and not faults:
        faults.append(Fault("", "No ClaimReview is in here."))
    pages = {url: place for place, url in enumerate(numbers)}
    found.sort(key=lambda factcheck: pages[factcheck.url])  # what a page reviews stays together
    return Reading(tuple(found), tuple(faults))


def read_review(item: dict[str, Any]) -> Factcheck | Fault:
    """One ClaimReview, or why it is none that can be used."""
    claimed = _first_object(item.get("itemReviewed"))
    claim = _text(item.get("claimReviewed")) or _text(claimed.get("claimReviewed"))
    claim = claim or _text(claimed.get("text")) or _text(claimed.get("name"))
    url = _address(item.get("url")) or _address(item.get("mainEntityOfPage")) or _address(item.get("@id"))
    if not url:
        return Fault("/url", "Must be the http or https address of the review.")
    if not claim:
        return Fault("/claimReviewed", "Must be the text of the claim.")
    if len(claim) > MAX_CLAIM:
        return Fault("/claimReviewed", f"Longer than {MAX_CLAIM} characters.")
    title = _short(item.get("headline")) or _short(item.get("name"))
    return Factcheck(
        url=url,
        claim=claim,
        claimant=_name(claimed.get("author")) or _name(item.get("claimant")),
        claimed_on=read_day(claimed.get("datePublished")) or read_day(claimed.get("dateCreated")),
        title=title,
        publisher=_name(item.get("author")) or _name(item.get("publisher")) or _name(item.get("creator")),
        reviewed_on=read_day(item.get("datePublished"))
        or read_day(item.get("dateCreated"))
        or read_day(item.get("dateModified")),
        rating=_rating(item.get("reviewRating")),
        language=_language(item.get("inLanguage")) or recognise_language(f"{title or ''} {claim}"),
    )


def is_review(item: dict[str, Any]) -> bool:
    """Whether an object is a ClaimReview: by its type, or without one by what it holds."""
    kinds = item.get("@type", item.get("type"))
    if kinds is None:
        return "claimReviewed" in item
    listed = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and re.split(r"[/:#]", kind)[-1] == "ClaimReview" for kind in listed)


def _find_reviews(value: Any, place: str, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for number, member in enumerate(value):
            yield from _find_reviews(member, f"{place}/{number}", depth + 1)
    elif isinstance(value, dict):
        if is_review(value):
            yield place, value
            return
        for name in CONTAINERS:
            if name in value:
                yield from _find_reviews(value[name], f"{place}/{name}", depth + 1)


def _objects(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first_object(value: Any) -> dict[str, Any]:
    return next((member for member in _objects(value) if isinstance(member, dict)), {})


def _text(value: Any) -> str:
    """The words of a member, markup and entities read away, white space as single spaces."""
    words = [member for member in _objects(value) if isinstance(member, str)]
    text = _UNSTORABLE.sub("\ufffd", " ".join(words))
    for _ in range(2):  # markup and entities are often escaped once more on the way
        if _MARKUP.search(text):
            text = read_document(text, "html").text or _MARKUP.sub(" ", text)
        if "&" in text:
            text = _UNSTORABLE.sub("\ufffd", html.unescape(text))
    return _SPACE.sub(" ", text).strip()


def _short(value: Any) -> str | None:
    return _text(value)[:MAX_MEMBER].rstrip() or None


def _name(value: Any) -> str | None:
    """The name of a person or organisation: an object's, or the string itself; of several the first."""
    for member in _objects(value):
        found = _short(member.get("name")) if isinstance(member, dict) else _short(member)
        if found and not _address(found):
            return found
    return None


def _address(value: Any) -> str | None:
    """An http address: a string, or an object's @id or url; of several the first."""
    for member in _objects(value):
        if isinstance(member, dict):
            found = _address(member.get("@id")) or _address(member.get("url"))
        else:
            found = _web_address(member)
        if found:
            return found
    return None


def _web_address(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    address = html.unescape(value.strip())
    try:
        parts = urlsplit(address)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    clean = not _SPACE.search(address) and not _UNSTORABLE.search(address)
    return address if usable and clean and len(address) <= MAX_URL else None


def _rating(value: Any) -> str | None:
    """The publisher's words for the rating; where there is but a number, that and its scale."""
    for member in _objects(value):
        if not isinstance(member, dict):
            words = _number(member) or _short(member)
        else:
            words = _short(member.get("alternateName")) or _short(member.get("name"))
            words = words or _scaled(member) or _short(member.get("ratingExplanation"))
        if words:
            return words
    return None


def _scaled(rating: dict[str, Any]) -> str | None:
    value, best = rating.get("ratingValue"), rating.get("bestRating")
    words = _number(value) or _short(value)
    if words and words not in ("-1", "0") and (of := _number(best) or _short(best)):
        return f"{words} of {of}"
    return words if words != "-1" else None


def _number(value: Any) -> str | None:
    """A number as people write it; none of a size that no rating has."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < MOST_RATED:
        return None
    return str(value) if isinstance(value, int) else f"{value:g}"


def _language(value: Any) -> str | None:
    """A BCP 47 tag: a string, or an object's alternateName."""
    for member in _objects(value):
        tag = (member.get("alternateName") or member.get("name")) if isinstance(member, dict) else member
        if isinstance(tag, str) and _LANGUAGE.fullmatch(tag.strip()):
            return tag.strip().replace("_", "-")
    return None
