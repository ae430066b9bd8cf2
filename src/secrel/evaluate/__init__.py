"""A snapshot and the process in; one verdict per gate out."""
