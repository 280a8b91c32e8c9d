"""Every write to statements: drafting, submission, signing, release, and the desk's choice of steps."""
