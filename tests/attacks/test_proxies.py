"""Nobody needs no key behind a proxy: a real nginx and a real Caddy, in the ways that they are set up."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from service.store import open_store
from service.usecases.api_keys import KeyRing
from tests.apps import ROOT
from tests.faults.running import WebService
from tests.faults.test_machines import balancing
from tests.nginx import running_nginx

SITE = "verbatim.example.org"
CONFIGURATION = ROOT / "deploy" / "nginx" / "verbatim.conf"
#: What a stranger may write into a request to look like a program of the server's machine.
DISGUISES: dict[str, dict[str, str]] = {
    "nothing": {},
    "Host: localhost": {"Host": "localhost"},
    "Host: 127.0.0.1": {"Host": "127.0.0.1:8000"},
    "Host: [::1]": {"Host": "[::1]"},
    "X-Forwarded-For": {"X-Forwarded-For": "127.0.0.1", "Host": "localhost"},
    "X-Forwarded-Host": {"X-Forwarded-Host": "localhost"},
    "Forwarded": {"Forwarded": 'for=127.0.0.1;host="localhost"'},
    "Cloudflare": {"CF-Connecting-IP": "127.0.0.1", "CF-Ray": "1", "Host": "localhost"},
    "Envoy": {"X-Envoy-External-Address": "127.0.0.1", "Host": "localhost"},
}
#: Ordinary ways to put nginx in front of a service, each with what it passes on of who asks.
NGINX: dict[str, str] = {
    "default headers": "location / { proxy_pass http://127.0.0.1:{web}; }",
    "Host $host": "location / { proxy_pass http://127.0.0.1:{web}; proxy_set_header Host $host; }",
    "nested locations": (
        "proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header Host $host;"
        "location / { proxy_pass http://127.0.0.1:{web};"
        "  location /v1/ { proxy_set_header Host $host; proxy_pass http://127.0.0.1:{web}; } }"
    ),
    "HTTP/1.1 kept open": (
        'location / { proxy_pass http://127.0.0.1:{web}; proxy_http_version 1.1; proxy_set_header Connection ""; }'
    ),
    "HTTP/1.1, Host $host": (
        "location / { proxy_pass http://127.0.0.1:{web}; proxy_http_version 1.1;"
        ' proxy_set_header Connection ""; proxy_set_header Host $host; }'
    ),
}
#: In these nothing tells the proxy from a program of the same machine, once Host is "localhost".
INDISTINGUISHABLE = ("HTTP/1.1 kept open", "HTTP/1.1, Host $host")
needs_nginx = pytest.mark.nginx
PATHS = ("/v1/quotes", "/v1/speakers", "/metrics", "/v1/webhooks", "/search")


@dataclass(frozen=True, slots=True)
class Service:
    """A running service on a store of its own, and a key for it."""

    web: WebService
    key: str


@pytest.fixture(scope="module")
def make_service(tmp_path_factory) -> Iterator[Callable[[str | None], Service]]:
    """A maker of services: `make_service(access)`; None for a server that was told nothing."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("ACCESS", raising=False)
        running: list[WebService] = []

        def make(access: str | None) -> Service:
            directory = tmp_path_factory.mktemp("service")
            url = f"sqlite:///{directory}/store.sqlite3"
            store = open_store(url, migrate=True)
            key = KeyRing(store.keys).create("Everything", ["admin"]).token
            store.close()
            settings = {"DATABASE_URL": url, "WEB_CONCURRENCY": "1", "RATE_LIMIT_FAILURES": "0"}
            web = WebService(directory, settings | {"ACCESS": access or ""})
            running.append(web)
            web.start()
            return Service(web, key)

        yield make
        for web in running:
            web.kill()


@pytest.fixture(scope="module")
def locked(make_service) -> Service:
    """A server that was told nothing about ACCESS."""
    return make_service(None)


@pytest.fixture(scope="module")
def opened(make_service) -> Service:
    """A server with ACCESS=open, which nobody should put behind a proxy."""
    return make_service("open")


def ask(port: int, path: str, headers: dict[str, str], tls: ssl.SSLContext | None = None) -> int:
    """The status of an answer; 444 where the proxy hangs up or says nothing, as it does for other hosts."""
    if tls is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    else:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=tls)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status if answer.read() else 444
    except http.client.RemoteDisconnected:
        return 444
    finally:
        connection.close()


def find_let_in(
    port: int, tls: ssl.SSLContext | None = None, host: str | None = None
) -> list[tuple[str, str]]:
    """The disguises and paths that were answered without a key."""
    let_in = []
    for name, headers in DISGUISES.items():
        given = {"Host": host} | headers if host else headers
        let_in += [(name, path) for path in PATHS if ask(port, path, given, tls) < 300]
    return let_in


def with_key(service: Service, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {service.key}", **headers}


def server(location: str, web: WebService) -> str:
    return f"server {{ listen 127.0.0.1:{{port}}; {location} }}".replace("{web}", str(web.port))


def test_a_locked_server_asks_its_own_machine_too(locked):
    assert find_let_in(locked.web.port) == []
    assert ask(locked.web.port, "/v1/quotes", with_key(locked)) == 200


@needs_nginx
@pytest.mark.parametrize("name", NGINX)
def test_behind_any_nginx_a_key_is_needed(locked, tmp_path, name):
    with running_nginx(tmp_path, server(NGINX[name], locked.web)) as nginx:
        assert find_let_in(nginx.port) == []
        assert ask(nginx.port, "/v1/quotes", with_key(locked)) == 200


@needs_nginx
@pytest.mark.parametrize("name", [name for name in NGINX if name not in INDISTINGUISHABLE])
def test_an_open_server_tells_an_ordinary_nginx_from_a_program(opened, tmp_path, name):
    assert ask(opened.web.port, "/v1/quotes", {}) == 200
    with running_nginx(tmp_path, server(NGINX[name], opened.web)) as nginx:
        assert find_let_in(nginx.port) == []


def test_an_open_server_is_open_to_this_machine_by_its_own_name_only(opened):
    let_in = {name for name, _ in find_let_in(opened.web.port)}
    assert let_in == {"nothing", "Host: localhost", "Host: 127.0.0.1", "Host: [::1]"}
    assert ask(opened.web.port, "/v1/quotes", {"Host": SITE}) == 401


@pytest.fixture(scope="module")
def deployed(tmp_path_factory, locked) -> Iterator[tuple[int, ssl.SSLContext]]:
    """nginx with deploy/nginx/verbatim.conf: its port, and what verifies its certificate."""
    directory: Path = tmp_path_factory.mktemp("deployed")
    authority = trustme.CA()
    certificate = authority.issue_cert(SITE, "127.0.0.1")
    certificate.private_key_pem.write_to_path(directory / "key.pem")
    (directory / "chain.pem").write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    changed = CONFIGURATION.read_text()
    for written, here in (
        ("server 127.0.0.1:8000", f"server 127.0.0.1:{locked.web.port}"),
        ("listen 443", "listen 127.0.0.1:{port}"),
        ("listen 80 default_server;", ""),
        ("listen 80;", f"listen unix:{directory}/http.socket;"),
        ("/etc/ssl/certs/verbatim.pem", str(directory / "chain.pem")),
        ("/etc/ssl/private/verbatim.key", str(directory / "key.pem")),
    ):
        assert written in changed, f"{CONFIGURATION} has no {written!r} any more"
        changed = changed.replace(written, here)
    tls = ssl.create_default_context()
    authority.configure_trust(tls)
    tls.check_hostname = False  # it is asked by its address; the name that is asked for is the site's
    with running_nginx(directory, changed) as nginx:
        yield nginx.port, SiteContext(tls)


class SiteContext:
    """A TLS context that asks for the site by its name, whatever address is connected to."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context

    def wrap_socket(self, sock, server_hostname=None):
        return self._context.wrap_socket(sock, server_hostname=SITE)

    def __getattr__(self, name):
        return getattr(self._context, name)


@needs_nginx
def test_the_nginx_of_deploy_asks_for_a_key(deployed, locked):
    port, tls = deployed
    assert find_let_in(port, tls, SITE) == []
    assert ask(port, "/v1/quotes", with_key(locked, Host=SITE), tls) == 200
    assert ask(port, "/readyz", {"Host": SITE}, tls) == 200


@needs_nginx
def test_the_nginx_of_deploy_knows_no_other_host(deployed):
    port, tls = deployed
    assert ask(port, "/livez", {"Host": SITE}, tls) == 200
    assert ask(port, "/livez", {"Host": "localhost"}, tls) == 444


def test_the_caddy_of_deploy_asks_for_a_key(locked, tmp_path):
    with balancing(tmp_path, [locked.web]) as caddy:
        assert find_let_in(caddy.port) == []
        own = f"127.0.0.1:{caddy.port}"
        assert ask(caddy.port, "/v1/quotes", {"Host": own, "CF-Connecting-IP": "127.0.0.1"}) == 401
        assert ask(caddy.port, "/v1/quotes", with_key(locked)) == 200
