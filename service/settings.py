"""The service's settings: read from the environment once, typed, checked before anything starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from service.errors import SettingsError
from service.preflight import explain_scheme

DEFAULT_DATABASE_URL = "sqlite:///var/verbatim.sqlite3"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
DATABASE_SCHEMES = ("sqlite", "postgresql+psycopg")
REDIS_SCHEMES = ("redis", "rediss", "unix")
ORIGIN = re.compile(
    r"[a-z][a-z0-9+.-]*://[A-Za-z0-9.-]+(:\d{1,5})?", re.ASCII
)  # no "*": it would mean everybody
OIDC = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_SECRET_FILE", "NAME", "ROLES")
ROLE_OF_GROUP = re.compile(r"[^=]+=(reader|reporter|editor|admin)")
AccessMode = Literal["locked", "open"]
ACCESS: tuple[AccessMode, ...] = ("locked", "open")
Synchronous = Literal["full", "normal"]
SYNCHRONOUS: tuple[Synchronous, Synchronous] = ("full", "normal")
ACCESS_MEANS: Mapping[AccessMode, str] = {
    "locked": "locked: every request of the API needs a key (verbatim keys create)",
    "open": (
        "OPEN for development (ACCESS=open): programs of this machine may read, write and delete "
        "without a key. Never put a proxy in front of it"
    ),
}


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
    synchronous: Synchronous = "full"  # "normal": a loss of power may undo the last acknowledged writes
    database_read_url: str | None = None  # a replica of DATABASE_URL, for reads
    forwarded_allow_ips: str = "127.0.0.1,::1"  # whose X-Forwarded-*, X-Request-Id and traceparent count
    otel_exporter_otlp_endpoint: str | None = None  # without it: no tracing
    worker_metrics_port: int = 0  # of `verbatim worker`, on HOST; 0: it shows none
    access: AccessMode = "locked"  # "open": programs of this machine need no key
    rate_limit_key: int = 600  # requests a minute of one key; 0: no limit, here and below
    rate_limit_address: int = 1_200  # requests a minute from one address
    rate_limit_failures: int = 20  # failed authentications a minute from one address
    cors_origins: tuple[str, ...] = ()  # whose pages may call the API from a browser
    max_text_chars: int = 200_000  # of an article, after markup is taken off
    max_judged_quotes: int = 500  # different quotations of one article that are looked up
    max_computing: int = 2  # requests that a process computes at a time; others wait
    max_waiting: int = 16  # requests that wait for that in a process; more are answered 503
    client_timeout_s: int = 30  # for a client that sends or reads less than 1,000 bytes a second
    max_streams: int = 8  # clients that follow a process's events at a time; more are answered 503
    job_lease_s: int = 30  # a worker that is not heard of for so long has lost its job to another
    batch_max_bytes: int = 8_000_000  # of POST /v1/batches; each article in it is held to max_body_bytes
    queued_max_bytes: int = 256_000_000  # of requests that wait as jobs of one key
    import_max_bytes: int = 10_000_000_000  # of one import, unpacked
    buffer_max_bytes: int = 100_000_000  # on disk, in a process, of answers that clients do not read yet
    webhook_keys: tuple[str, ...] = ()  # webhooks' secrets are made of the first; without it, no webhooks
    webhook_networks: tuple[str, ...] = ()  # where webhooks may be though the addresses are not public
    fetch_pages: bool = False  # whether users may have articles fetched from their addresses
    fetch_networks: tuple[str, ...] = ()  # where these may be though the addresses are not public
    superdesk_secret: str | None = None  # without it, pushes of Superdesk are refused
    wordpress_secret: str | None = None  # the same for WordPress
    session_secret: tuple[
        str, ...
    ] = ()  # the first signs sign-ins at the dashboard; without it, a random one
    oidc_issuer: str | None = None  # of the OpenID Connect provider; without it, people have passwords only
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_name: str = "your organisation"  # what the button says
    oidc_roles: tuple[tuple[str, str], ...] = ()  # groups at the provider, and the role of their members

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
            fault = f"{name} must start with {wanted}"
            faults.append(explain_scheme(scheme, name) if schemes == DATABASE_SCHEMES else fault)
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

    def listed(name: str, is_fit: Callable[[str], object], wanted: str) -> tuple[str, ...]:
        given = tuple(one.strip() for one in text(name, "").split(",") if one.strip())
        if not all(map(is_fit, given)):
            faults.append(f"{name} must be {wanted}, separated by commas")
            return ()
        return given

    def choice(name: str, first: str, second: str) -> str:
        given = text(name, first).lower()
        if given not in (first, second):
            faults.append(f"{name} must be {first} or {second}")
        return given

    def secret(name: str, least: int) -> str | None:
        given = text(name, "")
        if given and len(given) < least:
            faults.append(f"{name} must have {least} characters or more: `openssl rand -hex 32`")
        return given or None

    level = text("LOG_LEVEL", "INFO").upper()
    if level not in LOG_LEVELS:
        faults.append(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}")
    host, access = text("HOST", "127.0.0.1"), text("ACCESS", "locked").lower()
    if access not in ACCESS:
        faults.append("ACCESS must be locked, or open for development on this machine alone")
    if access == "open" and not is_loopback(host):
        faults.append(
            f"ACCESS=open needs no key and is for this machine alone, and HOST={host} is reached by others: "
            "leave ACCESS out and create a key (verbatim keys create)"
        )
    settings = Settings(
        database_url=url("DATABASE_URL", DEFAULT_DATABASE_URL, DATABASE_SCHEMES),
        database_read_url=url("DATABASE_READ_URL", "", DATABASE_SCHEMES[1:]) or None,
        redis_url=url("REDIS_URL", "", REDIS_SCHEMES) or None,
        synchronous="normal" if choice("SYNCHRONOUS", *SYNCHRONOUS) == "normal" else "full",
        host=host,
        port=number("PORT", 8000, 0, 65_535),
        web_concurrency=number("WEB_CONCURRENCY", 2, 1, 128),
        log_level=level,
        max_body_bytes=number("MAX_BODY_BYTES", 1_000_000, 1_000, 1_000_000_000),
        cache_ttl_s=number("CACHE_TTL_S", 86_400, 1, 31_536_000),
        forwarded_allow_ips=peers("FORWARDED_ALLOW_IPS", "127.0.0.1,::1"),
        otel_exporter_otlp_endpoint=url("OTEL_EXPORTER_OTLP_ENDPOINT", "", ("http", "https")) or None,
        worker_metrics_port=number("WORKER_METRICS_PORT", 0, 0, 65_535),
        access="open" if access == "open" else "locked",
        rate_limit_key=number("RATE_LIMIT_KEY", 600, 0, 1_000_000),
        rate_limit_address=number("RATE_LIMIT_ADDRESS", 1_200, 0, 1_000_000),
        rate_limit_failures=number("RATE_LIMIT_FAILURES", 20, 0, 1_000_000),
        cors_origins=listed("CORS_ORIGINS", ORIGIN.fullmatch, "origins such as https://cms.example.org"),
        max_text_chars=number("MAX_TEXT_CHARS", 200_000, 1_000, 10_000_000),
        max_judged_quotes=number("MAX_JUDGED_QUOTES", 500, 1, 100_000),
        max_computing=number("MAX_COMPUTING", 2, 1, 64),
        max_waiting=number("MAX_WAITING", 16, 0, 1_000),
        client_timeout_s=number("CLIENT_TIMEOUT_S", 30, 1, 3_600),
        max_streams=number("MAX_STREAMS", 8, 0, 1_000),
        job_lease_s=number("JOB_LEASE_S", 30, 1, 3_600),
        batch_max_bytes=number("BATCH_MAX_BYTES", 8_000_000, 1_000, 1_000_000_000),
        queued_max_bytes=number("QUEUED_MAX_BYTES", 256_000_000, 1_000, 1_000_000_000_000),
        import_max_bytes=number("IMPORT_MAX_BYTES", 10_000_000_000, 1_000, 1_000_000_000_000),
        buffer_max_bytes=number("BUFFER_MAX_BYTES", 100_000_000, 1_000_000, 1_000_000_000_000),
        webhook_keys=listed("WEBHOOK_KEYS", is_key, "keys of 32 characters or more"),
        webhook_networks=listed("WEBHOOK_NETWORKS", is_network, "networks such as 10.1.0.0/16"),
        fetch_pages=choice("FETCH_PAGES", "off", "on") == "on",
        fetch_networks=listed("FETCH_NETWORKS", is_network, "networks such as 10.1.0.0/16"),
        superdesk_secret=secret("SUPERDESK_SECRET", 16),
        wordpress_secret=secret("WORDPRESS_SECRET", 16),
        session_secret=listed("SESSION_SECRET", is_key, "keys of 32 characters or more"),
        **read_oidc(environ, faults),
    )
    if settings.database_read_url and settings.database_url.startswith("sqlite"):
        faults.append("DATABASE_READ_URL must not be set where DATABASE_URL is an SQLite file")
    if faults:
        raise SettingsError("the environment is not usable: " + "; ".join(faults))
    return settings


def read_oidc(environ: Mapping[str, str], faults: list[str]) -> dict[str, Any]:
    """The settings of an OpenID Connect provider; what is wrong with them is added to the faults."""
    given = {name: environ.get(f"OIDC_{name}", "").strip() for name in OIDC}
    client_secret = given["CLIENT_SECRET"]
    if file := given["CLIENT_SECRET_FILE"]:
        try:
            client_secret = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            faults.append("OIDC_CLIENT_SECRET_FILE must be a file that can be read")
    roles = [one.strip() for one in given["ROLES"].split(",") if one.strip()]
    if not all(map(ROLE_OF_GROUP.fullmatch, roles)):
        faults.append("OIDC_ROLES must be GROUP=ROLE (reader, reporter, editor, admin), separated by commas")
    if issuer := given["ISSUER"]:
        if not may_ask(issuer):
            faults.append("OIDC_ISSUER must start with https://")
        if not given["CLIENT_ID"] or not client_secret:
            faults.append(
                "OIDC_ISSUER needs OIDC_CLIENT_ID, and OIDC_CLIENT_SECRET or OIDC_CLIENT_SECRET_FILE"
            )
    return {
        "oidc_issuer": issuer or None,
        "oidc_client_id": given["CLIENT_ID"] or None,
        "oidc_client_secret": client_secret or None,
        "oidc_name": given["NAME"] or "your organisation",
        "oidc_roles": tuple((group, role) for group, _, role in (one.rpartition("=") for one in roles)),
    }


def may_ask(address: str) -> bool:
    """Whether a provider's address is https, or of this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def is_key(text: str) -> bool:
    """Whether a key is long enough to be made of it."""
    return len(text) >= 32


def is_network(text: str) -> bool:
    """Whether a network or an address is named, without any bits beyond its prefix."""
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine's own, which nobody else reaches."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
