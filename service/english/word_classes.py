"""Word lists of the normalisation levels and of the verdict policy: which words are of which kind.

All entries are in the form of level N3 (lower case, straight apostrophes). Changing a list changes verdicts:
raise `POLICY` in `service.matching.judge` with it.
"""

from __future__ import annotations

from typing import Final


def word_set(text: str) -> frozenset[str]:
    """The words of a declaration, divided by white space."""
    return frozenset(text.split())


ARTICLES: Final = word_set("a an the")

# Words without content of their own: they neither make a fragment judgeable nor count as shared content.
FUNCTION_WORDS: Final = ARTICLES | word_set(
    """
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her
    hers herself it its itself they them their theirs themselves this that these those who whom whose which
    what     am is are was were be been being have has had having do does did doing
    will would can could may might must shall should
    and or but nor so yet if than as because while though although unless until
    of in on at by for with from to into onto upon about over under between through during against within
    not no there when where why how
    uh um er ah eh oh
    """
)

# Small words whose loss or gain leaves the sense alone: `near_verbatim` tolerates them.
SMALL_WORDS: Final = ARTICLES | word_set(
    "and so that which of to in on at for then just also very really as actually basically literally"
)

HESITATIONS: Final = word_set("uh um er erm ah eh oh hmm mm mhm")
FILLERS: Final = HESITATIONS | word_set("well look now so okay ok yes yeah hey listen")
# These fill a pause only where one is heard: ", like,", "Right, so".
PAUSED_FILLERS: Final = word_set("like right alright actually basically literally honestly anyway")
FILLER_PHRASES: Final = (("you", "know"), ("i", "mean"), ("sort", "of"), ("kind", "of"), ("you", "see"))

# One verb in one tense, for another subject: speakers say "there's two" and writers "there are two".
AGREEING_FORMS: Final[dict[str, str]] = {
    a: b
    for pair in (("is", "are"), ("was", "were"), ("has", "have"), ("does", "do"), ("a", "an"))
    for a, b in (pair, pair[::-1])
}

NEGATIONS: Final = word_set(
    "not no never none nothing nobody nowhere neither nor without hardly scarcely barely zero"
)
MODALS: Final = word_set(
    """
    will would can could may might must shall should ought maybe perhaps possibly probably likely unlikely
    certainly definitely surely
    """
)
CONDITIONS: Final = word_set("if unless provided providing assuming lest whenever")
CONTRASTS: Final = word_set("but however although though except yet nevertheless nonetheless whereas")

# One raw word, several keys. `'s` and `'d` are ambiguous: the first reading is the key, the others are in
# CONTRACTION_READINGS.
IRREGULAR_CONTRACTIONS: Final[dict[str, tuple[str, ...]]] = {
    "won't": ("will", "not"),
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "shan't": ("shall", "not"),
    "ain't": ("is", "not"),
    "let's": ("let", "us"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("got", "to"),
    "oughta": ("ought", "to"),
    "oughtta": ("ought", "to"),
    "kinda": ("kind", "of"),
    "sorta": ("sort", "of"),
    "y'all": ("you", "all"),
    "o'clock": ("o'clock",),
    "ma'am": ("madam",),
    "d'you": ("do", "you"),
}
CONTRACTION_ENDINGS: Final[tuple[tuple[str, str], ...]] = (
    ("n't", "not"),
    ("'re", "are"),
    ("'ve", "have"),
    ("'ll", "will"),
    ("'m", "am"),
    ("'d", "would"),
    ("'s", "is"),
)
# What else the ending may stand for, by the key it was given.
CONTRACTION_READINGS: Final[dict[str, frozenset[str]]] = {
    "is": frozenset({"has", "us"}),
    "would": frozenset({"had", "did"}),
    "will": frozenset({"shall"}),
}

# One raw word, another spelling of the same word.
SPELLINGS: Final[dict[str, str]] = {
    "ok": "okay",
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "sen": "senator",
    "gov": "governor",
    "rep": "representative",
    "gen": "general",
    "st": "saint",
    "vs": "versus",
    "etc": "et-cetera",
    "cause": "because",
    "til": "until",
    "till": "until",
    "thru": "through",
    "alright": "all-right",
    "cheque": "check",
    "cheques": "checks",
    "grey": "gray",
    "tyre": "tire",
    "tyres": "tires",
    "kerb": "curb",
    "plough": "plow",
    "sceptic": "skeptic",
    "sceptics": "skeptics",
    "sceptical": "skeptical",
    "scepticism": "skepticism",
    "aluminium": "aluminum",
    "jewellery": "jewelry",
    "mum": "mom",
    "pyjamas": "pajamas",
    "storey": "story",
    "towards": "toward",
    "afterwards": "afterward",
    "forwards": "forward",
    "backwards": "backward",
    "upwards": "upward",
    "amongst": "among",
    "whilst": "while",
    "learnt": "learned",
    "burnt": "burned",
    "dreamt": "dreamed",
    "spelt": "spelled",
    "spoilt": "spoiled",
    "judgement": "judgment",
    "judgements": "judgments",
    "acknowledgement": "acknowledgment",
    "ageing": "aging",
    "enquiry": "inquiry",
    "enquiries": "inquiries",
    "fulfil": "fulfill",
    "fulfils": "fulfills",
    "fulfilment": "fulfillment",
    "enrol": "enroll",
    "enrols": "enrolls",
    "enrolment": "enrollment",
    "instalment": "installment",
    "instalments": "installments",
    "skilful": "skillful",
    "skilfully": "skillfully",
    "wilful": "willful",
    "manoeuvre": "maneuver",
    "manoeuvres": "maneuvers",
    "mediaeval": "medieval",
    "encyclopaedia": "encyclopedia",
    "paediatric": "pediatric",
    "anaemia": "anemia",
    "oestrogen": "estrogen",
    "foetus": "fetus",
    "diarrhoea": "diarrhea",
    "defence": "defense",
    "defences": "defenses",
    "offence": "offense",
    "offences": "offenses",
    "licence": "license",
    "licences": "licenses",
    "pretence": "pretense",
    "practise": "practice",
    "practised": "practiced",
    "practising": "practicing",
    "catalogue": "catalog",
    "catalogues": "catalogs",
    "dialogue": "dialog",
    "dialogues": "dialogs",
    "analogue": "analog",
    "programme": "program",
    "programmes": "programs",
    "tonne": "ton",
    "tonnes": "tons",
}  # fmt: skip
