"""Organisations, functions, accounts, sign-in and the second factor."""
