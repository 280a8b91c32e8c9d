"""The tests, one folder per feature, and what they share."""
