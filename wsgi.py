"""The desk for a WSGI server, configured by the environment: gunicorn -k gevent -w 1 wsgi:app"""

from __future__ import annotations

import os

from crisis_desk.application import create_app
from crisis_desk.config import read_config

app = create_app(read_config(os.environ))
