"""What an incident leaves behind: its timeline, its metrics, the review people write, and the papers made of them."""
