"""Everything that can be done with an incident; each module's list of functions is the list of verbs."""
