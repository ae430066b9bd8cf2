"""What a writer says of an effect: that it is there, that it is not, or that nobody can tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """The effect is there: `address` is that of what it made."""

    address: str


@dataclass(frozen=True, slots=True)
class NotMade:
    """The effect is certainly not there, and may be carried out."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Nobody can tell whether the effect is there: a person has to, and nothing is sent again before."""

    reason: str
