"""What the extension says of itself: rights, words, icons; and how it is packed."""

from __future__ import annotations

import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

from deploy.pack_extension import find_files, pack
from service import __version__
from service.web.dashboard.labels import TIME, VERDICTS
from tests.browser.extension.browsing import SOURCE

MANIFEST: dict[str, Any] = json.loads((SOURCE / "manifest.json").read_text(encoding="utf-8"))
MESSAGES: dict[str, Any] = json.loads(
    (SOURCE / "_locales" / "en" / "messages.json").read_text(encoding="utf-8")
)
SCRIPTS = {path: path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.js"))}
LABELS = (SOURCE / "content" / "labels.js").read_text(encoding="utf-8")


def test_it_asks_for_no_more_than_it_needs() -> None:
    assert MANIFEST["manifest_version"] == 3
    assert MANIFEST["permissions"] == ["contextMenus", "activeTab", "scripting", "storage"]
    assert not {
        "host_permissions",
        "content_scripts",
        "web_accessible_resources",
        "externally_connectable",
    } & set(MANIFEST)
    assert all(
        host.startswith(("https://", "http://localhost/", "http://127.0.0.1/"))
        for host in MANIFEST["optional_host_permissions"]
    )
    assert MANIFEST["version"] == __version__


def test_its_pages_run_nothing_but_its_own_files() -> None:
    policy = MANIFEST["content_security_policy"]["extension_pages"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy and "script-src 'self';" in policy
    for page in SOURCE.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=|https?://", html), page.name
        for name in re.findall(r'(?:src|href)="([^"#]+)"', html):
            assert (page.parent / name).is_file(), f"{page.name} names {name}"


def test_both_kinds_of_browser_find_their_background() -> None:
    background = MANIFEST["background"]
    assert [background["service_worker"]] == background["scripts"]
    assert background["type"] == "module"
    assert MANIFEST["browser_specific_settings"]["gecko"]["id"]


def test_every_file_that_is_put_into_pages_is_there() -> None:
    listed = re.search(r"const SCRIPTS = \[([^\]]+)\]", SCRIPTS[SOURCE / "lib" / "tabs.js"])
    assert listed
    names = re.findall(r'"(\w+)"', listed[1])
    assert sorted(f"{name}.js" for name in names) == sorted(
        path.name for path in (SOURCE / "content").iterdir()
    )


def test_icons_have_the_sizes_that_they_are_named_for() -> None:
    assert MANIFEST["icons"]
    for size, name in MANIFEST["icons"].items():
        head = (SOURCE / name).read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", head[16:24]) == (int(size), int(size))


def test_every_word_is_in_the_messages_and_every_message_is_used() -> None:
    used = set(re.findall(r"__MSG_(\w+)__", json.dumps(MANIFEST)))
    pages = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.html"))
    used |= set(re.findall(r'data-text="(\w+)"', pages))
    source = "".join(SCRIPTS.values())
    quoted = set(re.findall(r'"(\w+)"', source))
    kinds = set(re.findall(r'(?:makeFault\(|kind: |\? |: )"(\w+)"', source))
    used |= {f"{family}_{kind}" for kind in kinds for family in ("fault", "test")} & set(MESSAGES)
    assert used <= set(MESSAGES)
    coded = re.compile(r"(label|time)_(\w+?)(_means)?$")
    for key in set(MESSAGES) - used:
        found = coded.match(key)
        assert key in quoted or (found and re.search(rf"\b{found[2]}:", LABELS)), f"nobody says {key}"
    for key in re.findall(r'\btext\("(\w+)"', source):
        assert key in MESSAGES, f"no message {key}"


def test_every_fault_has_its_words() -> None:
    source = "".join(SCRIPTS.values())
    kinds = re.findall(r'makeFault\("(\w+)"', source)
    assert len(kinds) > 10
    assert {f"fault_{kind}" for kind in kinds} <= set(MESSAGES)
    tests = re.findall(
        r'kind: (?:[\w.]+ (?:===? ["\w]+ )?\? )?"(\w+)"', SCRIPTS[SOURCE / "lib" / "connection.js"]
    )
    assert len(tests) > 8
    assert {f"test_{kind}" for kind in tests} <= set(MESSAGES)


def test_verdicts_have_the_words_tones_and_icons_of_the_desk() -> None:
    listed = re.findall(r'\b(\w+): \["(\w+)", "(\w+)"\]', LABELS)
    tables = {code: ("label", table) for code, table in VERDICTS.items()} | {
        code: ("time", table) for code, table in TIME.items() if code in ("recycled", "anachronistic")
    }
    assert {code for code, _, _ in listed} == tables.keys()
    for code, tone, icon in listed:
        axis, label = tables[code]
        assert (tone, icon) == (label.tone, label.icon), code
        assert MESSAGES[f"{axis}_{code}"]["message"] == label.word
        assert MESSAGES[f"{axis}_{code}_means"]["message"] == label.meaning


def test_the_same_files_make_the_same_zip(tmp_path: Path) -> None:
    pack(tmp_path / "one.zip")
    for path in find_files():
        path.touch()
    pack(tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert "manifest.json" in names and "README.md" not in names
    assert len(names) == len(find_files())
