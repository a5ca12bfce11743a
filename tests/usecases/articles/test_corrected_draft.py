"""The corrected draft: only what a person marked, and only where there is a wording."""

from types import SimpleNamespace

import pytest

from service.usecases.articles.corrected_draft import correct_draft

TEXT = "“We had 184 visits,” she said. “I will resign,” he said. “No,” she said."


def quote(number, words, status, correction, spans=None):
    start = TEXT.index(words)
    content = {"spans": spans or [{"start": start, "end": start + len(words)}]}
    sign_off = SimpleNamespace(statement=SimpleNamespace(status=status)) if status else None
    verdict = {"correction": correction}
    return SimpleNamespace(number=number, quote={"content": content, "verdict": verdict}, sign_off=sign_off)


def article(*quotes):
    return SimpleNamespace(article=SimpleNamespace(text=TEXT), quotes=quotes)


def test_what_is_to_be_fixed_is_put_right_and_nothing_else():
    found = correct_draft(
        article(
            quote(1, "We had 184 visits,", "fix", "We had 148 visits."),
            quote(2, "I will resign,", "right", "I will not resign."),
            quote(3, "No,", None, "Yes."),
        )
    )
    assert found.text == TEXT.replace("184", "148")
    assert (found.fixed, found.left) == ((1,), ())


@pytest.mark.parametrize("spans", [None, [{"start": 1, "end": 4}, {"start": 6, "end": 9}]])
def test_what_has_no_wording_or_stands_in_pieces_is_left(spans):
    correction = "Anything." if spans else None
    found = correct_draft(article(quote(1, "We had 184 visits,", "fix", correction, spans)))
    assert (found.text, found.fixed, found.left) == (TEXT, (), (1,))


def test_a_quotation_inside_another_that_was_put_right_is_left():
    inner = quote(2, "184", "fix", "148")
    found = correct_draft(article(quote(1, "We had 184 visits,", "fix", "We had 148 visits."), inner))
    assert found.text.count("148") == 1
    assert sorted(found.fixed + found.left) == [1, 2]
