"""The dashboard's style sheets, modules and pictures, at addresses that contain a hash of their content."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from flask import Response, abort, request

PREFIX: Final = "/dashboard/static"
TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent, plain and compressed."""

    body: bytes
    packed: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All of them, by name; `version` is the hash of them together, since modules import each other."""

    version: str
    by_name: dict[str, Asset]


@lru_cache(maxsize=1)
def load_assets() -> Assets:
    """Read and compress all assets, once for each process."""
    digest = hashlib.sha256()
    found = {}
    folder = files("service.web").joinpath("static", "dashboard")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        content_type = TYPES.get(file.name.rpartition(".")[2])
        if content_type is None:
            continue
        body = file.read_bytes()
        digest.update(file.name.encode() + b"\0" + body)
        found[file.name] = Asset(body, gzip.compress(body, 9, mtime=0), content_type)
    return Assets(digest.hexdigest()[:16], found)


def asset(name: str) -> str:
    """The address of a file in `service/web/static/dashboard`. Raises KeyError for one that is not there."""
    assets = load_assets()
    if name not in assets.by_name:
        raise KeyError(f"no such asset: {name}")
    return f"{PREFIX}/{assets.version}/{name}"


def answer_asset(version: str, name: str) -> Response:
    """A file; under a former address, the present version without caching."""
    assets = load_assets()
    found = assets.by_name.get(name)
    if found is None:
        abort(404, "There is no such file.")
    is_packed = request.accept_encodings["gzip"] > 0 and len(found.packed) < len(found.body)
    response = Response(found.packed if is_packed else found.body, content_type=found.content_type)
    response.headers["Cache-Control"] = FOREVER if version == assets.version else "no-cache"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.vary.add("Accept-Encoding")
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return response
