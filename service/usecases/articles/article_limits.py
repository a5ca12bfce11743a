"""Limits of the cost of one article. Nothing is cut without a note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from service.errors import Fault, InvalidInput
from service.matching import POLICY
from service.matching.models import Claim, Judgement, Searched, Verdict
from service.text.document import Format

NOT_JUDGED: Final = "not_judged"  # the rule that stands for no rule
BODY_OF: Final[dict[Format, str]] = {"plain": "body_text", "html": "body_html", "markdown": "body_markdown"}


@dataclass(frozen=True, slots=True)
class ArticleLimits:
    """The longest text in characters, without markup, and the most different quotations that are judged."""

    max_text_chars: int = 200_000
    max_judged: int = 500

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
