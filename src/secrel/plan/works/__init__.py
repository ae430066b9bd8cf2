"""One file for each line of work, named as in the process table: what it wants, its texts, its effects."""
