"""Text measured in the cells of a terminal: wide scripts take two, joined marks none."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size

from secrel.papers.text import one_line

_NARROWEST = 8


def width_of(text: str) -> int:
    """Count the cells that `text` takes."""
    return cell_len(text)


def padded(text: str, width: int) -> str:
    """Give `text` followed by blanks, to take at least `width` cells."""
    return text + " " * (width - cell_len(text))


def clipped(text: str, width: int) -> str:
    """Bring text that came from others to one clean line of at most `width` cells; `…` says that more was there."""
    line = one_line(text)
    if cell_len(line) <= width:
        return line
    return f"{set_cell_size(line, max(width, 1) - 1).rstrip()}…"


def wrapped(text: str, width: int) -> list[str]:
    """Break text that came from others into clean lines of at most `width` cells, between words where it can be.

    A word that is too long for a line is broken inside; a width below eight is taken as eight; nothing is dropped
    but white space and unseen characters. No text gives no line.
    """
    room = max(width, _NARROWEST)
    lines: list[str] = []
    line = ""
    for word in one_line(text).split():
        for place, part in enumerate(chop_cells(word, room) or [word]):
            joined = f"{line} {part}" if line else part
            if line and (place or cell_len(joined) > room):
                lines.append(line)
                line = part
            else:
                line = joined
    return [*lines, line] if line else lines
