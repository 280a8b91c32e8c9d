"""An application with every door in place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from crisis_desk.application import create_app
from crisis_desk.config import Config
from crisis_desk.platform.database import Database
from crisis_desk.platform.migrate import upgrade


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The desk as it is served, over an empty database: nobody is signed in, and nobody could be."""
    config = Config(data=tmp_path_factory.mktemp("desk"))
    database = Database(config.resolved_database_url)
    upgrade(database)
    database.close()
    made = create_app(config)
    yield made
    made.extensions["desk"].database.close()
