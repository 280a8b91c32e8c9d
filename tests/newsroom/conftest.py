"""The newsroom is tried on the desk that statements are tried on."""

from tests.statements.conftest import clock, desk, journal, seeded_file

__all__ = ["clock", "desk", "journal", "seeded_file"]
