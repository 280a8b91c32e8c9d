"""What the public reads: released statements with what became of them, and a rehearsal of it for drills."""
