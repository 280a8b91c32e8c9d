"""The demonstration desk: an exercise in progress and an earlier one closed, done by the actions people use."""
