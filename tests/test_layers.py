"""The layers of the service: each may import only from those before it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: docs/adr/0001-layers.md
LAYERS: dict[str, set[str]] = {}
BELOW: set[str] = set()
for level in (
    {"errors", "settings"},
    {"english", "inference"},
    {"text", "names"},
    {"extraction", "matching"},
    {"claims", "people"},
    {"telemetry"},
    {"store", "cache", "queue", "outbound", "logs"},
    {"usecases"},
    {"schemas"},
    {"web", "cli"},
    {"app", "gunicorn_log"},
    {"wsgi", "worker", "gunicorn_config"},
):
    for name in level:
        LAYERS[name] = set(BELOW)
    BELOW |= level
LAYERS["settings"].add("errors")
LAYERS["sample"] = set()
LAYERS["__init__"] = set()
PURE = ("english", "names", "text", "extraction", "matching", "claims", "people")
IMPURE_LIBRARIES = {
    "flask",
    "flask_smorest",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "redis",
    "rq",
    "gunicorn",
    "socket",
    "urllib.request",
}


def layer_of(path: Path) -> str:
    """The layer of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "schemas" if parts[0] == "schemas" else parts[1]


def imported_modules(path: Path) -> set[str]:
    """Every module a file imports, anywhere in it."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer"
            assert node.module is not None
            modules |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return modules


def imported_layers(path: Path) -> set[str]:
    """The layers a file imports from."""
    layers = set()
    for module in imported_modules(path):
        parts = module.split(".")
        if parts[0] == "schemas":
            layers.add("schemas")
        elif parts[0] == "service" and len(parts) > 1 and parts[1] in LAYERS:
            layers.add(parts[1])
    return layers


def forbidden(path: Path) -> set[str]:
    """The layers a file imports from although they do not come before its own."""
    own = layer_of(path)
    return imported_layers(path) - LAYERS[own] - {own}


SOURCES = sorted([*ROOT.glob("service/**/*.py"), *ROOT.glob("schemas/**/*.py")])


def test_every_package_has_a_layer():
    assert {layer_of(path) for path in SOURCES} <= set(LAYERS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_from_lower_layers(path):
    assert not forbidden(path)


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if layer_of(p) in PURE], ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_core_is_pure(path):
    roots = {module.split(".")[0] for module in imported_modules(path)} | imported_modules(path)
    assert not roots & IMPURE_LIBRARIES


def test_a_wrong_import_is_noticed(tmp_path, monkeypatch):
    wrong = tmp_path / "service" / "text" / "wrong.py"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("def late():\n    from service.store import Store\n    import schemas.check\n")
    monkeypatch.setattr("tests.test_layers.ROOT", tmp_path)
    assert forbidden(wrong) == {"store", "schemas"}
