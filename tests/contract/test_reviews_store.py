"""The queue and its record, by SQLite and PostgreSQL alike: what holds whatever people and analyses do."""

from __future__ import annotations

import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import exc, text

from service.errors import Conflict, PreconditionFailed
from service.store import ArticleRecord, Store, open_store
from service.store.reviews.analysis_sync import MOST_OPEN, name_subject
from service.store.reviews.records import Decision, HumanVerdict, Reviewer
from service.store.tables import reviews
from tests.store.material import make_article

ZOE, MAX = Reviewer("key-zoe", "Zoë"), Reviewer("key-max", "Max")
SAME = Decision(HumanVerdict("altered", "same", ("number",), "recent"), "I looked it up.")


def article(*told: tuple[str, str], uri: str = "urn:a", headline: str = "A headline") -> ArticleRecord:
    """An article with quotes given as (text, fidelity)."""
    quotes = [
        {
            "id": f"q{number:016x}",
            "content": {"text": words},
            "speaker": {"name": "Ann Marlow", "confidence": 0.9},
            "verdict": {
                "fidelity": fidelity,
                "changes": ["number"] if fidelity == "altered" else [],
                "attribution": "same",
                "time": "recent",
            },
        }
        for number, (words, fidelity) in enumerate(told)
    ]
    made = make_article(*((words, "Ann Marlow") for words, _ in told), uri=uri)
    return replace(made, analysis=json.dumps({"quotes": quotes}), headline=headline)


def queue(store: Store, state: Any = "open", now: float = 0.0) -> list[Any]:
    return list(store.reviews.find_page(state, None, None, 100, now).items)


def actions(store: Store, review_id: str) -> list[str]:
    return [json.loads(entry.entry)["action"] for entry in store.reviews.history(review_id)]


def test_of_two_who_ask_for_the_next_each_gets_another(store: Store, database_url: str) -> None:
    store.save_article(article(*((f"We lost {n} boats", "altered") for n in range(20))))
    barrier = threading.Barrier(4)

    def take(number: int) -> list[str]:
        mine, taken = open_store(database_url), []
        barrier.wait()
        while done := mine.reviews.claim_next(None, Reviewer(f"k{number}", f"n{number}"), 600, 1_000.0):
            taken.append(done.review.id)
        mine.close()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [one for some in pool.map(take, range(4)) for one in some]
    assert len(taken) == len(set(taken)) == 20
    assert list(store.verify()) == []


def test_an_articles_reviews_are_found_by_their_subjects_without_those_that_are_superseded(
    store: Store,
) -> None:
    store.save_article(article(("We lost nine boats", "altered"), ("We sank all the nets", "altered")))
    store.save_article(article(("They lost nine boats", "altered"), uri="urn:b"))
    saved = store.save_article(article(("We lost nine boats", "altered"), ("We kept the nets", "altered")))
    decided = next(one for one in queue(store) if one.quote["content"]["text"] == "We lost nine boats")
    store.reviews.decide(decided.id, ZOE, None, SAME, 10.0)
    found = store.reviews.find_of(saved.id, 20.0)
    assert [(review.quote["content"]["text"], review.state) for _, review in found if review.quote] == [
        ("We lost nine boats", "decided"),
        ("We kept the nets", "open"),
    ]
    subjects = [
        name_subject("urn:a", words, "Ann Marlow") for words in ("We lost nine boats", "We kept the nets")
    ]
    assert [subject for subject, _ in found] == subjects
    assert store.reviews.find_of("nowhere", 20.0) == []


def test_of_two_who_decide_one_does(store: Store, database_url: str) -> None:
    store.save_article(article(("We lost nine boats", "altered")))
    [review] = queue(store)
    barrier = threading.Barrier(2)

    def decide(who: Reviewer) -> bool:
        mine = open_store(database_url)
        barrier.wait()
        try:
            return bool(mine.reviews.decide(review.id, who, frozenset({review.tag}), SAME, 5.0))
        except (PreconditionFailed, Conflict):
            return False
        finally:
            mine.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, (ZOE, MAX))) == [False, True]
    assert actions(store, review.id) == ["opened", "decided"]


def test_a_claim_ends_by_itself(store: Store) -> None:
    store.save_article(article(("We lost nine boats", "altered")))
    [review] = queue(store)
    store.reviews.claim(review.id, ZOE, None, 60, 100.0)
    with pytest.raises(Conflict, match="Zoë"):
        store.reviews.claim(review.id, MAX, None, 60, 159.0)
    assert queue(store, "open", 159.0) == []
    [free] = queue(store, "open", 161.0)
    assert (free.state, free.holder_name) == ("open", None)
    assert store.reviews.claim(review.id, MAX, None, 60, 161.0).review.holder_name == "Max"
    with pytest.raises(Conflict, match="Max"):
        store.reviews.decide(review.id, ZOE, None, SAME, 162.0)


def test_what_was_skipped_goes_behind_the_others_that_are_as_urgent(store: Store) -> None:
    store.save_article(
        article(("We lost nine boats", "altered"), ("It froze twice", "ambiguous"), ("So be it", "spliced"))
    )
    first, second, last = queue(store)
    assert (first.urgency, second.urgency, last.urgency) == (1, 1, 3)
    store.reviews.skip(first.id, ZOE, None, None, 1.0)
    assert [one.id for one in queue(store)] == [second.id, first.id, last.id]


def test_neighbours_are_those_of_the_queue(store: Store) -> None:
    store.save_article(
        article(("a b", "ambiguous"), ("c d", "altered"), ("e f", "altered"), ("g h", "truncated"))
    )
    order = [review.id for review in queue(store)]
    for rule, expected in ((None, order), ("meaning_altered", order[:2])):
        around = [store.reviews.find_neighbours(review_id, rule) for review_id in expected]
        assert around == list(zip([None, *expected], [*expected[1:], None], strict=False))
    store.reviews.skip(order[0], ZOE, None, None, 1.0)
    store.reviews.claim(order[1], ZOE, None, 60, 1.0)
    moved = [review.id for review in queue(store, None)]
    assert moved != order
    assert store.reviews.find_neighbours(order[0], None) == (moved[1], moved[3])
    store.reviews.decide(moved[1], ZOE, None, SAME, 2.0)
    assert store.reviews.find_neighbours(order[0], None) == (moved[0], moved[3]), "what is over is passed by"


def test_one_article_fills_the_queue_only_so_far(store: Store) -> None:
    told = [(f"We lost {n} boats", "paraphrase" if n % 2 else "altered") for n in range(2 * MOST_OPEN + 60)]
    store.save_article(article(*told, *told))
    found = queue(store)
    assert len(found) == MOST_OPEN
    assert {one.urgency for one in found} == {1}


def test_a_decision_outlives_versions_and_is_asked_for_anew_only_where_it_is_contradicted(
    store: Store,
) -> None:
    store.save_article(article(("We lost nine boats", "altered")))
    [review] = queue(store)
    decision = replace(SAME, verdict=HumanVerdict("verbatim", "same", (), "recent"))
    store.reviews.decide(review.id, ZOE, None, decision, 1.0)
    said = ("We lost nine boats", "altered")
    store.save_article(article(("A new one before it", "no_match"), said, headline="2"))
    assert queue(store) == []
    moved = store.reviews.get(review.id, 2.0)
    assert moved.quote_id == f"q{1:016x}", "it names the quotation as the newest version does"
    store.save_article(article(("We lost nine boats", "verbatim"), headline="3"))
    assert queue(store) == [], "the machine says by now what the person said"
    store.save_article(article(("We lost nine boats", "spliced"), headline="4"))
    [other] = queue(store)
    assert other.id != review.id
    assert store.reviews.get(review.id, 3.0).state == "decided"
    rejudged = article(("We lost nine boats", "no_match")).analysis
    store.update_analysis(other.article.id, rejudged, "test 2", "2")
    assert store.reviews.get(other.id, 3.0).state == "superseded"
    assert store.reviews.get(review.id, 3.0).state == "decided"
    assert list(store.verify()) == []


def test_whatever_is_done_the_record_and_the_events_tell_it(store: Store) -> None:
    """Many actions in any order; each either happens with its entry and its event, or is refused without."""
    chance = random.Random(7)
    words = ["We lost nine boats", "It froze twice", "Nobody had planned for ice"]
    expected: dict[str, str] = {}
    for step in range(80):
        now = float(step)
        found = queue(store, None, now)
        before = store.events.last(), sum(len(store.reviews.history(one.id)) for one in found)
        if not found or chance.random() < 0.2:
            fidelities = ("altered", "verbatim", "spliced")
            told = [(word, chance.choice(fidelities)) for word in chance.sample(words, 2)]
            store.save_article(article(*told, headline=str(step)))
            continue
        one, who = chance.choice(found), chance.choice((ZOE, MAX))
        action = chance.choice(("claim", "skip", "release", "decide", "undo"))
        try:
            if action == "claim":
                store.reviews.claim(one.id, who, None, 5, now)
            elif action == "skip":
                store.reviews.skip(one.id, who, None, None, now)
            elif action == "release":
                store.reviews.release(one.id, who, None, now)
            elif action == "decide":
                store.reviews.decide(one.id, who, frozenset({one.tag}), SAME, now)
            else:
                store.reviews.undo(one.id, who, None, None, now)
            expected[one.id] = action
        except Conflict:
            after = store.events.last(), sum(len(store.reviews.history(each.id)) for each in found)
            assert after == before
    assert len(set(expected.values())) > 2
    assert list(store.verify()) == []
    told = store.events.find_after(0, 10_000)
    published = [json.loads(event.data)["id"] for event in told if event.type == "review.decided"]
    decided = [one for one in queue(store, None) for action in actions(store, one.id) if action == "decided"]
    assert len(published) == len(decided)


TAMPERED = [
    (
        "UPDATE review_history SET entry = replace(entry, 'Zoë', 'Max') WHERE number = 2",
        "not what was written",
    ),
    ("UPDATE review_history SET hash = previous WHERE number = 2", "not what was written"),
    ("DELETE FROM review_history WHERE number = 2", "entries 2 to 2 are missing"),
    ("DELETE FROM review_history WHERE number = 3", "its record says decided"),
    ("UPDATE reviews SET state = 'superseded'", "its record says open"),
    ("UPDATE event_state SET last = last + 1", "the last number given is"),
    ("DELETE FROM events WHERE number = 2", "events: "),
]


@pytest.mark.parametrize(("statement", "finding"), TAMPERED)
def test_tampering_shows(store: Store, statement: str, finding: str) -> None:
    store.save_article(article(("We lost nine boats", "altered")))
    [review] = queue(store)
    store.reviews.decide(review.id, ZOE, None, SAME, 1.0)
    store.reviews.undo(review.id, ZOE, None, None, 2.0)
    assert list(store.verify()) == []
    with store._database.write() as connection:
        connection.execute(text(statement))
    assert any(finding in line for line in store.verify()), list(store.verify())


def test_the_database_lets_no_machine_say_fabricated(store: Store) -> None:
    store.save_article(article(("We lost nine boats", "altered")))
    [review] = queue(store)
    for word in ("fabricated", "true", "false"):
        with pytest.raises(exc.IntegrityError), store._database.write() as connection:
            connection.execute(reviews.update().values(machine_fidelity=word))
    with pytest.raises(exc.IntegrityError), store._database.write() as connection:
        connection.execute(reviews.update().values(state="decided"))  # by nobody
    said = '{"quotes":[{"verdict":{"fidelity":"fabricated"}}]}'
    for table in ("articles", "article_versions"):
        with pytest.raises(exc.IntegrityError), store._database.write() as connection:
            connection.execute(text(f"UPDATE {table} SET analysis = :said"), {"said": said})
    quoting = json.dumps({"quotes": [], "text": 'It said "fidelity":"fabricated" in the log.'})
    store.update_analysis(review.article.id, quoting, "test", "1")  # an article may quote it


def test_deleting_the_article_takes_the_words_along_but_of_decisions(store: Store) -> None:
    saved = store.save_article(article(("We lost nine boats", "altered"), ("It froze twice", "spliced")))
    decided, other = queue(store)
    store.reviews.decide(decided.id, ZOE, None, SAME, 1.0)
    store.delete_article(saved.id)
    kept = store.reviews.get(decided.id, 2.0)
    assert kept.quote is not None
    assert kept.decision is not None
    assert (kept.decision.by, kept.decision.reason) == ("Zoë", "I looked it up.")
    gone = store.reviews.get(other.id, 2.0)
    assert (gone.state, gone.quote) == ("superseded", None)
    assert store.reviews.find_decided_of(saved.id)
    assert store.reviews.read_text(kept) is None
    assert list(store.verify()) == []
