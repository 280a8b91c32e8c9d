"""Tests that look at real pages."""
