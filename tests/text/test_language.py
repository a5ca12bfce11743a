"""The language of a text: sentences and headlines in many languages, and English of many kinds."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text import language
from service.text.language import recognise_language
from tests.accuracy.own_articles import read_own_articles
from tests.selection import corpora_path

HERE = Path(__file__).parent


def read_lines(name: str) -> list[tuple[str, str, str]]:
    """The language, kind and text of each line of a labelled file."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [(code, kind, text) for code, kind, text in (line.split("\t") for line in lines)]


# The weight of English was chosen on the first file, and nothing on the second.
@pytest.mark.parametrize(("name", "least"), [("languages.tsv", 123), ("languages_unseen.tsv", 50)])
def test_languages_are_recognised(name: str, least: int) -> None:
    lines = read_lines(name)
    wrong = [(code, text) for code, _, text in lines if recognise_language(text) != code]
    assert len(lines) - len(wrong) >= least, wrong


def test_whole_sentences_are_all_recognised() -> None:
    lines = read_lines("languages.tsv")
    assert len({code for code, _, _ in lines}) > 40
    sentences = [(code, text) for code, kind, text in lines if kind in ("long", "quote", "legal")]
    assert len(sentences) > 70
    assert [text for code, text in sentences if recognise_language(text) != code] == []


@pytest.mark.parametrize("text", ["", "   ", "42 % — 17:30", "!!!", "“”", "???? 100"])
def test_texts_without_letters_have_no_language(text: str) -> None:
    assert recognise_language(text) is None


def test_no_language_is_guessed_from_letters_of_none() -> None:
    assert recognise_language("qxj vzk wqq jjx zzq") is None


def test_the_model_is_loaded_only_if_the_english_test_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = language._LazyIdentifier()
    monkeypatch.setattr(language, "_identifier", fresh)
    assert recognise_language("The mayor said that she would not be there.") == "en"
    assert fresh._loaded is None
    assert recognise_language("Le maire refuse de démissionner") == "fr"
    assert fresh._loaded is not None


def test_quoted_foreign_words_do_not_change_the_language():
    text = "The chancellor said she had told them: “Wir schaffen das, und das ist gut so.” They cheered for a while."
    assert recognise_language(text * 3) == "en"


def test_our_own_articles_are_english():
    texts = [article.text for article in read_own_articles()]
    assert len(texts) >= 12
    assert {recognise_language(text) for text in texts} == {"en"}


@pytest.mark.corpora
@pytest.mark.parametrize("part", ["train", "dev"])
def test_english_news_is_never_taken_for_another_language(part):
    with gzip.open(corpora_path(f"data/polnear/{part}.jsonl.gz"), "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    assert {recognise_language(text) for text in texts} == {"en"}
    assert {recognise_language(text.split("\n", 1)[0]) for text in texts} <= {"en", None}


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text):
    answer = recognise_language(text)
    assert answer is None or answer.isascii()
