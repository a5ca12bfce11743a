"""schemathesis over the whole API: what it makes of the description is answered as the description says."""

from __future__ import annotations

import json

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from tests.examples import examples
from tests.faults.scale import report, scaled

EXAMPLES = scaled(examples(2, 6), 300)
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@schemathesis.serializer("application/x-ndjson")
def write_lines(context, value):
    """What is made up for a body of lines, as such."""
    if isinstance(value, bytes):
        return value
    lines = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def test_the_api_is_as_described(whole_app):
    described = schemathesis.openapi.from_wsgi("/openapi.json", whole_app)
    checks = CHECKS.get_all()
    faults: list[str] = []
    asked = operations = 0
    for found in described.get_all_operations():
        operation = found.ok()
        operations += 1
        strategies = [operation.as_strategy(generation_mode=mode) for mode in MODES]

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.one_of(strategies))
        def ask(case):
            nonlocal asked
            asked += 1
            case.call_and_validate(checks=checks)

        try:
            ask()
        except Exception as error:
            faults.append(f"{operation.label}: {error}")
    report("schemathesis", operations=operations, cases=asked, checks=len(checks), faults=len(faults))
    assert operations > 10
    assert not faults, "\n\n".join(faults)
