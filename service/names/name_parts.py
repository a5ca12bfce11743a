"""Word lists for comparing names: titles, suffixes, particles and nicknames."""

from __future__ import annotations

from typing import Final

from service.english.word_lists import read_word_groups, read_word_lists
from service.names.nations import NATIONALITIES

_WORDS: Final = read_word_lists("service.names", "name_parts.txt")

# Titles that say whether a man or a woman bears them.
MALE_TITLES: Final = _WORDS["male_titles"]
FEMALE_TITLES: Final = _WORDS["female_titles"]
_TITLES: Final = _WORDS["titles"] | MALE_TITLES | FEMALE_TITLES
TITLES: Final = _TITLES | NATIONALITIES.keys() | {"us"}
# A role ends with one of these, whatever stands before: "Federal Reserve Chair", "Kremlin spokesman".
ROLES: Final = _TITLES - _WORDS["roles"]
# Titles that stand directly before a person's name, never for an office alone.
FORMS_OF_ADDRESS: Final = _WORDS["forms_of_address"]
COURTESY_TITLES: Final = FORMS_OF_ADDRESS | _WORDS["courtesy_titles"]
# Words that are titles and surnames: after a courtesy title they are the name.
PERSONAL_SURNAMES: Final = _WORDS["personal_surnames"]
# Where the family name comes first, it may stand alone after a title: "President Xi".
FAMILY_NAMES_FIRST: Final = _WORDS["family_names_first"]
# Given names of people with two surnames, either of which may stand alone.
IBERIAN_GIVEN_NAMES: Final = _WORDS["iberian_given_names"]
SUFFIXES: Final = _WORDS["suffixes"]
# Those that tell father and son apart.
GENERATIONS: Final = _WORDS["generations"]
PARTICLES: Final = _WORDS["particles"]
NICKNAMES: Final = read_word_groups("service.names", "nicknames.txt")["groups"]
# Initials of people known by them alone; of others the register of speakers tells.
KNOWN_INITIALS: Final = _WORDS["known_initials"]
# "The Foreign Ministry" and "Foreign Minister Wang Yi" share one of these, which are titles besides.
INSTITUTIONS: Final = _WORDS["institutions"]
