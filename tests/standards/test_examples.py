"""docs/standards.md shows what the service answers."""

import pytest

from tests.standards.examples import PAGE, answer, example, find_examples, running_example

TOLD = PAGE.read_text(encoding="utf-8")
EXAMPLES = find_examples(TOLD)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with running_example(tmp_path_factory.mktemp("examples") / "s.sqlite3") as (client, names):
        # A review is named by chance: the page's name for it stands for this one.
        yield lambda path: answer(client, path.replace("{review}", names["review"]))


def test_there_is_one_of_each():
    assert len(EXAMPLES) == TOLD.count("```http") == 5
    assert [path.partition("format=")[2] for path, _ in EXAMPLES if "format=" in path] == [
        "jsonld",
        "jsonld",
        "prov",
        "csv",
    ]


@pytest.mark.parametrize(("path", "shown"), EXAMPLES, ids=[path for path, _ in EXAMPLES])
def test_the_page_shows_what_is_answered(client, path, shown):
    assert client(path) == example(shown)
