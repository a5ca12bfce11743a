"""One app on one SQLite store for the tests of requests."""

import pytest

from tests.apps import running_app


@pytest.fixture
def app(tmp_path):
    with running_app(f"sqlite:///{tmp_path}/store.sqlite3") as app:
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def refused_client(tmp_path_factory):
    """A client of one app for a whole module, for requests that are refused: nothing of them is stored."""
    with running_app(f"sqlite:///{tmp_path_factory.mktemp('refused')}/store.sqlite3") as app:
        yield app.test_client()
