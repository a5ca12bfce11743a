"""compose.yaml is a valid Compose file, asks for its passwords, and fits the service."""

from __future__ import annotations

import re
import subprocess
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import compose_spec
import pytest
import yaml

from service.settings import Settings, read_settings
from tests.apps import running_app
from tests.deploy.dockerfile import PROJECT, instructions
from tests.deploy.test_environment_example import read_example

COMPOSE = PROJECT / "deploy" / "compose.yaml"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<word>[^}]*))?\}")
OURS = {"migrate", "web", "worker", "backup"}


def interpolate(text: str, environ: dict[str, str]) -> str:
    """`${NAME:-default}` and `${NAME:?message}` as the Compose specification has them."""

    def value(found: re.Match[str]) -> str:
        given = environ.get(found["name"], "")
        if not given and found["kind"] == "?":
            raise KeyError(found["name"])
        return given or (found["word"] if found["kind"] == "-" else "")

    return VARIABLE.sub(value, text)


PASSWORDS = {"POSTGRES_PASSWORD": "p0stgres", "REDIS_PASSWORD": "r3dis"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(interpolate(COMPOSE.read_text(), PASSWORDS))
    return loaded


def environment_of(compose: dict[str, Any], service: str) -> dict[str, str]:
    """What the service finds in its environment, given the example with passwords as .env."""
    assert compose["services"][service]["env_file"] == ".env"
    said = {name: str(value) for name, value in compose["services"][service]["environment"].items()}
    return read_example() | PASSWORDS | said


def validate(compose: dict[str, Any]) -> None:
    compose_spec.PyCompose.from_yaml(yaml.safe_dump(compose)).validate()


def test_it_is_valid_compose(compose: dict[str, Any]) -> None:
    validate(compose)


@pytest.mark.parametrize(
    "change",
    [
        {"helthcheck": {}},
        {"restart": "sometimes"},
        {"ports": ["eighty:8000"]},
        {"networks": ["nowhere"]},
        {"stop_grace_period": "a while"},
        {"depends_on": {"redis": {"condition": "service_perhaps"}}},
    ],
)
def test_the_validation_would_notice(compose: dict[str, Any], change: dict[str, Any]) -> None:
    web = compose["services"]["web"] | change
    with pytest.raises(ValueError, match=r"web|nowhere"):
        validate(compose | {"services": compose["services"] | {"web": web}})


def test_no_password_has_a_default() -> None:
    for missing in PASSWORDS:
        given = {name: value for name, value in PASSWORDS.items() if name != missing}
        with pytest.raises(KeyError, match=missing):
            interpolate(COMPOSE.read_text(), given)
    assert not re.search(r"(?i)(password|auth)\w*\s*[:=]\s*['\"]?(?!\$\{)\w", COMPOSE.read_text())


def test_each_service_is_given_settings_it_can_start_with(compose: dict[str, Any]) -> None:
    assert OURS
    for name in OURS:
        settings = read_settings(environment_of(compose, name))
        assert settings.host == "0.0.0.0"
        assert settings.database_url == "postgresql+psycopg://verbatim:p0stgres@postgres:5432/verbatim"
        assert settings.redis_url == "redis://:r3dis@redis:6379/0"


def test_defaults_are_the_services_own(compose: dict[str, Any]) -> None:
    given = read_settings(environment_of(compose, "web"))
    said = {name.lower() for name in compose["services"]["web"]["environment"]}
    assert said <= set(Settings.__slots__)
    for name in set(Settings.__slots__) - said:
        assert getattr(given, name) == getattr(Settings(), name)


def test_its_proxy_tells_clients_apart(compose: dict[str, Any], tmp_path: Path) -> None:
    """Failures of one client behind the proxy lock no other client out; nobody else is believed."""
    (subnet,) = (entry["subnet"] for entry in compose["networks"]["frontend"]["ipam"]["config"])
    proxy = str(ip_network(subnet)[1])  # the host, as a container sees it
    assert compose["services"]["web"]["networks"] == ["backend", "frontend"]
    trusted = read_settings(environment_of(compose, "web")).forwarded_allow_ips
    url = f"sqlite:///{tmp_path}/s.sqlite3"
    with running_app(url, access="locked", forwarded_allow_ips=trusted, rate_limit_failures=2) as app:
        client = app.test_client()

        def fail(peer: str, address: str) -> int:
            headers = {"X-Forwarded-For": address, "Authorization": "Bearer vb_guess_0000000000000000"}
            return client.get("/v1/quotes", headers=headers, environ_base={"REMOTE_ADDR": peer}).status_code

        assert [fail(proxy, "203.0.113.1") for _ in range(3)] == [401, 401, 429]
        assert fail(proxy, "203.0.113.2") == 401
        stranger = "192.0.2.7"
        assert [fail(stranger, f"203.0.113.{n}") for n in range(10, 13)] == [401, 401, 429]


def test_the_range_of_the_network_can_be_chosen() -> None:
    text = interpolate(COMPOSE.read_text(), PASSWORDS | {"FRONTEND_SUBNET": "10.9.8.0/24"})
    chosen = yaml.safe_load(text)
    assert chosen["networks"]["frontend"]["ipam"]["config"] == [{"subnet": "10.9.8.0/24"}]
    assert chosen["services"]["web"]["environment"]["FORWARDED_ALLOW_IPS"] == "127.0.0.1,::1,10.9.8.0/24"


def test_what_is_referred_to_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service["networks"]) <= set(compose["networks"])
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"]
        if name in OURS:
            build = service["build"]
            assert (COMPOSE.parent / build["context"]).resolve() == PROJECT
            assert (PROJECT / build["dockerfile"]).is_file()


def test_waiting_for_health_needs_a_health_check(compose: dict[str, Any]) -> None:
    services = compose["services"]
    waited_for = {
        other
        for service in services.values()
        for other, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_healthy"
    }
    assert waited_for == {"postgres", "redis"}
    for name in waited_for:
        assert services[name]["healthcheck"]["test"]


def test_only_the_web_is_reachable_and_only_from_this_host(compose: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(ports) == ["web"]
    (published,) = ports["web"]
    (exposed,) = instructions("EXPOSE", stage=-1)
    assert published == f"127.0.0.1:8000:{exposed.rest}"
    assert compose["services"]["web"]["environment"]["PORT"] == exposed.rest
    assert compose["networks"]["backend"]["internal"]


def test_ours_run_with_no_rights_and_no_place_to_write(compose: dict[str, Any]) -> None:
    assert OURS
    for name in OURS:
        service = compose["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not service.get("privileged")


def test_the_databases_outlive_their_containers(compose: dict[str, Any]) -> None:
    # PostgreSQL 18's image keeps its data below this directory, not in .../data as those before it did.
    assert compose["services"]["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert compose["services"]["redis"]["volumes"] == ["redis:/data"]
    command = compose["services"]["redis"]["command"][-1].split()
    assert command[command.index("--appendonly") + 1] == "yes"


def test_a_backup_is_made_when_it_is_asked_for(compose: dict[str, Any]) -> None:
    backup = compose["services"]["backup"]
    assert backup["profiles"] == ["backup"], "`up` does not make one"
    volume, _, folder = backup["volumes"][0].partition(":")
    assert volume in compose["volumes"]
    assert f"exec verbatim backup {folder}/" in backup["command"][-1]
    (made,) = (run.rest for run in instructions("RUN", stage=-1))
    assert folder in made.split("install --directory --owner=verbatim")[1].split(), "it may write there"


def test_images_are_pinned(compose: dict[str, Any]) -> None:
    for name in ("postgres", "redis"):
        assert re.search(r":\d+\.\d+", compose["services"][name]["image"])


def test_the_queue_is_never_evicted(compose: dict[str, Any]) -> None:
    command = compose["services"]["redis"]["command"][-1].split()
    assert command[command.index("--maxmemory-policy") + 1] == "volatile-lru"


def test_the_web_has_time_to_finish(compose: dict[str, Any]) -> None:
    config = (PROJECT / "service" / "gunicorn_config.py").read_text()
    found = re.search(r"^graceful_timeout = (\d+)$", config, re.MULTILINE)
    assert found is not None
    grace = compose["services"]["web"]["stop_grace_period"]
    assert compose_spec.parse_duration(grace) > int(found.group(1))


def test_no_password_is_in_the_arguments_of_a_process(tmp_path: Path) -> None:
    text = (PROJECT / "deploy" / "compose.yaml").read_text()
    for name, service in yaml.safe_load(text)["services"].items():
        command = service.get("command", [])
        assert "PASSWORD" not in str(command), name
        if name == "redis":
            [shell, option, script] = command
    program = tmp_path / "redis-server"
    program.write_text('#!/bin/sh\necho "arguments: $*"\ncat\n')
    program.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "REDISCLI_AUTH": "hunter2"}
    script = script.replace("$$", "$")  # as compose does
    told = subprocess.run(
        [shell, option, script], env=environ, capture_output=True, text=True, check=True
    ).stdout
    arguments, _, read = told.partition("\n")
    assert "hunter2" not in arguments
    assert "volatile-lru" in arguments
    assert read == "requirepass hunter2\n"
