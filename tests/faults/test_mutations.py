"""Mutated bodies: whatever becomes of a good request on its way, it gets an answer that the API describes."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.examples import examples
from tests.faults.articles import article
from tests.faults.contract import Contract, send
from tests.faults.scale import report, scaled

MUTANTS = scaled(examples(500, 1_500), 100_000)
SEED = 20_260_105
AS_JSON, AS_LINES = "application/json", "application/x-ndjson"

QUOTE = {
    "text": "Power concedes nothing without a demand.",
    "speaker": "Frederick Douglass",
    "said_at": "1857-08-03",
    "source": {
        "uri": "https://example.org/speech",
        "title": "West India Emancipation",
        "publisher": "Archive",
        "published_at": "1857-08-03",
        "kind": "speech",
    },
}
REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checks.example.org/1",
    "datePublished": "2024-05-01",
    "claimReviewed": "The bridge was opened in 1999.",
    "author": {"@type": "Organization", "name": "Checkers", "url": "https://checks.example.org"},
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Anna Kowalska"}},
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": 1,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "False",
    },
}
#: Method, path, media type and body of good requests: all that take one.
SEEDS: tuple[tuple[str, str, str, Any], ...] = (
    ("post", "/v1/articles", AS_JSON, article(1)),
    ("post", "/v1/articles", AS_JSON, {"body_html": "<p>“We will go,” <b>she</b> said.</p>", "language": "en"}),
    ("post", "/v1/articles", AS_JSON, {"body_markdown": "# Title\n\n> “We will go,” *she* said.\n", "store": False}),
    ("put", "/v1/articles/{article_id}", AS_JSON, article(2)),
    ("post", "/v1/check", AS_JSON, {"quote": "Power concedes nothing", "speaker": "Douglass", "date": "1857-08-03"}),
    ("post", "/v1/quotes:import?kind=quotes", AS_LINES, [QUOTE, {**QUOTE, "text": "It never did."}]),
    (
        "post",
        "/v1/quotes:import?kind=transcripts",
        AS_LINES,
        [{**QUOTE["source"], "turns": [{"speaker": "A", "text": "We go. They stay."}]}],  # type: ignore[dict-item]
    ),
    ("post", "/v1/factchecks:import", AS_LINES, [REVIEW]),
    ("post", "/v1/batches", AS_JSON, {"articles": [article(3)]}),
    ("post", "/v1/webhooks", AS_JSON, {"url": "https://hooks.example.org/v", "events": ["article.analysed"]}),
    ("post", "/v1/hooks/superdesk", AS_JSON, {"guid": "urn:x:1", "version": "1", "type": "text", "body_html": "<p>“Yes,” he said.</p>"}),
    ("post", "/v1/hooks/wordpress", AS_JSON, {"id": 1, "link": "https://example.org/1", "content": {"rendered": "<p>Hi</p>"}}),
)  # fmt: skip
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, 2**63, 10**400, 0.1, "", " ", "\x00", "\ud800", "a" * 5_000, "“", "2024-02-30",
    "0000-00-00", "9999-12-31T23:59:60Z", "-1", "١٢", "https://[", "javascript:1", "\u202e", "e\u0301" * 50,
    "<script>", "'; DROP TABLE quotes; --", "%00", "../../etc", [], {}, [[]], {"": None}, [None] * 50,
)  # fmt: skip


def mutate(value: Any, randomly: random.Random) -> Any:
    """A value with one thing changed somewhere in it."""
    if isinstance(value, (dict, list)) and value and randomly.random() < 0.8:
        return mutate_within(value, randomly)
    if isinstance(value, str) and value and randomly.random() < 0.5:
        return mutate_text(value, randomly)
    return randomly.choice(STRANGE)


def mutate_within(value: Any, randomly: random.Random) -> Any:
    changed = value.copy()
    key = randomly.choice(list(changed)) if isinstance(changed, dict) else randomly.randrange(len(changed))
    way = randomly.randrange(6)
    if way == 0:
        del changed[key]
    elif way == 1 and isinstance(changed, dict):
        changed[randomly.choice((f"{key}x", "", "uri", "body_text", "\x00", "__proto__"))] = changed[key]
    elif way == 1:
        changed.extend([changed[key]] * randomly.choice((1, 20)))
    else:
        changed[key] = mutate(changed[key], randomly)
    return changed


def mutate_text(text: str, randomly: random.Random) -> str:
    at = randomly.randrange(len(text))
    piece = randomly.choice(
        ("\x00", "“", "”", '"', "\ud834", "\u202e", "\n\n", "<", "&#0;", "```", "\U0001f600", "ﬁ", "İ")
    )
    return randomly.choice((text[:at], text[:at] + piece + text[at:], text * 3, text[::-1], text.upper()))


def break_bytes(body: bytes, randomly: random.Random) -> bytes:
    """A body with a few bytes changed, cut or doubled."""
    if not body:
        return b"\xff"
    at, until = sorted(randomly.randrange(len(body)) for _ in range(2))
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: body[:at],
        lambda: body[:at] + bytes([randomly.randrange(256)]) + body[at + 1 :],
        lambda: body[:at] + body[at:until] * 3 + body[until:],
        lambda: body[:at] + body[until:],
        lambda: b"\xef\xbb\xbf" + body,
        lambda: body.decode(errors="ignore").encode("utf-16"),
        lambda: b"[" * 3_000 + body,
        lambda: body + b"\x00" + body,
    )
    return randomly.choice(ways)()


def write_body(body: Any, mimetype: str) -> bytes:
    if mimetype == AS_LINES and isinstance(body, list):
        return b"".join(json.dumps(line).encode() + b"\n" for line in body)
    return json.dumps(body).encode()


def test_mutated_bodies_are_answered_as_described(whole_app):
    randomly = random.Random(SEED)
    contract, client = Contract(whole_app), whole_app.test_client()
    described = {path for _, path in contract.operations}
    seeds = [seed for seed in SEEDS if seed[1].partition("?")[0] in described]
    assert len(seeds) >= 5
    violations: list[str] = []
    answered: Counter[int] = Counter()
    started = time.process_time()
    for _ in range(MUTANTS):
        method, path, mimetype, body = randomly.choice(seeds)
        mutant = body
        for _ in range(randomly.choice((1, 1, 2, 4))):
            mutant = mutate(mutant, randomly)
        sent = write_body(mutant, mimetype)
        if randomly.random() < 0.2:
            sent = break_bytes(sent, randomly)
        if randomly.random() < 0.05:
            mimetype = randomly.choice(
                ("text/plain", "application/xml", AS_JSON, AS_LINES, "multipart/form-data")
            )
        url = path.replace("{article_id}", "a0123456789abcdef")
        response = send(client, method, url, sent, mimetype)
        answered[response.status_code] += 1
        if violation := contract.find_violation(method, response):
            violations.append(f"{method} {path} {mimetype} {sent[:300]!r}: {violation}")
    cpu_s = time.process_time() - started
    report("mutated bodies", count=MUTANTS, answered=dict(sorted(answered.items())), cpu_s=round(cpu_s))
    assert not violations, "\n".join(violations[:10])
    assert answered[200] and answered[422] and answered[400] and answered[415]
