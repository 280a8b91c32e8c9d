"""Intake, life cycle, severity, responders, log, clocks with their rule sets, authorisations to speak."""
