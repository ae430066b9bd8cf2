"""What the guard says of a text that it cannot read to its end."""

from __future__ import annotations


class Unread(Exception):
    """A text cannot be read to its end, for a reason that quotes nothing of it: nobody knows what it gives away."""
