"""The seeded desk of the statements' tests serves the incidents' as well."""

from __future__ import annotations

from tests.statements.conftest import clock, desk, journal, seeded_file

__all__ = ["clock", "desk", "journal", "seeded_file"]
