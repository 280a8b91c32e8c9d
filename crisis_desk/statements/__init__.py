"""Statements: drafting together, checks, approval in steps, release."""
