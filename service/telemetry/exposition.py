"""Metrics in the text format of Prometheus: counters of all processes, and states read on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, exposition, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from service.telemetry.metrics import REGISTRY
from service.telemetry.slots import forget_dead, shared_directory

CONTENT_TYPE: Final = exposition.CONTENT_TYPE_LATEST


@dataclass(frozen=True, slots=True)
class State:
    """A number that is read on request and is the same in every process."""

    name: str
    help: str
    values: tuple[tuple[Mapping[str, str], float], ...]

    def family(self) -> Metric:
        """The metric as the client library needs it."""
        names = list(self.values[0][0]) if self.values else []
        family = GaugeMetricFamily(self.name, self.help, labels=names)
        for labels, value in self.values:
            family.add_metric([labels[name] for name in names], value)
        return family


def serve_metrics(address: str, port: int) -> None:
    """Serve this process's metrics at `address:port` from a thread, for a worker, which has no web server.

    Raises OSError if the port is in use."""
    start_http_server(port, address, REGISTRY)


class _States:
    def __init__(self, states: Iterable[State]) -> None:
        self._families = [state.family() for state in states if state.values]

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def expose(states: Iterable[State]) -> bytes:
    """All metrics in Prometheus' text format, `CONTENT_TYPE`."""
    registry = CollectorRegistry(auto_describe=False)
    directory = shared_directory()
    if directory is None:
        registry.register(REGISTRY)
    else:
        forget_dead(directory)
        MultiProcessCollector(registry, str(directory))  # type: ignore[no-untyped-call]
    registry.register(_States(states))
    return exposition.generate_latest(registry)
