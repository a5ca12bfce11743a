"""What an edit changes: negation, number, entity, modality, omission or wording; and what changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from service.english.numerals import FRACTION_WORDS, is_number_key
from service.english.stems import stem_word
from service.english.word_classes import (
    AGREEING_FORMS,
    CONDITIONS,
    CONTRACTION_READINGS,
    CONTRASTS,
    FILLER_PHRASES,
    FILLERS,
    FUNCTION_WORDS,
    MODALS,
    NEGATIONS,
    SMALL_WORDS,
)
from service.matching.align.aligned_text import Side
from service.matching.align.edit_script import Edit
from service.matching.align.passage import ClaimText, Passage
from service.matching.align.placement import Placement
from service.matching.axes.disfluencies import find_fillers, is_disfluency
from service.matching.axes.qualifiers import find_dropped_qualifier
from service.matching.models import Change
from service.matching.normalise.canonical_tokens import is_always_written
from service.matching.thresholds import LONG_DROP, LONGEST_GAP, LONGEST_REPLACED

_DO_SUPPORT: Final = frozenset({"do", "does", "did"})
_CRITICAL_CONNECTIVES: Final = CONDITIONS | CONTRASTS
# Words that may be a slip, a filler, or another reading of a contraction.
_FORGIVEN: Final = (
    SMALL_WORDS
    | AGREEING_FORMS.keys()
    | FILLERS
    | frozenset(chain.from_iterable(FILLER_PHRASES))
    | frozenset(chain(CONTRACTION_READINGS, *CONTRACTION_READINGS.values()))
)
_DENYING_PREFIXES: Final = ("un", "in", "im", "ir", "il", "non", "dis")
_EXPLETIVES: Final = frozenset(
    {"expletive", "deleted", "censored", "bleep", "bleeped", "profanity", "redacted"}
)
_ORDER: Final[tuple[Change, ...]] = ("negation", "number", "entity", "modality", "omission", "wording")


@dataclass(frozen=True, slots=True)
class EditReading:
    """One edit, understood."""

    edit: Edit
    marked: bool = False  # the writer marked it: an ellipsis, or brackets
    disfluency: bool = False  # only fillers and repetitions differ
    small_words: int = 0  # how many small words differ, where nothing else does
    changes: frozenset[Change] = frozenset()


def read_edits(placement: Placement) -> list[EditReading]:
    """Every edit of a placement that is not a plain keep."""
    return [
        _read_edit(placement.passage, placement.claim_text, edit)
        for edit in placement.edits
        if edit.op != "keep"
    ]


def order_changes(changes: Sequence[Change] | frozenset[Change]) -> tuple[Change, ...]:
    """Changes in the order they are reported: the gravest first."""
    return tuple(change for change in _ORDER if change in changes)


def find_unforgiven(claim_text: ClaimText) -> list[str]:
    """Keys of the claim that a source must have: no rule takes one that it lacks for a slip.

    Only such as are always written, so that a source without them is known before it is read.
    """
    spoken = [claim_text.key_forms[at] for at in claim_text.spoken_keys]
    return [key for key in dict.fromkeys(spoken) if key not in _FORGIVEN and is_always_written(key)]


def _read_edit(passage: Passage, claim_text: ClaimText, edit: Edit) -> EditReading:
    if claim_text.breaks.intersection((edit.claim_start, edit.claim_end)) and _all_in_brackets(
        claim_text, edit
    ):
        return _read_marked_gap(passage, edit)
    lost, gained = _differences(passage, claim_text, edit)
    if _is_insertion(claim_text, edit, lost, gained):
        return EditReading(edit, marked=True)
    if _is_disfluency(passage, claim_text, edit):
        return EditReading(edit, disfluency=True)
    gained = _with_brackets(claim_text, edit, gained) if claim_text.bracketed else gained
    lost, gained = lost - gained, gained - lost
    lost, agreeing = _without_slack(passage, edit, lost, gained)
    gained -= agreeing
    changes = _critical_changes(passage, claim_text, edit, lost, gained)
    rest = [form for form in (lost - gained) + (gained - lost) if not _is_critical(form)]
    if "number" in changes and not FRACTION_WORDS.isdisjoint(rest):  # "half" for "one-third"
        rest = [form for form in rest if form not in FRACTION_WORDS and form != "#1"]
    if not changes and all(form in SMALL_WORDS for form in rest):
        return EditReading(edit, small_words=max(lost.total(), gained.total(), agreeing.total()))
    if edit.op == "drop":
        changes |= _read_drop(rest, changes)
    elif _has_wording(passage, claim_text, edit, rest, changes):
        changes |= {"wording"}
    return EditReading(edit, changes=frozenset(changes or {"wording"}))


def _read_marked_gap(passage: Passage, edit: Edit) -> EditReading:
    """A marked gap is no change, unless it is too long or swallows a qualifier."""
    qualifier = find_dropped_qualifier(passage, edit.source_start, edit.source_end)
    changes: set[Change] = set()
    if qualifier is not None:
        changes.add("omission")
        if qualifier not in _CRITICAL_CONNECTIVES:
            changes.add("negation")
    if edit.source_end - edit.source_start > LONGEST_GAP:
        changes.add("omission")
    return EditReading(edit, marked=True, changes=frozenset(changes))


def _all_in_brackets(claim_text: ClaimText, edit: Edit) -> bool:
    return claim_text.bracketed.issuperset(range(edit.claim_start, edit.claim_end))


def _is_insertion(claim_text: ClaimText, edit: Edit, lost: Counter[str], gained: Counter[str]) -> bool:
    """Whether only words in brackets came in, for no more than a name or pronoun would stand for.

    A bracket explains; one that denies, or sets other words for those that were said, is compared with them.
    """
    if claim_text.bracketed.isdisjoint(range(edit.claim_start, edit.claim_end)) or gained:
        return False
    if lost.total() > LONGEST_REPLACED or any(_is_critical(key) for key in lost):
        return False
    inserted = claim_text.bracketed_between(edit.claim_start, edit.claim_end)
    if _EXPLETIVES.issuperset(inserted):
        return True
    if not NEGATIONS.isdisjoint(inserted) or not CONDITIONS.isdisjoint(inserted):
        return False
    said = [key for key in lost if key not in FUNCTION_WORDS and key not in FILLERS]
    return not said or _names_what_was_said(claim_text, edit, said, inserted)


def _names_what_was_said(
    claim_text: ClaimText, edit: Edit, said: Sequence[str], inserted: Sequence[str]
) -> bool:
    """Whether a bracket names what was said ("the president" is [Obama]), or has the word in another form."""
    if any(stem_word(one) == stem_word(other) for one in said for other in inserted):
        return True
    return next(find_names(claim_text, edit.claim_start, edit.claim_end), None) is not None


def _differences(passage: Passage, claim_text: ClaimText, edit: Edit) -> tuple[Counter[str], Counter[str]]:
    source_keys = Counter(passage.keys_between(edit.source_start, edit.source_end))
    claim_keys = Counter(
        claim_text.keys_between(edit.claim_start, edit.claim_end)
        if not claim_text.bracketed
        else claim_text.spoken_between(edit.claim_start, edit.claim_end)
    )
    return source_keys - claim_keys, claim_keys - source_keys


def _with_brackets(claim_text: ClaimText, edit: Edit, gained: Counter[str]) -> Counter[str]:
    """What came in, the words in brackets too."""
    return gained + Counter(claim_text.bracketed_between(edit.claim_start, edit.claim_end))


def _denials(words: Counter[str], others: Counter[str]) -> int:
    """How often words deny: by a negation, or by a prefix to a word of the other side ("unsafe", "safe")."""
    bare = {
        word.removeprefix(prefix) for word in words for prefix in _DENYING_PREFIXES if word.startswith(prefix)
    }
    plain = sum(count for word, count in words.items() if word in NEGATIONS)
    return plain + len({stem_word(word) for word in bare} & {stem_word(word) for word in others})


def _is_disfluency(passage: Passage, claim_text: ClaimText, edit: Edit) -> bool:
    """Whether only hesitation was left out, or put in."""
    return edit.op != "change" and (
        is_disfluency(passage, edit.source_start, edit.source_end)
        and is_disfluency(claim_text, edit.claim_start, edit.claim_end)
    )


def _without_slack(
    passage: Passage, edit: Edit, lost: Counter[str], gained: Counter[str]
) -> tuple[Counter[str], Counter[str]]:
    """What was lost but for fillers and grammar, and what came in for grammar ("are" in "there's two")."""
    words = range(edit.source_start, edit.source_end)
    fills = zip(words, find_fillers(passage, edit.source_start, edit.source_end), strict=True)
    lost = lost - Counter(
        key for word, is_filler in fills if is_filler for key in passage.keys_between(word, word + 1)
    )
    agreeing = Counter(key for key in gained if AGREEING_FORMS.get(key) in lost)
    return lost - Counter(AGREEING_FORMS[key] for key in agreeing), agreeing


def _is_critical(key: str) -> bool:
    return (
        key in NEGATIONS
        or key in MODALS
        or key in _CRITICAL_CONNECTIVES
        or (is_number_key(key) and key not in ("#1", "#0"))
    )


def _critical_changes(
    passage: Passage, claim_text: ClaimText, edit: Edit, lost: Counter[str], gained: Counter[str]
) -> set[Change]:
    changes: set[Change] = set()
    differing = set(lost) | set(gained)
    long_drop = edit.op == "drop" and edit.source_end - edit.source_start > LONG_DROP
    if _denials(lost, gained) % 2 != _denials(gained, lost) % 2 or (
        differing & NEGATIONS and not _denials_are_reworded(lost, gained)
    ):
        changes.add("negation")
    if _numbers_differ(lost, gained) and not long_drop:
        changes.add("number")
    if differing & MODALS and not long_drop:
        changes.add("modality")
    if differing & CONDITIONS and not long_drop:
        changes.add("modality")
    if not long_drop and _names_differ(passage, claim_text, edit, differing):
        changes.add("entity")
    return changes


def _denials_are_reworded(lost: Counter[str], gained: Counter[str]) -> bool:
    """Whether the same is denied in two ways: "was unsatisfied", "was not satisfied"."""
    return any(
        _denials(one, other) == 1 and not NEGATIONS.intersection(one) and _denials(other, one) == 1
        for one, other in ((lost, gained), (gained, lost))
    )


def _numbers_differ(lost: Counter[str], gained: Counter[str]) -> bool:
    before = {key for key in lost if is_number_key(key)}
    after = {key for key in gained if is_number_key(key)}
    if (before or FRACTION_WORDS & lost.keys()) and (after or FRACTION_WORDS & gained.keys()):
        return True  # "two-thirds" for "three quarters", "half" for "a quarter"
    return bool((before | after) - {"#1", "#0"})


def _names_differ(passage: Passage, claim_text: ClaimText, edit: Edit, differing: set[str]) -> bool:
    differs_in_source = any(
        _differs(passage, at, differing) for at in find_names(passage, edit.source_start, edit.source_end)
    )
    return differs_in_source or any(
        _differs(claim_text, at, differing) for at in find_names(claim_text, edit.claim_start, edit.claim_end)
    )


def _differs(side: Side, word: int, differing: set[str]) -> bool:
    return not differing.isdisjoint(side.keys_between(word, word + 1))


def find_names(side: Side, first: int, last: int) -> Iterator[int]:
    """The words in [first, last) that are written as names; words in lower case are skipped."""
    if "u.s." in side.forms[first:last]:
        yield from (at for at in range(first, last) if side.forms[at] == "u.s.")
    yield from (at for at in side.capitals_between(first, last) if _is_name(side, at))


def _is_name(side: Side, at: int) -> bool:
    """Whether a word with a capital is a name: no sentence starts there, or it has capitals throughout."""
    form = side.forms[at]
    if form.partition("'")[0] in FUNCTION_WORDS or form in FILLERS:
        return False
    raw = side.raw_word(at)
    if len(raw) > 1 and raw.isupper():
        return True
    return not (side.starts_sentence(at) or _opens_quotation(side, at))


def _opens_quotation(side: Side, at: int) -> bool:
    """A capital after a colon or an opening quotation mark may be a sentence's, not a name's."""
    between = side.text_after(at - 1)
    return any(mark in between for mark in ":\"“‘'«„")


def _read_drop(rest: Sequence[str], changes: set[Change]) -> set[Change]:
    """Words left out without a mark; a lost "not" alone is a negation, not an omission."""
    content = [form for form in rest if form not in SMALL_WORDS and form not in _DO_SUPPORT]
    return {"omission"} if content or not changes else set()


def _has_wording(
    passage: Passage, claim_text: ClaimText, edit: Edit, rest: Sequence[str], changes: set[Change]
) -> bool:
    """Whether words differ beyond what the critical changes already name."""
    named = {
        key
        for side, first, last in (
            (passage, edit.source_start, edit.source_end),
            (claim_text, edit.claim_start, edit.claim_end),
        )
        for at in find_names(side, first, last)
        for key in side.keys_between(at, at + 1)
    }
    left = [
        form for form in rest if form not in SMALL_WORDS and form not in _DO_SUPPORT and form not in named
    ]
    if changes == {"entity"}:  # "Medicare" for "the plan": the one word set against the name belongs to it
        return len(left) > 1
    return bool(left)
