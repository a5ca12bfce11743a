"""gunicorn for the HTTP API: `gunicorn -c deploy/gunicorn.conf.py service.wsgi:app`.

The settings, each with its reason, are in service/gunicorn_config.py; `verbatim serve` uses the same ones.
HOST, PORT, WEB_CONCURRENCY and LOG_LEVEL are read from the environment.
An installation can override a setting below, for example `threads = 16`.
"""

from service.gunicorn_config import *  # noqa: F403
