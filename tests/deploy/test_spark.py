"""deploy/spark_extract.py on a real Spark in local mode: what it writes, what it goes on with, what it reports."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import commands
from tests.deploy.dockerfile import PROJECT
from tests.deploy.java import make_java_home

SCRIPT = PROJECT / "deploy" / "spark_extract.py"
TIMEOUT_S = 300
PROSE = "The council met again. “We will dredge the harbour in year {number},” Ann Marlow said. " * 20
# Py4J closes its sockets when it is collected, not before.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What Spark needs in its environment; it listens on this machine only."""
    options = (
        "--master local[2] --conf spark.ui.enabled=false --conf spark.driver.bindAddress=127.0.0.1"
        " --conf spark.driver.host=127.0.0.1 --conf spark.driver.memory=512m --conf spark.log.level=ERROR"
        " --conf spark.sql.shuffle.partitions=2 --conf spark.hadoop.fs.defaultFS=file:/// pyspark-shell"
    )
    return {
        "JAVA_HOME": str(make_java_home(tmp_path_factory.mktemp("java"))),
        "PYSPARK_SUBMIT_ARGS": options,
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYTHONPATH": str(PROJECT),
    }


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("spark_extract", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def spark(script: ModuleType, environment: dict[str, str]) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        # The function is sent to workers by value: they cannot import a script.
        patch.setitem(sys.modules, "spark_extract", script)
        from pyspark import cloudpickle

        cloudpickle.register_pickle_by_value(script)
        session = script.open_session()
        yield session
        session.stop()


def write_lines(path: Path, records: list[Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def read_lines(output: Path, outcome: str) -> list[dict[str, Any]]:
    parts = output.glob(f"outcome={outcome}/part-*")
    return [json.loads(line) for part in parts for line in part.read_text().splitlines()]


def articles(count: int, first: int = 0) -> list[dict[str, Any]]:
    return [
        {"id": f"a{number}", "text": PROSE.format(number=number)} for number in range(first, first + count)
    ]


def test_json_lines_are_those_of_the_command(spark: Any, script: ModuleType, tmp_path: Path) -> None:
    records = [
        {"id": 7, "text": "“It will not be cheap,” Ann Marlow said."},
        {"id": "html", "text": "<p>“Nobody planned for <b>ice</b>,” said Lee Okafor.</p>", "format": "html"},
        {"id": "de", "text": "„Das wird teuer“, sagte Anna Weber am Montag in Berlin.", "language": "de"},
    ]
    archive = write_lines(tmp_path / "archive.jsonl", records)
    assert script.run(spark, str(archive), str(tmp_path / "out"), ("jsonl", "jsonl")) == (3, 0)
    done = CliRunner().invoke(commands, ["extract", "--ndjson", str(archive)])
    expected = [json.loads(line) for line in done.stdout.splitlines()]
    found = sorted(read_lines(tmp_path / "out", "done"), key=lambda answer: str(answer["id"]))
    assert found == sorted(expected, key=lambda answer: str(answer["id"]))
    assert all(answer["quotes"] for answer in found)


def test_bad_rows_are_reported_and_the_rest_is_done_once(
    spark: Any, script: ModuleType, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    good = articles(5)
    write_lines(archive / "1.jsonl", [*good[:3], {"id": "empty"}, {"text": "no id"}, good[3]])
    (archive / "2.jsonl").write_text('{"id": "cut", "te\n\n' + json.dumps(good[4]) + "\n")
    output = tmp_path / "out"

    def run(**options: Any) -> Any:
        return script.run(spark, str(archive), str(output), ("jsonl", "jsonl"), **options)

    assert run() == (5, 3)
    assert sorted(answer["id"] for answer in read_lines(output, "done")) == [f"a{n}" for n in range(5)]
    reasons = {row["id"]: row["reason"] for row in read_lines(output, "bad")}
    assert "/text" in reasons.pop("empty")
    assert sorted(reason.split(":")[0] for reason in reasons.values()) == ["/id", "not valid JSON"]
    assert all(key.startswith("line-") for key in reasons)
    assert run() == (0, 0), "what is there is not done again"
    write_lines(archive / "3.jsonl", articles(2, first=5))
    assert run() == (2, 0), "only what came since"
    assert run(retry_bad=True) == (0, 3)
    assert sorted(answer["id"] for answer in read_lines(output, "done")) == [f"a{n}" for n in range(7)]


def test_parquet_in_and_out(spark: Any, script: ModuleType, tmp_path: Path) -> None:
    import pandas as pd

    archive, output = tmp_path / "archive.parquet", tmp_path / "out"
    rows = [*articles(3), {"id": "none", "text": None}]
    pd.DataFrame(rows).to_parquet(archive)
    forms = (script.guess_form(str(archive)), "parquet")
    assert script.run(spark, str(archive), str(output), forms) == (3, 1)
    assert script.run(spark, str(archive), str(output), forms) == (0, 0)
    done = pd.read_parquet(output / "outcome=done")
    assert sorted(done["id"]) == ["a0", "a1", "a2"]
    quote = done.iloc[0]["quotes"][0]
    told = json.loads(done.iloc[0]["answer"])["quotes"][0]
    assert quote["content"]["text"] == told["content"]["text"]
    assert quote["speaker"]["name"] == told["speaker"]["name"] == "Ann Marlow"
    assert set(quote) == {"type", "act", "content", "cue", "source", "speaker", "via"} <= set(told)
    assert pd.read_parquet(output / "outcome=bad")["id"].tolist() == ["none"]


def test_a_worker_loads_the_model_once(spark: Any, script: ModuleType) -> None:
    from service.extraction.tagger import tagger

    lines = [(str(number), json.dumps(article)) for number, article in enumerate(articles(8))]
    rows = spark.createDataFrame(lines, "key STRING, value STRING").repartition(4)

    def count_loads(batches: Any) -> Any:
        import pandas as pd

        loads = getattr(tagger, "loads_seen", 0)
        if not loads:
            load = tagger.Tagger.__init__

            def counted(self: Any, *arguments: Any, **options: Any) -> None:
                tagger.loads_seen += 1
                load(self, *arguments, **options)

            tagger.loads_seen, tagger.Tagger.__init__ = 0, counted
        for _ in script.extract_rows(batches):
            pass
        yield pd.DataFrame([[os.getpid(), tagger.loads_seen]], columns=["worker", "loads"])

    seen = rows.mapInPandas(count_loads, "worker LONG, loads LONG").collect()
    assert len(seen) == 4
    assert all(row.loads <= 1 for row in seen)


def test_a_run_that_was_killed_is_gone_on_with(
    spark: Any, script: ModuleType, environment: dict[str, str], tmp_path: Path
) -> None:
    """The script as an operator starts it, killed once its first task has left its rows."""
    archive, output = tmp_path / "archive", tmp_path / "out"
    archive.mkdir()
    for number in range(12):
        write_lines(archive / f"{number}.jsonl", articles(6, first=6 * number))
    options = environment["PYSPARK_SUBMIT_ARGS"].replace("local[2]", "local[1]")
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(archive), str(output)],
        env={**os.environ, **environment, "PYSPARK_SUBMIT_ARGS": options},
        start_new_session=True,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + TIMEOUT_S
    try:
        while not list(output.glob("outcome=done/part-*")):
            assert process.poll() is None, process.communicate()[1].decode()[-2000:]
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    first = {answer["id"] for answer in read_lines(output, "done")}
    assert 0 < len(first) < 72, "it was killed on the way"
    assert script.run(spark, str(archive), str(output), ("jsonl", "jsonl")) == (72 - len(first), 0)
    assert sorted(a["id"] for a in read_lines(output, "done")) == sorted(f"a{n}" for n in range(72))


def test_its_settings_give_way_to_those_of_spark_submit(spark: Any, script: ModuleType) -> None:
    assert (
        spark.conf.get("spark.sql.files.maxPartitionBytes")
        == script.SETTINGS["spark.sql.files.maxPartitionBytes"]
    )
    assert spark.conf.get("spark.sql.shuffle.partitions") == "2"
