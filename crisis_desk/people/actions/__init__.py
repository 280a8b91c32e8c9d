"""Every write to people and organisations: accounts, organisations, sessions, credentials, tokens, imports."""
