"""The codes of verdicts in words for people, each with a tone and an icon.

A tone is never all there is: the icon and the word say the same. "Not found" is grey, and means no more than
that nobody was found to have said it before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Tone = Literal["good", "fine", "care", "bad", "unsure", "none"]


@dataclass(frozen=True, slots=True)
class Label:
    """A code for people: what it is called, what it means, in which tone, by which icon of base.html."""

    code: str
    word: str
    meaning: str
    tone: Tone
    icon: str


def _labels(*rows: tuple[str, str, Tone, str, str]) -> dict[str, Label]:
    return {code: Label(code, word, meaning, tone, icon) for code, word, tone, icon, meaning in rows}


FIDELITY: Final = _labels(
    ("verbatim", "Verbatim", "good", "check", "The same words."),
    ("near_verbatim", "Near verbatim", "good", "near", "The same words but for trifles."),
    ("abridged", "Abridged", "fine", "abridged", "Words were left out, and the sense was kept."),
    ("truncated", "Truncated", "care", "cut", "It ends before words that change the sense."),
    ("spliced", "Spliced", "care", "spliced", "Put together from words that stood apart."),
    ("altered", "Altered", "bad", "altered", "Words were changed, and the sense with them."),
    ("paraphrase", "Paraphrase", "care", "paraphrase", "Other words to the same effect, marked as a quote."),
    ("ambiguous", "Ambiguous", "unsure", "ambiguous", "Several sources fit as well as each other."),
    ("insufficient", "Too little to judge", "none", "short", "Too few words to tell whose they are."),
    ("no_match", "Not found", "none", "missing", "Nobody was found who said it before. Somebody may have."),
    ("supported", "Supported", "good", "check", "Reported speech that the source bears out."),
    ("partly_supported", "Partly supported", "care", "half", "Reported speech that is borne out in part."),
    ("unjudged", "Being looked up", "none", "wait", "Not looked up yet."),
)  # fmt: skip
ATTRIBUTION: Final = _labels(
    ("same", "Same speaker", "good", "person", "The source has the same speaker."),
    ("compatible", "Speaker fits", "fine", "person", "The source's speaker may well be the same."),
    ("misattributed", "Misattributed", "bad", "swap", "The source has another speaker."),
    ("unresolved", "Speaker unresolved", "none", "unknown", "There are no two names to compare."),
    ("anonymous", "Anonymous", "none", "unknown", "The article keeps its speaker unnamed."),
)  # fmt: skip
TIME: Final = _labels(
    ("contemporaneous", "Of that day", "good", "clock", "Said when the article says."),
    ("recent", "Recent", "good", "clock", "Said shortly before."),
    ("recycled", "Recycled", "care", "again", "Said long before, and used again."),
    ("anachronistic", "Anachronistic", "bad", "again", "The only source is later than the article."),
    ("undated", "Undated", "none", "clock", "There is no day to compare."),
)  # fmt: skip
CHANGES: Final = {
    "negation": "a negation",
    "number": "a number",
    "entity": "a name",
    "modality": "how sure it is",
    "omission": "something left out",
    "wording": "wording",
}
OPS: Final = {"keep": "kept", "drop": "dropped", "add": "added", "change": "changed"}
#: How a speaker was resolved, by the rule's name.
HOW: Final = {
    "full_name": "named in full",
    "surname": "by surname",
    "shared_surname": "by a surname that several bear",
    "lone_surname": "by a surname alone",
    "given_name": "by given name",
    "several_names": "several people named",
    "handle": "by account name",
    "apposition": "by the name beside the description",
    "pronoun": "by a pronoun",
    "plural_pronoun": "by “they”",
    "neuter_pronoun": "by “it”",
    "relative": "by “who”",
    "first_person": "by “I”, in the words of the one who speaks",
    "role": "by their post",
    "possessive_role": "by whose post it is",
    "salient_role": "by the one person who fits",
    "named_later": "named later in the article",
    "organisation": "an organisation by name",
    "organisation_noun": "by “the company” or the like",
    "possessive_organisation": "by whose organisation it is",
    "proper_name": "by a name of unknown kind",
    "document": "a document",
    "document_issuer": "by who issued the document",
    "group": "a group of people",
    "anonymous": "kept unnamed by the article",
    "registry": "known to the register of speakers",
    "abstained": "not to be told for sure",
    "language_not_supported": "not looked for in this language",
}
KINDS: Final = {"direct": "Direct", "indirect": "Reported", "mixed": "Mixed"}
WORDS: Final = {
    "fidelity": FIDELITY,
    "attribution": ATTRIBUTION,
    "time": TIME,
    "changes": CHANGES,
    "ops": OPS,
    "kinds": KINDS,
    "how": HOW,
}
