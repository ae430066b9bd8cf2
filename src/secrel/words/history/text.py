"""How names and ids from a repository are shown."""

from __future__ import annotations

SHORT_ID = 12
"""How many digits of a commit's id are shown to people."""
_LONGEST_NAME = 100


def printable(name: str) -> str:
    """Make a name from the repository fit to be shown: no control characters, and not long."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name[:_LONGEST_NAME])
