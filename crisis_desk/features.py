"""Every feature's tables, entries and effects, loaded so that journal, replay and migrations know them all."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from crisis_desk.platform.database import Base

FEATURES = ("platform.idempotency", "journal", "people", "incidents", "statements", "newsroom", "room", "reports")
PARTS = ("models", "secret_models", "draft_models", "entries", "access_entries", "effects", "heads", "keys", "sentences")


def _load() -> None:
    for feature in FEATURES:
        import_module(f"crisis_desk.{feature}") if find_spec(f"crisis_desk.{feature}") else None
        for part in PARTS:
            name = f"crisis_desk.{feature}.{part}"
            if "." not in feature and find_spec(f"crisis_desk.{feature}") and find_spec(name):
                import_module(name)


_load()

__all__ = ["FEATURES", "Base"]
