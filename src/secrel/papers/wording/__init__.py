"""What papers and faces both say of verdicts, instants and commands: their words, their signs, their Markdown."""

from secrel.papers.text.markdown import code_block, code_span
from secrel.papers.wording.times import for_you, instant, relative, span
from secrel.papers.wording.verdicts import Reason, VerdictWord, gathered, reasons, word_of

__all__ = [
    "Reason",
    "VerdictWord",
    "code_block",
    "code_span",
    "for_you",
    "gathered",
    "instant",
    "reasons",
    "relative",
    "span",
    "word_of",
]
