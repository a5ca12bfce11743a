"""One app with the bundled article and what was said before it."""

import pytest

from tests.apps import running_app


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with running_app(f"sqlite:///{tmp_path_factory.mktemp('standards')}/s.sqlite3", access="open") as app:
        yield app.test_client()
