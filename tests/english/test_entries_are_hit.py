"""Every entry of the lists of names, labels, acts and notes changes an answer of the code that reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

import pytest

from service.english import calendar, irregular_forms, transcript_notes
from service.english.inflection import base_form
from service.english.stems import stem_word
from service.english.word_lists import read_word_lists, read_word_pairs
from service.extraction.models import Attribution
from service.extraction.rules.speech_act import classify_act
from service.extraction.rules.title_filter import is_title
from service.matching.normalise.levels import normalise
from service.matching.normalise.notes import blank_notes
from service.names import nations
from service.names.comparison import compare_names, names_agree, read_name
from service.names.name_parts import (
    COURTESY_TITLES,
    FAMILY_NAMES_FIRST,
    FEMALE_TITLES,
    GENERATIONS,
    IBERIAN_GIVEN_NAMES,
    INSTITUTIONS,
    KNOWN_INITIALS,
    MALE_TITLES,
    NICKNAMES,
    PARTICLES,
    PERSONAL_SURNAMES,
    ROLES,
    SUFFIXES,
    TITLES,
)
from service.names.transcript_labels import clean_label, names_nobody
from service.people.naming import read_mention
from service.people.roles import read_role
from service.sources.sounds import without_sounds
from service.sources.transcripts.labels import is_field
from service.text.span import Span

ACTS = read_word_lists("service.extraction.rules", "speech_acts.txt")
LABELS = read_word_lists("service.names", "transcript_labels.txt")


def check(words: Iterable[str], is_hit: Callable[[str], bool]) -> None:
    """Every entry makes a difference."""
    words = set(words)
    assert words
    assert {word for word in words if not is_hit(word)} == set()


def act_of(source: str, cue: str) -> str:
    text = f"{source} {cue} it is late"
    at = len(source) + 1
    cues = (Span(at, at + len(cue)),) if cue else ()
    content = Span(len(text) - len("it is late"), len(text))
    return classify_act(text, Attribution((content,), cues, (Span(0, len(source)),)))


def test_titles_stand_before_a_name() -> None:
    check(ROLES, lambda title: read_name(f"{title} Anna Wu").words == ("anna", "wu"))
    check(TITLES - {"of", "for"}, lambda title: read_name(f"senator {title} Anna Wu").words == ("anna", "wu"))
    assert read_name("senator ferry Anna Wu").words != ("anna", "wu")


def test_a_title_tells_whether_a_man_or_a_woman_bears_it() -> None:
    check(MALE_TITLES, lambda title: read_mention(f"{title} Wu").gender == "male")
    check(FEMALE_TITLES, lambda title: read_mention(f"{title} Wu").gender == "female")


def test_courtesy_titles_end_at_a_constituency() -> None:
    check(COURTESY_TITLES, lambda title: clean_label(f"{title}. HALE of Vermont").endswith("HALE"))
    check(PERSONAL_SURNAMES, lambda name: not names_nobody(f"Mr. {name}"))


def test_suffixes_are_no_surnames() -> None:
    check(SUFFIXES, lambda suffix: read_name(f"Anna Wu {suffix}").surname == "wu")
    assert GENERATIONS <= SUFFIXES
    others = {one: next(iter(GENERATIONS - {one})) for one in GENERATIONS}
    check(others, lambda one: not names_agree(f"John Hale {one}", f"John Hale {others[one]}"))


def test_particles_belong_to_the_surname() -> None:
    check(PARTICLES, lambda word: read_name(f"Anna {word} Berg").surname == f"{word} berg")


def test_family_names_that_come_first_may_stand_alone() -> None:
    check(FAMILY_NAMES_FIRST, lambda name: names_agree(name, f"{name} Jinping"))


def test_nicknames_stand_for_each_other() -> None:
    pairs = {pair for group in NICKNAMES for pair in combinations(sorted(group), 2)}
    assert len(pairs) > 100
    assert {(a, b) for a, b in pairs if not names_agree(f"{a} Adlerman", f"{b} Adlerman")} == set()


def test_initials_known_by_themselves() -> None:
    full = {"jfk": "John Fitzgerald Kennedy", "aoc": "Alexandria Ocasio Cortez", "mlk": "Martin Luther King"}
    check(full, lambda name: name in KNOWN_INITIALS and names_agree(name, full[name]))
    spelt = {
        name: " ".join(f"{letter}{'aeo'[n % 3]}nn" for n, letter in enumerate(name))
        for name in KNOWN_INITIALS
    }
    check(spelt.keys() - {"amlo"}, lambda name: names_agree(name, spelt[name]))
    assert not names_agree("xyz", "Xann Yenn Zonn")


def test_a_ministry_and_its_minister_share_the_word_for_what_it_does() -> None:
    check(
        INSTITUTIONS,
        lambda word: compare_names(f"{word} ministry", f"{word} minister Wang Yi") == "compatible",
    )
    assert compare_names("Prime Ministry", "Prime Minister Wang Yi") != "compatible"  # another title
    assert compare_names("Energy Ministry", "Energy Minister Wang Yi") == "compatible"  # no title


def test_ministries_of_two_nations_differ() -> None:
    words = nations.NATIONALITIES
    other = {word: "chinese" if nation != "china" else "russian" for word, nation in words.items()}
    check(
        words,
        lambda word: (
            compare_names(f"{word} finance ministry", f"{other[word]} finance minister Wang Yi")
            != "compatible"
        ),
    )


def test_words_for_nations_are_one_in_roles() -> None:
    named = {**nations.NATIONALITIES, **nations.COUNTRIES}
    check(named, lambda word: named[word] in read_role(f"{word} president").words)


def test_iberian_names_have_two_surnames() -> None:
    check(IBERIAN_GIVEN_NAMES, lambda name: names_agree(f"{name} Vettel", f"{name} Zeb Vettel Quinlan"))
    assert not names_agree("Wendell Vettel", "Wendell Zeb Vettel Quinlan")


@pytest.mark.parametrize("section", sorted(set(LABELS) - {"roles_in_a_recording"}))
def test_words_of_labels_name_nobody(section: str) -> None:
    check(LABELS[section], names_nobody)


def test_a_role_in_a_recording_with_a_letter_names_nobody() -> None:
    roles = LABELS["roles_in_a_recording"]
    check(roles, lambda role: names_nobody(f"{role} X") and not names_nobody("Hale X"))


@pytest.mark.parametrize(
    ("section", "act"), [("speech", "speech"), ("writing", "writing"), ("thought", "thought")]
)
def test_verbs_of_acts(section: str, act: str) -> None:
    other = "says" if act != "speech" else "writes"
    assert act_of("Ann Lee", other) != act
    taken = set().union(*(ACTS[name] for name in ("speech", "writing", "thought") if name < section))
    words = ACTS[section] - taken if section != "speech" else ACTS[section]
    check(words, lambda word: act_of("Ann Lee", word) == act)


def test_media_and_sources_of_writing() -> None:
    written = ACTS["written_media"]
    check(written, lambda word: act_of("Ann Lee", f"said in a {word}") == "writing")
    check(ACTS["written_sources"] | written, lambda word: act_of(f"The {word}", "said") == "writing")
    ends = ACTS["phrase_ends"]
    check(ends, lambda word: act_of(f"The poll {word} Hale", "said") == "writing")
    check(ACTS["courts"], lambda word: act_of(f"The {word}", "heard") == "speech")
    assert act_of("Ann Lee", "heard") == "thought"


def test_irregular_forms_have_the_base_of_their_verb() -> None:
    verbs, auxiliaries = irregular_forms.VERBS, irregular_forms.AUXILIARIES
    check(verbs, lambda form: base_form(form) == verbs[form] != form)
    check(auxiliaries, lambda form: base_form(form) == auxiliaries[form] != form)
    stemmed = {**verbs, **irregular_forms.NOUNS, **irregular_forms.COMPARATIVES}
    check(stemmed, lambda form: stem_word(form) == stem_word(stemmed[form]))


def test_verbs_in_e_keep_it() -> None:
    words = read_word_lists("service.english", "verbs_in_e.txt")["verbs"]
    check(words, lambda verb: base_form(f"{verb}d") == verb)


def test_notes_hold_no_words() -> None:
    def is_note(inner: str) -> bool:
        return not blank_notes(f"We won ({inner}) it.")[6:-4].strip()

    check(transcript_notes.NOTE_WORDS, is_note)
    check(transcript_notes.NOTE_PHRASES, is_note)
    beside = transcript_notes.WORDS_BESIDE_NOTES
    check(beside, lambda word: is_note(f"{word} applause"))
    assert not is_note("ferry applause")


def test_sounds_in_captions_are_left_out() -> None:
    words = transcript_notes.SOUND_WORDS
    check(words, lambda word: without_sounds(f"We won [{word}] it.") == "We won it.")
    assert without_sounds("We won [ferry] it.") == "We won [ferry] it."


def test_months_are_parts_of_dates() -> None:
    names = calendar.MONTHS + calendar.MONTH_ABBREVIATIONS
    check(
        names,
        lambda name: normalise(f"on {name} 12").keys.forms == normalise(f"on 12 {name}").keys.forms,
    )


def test_a_title_has_its_small_words_in_small_letters() -> None:
    words = read_word_lists("service.extraction.rules", "titles.txt")["small_words"]
    check(words, lambda word: is_title(f"Make {word} Millionaire"))
    assert not is_title("Make your Millionaire")


def test_fields_of_a_file_name_no_speaker() -> None:
    check(read_word_lists("service.sources", "labels.txt")["fields"], is_field)


def test_abbreviated_roles_are_the_whole_ones() -> None:
    roles = read_word_pairs("service.people", "role_abbreviations.txt")["roles"]
    check(roles, lambda word: read_role(word) == read_role(roles[word]))
    past = read_word_lists("service.people", "roles.txt")["past"]
    check(past, lambda word: read_role(f"{word} mayor").past)
