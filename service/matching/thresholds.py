"""The numbers that a verdict hangs on, with how each was chosen. To change one, raise `POLICY`."""

from __future__ import annotations

from typing import Final

# How much shared words tell, in bits (`service.matching.common_words`). Chosen on 9,359 quotations of 420
# news articles held against 332,000 sentences that hardly any of them quotes, and on the 720 labelled cases:
# the least that keeps chance likenesses out of the first and the labelled verdicts as they are.
BITS_OF_SAME_SPEAKER: Final = 45.0  # altered words, of a speaker who agrees
BITS_OF_ANYBODY: Final = 60.0  # the very words, where who said them is open: else `insufficient`
BITS_OF_ONE_PERSON: Final = 90.0  # the very words, of somebody else: else `insufficient`, not `misattributed`
BITS_OF_ALTERED: Final = 100.0  # altered words, of somebody else
# Altered words of nobody named, as when a reader looks up a selection: no person is spoken of. 94 bits are in
# "In this present crisis, government is (not) the solution to our problem".
BITS_OF_ALTERED_UNNAMED: Final = 80.0
BITS_OF_PIECE: Final = 30.0  # each part of a quotation put together from several places
COST_OF_RUN: Final = 8.0  # bits lost with every further run: to say where it stands takes as many

# Of altered words: the coverage needed to place them with another speaker or on another day; and with both.
COVERAGE_OF_ANOTHER: Final = (0.8, 0.9)
CLOSE_COVERAGE: Final = 0.85  # so much explained in one place that no other need be looked for
STRETCH: Final = 1.5  # words of the source per word of the claim, for altered words of another
SHORT_FRAGMENT: Final = 8  # words; fewer that several people said do not tell who is quoted
# A part of a longer quotation that stands in one place: 12 words in a row of 100 bits were never shared by
# chance among the unrelated quotations.
LONG_RUN: Final = 12  # words
LONG_RUN_COVERAGE: Final = 0.25
LONG_RUN_NEAR: Final = 0.2  # share of the claim's telling words that a passage must have to be aligned
TAKES_BACK_WITHIN: Final = (
    5  # words of the next sentence, from its "But", in which it denies or limits this one
)

# Reported speech: probabilities of the head in `service.matching.reported_speech`. For a precision of 95 % of
# `supported` cross-validation on the training pairs asks for 0.837; a little more, since the pairs are few.
# Of `partly_supported`, which promises less, 0.9 had a precision of 90 % on the test pairs.
SUPPORTED: Final = 0.87
PARTLY_SUPPORTED: Final = 0.9
PROPOSITION: Final = 3  # content words of a report; fewer name a subject and say nothing of it
PARAPHRASE_COVERED: Final = 0.6  # share of the content, by rarity, that a paraphrase must have word for word
