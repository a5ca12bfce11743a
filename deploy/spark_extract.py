"""Extract the quotations of an archive, millions of articles, on Spark.

    spark-submit deploy/spark_extract.py --to parquet ARCHIVE OUTPUT

ARCHIVE: JSON lines (`{"id","text","format"?,"language"?}`, gzip or not) or Parquet with those columns; a
file, a folder or a glob, wherever Spark can read. OUTPUT becomes a folder:

    outcome=done/   a row for each article. As jsonl: what `verbatim extract --ndjson` answers with.
                    As parquet: id, language, engine, quotes (typed, to be queried), answer (that line).
    outcome=bad/    a row for each one that could not be used: why, and its id, or line-SHA256.

Run it again, after a crash or with a larger archive: what OUTPUT has is not done again. A task's rows are
there once the task is finished, so a crash costs the tasks under way. A bad article is looked at again only
with `--retry-bad`.

Every executor needs the package (`pip install verbatim`), the driver `pip install 'verbatim[spark]'` and Java
17 or newer. Each Python worker loads the model once, and uses one core.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click
from pyspark import SparkContext
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.utils import AnalysisException

if TYPE_CHECKING:
    import pandas as pd

DONE: Final = "done"
BAD: Final = "bad"
OUTCOMES: Final = "key STRING, outcome STRING, answer STRING, reason STRING"
SPANS: Final = "ARRAY<STRUCT<start: INT, end: INT>>"
EXCERPT: Final = f"STRUCT<text: STRING, spans: {SPANS}>"
SPEAKER: Final = "STRUCT<name: STRING, id: STRING, kind: STRING, how: STRING, confidence: DOUBLE>"
#: The members of an answer that Parquet has as columns.
ANSWER: Final = (
    "language STRING, engine STRING, quotes ARRAY<STRUCT<type: STRING, act: STRING,"
    f" content: {EXCERPT}, cue: {EXCERPT}, source: {EXCERPT}, speaker: {SPEAKER}, via: {SPEAKER}>>"
)
SETTINGS: Final = {
    # Each finished task leaves its rows, instead of all tasks together at the end: that is what a run after a
    # crash builds on. Object stores want a committer of their own instead.
    "mapreduce.fileoutputcommitter.algorithm.version": "2",
    # Articles of a task, in bytes: some minutes of one core, which is what a crash costs.
    "spark.sql.files.maxPartitionBytes": "16m",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "256",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
}


def extract_rows(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Rows of `key, value` (a JSON line) to rows of `OUTCOMES`. Runs on the executors, for `mapInPandas`."""
    import pandas as pd

    from schemas.articles import ExtractInputSchema

    schema = ExtractInputSchema()
    for batch in batches:
        rows = [
            extract_row(schema, key, value) for key, value in zip(batch["key"], batch["value"], strict=True)
        ]
        yield pd.DataFrame(rows, columns=["key", "outcome", "answer", "reason"])


def extract_row(schema: Any, key: str, value: str) -> tuple[str, str, str | None, str | None]:
    """One article: its answer, or the reason why there is none. A reason never shows the article."""
    from marshmallow import ValidationError

    from schemas.answers import EXTRACT, present
    from schemas.strict_json import read_line
    from service.cli.extract import extract_members
    from service.cli.lines import describe
    from service.text import read_document

    try:
        record = schema.load(read_line(value.encode()))
        document = read_document(record["text"], record["format"], record.get("language"))
        answer = present(EXTRACT, {"id": record["id"], **extract_members(document)})
    except ValidationError as error:
        return key, BAD, None, describe(error)
    except (ValueError, RecursionError) as error:
        return key, BAD, None, f"not valid JSON: {type(error).__name__}"
    except Exception as error:  # one article must not end an archive's run
        return key, BAD, None, f"extraction failed: {type(error).__name__}"
    return key, DONE, answer.decode(), None


def read_archive(spark: SparkSession, archive: str, form: str) -> DataFrame:
    """The articles as `key, value`: a JSON line each, and what names it in the output."""
    if form == "parquet":
        articles = spark.read.parquet(archive)
        known = [name for name in ("id", "text", "format", "language") if name in articles.columns]
        if not {"id", "text"} <= set(known):
            raise click.ClickException(f"{archive} lacks a column id or text")
        lines = articles.select(sql.to_json(sql.struct(*known)).alias("value"))
    else:
        lines = spark.read.text(archive).where(sql.trim("value") != "")
    given = sql.get_json_object("value", "$.id")
    return lines.select(
        sql.coalesce(given, sql.concat(sql.lit("line-"), sql.sha2("value", 256))).alias("key"), "value"
    )


def read_finished(spark: SparkSession, output: str, form: str, retry_bad: bool) -> DataFrame | None:
    """The keys that the output has already, None where there is no output yet."""
    outcomes = [DONE] if retry_bad else [DONE, BAD]
    reader = spark.read.schema("id STRING, outcome STRING")
    try:
        rows = reader.parquet(output) if form == "parquet" else reader.json(output)
    except AnalysisException as error:
        if "PATH_NOT_FOUND" not in str(error):
            raise
        return None
    return rows.where(sql.col("outcome").isin(outcomes)).select(sql.col("id").alias("key"))


def shape(found: DataFrame, form: str) -> DataFrame:
    """The outcomes as they are written: one column of text as jsonl, typed columns as parquet."""
    if form == "parquet":
        members = sql.from_json("answer", ANSWER).alias("found")
        return found.select("outcome", sql.col("key").alias("id"), members, "answer", "reason").select(
            "outcome", "id", "found.*", "answer", "reason"
        )
    complaint = sql.to_json(sql.struct(sql.col("key").alias("id"), "reason"))
    return found.select("outcome", sql.coalesce("answer", complaint).alias("value"))


def run(
    spark: SparkSession, archive: str, output: str, forms: tuple[str, str], retry_bad: bool = False
) -> tuple[int, int]:
    """Extract what the output lacks; how many articles were done, and how many were bad."""
    articles = read_archive(spark, archive, forms[0])
    finished = read_finished(spark, output, forms[1], retry_bad)
    if finished is not None:
        articles = articles.join(finished, "key", "left_anti")
    counted = Observation()
    found = articles.mapInPandas(extract_rows, OUTCOMES).observe(
        counted,
        sql.count_if(sql.col("outcome") == DONE).alias(DONE),
        sql.count_if(sql.col("outcome") == BAD).alias(BAD),
    )
    writer = shape(found, forms[1]).write.partitionBy("outcome").mode("append")
    if forms[1] == "parquet":
        writer.parquet(output)
    else:
        writer.text(output)
    return counted.get[DONE], counted.get[BAD]


def open_session() -> SparkSession:
    """The session of spark-submit, or a local one. What it was told by `--conf` comes before `SETTINGS`."""
    told = SparkContext.getOrCreate().getConf()
    session = SparkSession.builder.appName("verbatim extract").getOrCreate()
    for name, value in SETTINGS.items():
        if not (told.contains(name) or told.contains(f"spark.hadoop.{name}")):
            session.conf.set(name, value)
    return session


def guess_form(archive: str) -> str:
    """What an archive holds, by its name."""
    return "parquet" if ".parquet" in archive or archive.rstrip("/").endswith("parquet") else "jsonl"


@click.command()
@click.argument("archive")
@click.argument("output")
@click.option(
    "--from", "given", type=click.Choice(["jsonl", "parquet"]), help="What ARCHIVE holds; else by its name."
)
@click.option("--to", "wanted", type=click.Choice(["jsonl", "parquet"]), default="jsonl", show_default=True)
@click.option("--retry-bad", is_flag=True, help="Look again at what could not be used before.")
def main(archive: str, output: str, given: str | None, wanted: str, retry_bad: bool) -> None:
    """Extract the quotations of all articles in ARCHIVE that OUTPUT lacks."""
    forms = given or guess_form(archive), wanted
    done, bad = run(open_session(), archive, output, forms, retry_bad)
    click.echo(f"{done:,} articles done, {bad:,} could not be used", err=True)


if __name__ == "__main__":
    main()
