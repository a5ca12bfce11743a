"""The numbers that decide what is a quotation and who it is attributed to, with how each was chosen.

A changed number changes the engine's version. "On dev" means: the best attribution@0.8 F1 on PolNeAR's dev
articles (`python -m service.extraction.training.sweep` measures them again). Those of speakers stand in
`service.extraction.speakers.thresholds`.
"""

from __future__ import annotations

from typing import Final

# Linking of contents, cues and sources. On dev.
LEAST_LINKED: Final = 0.1  # probability below which a content has no link to a cue
LEAST_SOURCE: Final = 0.1  # probability below which a cue has no link to a source that is not beside it
BESIDE: Final = 1.0  # in favour of a source beside its cue, in log probability, as are the next two
PASSING: Final = 0.75  # against a cue, for each other cue that a content would pass over
COVER: Final = 1.5  # the most a content may lose by going to a cue that would else have none
SMOOTHING: Final = 0.02  # added to the probability of each source
POINTER_REACH: Final = 60  # spans either way: about as many as a window holds
LEAST_POINTED: Final = 0.15  # probability above which a word that decoding left out begins a span
LEAST_RATHER: Final = 0.25  # mean probability of a role at which a span that is pointed to takes it on
LEAST_GROWN: Final = -1.6  # log probability above which a pointed span goes on

# What is believed. On dev.
LEAST_SHARED: Final = 0.75  # probability of a content beside a surer one of the same cue
LEAST_BELIEVED: Final = 0.43  # of the attributions just above it two in five are right

# Quotation marks. By reading articles.
STRAY_WORDS: Final = 1  # words beside a passage that are a slip of the network, not reported speech
SPOKEN_CHANCE: Final = 0.4  # least mean chance of content at which a silent passage is speech
MOST_OF_PASSAGE: Final = 0.5  # share of a passage from which on a content means all of it
INVERTED_WORDS: Final = 6  # of a source that stands behind its cue to the end of the sentence
INTRODUCTION_WORDS: Final = 40  # words back from a colon in which its cue is looked for
TITLE_LOOK_BACK: Final = 40  # characters before a passage in which a word such as "book" makes it a title
RELAY_REACH: Final = 80  # characters after a source in which its relay must begin, or its name must be over
DENIAL_REACH_BACK: Final = 160  # code points before the words in which a denial is looked for

BEFORE_COLON: Final = 20  # characters that may stand between a colon and the words that it introduces
HEADING_WORDS: Final = range(3, 9)  # of a heading in marks; fewer are somebody's answer: "Barack Obama."

# Layouts. By reading articles.
LEAST_LABELS: Final = 2  # one line "NOTE: …" is no transcript
MOST_BETWEEN: Final = 4  # unlabelled paragraphs between two labels that may still belong to one transcript
LEAST_QUESTIONS: Final = 2  # in an interview
PROMPT_WORDS: Final = 40  # of a question that nothing but its own paragraph sets apart
INTRODUCTION_REACH: Final = 3_000  # characters before an interview in which its subject is looked for
LONGEST_AUTHOR: Final = 150  # characters of the line that names who a block quotation is by
LEAD_WORDS: Final = 14  # of a line with a colon that says whose the words below are
NAME_LINE_WORDS: Final = 10  # of a name with a role, as a line of its own
MOST_ITEMS: Final = 20  # of a list that finishes a sentence
SHORT_REPLY: Final = 12  # words; longer ones are no turns of a dialogue
SIGNATURE_REACH: Final = 150  # characters after a passage in which its signature must be over

# What is reported at all: probabilities of the heads (training/heads/MODEL_CARD.md). By cross-validation over
# all labelled articles: one result in twenty-five quotes nobody, and hardly a labelled statement is lost.
LEAST_REPORTED: Final = 0.65  # probability of a report below which words without marks report nothing
LEAST_MARKED: Final = 0.4  # the same for words in marks, which seldom quote nobody
LEAST_RELATED: Final = 0.6  # probability of a stance below which what is no report is left out

# What the network reads. Longer texts are read in chapters, and repeated words are not read at all.
CHAPTER: Final = 50_000  # characters; hardly an article is longer
REPEATED_PIECES: Final = 100  # from so many pieces on a stretch of hardly any different ones says nothing
FEWEST_PIECES: Final = 12  # different pieces of what is read; of 886 windows of news the poorest has 53
