"""Servers that the benches measure: bare baselines, and bare parts of the desk."""
