"""What shows several features at once: the board and the room of an incident, as pages and as live fragments."""
