"""Decided reviews as schema.org ClaimReviews: what a person found of words that were put into a mouth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from schemas.standards.nodes import Addresses, as_iri, as_web_address, given
from schemas.standards.ratings import describe_organisation, describe_rating
from schemas.standards.schema_org import CONTEXT, describe_part, describe_speaker
from service.store.reviews.records import ArticleLine, EvidenceLink, ReviewRecord


def present_claim_review(review: ReviewRecord, addresses: Addresses) -> dict[str, Any] | None:
    """A decided review as a schema.org ClaimReview of the Claim that the words were said; else None.

    Where the article was deleted since, the ClaimReview has only the article's address in this service.
    """
    decision, quote = review.decision, review.quote
    if decision is None or quote is None:
        return None
    speaker = quote["speaker"]
    said = quote["content"]["text"] if not speaker["name"] else claim_words(speaker["name"], quote)
    described = describe_part(quote, describe_article(review.article, addresses), addresses)
    claim = {
        "@type": "Claim",
        "text": said,
        "author": describe_speaker(speaker["name"], speaker["kind"]),
        "appearance": described,
    }
    return given(
        {
            "@context": CONTEXT,
            "@type": "ClaimReview",
            "@id": addresses.review(review.id),
            "url": as_web_address(addresses.review(review.id)),
            "claimReviewed": said,
            "reviewRating": describe_rating(asdict(decision.verdict), decision.reason),
            "reviewBody": decision.reason,
            "author": describe_organisation(decision.by),
            "datePublished": datetime.fromtimestamp(decision.at, UTC).isoformat(timespec="seconds"),
            "itemReviewed": given(claim),
            "citation": [cite(link, addresses) for link in decision.evidence],
        }
    )


def claim_words(speaker: str, quote: Mapping[str, Any]) -> str:
    """What is claimed by quoting somebody."""
    words = quote["content"]["text"]
    return f"{speaker}: {words}" if quote["type"] == "indirect" else f"{speaker}: “{words}”"


def describe_article(article: ArticleLine, addresses: Addresses) -> dict[str, Any]:
    """The article that a review is about."""
    return given(
        {
            "@type": "Article",
            "@id": as_iri(article.uri) or addresses.article(article.id),
            "identifier": article.uri or article.id,
            "url": as_web_address(article.uri),
            "headline": article.headline,
            "publisher": describe_organisation(article.publisher),
        }
    )


def cite(link: EvidenceLink, addresses: Addresses) -> dict[str, Any]:
    """A piece of evidence: an address or a stored quote, with a word on it."""
    node: dict[str, Any]
    if link.quote_id:
        address = addresses.quote(link.quote_id)
        node = {"@type": "Quotation", "@id": address, "identifier": link.quote_id}
    else:
        node = {"@type": "CreativeWork", "@id": as_iri(link.url), "identifier": link.url}
        node["url"] = as_web_address(link.url)
    return given(node | {"description": link.note})
