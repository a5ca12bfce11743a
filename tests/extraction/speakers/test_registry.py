"""What a registry adds: ids and canonical names, whom a role means on a day, and nothing where it is unsure."""

from __future__ import annotations

from datetime import date

from service.extraction.speakers import DatedRole, RegistryEntry, resolve_speakers
from tests.extraction.speakers.marking import read_marked, speakers_of

OBAMA = RegistryEntry("Q76", "Barack Obama", ("Obama", "Barack H. Obama"),
                      (DatedRole("commander in chief", date(2009, 1, 20), date(2017, 1, 20)),))  # fmt: skip
TRUMP = RegistryEntry("Q22686", "Donald Trump", ("Trump", "Donald J. Trump"),
                      (DatedRole("commander in chief", date(2017, 1, 20), date(2021, 1, 20)),))  # fmt: skip
OTHER = RegistryEntry("Q1", "Donald Trump Jr.", ("Trump",))


class Entries:
    """A registry held in a list, which counts how often it is asked."""

    def __init__(self, *entries: RegistryEntry) -> None:
        self.entries = entries
        self.asked: list[str] = []

    def find(self, name: str, on: date | None) -> list[RegistryEntry]:
        self.asked.append(name)
        folded = name.casefold()
        return [
            e for e in self.entries
            if folded in {n.casefold() for n in (e.name, *e.aliases, *(r.title for r in e.roles))}
        ]  # fmt: skip


def test_an_alias_gets_id_and_canonical_name():
    (speaker,) = speakers_of("[[Donald J. Trump]] said so.", Entries(TRUMP, OBAMA))
    assert (speaker.name, speaker.id) == ("Donald Trump", "Q22686")


def test_an_alias_of_two_stays_without_an_id():
    (speaker,) = speakers_of("[[Trump]] said so.", Entries(TRUMP, OTHER))
    assert (speaker.name, speaker.id) == ("Trump", None)


def test_somebody_unknown_stays_as_found():
    (speaker,) = speakers_of("[[Ann Lee]] said so.", Entries(TRUMP))
    assert (speaker.name, speaker.id, speaker.how) == ("Ann Lee", None, "full_name")


def test_a_role_means_whoever_held_it_on_the_day():
    text, attributions = read_marked("[[The commander in chief]] said so.")
    found = {
        day: resolve_speakers(text, attributions, Entries(TRUMP, OBAMA), day)[0][0]
        for day in (date(2016, 5, 1), date(2018, 5, 1))
    }
    assert [speaker.name for speaker in found.values()] == ["Barack Obama", "Donald Trump"]
    assert {speaker.how for speaker in found.values()} == {"registry"}


def test_a_role_of_two_is_left_open_without_a_day():
    (speaker,) = speakers_of("[[The commander in chief]] said so.", Entries(TRUMP, OBAMA))
    assert speaker.name is None


def test_nobody_left_nameless_is_looked_up():
    registry = Entries(TRUMP)
    speakers_of("[[A senior official]] said so. [[Residents]] agreed.", registry)
    assert registry.asked == []


def test_each_name_is_asked_for_once():
    registry = Entries(TRUMP)
    speakers_of("[[Donald Trump]] said so. [[Trump]] said more. [[Donald Trump]] left.", registry)
    assert registry.asked == ["Donald Trump"]


def test_a_post_without_dates_is_always_held():
    assert DatedRole("host").held_on(date(1990, 1, 1))
    assert DatedRole("host", since=date(2000, 1, 1)).held_on(None)
    assert not DatedRole("host", since=date(2000, 1, 1)).held_on(date(1999, 12, 31))
