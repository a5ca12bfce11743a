"""Stems: inflected forms share one, other words do not; the same in all threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.english.stems import stem_word


@pytest.mark.parametrize(
    "forms",
    [
        ("promise", "promised", "promises", "promising"),
        ("deny", "denied", "denies", "denying"),
        ("go", "went", "gone", "going"),
        ("child", "children"),
        ("tax", "taxes", "taxed"),
        ("build", "built", "builds"),
    ],
)
def test_inflected_forms_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem_word(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("police", "policy"),
        ("number", "numb"),
        ("arms", "army"),
        ("news", "new"),
        ("planes", "plan"),
        ("stated", "stat"),
    ],
)
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stem_word(one) != stem_word(other)


@pytest.mark.parametrize("form", ["#12", "café", "", "a"])
def test_numbers_and_words_of_other_letters_stay(form: str) -> None:
    assert stem_word(form) == form


def test_threads_get_the_same_stems() -> None:
    words = [f"{stem}{end}" for stem in ("claim", "report", "promis", "deni") for end in ("ed", "ing", "es")]
    alone = [stem_word.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(stem_word.__wrapped__, words * 200))
    assert together == alone * 200
