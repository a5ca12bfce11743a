"""Word lists for kinds of noun phrases, in lower case; plurals of roles are derived."""

from __future__ import annotations

from typing import Final

from service.english.word_classes import word_set
from service.english.word_lists import read_word_lists, read_word_pairs
from service.names.name_parts import FEMALE_TITLES, MALE_TITLES
from service.names.nations import CAPITALS, COUNTRIES, NATIONALITIES

NOUNS: Final = read_word_lists("service.extraction.speakers", "nouns.txt")


# Words that stand right before a person's name, capitalised or not; abbreviations without their dot.
TITLES = MALE_TITLES | FEMALE_TITLES | NOUNS["titles"]
PLURAL_TITLES = NOUNS["plural_titles"]
REGNAL_TITLES = NOUNS["regnal_titles"]
PARTICLES = NOUNS["particles"]

# Singular nouns for one person, beyond the titles: "the envoy", "a voter".
PERSON_NOUNS = TITLES - word_set("private general major miss host hon") | NOUNS["person_nouns"]
# Feminine and masculine person nouns: they tell the gender of the person who has the role.
FEMALE_NOUNS = NOUNS["female_nouns"]
MALE_NOUNS = NOUNS["male_nouns"]

ORGANISATION_NOUNS = NOUNS["organisation_nouns"]
# A body of people rather than an institution; spoken of as one.
COLLECTIVE_NOUNS = NOUNS["collective_nouns"]
# Last words of firms, by which "Dick Clark Productions" is no person.
FIRM_ENDINGS = NOUNS["firm_endings"]
# Adjectives that open the names of bodies: "United Nations", "National Trust".
NAME_LEADS = NOUNS["name_leads"]
DOCUMENT_NOUNS = NOUNS["document_nouns"]
GROUP_HEADS = NOUNS["group_heads"]
ANONYMOUS_NOUNS = NOUNS["anonymous_nouns"]

DETERMINERS = NOUNS["determiners"]
QUANTIFIERS = NOUNS["quantifiers"]
INDEFINITES = NOUNS["indefinites"]
DEFINITES = word_set("the this that these those")
# Where a noun phrase's core ends.
PHRASE_BREAKERS = NOUNS["phrase_breakers"]
PREPOSITIONS = NOUNS["prepositions"]

# What no person's surname is, though capitals and a given name stand before it: "Peace Prize", "Berlin Wall".
THING_NOUNS = NOUNS["thing_nouns"]

OUTLETS = NOUNS["outlets"]
DISTRIBUTIVES = word_set("each every either neither any no")
PLACES = NOUNS["places"]
_PLACES = read_word_pairs("service.extraction.speakers", "places.txt")
METONYMS: Final = _PLACES["seats_of_government"]
NATIONS: Final = {**NATIONALITIES, **COUNTRIES, **CAPITALS}
# Capitalised words that begin sentences or name days; never part of a person's name.
FUNCTION_WORDS = NOUNS["function_words"]
DEMONYMS = NOUNS["demonyms"]
NOT_NAMES = FUNCTION_WORDS | DEMONYMS | word_set("capitol")
KIN_NOUNS = NOUNS["kin_nouns"]
# Posts everybody knows the bearer of: who holds one is not introduced by a description of another.
OFFICES = NOUNS["offices"]
PARTIES = {"d": "democratic", "r": "republican", "i": "independent"}
STATES: Final = _PLACES["states"]
