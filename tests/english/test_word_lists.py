"""Every entry of a word list is lower case, stands once, and is reached by the code that uses the list."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import service.english
from service.english import abbreviations, numerals, word_classes
from service.english.abbreviations import is_abbreviation
from service.english.numerals import is_number_key, read_numeral
from service.english.spelling import unify_spelling
from service.matching.normalise.levels import normalise, split_forms

MODULES = sorted(Path(service.english.__file__).parent.glob("*.py"))
#: Functions that split a text into the entries of a list.
SPLITTERS = {"word_set", "_listed", "_numbered"}
ALTERNATIVES = re.compile(r"[a-z]+(?:\|[a-z]+){2,}")
CLASSES = [name for name, value in vars(word_classes).items() if name.isupper() and type(value) is frozenset]


def find_lists(source: str) -> Iterator[list[str]]:
    """The entries of each list in a module: of texts that are split, of alternatives, of dictionaries."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPLITTERS:
            yield [str(word) for word in ast.literal_eval(node.args[0]).split()]
        elif isinstance(node, ast.Dict):
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            yield [key for key in keys if isinstance(key, str)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (found.split("|") for found in ALTERNATIVES.findall(node.value))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_entries_are_lower_case_and_stand_once(path: Path) -> None:
    lists = list(find_lists(path.read_text(encoding="utf-8")))
    assert [word for words in lists for word in words if word != word.lower()] == []
    assert [word for words in lists for word, count in Counter(words).items() if count > 1] == []


def test_a_repeated_entry_is_noticed() -> None:
    lists = list(find_lists('A = word_set("a b a")\nB = re.compile("(x|y|x)")\nC = {"k": 1, "k": 2}'))
    assert [Counter(words).most_common(1)[0] for words in lists] == [("a", 2), ("k", 2), ("x", 2)]


@pytest.mark.parametrize("name", CLASSES)
def test_the_words_of_a_class_are_found_as_a_text_has_them(name: str) -> None:
    words = vars(word_classes)[name]
    assert {word for word in words if split_forms(word) != [word]} == set()


@pytest.mark.parametrize("british", sorted(word_classes.SPELLINGS))
def test_a_listed_spelling_is_unified(british: str) -> None:
    american = word_classes.SPELLINGS[british]
    assert split_forms(british) == [british]
    assert unify_spelling(british) == american != british
    assert unify_spelling(american) == american


@pytest.mark.parametrize("word", sorted(word_classes.IRREGULAR_CONTRACTIONS))
def test_an_irregular_contraction_is_read_as_its_words(word: str) -> None:
    assert tuple(normalise(word).keys.forms) == word_classes.IRREGULAR_CONTRACTIONS[word]


@pytest.mark.parametrize("word", sorted(numerals.NUMBER_WORDS))
def test_a_number_word_is_read_as_a_number(word: str) -> None:
    forms = ["one", word] if word in numerals._SCALES else [word]
    read = read_numeral(forms, 0, [True] * len(forms))
    assert read is not None
    assert read.length == len(forms)
    assert is_number_key(read.key)


@pytest.mark.parametrize("word", sorted(abbreviations.BEFORE_NAME))
def test_a_title_does_not_end_a_sentence(word: str) -> None:
    text = f"Then {word.capitalize()}"
    assert is_abbreviation(text, len(text), "Smith", 0)


@pytest.mark.parametrize("word", sorted(abbreviations.BEFORE_NUMBER))
def test_an_abbreviation_before_a_number_does_not_end_a_sentence(word: str) -> None:
    text = f"Then {word}"
    assert is_abbreviation(text, len(text), "12", 0)
    assert not is_abbreviation(text, len(text), "Smith", 0)


@pytest.mark.parametrize("word", sorted(abbreviations.ANYWHERE))
def test_an_abbreviation_ends_a_sentence_before_a_word_that_starts_one_only(word: str) -> None:
    text = f"Then {word}"
    assert is_abbreviation(text, len(text), "spoke", 0)
    assert {start for start in abbreviations.STARTERS if is_abbreviation(text, len(text), start, 0)} == set()
