"""Gold spans on word pieces: labels and pointers the network is taught."""

from __future__ import annotations

import pytest

from service.extraction.tagger.encoding import Encoder, Marking, Place, Writing
from service.extraction.tagger.labels import LABELS
from service.extraction.tagger.layout import read_layout
from service.extraction.tagger.tagger import MODEL_FOLDER, TOKENIZER_FILE
from service.extraction.training.corpus import IGNORED, Article, Example, prepare
from service.text.plain import read_plain

TEXT = "“We’ll win,” OBAMA said in 2012.\nNobody knows."


@pytest.fixture(scope="module")
def example() -> Example:
    def span(words: str) -> list[int]:
        return [TEXT.index(words), TEXT.index(words) + len(words)]

    quotes = [{"content": [span("“We’ll win,”")], "cue": [span("said")], "source": [span("OBAMA")]}]
    encoder = Encoder(MODEL_FOLDER / TOKENIZER_FILE)
    return prepare(Article("a", TEXT, quotes), read_layout(read_plain(TEXT)), encoder)


def pieces(example: Example) -> list[str]:
    found = example.pieces
    return [TEXT[start:end] for start, end in zip(found.starts, found.ends, strict=True)]


def test_labels_lie_on_the_words(example: Example) -> None:
    labels = {
        piece: LABELS[label]
        for piece, label in zip(pieces(example), example.targets.labels, strict=True)
        if label != IGNORED
    }
    assert labels["“"] == "B-content"
    assert labels["We"] == labels["”"] == "I-content"
    assert labels["OBAMA"] == "B-source"
    assert labels["said"] == "B-cue"
    assert labels["2012"] == labels["Nobody"] == "O"


def test_contents_point_to_their_cue_and_it_to_its_source(example: Example) -> None:
    words = pieces(example)
    assert words[example.targets.cue_of[words.index("win")]] == "said"
    assert words[example.targets.source_of[words.index("said")]] == "OBAMA"
    assert example.targets.cue_of[words.index("Nobody")] == IGNORED


def test_features_tell_what_an_uncased_encoder_cannot_see(example: Example) -> None:
    words, found = pieces(example), example.pieces
    assert [found.marking[words.index(word)] for word in ("“", "win", "said")] == [
        Marking.MARK,
        Marking.INSIDE,
        Marking.OUTSIDE,
    ]
    assert [found.writing[words.index(word)] for word in ("OBAMA", "Nobody", "said", "2012", ".")] == [
        Writing.CAPITALS,
        Writing.CAPITALISED,
        Writing.LOWER,
        Writing.NUMBER,
        Writing.SYMBOL,
    ]
    assert [found.place[words.index(word)] for word in ("“", "said", "Nobody")] == [
        Place.DOCUMENT,
        Place.INNER,
        Place.PARAGRAPH,
    ]
