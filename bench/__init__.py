"""Each question of speed is one program here, answered as a ratio to a bare baseline in the same run."""
