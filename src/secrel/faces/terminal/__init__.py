"""Words on a terminal: cells, wrapping, colour, and signs that a terminal would obey made visible."""

from secrel.faces.terminal.cells import clipped, padded, width_of, wrapped
from secrel.faces.terminal.hidden import visible
from secrel.faces.terminal.paint import Paint

__all__ = ["Paint", "clipped", "padded", "visible", "width_of", "wrapped"]
