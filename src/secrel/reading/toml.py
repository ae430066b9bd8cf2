"""TOML and JSON that people write, read strictly: what cannot be read is told with its line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import msgspec

from secrel.answers import answered
from secrel.reading.documents import Document, Malformed, malformed, plain_text
from secrel.reading.signs import deepest_line, doubled_line, lines_in_json, lines_in_toml
from secrel.words.patterns import pattern

_DEEPEST = 50
_LONG_NUMBER = pattern(r"\d[\d_]{4000}")
_HALF_A_SIGN = pattern(r"\\u[dD][89a-fA-F]")
_DOTTED = pattern(r"(?<![\w.\"'-])(?:[\w\"'-]+[ \t]*\.[ \t]*){50}")
"""A key of so many parts that the parser, whose memory grows with their square, is not to see it."""


def read_toml(given: str | bytes, name: str, *, most: int, remedy: str) -> Document:
    """Read a file of TOML, which messages call `name`; raises `Malformed` with file and line.

    `most` is how many characters it may have; `remedy` says where its keys are explained.
    """
    text = plain_text(given, name, most)
    with _reading(text, name, "TOML"):
        data = answered("toml", text, dict[str, Any], lambda: _parsed(text, name), lasts=_is_plain)
        _check_depth(data)
    return Document(name, data, partial(lines_in_toml, text), typed=True, remedy=remedy)


def read_json(given: str | bytes, name: str, *, most: int, remedy: str) -> Document:
    """Read a file of JSON as `read_toml` reads one of TOML."""
    text = plain_text(given, name, most)
    with _reading(text, name, "JSON"):
        data = json.loads(text, object_pairs_hook=_once_each)
        _check_depth(data)
        msgspec.json.encode(data)  # which half a sign cannot be
    return Document(name, data, partial(lines_in_json, text), typed=True, remedy=remedy)


def _parsed(text: str, name: str) -> dict[str, Any]:
    if _DOTTED.search(text):
        raise _at_first(_DOTTED, text, name, "a key has too many dots")
    return tomllib.loads(text)


def _is_plain(data: dict[str, Any]) -> bool:
    """Whether it is the same after it was written down: without dates and times, which TOML has values for."""
    try:
        return bool(msgspec.msgpack.decode(msgspec.msgpack.encode(data)) == data)
    except OverflowError:
        return False


@contextmanager
def _reading(text: str, name: str, kind: str) -> Iterator[None]:
    """Tell what the parsers, and the checks after them, refuse meanwhile, each at its line."""
    try:
        yield
    except RecursionError as cause:
        place = f"{name}:{deepest_line(text, _DEEPEST)}"
        raise malformed(place, f"this is nested deeper than {_DEEPEST} levels", "write plain tables") from cause
    except KeyError as cause:
        place = f"{name}:{doubled_line(text)}"
        raise malformed(place, "a key stands here for the second time", "keep one of the two") from cause
    except UnicodeEncodeError as cause:
        raise _at_first(_HALF_A_SIGN, text, name, f"this is not {kind}: a text has half a sign in it") from cause
    except ValueError as cause:
        if not isinstance(cause, tomllib.TOMLDecodeError | json.JSONDecodeError):
            raise _at_first(_LONG_NUMBER, text, name, f"this is not {kind}: a number is too long") from cause
        said, _, place = re.sub(r" \(at |: (?=line )", "\n", str(cause)).partition("\n")
        at = re.match(r"line (\d+)", place)
        line = int(at[1]) if at else text.rstrip("\n").count("\n") + 1
        raise malformed(f"{name}:{line}", f"this is not {kind}: {said[:120]}", "correct the line") from cause


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise KeyError
    return table


def _at_first(pattern: re.Pattern[str], text: str, name: str, what: str) -> Malformed:
    """Complain of the first place where `pattern` stands."""
    line = pattern.split(text, maxsplit=1)[0].count("\n") + 1
    return malformed(f"{name}:{line}", what, "correct the line")


def _check_depth(data: object) -> None:
    level: list[Any] = [data]
    for _ in range(_DEEPEST):
        boxes = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [part for box in boxes for part in box]
    if any(isinstance(one, dict | list) for one in level):
        raise RecursionError
