"""The words of a text, each with its sentence, paragraph and quotation. One pass, linear."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from service.extraction.speakers.noun_lists import NOUNS, TITLES
from service.names.name_parts import GENERATIONS
from service.text.span import Span

# One character class and no alternation: a hostile text cannot make it backtrack.
_WORD = re.compile(r"[^\W_][\w.'’&/\-]*")
_POSSESSIVES = ("'s", "’s", "'S", "’S")
_CAPITAL_BEHIND = re.compile(r"(?:al|el|as|ash|an|ar|ad|at|az|bin|ibn)-[A-Z]")  # "al-Sabbagh"
_CONTRACTIONS = ("'re", "’re", "'ve", "’ve", "'ll", "’ll", "'d", "’d", "'m", "’m")
_ENDS = re.compile(r"[.!?…]")
_ABBREVIATIONS = TITLES | GENERATIONS | NOUNS["abbreviations"]


_ABBREVIATED = NOUNS["abbreviations_in_names"]


@dataclass(slots=True, eq=False)  # not frozen: that would make reading a text half as slow again
class Token:
    """One word, `text[start:end]`, without a possessive ending or a closing dot. Never changed once read."""

    start: int
    end: int
    text: str
    lower: str
    possessive: bool
    dotted: bool  # a dot follows: an abbreviation or the end of a sentence
    gap: str  # what stands before it
    sentence: int
    paragraph: int
    opens: bool  # first word of its sentence
    quoted: bool  # within double quotation marks
    capital: bool  # begins with a capital letter

    @property
    def initial(self) -> bool:
        """Whether it is one letter of a name, "A.", and no article."""
        return self.dotted and self.capital and len(self.text) == 1

    @property
    def written(self) -> str:
        """The word with the dot of an abbreviation or initial: "U.S.", "J.", "St."."""
        abbreviated = "." in self.text or len(self.text) == 1 or self.lower in _ABBREVIATED
        return self.text + "." if self.dotted and abbreviated else self.text


class Tokens(list[Token]):
    """The words of one text in order, found again by place."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.starts = [token.start for token in tokens]

    def within(self, span: Span) -> range:
        """Numbers of the words a span holds, a word it begins within included."""
        first = bisect_left(self.starts, span.start)
        if first and span.start < self[first - 1].end and span.end > span.start:
            first -= 1
        return range(first, bisect_left(self.starts, span.end))


def fold_name(word: str) -> str:
    """A word without regard to case and the shape of its apostrophes: O’Neill is O'Neill."""
    return word.casefold().replace("’", "'")


def _trim(word: str) -> tuple[str, bool, bool]:
    """The bare word, whether it is possessive, whether a dot follows it."""
    if word.isalnum():
        return word, False, False
    bare = word.rstrip("-&/")
    dotted = bare.endswith(".")
    bare = bare.rstrip(".-&/")
    possessive = bare.endswith(_POSSESSIVES) and len(bare) > 2
    if possessive:
        bare = bare[:-2]
    elif bare.endswith(_CONTRACTIONS) and len(bare) > 3:
        bare = bare[: max(bare.rfind("'"), bare.rfind("’"))]
    elif bare.endswith(("s'", "s’")):
        bare, possessive = bare[:-1], True
    bare = bare.rstrip("'’.-&/")
    return bare or word[:1], possessive, dotted


def _ends_sentence(previous: Token, gap: str) -> bool:
    if gap != " " and ("\n" in gap or _ENDS.search(gap)):
        return True
    if not previous.dotted:
        return False
    is_initial = len(previous.text) == 1 and previous.capital
    return not (is_initial or previous.lower in _ABBREVIATIONS or "." in previous.text)


def read_tokens(text: str) -> Tokens:
    """Split a text into words."""
    tokens: list[Token] = []
    sentence = paragraph = 0
    quoted = False
    last_end = 0
    for match in _WORD.finditer(text):
        word, possessive, dotted = _trim(match[0])
        start = match.start()
        gap = text[last_end:start]
        opens = not tokens or _ends_sentence(tokens[-1], gap)
        sentence += opens and bool(tokens)
        if gap != " ":
            if "\n" in gap:
                paragraph += 1
                quoted = False
            quoted = _toggle(quoted, gap[gap.rfind("\n") + 1 :])
        tokens.append(
            Token(start, start + len(word), word, fold_name(word), possessive, dotted, gap,
                  sentence, paragraph, opens, quoted, word[0].isupper() or _has_capital_behind(word))
        )  # fmt: skip
        last_end = match.end()
    return Tokens(tokens)


def _has_capital_behind(word: str) -> bool:
    return "-" in word and _CAPITAL_BEHIND.match(word) is not None


def _toggle(quoted: bool, gap: str) -> bool:
    opening, closing = gap.rfind("“"), gap.rfind("”")
    if opening > closing:
        return True
    if closing > opening:
        return False
    return quoted ^ (gap.count('"') % 2 == 1)
