"""Each check: what holds, what does not, and what could not be seen."""
