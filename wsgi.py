"""The application from the environment, for a production server: gunicorn -k gevent -w 1 wsgi:app."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402  nothing may be imported before it is patched

from crisis_desk.application import create_app  # noqa: E402
from crisis_desk.config import read_config  # noqa: E402

app = create_app(read_config(os.environ))
app.extensions["live_feed"].start()
