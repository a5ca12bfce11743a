"""The layers of the service: each may import only from those before it."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: docs/adr/0001-layers.md
LAYERS: dict[str, set[str]] = {}
BELOW: set[str] = set()
for level in (
    {"errors", "settings", "preflight", "model_files", "sample"},
    {"english", "inference"},
    {"text", "names"},
    {"extraction", "matching"},
    {"claims", "people", "sources"},
    {"telemetry", "mcp_server"},
    {"store", "cache", "queue", "outbound", "logs"},
    {"usecases"},
    {"schemas"},
    {"wiring"},
    {"web", "cli", "worker"},
    {"app", "gunicorn_log", "client_socket", "request_end"},
    {"gunicorn_worker"},
    {"wsgi", "gunicorn_config"},
):
    for name in level:
        LAYERS[name] = set(BELOW)
    BELOW |= level
LAYERS["settings"] = {"errors", "preflight"}
LAYERS["sample"] = set()
LAYERS["__init__"] = set()
PURE = ("english", "names", "text", "extraction", "matching", "claims", "people", "sources")
#: Programs that a command becomes, named by strings: another process imports them.
PROGRAMS = {"service/cli/serve.py": {"service.gunicorn_config", "service.wsgi", "service.worker"}}
MODULE_NAME = re.compile(r"(?:python:)?((?:service|schemas)(?:\.[a-z_]\w*)+)(?::\w+)?")
IMPURE_LIBRARIES = {
    "flask",
    "flask_smorest",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "redis",
    "gunicorn",
    "socket",
    "urllib.request",
}


def layer_of(path: Path) -> str:
    """The layer of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "schemas" if parts[0] == "schemas" else parts[1]


@cache
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
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = MODULE_NAME.fullmatch(node.value)
            if named and named[1] not in PROGRAMS.get(str(path.relative_to(ROOT)), ()):
                modules.add(named[1])
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


def test_no_folder_holds_more_modules_than_a_reader_can_look_over():
    folders = {path.parent for path in (ROOT / "service").rglob("*.py")}
    assert len(folders) > 40
    assert {
        str(folder): len(list(folder.glob("*.py")))
        for folder in folders
        if len(list(folder.glob("*.py"))) > 20
    } == {}


def test_every_package_has_a_layer():
    assert {layer_of(path) for path in SOURCES} <= set(LAYERS)


def test_imports_only_from_lower_layers():
    wrong = {str(path.relative_to(ROOT)): found for path in SOURCES if (found := forbidden(path))}
    assert wrong == {}


def impure_imports(path: Path) -> set[str]:
    """The libraries a file imports that have no place in the core."""
    modules = imported_modules(path)
    return ({module.split(".")[0] for module in modules} | modules) & IMPURE_LIBRARIES


def test_the_core_is_pure():
    core = [path for path in SOURCES if layer_of(path) in PURE]
    assert len(core) > 50
    assert {str(path.relative_to(ROOT)): found for path in core if (found := impure_imports(path))} == {}


WEB = [path for path in SOURCES if layer_of(path) == "web"]
#: Modules of the store without any SQL: ids, entity tags and records.
VOCABULARY = "service.store.records"
#: Files of `web` that call the store through `services()`, and why.
CALLING_THE_STORE = {
    "http/idempotency.py": "the Idempotency-Key header is HTTP only: a use case would only pass its calls on",
}
#: The same for what is imported.
EXCUSED = {"service.store.idempotency.name_request", "service.store.idempotency.LEASE_S"}


#: What has a member `store` that says whether to store, and no store.
STORING_OPTION = {"article", "self"}


def store_functions(path: Path) -> set[str]:
    """What a file imports from the store that is not a type."""
    names = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("service.store")
        for alias in node.names
        if node.module != VOCABULARY
    }
    return {name for name in names if not is_type_name(name.rpartition(".")[2])}


def is_type_name(name: str) -> bool:
    """Whether a name is written as those of classes are."""
    return name[0].isupper() and not name.isupper()


def calls_the_store(path: Path) -> bool:
    """Whether a file reads the store from the app's services, or from a use case in them."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "store"
        and ast.unparse(node.value).rpartition(".")[2] not in STORING_OPTION
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_the_web_imports_only_types_of_the_store():
    assert {str(path): found for path in WEB if (found := store_functions(path) - EXCUSED)} == {}


def test_views_and_pages_do_not_call_the_store():
    found = {str(path.relative_to(ROOT / "service/web")) for path in WEB if calls_the_store(path)}
    assert found == set(CALLING_THE_STORE)


def test_an_imported_function_of_the_store_is_noticed(tmp_path):
    wrong = tmp_path / "page.py"
    wrong.write_text(
        "from service.store import Store, open_store\nfrom service.store.records import article_id\n"
    )
    assert store_functions(wrong) == {"service.store.open_store"}
    assert not calls_the_store(wrong)
    wrong.write_text("services().store.get_article('a')\n")
    assert calls_the_store(wrong)


def test_a_wrong_import_is_noticed(tmp_path, monkeypatch):
    wrong = tmp_path / "service" / "text" / "wrong.py"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("def late():\n    from service.store import Store\n    import schemas.check\n")
    monkeypatch.setattr("tests.test_layers.ROOT", tmp_path)
    assert forbidden(wrong) == {"store", "schemas"}


def test_an_import_by_a_string_is_noticed(tmp_path, monkeypatch):
    wrong = tmp_path / "service" / "queue.py"
    wrong.parent.mkdir(parents=True)
    wrong.write_text(
        'DO_NEXT = "service.worker.wiring.do_next_job"\nAPP = "python:service.web.services:app"\n'
    )
    monkeypatch.setattr("tests.test_layers.ROOT", tmp_path)
    assert forbidden(wrong) == {"worker", "web"}


def test_an_impure_import_is_noticed(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import json\nfrom redis.client import Redis\n")
    assert impure_imports(wrong) == {"redis"}
