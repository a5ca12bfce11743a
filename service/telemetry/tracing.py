"""Traces by OpenTelemetry, if it is configured: a span for each request or job, and for each stage.

Nothing of it is imported unless an endpoint is set. Attributes are routes, states and counts: no name of a
span and no attribute contains text of an article, and of errors only the type is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from service.errors import SettingsError

if TYPE_CHECKING:
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

Attributes = Mapping[str, str | int | float | bool]
NO_SPAN: Final = nullcontext()
TRACES_PATH: Final = "/v1/traces"


@dataclass(slots=True)
class _State:
    """The tracer of this process; None while tracing is off."""

    tracer: Tracer | None = None
    provider: TracerProvider | None = None


_state = _State()


@dataclass(frozen=True, slots=True)
class RootSpan:
    """The span of a request or a job, from its start to its end."""

    span: Span
    token: Token[Context]
    detach: Callable[[Token[Context]], None]

    @property
    def traceparent(self) -> str:
        """The header by which requests and jobs that this one causes refer to it."""
        context = self.span.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"

    def end(self, name: str, attributes: Attributes, failed: bool) -> None:
        """Set the span's name, attributes and status, and end it."""
        from opentelemetry.trace import Status, StatusCode

        self.span.update_name(name)
        self.span.set_attributes(attributes)
        if failed:
            self.span.set_status(Status(StatusCode.ERROR))
        self.span.end()
        self.detach(self.token)


def configure_tracing(endpoint: str | None, version: str) -> None:
    """Send spans to an OTLP collector, `http(s)://host:port`; without an endpoint tracing is off.

    Service name, sampling, headers and the rest are OpenTelemetry's own variables (OTEL_*). Raises
    SettingsError if the extra `otel` is not installed.
    """
    stop_tracing()
    if endpoint is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingsError(
            "OTEL_EXPORTER_OTLP_ENDPOINT needs OpenTelemetry: pip install 'verbatim[otel]'"
        ) from error
    resource = Resource.create({"service.version": version})
    if str(resource.attributes["service.name"]).startswith("unknown_service"):  # no OTEL_SERVICE_NAME
        resource = resource.merge(Resource({"service.name": "verbatim"}))
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=endpoint.rstrip("/") + TRACES_PATH)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _state.provider, _state.tracer = provider, provider.get_tracer("verbatim", version)


def stop_tracing() -> None:
    """Export the remaining spans, within the exporter's time limits, and turn tracing off."""
    provider = _state.provider
    _state.provider = _state.tracer = None
    if provider is not None:
        provider.shutdown()


def start_root(name: str, traceparent: str | None, kind: str = "SERVER") -> RootSpan | None:
    """Start the span of a request or job, a child of its sender's; None while tracing is off."""
    tracer = _state.tracer
    if tracer is None:
        return None
    from opentelemetry import context, trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = {"traceparent": traceparent} if traceparent else {}
    parent = TraceContextTextMapPropagator().extract(carrier, context.Context())
    span = tracer.start_span(name, parent, kind=trace.SpanKind[kind])
    return RootSpan(span, context.attach(trace.set_span_in_context(span, parent)), context.detach)


def span(name: str) -> AbstractContextManager[Any]:
    """A span around a stage of the current request. Costs nothing while tracing is off."""
    tracer = _state.tracer
    if tracer is None:
        return NO_SPAN
    # Exceptions are not recorded: a message may quote an article.
    return tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False)
