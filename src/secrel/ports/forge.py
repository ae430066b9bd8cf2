"""The forge as we need it: one port to read with, one to write with."""

from __future__ import annotations

from typing import Protocol

from secrel.words.effects import Effect
from secrel.words.parts import Part
from secrel.words.sighting import Asked, Found, Sighting, TrackingRule


class ForgeReader(Protocol):
    """Reads a forge. What could not be read is unseen in its own place, and nothing is raised for it."""

    def releases(self, rule: TrackingRule) -> Part[tuple[Found, ...]]:
        """Give the tracking issue of every release, by the release's name."""
        ...

    def look(self, asked: Asked) -> Sighting:
        """Look at one release, once, in however many waves the forge needs."""
        ...


class Hand(Protocol):
    """Carries out effects of some kinds in one place."""

    def find(self, effect: Effect) -> str | None:
        """Give the address of what the effect made, when it is there; always None for a blind one."""
        ...

    def do(self, effect: Effect) -> str:
        """Carry it out and give the address of what it made; `Refused` when the world changed in between."""
        ...
