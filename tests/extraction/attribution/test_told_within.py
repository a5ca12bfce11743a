"""Words that somebody told others, as a source named before reports it."""

from __future__ import annotations

import pytest

from service.extraction.pipeline import extract
from service.text.plain import read_plain

LEADING = [
    (
        "Police said the mother told them that the boy had left home on Friday.",
        "the mother",
        "Police",
        "that the boy had left home on Friday",
    ),
    (
        "The ministry said its director, Ana Ruiz, had told staff that the clinic would close in May.",
        "its director, Ana Ruiz",
        None,
        "that the clinic would close in May",
    ),
]


@pytest.mark.parametrize(("text", "source", "via", "content"), LEADING)
def test_the_inner_speaker_keeps_the_words(text: str, source: str, via: str | None, content: str) -> None:
    [found] = extract(read_plain(text)).quotations
    assert [span.of(text) for span in found.source] == [source]
    assert found.via is not None and found.via.name == via
    assert [span.of(text) for span in found.content] == [content]


def test_who_tells_of_themselves_stays_the_source() -> None:
    text = "Smith said he told police that he was at home."
    [found] = extract(read_plain(text)).quotations
    assert [span.of(text) for span in found.source] == ["Smith"]
    assert found.via is None
