"""Pack the browser extension: the same files make the same zip, byte for byte. `make extension` runs it."""

from __future__ import annotations

import argparse
import json
import zipfile
from pathlib import Path

SOURCE = Path(__file__).parent / "browser-extension"
#: What belongs to it; what explains it to people does not.
KINDS = frozenset({".css", ".html", ".js", ".json", ".png"})
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can say
FILE_MODE = 0o644 << 16
UNIX = 3


def find_files(source: Path = SOURCE) -> list[Path]:
    """The extension's files, in the order of their names."""
    return sorted(path for path in source.rglob("*") if path.is_file() and path.suffix in KINDS)


def pack(to: Path, source: Path = SOURCE) -> None:
    """Write the zip, in place of the one that is there."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in find_files(source):
            entry = zipfile.ZipInfo(path.relative_to(source).as_posix(), EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = FILE_MODE
            entry.create_system = UNIX
            archive.writestr(entry, path.read_bytes())


def main() -> None:
    """The command line."""
    version = json.loads((SOURCE / "manifest.json").read_text(encoding="utf-8"))["version"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=Path("var") / f"verbatim-extension-{version}.zip")
    given = parser.parse_args()
    pack(given.to)
    print(given.to)  # noqa: T201  what the command is for


if __name__ == "__main__":
    main()
