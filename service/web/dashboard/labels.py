"""The labels and codes of verdicts in words for people, each with a tone and an icon.

A tone is never all there is: the icon and the word say the same. "Not found" is grey, and means no more than
that nobody was found to have said it before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from service.matching.labels import LABEL_TEXTS
from service.matching.models import Label as Code

Tone = Literal["good", "fine", "care", "bad", "unsure", "none"]


@dataclass(frozen=True, slots=True)
class Label:
    """A code in words: its name, its meaning, its tone, and its icon in icons.html."""

    code: str
    word: str
    meaning: str
    tone: Tone
    icon: str


def _labels(*rows: tuple[str, str, Tone, str, str]) -> dict[str, Label]:
    return {code: Label(code, word, meaning, tone, icon) for code, word, tone, icon, meaning in rows}


def _with_words(*rows: tuple[Code, Tone, str, str]) -> Iterator[tuple[str, str, Tone, str, str]]:
    return ((code, LABEL_TEXTS[code], tone, icon, meaning) for code, tone, icon, meaning in rows)


#: The labels of verdicts, the gravest first: tone, icon, and what they mean beyond their words.
VERDICTS: Final = _labels(
    *_with_words(
        ("wrong_person", "bad", "swap", "Somebody else said these words."),
        ("changed", "bad", "altered", "What is quoted differs from what was said."),
        ("paraphrased", "care", "paraphrase", "Take the quotation marks off: these are not the words."),
        ("context", "unsure", "cut", "Words beside them change how they are to be understood."),
        ("confirmed", "good", "check", "A record of this person, or their own statement, has these words."),
        ("words_only", "fine", "person", "The article or the source names nobody to compare."),
        ("repeated", "fine", "again", "Other articles have these words, which proves no more than that."),
        ("supported", "good", "check", "Reported speech that agrees with what this person said."),
        ("partly_supported", "fine", "half", "Some of what is reported agrees with what was said."),
        ("unclear", "unsure", "ambiguous", "Nothing can be said for sure."),
        ("not_in_sources", "bad", "missing", "None of the sources that came with the draft has it."),
        ("not_found", "none", "missing", "No source that was searched has it. It may have been said."),
    )
)
#: The same in a word or two, for the heads of tables and charts.
SHORT: Final = {
    "wrong_person": "Wrong person",
    "changed": "Changed",
    "paraphrased": "Paraphrased",
    "context": "Context left out",
    "confirmed": "Confirmed",
    "words_only": "Words only",
    "repeated": "Printed before",
    "supported": "Borne out",
    "partly_supported": "Borne out in part",
    "unclear": "Unclear",
    "not_in_sources": "Not in sources",
    "not_found": "Not found",
}
#: How bad it is goes before the tone that a label has by itself.
_SEVERITY: Final[Mapping[int, Tone]] = {2: "care", 3: "bad"}
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
    ("recycled", "Older quote", "care", "again", "Said long before the article."),
    ("anachronistic", "Source is later", "bad", "again", "The only source is later than the article."),
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
    "lone_name": "by a single name",
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
    "proper_name": "by a name that may be a person’s or a body’s",
    "document": "a document",
    "document_issuer": "by who issued the document",
    "group": "a group of people",
    "anonymous": "kept unnamed by the article",
    "corrected": "corrected by a person",
    "registry": "known to the register of speakers",
    "abstained": "uncertain",
    "language_not_supported": "not looked for in this language",
}


def label_of(verdict: Mapping[str, Any] | None) -> Label:
    """The label of a verdict as an answer has it, or that there is none yet.

    A verdict of policy 1 has no label: it is shown by its axes, as it was then.
    """
    if not verdict:
        return FIDELITY["unjudged"]
    if "label" in verdict:
        label = VERDICTS[verdict["label"]]
        return replace(label, tone=_SEVERITY.get(verdict["severity"], label.tone))
    if verdict["attribution"] == "misattributed":
        return ATTRIBUTION["misattributed"]
    return FIDELITY[verdict["fidelity"]]


#: What decided a verdict, by its class.
EVIDENCE: Final = {
    "record": "a record of what was spoken",
    "statement": "a statement by its author, or a collection with sources",
    "report": "reports: they show where it was printed",
}
KINDS: Final = {"direct": "Direct", "indirect": "Reported", "mixed": "Mixed"}
#: What a person says of a quotation when signing it off.
SIGN_OFFS: Final[Mapping[str, Label]] = {
    "right": Label("right", "Right", "The words and the speaker are right.", "good", "check"),
    "fix": Label("fix", "To be fixed", "The article has to be changed.", "bad", "warn"),
    "confirmed_by_phone": Label(
        "confirmed_by_phone", "Confirmed by phone", "The speaker, or somebody who was there, confirmed it.",
        "good", "check",
    ),
    "cannot_be_confirmed": Label(
        "cannot_be_confirmed", "Cannot be confirmed", "Nobody could confirm it.", "care", "unknown",
    ),
    "ignore": Label("ignore", "Ignored", "Nothing that has to be checked.", "none", "short"),
}  # fmt: skip
WORDS: Final = {
    "sign_offs": SIGN_OFFS,
    "label_of": label_of,
    "verdicts": VERDICTS,
    "short": SHORT,
    "evidence": EVIDENCE,
    "fidelity": FIDELITY,
    "attribution": ATTRIBUTION,
    "time": TIME,
    "changes": CHANGES,
    "ops": OPS,
    "kinds": KINDS,
    "how": HOW,
}
