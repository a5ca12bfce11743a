"""Stems of English words, by the Snowball stemmer (Porter 2)."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Final

import Stemmer

from service.english.word_classes import word_set

# Forms that the stemmer does not reduce: common irregular verbs, plurals and comparatives.
_IRREGULAR: Final = dict(
    pair.split(":")
    for pair in word_set(
        """
    went:go gone:go made:make took:take taken:take gave:give given:give came:come saw:see seen:see
    knew:know known:know thought:think found:find left:leave felt:feel kept:keep held:hold
    brought:bring began:begin begun:begin wrote:write written:write stood:stand heard:hear
    meant:mean met:meet ran:run paid:pay spoke:speak spoken:speak led:lead grew:grow grown:grow
    lost:lose fell:fall fallen:fall sent:send built:build understood:understand drew:draw drawn:draw
    broke:break broken:break spent:spend rose:rise risen:rise drove:drive driven:drive bought:buy
    chose:choose chosen:choose fought:fight taught:teach caught:catch sold:sell won:win
    became:become children:child men:man women:woman better:good best:good worse:bad worst:bad
    threw:throw thrown:throw flew:fly shown:show stole:steal stolen:steal struck:strike
        """
    )
)


class _ThreadStemmer(threading.local):
    """A stemmer for each thread: it keeps state while it works."""

    def __init__(self) -> None:
        self.stem = Stemmer.Stemmer("english").stemWord


_stemmer: Final = _ThreadStemmer()


@lru_cache(maxsize=65_536)
def stem_word(form: str) -> str:
    """The stem of a word in lower case, the same for "promise", "promised" and "promises"."""
    form = _IRREGULAR.get(form, form)
    if not form.isascii() or form.startswith("#"):
        return form
    stem: str = _stemmer.stem(form)
    return stem
