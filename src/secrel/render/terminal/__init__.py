"""Words on a terminal: cells, wrapping, colour, times as people say them, and the words and signs of verdicts."""

from secrel.render.terminal.cells import clipped, padded, width_of, wrapped
from secrel.render.terminal.paint import Paint
from secrel.render.terminal.times import instant, relative, span
from secrel.render.terminal.verdicts import Reason, Word, reasons, word_of

__all__ = [
    "Paint",
    "Reason",
    "Word",
    "clipped",
    "instant",
    "padded",
    "reasons",
    "relative",
    "span",
    "width_of",
    "word_of",
    "wrapped",
]
