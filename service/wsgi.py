"""The WSGI application for gunicorn: `gunicorn service.wsgi:app`."""

import os
import sys

from service.app import create_app
from service.settings import read_settings

# Python lets a thread compute for 5 ms before another gets its turn, and a short answer needs some ten turns:
# one for each time it reads or writes something. While articles are analysed, what is in the cache, what says
# how the service fares and what has to be refused would each wait for all of these.
SWITCH_INTERVAL_S = 0.0005

sys.setswitchinterval(SWITCH_INTERVAL_S)
app = create_app(read_settings(os.environ))
