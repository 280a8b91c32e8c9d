"""Names of the chains: one for the desk, one for accesses, one for each incident."""

from __future__ import annotations

DESK = "desk"
ACCESS = "access"
_INCIDENT = "incident:"


def incident_stream(incident_id: str) -> str:
    """The chain of one incident, by its id (a UUID)."""
    return f"{_INCIDENT}{incident_id}"


def incident_of(stream: str) -> str | None:
    """The id of the incident whose chain this is; None for the desk and the accesses."""
    return stream.removeprefix(_INCIDENT) if stream.startswith(_INCIDENT) else None
