"""Texts for the codes of reviews: rules, changes, and the possible decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from service.matching.review_triage import RULE_NAMES
from service.web.dashboard.labels import FIDELITY, Label

#: The rules of `service/matching/review_triage.py`, as reasons for a review.
RULES: Final[Mapping[str, str]] = {
    "meaning_altered": "A negation, number, name or modal verb differs from the source",
    "misattributed": "The words are somebody else’s",
    "qualifier_cut": "What qualifies the words was left out",
    "spliced": "Words from different places were joined",
    "anachronistic": "Said before anybody is known to have said it",
    "wording_altered": "Words differ from the source’s",
    "speaker_in_doubt": "Somebody else’s words, but the speaker was read from little",
    "sources_differ": "Equally good sources lead to different verdicts",
    "paraphrase_in_quotation_marks": "Presented as a quotation; only the gist was found",
    "evidence_retracted": "A source that the verdict rests on was retracted",
    "evidence_changed": "A source that the verdict rests on was changed",
}
assert tuple(sorted(RULES)) == tuple(sorted(RULE_NAMES)), "each rule has its words"
STATES: Final[Mapping[str, str]] = {
    "open": "Waiting",
    "claimed": "Taken",
    "decided": "Decided",
    "superseded": "Superseded",
}
URGENCY: Final[Mapping[int, str]] = {1: "Look first", 2: "Look soon", 3: "Look later"}
ACTIONS: Final[Mapping[str, str]] = {
    "opened": "put it into the queue",
    "renewed": "found it again in a new version",
    "doubted": "added a reason: a source of the verdict was changed or retracted",
    "claimed": "took it",
    "released": "gave it back",
    "skipped": "left it to others",
    "decided": "decided",
    "reopened": "took the decision back",
    "superseded": "closed it: the article says otherwise by now",
    "forgotten": "forgot its words",
    "signed_off": "signed it off",
    "corrected": "corrected it",
    "withdrawn": "took the sign-off back",
}
FABRICATED: Final = Label(
    code="fabricated",
    word="Fabricated",
    meaning="Nobody said this. Only a person can say so, and it takes evidence.",
    tone="bad",
    icon="warn",
)
#: Possible decisions, in the order of the verdicts; only people decide `fabricated`.
HUMAN_FIDELITY: Final[Mapping[str, Label]] = {
    **{code: label for code, label in FIDELITY.items() if code != "unjudged"},
    FABRICATED.code: FABRICATED,
}
AGREED: Final = "Agreed, no reason given."  # of a decision that nobody gave a reason for
