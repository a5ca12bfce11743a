"""Marked passages: labelled cases by what makes them hard, and properties that hold on any text."""

from __future__ import annotations

import gzip
import importlib.util
import json
from types import ModuleType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.text import Passage, Span, find_paragraphs, find_passages
from tests.selection import corpora_path

# name: (text, the passages' words as (words, depth))
OUTERMOST: dict[str, tuple[str, list[str]]] = {
    "straight": ('"I left," he said. "Don\'t go."', ["I left,", "Don't go."]),
    "curly": ("“I left,” he said. “Don’t go.”", ["I left,", "Don’t go."]),
    "single curly": ("‘I left,’ he said. ‘Don’t go.’", ["I left,", "Don’t go."]),
    "single straight": ("'I left,' he said. 'Don't go.'", ["I left,", "Don't go."]),
    "TeX": ("``We go,'' he said, ``now.''", ["We go,", "now."]),
    "TeX single": ("He said `yes' and `no'.", ["yes", "no"]),
    "two single marks": ("''We go,'' Mr. X said. ''Now.''", ["We go,", "Now."]),
    "two single curls": ("‘‘We go,’’ he said.", ["We go,"]),
    "German": ("„Ja“, sagte er, „nein“.", ["Ja", "nein"]),
    "Polish": ("„Tak”, powiedział.", ["Tak"]),
    "Swedish": ("”Ja”, sade han, ”nej”.", ["Ja", "nej"]),
    "French": ("« Oui », dit-il, « non ».", ["Oui", "non"]),
    "French, narrow spaces": ("«\u202fOui\u202f», dit-il.", ["Oui"]),
    "Danish": ("»Ja«, sagde han, »nej«.", ["Ja", "nej"]),
    "single guillemets": ("‹ja› und ‹nein›", ["ja", "nein"]),
    "Japanese": ("彼は「はい」と言った。『本』も。", ["はい", "本"]),
    "Chinese": ("他说“你好”，然后“再见”。", ["你好", "再见"]),
    "Chinese, straight": ('他说"你好"，然后"再见"。', ["你好", "再见"]),
    "full width": ("＂Yes＂ he said.", ["Yes"]),
    "low single": ("Er sagte ‚ja‘ und ‚nein‘.", ["ja", "nein"]),
    "curly closed by straight": ('“We won," she said. "We did.”', ["We won,", "We did."]),
    "straight closed by curly": ('"We won,” she said.', ["We won,"]),
    "dash before": ("She left—“gone,” he said—“for good.”", ["gone,", "for good."]),
    "brackets": ('(He said "no.") ["Yes."]', ["no.", "Yes."]),
    "ellipsis first": ('He said "...and so it is."', ["...and so it is."]),
    "no space after": ('"Yes,"he said. "No."', ["Yes,", "No."]),
    "doubled by mistake": ('""Yes,"" he said.', ["Yes,"]),
}
NOT_MARKS: dict[str, str] = {
    "contraction": "I don't know what they've done; it's o'clock.",
    "plural possessive": "The workers' rights and the bosses' children's toys.",
    "possessive before a function word": "It was the workers' of the town, and the bosses' too.",
    "elision": "'Tis the season to give 'em rock 'n' roll, 'til dawn.",
    "elision with the wrong curl": "Give ‘em the ‘60s and rock ‘n’ roll.",
    "decade": "The '90s and the ’80s, class of '05.",
    "dropped g": "Goin' home and nothin' else.",
    "plural of initials": "With 83 e.v.’s they won. The M.B.A.'s lost 350 e.v.’s. A landslide.",
    "feet and inches": "He is 6'2\" tall, she 5' 10\" and he 6’2”, they said.",
    "inches": 'A 12" pipe.',
    "minutes and seconds": "At 40° 26' 46\" N and 79° 58′ 56″ W.",
    "primes": "A board of 6′ by 4″.",
    "menu arrows": "Home » News » Politics",
    "Hebrew abbreviation": 'דובר צה"ל אמר',
    "empty": 'He said "" and “”.',
    "lone": 'He said " and left.',
    "tokenised": "He 's here and they 're not, is n't it.",
}
NESTED: dict[str, tuple[str, list[tuple[str, int]]]] = {
    "single in double": ("“He said ‘no’ to me,” she said.", [("He said ‘no’ to me,", 0), ("no", 1)]),
    "double in single": ("‘He said “no” to me,’ she said.", [("He said “no” to me,", 0), ("no", 1)]),
    "straight in straight": ('"He said "no" to me," she said.', [('He said "no" to me,', 0), ("no", 1)]),
    "straight single in double": ("\"He said 'no' to me,\" she said.", [("He said 'no' to me,", 0), ("no", 1)]),
    "curly in straight": ('"I read: “Are you?” Most did."', [("I read: “Are you?” Most did.", 0), ("Are you?", 1)]),
    "curly in curly": ("“The “list” is firm,” he said.", [("The “list” is firm,", 0), ("list", 1)]),
    "closing together": ("“She said ‘go.’”", [("She said ‘go.’", 0), ("go.", 1)]),
    "closing together, straight": ("\"She said 'go.'\"", [("She said 'go.'", 0), ("go.", 1)]),
    "three single marks": ("''She said 'go.'''", [("She said 'go.'", 0), ("go.", 1)]),
    "possessive within": ("'The workers' rights,' he said.", [("The workers' rights,", 0)]),
    "elision within": ("‘Til death and ‘no further,’ he said.", [("no further,", 0)]),
    "inches within": ('"The 12" record was good," he said.', [('The 12" record was good,', 0)]),
    "feet within": ("“His hands are those of someone 5’2”. You know that.”", [("His hands are those of someone 5’2”. You know that.", 0)]),
    "nickname": ("The names ‘Little Marco’ and ‘Lyin’ Ted.’", [("Little Marco", 0), ("Lyin’ Ted.", 0)]),
}  # fmt: skip
OUT_OF_PHASE: dict[str, tuple[str, list[str]]] = {
    "stray closing mark first": ('We will," he said. "Then we go," she said.', ["We will,", "Then we go,"]),
    "stray mark at the end": ('“I left,” he said." And “so did I.”', ["I left,", "so did I."]),
    "never closed, opened again": ("“I left. “Then I slept,” he said.", ["I left.", "Then I slept,"]),
    "next paragraph recovers": ('He said "yes and left.\n\n"No," she said. Then "yes."', ["yes and left.", "No,", "yes."]),
    "stray mark costs one paragraph": ('A " b "c" d.\n\nNot quoted "quoted" not quoted.', ["c", "quoted"]),
    "single closes double": ("He tweeted: “Let’s go.’ Then he saw the film “Trainwreck.”", ["Let’s go.", "Trainwreck."]),
}  # fmt: skip


def words_of(text: str, passages: list[Passage]) -> list[tuple[str, int]]:
    return [(passage.span.of(text), passage.depth) for passage in passages]


@pytest.mark.parametrize("case", OUTERMOST)
def test_every_style_of_marks(case: str) -> None:
    text, expected = OUTERMOST[case]
    assert words_of(text, find_passages(text)) == [(words, 0) for words in expected]


@pytest.mark.parametrize("case", NOT_MARKS)
def test_what_looks_like_marks_is_none(case: str) -> None:
    assert words_of(NOT_MARKS[case], find_passages(NOT_MARKS[case])) == []


@pytest.mark.parametrize("case", NESTED)
def test_nesting(case: str) -> None:
    text, expected = NESTED[case]
    assert words_of(text, find_passages(text)) == expected


@pytest.mark.parametrize("case", OUT_OF_PHASE)
def test_words_between_quotes_do_not_look_quoted(case: str) -> None:
    text, expected = OUT_OF_PHASE[case]
    found = find_passages(text)
    assert [words for words, depth in words_of(text, found) if depth == 0] == expected


@pytest.mark.parametrize("opening, closing", ["“”", '""', "«»", "‘’"])
def test_a_quotation_goes_on_where_the_next_paragraph_opens_again(opening: str, closing: str) -> None:
    text = f"{opening}One is here.\n\n{opening}Two is.{closing} he said.\n\n{opening}Three.{closing}"
    found = find_passages(text)
    assert [p.span.of(text) for p in found] == ["One is here.", "Two is.", "Three."]
    assert [p.closed for p in found] == [False, True, True]
    assert [p.continues for p in found] == [False, True, False]


def test_french_paragraphs_go_on_with_closing_guillemets() -> None:
    text = "« Un.\n\n» Deux. »"
    assert [(p.span.of(text), p.continues) for p in find_passages(text)] == [("Un.", False), ("Deux.", True)]


def test_lines_broken_by_hand_within_a_quotation() -> None:
    text = 'He said: "We shall go\nto the top of the hill\nand stay," and went.\nNot this.'
    found = find_passages(text)
    assert [p.span.of(text) for p in found] == ["We shall go", "to the top of the hill", "and stay,"]
    assert [p.continues for p in found] == [False, True, True]
    assert [p.closed for p in found] == [False, False, True]


def test_a_paragraph_broken_within_a_quotation() -> None:
    text = "“They advertise to get people to vote\n\nin caucuses and primaries,” he said."
    assert [p.span.of(text) for p in find_passages(text)][1] == "in caucuses and primaries,"


def test_the_name_under_a_pull_quote_is_not_quoted() -> None:
    text = '"I never begrudged it.\nBill Clinton, former president."\n\nHe went on.'
    assert [p.span.of(text) for p in find_passages(text)] == ["I never begrudged it."]


def test_a_broken_quotation_reaches_no_further_than_a_paragraph_with_marks() -> None:
    text = "“One\n\nPlain words.\n\n“Two,” he said."
    assert [p.span.of(text) for p in find_passages(text)] == ["One", "Two,"]


def test_long_lines_are_paragraphs_and_not_broken_by_hand() -> None:
    plain = "Nobody said any of these words, which go on " + "and on " * 12
    text = f"He said “yes and left.\n{plain}\n{plain}\nThe end,” he said."
    assert [p.span.of(text) for p in find_passages(text)] == ["yes and left."]


def test_outer_holds_the_marks() -> None:
    text = "He said “yes,” then « non »."
    assert [p.outer.of(text) for p in find_passages(text)] == ["“yes,”", "« non »"]


MARKED = st.text(alphabet="\"'“”‘’„‚«»‹›「」『』`´ ab.,?!\n—(5s", max_size=120)


@given(MARKED | st.text(max_size=200))
def test_passages_hold_on_any_text(text: str) -> None:
    paragraphs = find_paragraphs(text)
    found = find_passages(text)
    assert found == sorted(found, key=lambda p: (p.outer.start, -p.outer.end))
    for passage in found:
        assert passage.outer.contains(passage.span)
        assert passage.span.start < passage.span.end
        assert passage.span.of(text) == passage.span.of(text).strip()
        assert any(paragraph.contains(passage.outer) for paragraph in paragraphs)


@given(MARKED)
@example("「\n``5」")
@example("「\n``5」 six''")
def test_passages_are_nested_or_apart_and_depth_counts_what_is_around(text: str) -> None:
    found = find_passages(text)
    for passage in found:
        around = [o for o in found if o is not passage and o.span.contains(passage.outer)]
        assert all(
            o is passage or o in around or passage.span.contains(o.outer) or not passage.span.overlaps(o.span)
            for o in found
        )
        assert len(around) <= passage.depth


@given(
    st.lists(st.text(alphabet="abc DE", min_size=1).filter(str.strip), min_size=1, max_size=8),
    st.sampled_from(["“”", '""', "«»", "„“"]),
)
def test_well_typed_quotes_come_back(quotes: list[str], marks: str) -> None:
    quotes = [quote.strip() for quote in quotes]
    text = " and ".join(f"he said {marks[0]}{quote}{marks[1]}" for quote in quotes)
    assert [p.span.of(text) for p in find_passages(text)] == quotes


@pytest.mark.parametrize(
    "unit",
    ['"', '" ', 'a"', '"ab ', '"ab\n', "“ab\n\n", "'a ", "“'\"‘’«» ", "''' ", "6'", '?" Aa '],
    ids=repr,
)
def test_a_great_many_marks_end(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    assert all(0 <= p.outer.start < p.outer.end <= len(text) for p in find_passages(text))


def load_scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "score_extraction", corpora_path("score/score_extraction.py")
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.corpora
def test_passages_cover_the_words_that_the_scorer_calls_quoted() -> None:
    """They differ by design where the scorer alternates marks out of phase, and on single words in single marks."""
    scorer = load_scorer()
    both = ours = theirs = 0
    with gzip.open(corpora_path("data/polnear/dev.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            tokens = scorer.Tokens(text)
            covered = tokens.within([list(passage.span) for passage in find_passages(text)])
            both += len(covered & tokens.quoted)
            ours += len(covered)
            theirs += len(tokens.quoted)
    assert theirs > 10_000
    assert 2 * both / (ours + theirs) > 0.985


def test_spans_are_code_points() -> None:
    text = "😀 “naïve” 😀"
    assert [p.span for p in find_passages(text)] == [Span(3, 8)]
