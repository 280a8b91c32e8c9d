"""The doors of statements: endpoints for programs and pages for people."""

from crisis_desk.statements.routes.api import statements
from crisis_desk.statements.routes.pages import pages

__all__ = ["pages", "statements"]
