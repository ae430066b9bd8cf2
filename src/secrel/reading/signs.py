"""Where in a text of TOML or JSON every key and item begins: the parsers forget it, and every complaint has to say it.

The texts have been taken by their parser, so nothing is judged here; only what begins where is followed.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping

from secrel.words.patterns import pattern

Path = tuple[str | int, ...]
"""The way from a whole file down to one of its values: `("gate", 3, "due")`."""

_SIGN = pattern(
    r'"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*'|"
    r"#[^\n]*|\n|[\[\]{}=:,.]|"
    r"[^\s\[\]{}=:,.#\"']+",
    re.DOTALL,
)
_ENDS = frozenset({"", "\n", ",", "]", "}"})


def _signs(text: str) -> Iterator[tuple[str, int]]:
    """Give strings, words, brackets, marks and line ends, each with its line; comments and blanks are left out."""
    line = 1
    for found in _SIGN.finditer(text):
        sign = found[0]
        if not sign.startswith("#"):
            yield sign, line
        line += sign.count("\n")


def deepest_line(text: str, most: int) -> int:
    """Give the first line on which more than `most` brackets are open; 1 when there is none."""
    depth = 0
    for sign, line in _signs(text):
        depth += (sign in ("[", "{")) - (sign in ("]", "}"))
        if depth > most:
            return line
    return 1


def lines_in_toml(text: str, paths: Collection[Path]) -> Mapping[Path, int]:
    """Give the lines, from 1, of those of `paths` that stand in a text of TOML."""
    walk = _Walk(text, paths)
    walk.tables()
    return walk.lines


def lines_in_json(text: str, paths: Collection[Path]) -> Mapping[Path, int]:
    """Give the lines, from 1, of those of `paths` that stand in a text of JSON."""
    walk = _Walk(text, paths)
    walk.value(())
    return walk.lines


def doubled_line(text: str) -> int:
    """Give the line of the first key that its table of JSON has already; 0 when there is none."""
    walk = _Walk(text, ())
    walk.value(())
    return walk.doubled


class _Walk:
    """One walk over the signs of a text; `lines` are those of the paths that it was asked for."""

    def __init__(self, text: str, paths: Collection[Path]) -> None:
        self.lines: dict[Path, int] = {}
        self.doubled = 0
        self._paths = frozenset(paths)
        self._signs = _signs(text)
        self._next()

    def _next(self) -> None:
        self._sign, self._line = next(self._signs, ("", 0))

    def _note(self, path: Path, line: int) -> None:
        if path in self._paths:
            self.lines.setdefault(path, line)

    def tables(self) -> None:
        """Follow a whole file of TOML."""
        table: Path = ()
        numbers: dict[Path, int] = {}
        while self._passed("\n"):
            if self._sign == "[":
                table = self._header(numbers)
            else:
                self._pair(table)

    def _passed(self, *blanks: str) -> str:
        """Go over `blanks`, and give the sign behind them; the empty one is the end."""
        while self._sign in blanks:
            self._next()
        return self._sign

    def _header(self, numbers: dict[Path, int]) -> Path:
        """Follow `[a.b]` or `[[a.b]]`, and give the path of its table; `numbers` count the tables of arrays."""
        self._next()
        is_array = self._sign == "["
        self._passed("[")
        names = self._names("]")
        path: Path = ()
        for place, (name, line) in enumerate(names, start=1):
            path = (*path, name)
            if is_array and place == len(names):
                numbers[path] = numbers.get(path, -1) + 1
            self._note(path, line)
            if path in numbers:
                path = (*path, numbers[path])
                self._note(path, line)
        self._passed("]")
        return path

    def _names(self, *ends: str) -> list[tuple[str, int]]:
        """Follow a key with its dots up to one of `ends`, and give its names with their lines."""
        found = []
        while self._sign not in (*ends, ""):
            if self._sign not in (".", "\n"):
                found.append((_plain(self._sign), self._line))
            self._next()
        return found

    def _pair(self, path: Path) -> tuple[str, int]:
        """Follow a key and its value, and give the key's last name with its line."""
        name, line = "", 0
        for name, line in self._names("=", ":"):
            path = (*path, name)
            self._note(path, line)
        self._next()
        self.value(path)
        return name, line

    def value(self, path: Path) -> None:
        """Follow one value, which may span lines."""
        match self._passed("\n"):
            case "[":
                self._next()
                number = 0
                while self._passed("\n", ",") not in ("]", "}", ""):
                    self._note((*path, number), self._line)
                    self.value((*path, number))
                    number += 1
                self._next()
            case "{":
                self._next()
                names: set[str] = set()
                while self._passed("\n", ",") not in ("}", ""):
                    name, line = self._pair(path)
                    self.doubled = self.doubled or (line if name in names else 0)
                    names.add(name)
                self._next()
            case _:
                while self._sign not in _ENDS:
                    self._next()


def _plain(name: str) -> str:
    """Give a key without its quotes and escapes: of TOML, and of JSON where those of TOML do not cover it."""
    if name[0] not in "\"'":
        return name
    try:
        return str(tomllib.loads(f"name = {name}")["name"])
    except tomllib.TOMLDecodeError:
        return str(json.loads(name))
