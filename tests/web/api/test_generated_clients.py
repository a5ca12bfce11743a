"""Clients that generators make of the description read what the service answers."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.apps import import_record, running_app, sample_article

SAID = "In this present crisis, government is not the solution to our problem; government is the problem."
CHECK = {
    "quote": "In this present crisis, government is the solution to our problem",
    "speaker": "Ronald Reagan",
}
SOURCES = [
    {
        "title": "Interview",
        "kind": "interview",
        "text": "ANN MARLOW: We will dredge the whole harbour this year.",
    }
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with running_app(f"sqlite:///{tmp_path_factory.mktemp('store')}/s.sqlite3") as app:
        import_record(app.test_client(), SAID, "Ronald Reagan", "1981-01-20", uri="urn:inaugural")
        yield app


@pytest.fixture
def client(served: Flask) -> FlaskClient:
    return served.test_client()


@pytest.fixture(scope="module")
def description(served: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("description") / "openapi.json"
    path.write_bytes(served.test_client().get("/openapi.json").data)
    return path


def generate(module: str, *arguments: str) -> None:
    """Run a generator of this environment, which says on its output what it could not read."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def models(description: Path) -> Iterator[ModuleType]:
    """Pydantic models, by datamodel-codegen."""
    folder = description.parent
    generate(
        "datamodel_code_generator", "--input", str(description), "--input-file-type", "openapi",
        "--output", str(folder / "generated_models.py"), "--output-model-type", "pydantic_v2.BaseModel",
    )  # fmt: skip
    sys.path.insert(0, str(folder))
    yield importlib.import_module("generated_models")
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def package(description: Path) -> Iterator[ModuleType]:
    """A client with attrs models, by openapi-python-client."""
    folder = description.parent
    config = folder / "config.json"
    config.write_text(json.dumps({"post_hooks": [], "package_name_override": "generated_client"}))
    generate(
        "openapi_python_client", "generate", "--path", str(description), "--meta", "none",
        "--config", str(config), "--output-path", str(folder / "generated_client"),
    )  # fmt: skip
    sys.path.insert(0, str(folder))
    yield importlib.import_module("generated_client")
    sys.path.remove(str(folder))


def collect_answers(client: FlaskClient) -> dict[str, list[dict[str, object]]]:
    """What the service answers, by the name of its schema."""
    gated = client.post("/v1/articles?gate=true", json=sample_article()).get_json()
    given = {
        "body_text": "“We will dredge the harbour this year,” Ann Marlow said.",
        "store": False,
        "sources": SOURCES,
    }
    where = f"/v1/articles/{gated['id']}"
    quote = gated["quotes"][0]["id"]
    signed = f"{where}/quotes/{quote}/sign-off"
    client.put(signed, json={"status": "right", "note": "Heard it."})
    return {
        "GatedAnalysis": [gated, client.post("/v1/articles", json=given).get_json()],
        "ReviewedAnalysis": [client.get(where).get_json()],
        "SignedQuote": [client.get(signed).get_json()],
        "VersionPage": [client.get(f"{where}/versions").get_json()],
        "ArticleList": [client.get("/v1/articles").get_json()],
        "CheckAnswer": [client.post("/v1/check", json=CHECK).get_json()],
        "QuotePage": [client.get("/v1/quotes?q=government").get_json()],
        "Lineage": [client.get(f"/v1/quotes/{quote}/provenance").get_json()],
        "SpeakerPage": [client.get("/v1/speakers").get_json()],
        "ReviewPage": [client.get("/v1/reviews").get_json()],
        "Policy": [client.get("/v1/policy").get_json()],
        "Problem": [client.post("/v1/check", json={}).get_json(), client.get("/v1/articles/none").get_json()],
        "Ready": [client.get("/readyz").get_json()],
    }


def test_generated_pydantic_models_read_what_is_answered(models: ModuleType, client: FlaskClient) -> None:
    answers = collect_answers(client)
    for name, given in answers.items():
        for answer in given:
            read = getattr(models, name).model_validate(answer)
            assert read.model_dump(mode="json", by_alias=True, exclude_unset=True).keys() == answer.keys(), (
                name
            )
    assert len(answers) == 13


def test_a_generated_client_reads_what_is_answered(package: ModuleType, client: FlaskClient) -> None:
    generated = importlib.import_module("generated_client.models")
    answers = collect_answers(client)
    for name, given in answers.items():
        for answer in given:
            assert getattr(generated, name).from_dict(answer).to_dict() == answer, name
    assert len(answers) == 13


def test_a_generated_client_asks_the_service_itself(package: ModuleType, served: Flask) -> None:
    check = importlib.import_module("generated_client.api.check.check_quote")
    models = importlib.import_module("generated_client.models")
    transport = httpx.WSGITransport(app=served, remote_addr="127.0.0.1")
    client = package.Client(base_url="http://127.0.0.1").set_httpx_client(
        httpx.Client(base_url="http://127.0.0.1", transport=transport)
    )
    answer = check.sync(client=client, body=models.CheckInput.from_dict(CHECK))
    assert isinstance(answer, models.CheckAnswer)
    assert answer.verdict.label == "changed" and answer.verdict.severity == 3
