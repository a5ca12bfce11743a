"""Replace an article by a new version, or create it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.errors import Fault, InvalidInput, NotFound, PreconditionFailed
from service.store import Precondition, StoredArticle
from service.store.records import article_id, entity_tag
from service.text import Document
from service.usecases.articles.analyse_article import Analyser
from service.usecases.articles.analysis import Article


@dataclass(frozen=True, slots=True)
class Replacement:
    """The analysis that is stored now, as bytes, with its entity tag."""

    analysis: bytes
    tag: str
    created: bool


def replace_article(
    analyser: Analyser, public_id: str, article: Article, precondition: Precondition
) -> Replacement:
    """Store an article under the id it is addressed by; where it is stored like that already, leave it so.

    An article's id comes of its uri, or of its text where it has none. One that is sent without uri keeps the
    uri it is stored with. Raises InvalidInput if it would have another id, PreconditionFailed where the
    stored version is not what was expected, StoreUnavailable.
    """
    former = find_article(analyser, public_id)
    if article.uri is None and former is not None:
        article = replace(article, uri=former.uri)
    refuse_other_uri(analyser, article, public_id)
    document = analyser.limits.read(article.body, article.format, article.language)
    refuse_other_text(article, document, public_id)
    refuse_early(former, document, precondition)
    record, answer = analyser.prepare(article, document, analyser.store.generation())
    saved = analyser.keep(article, record, answer, precondition)
    return Replacement(saved.analysis.encode(), entity_tag(saved.analysis), saved.created)


def find_article(analyser: Analyser, public_id: str) -> StoredArticle | None:
    """The stored article, None if there is none."""
    try:
        return analyser.store.get_article(public_id)
    except NotFound:
        return None


def refuse_other_uri(analyser: Analyser, article: Article, public_id: str) -> None:
    """Raise InvalidInput if the uri belongs under another address."""
    if article.uri is None:
        return
    own = article_id(analyser.store.find_known_address(article.uri), "")
    if own == public_id:
        return
    fault = Fault("/uri", f"An article with this uri has the id {own}; PUT it there.")
    raise InvalidInput("the uri is that of another article", (fault,))


def refuse_other_text(article: Article, document: Document, public_id: str) -> None:
    """Raise InvalidInput if an article without uri has a text that belongs under another address."""
    if article.uri is not None or (own := article_id(None, document.text)) == public_id:
        return
    detail = f"Without a uri an article is known by its text, and this text has the id {own}. Give its uri."
    raise InvalidInput("this text has another id", (Fault("", detail),))


def refuse_early(former: StoredArticle | None, document: Document, precondition: Precondition) -> None:
    """Raise PreconditionFailed before the analysis, where it is clear that it would be raised after.

    A text that is stored already is left to the transaction: it may be a request repeated.
    """
    if former is None:
        if not precondition.holds(None):
            raise PreconditionFailed("no article is stored here, so none has the ETag sent with If-Match")
    elif not precondition.holds(entity_tag(former.analysis)) and former.text != document.text:
        raise PreconditionFailed("the stored article is not the one that If-Match or If-None-Match asks for")
