"""From quotations to claims: the words and the marked places survive the joining."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from service.extraction.models import Quotation, Speaker
from service.text.span import GAP, Span, join_spans
from service.usecases.articles.analysis import locate_quote
from service.usecases.articles.quote_claims import build_claim, find_namesakes, names_of, shift_passages

TEXT = "“We will dredge,” she said, “the harbour” this year, a “big” one."
SOMEBODY = Speaker("Ann Marlow", "person", "full_name", 0.9)


def quotation(content, passages, **members):
    given = {"type": "direct", "act": "speech", "cue": (), "source": (), "speaker": SOMEBODY, "via": None}
    return Quotation(content=tuple(content), passages=tuple(passages), **{**given, **members})


def span_of(words):
    start = TEXT.index(words)
    return Span(start, start + len(words))


def test_parts_are_joined_by_a_marked_gap():
    parts = (span_of("We will dredge,"), span_of("the harbour"))
    claim = build_claim(TEXT, quotation(parts, parts), date(2026, 1, 5))
    assert claim.text == "We will dredge, … the harbour"
    assert [place.of(claim.text) for place in claim.passages] == ["We will dredge,", "the harbour"]
    assert (claim.speaker, claim.said_on, claim.form) == ("Ann Marlow", date(2026, 1, 5), "direct")


def test_only_marked_words_inside_the_content_are_promised():
    content = (span_of("the harbour” this year, a “big” one"),)
    claim = build_claim(
        TEXT, quotation(content, [span_of("the harbour"), span_of("big")], type="mixed"), None
    )
    assert [place.of(claim.text) for place in claim.passages] == ["the harbour", "big"]


def test_withheld_names_and_passed_on_words_are_told():
    nobody = Speaker(None, "anonymous", "anonymous", 0.9)
    found = quotation([Span(0, 3)], [], speaker=nobody, via=SOMEBODY)
    claim = build_claim(TEXT, found, None)
    assert claim.anonymous
    assert claim.second_hand
    assert claim.via == "Ann Marlow"
    assert claim.speaker is None


@st.composite
def texts_with_parts(draw):
    text = draw(st.text(min_size=4, max_size=60))
    borders = draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=5, unique=True).map(sorted))
    spans = [Span(*pair) for pair in zip(borders[::2], borders[1::2], strict=False)]
    cut = draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted))
    return text, spans, Span(*cut)


@given(texts_with_parts())
def test_passages_keep_their_words(drawn):
    text, spans, passage = drawn
    found = quotation(spans, [passage])
    joined = join_spans(text, spans)
    wanted = [
        Span(max(s.start, passage.start), min(s.end, passage.end)) for s in spans if s.overlaps(passage)
    ]
    assert [place.of(joined) for place in shift_passages(found)] == [span.of(text) for span in wanted]


@given(texts_with_parts())
def test_a_located_quote_shows_what_stands_at_its_spans(drawn):
    text, spans, passage = drawn
    located = locate_quote(text, quotation(spans, [passage]))
    assert located.content.text == GAP.join(text[start:end] for start, end in located.content.spans)
    words, place = located.selector
    assert text[place.start : place.end] == words.exact
    assert text[: place.start].endswith(words.prefix)
    assert text[place.end :].startswith(words.suffix)
    assert located.cue is located.source is None


def test_a_surname_alone_may_be_of_any_speaker_who_bears_it():
    speakers = ["Ruth Brandt", "Olga Brandt", "Brandt", "Ann Marlow"]
    assert find_namesakes("Brandt", speakers) == ("Olga Brandt", "Ruth Brandt")
    assert find_namesakes("Olga Brandt", speakers) == ()
    assert find_namesakes(None, speakers) == ()


def test_a_claim_names_the_bearers_of_its_speakers_surname():
    parts = (span_of("the harbour"),)
    lone, full = (
        Speaker("Marlow", "person", "surname", 0.9),
        Speaker("Ivo Marlow", "person", "full_name", 0.9),
    )
    quotations = [quotation(parts, parts), quotation(parts, parts, speaker=lone, via=full)]
    speakers = names_of(quotations)
    assert speakers == {"Ann Marlow", "Marlow", "Ivo Marlow"}
    assert build_claim(TEXT, quotations[1], None, speakers).namesakes == ("Ann Marlow", "Ivo Marlow")
    assert build_claim(TEXT, quotations[0], None, speakers).namesakes == ()
