"""Limits of the cost of one article. Nothing is cut without a note."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache

from service.errors import Fault, InvalidInput
from service.matching import POLICY
from service.matching.models import Claim, Judgement, Searched, Verdict
from service.text import Document, read_document
from service.text.document import Format

MOST_REFUSED: Final = 1_000  # bodies that are remembered by their hash
NOT_JUDGED: Final = "not_judged"  # the rule that stands for no rule
BODY_OF: Final[dict[Format, str]] = {"plain": "body_text", "html": "body_html", "markdown": "body_markdown"}

_refused: Final[LRUCache[tuple[bytes, Format, int], InvalidInput]] = LRUCache(MOST_REFUSED)
_refused_lock: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class ArticleLimits:
    """The longest text in characters, without markup, and the most different quotations that are judged."""

    max_text_chars: int = 200_000
    max_judged: int = 500

    def read(self, body: str, format: Format, language: str | None = None) -> Document:
        """The document of a body. Raises InvalidInput if its text is too long: the same body again is refused
        without reading it."""
        name = hashlib.sha256(body.encode(errors="surrogatepass")).digest(), format, self.max_text_chars
        with _refused_lock:
            if refused := _refused.get(name):
                raise InvalidInput(str(refused), refused.faults)
        document = read_document(body, format, language)
        try:
            self.hold_text(document.text, format)
        except InvalidInput as error:
            with _refused_lock:
                _refused[name] = InvalidInput(str(error), error.faults)
            raise
        return document

    def hold_text(self, text: str, format: Format) -> None:
        """Raises InvalidInput if the text is too long."""
        if len(text) > self.max_text_chars:
            detail = f"The text has {len(text):,} characters; this server takes {self.max_text_chars:,}."
            raise InvalidInput("The article is too long.", (Fault(f"/{BODY_OF[format]}", detail),))

    def pass_over(self, claim: Claim, searched: Searched) -> Judgement:
        """The placeholder for the verdict on a quotation beyond the limit."""
        explanation = (
            f"Not looked up: of one article no more than {self.max_judged:,} different quotations are."
        )
        verdict = Verdict(
            fidelity="insufficient",
            changes=(),
            attribution="unresolved",
            time="undated",
            form=claim.form,
            flags=(),
            explanation=explanation,
            rule=NOT_JUDGED,
            policy=POLICY,
            searched=searched,
        )
        return Judgement(verdict, ())

    def explain(self, unjudged: int) -> tuple[str, ...]:
        """The note on an answer that leaves quotations without a verdict."""
        if not unjudged:
            return ()
        return (
            f"{unjudged:,} quotations were not looked up: of one article no more than "
            f"{self.max_judged:,} different ones are.",
        )
