"""An article's quotations as W3C Web Annotations: what is said of which words, and where those stand.

Each span of a quotation is a target of its own, since several selectors of one target are several ways to the
same words. Positions count in the text that the analysis was made of, which has an address and never changes;
in the article's own page, whose markup is not ours to count in, words are found by what stands around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from schemas.standards.nodes import Addresses, as_iri, as_web_address, given
from service.matching.labels import LABEL_TEXTS
from service.text.selectors import select
from service.text.span import Span

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
PAGE_SIZE: Final = 100  # annotations


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """An analysis as `ReviewedAnalysisSchema` presents it, its article's version, and its time."""

    analysis: Mapping[str, Any]
    version: int
    analysed_at: datetime

    @property
    def page_count(self) -> int:
        """Pages of annotations; one, empty, where there are none."""
        return max(1, -(-len(self.analysis["quotes"]) // PAGE_SIZE))


def present_collection(article: AnnotatedArticle, addresses: Addresses) -> dict[str, Any]:
    """All annotations of an article as an AnnotationCollection with its first page."""
    address = addresses.annotations(article.analysis["id"])
    return {
        "@context": CONTEXT,
        **describe_collection(article, address),
        "first": describe_page(article, 0, addresses),
        "last": page_address(address, article.page_count - 1),
    }


def present_page(article: AnnotatedArticle, page: int, addresses: Addresses) -> dict[str, Any]:
    """Some annotations of an article as an AnnotationPage; the first page is 0."""
    collection = describe_collection(article, addresses.annotations(article.analysis["id"]))
    return {"@context": CONTEXT, **describe_page(article, page, addresses), "partOf": collection}


def describe_collection(article: AnnotatedArticle, address: str) -> dict[str, Any]:
    """What a collection is, without its pages."""
    label = article.analysis.get("headline") or article.analysis.get("uri") or article.analysis["id"]
    total = len(article.analysis["quotes"])
    return {"id": address, "type": "AnnotationCollection", "label": f"Quotations of: {label}", "total": total}


def describe_page(article: AnnotatedArticle, page: int, addresses: Addresses) -> dict[str, Any]:
    """A page with its annotations and its neighbours."""
    address = addresses.annotations(article.analysis["id"])
    first = page * PAGE_SIZE
    quotes: Sequence[Mapping[str, Any]] = article.analysis["quotes"][first : first + PAGE_SIZE]
    described: dict[str, Any] = {
        "id": page_address(address, page),
        "type": "AnnotationPage",
        "partOf": address,
        "startIndex": first,
        "items": [annotate(article, quote, addresses) for quote in quotes],
    }
    if page > 0:
        described["prev"] = page_address(address, page - 1)
    if page + 1 < article.page_count:
        described["next"] = page_address(address, page + 1)
    return described


def page_address(collection: str, page: int) -> str:
    """The address of a page."""
    return f"{collection}?page={page}"


def annotate(article: AnnotatedArticle, quote: Mapping[str, Any], addresses: Addresses) -> dict[str, Any]:
    """One quotation as an Annotation that assesses it."""
    analysis = article.analysis
    return given(
        {
            "id": f"{addresses.annotations(analysis['id'])}#{quote['id']}",
            "type": "Annotation",
            "motivation": "assessing",
            "created": article.analysed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creator": {
                "type": "Software",
                "name": f"Verbatim, engine {analysis['engine']}, policy {analysis['policy']}",
            },
            "body": list(find_bodies(quote, addresses)),
            "target": list(find_targets(article, quote, addresses)),
        }
    )


def find_bodies(quote: Mapping[str, Any], addresses: Addresses) -> Iterator[dict[str, Any]]:
    """What is said of a quotation: speaker, codes of the verdict, its sentence, and what bears on it."""
    verdict = quote["verdict"]
    if quote["speaker"]["name"]:
        yield describe_words(quote["speaker"]["name"], "identifying")
    if "label" in verdict:  # policy 1 had none
        yield describe_words(f"label: {verdict['label']}", "tagging")
        yield describe_words(f"severity: {verdict['severity']}", "tagging")
        yield describe_words(LABEL_TEXTS[verdict["label"]], "tagging") | {"language": "en"}
    for axis in ("fidelity", "attribution", "time", "form"):
        yield describe_words(f"{axis}: {verdict[axis]}", "tagging")
    for change in verdict["changes"]:
        yield describe_words(f"change: {change}", "tagging")
    yield describe_words(verdict["explanation"], "assessing") | {"language": "en"}
    if "review" in quote:
        yield from find_review_bodies(quote["review"])
    if "sign_off" in quote:
        yield from find_sign_off_bodies(quote["sign_off"])
    for match in quote["matches"]:
        yield describe_link(addresses.quote(match["quote_id"]))
    for factcheck in quote.get("factchecks", ()):
        if factcheck["status"] == "match" and as_web_address(factcheck["url"]):
            yield describe_link(factcheck["url"])


def find_review_bodies(review: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What a person has decided, beside what the machine said."""
    decision = review["decision"]
    verdict, by = decision["verdict"], {"creator": {"name": decision["decided_by"]}}
    for axis in ("fidelity", "attribution"):
        yield describe_words(f"reviewed {axis}: {verdict[axis]}", "tagging") | by
    yield describe_words(decision["reason"], "assessing") | by


def find_sign_off_bodies(sign_off: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What a person said of the quotation when signing it off."""
    by = {"creator": {"name": sign_off["signed_by"]}}
    if sign_off["status"]:
        yield describe_words(f"sign-off: {sign_off['status']}", "tagging") | by
    if sign_off["note"]:
        yield describe_words(sign_off["note"], "assessing") | by
    for evidence in sign_off["evidence"]:
        if evidence["url"]:
            yield describe_link(evidence["url"]) | by


def describe_words(value: str, purpose: str) -> dict[str, Any]:
    """Words as a body."""
    return {"type": "TextualBody", "value": value, "format": "text/plain", "purpose": purpose}


def describe_link(address: str) -> dict[str, Any]:
    """Another resource as a body."""
    return {"type": "SpecificResource", "purpose": "linking", "source": address}


def find_targets(
    article: AnnotatedArticle, quote: Mapping[str, Any], addresses: Addresses
) -> Iterator[dict[str, Any]]:
    """The targets of a quotation: each span, in the text and in the article's page if it has one."""
    analysis = article.analysis
    text = given(
        {
            "id": addresses.text(analysis["id"], article.version),
            "type": "Text",
            "format": "text/plain",
            "language": analysis.get("language"),
        }
    )
    page = as_iri(analysis.get("uri"))
    spans = [Span(span["start"], span["end"]) for span in quote["content"]["spans"]]
    for span in spans:
        words = describe_quote_selector(analysis["text"], span)
        place = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
        yield given({"type": "SpecificResource", "source": text, "scope": page, "selector": [words, place]})
    for span in spans if page else ():
        words = describe_quote_selector(analysis["text"], span)
        yield {"type": "SpecificResource", "source": page, "selector": words}


def describe_quote_selector(text: str, span: Span) -> dict[str, Any]:
    """The words of a span with what stands around them."""
    words = select(text, span)
    return {
        "type": "TextQuoteSelector",
        "exact": words.exact,
        "prefix": words.prefix,
        "suffix": words.suffix,
    }
