"""One check, one file, named as in the process table."""
