"""A person's verdict in the terms of schema.org: who found what, when, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.standards.nodes import Addresses, as_web_address, given


def describe_organisation(name: str | None) -> dict[str, Any] | None:
    """Who publishes, by name."""
    return {"@type": "Organization", "name": name} if name else None


def describe_review(review: Mapping[str, Any], addresses: Addresses) -> dict[str, Any]:
    """A decided review, as it is beside a machine's verdict, as the node of its ClaimReview."""
    decision, address = review["decision"], addresses.review(review["id"])
    return given(
        {
            "@type": "ClaimReview",
            "@id": address,
            "url": as_web_address(address),
            "reviewRating": describe_rating(decision["verdict"], decision["reason"]),
            "author": describe_organisation(decision["decided_by"]),
            "datePublished": decision["decided_at"],
        }
    )


def describe_rating(verdict: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """The outcome of the words, and that they are another's where they are, as a Rating.

    It has no number: schema.org's scales ask how true a claim is; a verdict says the outcome of the words.
    """
    codes = [verdict["fidelity"], *verdict["changes"]]
    if verdict["attribution"] == "misattributed":
        codes.insert(0, verdict["attribution"])
    name = ", ".join(code.replace("_", " ") for code in codes)
    return {"@type": "Rating", "alternateName": name[:1].upper() + name[1:], "ratingExplanation": reason}
