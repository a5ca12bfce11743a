"""The examples of docs/standards.md: which request each answers, on the store that `make run` makes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from schemas.standards.prov_json import name_uuid
from tests.apps import ROOT, running_app, sample_article

PAGE = ROOT / "docs" / "standards.md"
HOST = "http://127.0.0.1:8000"
ALTERED = "In this present crisis, government is the solution to our problem"
DECISION = {
    "verdict": {"fidelity": "altered", "attribution": "same", "changes": ["negation"]},
    "reason": "The address says “is not the solution”.",
    "evidence": [{"url": "https://avalon.law.yale.edu/20th_century/reagan1.asp"}],
}
ENGINE = re.compile(r"verbatim-tagger-[0-9a-f]+-[0-9a-f]+")  # differs with the next model
#: What differs from run to run.
VOLATILE = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)", "MOMENT"),
    (r"\br[0-9a-f]{24}\b", "REVIEW"),
)


@contextmanager
def running_example(database: Path) -> Iterator[tuple[FlaskClient, dict[str, str]]]:
    """A client of the store, and the names that the page's addresses hold: article, quote, review."""
    with running_app(f"sqlite:///{database}") as app:
        client = app.test_client()
        for kind in ("quotes", "transcripts"):
            body = (ROOT / "service" / "sample" / f"{kind}.ndjson").read_bytes()
            with client.post(
                f"/v1/quotes:import?kind={kind}", data=body, content_type="application/x-ndjson"
            ) as done:
                assert done.data
        article = client.post("/v1/articles", json=sample_article()).get_json()
        [quote] = [one["id"] for one in article["quotes"] if one["content"]["text"].startswith(ALTERED)]
        listed = client.get("/v1/reviews?limit=100").get_json()["reviews"]
        [review] = [one["id"] for one in listed if one["quote_id"] == quote]
        assert client.post(f"/v1/reviews/{review}/decision", json=DECISION).status_code == 200
        yield client, {"article": article["id"], "quote": quote, "review": review}


def find_examples(page: str) -> list[tuple[str, str]]:
    """The requests and answers of a page: a line `GET …` of a block, and the block after it."""
    return re.findall(r"```http\nGET (\S+)\n```\n+```(?:json|csv)\n(.*?)\n```", page, re.DOTALL)


def steady(text: str) -> str:
    """A text without what differs from run to run, or from model to model."""
    for engine in ENGINE.findall(text):
        text = text.replace(name_uuid("engine", engine), "uuid:ENGINE").replace(engine, "ENGINE")
    for pattern, name in VOLATILE:
        text = re.sub(pattern, name, text)
    return text


def answer(client: FlaskClient, path: str) -> Any:
    """What the service answers, JSON as such, a table as its lines; of annotations the one after the #."""
    path, _, name = path.partition("#")
    with client.get(path, base_url=HOST) as response:
        assert response.status_code == 200, response.text
        text = steady(response.text)
        is_json = response.mimetype.endswith("json")
    if not is_json:
        return text.removeprefix("\ufeff").splitlines()
    document = json.loads(text)
    if not name:
        return document
    [one] = [one for one in document["first"]["items"] if one["id"].endswith(f"#{name}")]
    return one


def example(text: str) -> Any:
    """An example as `answer` gives it."""
    text = steady(text)
    return json.loads(text) if text.startswith("{") else text.splitlines()
