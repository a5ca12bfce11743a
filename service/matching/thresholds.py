"""The thresholds of verdicts, with how each was chosen. After a change, raise `POLICY`."""

from __future__ import annotations

from typing import Final

# How much shared words tell, in bits (`service.matching.common_words`). Chosen on 9,359 quotations of 420
# news articles held against 332,000 sentences that hardly any of them quotes, and on the 720 labelled cases:
# the least that keeps chance likenesses out of the first and the labelled verdicts as they are.
BITS_OF_SAME_SPEAKER: Final = 45.0  # altered words, of a speaker who agrees
BITS_OF_ANYBODY: Final = 60.0  # the very words, where who said them is open: else `insufficient`
BITS_OF_ONE_PERSON: Final = 90.0  # the very words, of somebody else: else `insufficient`, not `misattributed`
# The very words in a source that was sent with the request, of somebody else or of nobody who is known. Of
# 17,000 sentences of 30 interviews, each held against the 29 others, 3 stood in another with 50 to 60 bits,
# and 6 with 40 to 50 ("That's a really good point."); the store is a thousand times as large.
BITS_OF_GIVEN: Final = 50.0
# Altered words in such a source, of a speaker who agrees. Of 870 sentences of other interviews, given to a
# speaker of the one at hand, none was called altered with 20 bits either.
BITS_OF_ALTERED_GIVEN: Final = 25.0
CONTENT_WORDS_OF_GIVEN: Final = 2  # of the named speaker, in such a source; fewer are a term or an "I know"
SHORTEST_ALTERED_OF_GIVEN: Final = 5  # words; in fewer another number or a "not" makes another sentence
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
LONG_RUN_NEAR: Final = 0.2  # share of the claim's specific words that a passage must have to be aligned
TAKES_BACK_WITHIN: Final = (
    5  # words of the next sentence, from its "But", in which it denies or limits this one
)

# Reported speech: probabilities of the head in `service.matching.reported_speech`. For a precision of 95 % of
# `supported` cross-validation on the training pairs asks for 0.837; a little more, since the pairs are few.
# Of `partly_supported`, which promises less, 0.9 had a precision of 90 % on the test pairs.
SUPPORTED: Final = 0.87
PARTLY_SUPPORTED: Final = 0.9
PROPOSITION: Final = 3  # content words of a report; fewer name a subject and say nothing of it
# Of direct words that a given source has otherwise: cosine + weight * log-odds of `supported`. Chosen on 49
# machine-like paraphrases of sentences in 30 interviews, each held against the interview, against the same
# without the turn that it is of, and beside a version with another sense (docs/figures/drafts.md).
PARAPHRASED: Final = 0.72
PARAPHRASE_HEAD_WEIGHT: Final = 0.115
SUPPORTED_BY_GIVEN: Final = 0.94  # the same of reported speech: of no version with another sense, on that set
# Cosine from which on a report is not said to be missing in a given source: 92 % of the paraphrases have it,
# and 20 % of those whose turn was taken out.
NEAR_IN_GIVEN: Final = 0.6
MOST_PARAPHRASES: Final = 8  # stretches whose meaning is compared, those that share most rare words
MOST_PARAPHRASES_SCORED: Final = 3  # of them, the nearest in meaning
PARAPHRASE_COVERED: Final = 0.6  # share of the content, by rarity, that a paraphrase must have word for word

# Alignment: which common runs of words are one statement. Chosen on the labelled verdicts.
LONGEST_GAP: Final = 60  # words between two parts that may still be one abridged statement
LONG_OMISSION: Final = 12  # words left out without a mark: more than a slip, two statements were joined
REACH_OF_SHORT_RUNS: Final = (
    10,
    30,
)  # words from its anchor to a run of one word, and of two, that belongs to it
REACH_OF_GRAMMAR: Final = 3  # the same for a run of nothing but function words
SHORT_LEAP: Final = 5  # words left out at no mark that make no other reading worth a try
WORDS_FOR_A_LEAP: Final = 2  # so many words more are worth a longer leap
SHORTEST_PIECE: Final = 4  # words; fewer can stand anywhere by chance
MOST_PIECES: Final = 6  # of one stretch without a mark
SHORTEST_MIDDLE: Final = 4  # keys of a kept run from which on its middle is taken as one
CONTRACTIONS_ALLOWED: Final = 2  # keys that may yet turn out to be other readings of a contraction
LONGEST_INTERJECTION: Final = 12  # words another speaker may throw in without ending what is being said
NEAR_SHARE: Final = 0.35  # of the specific words; even an altered quotation keeps half of its content
NEAR_PLACES: Final = 80  # code points

# Axes. Chosen on the labelled verdicts.
CONTENT_WORDS_NEEDED: Final = 4  # of a claim; with fewer it says too little to be found altered
WORDS_ENOUGH: Final = 8  # that many words in a row name their place even where few carry content
ALTERED_COVERAGE: Final = 0.6  # share of a claim's words that altered words keep
ALTERED_CONTENT_COVERAGE: Final = 0.5  # the same of its content words
REPEATING: Final = 0.7  # distinct words of a claim's; above it no sentence of several is said again
SHORTEST_FRAGMENT: Final = 3  # words
SMALL_WORD_SHARE: Final = 0.05  # of a claim's words that may be other small words
LONGEST_REPLACED: Final = 4  # words that the writer's brackets may stand for: "[Mr Smith]" for "he"
LONG_DROP: Final = 3  # words
QUALIFIER_REACH_ON: Final = 15  # words after a quotation in which a condition or contrast still qualifies it
QUALIFIER_REACH_BACK: Final = 20  # and before it
NEGATION_REACH: Final = 6  # words around it in which a negation still does
DENIAL_REACH_BACK: Final = 160  # code points before words in which their speaker says that another said them
CONTEMPORANEOUS_DAYS: Final = 3  # a report follows what it reports within days, over a weekend
RECENT_DAYS: Final = 30
SURE_OF_SPEAKER: Final = 0.6  # less than that, and it may be us who took the wrong person for the speaker

# Reported speech: what is scored. The head was trained with the numbers of the second group: train it again.
MOST_STRETCHES: Final = 24  # scored by meaning; the others share fewer rare words
LONGEST_STRETCH: Final = 3  # sentences
MOST_MEASURED: Final = 6  # stretches; the first given share most words with the claim
DENIAL_REACH: Final = 8  # words after a denial that it may deny
MODAL_REACH: Final = 6  # words after a modal that it makes open
WORDS_NEAR: Final = 6  # words after a negation among which a shared one must be

# How much shared words tell, by their frequency in English.
NUMBER_BITS: Final = 12.0  # of a number: rarer than most words, but any text of figures has some
SHORTEST_RUN: Final = 2  # words; one alone is shared by chance

# Retrieval: what is read. `make bench-match` measures what is found and how long it takes.
FINGERPRINTS_PER_QUERY: Final = 16
BUDGET: Final = 4_000  # postings read for one query
SHORT_QUERY: Final = 7  # words
SHORT_BUDGET: Final = 8_000  # a short query has few fingerprints, and none may be rare
LEAST_WEIGHT: Final = 0.15  # of the best: what shares less with a query is not worth reading
ROUNDING: Final = 1e-9  # sums of the same weights in another order
VARIANT_WORDS: Final = 5  # a shorter text says too little to have variants
VARIANT_SHARE: Final = 0.8  # of the shorter text's words, in order
# Near copies: the same article in another newspaper.
RUN_WORDS: Final = 5  # words of one run: shorter ones are shared by chance
SKETCH_SIZE: Final = 32  # hashes kept of a text
LEAST_NARRATIVE: Final = 25  # words outside of quotation marks; with fewer the whole texts are compared
NARRATIVE_SHARE: Final = 0.5  # of the runs of the shorter narrative that a copy has
WHOLE_SIMILARITY: Final = 0.85  # of short texts, word by word

# Limits: the time for a claim stays bounded, whatever the texts.
COMMON_IN_LONG_TEXT: Final = 64  # in hostile texts a word repeated more often than this starts no run
MOST_WORK: Final = 2_000_000  # steps spent looking for runs; beyond it the remaining text counts as unmatched
MOST_WORDS_COMPARED: Final = 48
PLACES_PER_PASSAGE: Final = 4
PASSAGES_READ: Final = 6  # word by word; the others share fewer words
MOST_WORDS_OF_COPY: Final = 20_000  # of a text that are read

# Texts that are shown.
MATCH_CONTEXT: Final = 300  # code points of text on either side of a match
SAID_CONTEXT: Final = 300  # code points of a neighbouring sentence
LONGEST_SAID: Final = 400  # words to either side in which the end of a sentence is looked for

# What speakers say beside what they mean. Chosen on the first half of the interviews (`make bench-drafts`).
LONGEST_DISFLUENCY: Final = 12  # words left out at one place, fillers among them
LONGEST_START: Final = 6  # words of a sentence that was begun and given up
REACH_OF_START: Final = 12  # words after it in which a name, number or negation of it must be said again

# Search of the sources of a request (`service.matching.given`). Set by hand; with them the floors on drafts
# against real interviews hold (docs/figures/drafts.md).
WINDOW_RADIUS: Final = 3  # sentences on either side of a hit
MOST_WINDOWS: Final = 8  # of one claim's words; the judge reads six of them word by word
HITS_OF_WHOLE: Final = 5  # sentences that have most words of the whole claim
HITS_OF_PART: Final = 2  # the same of one of its parts, or of what the first ones lack
RERANKED: Final = 24  # sentences whose words are compared in their order
ROUNDS: Final = 3  # looks for what the sentences found so far do not have
LEAST_SHARE: Final = 0.15  # of the weight of the words looked for; what has less is no hit
REPORTED_RADIUS: Final = 1  # sentences on either side of what a report may go back to
MOST_REPORTED: Final = 16  # sentences that a report, or a paraphrase, may go back to
MOST_OF_ANYBODY: Final = 4  # of them, where somebody else may have said it
LONG_SENTENCE: Final = 80  # words, of transcripts without full stops; longer ones have one neighbour
PAIR_WEIGHT: Final = 2.0  # of a pair of neighbours, against one word as rare
FUNCTION_WEIGHT: Final = 0.1  # of "the" or "of": they order texts that are else alike
MAX_PARTS: Final = 12  # of a long quotation that are searched for by themselves
LEAST_PART: Final = 3  # words of such a part
