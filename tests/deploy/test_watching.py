"""The dashboard and the alert rules speak of metrics that there are, and parse."""

from __future__ import annotations

import json
import re
from typing import Any

import promql_parser
import pytest
import yaml

from service.telemetry.metrics import REGISTRY
from tests.apps import running_app
from tests.deploy.dockerfile import PROJECT

DASHBOARD = PROJECT / "deploy" / "grafana" / "verbatim.json"
RULES = PROJECT / "deploy" / "prometheus" / "alerts.yml"
NAME = re.compile(r"\bverbatim_[a-z_]+\b")
#: Looked up when they are asked for, where there is a queue.
QUEUE = {"verbatim_queue_depth", "verbatim_queue_oldest_job_age_seconds"}


def expressions() -> dict[str, str]:
    """Every PromQL expression, by where it stands."""
    dashboard = json.loads(DASHBOARD.read_text())
    found = {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in dashboard["panels"]
        for target in panel.get("targets", ())
    }
    return found | {rule["alert"]: rule["expr"] for rule in rules()}


def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load(RULES.read_text())["groups"]
    listed: list[dict[str, Any]] = group["rules"]
    return listed


@pytest.fixture(scope="module")
def exported(tmp_path_factory, redis_url) -> set[str]:
    """The names of all series that the server can show."""
    names = {"up"}
    for metric in REGISTRY.collect():
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(metric.type, ("",))
        names |= {metric.name + end for end in ends}
    store = f"sqlite:///{tmp_path_factory.mktemp('watching')}/store.sqlite3"
    with running_app(store, redis_url=redis_url) as app:
        shown = app.test_client().get("/metrics").text
    created = {f"{metric.name}_created" for metric in REGISTRY.collect()}
    return names | set(re.findall(r"^# TYPE (\w+) gauge$", shown, re.MULTILINE)) - created


@pytest.mark.parametrize("where", expressions())
def test_every_metric_named_is_exported(where, exported):
    named = set(NAME.findall(expressions()[where]))
    assert named <= exported
    assert named or "up{" in expressions()[where]


def test_every_exported_metric_is_shown_somewhere(exported):
    shown = {
        re.sub(r"_(bucket|sum|count)$", "", name)
        for text in expressions().values()
        for name in NAME.findall(text)
    }
    there = {re.sub(r"_(bucket|sum|count)$", "", name) for name in exported - {"up"}}
    assert there == shown
    assert there >= QUEUE


@pytest.mark.parametrize("where", expressions())
def test_an_expression_parses_and_groups_by_labels_that_there_are(where):
    text = expressions()[where].replace("$__rate_interval", "5m")
    promql_parser.parse(text)  # raises where it is no PromQL
    text = re.sub(r'"[^"]*"', '""', text)
    labels = {
        name
        for listed in re.findall(r"(?:by|without) \(([^)]*)\)", text)
        for name in re.split(r",\s*", listed)
    }
    labels |= set(re.findall(r"[{,]\s*(\w+)\s*=", text))
    known = {label for metric in REGISTRY.collect() for label in labels_of(metric.name)}
    assert labels <= known | {"le", "part", "instance", "job", "version", "engine", "policy"}


def labels_of(name: str) -> tuple[str, ...]:
    collector = REGISTRY._names_to_collectors[name]
    return tuple(collector._labelnames)


def test_each_rule_says_what_is_felt_and_what_to_do():
    for rule in rules():
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert set(rule["annotations"]) == {"summary", "description"}


def test_panels_do_not_lie_on_one_another():
    places = set()
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        grid = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(grid["x"], grid["x"] + grid["w"])
            for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not cells & places, panel["title"]
        places |= cells
