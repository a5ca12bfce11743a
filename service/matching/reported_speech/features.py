"""How a reported clause and an utterance agree: meaning, words, numbers, denials, modality, names."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.english.numerals import is_number_key
from service.english.stems import stem_word
from service.english.word_classes import ARTICLES, CONDITIONS, CONTRASTS, MODALS, NEGATIONS, word_set
from service.matching.normalise.levels import normalise
from service.matching.reported_speech.words import WordSet, bits_of, read_words
from service.matching.thresholds import DENIAL_REACH, MODAL_REACH, WORDS_NEAR

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]

NAMES: Final = (
    "meaning",  # cosine of the clause and the whole utterance
    "meaning_best",  # of the clause and the utterance's nearest sentence
    "meaning_covered",  # the cosine times the share of words covered
    "covered",  # share of the clause's content words, by rarity, that the utterance has
    "covered_softly",  # the same, a word that it lacks counting as far as its nearest word is like it
    "missing_most",  # bits of the word least like any of the utterance, in fifteens
    "missing_next",
    "missing_words",  # content words that the utterance lacks, in fives
    "missing_bits",  # their bits, in thirties
    "pairs_covered",  # share of the clause's pairs of neighbours that the utterance has
    "numbers_missing",
    "number_missing",  # whether any is
    "numbers_shared",
    "polarity_differs",  # share, by rarity, of the shared words that one side denies and the other does not
    "polarity_differs_anywhere",
    "denials_differ",  # before shared words, counted
    "denials_clause",
    "denials_utterance",
    "denial_new",  # the clause denies, the utterance nowhere
    "modality_new",  # shared words that only the clause puts under a modal, a condition or a hope
    "modality_lost",  # those that only the utterance does
    "modal_missing",
    "condition_differs",
    "contrast",  # the utterance holds a "but"
    "names_missing",
    "names_shared",
    "length_utterance",  # logarithm of its words
)
_DENYING: Final = (
    frozenset(
        map(
            stem_word,
            word_set(
                "refuse deny fail avoid lack reject oppose stop prevent neither hardly unable wrong false"
                " doubt cannot nor absence"
            ),
        )
    )
    | NEGATIONS
)
_OPENS_MODALITY: Final = word_set(
    "may might could perhaps maybe would if hope possibly should must unless want wish try whether"
)
_CLAUSE_BREAK: Final = re.compile(r"[.!?;:…]|,(?=\s(?:but|and|so|because|which|who|while|though)\s)|\s-\s|--")
_SENTENCE: Final = re.compile(r"(?<=[.!?…])[\"”’)]*\s+")


# What must not differ where a report is to be borne out, whatever its meaning.
_MUST_BE_NONE: Final = tuple(
    NAMES.index(name) for name in ("number_missing", "names_missing", "denial_new", "denials_differ")
)


def agrees_on_facts(features: Sequence[float]) -> bool:
    """Whether the utterance has all numbers and names of the clause, and denies where the clause does."""
    return not any(features[at] for at in _MUST_BE_NONE)


def denies_alike(clause: str, utterance: str) -> bool:
    """Whether both sides deny as many of the words that they share: "refused to sign" is no "signed"."""
    first, second = read_words(clause), read_words(utterance)
    shared = first.content.keys() & second.content.keys()
    counts = [
        sum(_denies(key) and is_before for key, is_before in _before_shared(words.keys, shared))
        for words in (first, second)
    ]
    return min(counts[0], 2) == min(counts[1], 2)


def _denies(key: str) -> bool:
    return key in NEGATIONS or stem_word(key) in _DENYING


def lacks_number(features: Sequence[float]) -> bool:
    """Whether the clause has a number that the utterance lacks."""
    return features[NAMES.index("number_missing")] > 0


def has_new_facts(features: Sequence[float]) -> bool:
    """Whether the clause has a number or a name that the utterance lacks, or alone denies anything."""
    return any(features[NAMES.index(name)] for name in ("number_missing", "names_missing", "denial_new"))


def read_meaning(features: Sequence[float]) -> float:
    """The cosine of the clause and the utterance, or its nearest sentence."""
    return max(features[NAMES.index("meaning")], features[NAMES.index("meaning_best")])


class _Vectors:
    """Vectors of words and sentences with a bounded memory: the same come back with every claim."""

    LIMIT: Final = 4_096

    def __init__(self) -> None:
        self._known: dict[str, Floats] = {}

    def of(self, texts: Sequence[str], encode: Encode) -> Floats:
        """Unit vectors [texts, dimensions]; what is not known yet is encoded in one go."""
        known = self._known
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        found = {text: known[text] for text in texts if text in known}
        if missing:
            found |= zip(missing, encode(missing), strict=True)
            if len(known) + len(missing) > self.LIMIT:
                known.clear()
            known.update((text, found[text]) for text in missing[: self.LIMIT])
        return np.stack([found[text] for text in texts])


_VECTORS: Final = _Vectors()


def compare_meanings(clause: str, utterances: Sequence[str], encode: Encode) -> list[float]:
    """The cosine of the clause and each utterance."""
    vectors = _VECTORS.of([clause, *utterances], encode)
    return [float(cosine) for cosine in vectors[1:] @ vectors[0]]


def measure_pair(clause: str, utterance: str, encode: Encode) -> list[float]:
    """The features of one pair, in the order of `NAMES`."""
    clause_words, utterance_words = read_words(clause), read_words(utterance)
    sentences = [part for part in _SENTENCE.split(utterance) if part.strip()] or [utterance]
    vectors = _VECTORS.of([clause, utterance, *sentences], encode)
    meaning, nearest = float(vectors[0] @ vectors[1]), float((vectors[2:] @ vectors[0]).max())
    covered = _measure_words(clause_words, utterance_words, encode)
    return [
        meaning,
        nearest,
        meaning * covered[0],
        *covered,
        *_measure_numbers(clause_words, utterance_words),
        *_measure_denials(clause, utterance, clause_words, utterance_words),
        *_measure_modality(clause, utterance, clause_words, utterance_words),
        float(len(clause_words.names - utterance_words.forms)),
        float(len(clause_words.names & utterance_words.forms)),
        math.log1p(len(utterance_words.keys)),
    ]


def _measure_words(clause_words: WordSet, utterance_words: WordSet, encode: Encode) -> list[float]:
    words = {stem: word for stem, word in clause_words.content.items() if not is_number_key(word)}
    total = sum(map(bits_of, words.values())) or 1.0
    missing = [word for stem, word in words.items() if stem not in utterance_words.content]
    others = [word for word in utterance_words.content.values() if not is_number_key(word)]
    likeness = np.zeros(len(missing))
    if missing and others:
        vectors = _VECTORS.of([*missing, *others], encode)
        likeness = (vectors[: len(missing)] @ vectors[len(missing) :].T).max(axis=1)
    gaps = sorted(
        ((1 - float(like)) * bits_of(word) for word, like in zip(missing, likeness, strict=True)),
        reverse=True,
    )
    lost = sum(map(bits_of, missing))
    return [
        1 - lost / total,
        1 - sum(gaps) / total,
        (gaps[0] if gaps else 0.0) / 15,
        (gaps[1] if len(gaps) > 1 else 0.0) / 15,
        len(missing) / 5,
        lost / 30,
        _share_pairs(clause_words.keys, utterance_words.keys),
    ]


def _share_pairs(clause_words: Sequence[str], utterance_words: Sequence[str]) -> float:
    first, second = (
        set(pairwise(stems))
        for stems in (
            [stem_word(key) for key in keys if key not in ARTICLES]
            for keys in (clause_words, utterance_words)
        )
    )
    return len(first & second) / max(1, len(first))


def _measure_numbers(clause_words: WordSet, utterance_words: WordSet) -> list[float]:
    missing = len(clause_words.numbers - utterance_words.numbers)
    return [float(missing), float(missing > 0), float(len(clause_words.numbers) - missing)]


def _measure_denials(
    clause: str, utterance: str, clause_words: WordSet, utterance_words: WordSet
) -> list[float]:
    shared = clause_words.content.keys() & utterance_words.content.keys()
    (denied, _), (denied_there, _) = read_scopes(clause), read_scopes(utterance)
    weight = sum(bits_of(clause_words.content[stem]) for stem in shared) or 1.0
    differs = sum(
        bits_of(clause_words.content[stem]) for stem in shared if denied[stem].isdisjoint(denied_there[stem])
    )
    before = [_count_denials_before(keys, shared) for keys in (clause_words.keys, utterance_words.keys)]
    counts = [sum(map(_denies, side.keys)) for side in (clause_words, utterance_words)]
    return [
        differs / weight,
        float(differs > 0),
        float(abs(min(before[0], 2) - min(before[1], 2))),
        float(min(counts[0], 2)),
        float(min(counts[1], 3)),
        float(counts[0] > 0 and counts[1] == 0),
    ]


def _count_denials_before(keys: Sequence[str], shared: Set[str]) -> int:
    return sum(key in NEGATIONS and is_before for key, is_before in _before_shared(keys, shared))


def _before_shared(keys: Sequence[str], shared: Set[str]) -> Iterator[tuple[str, bool]]:
    """Each word with whether one that both sides share stands among the next few."""
    stems = [stem_word(key) for key in keys]
    for at, key in enumerate(keys):
        yield key, not shared.isdisjoint(stems[at + 1 : at + 1 + WORDS_NEAR])


def _measure_modality(
    clause: str, utterance: str, clause_words: WordSet, utterance_words: WordSet
) -> list[float]:
    shared = clause_words.content.keys() & utterance_words.content.keys()
    (_, open_here), (_, open_there) = read_scopes(clause), read_scopes(utterance)
    new = sum(open_here[stem] == {True} and True not in open_there[stem] for stem in shared)
    lost = sum(open_here[stem] == {False} and False not in open_there[stem] for stem in shared)
    keys, others = set(clause_words.keys), set(utterance_words.keys)
    return [
        float(min(new, 3)),
        float(min(lost, 3)),
        float(bool((keys & MODALS) - (others & MODALS))),
        float(bool(keys & CONDITIONS) != bool(others & CONDITIONS)),
        float(bool(others & CONTRASTS)),
    ]


Scopes = dict[str, set[bool]]


@lru_cache(maxsize=4_096)
def read_scopes(text: str) -> tuple[Scopes, Scopes]:
    """For each stem whether it stands under a denial, and whether under a modal or condition, or both."""
    read = normalise(text)
    denied: defaultdict[str, set[bool]] = defaultdict(set)
    opened: defaultdict[str, set[bool]] = defaultdict(set)
    denial = modal = -DENIAL_REACH - 1
    end = 0
    for at, key in enumerate(read.keys.forms):
        if _CLAUSE_BREAK.search(f"{text[end : read.spans[read.keys.first[at]][0]]} "):
            denial = modal = at - DENIAL_REACH - 1
        end = read.spans[read.keys.last[at] - 1][1]
        stem = stem_word(key)
        denied[stem].add(at - denial <= DENIAL_REACH)
        opened[stem].add(at - modal <= MODAL_REACH)
        if key in NEGATIONS or stem in _DENYING:
            denial = at
        if key in _OPENS_MODALITY:
            modal = at
    return dict(denied), dict(opened)
