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
INTRODUCED: Final = 0.5  # least probability of a report for words in marks behind a colon
INVERTED_WORDS: Final = 6  # of a source that stands behind its cue to the end of the sentence
INTRODUCTION_WORDS: Final = 40  # words back from a colon in which its cue is looked for
TITLE_LOOK_BACK: Final = 40  # characters before a passage in which a word such as "book" makes it a title
RELAY_REACH: Final = 80  # characters after a source in which its relay must begin, or its name must be over
DENIAL_REACH_BACK: Final = 160  # code points before the words in which a denial is looked for

# Layouts. By reading articles.
LEAST_LABELS: Final = 2  # one line "NOTE: …" is no transcript
MOST_BETWEEN: Final = 4  # unlabelled paragraphs between two labels that may still belong to one transcript
SIGNATURE_REACH: Final = 150  # characters after a passage in which its signature must be over

# What is reported at all: probabilities of the heads (training/heads/MODEL_CARD.md). By cross-validation over
# all labelled articles: one result in twenty-five quotes nobody, and hardly a labelled statement is lost.
LEAST_REPORTED: Final = 0.65  # probability of a report below which words without marks report nothing
LEAST_MARKED: Final = 0.4  # the same for words in marks, which seldom quote nobody
LEAST_RELATED: Final = 0.7  # probability of a stance below which what is no report is left out
