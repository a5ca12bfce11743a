"""Fingerprints for retrieval: hashed pairs (and triples) of neighbouring words.

A word becomes a code, a pair of neighbours a 35-bit number with the first word's code on top. All pairs that
begin with a word are therefore one contiguous range, which is how a single word is looked up. The last word
is paired with `END`. Triples, for stores of ten million quotes and more, are negative numbers, so that they
never fall into a word's range. Codes depend on nothing but the word: every process and every database agrees
on them.

Pairs of two function words ("of the") are left out: they are a tenth of all pairs and find nothing.

A posting is a fingerprint and the id of a text that has it, in one signed 64-bit number: one column, which is
its own index, and nearly half the disk that a pair of columns needs.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from codecs import utf_16_le_decode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

FIRST_BITS: Final = 18  # of the first word's code; so many words share one of 262,144 that few matter
SECOND_BITS: Final = 17
ID_BITS: Final = 28  # 268 million texts
ID_MASK: Final = (1 << ID_BITS) - 1
END: Final = 0  # no word has this code
TRIGRAMS_FROM: Final = 10_000_000  # quotes; beyond it too many short fragments have no rare pair

# A code point per word, for comparing texts word by word with functions made for strings. Below the
# surrogates, so that two bytes hold any of them; U+0000 is left out.
_RANKS: Final = 0xD7FF

_APOSTROPHES: Final = "'`\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4\u00ad\u200b\u200c\u200d\u2060\ufeff"
_MARKS: Final = "\u00a0\u00ab\u00bb\u2010\u2011\u2012\u2013\u2014\u2015\u201c\u201d\u201e\u2026\u202f"
_FOLD: Final = {code: " " for code in range(128) if not chr(code).isalnum()} | {
    **{ord(mark): " " for mark in _MARKS},
    **{ord(mark): None for mark in _APOSTROPHES},
}
_NOT_WORD: Final = re.compile(r"[\W_]+")
# Scripts written without spaces: each character is a word.
_UNSPACED: Final = re.compile(
    r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])"
)

_MULTIPLIERS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_MASK_64: Final = (1 << 64) - 1
_FIRST_MASK: Final = (1 << FIRST_BITS) - 1
_SECOND_MASK: Final = (1 << SECOND_BITS) - 1
_TRIPLE_SHIFT: Final = 64 - FIRST_BITS - SECOND_BITS

Codes = NDArray[np.int64]


def split_words(text: str) -> list[str]:
    """The words of a text as retrieval compares them, in order.

    Lower case, accents folded, apostrophes dropped, hyphens and all other marks between words.
    """
    folded = text.casefold().translate(_FOLD)
    if folded.isascii():  # most texts, once the marks are gone
        return folded.split()
    decomposed = unicodedata.normalize("NFKD", folded)
    # Folded again: the plain letter of a mathematical or full-width one may be a capital.
    bare = "".join([char for char in decomposed if not unicodedata.combining(char)]).casefold()
    return _NOT_WORD.sub(" ", _UNSPACED.sub(r" \1 ", bare)).split()


def encode_word(word: str) -> int:
    """A word's code, in 1 … 2**24 - 1."""
    return (zlib.crc32(word.encode("utf-8", "surrogatepass")) & 0xFFFFFF) or 1


# English only, and few: in another language a pair of such words is merely a common one.
_FUNCTION_WORDS: Final = (
    "the of and to in a that is we for on it this be as are with by have has its an at from"
)
_FUNCTION_CODES: Final = frozenset(encode_word(word) & _FIRST_MASK for word in _FUNCTION_WORDS.split())
_IS_FUNCTION_CODE: Final = np.zeros(1 << FIRST_BITS, dtype=bool)
_IS_FUNCTION_CODE[list(_FUNCTION_CODES)] = True


class WordCodes(dict[str, int]):
    """`encode_word` with a memory, for many texts or a long one. Bounded: it starts again once it is full."""

    LIMIT: Final = 400_000

    def __missing__(self, word: str) -> int:
        if len(self) >= self.LIMIT:
            self.clear()
        code = self[word] = encode_word(word)
        return code


def hash_words(words: Sequence[str]) -> int:
    """A signed 64-bit number that two texts share when their words are the same."""
    digest = blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def find_pairs(codes: Sequence[int]) -> list[int]:
    """The pairs of neighbours that are looked up, each once, in order of appearance.

    Without the one that ends the text: a fragment does not share it.
    """
    pairs = (
        (first & _FIRST_MASK) << SECOND_BITS | second & _SECOND_MASK
        for first, second in pairwise(codes)
        if not (first & _FIRST_MASK in _FUNCTION_CODES and second & _FIRST_MASK in _FUNCTION_CODES)
    )
    return list(dict.fromkeys(pairs))


def find_triples(codes: Sequence[int]) -> list[int]:
    """The triples of neighbours, each once, in order of appearance."""
    triples = zip(codes, codes[1:], codes[2:], strict=False)
    return list(dict.fromkeys(_hash_triple(*triple) for triple in triples))


def word_range(code: int) -> tuple[int, int]:
    """First and last number of the pairs that begin with a word."""
    first = (code & _FIRST_MASK) << SECOND_BITS
    return first, first | _SECOND_MASK


def posting_range(first_hash: int, last_hash: int | None = None) -> tuple[int, int]:
    """First and last posting that a fingerprint, or a range of them, can have."""
    last = first_hash if last_hash is None else last_hash
    return first_hash << ID_BITS, last << ID_BITS | ID_MASK


def rank_string(codes: Sequence[int]) -> str:
    """A text as a string with one code point per word; two words share one about once in 55,000."""
    return "".join([chr(code % _RANKS + 1) for code in codes])


def pack_ranks(codes: Codes) -> bytes:
    """`rank_string` of an array of codes as UTF-16, two bytes per word."""
    return (codes % _RANKS + 1).astype("<u2").tobytes()


def unpack_ranks(packed: bytes) -> str:
    """What `pack_ranks` packed, as `rank_string` gives it."""
    return utf_16_le_decode(packed)[0]  # bytes.decode looks the codec up again each time


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """Many texts, encoded together for the store."""

    families: list[int]  # `hash_words` of each
    ranks: list[bytes]  # `pack_ranks` of each
    codes: Codes  # all texts' words one after the other, `END` after each text
    lengths: Codes  # of each text in `codes`, its `END` included


def encode_texts(texts: Iterable[str], word_codes: WordCodes) -> EncodedTexts:
    """Encode many texts; about 15 µs for a sentence."""
    families: list[int] = []
    lengths: list[int] = []
    flat: list[int] = []
    for text in texts:
        words = split_words(text)
        families.append(hash_words(words))
        flat.extend(map(word_codes.__getitem__, words))
        flat.append(END)
        lengths.append(len(words) + 1)
    codes = np.array(flat, dtype=np.int64)
    packed = pack_ranks(codes)
    ends = np.cumsum(np.array(lengths, dtype=np.int64))
    ranks = [
        packed[2 * (end - length) : 2 * (end - 1)] for end, length in zip(ends.tolist(), lengths, strict=True)
    ]
    return EncodedTexts(families, ranks, codes, np.array(lengths, dtype=np.int64))


def find_postings(codes: Codes, lengths: Codes, ids: Codes, triples: bool) -> Codes:
    """All postings of many texts, in no order and with repeats.

    `codes` are the texts' words one after the other with `END` after each text; `lengths` count each text's
    codes, its `END` included; `ids` name the texts, below 2**28.
    """
    owner = np.repeat(ids, lengths)
    following = np.append(codes[1:], END)
    is_word = codes != END
    is_function_word = _IS_FUNCTION_CODE[codes & _FIRST_MASK]
    is_function_word[codes == END] = False
    is_pair = is_word & ~(is_function_word & np.append(is_function_word[1:], False))
    hashes = (codes & _FIRST_MASK) << SECOND_BITS | following & _SECOND_MASK
    postings: Codes = (hashes << ID_BITS | owner)[is_pair]
    if not triples:
        return postings
    third = np.append(following[1:], END)
    whole = is_word & (following != END) & (third != END)
    more = _hash_triples(codes[whole], following[whole], third[whole])
    return np.concatenate([postings, more << ID_BITS | owner[whole]])


def sort_distinct(codes: Codes) -> Codes:
    """The numbers in order, each once; NumPy's `unique` takes thirty times as long for 64-bit numbers."""
    ordered = np.sort(codes)
    differs = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=differs[1:])
    distinct: Codes = ordered[differs]
    return distinct


def _hash_triple(*words: int) -> int:
    mixed = 0
    for word, multiplier in zip(words, _MULTIPLIERS, strict=True):
        mixed = (mixed ^ word) * multiplier & _MASK_64
        mixed ^= mixed >> 29
    return -1 - (mixed >> _TRIPLE_SHIFT)


def _hash_triples(*words: Codes) -> Codes:
    mixed = np.zeros(len(words[0]), dtype=np.uint64)
    for word, multiplier in zip(words, _MULTIPLIERS, strict=True):
        mixed = (mixed ^ word.astype(np.uint64)) * np.uint64(multiplier)  # wraps, as meant
        mixed ^= mixed >> np.uint64(29)
    return -1 - (mixed >> np.uint64(_TRIPLE_SHIFT)).astype(np.int64)
