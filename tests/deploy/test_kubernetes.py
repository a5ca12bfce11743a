"""The manifests are valid Kubernetes, strict ones, and fit the image and the settings."""

from __future__ import annotations

import re
from typing import Any

import kubernetes_validate
import pytest
import yaml

from service.settings import Settings, read_settings
from tests.deploy.dockerfile import PROJECT, instructions

FOLDER = PROJECT / "deploy" / "kubernetes"
RELEASE = "1.34"
TEMPLATES = {
    "Deployment": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}


def read_kustomization() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
    return loaded


def read_objects() -> list[dict[str, Any]]:
    return [
        found
        for name in read_kustomization()["resources"]
        for found in yaml.safe_load_all((FOLDER / name).read_text())
    ]


OBJECTS = read_objects()
IDS = [f"{found['kind']}-{found['metadata']['name']}" for found in OBJECTS]


def find(kind: str, name: str | None = None) -> list[dict[str, Any]]:
    return [found for found in OBJECTS if found["kind"] == kind and name in (None, found["metadata"]["name"])]


def pod_template(found: dict[str, Any]) -> dict[str, Any]:
    for member in TEMPLATES[found["kind"]]:
        found = found[member]
    return found


PODS = {f"{f['kind']}/{f['metadata']['name']}": pod_template(f) for f in OBJECTS if f["kind"] in TEMPLATES}
CONTAINERS = {name: pod["spec"]["containers"][0] for name, pod in PODS.items()}
WEB = CONTAINERS["Deployment/web"]


@pytest.mark.parametrize("found", OBJECTS, ids=IDS)
def test_it_is_valid(found: dict[str, Any]) -> None:
    kubernetes_validate.validate(found, RELEASE, strict=True)


@pytest.mark.parametrize(
    "change", [{"replica": 2}, {"replicas": "two"}, {"strategy": {"type": "Rolling", "rolling": {}}}]
)
def test_the_validation_would_notice(change: dict[str, Any]) -> None:
    (web,) = find("Deployment", "web")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(web | {"spec": web["spec"] | change}, RELEASE, strict=True)


def test_every_file_is_applied() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(read_kustomization()["resources"]) == files


def test_one_image_pinned_in_one_place() -> None:
    assert {container["image"] for container in CONTAINERS.values()} == {"verbatim"}
    (image,) = read_kustomization()["images"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", image["newTag"])


@pytest.mark.parametrize("name", PODS)
def test_pods_have_no_rights(name: str) -> None:
    """What the namespace's `restricted` standard asks for, and a read-only root."""
    spec, container = PODS[name]["spec"], CONTAINERS[name]
    (user,) = instructions("USER", stage=-1)
    pod = spec["securityContext"]
    assert pod["runAsNonRoot"]
    assert f"{pod['runAsUser']}:{pod['runAsGroup']}" == user.rest
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"memory"} <= set(container["resources"]["limits"])
    assert {"cpu", "memory"} <= set(container["resources"]["requests"])


@pytest.mark.parametrize("name", CONTAINERS)
def test_secrets_are_referred_to(name: str) -> None:
    assert {"secretRef": {"name": "verbatim"}} in CONTAINERS[name]["envFrom"]
    assert "env" not in CONTAINERS[name]
    assert not find("Secret"), "none is kept in the repository"


def test_the_settings_are_ones_that_the_service_can_start_with() -> None:
    (settings,) = find("ConfigMap")
    assert set(settings["data"]) <= {name.upper() for name in Settings.__slots__}
    assert not any(re.search("URL|SECRET|KEY|PASSWORD", name) for name in settings["data"])
    read = read_settings(settings["data"] | {"DATABASE_URL": "postgresql+psycopg://u:p@h/d"})
    assert (read.host, read.port) == ("0.0.0.0", WEB["ports"][0]["containerPort"])


def test_selectors_find_what_they_are_for() -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in PODS.items()}
    for found in [*find("Deployment"), *find("PodDisruptionBudget")]:
        wanted = found["spec"]["selector"]["matchLabels"]
        assert wanted.items() <= labels[f"Deployment/{found['metadata']['name']}"].items()
    (service,) = find("Service")
    assert service["spec"]["selector"].items() <= labels["Deployment/web"].items()
    assert service["spec"]["ports"][0]["targetPort"] == WEB["ports"][0]["name"]
    for policy in find("NetworkPolicy"):
        selector = policy["spec"]["podSelector"].get("matchLabels", {})
        assert any(selector.items() <= pod.items() for pod in labels.values()), policy["metadata"]["name"]
    (scaler,) = find("HorizontalPodAutoscaler")
    assert find("Deployment", scaler["spec"]["scaleTargetRef"]["name"])
    assert "replicas" not in find("Deployment", "web")[0]["spec"], "two would decide how many there are"


def test_everything_is_shut_but_what_is_opened() -> None:
    (closed,) = find("NetworkPolicy", "nothing-else")
    assert closed["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    opened = {
        name for name, pod in PODS.items() if "verbatim.example.org/database" in pod["metadata"]["labels"]
    }
    assert opened == set(PODS), "each of them needs the database"


def test_each_port_is_opened_to_named_destinations_only() -> None:
    opened = []
    for policy in find("NetworkPolicy"):
        for rule in policy["spec"].get("egress", []):
            assert rule.get("to"), f"{policy['metadata']['name']} opens {rule['ports']} to everybody"
            opened += [(port["port"], peer) for port in rule["ports"] for peer in rule["to"]]
    for port, name in ((5432, "postgresql"), (6379, "redis")):
        (peer,) = (peer for found, peer in opened if found == port)
        assert peer == {"namespaceSelector": {"matchLabels": {f"verbatim.example.org/{name}": "yes"}}}
        assert f"verbatim.example.org/{name}=yes" in (FOLDER / "README.md").read_text()


def read_bytes(quantity: str) -> int:
    found = re.fullmatch(r"(\d+)(Mi|Gi)", quantity)
    assert found is not None, quantity
    return int(found[1]) << {"Mi": 20, "Gi": 30}[found[2]]


def test_there_is_room_for_what_the_settings_put_aside() -> None:
    (settings,) = find("ConfigMap")
    assert "BUFFER_MAX_BYTES" in settings["data"], "it is beside the number that it is multiplied with"
    read = read_settings(settings["data"])
    (volume,) = PODS["Deployment/web"]["spec"]["volumes"]
    assert volume["name"] == "tmp"
    room = read_bytes(volume["emptyDir"]["sizeLimit"])
    assert room >= 2 * read.web_concurrency * read.buffer_max_bytes, "imports sort there too"


def test_probes_ask_what_exists_and_liveness_asks_nothing_else() -> None:
    paths = {
        probe: WEB[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")
    }
    assert paths == {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}


def test_there_is_time_to_finish() -> None:
    found = re.search(
        r"^graceful_timeout = (\d+)$", (PROJECT / "service" / "gunicorn_config.py").read_text(), re.MULTILINE
    )
    assert found is not None
    asleep = int(WEB["lifecycle"]["preStop"]["exec"]["command"][1])
    assert PODS["Deployment/web"]["spec"]["terminationGracePeriodSeconds"] > asleep + int(found.group(1))


def test_there_are_always_two_and_none_is_taken_away_before_its_successor_serves() -> None:
    (scaler,) = find("HorizontalPodAutoscaler")
    assert scaler["spec"]["minReplicas"] >= 2
    (web,) = find("Deployment", "web")
    assert web["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert all(budget["spec"]["minAvailable"] >= 1 for budget in find("PodDisruptionBudget"))
