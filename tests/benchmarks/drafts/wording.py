"""How a journalist changes spoken words: by right (fillers, false starts, cuts) and by mistake."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

_PAUSED_FILLER: Final = re.compile(
    r"(?P<before>^|[,.;] |,? -- |\.\.\. )(?P<filler>you know|I mean|um|uh|like|sort of|kind of|well|right\?|okay)"
    r"(?:, |\.\.\. | -- |(?=[,.]))",
    re.IGNORECASE,
)
_LOOSE_FILLER: Final = re.compile(
    r"(?<! a)(?<! an)(?<!the)(?<!this)(?<!that)(?<!some)(?<!any)(?<!what)(?<!different)(?<!certain)(?<!other)(?<!same)"
    r" (?:kind of|sort of|um,?|uh,?|like,|you know,)(?= )",
    re.IGNORECASE,
)
_TWICE: Final = re.compile(
    r"\b(?P<words>[A-Za-z']+(?: [A-Za-z']+){0,2})(?:,| -|\.\.\.| --) (?P=words)\b", re.IGNORECASE
)
_NUMBER: Final = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|\d[\d,.]*\d|\d)\b"
)
_OTHER_NUMBERS: Final = {
    "two": "five", "three": "nine", "four": "seven", "five": "two", "six": "eight", "seven": "three",
    "eight": "four", "nine": "six", "ten": "forty", "twenty": "fifty", "thirty": "seventy",
}  # fmt: skip
_OPPOSITES: Final = {
    "more": "less", "less": "more", "good": "bad", "bad": "good", "easy": "hard", "hard": "easy",
    "easier": "harder", "harder": "easier", "better": "worse", "worse": "better", "best": "worst",
    "always": "rarely", "big": "small", "small": "big", "large": "tiny", "first": "last", "last": "first",
    "before": "after", "after": "before", "love": "hate", "hate": "love", "fast": "slow", "slow": "fast",
    "everyone": "nobody", "everybody": "nobody", "most": "few", "many": "few", "high": "low", "old": "new",
    "new": "old", "right": "wrong", "wrong": "right", "possible": "impossible", "different": "similar",
    "difficult": "simple", "simple": "difficult", "important": "trivial", "great": "terrible",
    "early": "late", "open": "closed", "public": "private", "free": "paid", "safe": "unsafe",
    "success": "failure", "increase": "decrease", "start": "stop", "started": "stopped",
}  # fmt: skip
_MODALS: Final = {
    "can": "must", "could": "must", "will": "might", "would": "might", "should": "could", "might": "will",
    "may": "will", "must": "may", "maybe": "certainly", "probably": "definitely",
}  # fmt: skip
_AUXILIARY: Final = re.compile(
    r"\b(is|are|was|were|can|could|will|would|should|have|has|had|did|do|does)\b(?! not|n't|n’t)"
)
_DENIAL: Final = re.compile(r"\b(?:not |never )|(?<=[a-z])n't\b", re.IGNORECASE)
_NAME: Final = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z]{2,}(?: [A-Z][a-z]+)?\b")
_QUALIFIER: Final = re.compile(
    r"\b(?:not|no|never|nothing|nobody|but|if|unless|except|without|though|although|however)\b|n't\b",
    re.IGNORECASE,
)
_UNLIKE_NAMES: Final = frozenset({"The", "And", "But", "You", "They", "Yeah", "That", "This", "What", "Well"})


def drop_fillers(sentence: str) -> str | None:
    """A sentence without "you know", "um", "I mean" and the like; None where it has none."""
    cleaned = _PAUSED_FILLER.sub(_keep_pause, sentence)
    cleaned = _LOOSE_FILLER.sub("", cleaned)
    return _tidy(cleaned, sentence)


def _keep_pause(match: re.Match[str]) -> str:
    before = match["before"]
    if before in ("", ". "):
        return before
    return (
        ", "
        if match[0].endswith(" ") and before.startswith((",", ";")) and match["filler"].lower() == "well"
        else " "
    )


def drop_false_starts(sentence: str) -> str | None:
    """A sentence without words said twice ("I, I think", "we just... we just went"); None where it has none."""
    return _tidy(_TWICE.sub(lambda match: match["words"], sentence), sentence)


def _tidy(cleaned: str, original: str) -> str | None:
    cleaned = re.sub(r"\s+", " ", cleaned).strip(" ,-").replace(" ,", ",")
    if not cleaned or cleaned == original:
        return None
    return cleaned[0].upper() + cleaned[1:]


def cut_marked(sentence: str, chance: random.Random) -> str | None:
    """A sentence with one clause between commas cut and an ellipsis in its place."""
    commas = [match.start() for match in re.finditer(r", ", sentence)]
    pairs = [
        (a, b)
        for a, b in pairwise(commas)
        if 2 <= len(sentence[a:b].split()) <= 12
        and len(sentence[:a].split()) >= 4
        and len(sentence[b:].split()) >= 4
    ]
    if not pairs:
        return None
    start, end = chance.choice(pairs)
    if _QUALIFIER.search(sentence[start:end]):
        return None
    return f"{sentence[:start]} … {sentence[end + 2 :]}"


def take_part(sentence: str) -> str | None:
    """A clause of a sentence from a comma on, as a sentence of its own; None where it has none long enough."""
    head, comma, tail = sentence.partition(", ")
    if not comma or len(tail.split()) < 9 or not tail[0].islower():
        return None
    if _QUALIFIER.search(head):
        return None
    return tail[0].upper() + tail[1:]


def take_fragment(sentence: str, chance: random.Random) -> str | None:
    """Some words from within a sentence, as a fragment between marks."""
    words = sentence.rstrip(".?!").split(" ")
    if len(words) < 16 or _QUALIFIER.search(sentence):
        return None
    size = chance.randint(8, 12)
    start = chance.randint(2, len(words) - size)
    return " ".join(words[start : start + size]).strip(",;:- ")


def quote_within(sentence: str) -> str | None:
    """A sentence with what its speaker quotes in single marks; as it is with its pauses; None without either."""
    if sentence.count('"') % 2 or not re.search(r"\.\.\.|--|\"", sentence):
        return None
    return re.sub(r'"([^"]*)"', r"‘\1’", sentence)


def change_number(sentence: str, chance: random.Random) -> str | None:
    """A sentence with another number."""
    found = list(_NUMBER.finditer(sentence))
    if not found:
        return None
    match = chance.choice(found)
    number = match[0]
    other = _OTHER_NUMBERS.get(number) or _other_figure(number, chance)
    return sentence[: match.start()] + other + sentence[match.end() :]


def _other_figure(number: str, chance: random.Random) -> str:
    if re.fullmatch(r"(?:19|20)\d\d", number):
        return str(int(number) + chance.choice((-4, -2, -1, 3)))
    digits = [at for at, char in enumerate(number) if char.isdigit()]
    at = digits[0]
    return number[:at] + str(int(number[at]) % 9 + 1) + number[at + 1 :]


def change_negation(sentence: str, chance: random.Random) -> str | None:
    """A sentence that denies what it said, or says what it denied."""
    denials = list(_DENIAL.finditer(sentence))
    if denials:
        match = chance.choice(denials)
        before, after = sentence[: match.start()], sentence[match.end() :]
        if before.endswith(("ca", "wo")) and match[0].lower() == "n't":
            before = before[:-2] + ("can" if before.endswith("ca") else "will")
        return before + after
    found = list(_AUXILIARY.finditer(sentence))
    if not found:
        return None
    match = found[0]
    return f"{sentence[: match.end()]} not{sentence[match.end() :]}"


def _swap_word(table: dict[str, str]) -> Callable[[str, random.Random], str | None]:
    pattern = re.compile(rf"\b(?:{'|'.join(table)})\b(?!n't|'t)")

    def swap(sentence: str, chance: random.Random) -> str | None:
        found = list(pattern.finditer(sentence))
        if not found:
            return None
        match = chance.choice(found)
        return sentence[: match.start()] + table[match[0]] + sentence[match.end() :]

    return swap


change_to_opposite: Final = _swap_word(_OPPOSITES)
change_modality: Final = _swap_word(_MODALS)


def find_names(text: str) -> list[str]:
    """Words of a text that are written as names."""
    return [name for name in _NAME.findall(text) if name.split()[0] not in _UNLIKE_NAMES]


def change_name(sentence: str, names: Sequence[str], chance: random.Random) -> str | None:
    """A sentence with another name of the same conversation."""
    found = find_names(sentence)
    others = sorted({name for name in names if name not in sentence})
    if not found or not others:
        return None
    name = chance.choice(found)
    return re.sub(rf"\b{re.escape(name)}\b", chance.choice(others), sentence, count=1)


def splice(first: str, second: str, chance: random.Random) -> str:
    """Two sentences of distant answers as one quotation: side by side, by a mark, or joined in mid-sentence."""
    way = chance.choice(("side", "mark", "and", "halves"))
    start = second if second.startswith(("I ", "I'")) else second[0].lower() + second[1:]
    if way == "mark":
        return f"{first.rstrip('.!?')} … {start}"
    if way == "and":
        joined = start if start.startswith(("and ", "but ", "so ", "or ")) else f"and {start}"
        return f"{first.rstrip('.!?')}, {joined}"
    if way == "halves":
        head, tail = first.rstrip(".!?").split(), second.split()
        return " ".join([*head[: max(5, len(head) // 2)], *tail[-max(5, len(tail) // 2) :]])
    return f"{first} {second}"
