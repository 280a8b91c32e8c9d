"""What every feature stands on and what knows no feature: database, clock, errors, live transport, web, words."""
