"""Colour on a terminal: never the only carrier of a meaning, and absent when it is not wanted."""

from __future__ import annotations

from msgspec import Struct

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "alarm": "1;31",
}


class Paint(Struct, frozen=True):
    """Paints clean text with ANSI colours, or leaves it as it is when `on` is false."""

    on: bool

    def __call__(self, text: str, style: str) -> str:
        """Give `text` in a style: `bold`, `dim`, `red`, `green`, `yellow`, `blue`, `magenta` or `alarm`."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.on and text else text
