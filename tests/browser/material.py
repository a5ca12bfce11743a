"""What the store is filled with before a browser visits: people, fact-checks, and articles of our own writing."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from service.cli.importing.claimreviews import import_claimreviews
from service.cli.importing.imports import import_stream
from service.cli.importing.speakers import import_speakers
from service.cli.lines import Reader
from service.store import Store
from tests.apps import lithium_talks, sample_article


def day(number: int) -> str:
    """A day of the last two weeks: the 16th is today. What is of this week is another thing on the overview."""
    return (date.today() - timedelta(days=16 - number)).isoformat()


PEOPLE = (
    {
        "name": "Ronald Reagan",
        "aliases": ["Ronald W. Reagan"],
        "roles": [{"title": "President of the United States", "from": "1981-01-20", "to": "1989-01-20"}],
        "ids": {"wikidata": "Q9960"},
    },
    {
        "name": "John F. Kennedy",
        "aliases": ["JFK", "John Fitzgerald Kennedy"],
        "roles": [{"title": "President of the United States", "from": "1961-01-20", "to": "1963-11-22"}],
        "ids": {"wikidata": "Q9696"},
    },
    {
        "name": "Franklin D. Roosevelt",
        "aliases": ["FDR"],
        "roles": [{"title": "President of the United States", "from": "1933-03-04", "to": "1945-04-12"}],
        "ids": {"wikidata": "Q8007"},
    },
    {
        "name": "Ann Marlow",
        "aliases": ["Mayor Marlow"],
        "roles": [{"title": "Mayor of Harbor City", "from": "2022-01-01", "to": None}],
        "ids": {},
    },
)
FACTCHECKS = (
    {
        "@type": "ClaimReview",
        "url": "https://checks.example/reagan-government-solution",
        "claimReviewed": "Ronald Reagan said that in this present crisis government is the solution to our problem.",
        "datePublished": "2026-03-02",
        "author": {"@type": "Organization", "name": "Harbor Checks", "url": "https://checks.example"},
        "reviewRating": {"@type": "Rating", "alternateName": "Misquoted", "ratingValue": 1, "bestRating": 5},
        "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Ronald Reagan"}},
    },
    {
        "@type": "ClaimReview",
        "url": "https://checks.example/harbor-taxes",
        "claimReviewed": "Mayor Ann Marlow promised to raise taxes on 200 families in the valley.",
        "datePublished": "2026-11-18",
        "author": {"@type": "Organization", "name": "Harbor Checks", "url": "https://checks.example"},
        "reviewRating": {"@type": "Rating", "alternateName": "False"},
        "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Ann Marlow"}},
    },
)
TRANSCRIPTS = (
    {
        "uri": "urn:harbor:council:minutes",
        "title": "Minutes of the council",
        "kind": "transcript",
        "publisher": "Harbor City Council",
        "published_at": day(9),
        "turns": [
            {
                "speaker": "Ann Marlow",
                "text": "Let me say it once more. We will not raise taxes on 200 families in the valley this year.",
            },
            {"speaker": "Robert Reyes", "text": "The minutes will show that I asked for it in writing."},
        ],
    },
)
SPEECH = "We will not raise taxes on 200 families in the valley this year."
ALTERED = "We will raise taxes on 200 families in the valley this year."


def import_records(store: Store) -> None:
    """A transcript, people and fact-checks, by the importers of the command line."""
    finish(import_stream(store, "transcripts", lines(TRANSCRIPTS)))
    finish(import_speakers(store, lines(PEOPLE), None))
    finish(import_claimreviews(store, lines(FACTCHECKS), None))


def lines(records: Iterable[Mapping[str, Any]]) -> io.BytesIO:
    """Records as a file of them."""
    return io.BytesIO("\n".join(json.dumps(record) for record in records).encode())


def finish(reader: Reader) -> None:
    """Nothing of what is imported here may be refused."""
    assert reader.bad == 0, "a record of tests/browser/material.py was refused"


def news(number: int, publisher: str, body: str, **members: Any) -> dict[str, Any]:
    """An article of a paper of ours, of the day of this number."""
    return {
        "uri": f"https://{publisher.lower().replace(' ', '')}.example/2026/11/{number}",
        "headline": f"Council debates the valley's taxes, part {number}",
        "publisher": publisher,
        "published_at": day(number),
        "language": "en",
        "body_text": body,
        **members,
    }


def news_articles() -> list[dict[str, Any]]:
    """In the order of their publication: a speech, and those who quote it rightly and wrongly."""
    altered = f"“{ALTERED[:-1]},” Mayor Ann Marlow said on Monday. Nobody in the council answered her."
    return [
        news(10, "Harbor Herald", f"“{SPEECH[:-1]},” Mayor Ann Marlow said on Friday in the town hall."),
        news(11, "Valley Times", f"“{SPEECH[:-1]},” Ann Marlow said again on the radio."),
        news(12, "Quick Wire", altered),
        news(
            13, "Copy Daily", altered.replace("Nobody in the council answered her.", "The hall was silent.")
        ),
        news(14, "Night Post", f"“{SPEECH[:-1]},” Robert Reyes said on Monday, to applause from the back."),
        news(
            15,
            "Sum Up",
            "“We will not raise taxes on 300 families in the valley this year,” Ann Marlow said.",
        ),
    ]


def articles() -> list[dict[str, Any]]:
    """The news, the bundled article, and one with a source behind a source."""
    return [*news_articles(), sample_article(), lithium_talks()]
