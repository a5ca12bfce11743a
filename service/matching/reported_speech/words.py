"""The content words of a text as reported speech is compared: stems with their rarity, numbers, denials, names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from service.english.numerals import is_number_key
from service.english.word_classes import FILLERS, FUNCTION_WORDS, MODALS, NEGATIONS, word_set
from service.english.word_frequency import load_word_bits
from service.matching.common_words import NUMBER_BITS
from service.matching.normalise.levels import NormalisedText, normalise

_NO_CONTENT: Final = FUNCTION_WORDS | FILLERS | NEGATIONS | MODALS | word_set(
    "is has would said say says tell told going got get just really very also thing things s"
)
_ENDINGS: Final = word_set("ations ation ments ment ings ing ies ied ers ed es er ly s e y")
_BY_LENGTH: Final = tuple(sorted(_ENDINGS, key=lambda ending: (-len(ending), ending)))
_SHORTEST_STEM: Final = 3
# What a stem does not show: the past and participle of the commonest irregular verbs, plurals, comparatives.
_IRREGULAR: Final = dict(
    pair.split(":")
    for pair in """
    went:go gone:go made:make took:take taken:take gave:give given:give came:come saw:see seen:see knew:know
    known:know thought:think found:find left:leave felt:feel kept:keep held:hold brought:bring began:begin
    begun:begin wrote:write written:write stood:stand heard:hear meant:mean met:meet ran:run paid:pay
    spoke:speak spoken:speak led:lead grew:grow grown:grow lost:lose fell:fall fallen:fall sent:send
    built:build understood:understand drew:draw drawn:draw broke:break broken:break spent:spend rose:rise
    risen:rise drove:drive driven:drive bought:buy chose:choose chosen:choose fought:fight taught:teach
    caught:catch sold:sell won:win became:become children:child men:man women:woman better:good best:good
    worse:bad worst:bad threw:throw thrown:throw flew:fly shown:show stole:steal stolen:steal struck:strike
    """.split()
)


@lru_cache(maxsize=65_536)
def stem_word(form: str) -> str:
    """A rough stem, the same for "promise", "promised" and "promises"."""
    form = _IRREGULAR.get(form, form)
    if not form.isascii() or form.startswith("#"):
        return form
    for ending in _BY_LENGTH:
        if form.endswith(ending) and len(form) - len(ending) >= _SHORTEST_STEM:
            stem = form[: -len(ending)]
            doubled = len(stem) > _SHORTEST_STEM and stem[-1] == stem[-2] and stem[-1] not in "ls"
            return stem[:-1] if doubled else stem
    return form


@dataclass(frozen=True, slots=True)
class WordSet:
    """The words of a text. `content` maps the stem of each content word to the word (level N4)."""

    keys: tuple[str, ...]
    content: dict[str, str]
    numbers: frozenset[str]
    forms: frozenset[str]  # level N3, possessives as the bare word too
    names: frozenset[str]

    def bits_shared_with(self, other: WordSet) -> float:
        """Bits of the content words and numbers that both have."""
        return sum(bits_of(word) for stem, word in self.content.items() if stem in other.content)


def bits_of(word: str) -> float:
    """The surprise of one word (level N4)."""
    return NUMBER_BITS if is_number_key(word) else load_word_bits()[word]


@lru_cache(maxsize=8_192)
def read_words(text: str) -> WordSet:
    """Read a text; the same sentences come back with many claims."""
    read = normalise(text)
    keys = tuple(read.keys.forms)
    content: dict[str, str] = {}
    for key in keys:
        if key not in _NO_CONTENT:
            content.setdefault(stem_word(key), key)
    forms = frozenset(read.forms) | {form.partition("'")[0] for form in read.forms}
    numbers = frozenset(key for key in keys if is_number_key(key) and key != "#1")
    return WordSet(keys, content, numbers, forms, frozenset(_find_names(text, read)))


def _find_names(text: str, read: NormalisedText) -> set[str]:
    """Words with a capital that no sentence's beginning explains."""
    names = set()
    for at in read.capitals:
        form = read.forms[at].partition("'")[0]
        before = text[: read.spans[at][0]].rstrip()
        opens = not before or before[-1] in ".!?:;…\"“”‘"
        if not opens and len(form) > 1 and form not in FUNCTION_WORDS and form not in FILLERS:
            names.add(form)
    return names
