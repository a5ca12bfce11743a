"""Serve one checkout of Verbatim over a pipe: a request a line in, its answer a line out.

    python serving.py CHECKOUT

Run as a script, by the interpreter of the checkout that is measured and with DATABASE_URL in the environment,
so that the benchmark can ask an older and a newer checkout the same things by their public HTTP interface. A
request is {"path", "json"?, "method"?} and its answer {"status", "answer"}. The path "cpu-of-checks" takes quotes
and answers the milliseconds of CPU time that the use case behind POST /v1/check takes for each.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, get_type_hints

CHECKOUT = sys.argv[1]
sys.path[0] = CHECKOUT  # in place of this script's own folder, whose names are no top-level modules


def open_application() -> Any:
    """The checkout's application, on the database that the environment names."""
    from service.app import create_app
    from service.settings import read_settings
    from service.store import open_store

    settings = read_settings(os.environ)
    open_store(settings.database_url, migrate=True).close()
    return create_app(settings)


def time_checks(app: Any, quotes: list[str]) -> list[float]:
    """CPU milliseconds of checking each quote, without the cache and the web server."""
    checker = next(each.checker for each in app.extensions.values() if hasattr(each, "checker"))
    request_type = get_type_hints(checker.answer)["request"]  # wherever the checkout has them
    claim_type = get_type_hints(request_type)["claim"]
    requests = [request_type(claim_type(quote)) for quote in quotes]
    generation, times = checker.store.generation(), []
    for request in requests:
        started = time.process_time()
        checker.answer(request, generation)
        times.append(1000 * (time.process_time() - started))
    return times


def answer(app: Any, client: Any, request: dict[str, Any]) -> dict[str, Any]:
    """What is written for a request."""
    if request["path"] == "cpu-of-checks":
        return {"status": 200, "answer": time_checks(app, request["json"])}
    response = client.open(request["path"], method=request.get("method", "POST"), json=request.get("json"))
    return {"status": response.status_code, "answer": response.get_json(silent=True)}


def serve() -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the application prints is no answer
    app = open_application()
    client = app.test_client()
    for line in sys.stdin:
        answers.write(json.dumps(answer(app, client, json.loads(line))) + "\n")


if __name__ == "__main__":
    serve()
