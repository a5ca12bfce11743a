"""The service's settings: read from the environment once, typed, checked before anything starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit

from service.errors import SettingsError

DEFAULT_DATABASE_URL = "sqlite:///var/verbatim.sqlite3"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
DATABASE_SCHEMES = ("sqlite", "postgresql+psycopg")
REDIS_SCHEMES = ("redis", "rediss", "unix")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ between two installations; each field is a variable in lower case."""

    database_url: str = DEFAULT_DATABASE_URL
    redis_url: str | None = None  # without it: a small cache in each process, and no queue
    host: str = "127.0.0.1"
    port: int = 8000
    web_concurrency: int = 2  # gunicorn workers
    log_level: str = "INFO"
    max_body_bytes: int = 1_000_000  # a larger request is answered 413
    cache_ttl_s: int = 86_400
    forwarded_allow_ips: str = "127.0.0.1,::1"  # whose X-Forwarded-*, X-Request-Id and traceparent count
    otel_exporter_otlp_endpoint: str | None = None  # without it: no tracing
    worker_metrics_port: int = 0  # of `verbatim worker`, on HOST; 0: it shows none

    def __repr__(self) -> str:
        # URLs may carry passwords; a repr ends up in logs and tracebacks.
        return f"Settings(host={self.host!r}, port={self.port}, log_level={self.log_level!r}, …)"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from environment variables; an empty variable counts as not set.

    Raises SettingsError naming every variable that is wrong, never showing a URL (it may hold a password).
    """
    faults: list[str] = []

    def text(name: str, default: str) -> str:
        return environ.get(name, "").strip() or default

    def number(name: str, default: int, least: int, most: int) -> int:
        given = text(name, str(default))
        if not (given.isascii() and given.isdigit() and len(given) < 16 and least <= int(given) <= most):
            faults.append(f"{name} must be a whole number from {least} to {most}")
            return default
        return int(given)

    def url(name: str, default: str, schemes: tuple[str, ...]) -> str:
        given = text(name, default)
        try:
            scheme = urlsplit(given).scheme if given else schemes[0]
        except ValueError:
            scheme = ""
        if scheme not in schemes:
            wanted = " or ".join(f"{scheme}://" for scheme in schemes)
            faults.append(f"{name} must start with {wanted}")
            return default
        return given

    def peers(name: str, default: str) -> str:
        given = text(name, default)
        try:
            for peer in given.replace("*", "").split(","):
                ip_network(peer.strip() or "::1")
        except ValueError:
            faults.append(f"{name} must be addresses or networks, separated by commas, or *")
            return default
        return given

    level = text("LOG_LEVEL", "INFO").upper()
    if level not in LOG_LEVELS:
        faults.append(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}")
    settings = Settings(
        database_url=url("DATABASE_URL", DEFAULT_DATABASE_URL, DATABASE_SCHEMES),
        redis_url=url("REDIS_URL", "", REDIS_SCHEMES) or None,
        host=text("HOST", "127.0.0.1"),
        port=number("PORT", 8000, 0, 65_535),
        web_concurrency=number("WEB_CONCURRENCY", 2, 1, 128),
        log_level=level,
        max_body_bytes=number("MAX_BODY_BYTES", 1_000_000, 1_000, 1_000_000_000),
        cache_ttl_s=number("CACHE_TTL_S", 86_400, 1, 31_536_000),
        forwarded_allow_ips=peers("FORWARDED_ALLOW_IPS", "127.0.0.1,::1"),
        otel_exporter_otlp_endpoint=url("OTEL_EXPORTER_OTLP_ENDPOINT", "", ("http", "https")) or None,
        worker_metrics_port=number("WORKER_METRICS_PORT", 0, 0, 65_535),
    )
    if faults:
        raise SettingsError("the environment is not usable: " + "; ".join(faults))
    return settings
