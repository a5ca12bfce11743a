"""Sentences as speakers before an assembly use them: common words in many, a name in each that no other has."""

from __future__ import annotations

import random

OPENINGS = (
    "We believe that", "My delegation hopes that", "It is clear to all of us that", "Let me say that",
    "Many years ago we warned that", "The General Assembly knows that", "No one can deny that",
    "In our view", "Today we must admit that", "History has taught us that", "I am convinced that", "Once again",
)  # fmt: skip
SUBJECTS = (
    "the people of {place}", "the peace of nations", "the fishermen of {place}", "every small island", "the great powers",
    "our neighbours in {place}", "the farmers", "an honest agreement", "the court at {place}", "the young people of the world",
    "the ports of {place}", "the secretary of the council", "trade between the nations", "the treaty of {place}",
)  # fmt: skip
VERBS = (
    "will need", "have never asked for", "cannot live without", "should be given", "has earned", "must defend",
    "could lose", "are waiting for", "would welcome", "did not expect", "is able to build", "ought to share",
)  # fmt: skip
OBJECTS = (
    "clean water and bread", "the right to choose their own government", "a lasting peace", "more than words",
    "the help that was promised in {place}", "twelve new hospitals", "a just price for cotton and coffee",
    "the support of the general assembly", "an end to the arms race", "schools, roads and bridges",
    "the freedom of the seas near {place}", "three thousand tons of grain",
)  # fmt: skip
CLOSINGS = (
    "before the end of this century", "because war has destroyed the harvest of {place}", "and we shall not rest until then",
    "whatever the cost may be", "as the charter of the organization demands", "although the road is long",
    "in a spirit of friendship", "if the talks at {place} succeed", "so that our children may live without fear",
    "", "", "",
)  # fmt: skip
SYLLABLES = tuple(first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou")


def make_place(number: int) -> str:
    """A name of three syllables or more, another for every number."""
    name = ""
    while number or len(name) < 6:
        number, place = divmod(number, len(SYLLABLES))
        name += SYLLABLES[place]
    return name.capitalize()


def make_sentence(number: int) -> str:
    """The sentence of a number. No two are alike: the last words name its own place."""
    chance = random.Random(number)
    parts = [chance.choice(group) for group in (OPENINGS, SUBJECTS, VERBS, OBJECTS, CLOSINGS)]
    told = " ".join(part.format(place=make_place(chance.randrange(600))) for part in parts if part)
    return f"{told}, in {make_place(1_000 + number)} and elsewhere."
