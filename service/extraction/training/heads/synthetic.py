"""Short stories from templates, for descriptions and pronouns that the labelled texts show seldom.

Each ends with a source of which the template tells whom it means, or that it means nobody named.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from service.extraction.models import Attribution
from service.text.span import Span

SEED: Final = 7
ROUNDS: Final = 60
WOMEN: Final = (
    "Amina", "Ruth", "Helena", "Ngozi", "Priya", "Mei", "Carla", "Ingrid", "Fatou", "Leila", "Joan",
    "Sara", "Tess", "Olga", "Moira", "Anita",
)  # fmt: skip
MEN: Final = (
    "Peter", "Kwame", "Rajesh", "Bilal", "Anders", "Tom", "Luis", "Viktor", "Samuel", "Jonas", "Omar",
    "Ken", "Hugo", "Felix", "Ivan", "Greg",
)  # fmt: skip
SURNAMES: Final = (
    "Adler", "Okafor", "Novak", "Lindqvist", "Flint", "Wambui", "Castell", "Brandt", "Moreno",
    "Haddad", "Keane", "Sethi", "Rourke", "Tanaka", "Virtanen", "Osei", "Pryce", "Marlow", "Dunne",
    "Farah",
)  # fmt: skip
WORDS: Final = {
    "o": (
        "Northfield Council,Alba Power,Grey Harbour,Oakmill Group,Tavana Water,Bluefork Metals,"
        "Redcliff United,Marrow Bank,Sable Airways,Kestrel Labs,Hollin University,Ridge Motors"
    ),
    "p": "Elton,Marsa,Tavana,Brixley,Corran,Dunmore,Selby,Norton,Hexley,Arden",
    "nation": "Norwegian,Kenyan,Dutch,Chilean,Polish,Indian,Turkish,Canadian",
    "r": (
        "mayor,governor,coach,head coach,chief executive,foreign minister,education secretary,"
        "director,chairman,captain,manager,prosecutor,principal,union leader,finance minister,"
        "superintendent,striker,goalkeeper,physicist,singer,actor,author,pilot,engineer,spokesman"
    ),
    "q": (
        "rival,former,deputy,vice,acting,shadow,assistant,opposing,other,outgoing,interim,second,"
        "local,previous"
    ),
    "c": (
        "the plan was late,the road would open in May,talks had been hard,nobody was told,"
        "prices would fall,the bridge was needed,the report was wrong"
    ),
    "d": (
        "opened the road on Monday,praised the team,flew to Oslo,met reporters on Friday,"
        "won the vote,was at the meeting,signed the deal,spoke for an hour"
    ),
    "f": (
        "The work will take two years. ,Rain had fallen all week. ,The vote is due in June. ,About "
        "200 people came. ,Costs have risen since 2019. ,"
    ),
    "kin": "mother,father,lawyer,agent,spokesman,brother,wife,doctor,manager",
    "noun": (
        "company,firm,utility,bank,airline,retailer,manufacturer,agency,club,university,union,"
        "council,regulator,charity"
    ),
    "adjective": "veteran,billionaire,young,retired,popular,outspoken,real-estate,award-winning",
    "who": "politician,campaigner,lawmaker,musician,writer,mogul,athlete,artist,actor,scientist",
}
SETUPS: Final = (
    "{R} {n} {d}. {f}",
    "{n}, the {r}, {d}. {f}",
    "{n}, {r} of {o}, {d}. {f}",
    "{o} {r} {n} {d}. {f}",
)
PAUSES: Final = ("", "\n\n", "{n2} was there too. ", "\n\n{n2} watched. ")
# What stands before the source, the source, what follows "said", and who is meant: a name of the story or "".
TEMPLATES: Final = (
    ("{intro}", "The {r}", "", "n"),
    ("{intro}", "the {r}", "", "n"),
    ("{o} {r} {n} {d}. {f}", "The {o} {r}", "", "n"),
    ("{intro}", "The {q} {r}", "", ""),
    ("{intro}", "The {r} of {o2}", "", ""),
    ("{intro}", "The {r} of nearby {p}", "", ""),
    ("{intro}", "{o2}'s {r}", "", ""),
    ("{intro}", "The {nation} {r}", "", ""),
    ("{intro}", "The union's general {last_r}", "", ""),
    ("{intro}", "A {q} {r}", "", ""),
    ("{intro}", "Another {r}", "", ""),
    ("{n}, {age}, {d}. {f}", "The {age}-year-old", "", "n"),
    ("{n}, {age}, {d}. {f}", "The {age2}-year-old", "", ""),
    ("{n} {d}. {f}", "The victim's {kin}", "\n\n{R2} {n2} said it was fair.", ""),
    ("{n} {d}. {f}", "{s}'s {kin}", "\n\n{R2} {n2} said it was fair.", ""),
    ("{n} {d}. {f}", "The company's {kin}", "\n\n{R2} {n2} said it was fair.", ""),
    ("{intro}{R2} {n2} {d}. ", "the {r2}", "", "n2"),
    ("Former {r} {n} met {r} {n2} on Friday. {f}", "The former {r}", "", "n"),
    ("{R} {n} met {r} {n2} and was late. {f}", "The {r}", "", ""),
    ("{n} came to {p}. {f}", "The {adjective} {who}", "", "n"),
    ("{n} met {n2} in {p}. {f}", "The {adjective} {who}", "", ""),
    ("Russian President {n} met {nation} President {n2}. {f}", "The Kremlin leader", "", "n"),
    ("{nation} President {n2} met British President {n}. {f}", "The Downing Street leader", "", "n"),
    ("{n} is {r}. {f}\n\nA {p} {person} was fined. ", "{He}", "", ""),
    (
        "The minister put {n} in charge. Two pilots, {same} and {n2}, were suspended.\n\n{s} said {c}. But ",
        "{he}",
        "",
        "n",
    ),
    ("{n} {d}. {f}\n\nIn {his} complaint, the victim alleged abuse. ", "{He}", "", ""),
    ("{n} {d}. {f}\n\nA spokesman for {o} declined. A neighbour said it was loud. ", "{He}", "", ""),
    ("{n} {d}. {f}{unlike} agreed. ", "{He}", "", "n"),
    ("“It is hard,” said {n}. {f}", "{He}", "", "n"),
    ("{unlike} thanked {n}. {f}", "{He}", "", "n"),
    ("{n} said {c}.\n\nIn {same}'s view it was late. ", "{He}", "", "n"),
    ("{o}, a {noun}, {d}. {f}", "The {noun}", "", "o"),
    ("{o} {d}. {f}", "The company", "", "o"),
    ("{o} issued a statement on Monday. {f}", "The statement", "", "o"),
    ("{o} said in a statement {c}.\n\n{o2} rose. {f}", "the statement", "", "o"),
    ("{o} {d}. {f}", "It", "", "o"),
    ("{n} joined {o2}, a {noun}, in May. {f}{s} {d}. ", "The rival {noun}", "", ""),
    ("{o}, a {noun}, {d}. {o2}, its rival, did not. ", "The {noun}", "", "o"),
    ("{n} {d}. {f}", "The {noun}", "", ""),
)
_SPEAKER: Final = re.compile(
    r"([A-Z]\w+(?: [A-Z]\w+)?|A spokesman for [\w ]+?|the victim|A neighbour) (said|alleged|declined)\b"
)


@dataclass(frozen=True, slots=True)
class Story:
    """A text with its attributions; `source` is the last one's, `name` whom it means."""

    text: str
    attributions: tuple[Attribution, ...]
    source: Span
    name: str | None


def stories() -> Iterator[Story]:
    """Every template ROUNDS times, filled by chance; the same each time."""
    chance = random.Random(SEED)  # noqa: S311  no secret
    for _ in range(ROUNDS):
        for before, source, after, answer in TEMPLATES:
            fields = _fields(chance)
            fields["intro"] = (chance.choice(SETUPS) + chance.choice(PAUSES)).format(**fields)
            lead, named = before.format(**fields), source.format(**fields)
            text = f"{lead}{named} said {fields['c']}.{after.format(**fields)}"
            yield _story(text, Span(len(lead), len(lead) + len(named)), fields[answer] if answer else None)


def _fields(chance: random.Random) -> dict[str, str]:
    fields = {name: chance.choice(words.split(",")) for name, words in WORDS.items()}
    woman = chance.random() < 0.5
    own, others = (WOMEN, MEN) if woman else (MEN, WOMEN)
    surnames = chance.sample(SURNAMES, 4)
    names = [chance.choice(given) for given in (own, chance.choice((own, others)), own, others)]
    fields["n"], fields["n2"], fields["same"], fields["unlike"] = (
        f"{given} {surname}" for given, surname in zip(names, surnames, strict=True)
    )
    fields["s"] = surnames[0]
    fields["o2"] = chance.choice([name for name in WORDS["o"].split(",") if name != fields["o"]])
    last = fields["r"].split()[-1]
    fields["r2"] = chance.choice([role for role in WORDS["r"].split(",") if role.split()[-1] != last])
    fields["R"], fields["R2"], fields["last_r"] = fields["r"].capitalize(), fields["r2"].capitalize(), last
    age = chance.randrange(20, 80)
    fields["age"], fields["age2"] = str(age), str(age + 2)
    he, his, person = ("she", "her", "woman") if woman else ("he", "his", "man")
    return fields | {"he": he, "He": he.capitalize(), "his": his, "person": person}


def _story(text: str, source: Span, name: str | None) -> Story:
    earlier = [
        Attribution(
            (Span(found.end() + 1, found.end() + 6),), (Span(*found.span(2)),), (Span(*found.span(1)),)
        )
        for found in _SPEAKER.finditer(text, 0, source.start)
    ]
    cue = Span(source.end + 1, source.end + 5)
    last = Attribution((Span(cue.end + 1, text.index(".", cue.end)),), (cue,), (source,))
    return Story(text, (*earlier, last), source, name)
