"""Words on a terminal: cells, wrapping, colour, and signs that a terminal would obey made visible."""

from __future__ import annotations

from msgspec import Struct

from secrel.faces.terminal.cells import clipped, padded, width_of, wrapped
from secrel.faces.terminal.hidden import visible

__all__ = ["Paint", "clipped", "padded", "visible", "width_of", "wrapped"]


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
