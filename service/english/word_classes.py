"""Word lists of the normalisation levels and of the verdict policy: which words are of which kind.

All entries are in the form of level N3 (lower case, straight apostrophes). Changing a list changes verdicts:
raise `POLICY` in `service.matching.judge` with it.
"""

from __future__ import annotations

from typing import Final

from service.english.word_lists import read_word_lists, read_word_pairs

_WORDS: Final = read_word_lists("service.english", "word_classes.txt")


def word_set(text: str) -> frozenset[str]:
    """The words of a declaration, divided by white space."""
    return frozenset(text.split())


ARTICLES: Final = word_set("a an the")

POSSESSIVES: Final = word_set("my your his her its our their whose")
# Words that join the parts of a name or role: "Secretary of State for Health"; "s" is left of "'s".
LINKING_WORDS: Final = ARTICLES | word_set("of for to and in at on from by s")

# Words before a role or a name of somebody who has it no longer: "the former mayor", "the late senator".
PAST_HOLDERS: Final = _WORDS["past_holders"]

# Words without content of their own: they neither make a fragment judgeable nor count as shared content.
FUNCTION_WORDS: Final = ARTICLES | _WORDS["function_words"]

# Small words whose loss or gain leaves the sense alone: `near_verbatim` tolerates them.
SMALL_WORDS: Final = ARTICLES | _WORDS["small_words"]

HESITATIONS: Final = _WORDS["hesitations"]
FILLERS: Final = HESITATIONS | _WORDS["fillers"]
# These fill a pause only where one is heard: ", like,", "Right, so".
PAUSED_FILLERS: Final = _WORDS["paused_fillers"]
FILLER_PHRASES: Final = (("you", "know"), ("i", "mean"), ("sort", "of"), ("kind", "of"), ("you", "see"))

# One verb in one tense, for another subject: speakers say "there's two" and writers "there are two".
AGREEING_FORMS: Final[dict[str, str]] = {
    a: b
    for pair in (("is", "are"), ("was", "were"), ("has", "have"), ("does", "do"), ("a", "an"))
    for a, b in (pair, pair[::-1])
}

NEGATIONS: Final = _WORDS["negations"]
MODALS: Final = _WORDS["modals"]
CONDITIONS: Final = _WORDS["conditions"]
CONTRASTS: Final = _WORDS["contrasts"]

# One raw word, several keys. `'s` and `'d` are ambiguous: the first reading is the key, the others are in
# CONTRACTION_READINGS.
IRREGULAR_CONTRACTIONS: Final[dict[str, tuple[str, ...]]] = {
    form: tuple(words.split())
    for form, words in read_word_pairs("service.english", "contractions.txt")["irregular"].items()
}
CONTRACTION_ENDINGS: Final[tuple[tuple[str, str], ...]] = (
    ("n't", "not"),
    ("'re", "are"),
    ("'ve", "have"),
    ("'ll", "will"),
    ("'m", "am"),
    ("'d", "would"),
    ("'s", "is"),
)
# What else the ending may stand for, by the key it was given.
CONTRACTION_READINGS: Final[dict[str, frozenset[str]]] = {
    "is": frozenset({"has", "us"}),
    "would": frozenset({"had", "did"}),
    "will": frozenset({"shall"}),
}

# One raw word, another spelling of the same word.
_SPELLINGS: Final = read_word_pairs("service.english", "spellings.txt")
SPELLINGS: Final[dict[str, str]] = {**_SPELLINGS["abbreviations"], **_SPELLINGS["spellings"]}
