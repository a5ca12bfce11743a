"""`extract()` on any text at all: it answers, and its answer is sound."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extraction import ENGINE, Extraction, extract
from service.text import read_document
from service.text.document import Block, Document
from service.text.plain import read_plain
from service.text.span import join_spans
from tests.apps import lithium_talks, rare_earths

PHRASES = [
    "“We will win,” she said.",
    '"No,"',
    "Smith said",
    "according to the Ministry",
    "\n\n",
    "“",
    "”",
    "'",
    "‘",
    "«",
    "``",
    "''",
    "The road is closed.",
    "\u202e",
    "😀",
    "\x00",
    "\ud800",
    "שלום",
    "he told reporters:",
]

HOSTILE = {
    "nothing": "",
    "white space": " \n\t\r\n ",
    "only marks": "“”\"‘’'«»``''" * 400,
    "opening marks": "“" * 5_000,
    "straight marks": '"' * 5_001,
    "unbalanced": "“He said ‘no and left. " * 100,
    "one long line": "he said that the end is near and " * 6_100,
    "one long word": "a" * 200_000,
    "right to left": "אמר ראש הממשלה: \u202e“לא נסכים”\u202c. " * 20,
    "emoji": "“😀👩‍👩‍👧‍👦” said 🦊. " * 50,
    "null": "“No\x00,” she\x00 said.\x00",
    "lone surrogates": "“We \ud800 will,” \udfff she said.",
    "combining": "“é́́́,” said Ze\u0301lie. " * 20,
    "line ends": "“We will,”\r\nshe said.\u2028“Now.”\x85\v\f",
}


def assert_sound(document: Document, extraction: Extraction) -> None:
    size = len(document.text)
    previous = -1
    for found in extraction.quotations:
        assert found.content
        assert found.content[0].start >= previous, "in text order"
        previous = found.content[0].start
        for spans in (found.content, found.cue, found.source, found.passages):
            for span in spans:
                assert 0 <= span.start < span.end <= size
            for left, right in pairwise(spans):
                assert left.end <= right.start, "spans of one role never overlap"
        for passage in found.passages:
            assert any(span.contains(passage) for span in found.content)
        assert (found.type == "indirect") == (not found.passages)
        assert 0 <= found.speaker.confidence <= 1
    contents = sorted(span for found in extraction.quotations for span in found.content)
    for left, right in pairwise(contents):
        assert left.end <= right.start, "no words are quoted twice"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_answered(text: str) -> None:
    document = read_plain(text)
    assert_sound(document, extract(document))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    document = read_plain(text)
    assert_sound(document, extract(document))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PHRASES), max_size=25).map(" ".join))
def test_any_mix_of_marks_and_speech_is_answered(text: str) -> None:
    document = read_plain(text)
    assert_sound(document, extract(document))


def test_an_extraction_is_the_same_each_time_and_in_each_thread() -> None:
    document = read_document(lithium_talks()["body_markdown"], "markdown")
    first = extract(document)
    answers: list[Extraction] = []
    threads = [threading.Thread(target=lambda: answers.append(extract(document))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [first] * 4


def test_the_engine_is_named() -> None:
    assert extract(read_plain("“Yes,” she said.")).engine == ENGINE
    assert len(ENGINE) < 64


def test_another_language_gives_its_marked_quotations_and_says_so() -> None:
    text = (
        "Der Minister hat am Montag in Berlin gesagt, dass die Steuern nicht steigen werden. „Wir werden das nicht "
        "zulassen“, sagte er nach der Sitzung des Kabinetts. Die Opposition ist mit dem Plan nicht einverstanden."
    )
    extraction = extract(read_plain(text))
    assert extraction.language == "de"
    assert [found.content[0].of(text) for found in extraction.quotations] == ["Wir werden das nicht zulassen"]
    assert [found.speaker.name for found in extraction.quotations] == [None]
    assert extraction.notes


def test_a_block_quotation_is_quoted() -> None:
    text = "The mayor wrote on his page:\n\nWe will open the shelters tonight and keep them open all week.\n\nThen it snowed."
    at = text.index("We will")
    end = text.index("\n\nThen")
    blocks = (
        Block(0, at - 2, "paragraph"),
        Block(at, end, "blockquote"),
        Block(end + 2, len(text), "paragraph"),
    )
    found = extract(Document(text, blocks)).quotations
    assert [(quote.type, quote.content) for quote in found] == [("direct", ((at, end),))]
    assert found[0].source[0].of(text) == "The mayor"


@pytest.fixture(scope="module")
def first_article() -> Document:
    return read_document(rare_earths()["body_markdown"], "markdown")


@pytest.fixture(scope="module")
def first_extraction(first_article: Document) -> Extraction:
    return extract(first_article)


@pytest.mark.corpora
class TestTheFirstArticle:
    @pytest.mark.parametrize(
        ("words", "source", "kind"),
        [
            ("Begin Talks on Rare Earth Metals", "Putin Envoy", "indirect"),
            ("have started discussions on developing reserves", "special envoy", "indirect"),
            ("Rare earth metals are an important area for cooperation", "Kirill Dmitriev", "direct"),
            ("a number of companies had expressed interest", "Dmitriev", "indirect"),
            ("Moscow was open to working with Washington", "Putin", "indirect"),
            ("American and Russian companies were already “in touch”", "the Kremlin leader", "mixed"),
            ("“trying to back out of the rare earth deal”", "Trump", "mixed"),
            ("with “far more” reserves than Ukraine", "Putin", "mixed"),
            ("658 million metric tons", "Natural Resources Ministry", "indirect"),
        ],
    )
    def test_who_said_what(
        self, first_article: Document, first_extraction: Extraction, words: str, source: str, kind: str
    ) -> None:
        text = first_article.text
        found = [quote for quote in first_extraction.quotations if words in join_spans(text, quote.content)]
        assert len(found) == 1
        assert source in join_spans(text, found[0].source)
        assert found[0].type == kind

    def test_who_passed_the_words_on(self, first_extraction: Extraction) -> None:
        assert [quote.via.name for quote in first_extraction.quotations if quote.via] == ["Izvestia"]
