"""The bound on HTML leaves articles alone and takes the sting out of hostile ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text import read_document
from service.text.nesting import DEEPEST, DEEPEST_FORMATTING, cap_nesting, has_too_many_attributes

ARTICLE = """<div class="a > b"><p>One <b>two<p>three</b> <!-- </div> --><img alt='x">'><script>if (a<b) "</p>"</script>
<svg><path d="M0 0"/><path/></svg><ul><li>four<li>five</ul></div>"""
HOSTILE = {
    "nested blocks": "<div>" * 100_000 + "words" + "</div>" * 100_000,
    "end tags hidden in values": '<div a="></div>">' * 50_000 + "words",
    "end tags hidden in comments": "<div><!--</div>-->" * 50_000 + "words",
    "unclosed formatting": "<b><i><u><s><tt><big><small><strong>" * 3 + "<p>words" * 20_000,
    "formatting, each different": "".join(f"<font a={n}>" for n in range(20_000)) + "<p>words" * 20_000,
    "many attributes": "<a " + " ".join(f"a{n}" for n in range(100_000)) + ">words",
    "tables": "<table><td>" * 50_000 + "words",
    "quotations": "<blockquote>" * 50_000 + "words",
    "superscripts": "<sup>" * 50_000 + "words",
    "unknown elements": "<x>" * 50_000 + "words" + "</y>" * 50_000,
}


def test_an_article_stays_as_it_is() -> None:
    assert cap_nesting(ARTICLE) == ARTICLE


@given(
    st.lists(
        st.sampled_from(["<div>", "</div>", "<b>", "</b>", "<p>", "word ", "<!--x-->", "<br>"]), max_size=60
    )
)
def test_shallow_html_stays_as_it_is(pieces: list[str]) -> None:
    html = "".join(pieces)
    if pieces.count("<b>") <= DEEPEST_FORMATTING:
        assert cap_nesting(html) == html


@given(st.text(alphabet="<>/abdiv p=\"'!-", max_size=200))
def test_only_tags_are_left_out(html: str) -> None:
    assert len(cap_nesting(html)) <= len(html)


def test_words_of_what_is_too_deep_stay() -> None:
    deep = "".join(f"<div>{n} " for n in range(DEEPEST + 5)) + "</div>" * (DEEPEST + 5)
    capped = cap_nesting(deep)
    assert capped.count("<div>") == capped.count("</div>") == DEEPEST
    assert read_document(deep, "html").text.split() == [str(n) for n in range(DEEPEST + 5)]


def test_quoted_values_do_not_count_as_attributes() -> None:
    assert not has_too_many_attributes(' data-json="' + "a b " * 2000 + '">')
    assert has_too_many_attributes(" a b c" * 200 + ">")


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_html_is_read(case: str) -> None:
    assert "words" in read_document(HOSTILE[case], "html").text or case in {"quotations", "superscripts"}
