"""Signs that a terminal has no place for, spelled out: no answer and no error is lost for want of a character."""

from __future__ import annotations

import codecs
import io
import sys

_SPELLED = str.maketrans(
    {
        "✓": "+",
        "✗": "x",
        "·": ".",
        "○": "o",
        "▼": "v",
        "⚠": "!",
        "\N{REPLACEMENT CHARACTER}": "?",
        "→": "->",
        "≤": "<=",
        "≥": ">=",
        "…": "...",
        "“": '"',
        "”": '"',
        "⟦": "[[",
        "⟧": "]]",
        "␀": "NUL",
        "─": "-",
        "│": "|",
        **dict.fromkeys("╭╮╰╯", "+"),
    }
)
"""The signs that the program draws itself, or reads and says again.

Those of others are written as Python escapes them: `\\xe9`, `\\u65e5`.
"""


def spelled(fault: UnicodeError) -> tuple[str, int]:
    """Give what stands for the characters that could not be written, and where to go on: a handler of `codecs`.

    Raises `fault` when it is about reading: what was read wrong is not made right by a guess.
    """
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    text = fault.object[fault.start : fault.end].translate(_SPELLED)
    return text.encode("ascii", "backslashreplace").decode("ascii"), fault.end


def escaped(fault: UnicodeError) -> tuple[str, int]:
    """Give the characters that could not be written as JSON escapes them, and where to go on: a handler of `codecs`.

    Raises `fault` when it is about reading.
    """
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    units = fault.object[fault.start : fault.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), fault.end


def json_that_fits(text: str) -> str:
    """Give JSON as it came where standard output has all its characters, and escaped where not: the same JSON."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "escaped").decode(encoding)


def spell_out() -> None:
    """Let this process write every character: both streams keep their encoding, and spell out what it has not."""
    codecs.register_error("spelled", spelled)
    codecs.register_error("escaped", escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a program that calls us may collect answers in something else
            stream.reconfigure(errors="spelled")
