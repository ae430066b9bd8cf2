"""Words on a terminal: cells, wrapping, colour, times as people say them, and the words and signs of verdicts."""

from secrel.render.terminal.cells import clipped, padded, width_of, wrapped
from secrel.render.terminal.commands import code_block, code_span
from secrel.render.terminal.hidden import visible
from secrel.render.terminal.paint import Paint
from secrel.render.terminal.times import instant, relative, span
from secrel.render.terminal.verdicts import Reason, Word, gathered, reasons, word_of

__all__ = [
    "Paint",
    "Reason",
    "Word",
    "clipped",
    "code_block",
    "code_span",
    "gathered",
    "instant",
    "padded",
    "reasons",
    "relative",
    "span",
    "visible",
    "width_of",
    "word_of",
    "wrapped",
]
