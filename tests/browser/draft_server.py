"""The desk's own server for the drafting tests, on loopback; the port and the folder come from the environment."""

from __future__ import annotations

# ruff: noqa: E402  nothing may be imported before it is patched for the server's light threads
from gevent import monkey

monkey.patch_all()

import os

from crisis_desk.application import create_app
from crisis_desk.config import read_config
from crisis_desk.platform.serving import serve


def main() -> None:
    """Serves until it is ended."""
    config = read_config(os.environ)
    app = create_app(config)
    app.extensions["live_feed"].start()
    serve(app, config.host, config.port, max_body_bytes=config.request_bytes)


if __name__ == "__main__":
    main()
