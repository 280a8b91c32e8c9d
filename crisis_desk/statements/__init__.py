"""Statements: from a template to a text that was checked, signed step by step, and released as signed."""
