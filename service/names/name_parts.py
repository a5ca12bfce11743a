"""Declared lists for comparing names: what is a title, a suffix, a particle, and who goes by what."""

from __future__ import annotations

from typing import Final

from service.english.word_classes import word_set
from service.english.word_lists import read_word_lists

_WORDS: Final = read_word_lists("service.names", "name_parts.txt")

NATIONALITIES: Final = _WORDS["nationalities"]
TITLES: Final = _WORDS["titles"] | NATIONALITIES
# A role ends with one of these, whatever stands before: "Federal Reserve Chair", "Kremlin spokesman".
ROLES: Final = TITLES - NATIONALITIES - _WORDS["roles"]
# Titles that stand directly before a person's name, never for an office alone.
COURTESY_TITLES: Final = _WORDS["courtesy_titles"]
# Words that are titles and surnames: after a courtesy title they are the name.
PERSONAL_SURNAMES: Final = word_set("king prince bishop pope major judge dean abbot baron")
# Where the family name comes first, it may stand alone after a title: "President Xi".
FAMILY_NAMES_FIRST: Final = _WORDS["family_names_first"]
# Given names of people with two surnames, either of which may stand alone.
IBERIAN_GIVEN_NAMES: Final = _WORDS["iberian_given_names"]
SUFFIXES: Final = _WORDS["suffixes"]
PARTICLES: Final = _WORDS["particles"]
NICKNAMES: Final = tuple(
    word_set(group)
    for group in """
    robert bob rob bobby robbie bert
    william bill will billy willie liam
    james jim jimmy jamie
    michael mike mick mickey
    joseph joe joey
    john jack johnny jon
    richard dick rick ricky rich
    edward ed eddie ted teddy ned
    theodore ted teddy theo
    thomas tom tommy
    charles charlie chuck chas
    donald don donnie
    ronald ron ronnie
    kenneth ken kenny
    daniel dan danny
    david dave davey
    stephen steve steven stevie
    anthony tony
    andrew andy drew
    albert al bert
    alan al allan allen
    alexander alex sasha sandy
    alfred al fred
    frederick fred freddie
    samuel sam sammy
    benjamin ben benny bibi
    matthew matt
    patrick pat paddy
    peter pete
    paul paulie
    philip phil phillip
    gregory greg
    gerald gerry jerry
    jeffrey jeff geoffrey geoff
    jonathan jon
    lawrence larry laurence
    leonard len lenny leo
    nicholas nick nicky
    raymond ray
    timothy tim
    walter walt
    vincent vince
    henry harry hank
    harold harry hal
    george georgie
    christopher chris kit
    nathan nat nathaniel
    zachary zach
    joshua josh
    bernard bernie
    mitchell mitch
    francis frank
    franklin frank
    eugene gene
    vladimir volodya vova
    dmitry dmitri dima dmitriy
    volodymyr vladimir
    sergei sergey
    yuri yury
    elizabeth liz beth betty eliza lizzie
    margaret maggie meg peggy
    katherine kate kathy katie catherine cathy kathleen kat
    susan sue susie suzanne
    deborah debbie deb debra
    barbara barb barbie
    patricia pat patty tricia
    jennifer jen jenny
    jacqueline jackie
    victoria vicky
    rebecca becky
    christine chris tina christina
    pamela pam
    cynthia cindy
    judith judy
    madeleine maddie
    alexandra alex sandra
    nancy ann
    mohammed muhammad mohamed mohammad
    hussein husayn hussain
    """.strip().splitlines()
)
# "The Foreign Ministry" and "Foreign Minister Wang Yi" share one of these.
INSTITUTIONS: Final = word_set(
    "foreign finance defence defense interior justice treasury state health energy"
)
