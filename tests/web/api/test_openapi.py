"""The API's own description: valid, complete, and shown to people without anyone else's server."""

import json
import re

import pytest
from openapi_spec_validator import validate

from schemas.property_descriptions import read_property_descriptions

PATHS = {
    "/v1/articles": {"get", "post"},
    "/v1/articles/{article_id}": {"get", "put", "delete"},
    "/v1/articles/{article_id}/versions": {"get"},
    "/v1/articles/{article_id}/versions/{version}": {"get"},
    "/v1/check": {"post"},
    "/v1/quotes": {"get"},
    "/v1/quotes/{quote_id}": {"get"},
    "/v1/jobs/{job_id}": {"get"},
    "/livez": {"get"},
    "/readyz": {"get"},
}


@pytest.fixture
def spec(client):
    return client.get("/openapi.json").get_json()


def test_it_is_valid_and_complete(spec):
    validate(spec)
    documented = {path: set(methods) - {"parameters"} for path, methods in spec["paths"].items()}
    assert {path: documented.get(path) for path in PATHS} == PATHS


def test_every_operation_has_a_name_of_its_own(spec):
    assert spec["openapi"].startswith("3.1")
    operations = [
        operation
        for path in spec["paths"].values()
        for name, operation in path.items()
        if name != "parameters"
    ]
    names = [operation.get("operationId") for operation in operations]
    assert len(names) > 80 and None not in names and len(set(names)) == len(names)
    assert all(operation["tags"] and operation.get("summary") for operation in operations)


def test_nothing_may_be_anything_or_nothing(spec):
    """A generated model refuses the service's own answers where null is an alternative without a type."""
    described = json.dumps(spec["components"]["schemas"])
    assert '"anyOf": [{}' not in described and "{}]" not in described and "nullable" not in described


def test_every_schema_and_every_member_is_described(spec):
    schemas = spec["components"]["schemas"]
    assert len(schemas) > 150
    bare = [name for name, schema in schemas.items() if not schema.get("description")]
    members = [
        f"{member}:{name}"
        for name, schema in schemas.items()
        for member, described in schema.get("properties", {}).items()
        if not described.get("description")
    ]
    assert (bare, members) == ([], [])


def test_every_common_description_is_used(spec):
    schemas = spec["components"]["schemas"]
    used = {
        key
        for name, schema in schemas.items()
        for member, described in schema.get("properties", {}).items()
        for key in (f"{member}:{name}", member)
        if described["description"] == read_property_descriptions().get(key)
    }
    assert set(read_property_descriptions()) == used


def test_errors_are_documented_as_problems(spec):
    assert "application/problem+json" in spec["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert set(spec["components"]["schemas"]["Problem"]["required"]) == {"type", "title", "status", "detail"}


def test_inputs_refuse_unknown_members_and_say_so(spec):
    for name in ("ArticleInput", "CheckInput"):
        assert spec["components"]["schemas"][name]["additionalProperties"] is False


def test_the_codes_of_a_verdict_are_listed(spec):
    fidelity = spec["components"]["schemas"]["Verdict"]["properties"]["fidelity"]["enum"]
    assert {"verbatim", "altered", "no_match", "truncated"} <= set(fidelity)


def test_the_page_loads_only_our_own_files(client):
    page = client.get("/docs")
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(addresses) >= 4
    for address in addresses:
        assert address.startswith("/"), address
        with client.get(address) as asset:
            assert asset.status_code == 200, address
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*src=)", page.text)


def test_the_front_door_is_the_desk_and_shows_the_way_to_the_page(client):
    assert 'href="/docs"' in client.get("/", follow_redirects=True).text
