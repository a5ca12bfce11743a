"""The anchoring alone, over made-up documents: what is marked has the right words, always."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from service.text.html import read_html
from tests.browser.extension.browsing import SOURCE

EXAMPLES = settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
FEW_WORDS = st.sampled_from(
    ["the", "pier", "is", "not", "for", "sale", "she", "said", "and", "it", "was", "so", "port"]
)
SPACES = st.sampled_from([" ", "\u00a0", "  ", "\n ", "\t", " \u200b", "\u202f", " \u00ad"])
TAGS = st.sampled_from(["", "b", "i", "em", "a", "span", "mark", "bdi"])
MARKED = """([html, text, quotes]) => {
    document.body.innerHTML = html;
    const reading = verbatim.read(document.body);
    const answer = { text, quotes: quotes.map((spans) => ({ content: { spans } })) };
    const before = (piece) => {
        const range = document.createRange();
        range.setStart(document.body, 0);
        range.setEnd(piece.node, piece.start);
        return String(range);
    };
    return verbatim.anchor(answer, reading).map((pieces) => pieces && {
        words: pieces.map(({ node, start, end }) => node.data.slice(start, end)).join(""), before: before(pieces[0]) });
}"""


@pytest.fixture(scope="module")
def view(browser: Browser) -> Iterator[Page]:
    """A blank page with the two modules in it."""
    context = browser.new_context()
    page = context.new_page()
    for name in ("reading", "anchoring"):
        page.add_script_tag(path=SOURCE / "content" / f"{name}.js")
    yield page
    context.close()


def bare(text: str) -> str:
    """Without white space and what is invisible."""
    return "".join(text.split()).translate({ord(one): None for one in "\u00ad\u200b\u2060\ufeff"})


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A document as HTML, and its paragraphs' words. Few different words: everything stands there twice."""
    paragraphs = draw(st.lists(st.lists(FEW_WORDS, min_size=1, max_size=14), min_size=1, max_size=6))
    blocks = []
    for words in paragraphs:
        pieces = []
        for index, word in enumerate(words):
            tag = draw(TAGS)
            space = draw(SPACES) if index else ""
            inner = f"{word[:2]}\u00ad{word[2:]}" if draw(st.booleans()) else word
            pieces.append(f"{space}<{tag}>{inner}</{tag}>" if tag else space + inner)
        blocks.append(f"<p>{''.join(pieces)}</p>")
    return "".join(blocks), paragraphs


@st.composite
def quoted(draw: st.DrawFn) -> tuple[str, str, list[dict[str, int]]]:
    """A document, its text as the service would have it, and spans of whole words in that."""
    html, paragraphs = draw(articles())
    text = "\n\n".join(" ".join(words) for words in paragraphs)
    spans = []
    for _ in range(draw(st.integers(1, 4))):
        number = draw(st.integers(0, len(paragraphs) - 1))
        words = paragraphs[number]
        first = draw(st.integers(0, len(words) - 1))
        last = draw(st.integers(first, len(words) - 1))
        begin = sum(len(" ".join(one)) + 2 for one in paragraphs[:number])
        start = begin + len("".join(f"{word} " for word in words[:first]))
        spans.append({"start": start, "end": start + len(" ".join(words[first : last + 1]))})
    return html, text, spans


#: Short, and all words but two stand there twice: "the pier" has 15 characters around it.
PIER = ("<p>the the pier</p><p>the the it</p>", "the the pier\n\nthe the it", [{"start": 4, "end": 12}])


@EXAMPLES
@given(quoted())
@example(PIER)
def test_on_the_page_that_was_sent_words_and_place_are_right(
    view: Page, made: tuple[str, str, list[Any]]
) -> None:
    html, text, spans = made
    found = view.evaluate(MARKED, [html, text, [[span] for span in spans]])
    for span, mark in zip(spans, found, strict=True):
        exact = text[span["start"] : span["end"]]
        if mark is not None:
            assert bare(mark["words"]) == bare(exact)
            assert bare(mark["before"]) == bare(text[: span["start"]]), "another place with the same words"
        else:  # only of words that stand there many times it is not sure which are meant
            alike = re.findall(f"(?={re.escape(bare(exact))})", bare(text))  # also over the ends of blocks
            assert len(alike) > 1


def test_the_only_words_of_a_short_page_are_found(view: Page) -> None:
    html, text, spans = PIER
    [found] = view.evaluate(MARKED, [html, text, [spans]])
    assert (found["words"], found["before"]) == ("the pier", "the ")
    changed = html.replace("the it", "the port")
    assert view.evaluate(MARKED, [changed, text, [spans]]) == [None]


@EXAMPLES
@given(quoted(), st.data())
def test_on_a_page_that_has_changed_the_words_are_right(
    view: Page, made: tuple[str, str, list[Any]], data: st.DataObject
) -> None:
    html, text, spans = made
    blocks = html.replace("</p>", "</p>\n").splitlines()
    changed = data.draw(st.permutations(blocks))[: data.draw(st.integers(0, len(blocks)))]
    other = data.draw(articles())[0]
    page = "".join([*changed, other] if data.draw(st.booleans()) else [other, *changed])
    for span, mark in zip(
        spans, view.evaluate(MARKED, [page, text, [[span] for span in spans]]), strict=True
    ):
        if mark is not None:
            assert bare(mark["words"]) == bare(text[span["start"] : span["end"]])


@EXAMPLES
@given(quoted(), st.sampled_from(["never", "x", "🐟"]))
def test_a_word_put_in_is_never_marked_over(view: Page, made: tuple[str, str, list[Any]], word: str) -> None:
    _, text, spans = made
    span = spans[0]
    middle = text.find(" ", span["start"], span["end"])
    assume(middle > 0 and text.count(text[span["start"] : span["end"]]) == 1)
    changed = "".join(
        f"<p>{escape(one)}</p>" for one in f"{text[:middle]} {word}{text[middle:]}".split("\n\n")
    )
    assert view.evaluate(MARKED, [changed, text, [[span]]]) == [None]


ODD = st.text(
    st.sampled_from("ab “”'’.,-–é\u0301\u00a0\u00ad\u200b\u200d\u200f\u2003\u3000\n\t🐟<&\"א"),
    min_size=1,
    max_size=12,
)


@st.composite
def markup(draw: st.DrawFn, depth: int = 3) -> str:
    """Blocks and inline elements as they come, with odd characters."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        name = draw(
            st.sampled_from(
                ["p", "div", "h2", "li", "blockquote", "b", "span", "a", "q", "br", "", "", "nav", "td"]
            )
        )
        inner = draw(markup(depth=depth - 1)) if depth and name and draw(st.booleans()) else escape(draw(ODD))
        parts.append("<br>" if name == "br" else f"<{name}>{inner}</{name}>" if name else inner)
    return "".join(parts)


@EXAMPLES
@given(markup())
def test_a_page_is_read_as_the_service_reads_what_is_sent_of_it(view: Page, html: str) -> None:
    words, sent = view.evaluate(
        "(html) => { document.body.innerHTML = html; const { text, html: sent } = verbatim.read(document.body); return [text, sent]; }",
        html,
    )
    served = read_html(sent).text
    assert view.evaluate("(text) => verbatim.fold(text).text", served) == words


@EXAMPLES
@given(st.text(st.sampled_from("ab \n\u00a0\u00ad\u200b🐟é"), max_size=40))
def test_folded_places_are_those_of_the_same_characters(view: Page, text: str) -> None:
    folded = view.evaluate("(text) => verbatim.fold(text)", text)
    units = folded["text"].encode("utf-16-le")
    for index, point in enumerate(text):
        start, end = folded["starts"][index], folded["ends"][index]
        if bare(point):
            assert units[2 * start : 2 * end].decode("utf-16-le") == point
