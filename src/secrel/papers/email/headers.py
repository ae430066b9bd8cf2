"""A mail's headers: whatever text they are given, every reader reads exactly that text (RFC 5322, RFC 2047)."""

from __future__ import annotations

import string
import textwrap
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import groupby

from secrel.papers.text import one_line
from secrel.words.patterns import pattern

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
"""A word of an address or of a name that needs no quotes (RFC 5322 3.2.3)."""
_WIDTH = 76
_LONGEST_WORD = _WIDTH - len("Subject: ")
_ROOM = _LONGEST_WORD - len("=?utf-8?q??=")
_ONE_ATOM = pattern(ATOM)
_QUOTED_PAIR = pattern(r'["\\]')
_AS_IT_IS = frozenset(string.ascii_letters + string.digits + "!*+-/")


def header_words(text: str) -> str:
    """Bring text to what a header can hold: one line, in which no reader finds an encoded word (RFC 2047)."""
    return one_line(text).replace("=?", "= ?")


def folded(name: str, value: str) -> str:
    """Give a header as lines of at most 76 characters, parted at the blanks of `value`.

    A word that is longer, such as an address, has a line to itself. The first word stands beside the name: readers
    disagree about a header whose first line is empty.
    """
    lines = textwrap.wrap(
        value,
        _WIDTH,
        initial_indent=f"{name}: ",
        subsequent_indent=" ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines) or f"{name}:"


def text_header(name: str, text: str) -> str:
    """Give a header that is text and nothing else, such as the subject; it is read back as `header_words(text)`."""
    return folded(name, " ".join(_words(header_words(text), str.isascii)))


def mailbox_header(name: str, display: str, address: str) -> str:
    """Give a header with one mailbox: how readers see it, read back as `header_words(display)`, and its address.

    A name in ASCII that holds more than letters is quoted; what is too long for that, or in another script, is
    encoded, and then by the signs that RFC 2047 5(3) leaves to a name, so that a comma or a bracket in it never acts.
    """
    shown = header_words(display)
    if not shown:
        return folded(name, address)
    quoted = '"' + _QUOTED_PAIR.sub(r"\\\g<0>", shown) + '"'
    is_simple = all(map(_ONE_ATOM.fullmatch, shown.split(" ")))
    if is_simple or not shown.isascii() or len(quoted) > _LONGEST_WORD:
        return folded(name, " ".join((*_words(shown, _ONE_ATOM.fullmatch), f"<{address}>")))
    return folded(name, f"{quoted} <{address}>")


def _words(text: str, is_plain: Callable[[str], object]) -> Iterator[str]:
    """Give the words of a header: plain ones as they are, neighbours that are not as encoded words."""
    for plain, run in groupby(text.split(" "), lambda word: len(word) <= _LONGEST_WORD and bool(is_plain(word))):
        words = list(run)
        yield from words if plain else _encoded(" ".join(words))


def _encoded(text: str) -> Iterator[str]:
    """Give text as encoded words: readers drop the blanks between those, so that each blank is inside of one.

    They are parted behind a blank where there is one, since some readers show a blank wherever they are parted; what
    is mostly ASCII stays readable (RFC 2047 4).
    """
    letters = text.replace(" ", "")
    is_mostly_ascii = sum(map(str.isascii, letters)) * 2 > len(letters)
    letter, spelled = ("q", _quoted_printable) if is_mostly_ascii else ("b", _base64)
    while text:
        end = min(len(text), _ROOM)
        while len(spelled(text[:end])) > _ROOM:
            end -= 1
        if end < len(text):
            end = text.rfind(" ", 1, end) + 1 or end
        yield f"=?utf-8?{letter}?{spelled(text[:end])}?="
        text = text[end:]


def _quoted_printable(text: str) -> str:
    return "".join(map(_quoted_sign, text))


def _quoted_sign(sign: str) -> str:
    if sign in _AS_IT_IS:
        return sign
    return "_" if sign == " " else "".join(f"={byte:02X}" for byte in sign.encode())


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")
