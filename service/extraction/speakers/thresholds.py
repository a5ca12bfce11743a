"""The numbers that decide who a source is, with how each was chosen.

A changed number changes the engine's version. "Read off train" means: chosen while PolNeAR's training
articles were read. What moving a number by 30 % does to labelled sources: docs/figures/mutation.md.
"""

from __future__ import annotations

from typing import Final

# Names and people. Read off train.
LONGEST_NAME: Final = 5  # words: "Maria del Carmen Ruiz Lopez"; longer runs of capitals are headlines
NAME_APPOSITION_REACH: Final = 9  # words within which an apposition shows its noun: "an aide of many years"
BARE_APPOSITION_REACH: Final = 4  # the same without an article: "Ann Lee, senior policy adviser"
HONORIFIC_VOTES: Final = 6  # of "Mr.", for a gender: more than a given name and the pronouns nearby have
NAME_VOTES: Final = 1  # for the other gender, at most, of whom a pronoun may mean: an unsure given name
PRONOUN_REACH: Final = 8  # words after a name within which a pronoun speaks of it
LEAST_DOMINANCE: Final = 1.5  # times as often named as the second of that surname, to be meant by it alone
LEAST_LABELS: Final = 2  # of a transcript: one line "NOTE: …" is none
SHORTEST_LONE_LABEL: Final = 5  # letters of a label that is no known surname: CNBC has four

# What a phrase says of somebody. Read off train.
LONGEST_APPOSITION: Final = 16  # words behind a name
LONGEST_LEAD: Final = 8  # words before a name: "then Deputy Assistant Secretary of State for"
LONGEST_ANTECEDENT: Final = 14  # words of the phrase that "who" follows
SAME_POST: Final = 2.0  # `match_role` for the same noun: somebody named only later must have as much
NAMED_LATER_WITHIN: Final = 2  # attributions: a description means who is quoted by full name soon after
NAMED_LATER_MATCH: Final = 1.5  # `match_role`: a noun of the same class, and not another body's
NAMED_LATER_MATCH_OF_INDEFINITE: Final = 3.0  # "a White House official" is most often nobody named later

# Pronouns and bodies. Read off train, except the chances.
SALIENCE_BY_SENTENCE: Final = (1.0, 0.75, 0.4, 0.2, 0.1, 0.05)  # of a mention, by sentences passed
# By how much a mention counts for more or less than another; set by hand.
WEIGHT_IN_PARAGRAPH: Final = 1.5  # in the paragraph of the pronoun
WEIGHT_OF_SUBJECT: Final = 2.2  # the first name of its sentence
WEIGHT_OF_SPEAKER: Final = 1.3  # before a verb such as "said"
WEIGHT_OF_POSSESSOR: Final = 0.6  # "Lee's"
WEIGHT_IN_MARKS: Final = 0.3  # in quotation marks, where the pronoun is outside of them
WEIGHT_IN_REPORT: Final = 0.4  # in reported words that the pronoun is outside of
WEIGHT_OF_OPEN_GENDER: Final = 0.5  # of a person whose gender is open, for "he" or "she"
WEIGHT_OF_NAMELESS: Final = 3.0  # "a Berlin woman", the subject of this sentence or the one before
NAMELESS_REACH: Final = 80  # words before the pronoun in which that subject must begin
NAMELESS_NOUN_REACH: Final = 7  # words from its article to its noun
MOST_RECENT: Final = 6  # people quoted before who count once more
BODY_REACH: Final = 4  # sentences within which "they" still means the body last quoted
LONGEST_BODY_MEANT: Final = 6  # words of a name that a common noun may mean; longer ones are headlines
LONGEST_BODY: Final = 8  # words of a body's name
BODY_APPOSITION_REACH: Final = 8  # words behind a body's name in which what it is may be told
ISSUER_REACH: Final = 8  # words from the name of a body to the statement that it made
ISSUE_REACH: Final = 20  # sentences back in which the making of a statement is looked for
# How often such an answer is right, of those in the newsroom's dev articles; given as confidence.
CHANCE_OF_ONLY_NAMED: Final = 0.9  # the only body with the words of a description in its name
CHANCE_OF_ISSUER: Final = 0.85  # a statement is by the person or body said to have made one

# How far is looked: an ordinary article is read whole, and the time grows no faster than the text.
SALIENCE_LOOK_BACK: Final = 40  # mentions; nobody farther back is still meant by "he"
CANDIDATES_BEFORE: Final = 80  # mentions before a phrase
CANDIDATES_AHEAD: Final = 30  # words behind it
MOST_PEOPLE: Final = 24  # candidates for one phrase
MOST_BODIES_WEIGHED: Final = 16  # candidates for one phrase
ROLES_BEFORE: Final = 120  # roles weighed before a description
ROLES_AFTER: Final = 60  # and behind it
ENCLOSING_LOOK_BACK: Final = 40  # contents that may enclose an "I"

# Limits for texts that are no articles: the time stays bounded.
MOST_BEARERS: Final = 24  # of one surname; among more nobody is distinguished
MOST_ROLES: Final = 40  # of one person
MOST_BODIES: Final = 400  # of one article
LONGEST_SOURCE: Final = 120  # words
LONGEST_DESCRIPTION: Final = 120  # characters of a source that a registry is asked for
MOST_ROLE_WORDS: Final = 8  # words before a name that a registry is asked for with it
