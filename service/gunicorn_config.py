"""The settings of gunicorn, for `verbatim serve` and deploy/gunicorn.conf.py."""

from __future__ import annotations

import ctypes
import gc
import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import Any

from service.errors import SettingsError
from service.gunicorn_log import ServerLog
from service.logs import is_terminal
from service.settings import Settings, read_settings
from service.telemetry.slots import forget_dead, make_directory, shared_directory


def checked_settings() -> Settings:
    """The settings; a wrong one ends the start with one line and no traceback."""
    try:
        return read_settings(os.environ)
    except SettingsError as error:
        raise SystemExit(f"verbatim: {error}") from None


# What service.web.http.overload lets wait: FOLLOWERS of both caches, checks, SEARCHING twice, LASTING.
OTHER_THREADS = 33
FREE_THREADS = 6

settings = checked_settings()

READY = """
Verbatim is running. Open in a browser:

  {place}/try       an article whose quotes are checked
  {place}/          the dashboard: what came in, what waits for review
  {place}/docs      the API

{access}
The first article takes some seconds more, while the model is loaded. Stop the server with Ctrl+C.

"""

OPEN = """or, in another terminal:

  curl -s -H 'Content-Type: application/json' -d @service/sample/article.json {place}/v1/articles
"""
LOCKED = """All but the last need a key. Make one in another terminal, and sign in with it:

  verbatim keys create --name me --scope read --scope check --scope review
"""

M_ARENA_MAX = -8  # of glibc's malloc.h
ARENAS = 2


def bound_arenas() -> None:
    """Limit the arenas of glibc's malloc: each thread would get its own, which is never released."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, ARENAS)


bound_arenas()

# 127.0.0.1 unless HOST says otherwise: a newsroom's unpublished articles are for a proxy with TLS in front.
bind = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"

# Processes do the computing (one fits a core). Threads let a process answer /livez and cache hits while it
# computes, and wait for the database and for other requests' results. However much there is to do, some are
# left over by what computes, waits for that, or streams (service/web/http/overload.py); what they answer
# takes milliseconds, so that what has connected and waits for a thread is soon told to come again later.
workers = settings.web_concurrency
# Slow clients keep no thread (docs/adr/0029-slow-clients.md).
worker_class = "service.gunicorn_worker.Worker"
threads = settings.max_computing + settings.max_waiting + settings.max_streams + OTHER_THREADS + FREE_THREADS

# Connections of a process, idle ones too, and those that wait in the kernel: more than threads, so that
# sudden crowds get an answer, and not so many that the last of them waits long for it. When all are taken,
# the one that has been waited for longest makes room.
worker_connections = 256
backlog = 256

# Each worker loads the model after the fork. Sharing it by preloading would save some 25 MB a worker, but
# onnxruntime's thread pools, like database connections, do not survive a fork.
preload_app = False

# A worker is ended when it has not stirred for `timeout` seconds, not when a request takes long.
timeout = 60
# What a request may still take after SIGTERM; the orchestrator's own patience has to be longer.
graceful_timeout = 30
# Longer than the usual 60 s of proxies, so that it is they who close idle connections.
keepalive = 75

# A worker is replaced now and then, so that what any library leaks stays small; not all at the same time.
# Rarely: the new one loads the program and the model again, two seconds of a processor.
max_requests = 200_000
max_requests_jitter = 20_000

# Articles come in bodies, whose size MAX_BODY_BYTES limits. A search's words are in the line.
limit_request_line = 4094
limit_request_fields = 50
limit_request_field_size = 8190

# Files are sent like other answers: by sendfile() a client that does not read would keep the thread.
sendfile = False

# Whose X-Forwarded-Proto is believed: the proxy's.
forwarded_allow_ips = settings.forwarded_allow_ips
# No header sets SCRIPT_NAME or PATH_INFO, as gunicorn lets trusted proxies do by default.
forwarder_headers = ""

# The service logs each request itself, by route. gunicorn's access log would show the query of a search,
# and that may be a sentence of an unpublished article.
accesslog = None
errorlog = "-"
# gunicorn's own lines are JSON like the others, and quote no request (service/gunicorn_log.py).
logger_class = ServerLog
# Nor is gunicorn asked for more than INFO: at DEBUG it shows the addresses of requests as they come.
loglevel = "info" if settings.log_level == "DEBUG" else settings.log_level.lower()

# A worker's sign of life is a file it touches; on a disk that stalls it would look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes it unlinked
# Nobody steers a server through a socket in the home directory, which a container may not even have.
control_socket_disable = True


# The workers count into one directory, so that /metrics tells of all of them whichever answers.
_made: list[Path | None] = []


def on_starting(server: Any) -> None:
    """Make the directory before any worker is forked, and a secret that all of them sign with."""
    _made.append(make_directory(os.environ))
    if not settings.session_secret:
        os.environ["SESSION_SECRET"] = secrets.token_hex(32)
        server.log.info(
            "SESSION_SECRET is not set: who signs in at the dashboard does so again after a restart"
        )


def report_ready() -> None:
    """Print the address to open if the server was started on a terminal; else log that it runs."""
    if is_terminal():
        access = (LOCKED if settings.access == "locked" else OPEN).format(place=f"http://{bind}")
        sys.stderr.write(READY.format(place=f"http://{bind}", access=access))
        sys.stderr.flush()


def post_fork(_server: Any, _worker: Any) -> None:
    """Collect no garbage while the worker imports the app: looking for it takes a sixth of the time."""
    gc.disable()


def post_worker_init(worker: Any) -> None:
    """Leave what was imported out of later collections, and look for garbage less often.

    A long text makes some hundred thousand objects at once, none of them garbage: looking through them again
    and again takes a quarter of its time.

    End event streams when the process is told to stop: they would keep it for minutes.

    The first worker of a server has loaded the app by now, so that it answers.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
    from service.web.api.events import Ending  # the master has no use for it

    Ending.is_near = staticmethod(lambda: not worker.alive)
    if worker.age == 1:  # the first one, once
        report_ready()


def child_exit(_server: Any, _worker: Any) -> None:
    """A worker is gone, by `max_requests` or otherwise: so are its requests under way. Its counts stay."""
    directory = shared_directory()
    if directory is not None:
        forget_dead(directory)


def on_exit(_server: Any) -> None:
    """Remove the directory of the workers' metrics when the server stops."""
    for directory in _made:
        if directory is not None:
            shutil.rmtree(directory, ignore_errors=True)
