"""Texts that are made to cost much: a piece again and again, or something that grows by a rule, up to a length.

They are bodies of articles in one of three forms; as plain text they are sources of a draft too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

Text = str | Callable[[int], str]  # a piece, or what makes a text of a number of characters


def fill(text: Text, length: int) -> str:
    """A text of at most a number of characters: a piece repeated, or what a function makes of the length."""
    return text(length)[:length] if callable(text) else text * (length // len(text))


def numbered(template: str) -> Callable[[int], str]:
    """A maker of texts whose pieces differ by a number, so that nothing seen before helps."""

    def make(length: int) -> str:
        count = length // len(template.format(100)) + 1
        return "".join(template.format(each) for each in range(count))

    return make


def nested(opened: str, closed: str = "", inside: str = "x") -> Callable[[int], str]:
    """A maker of texts that open again and again, and then close as often."""

    def make(length: int) -> str:
        depth = max(1, (length - len(inside)) // (len(opened) + len(closed)))
        return opened * depth + inside + closed * depth

    return make


def json_ld(length: int) -> str:
    """A page with a long list of linked data, and a paragraph."""
    block = json.dumps({"@type": "NewsArticle", "headline": "We go", "author": [{"name": "Ann Lee"}] * 20})
    script = f'<script type="application/ld+json">{block}</script>'
    return script * (length // len(script)) + "<p>“We go,” Ann Lee said.</p>"


def json_ld_nested(length: int) -> str:
    """Linked data that is nested as deep as it is long."""
    depth = length // 12
    return f'<script type="application/ld+json">{"[" * depth}{"]" * depth}</script><p>We go.</p>'


def front_matter(length: int) -> str:
    """Lines of front matter without an end, and after it a text."""
    return "---\n" + "title: a\n" * (length // 9)


MARKS: Final[dict[str, Text]] = {
    "marks and letters": '"a ',
    "quoted letters": "“x” ",
    "quoted lines": "“x”\n",
    "quoted paragraphs": "“x”\n\n",
    "single marks": "'a' ",
    "apostrophes": "a' ",
    "German marks": "„x“ ",
    "French marks": "«x» ",
    "marks with blanks": "« x » ",
    "Japanese brackets": "「x」",
    "low marks only": "„x ",
    "marks of all kinds": "“x„y«z‘w’»“”",
    "nested marks": "“‘",
    "nested words": "“a ‘b ",
    "marks never closed": "“We go ",
    "marks never opened": "we go” ",
    "open marks": "“ ",
    "paragraphs that continue": "“We go on.\n\n",
    "a mark and a stop": "“x.” ",
    "a mark and a comma": "“x,” ",
    "inches": '5" ',
    "backticks as marks": "``x'' ",
    "a run of marks": "”",
    "a run of straight marks": '"',
    "a run of apostrophes": "'",
    "primes": "′x″ ",
}
BRACKETS: Final[dict[str, Text]] = {
    "images": "![[",
    "brackets": "[a (b ",
    "round brackets": "(x) ",
    "square brackets": "[x] ",
    "curly brackets": "{x} ",
    "angle brackets": "<x> ",
    "brackets never closed": "(",
    "brackets never opened": ")",
    "nested round brackets": nested("(", ")"),
    "bracketed insertions": "“We [they] go,” he said. ",
    "ellipses in brackets": "“We […] go” ",
}
SPEECH: Final[dict[str, Text]] = {
    "quotations": "“x” said Ann. ",
    "one sentence": "“We go,” he said. ",
    "different quotations": numbered("“We are number {} now,” said Ann Lee. "),
    "different speakers": numbered("“We go,” said Ann{0} Lee{0}. "),
    "verbs": "said ",
    "verbs with that": "He said that he said that ",
    "according to": "according to ",
    "pronouns": "He told her that she had told him. ",
    "hours": "“at 5 a.m. ” ",
    "colons": "a: ",
    "colons and marks": "Ann said: “x” ",
    "relays": "figures from the Ministry cited by Izvestia said so. ",
    "denials": "He denied that he had not said no. ",
    "scare marks": "the so-called “x” ",
    "titles of works": "in “The Art of the Deal” ",
}
LINES: Final[dict[str, Text]] = {
    "one-word lines": "word\n",
    "one-letter lines": "a\n",
    "paragraphs": "a\n\n",
    "empty lines": "\n",
    "returns": "\r",
    "labels": "Ann:\n",
    "turns": "ANN: We go.\n",
    "turns of different people": numbered("ANN{0} LEE{0}: We go.\n\n"),
    "turns with titles": "Mr. LEE (through an interpreter): We go.\n",
    "turns with times": "[00:01:02] ANN: We go.\n",
    "questions and answers": "Q: Do you?\nA: We do.\n",
    "questions": "Do you go?\n\nWe go.\n\n",
    "dashes": "— We go.\n",
    "dashes in a line": "— We go — he said — now. ",
    "hyphens": "- We go.\n",
    "datelines": "LONDON (AP) — We go.\n\n",
    "different datelines": numbered("CITY{} (Reuters) - We go.\n\n"),
    "lines in capitals": "WE GO NOW\n\n“x” he said.\n\n“y” she said.\n\n",
    "bylines": "By Ann Lee\n",
    "captions": "Ann Lee speaks. (Photo: AP)\n",
    "blanks": " ",
    "tabs": "\t",
    "lines that end in blanks": "a  \n",
    "lines that start with blanks": "    a\n",
    "bullets": "• a\n",
    "different lines": numbered("line {}\n"),
    "lines of numbers": numbered("{}\n"),
}
NAMES: Final[dict[str, Text]] = {
    "a name": "Ann Lee ",
    "names in a list": "Ann Lee, Ben May, ",
    "different names": numbered("Ann{0} Lee{0}, "),
    "names joined": "Ann and Ben and ",
    "names with offices": numbered("Ann{0} Lee{0}, president of Town{0}, said so. "),
    "offices": "president of the ",
    "initials": "A. B. ",
    "a name without end": "Ann ",
    "particles": "van der de la ",
    "hyphenated names": "Ann-Lee-",
    "possessives": "Ann's brother's ",
    "abbreviations": "Mr. ",
    "abbreviations of offices": "Sen. Gov. Dr. ",
    "acronyms": "U.S. N.A.T.O. ",
    "names in capitals": "ANN LEE ",
    "surnames of one letter": "Ann O'",
}
NUMBERS: Final[dict[str, Text]] = {
    "digits": "1",
    "numbers": "1 ",
    "numbers in a list": "1, 2, 3 ",
    "decimals": "1.5 ",
    "dots between digits": "1.",
    "thousands": "1,000,",
    "percentages": "5 percent ",
    "number words": "two hundred and ",
    "dates": "on March 5, 2020, ",
    "money": "$5 million ",
    "different numbers": numbered("{} "),
    "ordinals": "1st 2nd ",
    "times of day": "5:30 p.m. ",
}
LETTERS: Final[dict[str, Text]] = {
    "a run of a letter": "a",
    "a run of a capital": "A",
    "a run of stops": ".",
    "a run of commas": ",",
    "a run of dashes": "-",
    "a run of long dashes": "—",
    "a run of ellipses": "…",
    "a run of question marks": "?",
    "stops and letters": "a.b.",
    "sentences of a letter": "A. ",
    "different words": numbered("word{} "),
    "emoji": "😀 ",
    "emoji with joiners": "👩‍👩‍👧 ",
    "flags": "🇫🇷",
    "combining marks": "e\u0301\u0302\u0303",
    "a run of combining marks": "\u0301",
    "marks of direction": "\u202e\u202da ",
    "invisible blanks": "a\u200b",
    "soft hyphens": "a\u00ad",
    "hard blanks": "a\u00a0",
    "full-width letters": "ａ ",
    "ligatures": "ﬁ ",
    "Chinese": "我们去",
    "Chinese with names": "我们去，安说。",
    "Arabic": "قال إن ",
    "Thai": "เขาพูดว่า",
    "Korean": "그는 말했다 ",
    "Cyrillic": "он сказал ",
    "Cyrillic marks": "«да», сказал он. ",
    "Hebrew": "הוא אמר ",
    "Devanagari": "उसने कहा ",
    "line separators": "a\u2028",
    "control characters": "a\u0085",
    "private letters": "\ue000 ",
    "astral letters": "𝒜 ",
    "addresses": "http://a.b/ ",
    "an address without end": "http://a.b/" + "a" * 60,
    "mail addresses": "a@b.c ",
    "at signs": "@",
    "hashtags": "#a ",
    "underscores": "_a_ ",
    "slashes": "a/b ",
    "stars": "* ",
}
PLAIN: Final[dict[str, Text]] = MARKS | BRACKETS | SPEECH | LINES | NAMES | NUMBERS | LETTERS

HTML: Final[dict[str, Text]] = {
    "nested elements": nested("<div>", "</div>"),
    "nested elements never closed": "<div>",
    "nested emphasis": nested("<b><i>", "</i></b>"),
    "elements never opened": "</div>",
    "bold": "<b>",
    "paragraphs": "<p>a</p>",
    "paragraphs never closed": "<p>a",
    "quoted paragraphs": "<p>“x” he said.</p>",
    "markup": "<p>“x”<div>",
    "lists": "<ul><li>a</ul>",
    "items": "<li>a",
    "nested lists": "<ul><li>",
    "tables": "<table><tr><td>a</table>",
    "nested tables": "<table><tr><td>",
    "cells": "<td>a",
    "headings": "<h2>We go</h2>",
    "different headings": numbered("<h2>Heading {}</h2>"),
    "links": '<a href="/a">a</a> ',
    "links in a list": '<li><a href="/a">a</a>',
    "nested links": "<a href=a>",
    "attributes": lambda n: "<p " + "a=1 " * (n // 4) + ">x",
    "attributes with marks": lambda n: "<p " + "a='x' " * (n // 6) + ">x",
    "a class without end": lambda n: f'<p class="{"a " * (n // 2)}">x',
    "classes": '<p class="a b c d">x',
    "tags without end": "<a",
    "an opened tag": "<",
    "comments": "<!--a-->",
    "comments never closed": "<!-- ",
    "declarations": "<!a>",
    "instructions": "<?a>",
    "marked sections": "<![CDATA[",
    "entities": "&amp;",
    "numeric entities": "&#x201c;x&#8221; ",
    "entities without end": "&#",
    "unknown entities": "&aaaa;",
    "breaks": "<br>",
    "breaks and words": "a<br>",
    "double breaks": "“x”<br><br>",
    "scripts": "<script>a</script>",
    "scripts never closed": "<script>",
    "styles": "<style>a{}</style>",
    "selects": "<select><option>",
    "svg": "<svg><g/>",
    "maths": "<math><mi>",
    "templates": "<template>",
    "frames": "<iframe></iframe>",
    "figures": "<figure><img><figcaption>a</figcaption></figure>",
    "blockquotes": "<blockquote><p>We go.</p></blockquote>",
    "nested blockquotes": "<blockquote>",
    "asides": "<aside>a</aside>",
    "nested articles": "<article>",
    "articles": "<article><p>We go.</p></article>",
    "hidden elements": '<p hidden>x</p><p style="display:none">y</p>',
    "a style without end": lambda n: f'<p style="{"a:b;" * (n // 4)}">x',
    "definitions": "<dl><dt>ANN<dd>We go.",
    "formatted text": "<pre>a\n",
    "ruby": "<ruby>a<rt>b",
    "buttons": "<button>a</button>",
    "forms": "<form><input><label>a</label></form>",
    "linked data": json_ld,
    "nested linked data": json_ld_nested,
    "linked data never closed": '<script type="application/ld+json">{"a":',
    "metadata": '<meta property="article:published_time" content="2020-01-01">',
    "titles": "<title>a</title>",
    "pages": "<html><head><title>a</title></head><body><p>We go.</p></body></html>",
    "a page around": lambda n: "<nav>" + "<li><a href=x>More</a>" * (n // 22) + "</nav><article><p>We go.",
    "times": '<time datetime="2020-01-01">a</time>',
    "inline elements": "<span>a</span>",
    "adopted elements": "<b><p></b>",
    "adopted tables": "<table><b>",
    "adopted links": "<a><div><a>",
}
MARKDOWN: Final[dict[str, Text]] = {
    "lists": "- a\n",
    "numbered lists": "1. a\n",
    "loose lists": "- a\n\n",
    "nested lists": "- - - - ",
    "lists that go in": lambda n: "".join("  " * each + "- a\n" for each in range(max(1, int(n**0.5) - 2))),
    "a list in a line": "- ",
    "tasks": "- [ ] a\n",
    "headings": "# a\n",
    "underlined headings": "a\n===\n",
    "quoted headings": "# “x”\n",
    "blockquotes": "> a\n",
    "nested blockquotes": "> > > > ",
    "blockquotes with lists": "> - a\n",
    "emphasis": "*a* ",
    "strong": "**a** ",
    "emphasis never closed": "*a ",
    "mixed emphasis": "*a _b ",
    "a run of stars": "*",
    "a run of underscores": "_",
    "crossed out": "~~a~~ ",
    "links": "[a](b) ",
    "links never closed": "[a](",
    "images": "![a](b) ",
    "images never closed": "![",
    "brackets": "[",
    "nested links": nested("[", "](a)"),
    "references": "[a]: b\n",
    "different references": numbered("[a{0}]: b{0}\n"),
    "uses of references": lambda n: "[a]: b\n\n" + "[a] " * (n // 4),
    "notes": "[^1]",
    "notes defined": numbered("[^{0}]: a\n"),
    "code": "`",
    "code in words": "`a` ",
    "different runs of code": lambda n: "".join("`" * k + " " for k in range(1, int((2 * n) ** 0.5))),
    "blocks of code": "```\na\n```\n",
    "blocks of code never closed": "```\n",
    "indented code": "    a\n",
    "rules": "***\n",
    "tables": "|a|b|\n",
    "a table": lambda n: "|a|b|\n|-|-|\n" + "|c|d|\n" * (n // 6),
    "a wide table": lambda n: "|a" * (n // 4) + "\n" + "|-" * (n // 4),
    "markup": "<b>a</b> ",
    "blocks of markup": "<div>\n\n",
    "comments": "<!-- ",
    "entities": "&amp; ",
    "unknown entities": "&a ",
    "escapes": "\\*",
    "hard breaks": "a  \n",
    "addresses": "<http://a.b> ",
    "bare addresses": "http://a.b ",
    "paragraphs": "a\n\n",
    "lines": "a\n",
    "quoted letters": "“x” ",
    "quoted paragraphs": "“x” he said.\n\n",
    "turns in bold": "**ANN:** We go.\n\n",
    "questions in bold": "**Do you go?**\n\nWe go.\n\n",
    "front matter": front_matter,
    "front matter again": "---\na: b\n---\n",
    "definitions": "a\n: b\n\n",
    "maths": "$a$ ",
}
FORMS: Final[dict[str, dict[str, Text]]] = {"plain": PLAIN, "html": HTML, "markdown": MARKDOWN}
