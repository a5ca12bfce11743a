"""Rough stems of English words."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from service.english.word_classes import word_set

_ENDINGS: Final = word_set("ations ation ments ment ings ing ies ied ers ed es er ly s e y")
_BY_LENGTH: Final = tuple(sorted(_ENDINGS, key=lambda ending: (-len(ending), ending)))
_SHORTEST_STEM: Final = 3
# What a stem does not show: the past and participle of the commonest irregular verbs, plurals, comparatives.
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
