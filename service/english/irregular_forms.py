"""Irregular forms of English words, each with the word that it is a form of: "said" of "say"."""

from __future__ import annotations

from typing import Final

from service.english.word_lists import read_word_pairs

_FORMS: Final = read_word_pairs("service.english", "irregular_forms.txt")
VERBS: Final = _FORMS["verbs"]
AUXILIARIES: Final = _FORMS["auxiliaries"]
NOUNS: Final = _FORMS["nouns"]
COMPARATIVES: Final = _FORMS["comparatives"]
