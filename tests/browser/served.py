"""The service as it is deployed, for a browser to visit: gunicorn, on a store that real imports have filled."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.cli.sample import import_samples
from service.store import Store
from service.usecases.api_keys import KeyRing
from tests.browser import material
from tests.faults.running import WebService, serving
from tests.stores import open_migrated


@dataclass(frozen=True)
class Served:
    """A running service: where it is, and its store, which this process may read and write as well."""

    url: str
    store: Store
    server: WebService

    def new_key(self, scopes: Iterable[str], name: str = "Test") -> str:
        """A new API key, as it is shown to its owner."""
        return KeyRing(self.store.keys).create(name, scopes).token

    def post(
        self, path: str, members: Any, key: str | None = None, *, method: str = "POST", **headers: str
    ) -> Any:
        """What the API answers; its errors are raised with what they say."""
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        body = json.dumps(members).encode()
        request = urllib.request.Request(
            self.url + path, body, {"Content-Type": "application/json", **headers}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{path}: {error.code} {error.read()[:2000]!r}") from None


@contextmanager
def running_service(
    directory: Path, articles: Iterable[dict[str, Any]] = (), **settings: str
) -> Iterator[Served]:
    """A service of one process on an SQLite store with the sample, people, fact-checks and these articles."""
    database = f"sqlite:///{directory}/store.sqlite3"
    store = open_migrated(database)
    try:
        import_samples(store)
        material.import_records(store)
        given = {"DATABASE_URL": database, "WEB_CONCURRENCY": "1"} | settings
        with serving(directory, **given) as server:
            served = Served(f"http://127.0.0.1:{server.port}", store, server)
            key = served.new_key(["admin"], "Importer") if settings.get("ACCESS") == "locked" else None
            for article in articles:
                served.post("/v1/articles", article, key)
            yield served
    finally:
        store.close()
