"""What was looked at before work begins: whether each thing is well, and what mends it."""

from __future__ import annotations

from msgspec import Struct


class Examined(Struct, frozen=True):
    """One thing that was looked at: whether it is well, what is so, and what mends it.

    `can_wait` is what is not well and hinders no work: it has to be changed before anything is published.
    """

    name: str
    is_well: bool
    said: str
    remedy: str = ""
    can_wait: bool = False

    @property
    def rank(self) -> str:
        """The word that a line begins with: `ok`, `change` (before anything is published), `trouble`."""
        return "ok" if self.is_well else "change" if self.can_wait else "trouble"
