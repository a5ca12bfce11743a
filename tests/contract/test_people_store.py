"""The registry of speakers in the store: the same calls, the same answers on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from service.errors import Conflict, InvalidInput, NotFound
from service.extraction.speakers import DatedRole
from service.people.person import Person
from service.store import Store
from service.store.people.records import Edit, StoredPerson
from service.store.tables import person_journal, person_keys, person_words

EDIT = Edit("tester", 1_700_000_000.0, "a note")
MAYOR = DatedRole("Mayor of Alba", date(2001, 1, 1), date(2005, 1, 1))
JUDGE = DatedRole("Judge", date(2010, 1, 1))
ANA = Person("Ana Duarte", ("Ana M. Duarte",), (MAYOR,), "Q100")
LEE = Person("Lee Okafor", (), (JUDGE,))


def add(store: Store, person: Person) -> StoredPerson:
    return store.people.add(person, EDIT)


def replace(store: Store, public_id: str, person: Person) -> StoredPerson:
    return store.people.replace(public_id, person, EDIT, lambda _: None)


def outcomes(store: Store, *people: Person) -> list[str]:
    return [one.outcome for one in store.people.save_imported(people, EDIT)]


def found(store: Store, name: str, on: date | None = None) -> list[str]:
    registry = store.people.registry()
    return [entry.name for entry in registry.find(name, on)] if registry else []


def everything(store: Store) -> dict[str, object]:
    page = store.people.search(None, None, None, 100)
    return {one.id: one.state for one in page.items}


class TestPeople:
    def test_an_empty_registry_is_none(self, store: Store):
        assert store.people.registry() is None
        assert store.people.count() == 0
        assert store.people.search("anybody", None, None, 10).items == ()

    def test_who_was_added_is_there(self, store: Store):
        ana = add(store, ANA)
        assert store.people.get(ana.id) == ana
        assert (ana.person, ana.version, ana.state.status) == (ANA, 1, "active")
        assert store.people.count() == 1

    def test_the_same_person_has_the_same_id_in_every_store(self, store: Store):
        assert add(store, ANA).id == "p7717c22e536a4c34"
        assert add(store, Person("Ana Duarte")).id != add(store, Person("Ana Duarte")).id

    def test_one_wikidata_id_is_one_person(self, store: Store):
        ana = add(store, ANA)
        with pytest.raises(Conflict, match=ana.id):
            add(store, Person("Another", wikidata="Q100"))
        lee = add(store, LEE)
        with pytest.raises(Conflict):
            replace(store, lee.id, Person("Lee Okafor", wikidata="Q100"))
        assert store.people.count() == 2

    def test_a_change_takes_the_place_of_what_was(self, store: Store):
        ana = add(store, ANA)
        assert found(store, "Ana M. Duarte") == ["Ana Duarte"]
        changed = replace(store, ana.id, Person("Ana Stone", (), (JUDGE,)))
        assert (changed.version, changed.id) == (2, ana.id)
        assert found(store, "Ana M. Duarte") == []
        assert found(store, "Ana Stone") == ["Ana Stone"]
        assert replace(store, ana.id, changed.person).version == 2, "the same again changes nothing"

    def test_every_change_makes_cached_answers_outdated(self, store: Store):
        seen = {store.generation()}
        ana = add(store, ANA)
        seen.add(store.generation())
        replace(store, ana.id, LEE)
        seen.add(store.generation())
        store.people.undo(ana.id, None, EDIT)
        seen.add(store.generation())
        outcomes(store, Person("New"))
        seen.add(store.generation())
        assert len(seen) == 5
        before = store.generation()
        outcomes(store, Person("New"))
        assert store.generation() == before

    def test_removal_can_be_undone(self, store: Store):
        ana = add(store, ANA)
        store.people.remove(ana.id, EDIT, lambda _: None)
        assert found(store, "Ana Duarte") == []
        assert store.people.get(ana.id).state.status == "removed"
        with pytest.raises(Conflict, match="removed"):
            replace(store, ana.id, LEE)
        (back,) = store.people.undo(ana.id, None, EDIT)
        assert back.state == ana.state
        assert found(store, "Ana Duarte") == ["Ana Duarte"]

    def test_nobody_has_an_unknown_id(self, store: Store):
        for name in ("p0000000000000000", "q0000000000000000", "", "p" + "f" * 17):
            with pytest.raises(NotFound):
                store.people.get(name)


class TestSearch:
    def test_words_in_any_order_and_a_beginning(self, store: Store):
        for person in (ANA, LEE, Person("José Ångström"), Person("Анна Каренина")):
            add(store, person)

        def names(words: str) -> list[str]:
            return [one.person.name for one in store.people.search(words, None, None, 10).items]

        assert names("duarte ana") == names("DUA") == names("mayor alb") == ["Ana Duarte"]
        assert names("jose angs") == ["José Ångström"]
        assert names("каренина ан") == ["Анна Каренина"]
        assert names("ana okafor") == names("…") == []
        assert len(names("a")) == 2
        assert [one.person for one in store.people.search(None, "Q100", None, 10).items] == [ANA]

    def test_pages_hold_everybody_once(self, store: Store):
        people = [add(store, Person(f"Kim Number{n}")) for n in range(7)]
        seen, cursor = [], None
        while True:
            page = store.people.search("kim", None, cursor, 3)
            seen += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == people
        for wrong in ("7", "s", "s-1", "sx", "s99999999999"):
            with pytest.raises(InvalidInput):
                store.people.search("kim", None, wrong, 3)


class TestMergeAndSplit:
    def test_a_merge_joins_names_and_posts(self, store: Store):
        ana, lee = add(store, ANA), add(store, LEE)
        kept, gone = store.people.merge(ana.id, lee.id, None, EDIT)
        assert kept.person == Person("Ana Duarte", ("Ana M. Duarte", "Lee Okafor"), (MAYOR, JUDGE), "Q100")
        assert (gone.state.status, gone.state.merged_into) == ("merged", ana.id)
        assert found(store, "Lee Okafor") == ["Ana Duarte"]
        assert store.people.follow(lee.id).id == ana.id
        assert store.people.count() == 1
        with pytest.raises(Conflict, match=f"merged into {ana.id}"):
            replace(store, lee.id, LEE)

    def test_ids_lead_on_over_several_merges(self, store: Store):
        one, two, three = (add(store, Person(name)) for name in ("One A", "Two B", "Three C"))
        store.people.merge(two.id, one.id, None, EDIT)
        store.people.merge(three.id, two.id, None, EDIT)
        assert store.people.follow(one.id).id == three.id
        with pytest.raises(Conflict):
            store.people.merge(three.id, one.id, None, EDIT)

    def test_a_merge_of_two_wikidata_ids_asks_which_stays(self, store: Store):
        ana, other = add(store, ANA), add(store, Person("A. Duarte", wikidata="Q200"))
        with pytest.raises(Conflict, match="Q100 and Q200"):
            store.people.merge(ana.id, other.id, None, EDIT)
        with pytest.raises(InvalidInput):
            store.people.merge(ana.id, other.id, "Q300", EDIT)
        kept, _ = store.people.merge(ana.id, other.id, "Q200", EDIT)
        assert kept.person.wikidata == "Q200"
        store.people.undo(ana.id, None, EDIT)
        assert {one.person.wikidata for one in map(store.people.get, (ana.id, other.id))} == {"Q100", "Q200"}

    def test_nobody_is_merged_into_itself(self, store: Store):
        ana = add(store, ANA)
        with pytest.raises(Conflict, match="itself"):
            store.people.merge(ana.id, ana.id, None, EDIT)

    def test_undoing_a_merge_brings_both_back(self, store: Store):
        ana, lee = add(store, ANA), add(store, LEE)
        before = everything(store)
        store.people.merge(ana.id, lee.id, None, EDIT)
        changed = store.people.undo(lee.id, None, EDIT)
        assert {one.id for one in changed} == {ana.id, lee.id}
        assert everything(store) == before
        assert found(store, "Lee Okafor") == ["Lee Okafor"]

    def test_a_split_makes_two(self, store: Store):
        both = add(store, Person("Ana Duarte", ("Ana M. Duarte", "Judge Ana"), (MAYOR, JUDGE)))
        before = everything(store)
        kept, new = store.people.split(both.id, Person("Ana Duarte", ("Judge Ana",), (JUDGE,)), EDIT)
        assert kept.person == Person("Ana Duarte", ("Ana M. Duarte",), (MAYOR,))
        assert new.person == Person("Ana Duarte", ("Judge Ana",), (JUDGE,))
        assert found(store, "Ana Duarte", date(2002, 1, 1)) == ["Ana Duarte"]
        assert store.people.registry().resolve("Judge Ana Duarte", date(2012, 1, 1)).person.id == new.id
        store.people.undo(both.id, None, EDIT)
        assert everything(store) == before
        assert store.people.get(new.id).state.status == "removed"

    def test_only_what_is_there_can_be_split_off(self, store: Store):
        ana = add(store, ANA)
        with pytest.raises(InvalidInput) as refused:
            store.people.split(ana.id, Person("X", ("Nobody",), (JUDGE,)), EDIT)
        assert [fault.pointer for fault in refused.value.faults] == ["/aliases/0", "/roles/0"]
        assert store.people.get(ana.id) == ana


class TestJournal:
    def test_every_past_state_is_told(self, store: Store):
        ana, lee = add(store, ANA), add(store, LEE)
        replace(store, ana.id, Person("Ana Stone"))
        store.people.merge(ana.id, lee.id, None, EDIT)
        store.people.undo(ana.id, None, EDIT)
        page = store.people.history(ana.id, None, 10)
        assert [(one.version, one.action) for one in page.items] == [
            (4, "undone"), (3, "merged"), (2, "updated"), (1, "created"),
        ]  # fmt: skip
        assert page.items[-1].state.person == ANA
        assert page.items[0].undoes == page.items[1].operation
        assert {(one.actor, one.note, one.at) for one in page.items} == {("tester", "a note", EDIT.at)}
        first = store.people.history(ana.id, None, 3)
        rest = store.people.history(ana.id, first.next_before, 3)
        assert first.items + rest.items == page.items
        assert rest.next_before is None

    def test_undo_goes_back_step_by_step_to_the_start(self, store: Store):
        ana = add(store, ANA)
        states = [ana.state]
        for name in ("Ana Stone", "Ana Wood", "Ana Clay"):
            states.append(replace(store, ana.id, Person(name)).state)
        for state in reversed(states[:-1]):
            (back,) = store.people.undo(ana.id, None, EDIT)
            assert back.state == state
        (gone,) = store.people.undo(ana.id, None, EDIT)
        assert gone.state.status == "removed"
        with pytest.raises(NotFound, match="left to undo"):
            store.people.undo(ana.id, None, EDIT)

    def test_an_undo_is_undone_by_name(self, store: Store):
        ana = add(store, ANA)
        changed = replace(store, ana.id, LEE)
        store.people.undo(ana.id, None, EDIT)
        undoing = store.people.history(ana.id, None, 1).items[0].operation
        (again,) = store.people.undo(ana.id, undoing, EDIT)
        assert again.state == changed.state
        (back,) = store.people.undo(ana.id, None, EDIT)
        assert back.state == ana.state, "the change counts again, so it is the last that does"

    def test_what_was_changed_since_is_not_undone(self, store: Store):
        ana, lee = add(store, ANA), add(store, LEE)
        store.people.merge(ana.id, lee.id, None, EDIT)
        merging = store.people.history(lee.id, None, 1).items[0].operation
        replace(store, ana.id, Person("Somebody Else"))
        before = everything(store)
        with pytest.raises(Conflict, match=ana.id):
            store.people.undo(lee.id, merging, EDIT)
        assert everything(store) == before
        with pytest.raises(NotFound):
            store.people.undo(lee.id, 999, EDIT)

    def test_the_journal_only_grows(self, store: Store):
        def entries() -> list[tuple[object, ...]]:
            with store._database.read() as connection:
                order = (person_journal.c.person_id, person_journal.c.version)
                return [tuple(row) for row in connection.execute(select(person_journal).order_by(*order))]

        ana, lee = add(store, ANA), add(store, LEE)
        seen = entries()
        for act in (
            lambda: replace(store, ana.id, Person("Ana Stone")),
            lambda: store.people.merge(ana.id, lee.id, None, EDIT),
            lambda: store.people.undo(ana.id, None, EDIT),
            lambda: store.people.remove(ana.id, EDIT, lambda _: None),
        ):
            act()
            now = entries()
            assert [row for row in now if row in seen] == seen
            assert len(now) > len(seen)
            seen = now


class TestImport:
    def test_twice_adds_nothing(self, store: Store):
        records = [
            ANA,
            LEE,
            Person("John Smith", (), (MAYOR,)),
            Person("John Smith", (), (JUDGE,)),
            Person("Ann"),
        ]
        assert outcomes(store, *records) == ["added"] * 5
        before, generation = everything(store), store.generation()
        assert outcomes(store, *records) == ["unchanged"] * 5
        assert outcomes(store, *reversed(records)) == ["unchanged"] * 5
        assert (everything(store), store.generation()) == (before, generation)

    def test_a_changed_record_is_taken_over_in_place(self, store: Store):
        (first,) = store.people.save_imported([ANA], EDIT)
        newer = Person("Ana Stone", (), (MAYOR, JUDGE), "Q100")
        (second,) = store.people.save_imported([newer], EDIT)
        assert (second.outcome, second.ids) == ("changed", first.ids)
        assert store.people.get(first.ids[0]).person == newer
        assert outcomes(store, newer) == ["unchanged"]

    def test_what_was_put_by_hand_outlives_the_next_import(self, store: Store):
        (first,) = store.people.save_imported([ANA], EDIT)
        replace(store, first.ids[0], Person("Ana Duarte", ("Annie",), (MAYOR, JUDGE), "Q100"))
        assert outcomes(store, ANA) == ["unchanged"]
        newer = Person("Ana Duarte", ("Ana M. Duarte", "A. Duarte"), (MAYOR,), "Q100")
        assert outcomes(store, newer) == ["changed"]
        now = store.people.get(first.ids[0]).person
        assert set(now.aliases) == {"Annie", "A. Duarte"}, "the struck alias stays struck, the new one comes"
        assert now.roles == (MAYOR, JUDGE)

    def test_who_was_merged_by_hand_stays_merged(self, store: Store):
        one, two = store.people.save_imported([ANA, Person("A. Duarte", wikidata="Q200")], EDIT)
        store.people.merge(one.ids[0], two.ids[0], "Q100", EDIT)
        assert outcomes(store, Person("A. Duarte", ("New",), wikidata="Q200")) == ["unchanged"]
        assert store.people.get(two.ids[0]).state.status == "merged"
        assert store.people.count() == 1

    def test_who_was_removed_by_hand_stays_removed(self, store: Store):
        (one,) = store.people.save_imported([ANA], EDIT)
        store.people.remove(one.ids[0], EDIT, lambda _: None)
        assert outcomes(store, ANA) == ["unchanged"]
        assert store.people.count() == 0

    def test_a_shared_post_tells_who_of_one_name_it_is(self, store: Store):
        mayor, judge = Person("John Smith", (), (MAYOR,)), Person("John Smith", (), (JUDGE,))
        first, second = store.people.save_imported([mayor, judge], EDIT)
        assert first.ids != second.ids
        (again,) = store.people.save_imported([Person("John Smith", ("Jack",), (JUDGE,), "Q7")], EDIT)
        assert (again.outcome, again.ids) == ("changed", second.ids)
        (open_,) = store.people.save_imported([Person("John Smith", ("Johnny",))], EDIT)
        assert (open_.outcome, set(open_.ids)) == ("ambiguous", {*first.ids, *second.ids})

    def test_different_ids_are_different_people(self, store: Store):
        assert outcomes(store, Person("Kim Lee", wikidata="Q1"), Person("Kim Lee", wikidata="Q2")) == [
            "added", "added",
        ]  # fmt: skip

    def test_of_one_person_twice_in_a_batch_the_last_counts(self, store: Store):
        newer = Person("Ana Duarte", ("Annie",), (MAYOR,), "Q100")
        assert outcomes(store, ANA, newer) == ["added", "changed"]
        (only,) = store.people.search("duarte", None, None, 5).items
        assert only.person == newer
        assert store.people.count() == 1

    def test_an_import_is_undone_like_any_change(self, store: Store):
        (one,) = store.people.save_imported([ANA], EDIT)
        (gone,) = store.people.undo(one.ids[0], None, EDIT)
        assert gone.state.status == "removed"

    def test_nothing_is_left_of_a_batch_that_fails(self, store: Store, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("service.store.people.writing._index", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            outcomes(store, ANA, LEE)
        monkeypatch.undo()
        with store._database.read() as connection:
            for table in (person_journal, person_keys, person_words):
                assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        assert store.people.count() == 0
        assert outcomes(store, ANA, LEE) == ["added", "added"]


class TestRegistry:
    def test_it_is_read_anew_when_it_changes(self, store: Store):
        ana = add(store, ANA)
        other = Store(store._database.engine.url.render_as_string(hide_password=False))
        try:
            assert found(other, "Ana Duarte") == ["Ana Duarte"]
            replace(store, ana.id, Person("Ana Stone"))
            assert found(other, "Ana Duarte") == []
            assert found(other, "Ana Stone") == ["Ana Stone"]
        finally:
            other.close()

    def test_roles_and_dates_tell_apart(self, store: Store):
        add(store, Person("John Smith", (), (MAYOR,)))
        add(store, Person("John Smith", (), (JUDGE,), "Q9"))
        registry = store.people.registry()
        assert registry.resolve("John Smith", date(2003, 1, 1)).how == "date"
        assert registry.resolve("Judge John Smith", date(2012, 1, 1)).person.person.wikidata == "Q9"
        assert len(registry.find("John Smith", None)) == 2
        assert [entry.name for entry in registry.find("mayor of Alba", date(2003, 1, 1))] == ["John Smith"]

    def test_among_hundreds_of_a_surname_the_very_name_is_found(self, store: Store):
        store.people.save_imported([Person(f"Name{n} Smith") for n in range(320)], EDIT)
        assert found(store, "Name17 Smith") == ["Name17 Smith"]
        assert found(store, "Smith") == []
