"""A bare Flask app with one page, on the desk's own server. `python -m bench.servers.page PORT`."""

# The standard library is patched before anything else is imported.
# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import sys

from flask import Flask

from crisis_desk.platform.serving import serve


def make_app() -> Flask:
    app = Flask("bench")

    @app.get("/")
    def page() -> str:
        return "<!doctype html><title>bench</title><p>1"

    return app


if __name__ == "__main__":
    serve(make_app(), "127.0.0.1", int(sys.argv[1]))
