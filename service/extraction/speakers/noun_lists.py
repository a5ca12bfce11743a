"""Word lists for kinds of noun phrases, in lower case; plurals of roles are derived."""

from __future__ import annotations

from typing import Final

from service.english.word_classes import word_set
from service.english.word_lists import read_word_lists

_WORDS: Final = read_word_lists("service.extraction.speakers", "nouns.txt")


MALE_HONORIFICS = word_set(
    """mr mister sir lord king prince pope father fr brother imam sheikh congressman duke baron"""
)
FEMALE_HONORIFICS = word_set(
    """mrs ms miss mme madam dame lady queen princess sister duchess baroness congresswoman"""
)
# Words that stand right before a person's name, capitalised or not; abbreviations without their dot.
TITLES = MALE_HONORIFICS | FEMALE_HONORIFICS | _WORDS["titles"]
PLURAL_TITLES = word_set("sens reps govs senators representatives presidents professors messrs drs")
SUFFIXES = word_set("jr sr ii iii iv")
REGNAL_TITLES = word_set("pope king queen prince princess emperor empress sultan saint")
PARTICLES = _WORDS["particles"]

# Singular nouns for one person, beyond the titles: "the envoy", "a voter".
PERSON_NOUNS = TITLES - word_set("private general major miss host hon") | _WORDS["person_nouns"]
# Feminine and masculine person nouns: they tell the gender of whoever bears the role.
FEMALE_NOUNS = _WORDS["female_nouns"]
MALE_NOUNS = _WORDS["male_nouns"]

ORGANISATION_NOUNS = _WORDS["organisation_nouns"]
# A body of people rather than an institution; spoken of as one.
COLLECTIVE_NOUNS = _WORDS["collective_nouns"]
# Last words of firms, by which "Dick Clark Productions" is no person.
FIRM_ENDINGS = _WORDS["firm_endings"]
# Adjectives that open the names of bodies: "United Nations", "National Trust".
NAME_LEADS = _WORDS["name_leads"]
DOCUMENT_NOUNS = _WORDS["document_nouns"]
GROUP_HEADS = _WORDS["group_heads"]
ANONYMOUS_NOUNS = word_set(
    """source sources insider insiders someone somebody person people one another official"""
)

DETERMINERS = _WORDS["determiners"]
QUANTIFIERS = _WORDS["quantifiers"]
INDEFINITES = word_set("a an one another some any two three four five several")
DEFINITES = word_set("the this that these those")
# Where a noun phrase's core ends.
PHRASE_BREAKERS = _WORDS["phrase_breakers"]
PREPOSITIONS = _WORDS["prepositions"]

# What no person's surname is, though capitals and a given name stand before it: "Peace Prize", "Berlin Wall".
THING_NOUNS = _WORDS["thing_nouns"]

OUTLETS = _WORDS["outlets"]
DISTRIBUTIVES = word_set("each every either neither any no")
PLACES = _WORDS["places"]
METONYMS: dict[str, str] = {
    "kremlin": "russia", "white house": "us", "oval office": "us", "downing street": "uk", "whitehall": "uk",
    "elysee": "france", "élysée": "france", "blue house": "korea", "zhongnanhai": "china", "pentagon": "us",
    "state department": "us", "foggy bottom": "us", "quai d'orsay": "france", "bundestag": "germany",
    "capitol hill": "us", "bankova": "ukraine",
}  # fmt: skip
NATIONS: dict[str, str] = {
    "russia": "russia", "russian": "russia", "russia's": "russia", "moscow": "russia", "ukraine": "ukraine",
    "ukrainian": "ukraine", "kyiv": "ukraine", "u.s": "us", "us": "us", "american": "us", "america": "us",
    "united states": "us", "washington": "us", "british": "uk", "britain": "uk", "u.k": "uk", "uk": "uk",
    "french": "france", "france": "france", "german": "germany", "germany": "germany", "chinese": "china",
    "china": "china", "japanese": "japan", "japan": "japan", "israeli": "israel", "israel": "israel",
    "turkish": "turkey", "turkey": "turkey", "mexican": "mexico", "mexico": "mexico", "canadian": "canada",
    "canada": "canada", "iranian": "iran", "iran": "iran", "syrian": "syria", "syria": "syria",
    "polish": "poland",
    "poland": "poland", "hungarian": "hungary", "hungary": "hungary", "italian": "italy", "italy": "italy",
    "spanish": "spain", "spain": "spain", "greek": "greece", "greece": "greece", "indian": "india",
    "india": "india",
    "egyptian": "egypt", "egypt": "egypt", "korean": "korea", "korea": "korea", "brazilian": "brazil",
    "brazil": "brazil", "australian": "australia", "australia": "australia", "belarusian": "belarus",
    "belarus": "belarus", "dutch": "netherlands", "philippine": "philippines", "saudi": "saudi",
}  # fmt: skip
# Capitalised words that begin sentences or name days; never part of a person's name.
FUNCTION_WORDS = _WORDS["function_words"]
DEMONYMS = _WORDS["demonyms"]
NOT_NAMES = FUNCTION_WORDS | DEMONYMS | word_set("capitol")
KIN_NOUNS = _WORDS["kin_nouns"]
# Posts everybody knows the bearer of: who holds one is not introduced by a description of another.
OFFICES = _WORDS["offices"]
PARTIES = {"d": "democratic", "r": "republican", "i": "independent"}
_STATE_LINES = """
alabama ala; alaska; arizona ariz az; arkansas ark; california calif cal ca; colorado colo co;
connecticut conn ct;
delaware del; florida fla fl floridian; georgia ga; hawaii; idaho; illinois ill il; indiana ind; iowa ia;
kansas kan;
kentucky ky; louisiana la; maine; maryland md; massachusetts mass ma; michigan mich mi; minnesota minn mn;
mississippi miss; missouri mo; montana mont; nebraska neb; nevada nev nv; new_hampshire n.h nh;
new_jersey n.j nj;
new_mexico n.m nm; new_york n.y ny; north_carolina n.c nc; north_dakota n.d; ohio; oklahoma okla; oregon ore;
pennsylvania pa; rhode_island r.i; south_carolina s.c sc; south_dakota s.d; tennessee tenn tn; texas tex
tx texan;
utah ut; vermont vt; virginia va; washington_state wash; west_virginia w.va; wisconsin wis wi; wyoming wyo
"""
STATES: dict[str, str] = {
    name.replace("_", " "): line.split()[0].replace("_", " ")
    for line in _STATE_LINES.replace("\n", " ").split(";")
    for name in line.split()
}
