"""The language of a text.

English text is recognised by its share of function words, which costs little. Only for other texts is
py3langid loaded (docs/adr/0023-language.md).
"""

from __future__ import annotations

import re
import threading
from itertools import islice
from typing import TYPE_CHECKING, Final

from service.english.word_classes import FUNCTION_WORDS, word_set

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH: Final = "en"
SAMPLE_CHARACTERS: Final = 20_000  # for the English test
SAMPLE_WORDS: Final = 3_000
ENGLISH_SHARE: Final = 0.25  # of function words: fewer in 4 of 924 English news articles
DISTINCT_WORDS: Final = 3  # function words; "a" is one in many languages
IDENTIFIED_CHARACTERS: Final = 4_000  # for py3langid, which takes 5 µs for each
# How much likelier English is before a text is seen: names and headlines look foreign to py3langid. Without
# it, 8 of 42 English lines of tests/text/languages.tsv were taken for other languages, with it 2.
ENGLISH_WEIGHT: Final = 20.0
LEAST_PROBABILITY: Final = 0.4  # of another language; below, the text is not recognised
# BCP 47 codes of the languages that py3langid chooses from: those of newspapers. With all of its 140, short
# English texts are taken for Pidgin or Extremaduran.
LANGUAGES: Final = word_set(
    """
    af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu ha he hi hr hu hy id is it
    ja ka kk km kn ko ku ky lo lt lv mk ml mn mr ms my ne nl no pa pl ps pt ro ru rw si sk sl so sq sr
    sv sw ta te th tl tr uk ur uz vi zh zu
    """
)

# A letter beside a dot, an apostrophe or a hyphen is no word: "U.S.", "l'État", "x-ray".
_WORD: Final = re.compile(r"[^\W\d_]{2,}|(?<![\w.'’\-])[^\W\d_](?![\w.'’\-])")
_LETTER: Final = re.compile(r"[^\W\d_]")


def recognise_language(text: str) -> str | None:
    """The BCP 47 code of a text's language; None if it has no letters or its language is not recognised."""
    if is_english(text[:SAMPLE_CHARACTERS]):
        return ENGLISH
    return _identify(text[:IDENTIFIED_CHARACTERS]) if has_letters(text) else None


def is_english(text: str) -> bool:
    """Whether a text has the function words of English. False for some English texts, such as headlines."""
    words = [match[0].casefold() for match in islice(_WORD.finditer(text), SAMPLE_WORDS)]
    found = [word for word in words if word in FUNCTION_WORDS]
    return len(found) >= ENGLISH_SHARE * len(words) and len(set(found)) >= DISTINCT_WORDS


def has_letters(text: str) -> bool:
    """Whether a text has a letter of any script."""
    return _LETTER.search(text) is not None


def _identify(text: str) -> str | None:
    """The most probable language, English being favoured; None if none is probable enough."""
    probabilities = dict(_identifier.get().rank(text))
    best = max(probabilities, key=probabilities.__getitem__)
    if ENGLISH_WEIGHT * probabilities[ENGLISH] >= probabilities[best]:
        return ENGLISH
    return best if probabilities[best] >= LEAST_PROBABILITY else None


class _LazyIdentifier:
    """py3langid's model, loaded at the first use: it takes 0.6 s and 89 MB."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._loaded: LanguageIdentifier | None = None

    def get(self) -> LanguageIdentifier:
        """The identifier, which gives probabilities. Thread-safe."""
        with self._lock:
            if self._loaded is None:
                from py3langid.langid import MODEL_FILE, LanguageIdentifier

                loaded = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
                loaded.set_languages(LANGUAGES)
                self._loaded = loaded
            return self._loaded


_identifier: Final = _LazyIdentifier()
