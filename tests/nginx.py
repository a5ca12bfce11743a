"""nginx as Debian packages it, with a configuration of a test's. `python -m tests.nginx` says where it is."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.servers import RunningServer

SYSTEM_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))

MAIN = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  {servers}
}}
"""


class NginxMissing(RuntimeError):
    """There is no nginx here; the message says what to install."""


def find_nginx() -> str:
    """Where nginx is: what NGINX names, else what is on the path or in /usr/sbin. Raises NginxMissing."""
    found = shutil.which(os.environ.get("NGINX") or "nginx", path=SYSTEM_PATH)
    if found is None:
        raise NginxMissing(
            "the tests of deploy/nginx need nginx, and there is none on this machine: "
            "`apt-get install nginx-light` (Debian), or name one that is there in NGINX"
        )
    return found


class Nginx(RunningServer):
    """nginx with `servers`, the text of its http block, in which `{port}` is the port that it listens on."""

    def __init__(self, directory: Path, servers: str) -> None:
        super().__init__("nginx", directory)
        self.servers = servers

    def command(self) -> list[str]:
        path = self.directory / "nginx.conf"
        servers = self.servers.replace("{port}", str(self.port))
        path.write_text(MAIN.format(directory=self.directory, servers=servers))
        as_root = ["-g", "user root;"] if os.geteuid() == 0 else []
        return [find_nginx(), "-p", str(self.directory), "-c", str(path), "-e", "stderr", *as_root]

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


@contextlib.contextmanager
def running_nginx(directory: Path, servers: str) -> Iterator[Nginx]:
    """An nginx for as long as the block lasts."""
    directory.mkdir(parents=True, exist_ok=True)
    server = Nginx(directory, servers)
    try:
        server.start()
        yield server
    finally:
        server.kill()


if __name__ == "__main__":
    try:
        print(find_nginx())
    except NginxMissing as missing:
        sys.exit(str(missing))
