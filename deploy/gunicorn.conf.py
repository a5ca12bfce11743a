"""gunicorn for the HTTP API: `gunicorn -c deploy/gunicorn.conf.py service.wsgi:app`.

The settings, each with its reason, are in service/serving.py: `verbatim serve` uses the same ones, also where
only the package is installed. HOST, PORT, WEB_CONCURRENCY and LOG_LEVEL are read from the environment. What
one installation needs otherwise can be said below, `threads = 16`.
"""

from service.serving import *  # noqa: F403
