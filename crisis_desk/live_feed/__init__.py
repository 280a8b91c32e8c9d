"""A committed entry becomes a message to a room: following the journal, catch-up, beacons, revocation, presence."""
