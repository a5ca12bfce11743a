"""The dashboard and the alert rules speak of metrics that there are, and parse."""

from __future__ import annotations

import json
import re
from typing import Any

import promql_parser
import pytest
import yaml

from service.cache import CacheStatus
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


def read_code() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "service").rglob("*.py"))


MATCHER = re.compile(r'(\w+)=(~?)"([^"]*)"')
#: Labels whose values come from elsewhere: Prometheus' own, and the dashboard's choice.
FREE = {"job", "le", "status"}


@pytest.fixture(scope="module")
def values(tmp_path_factory) -> dict[str, set[str]]:
    """The values that a label can have."""
    store = f"sqlite:///{tmp_path_factory.mktemp('routes')}/store.sqlite3"
    with running_app(store) as app:
        routes = {re.sub(r"<[^>]*?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
        parts = set(
            re.findall(r'^verbatim_degraded\{part="(\w+)"', app.test_client().get("/metrics").text, re.M)
        )
    return {
        "part": parts,
        "route": routes,
        "result": {status.value for status in CacheStatus},
        "outcome": set(
            re.findall(r'"(\w+)"', " ".join(re.findall(r"^ +outcome = .*$", read_code(), re.MULTILINE)))
        ),
    }


SELECTING = [where for where, expression in expressions().items() if MATCHER.search(expression)]


@pytest.mark.parametrize("where", SELECTING)
def test_what_is_selected_is_a_value_that_there_is(where, values):
    checked = MATCHER.findall(expressions()[where])
    assert checked
    for label, is_pattern, wanted in checked:
        if label in FREE:
            continue
        chosen = re.compile(wanted if is_pattern else re.escape(wanted))
        assert any(chosen.fullmatch(value) for value in values[label]), f"{label}={wanted}"


def test_a_rule_names_metrics_logs_and_addresses_that_there_are(exported, values):
    code = read_code()
    checked = list(rules())
    assert checked
    for rule in checked:
        told = " ".join(rule["annotations"].values())
        for name in NAME.findall(told):
            assert {name, f"{name}_bucket"} & exported, name
        for route in re.findall(r"GET (/[\w/{}]+)", told):
            assert re.sub(r"\{\w+\}", "{}", route) in {
                re.sub(r"\{\w+\}", "{}", one) for one in values["route"]
            }
        for event in re.findall(r"`([a-z_]+)`", told):
            assert f'"{event}"' in code, event


def labels_of(name: str) -> tuple[str, ...]:
    collector = REGISTRY._names_to_collectors[name]
    return tuple(collector._labelnames)


def test_each_rule_says_what_is_felt_and_what_to_do():
    checked = list(rules())
    assert checked
    for rule in checked:
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
