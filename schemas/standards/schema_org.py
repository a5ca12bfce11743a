"""Quotations and articles in the terms of schema.org, as JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from schemas.standards.nodes import Addresses, as_iri, as_web_address, given
from schemas.standards.ratings import describe_organisation, describe_review
from service.matching.models import Origin
from service.store.records import StoredQuote

CONTEXT: Final = "https://schema.org"
#: What a source is, by the kind it was imported with. Whatever else it is, it is a work.
WORKS: Final[Mapping[str, str]] = {
    "article": "Article",
    "wire": "NewsArticle",
    "blog": "BlogPosting",
    "post": "SocialMediaPosting",
    "book": "Book",
    "letter": "Message",
    "document": "DigitalDocument",
}
#: What a named speaker is; where nobody recorded it (transcripts, imported quotes), a person.
SPEAKERS: Final[Mapping[str | None, str]] = {"organisation": "Organization", "group": "Organization"}


def present_quotation(
    quote: StoredQuote,
    addresses: Addresses,
    *,
    kind: str | None = None,
    review: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A stored quote as a Quotation, with what its speaker is and what a person has decided, where known.

    The speaker is who the source has say it: `spokenByCharacter` claims no more than that. The source is what
    it `isBasedOn`, as schema.org advises.
    """
    return given(
        {
            "@context": CONTEXT,
            "@type": "Quotation",
            "@id": addresses.quote(quote.id),
            "identifier": quote.id,
            "url": as_web_address(addresses.quote(quote.id)),
            "text": quote.text,
            "spokenByCharacter": describe_speaker(quote.speaker, kind),
            "dateCreated": format_day(quote.said_at),
            "isBasedOn": describe_origin(quote.origin),
            "review": describe_review(review, addresses) if review else None,
        }
    )


def describe_note(sign_off: Mapping[str, Any]) -> dict[str, Any]:
    """Who signed a quotation off, when, and with which note."""
    author = {"@type": "Person", "name": sign_off["signed_by"]}
    return given(
        {
            "@type": "Comment",
            "text": sign_off["note"],
            "author": author,
            "dateCreated": sign_off["signed_at"],
        }
    )


def describe_speaker(name: str | None, kind: str | None = None) -> dict[str, Any] | None:
    """Who speaks, None if that is not known or withheld."""
    if not name or kind == "anonymous":
        return None
    return {"@type": SPEAKERS.get(kind, "Person"), "name": name}


def describe_origin(origin: Origin) -> dict[str, Any]:
    """The work that stored words come from."""
    return given(
        {
            "@type": WORKS.get(origin.kind, "CreativeWork"),
            "@id": as_iri(origin.uri),
            "identifier": origin.uri,
            "url": as_web_address(origin.uri),
            "name": origin.title,
            "genre": origin.kind,
            "publisher": describe_organisation(origin.publisher),
            "datePublished": format_day(origin.published_at),
        }
    )


def present_article(analysis: Mapping[str, Any], addresses: Addresses) -> dict[str, Any]:
    """An article's analysis (as `ReviewedAnalysisSchema` presents it) as an Article with its Quotations."""
    uri = analysis.get("uri")
    address = as_iri(uri) or addresses.article(analysis["id"])
    return given(
        {
            "@context": CONTEXT,
            "@type": "Article",
            "@id": address,
            "identifier": uri or analysis["id"],
            "url": as_web_address(uri),
            "headline": analysis.get("headline"),
            "creditText": analysis.get("byline"),
            "publisher": describe_organisation(analysis.get("publisher")),
            "datePublished": analysis.get("published_at"),
            "inLanguage": analysis.get("language"),
            "hasPart": [describe_part(quote, {"@id": address}, addresses) for quote in analysis["quotes"]],
        }
    )


def describe_part(
    quote: Mapping[str, Any], article: Mapping[str, Any], addresses: Addresses
) -> dict[str, Any]:
    """The node of a quotation, as `QuoteSchema` presents it, within the article of the node `article`."""
    speaker = quote["speaker"]
    return given(
        {
            "@type": "Quotation",
            "@id": addresses.quote(quote["id"]),
            "identifier": quote["id"],
            "text": quote["content"]["text"],
            "spokenByCharacter": describe_speaker(speaker["name"], speaker["kind"]),
            "isBasedOn": article,
            "review": describe_review(quote["review"], addresses) if quote.get("review") else None,
            "creativeWorkStatus": (quote.get("sign_off") or {}).get("status"),
            "comment": describe_note(quote["sign_off"]) if quote.get("sign_off") else None,
        }
    )


def format_day(day: date | None) -> str | None:
    """A day as schema.org has it."""
    return day.isoformat() if day else None
