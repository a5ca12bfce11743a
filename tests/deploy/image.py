"""The container image, built and run without a registry: by Debian's buildah, on a base that debootstrap makes."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.deploy.dockerfile import PROJECT, instructions
from tests.servers import die_with_parent

TOOLS = ("buildah", "debootstrap")
PACKAGES = "python3,python3-venv,python3-pip,python-is-python3,ca-certificates"
SOURCES = ("/etc/apt/sources.list", "/etc/apt/sources.list.d/debian.sources")
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
PIP_CONF = Path("/etc/pip.conf")
IMAGE = "localhost/verbatim:tested"
ON_THE_HOST = ("--isolation", "chroot", "--network", "host")


class ToolsMissing(RuntimeError):
    """Something that builds images is not there; the message says what."""


def require_tools() -> None:
    """Raises ToolsMissing."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        raise ToolsMissing(
            f"images are built by {' and '.join(missing)}: `apt-get install {' '.join(missing)}`"
        )
    if os.geteuid() != 0:
        raise ToolsMissing("buildah and debootstrap are run by root here")


def run(*command: str, timeout_s: float = 1_800) -> str:
    """What a program printed. Raises RuntimeError with the end of it if it failed."""
    done = subprocess.run(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout_s
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:6])} … failed:\n{done.stdout[-6_000:]}")
    return done.stdout


class Buildah:
    """buildah with a storage of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self._options = (
            "--storage-driver",
            "vfs",
            "--root",
            str(folder / "images"),
            "--runroot",
            str(folder / "run"),
        )

    def command(self, *arguments: str) -> list[str]:
        """The command line."""
        return ["buildah", *self._options, *arguments]

    def __call__(self, *arguments: str) -> str:
        return run(*self.command(*arguments)).strip()

    def make_base(self, folder: Path) -> None:
        """An image under the name that the Dockerfile's FROM has, of Debian with its own Python."""
        root = folder / "root"
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(root), find_mirror())
        shutil.copy(AUTHORITIES, root / AUTHORITIES.relative_to("/"))
        if PIP_CONF.exists():
            shutil.copy(PIP_CONF, root / PIP_CONF.relative_to("/"))
        for name in {found.rest.split(" AS ")[0] for found in instructions("FROM")}:
            container = self("from", "scratch")
            self("add", container, str(root), "/")
            self("commit", container, f"docker.io/library/{name}")
            self("rm", container)
        shutil.rmtree(root)

    def build(self) -> None:
        """The image of deploy/Dockerfile."""
        self("bud", *ON_THE_HOST, "--pull=never", "--file", "deploy/Dockerfile", "--tag", IMAGE, ".")

    @contextlib.contextmanager
    def running(self, *command: str, log: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
        """A container that runs a command, with settings as its environment."""
        container = self("from", "--pull=never", IMAGE)
        given = [part for name, value in settings.items() for part in ("--env", f"{name}={value}")]
        with log.open("wb") as stream:
            process = subprocess.Popen(
                self.command("run", *ON_THE_HOST, *given, container, "--", *command),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one prctl, nothing else
            )
            try:
                yield process
            finally:
                process.terminate()
                process.wait(60)
                self("rm", container)


def find_mirror() -> str:
    """The mirror of Debian that this machine uses."""
    text = "\n".join(Path(name).read_text() for name in SOURCES if Path(name).exists())
    found = re.search(r"^(?:deb(?: \[[^\]]*\])? |URIs: )(\S+/debian/?)(?:\s|$)", text, re.MULTILINE)
    return found[1] if found else "http://deb.debian.org/debian"
