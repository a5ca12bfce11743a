"""Base forms of English verbs and nouns, well enough to compare a cue's words with one another."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_IRREGULAR: Final = {
    "said": "say", "told": "tell", "wrote": "write", "written": "write", "thought": "think", "felt": "feel",
    "knew": "know", "known": "know", "saw": "see", "seen": "see", "sought": "seek", "spoke": "speak",
    "spoken": "speak", "found": "find", "shown": "show", "held": "hold", "meant": "mean", "put": "put",
    "understood": "understand", "forgot": "forget", "heard": "hear", "took": "take", "taken": "take",
    "chose": "choose", "sworn": "swear", "swore": "swear", "made": "make", "gave": "give", "given": "give",
    "came": "come", "went": "go", "gone": "go", "has": "have", "had": "have", "did": "do", "does": "do",
    "got": "get", "led": "lead", "left": "leave", "read": "read", "sent": "send", "sang": "sing", "sung":
    "sing",
    "began": "begin", "begun": "begin", "is": "be", "are": "be", "was": "be", "were": "be", "been": "be",
    "being": "be", "'s": "'s", "says": "say",
}  # fmt: skip
_KEEP_E: Final = frozenset(
    [
        "describe",
        "note",
        "argue",
        "promise",
        "propose",
        "urge",
        "acknowledge",
        "advise",
        "agree",
        "announce",
        "cite",
        "claim",
        "compare",
        "complete",
        "conclude",
        "continue",
        "declare",
        "decline",
        "deny",
        "describe",
        "disclose",
        "discuss",
        "dispute",
        "divulge",
        "emphasize",
        "estimate",
        "guarantee",
        "include",
        "indicate",
        "insinuate",
        "issue",
        "joke",
        "name",
        "nominate",
        "outline",
        "persuade",
        "pledge",
        "praise",
        "predict",
        "provide",
        "quote",
        "rate",
        "realize",
        "receive",
        "recognize",
        "release",
        "repeat",
        "require",
        "reveal",
        "state",
        "suppose",
        "tease",
        "believe",
        "hope",
        "imagine",
        "decide",
        "dare",
        "tweet",
        "use",
        "write",
        "make",
        "come",
        "have",
        "give",
        "take",
        "declare",
        "challenge",
        "charge",
        "apologize",
        "criticize",
        "tease",
        "date",
        "date",
        "welcome",
    ]
)


@lru_cache(maxsize=4096)
def base_form(word: str) -> str:
    """The base form of a word in lower case, or the word where no ending is known: "said" and "says" are
    "say".
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if (word.endswith("ies") and len(word) > 4) or (word.endswith("ied") and len(word) > 4):
        return word[:-3] + "y"
    for ending in ("ing", "ed", "es", "s"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) > 2 and not word.endswith(("ss", "us", "is")):
            return _restore(stem, ending)
    return word


def _restore(stem: str, ending: str) -> str:
    """The word of a stem that lost its ending."""
    if stem + "e" in _KEEP_E:
        return stem + "e"
    if ending == "s":
        return stem
    if ending == "es":
        return stem if stem.endswith(("sh", "ch", "x", "ss", "z", "o")) else stem + "e"
    if stem[-1] == stem[-2] and stem[-1] not in "sl":
        return stem[:-1]
    return stem
