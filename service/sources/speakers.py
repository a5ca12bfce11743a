"""Who speaks in a source, and whom a draft means by a name: initials, first names, "Q." and "A."."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from service.matching.models import CompareNames
from service.names.comparison import Agreement, NameParts, compare_names, is_lone_surname, read_name
from service.names.given_names import read_given_name
from service.names.transcript_labels import clean_label, names_nobody
from service.sources.models import ParsedSource, SourceTurn

INTERVIEWER: Final = "Interviewer"  # of a question that the source puts in no one's mouth
_INITIALS: Final = re.compile(r"[A-Z]{2,3}|(?:[A-Z]\.\s?){1,3}[A-Z]\.?")
_ASKS: Final = re.compile(
    r"(?:q|question|questioner|interviewer|host|moderator|reporter|journalist)\.?", re.I
)
_ANSWERS: Final = re.compile(r"(?:a|answer|interviewee|respondent|guest)\.?", re.I)
_NAME: Final = re.compile(
    r"(?<!\b[Tt]he )\b[^\W\d_a-z][\w’'.-]{0,60}+(?:\s++[^\W\d_a-z][\w’'.-]{0,60}+){1,3}"
)
_AGREEING: Final = ("same", "compatible")


def name_speakers(source: ParsedSource, title: str | None = None) -> ParsedSource:
    """The source with its short labels as full names, where its title or another label tells these.

    "TH" and "Tomas" are Tomas Hale where exactly one such name is known, "A" the one person whom the title
    names. A question without a speaker is the interviewer's.
    """
    labels = list(dict.fromkeys(turn.speaker for turn in source.turns if turn.speaker))
    people = [label for label in labels if _is_full_name(label)]
    titled = find_names(title or source.title or "")
    known = list(dict.fromkeys([*people, *titled]))
    names = {label: _expand(label, known, titled) for label in labels}
    return replace(source, turns=tuple(_rename(turn, names) for turn in source.turns))


def _rename(turn: SourceTurn, names: dict[str, str]) -> SourceTurn:
    if turn.speaker is None:
        return replace(turn, speaker=INTERVIEWER) if turn.is_question else turn
    return replace(turn, speaker=names[turn.speaker])


def _expand(label: str, known: list[str], titled: list[str]) -> str:
    """The full name that a label stands for; the label itself where none, or several, would do."""
    cleaned = clean_label(label)
    if _ANSWERS.fullmatch(cleaned):
        return titled[0] if len(titled) == 1 else label
    if _is_full_name(label):
        return label
    fitting = [name for name in known if _compare_short(name, cleaned) == "same"]
    return fitting[0] if len(fitting) == 1 else label


def _is_full_name(label: str) -> bool:
    if _INITIALS.fullmatch(clean_label(label)) or names_nobody(label):
        return False
    return len(read_name(label).words) > 1


def find_names(title: str) -> list[str]:
    """Full names of people in a title: of words with capitals, the first a known given name."""
    names = []
    for match in _NAME.finditer(title):
        words = match[0].split()
        while len(words) > 1 and read_given_name(words[0].lower()) is None:
            words.pop(0)
        if len(words) > 1:
            names.append(" ".join(words).rstrip(".,’'"))
    return list(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class SourceSpeakers:
    """The labels under which people speak in the sources that were given."""

    labels: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sources: Iterable[ParsedSource]) -> SourceSpeakers:
        """All labels of some sources."""
        return cls(frozenset(turn.speaker for source in sources for turn in source.turns if turn.speaker))

    def comparing(self, base: CompareNames | None) -> CompareNames:
        """How a draft's names agree with these labels; of other names, as `base` says."""
        usual = base or compare_names

        def compare(ours: str, label: str) -> Agreement:
            if label not in self.labels:
                return usual(ours, label)
            agreement = _compare_label(ours, label, usual)
            if agreement != "unknown":
                return agreement
            if self._is_only_one(ours, label):
                return "compatible"
            return "different" if self._is_another(ours, label, usual) else "unknown"

        return compare

    def _is_only_one(self, ours: str, label: str) -> bool:
        """Whether a surname alone fits these initials and no others: "Hale" is TH, not JB."""
        fitting = [other for other in self.labels if _ends_with_initial(ours, clean_label(other))]
        return fitting == [label]

    def _is_another(self, ours: str, label: str, usual: CompareNames) -> bool:
        """Whether the one who is meant speaks under another label, so that this one is somebody else's."""
        cleaned = clean_label(label)
        if not (_ASKS.fullmatch(cleaned) or _is_short(cleaned)):
            return False
        return any(_compare_label(ours, other, usual) in _AGREEING for other in self.labels - {label})


def _ends_with_initial(surname: str, label: str) -> bool:
    if not is_lone_surname(surname) or not _INITIALS.fullmatch(label):
        return False
    return read_name(surname).words[0][0] == [letter for letter in label.lower() if letter.isalpha()][-1]


def _compare_label(ours: str, label: str, usual: CompareNames) -> Agreement:
    agreement = usual(ours, label)
    cleaned = clean_label(label)
    if agreement in _AGREEING or not _is_short(cleaned):
        return agreement
    return _compare_short(ours, cleaned)


def _is_short(label: str) -> bool:
    """Whether a label has initials, or one word that is a given name."""
    if _INITIALS.fullmatch(label):
        return True
    words = read_name(label).words
    return len(words) == 1 and not names_nobody(label) and read_given_name(words[0]) is not None


def _compare_short(ours: str, label: str) -> Agreement:
    """A name with a label of initials or of one word."""
    name = read_name(ours)
    if names_nobody(ours) or not name.words:
        return "unknown"
    if compare_names(ours, label) == "same":
        return "same"
    if _INITIALS.fullmatch(label):
        return _compare_initials(name, [letter for letter in label.lower() if letter.isalpha()])
    if is_lone_surname(ours):  # "Hale" may be Tomas
        return "same" if name.words[0] == read_name(label).surname else "unknown"
    as_given = compare_names(f"{label} {name.words[-1]}", ours)
    return "same" if as_given == "same" else compare_names(ours, label)


def _compare_initials(name: NameParts, letters: list[str]) -> Agreement:
    own = [word[0] for word in name.words]
    if len(own) == 1:
        return "unknown" if own[0] in (letters[0], letters[-1]) else "different"
    return "same" if letters in (own, [own[0], own[-1]]) else "unknown"
