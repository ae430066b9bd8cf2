"""TOML and JSON that people write, read strictly: what cannot be read is told with its line."""

from __future__ import annotations

import json
import re
import tomllib
from functools import partial
from typing import Any

import msgspec

from secrel.reading.documents import Document, Malformed, malformed, plain_text
from secrel.reading.signs import deepest_line, doubled_in_json, lines_in_json, lines_in_toml

_DEEPEST = 50
_LONG_NUMBER = re.compile(r"\d[\d_]{4000}")
_HALF_A_SIGN = re.compile(r"\\u[dD][89a-fA-F]")
_DOTTED = re.compile(r"(?<![\w.\"'-])(?:[\w\"'-]+[ \t]*\.[ \t]*){50}")
"""A key of so many parts that the parser, whose memory grows with their square, is not to see it."""


def read_toml(given: str | bytes, name: str, *, most: int, remedy: str) -> Document:
    """Read a file of TOML, which messages call `name`; raises `Malformed` with file and line.

    `most` is how many characters it may have; `remedy` says where its keys are explained.
    """
    text = plain_text(given, name, most)
    if _DOTTED.search(text):
        raise _at_first(_DOTTED, text, name, "a key has too many dots")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        said, _, place = str(cause).partition(" (at ")
        at = re.match(r"line (\d+)", place)
        line = int(at[1]) if at else text.rstrip("\n").count("\n") + 1
        raise malformed(f"{name}:{line}", f"this is not TOML: {said[:120]}", "correct the line") from cause
    except ValueError as cause:
        raise _at_first(_LONG_NUMBER, text, name, "this is not TOML: a number is too long") from cause
    except RecursionError as cause:
        raise _too_deep(text, name) from cause
    if _is_deep(data):
        raise _too_deep(text, name)
    return Document(name, data, partial(lines_in_toml, text), typed=True, remedy=remedy)


def read_json(given: str | bytes, name: str, *, most: int, remedy: str) -> Document:
    """Read a file of JSON as `read_toml` reads one of TOML."""
    text = plain_text(given, name, most)
    try:
        data = json.loads(text, object_pairs_hook=_once_each)
        msgspec.json.encode(data)
    except json.JSONDecodeError as cause:
        raise malformed(f"{name}:{cause.lineno}", f"this is not JSON: {cause.msg[:120]}", "correct the line") from cause
    except KeyError as cause:
        key, line = doubled_in_json(text)
        raise malformed(f"{name}:{line}", f"{key[:40]!r} stands here twice", "keep one of the two") from cause
    except UnicodeEncodeError as cause:
        raise _at_first(_HALF_A_SIGN, text, name, "this is not JSON: a text has half a sign in it") from cause
    except ValueError as cause:
        raise _at_first(_LONG_NUMBER, text, name, "this is not JSON: a number is too long") from cause
    except RecursionError as cause:
        raise _too_deep(text, name) from cause
    if _is_deep(data):
        raise _too_deep(text, name)
    return Document(name, data, partial(lines_in_json, text), typed=True, remedy=remedy)


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise KeyError
    return table


def _at_first(pattern: re.Pattern[str], text: str, name: str, what: str) -> Malformed:
    """Complain of the first place where `pattern` stands."""
    line = pattern.split(text, maxsplit=1)[0].count("\n") + 1
    return malformed(f"{name}:{line}", what, "correct the line")


def _too_deep(text: str, name: str) -> Malformed:
    place = f"{name}:{deepest_line(text, _DEEPEST)}"
    return malformed(place, f"this is nested deeper than {_DEEPEST} levels", "write plain tables")


def _is_deep(data: object) -> bool:
    level: list[Any] = [data]
    for _ in range(_DEEPEST):
        boxes = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [part for box in boxes for part in box]
    return any(isinstance(one, dict | list) for one in level)
