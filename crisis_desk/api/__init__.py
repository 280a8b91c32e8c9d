"""The OpenAPI document of everything a program can do, and its readable page."""
