"""Which full stops in English news belong to an abbreviation, not to the end of a sentence."""

from __future__ import annotations

import re


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Always followed by the name they introduce.
BEFORE_NAME = _listed(
    "mr mrs ms mx dr prof sen sens rep reps gov govs gen adm lt col maj capt cmdr sgt cpl pvt rev fr "
    "hon pres supt messrs mme mlle amb atty det insp ofc spc brig mt ft vs v st ste asst assoc dep dir sec"
)
# Followed by a number when they abbreviate.
BEFORE_NUMBER = _listed("jan feb mar apr jun jul aug sep sept oct nov dec no nos p pp vol fig ch art")
# May end a sentence; then the next word is one that sentences begin with.
ANYWHERE = _listed(
    "inc corp co cos ltd llc plc bros jr sr esq dept univ assn ave blvd rd hwy dist est approx al etc "
    "ed eds ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont "
    "neb nev okla ore pa penn tenn tex vt va wash wis wyo a.m p.m ph.d e.g i.e w.va cf viz"
)
STARTERS = _listed(
    "the a an he she it they we you i in on at but and or so if when while as after before since for "
    "from by with to this that these those his her its their our my your there here what who why how "
    "where which not no yes now then still also although though however meanwhile because under over "
    "during until both some many most all each one two asked according once even only just despite "
    "instead last earlier later"
)
TOKEN_BEFORE = re.compile(r"[^\s\"'“”‘’()\[\]—–-]*\Z")
LONGEST = 24  # characters looked back for the token that the stop ends


def is_abbreviation(text: str, stop: int, next_word: str, floor: int) -> bool:
    """Whether the full stop at `text[stop]` abbreviates, given the word after it; looks back no further than
    `floor`, the start of the paragraph."""
    before = text[max(floor, stop - LONGEST) : stop]
    match = TOKEN_BEFORE.search(before)
    token = match[0] if match else ""
    name = token.lower()
    if name in ANYWHERE or is_initial(token) or is_dotted(token):
        return next_word.lower() not in STARTERS
    if name in BEFORE_NUMBER:
        return next_word[:1].isdigit()
    return name in BEFORE_NAME or is_list_number(token, stop, floor)


def is_initial(token: str) -> bool:
    """A single capital letter: "J." in "J. Smith"."""
    return len(token) == 1 and token.isupper()


def is_dotted(token: str) -> bool:
    """Single letters with full stops between: "U.S", "J.K"."""
    letters = token.replace("&", "").split(".")
    return len(letters) > 1 and all(len(letter) == 1 and letter.isalpha() for letter in letters)


def is_list_number(token: str, stop: int, floor: int) -> bool:
    """The number of a list's item: "3." at the start of a paragraph."""
    return token.isdigit() and stop - len(token) == floor
