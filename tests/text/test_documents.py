"""Plain text, HTML and Markdown in: what is left, and properties that hold on any string."""

from __future__ import annotations

import html
from collections.abc import Callable
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text import Document, Format, read_document
from tests.apps import lithium_talks, rare_earths

FORMATS: tuple[Format, ...] = get_args(Format)


def blocks_of(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def words_of(body: str, format: Format = "html") -> list[str]:
    return [words for _, words in blocks_of(read_document(body, format))]


CMS_BODY = """<!DOCTYPE html><html lang="en-US"><head><title>Site</title><style>p{}</style></head><body>
<nav><a href="/">Home</a></nav><article><h1>Big <em>news</em>&nbsp;today</h1>
<figure><img src="x.jpg" alt="alt text"/><figcaption>A caption, “quoted”.</figcaption></figure>
<p>&ldquo;We<b> wi</b>ll&rdquo;, he <a href="x">sa<i>id</i></a>.<br>
   Next line&shy;s.</p><p class="wp-caption-text">Caption</p><aside>Aside</aside>
<blockquote><p>One.</p><p>Two.</p><footer>— <cite>Someone</cite></footer></blockquote>
<ul><li>Item <i>one</i><li>Item two</ul>
<p>A fact.<sup><a href="#fn1">1</a></sup> And <q>a <q>nested</q> quote</q>.</p>
<p style="display : none">hidden</p><p hidden>hidden</p><span aria-hidden="true">x</span>
<script>alert("x")</script><noscript><img></noscript><svg><text>svg</text></svg><template><p>t</p></template>
<iframe src="x">frame</iframe><button>Share</button><form><p>Email</p></form></article><footer>Copyright</footer>"""


def test_a_cms_body() -> None:
    document = read_document(CMS_BODY, "html")
    assert document.language == "en-US"
    assert blocks_of(document) == [
        ("heading", "Big news today"),
        ("paragraph", "“We will”, he said.\nNext lines."),
        ("blockquote", "One."),
        ("blockquote", "Two."),
        ("citation", "— Someone"),
        ("list_item", "Item one"),
        ("list_item", "Item two"),
        ("paragraph", "A fact. And “a ‘nested’ quote”."),
    ]
    assert document.text == "\n\n".join(words for _, words in blocks_of(document))


@pytest.mark.parametrize(
    "body, expected",
    [
        ("a <b>b</b>c<span> </span>d", ["a bc d"]),
        ("<p>A</p>text<p>B<p>C", ["A", "text", "B", "C"]),
        ("a<br><br>b<br>c", ["a", "b\nc"]),
        ("<p> &nbsp;\u200b </p><p>\ufeffx&nbsp;&nbsp;y</p>", ["x y"]),
        ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
        ("<pre>a\n  b\r\nc</pre>", ["a\n  b\nc"]),
        ("<table><tr><td>a</td><td>b</td></tr></table>", ["a", "b"]),
        ("1 &lt; 2 &amp;&amp; 3 &#8217; &hellip; &notit;", ["1 < 2 && 3 ’ … ¬it;"]),
        ("<p>said<sup>2</sup> x<sup><a href='http://e.org'>n</a></sup>", ["said2 xn"]),
        ("<figure><blockquote>Kept.</blockquote><p>Not kept.</p></figure>", ["Kept."]),
        ("", []),
        ("<!-- only -->", []),
    ],
)
def test_html_text(body: str, expected: list[str]) -> None:
    assert words_of(body) == expected


DROPPED = {
    "related link": '<p><strong>Related article:</strong> <a href="y">Trump Says ‘Very Angry’</a></p>',
    "label within the link": '<p><a href="y">READ MORE: Something else</a></p>',
    "see also": 'See also: <a href="y">One</a>, <a href="z">Two</a>',
    "read the rest": 'Read the full story <a href="y">here</a>.',
    "heading and list": "<h3>Related articles</h3><ul><li><a href=1>One</a></li><li><a href=2>Two</a></li></ul>",
    "bare address": "<p>https://t.co/abc</p>",
    "address with label": '<p>Original url: <a href="https://a.b/c">https://a.b/c</a></p>',
    "agency": "<p>Jane Doe / Getty Images</p>",
    "agency without spaces": "<p>The president on Monday. Evan Vucci/AP</p>",
    "credit line": "<p>(AP Photo/Evan Vucci)</p>",
    "advertisement": "<p>Advertisement</p>",
    "caption in italics": "<p><img src=x><em>Mr. Trump in Ohio.</em></p>",
    "caption below": "<p><img src=x></p><p><em>Mr. Trump in Ohio.</em></p>",
    "pull quote": '<figure class="wp-block-pullquote"><blockquote>Again.</blockquote></figure>',
}
KEPT = {
    "links in a sentence": (
        '<p>Read <a href="x">the letter</a> that he sent.</p>',
        "Read the letter that he sent.",
    ),
    "a sentence of links": ('<p><a href="x">Trump said no.</a></p>', "Trump said no."),
    "related as a word": ("<p>Related parties met.</p>", "Related parties met."),
    "slash": (
        "<p>He works for the AP / Reuters desk in Rome.</p>",
        "He works for the AP / Reuters desk in Rome.",
    ),
    "address in a sentence": ("<p>See https://a.b/c for more.</p>", "See https://a.b/c for more."),
    "emphasis": ("<p><em>He left,</em> she said.</p>", "He left, she said."),
    "bold heading after an image": ("<p><img src=x></p><p><b>What now?</b></p>", "What now?"),
    "italics without image": ("<p>x</p><p><em>“No,” she said.</em></p>", "x\n\n“No,” she said."),
}


@pytest.mark.parametrize("case", DROPPED)
def test_what_is_about_the_page_leaves_nothing(case: str) -> None:
    assert words_of(f"<p>Before.</p>{DROPPED[case]}<p>After.</p>") == ["Before.", "After."]


@pytest.mark.parametrize("case", KEPT)
def test_what_belongs_to_the_article_stays(case: str) -> None:
    body, expected = KEPT[case]
    assert read_document(body, "html").text == expected


@pytest.mark.parametrize(
    "body, language",
    [
        ('<html lang="de">x', "de"),
        ('<body lang="fr-CA">x', "fr-CA"),
        ('<div lang="pt_BR"><p>x</div>', "pt-BR"),
        ('<p lang="de">x</p><p>y</p>', None),
        ('<html lang="not a language">x', None),
        ("x", None),
    ],
)
def test_declared_language(body: str, language: str | None) -> None:
    assert read_document(body, "html").language == language


def test_the_senders_language_wins() -> None:
    assert read_document('<html lang="de">x', "html", "en").language == "en"


MARKDOWN = """# A *title*

![alt](x.jpg)
*A caption by someone*

Text *em* **b** [said](#), [ref] and <https://e.com/a>.
soft “Quote's”

> quote
> more

- a
- b

[ref]: http://x

    indented

"A\\"b" &amp; -- ... <b>bold</b> <script>x</script>

---

**Related article:** [Other](x)

Original url:

<https://a.b/c>
"""


def test_markdown() -> None:
    assert blocks_of(read_document(MARKDOWN, "markdown")) == [
        ("heading", "A title"),
        ("paragraph", "Text em b said, ref and https://e.com/a. soft “Quote's”"),
        ("blockquote", "quote more"),
        ("list_item", "a"),
        ("list_item", "b"),
        ("paragraph", "indented"),
        ("paragraph", '"A"b" & -- ... bold'),
    ]


def test_tex_quotes_in_markdown_are_not_code() -> None:
    assert words_of("``We go,'' he said. ``And stay.''", "markdown") == ["``We go,'' he said. ``And stay.''"]
    assert words_of("Run `make` now.", "markdown") == ["Run make now."]


@pytest.mark.parametrize(
    ("article", "sentence", "blocks"),
    [
        (lithium_talks, "special envoy for foreign trade said Monday.", 12),
        pytest.param(rare_earths, "investment cooperation said Monday.", 12, marks=pytest.mark.corpora),
    ],
)
def test_an_article_with_what_a_page_has_around_it(
    article: Callable[[], dict[str, Any]], sentence: str, blocks: int
) -> None:
    document = read_document(article()["body_markdown"], "markdown")
    assert document.blocks[0].kind == "heading"
    assert sentence in document.text
    assert document.text.count("\n\n") == len(document.blocks) - 1 == blocks - 1
    for trace in (
        "](",
        "**",
        "#",
        "<",
        "http",
        "Related article",
        "Original url",
        "Photo",
        "Angry",
        "Annoyed",
    ):
        assert trace not in document.text


ANY = st.text(max_size=200) | st.text(alphabet="<>/ab pdivq=\"'!-&;#*_`[]()\n \\~+1.", max_size=200)


@given(ANY, st.sampled_from(FORMATS))
def test_blocks_are_in_order_apart_and_cover_what_is_not_space(body: str, format: Format) -> None:
    document = read_document(body, format)
    blocks = document.blocks
    assert all(0 <= block.start < block.end <= len(document.text) for block in blocks)
    assert all(one.end <= two.start for one, two in pairwise(blocks))
    covered = {position for block in blocks for position in range(block.start, block.end)}
    assert all(position in covered or c.isspace() for position, c in enumerate(document.text))


@given(st.text() | st.text(alphabet="\x00\x01\ud800\u202ea\n\r", max_size=50))
def test_plain_text_is_what_was_sent(body: str) -> None:
    assert read_document(body, "plain").text == body


# White space and invisible breaks are changed on purpose; NUL and surrogates no HTML can hold.
LETTERS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp"), exclude_characters="\ufffe\uffff")
)


@given(st.lists(LETTERS.filter(bool), min_size=1, max_size=8))
def test_escaped_words_come_back_from_html(words: list[str]) -> None:
    text = " ".join(words)
    assert read_document(f"<p>He said {html.escape(text)} then", "html").text == f"He said {text} then"


@given(
    st.lists(st.sampled_from(["<b>", "</b>", "<i>", "</i>", "<span>", "</span>", "<u>", "</u>"]), max_size=6),
    st.text(alphabet="abc", min_size=1),
)
def test_inline_tags_insert_no_space(tags: list[str], word: str) -> None:
    marked = "".join(tag + letter for tag, letter in zip(tags, word, strict=False)) + word[len(tags) :]
    assert read_document(f"<p>{marked}</p>", "html").text == word


@pytest.mark.parametrize(
    "unit", ["[", "![", "[](", "*a _", "> ", "`a", "<", "&", "a\n", "***a", "<!--", "_a*"], ids=repr
)
def test_hostile_markdown_ends(unit: str) -> None:
    assert isinstance(read_document(unit * (20_000 // len(unit)), "markdown").text, str)


def test_a_page_wrapped_in_one_form_is_read():
    page = "<form id='aspnetForm'><input name='q'><h1>Title</h1><p>“Yes,” she said.</p></form><form><p>Sign up</p></form>"
    assert read_document(page, "html").text == "Title\n\n“Yes,” she said."
