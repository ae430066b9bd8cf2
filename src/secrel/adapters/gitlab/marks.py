"""What the desk leaves in a text so that it finds it again, and the details table that lies in a description.

A text on GitLab is the words, then the details table where the thing has one, then the mark as the very last line:
commands of people that stand below a comment would not act any more on some versions (gitlab-api.md 4).
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from msgspec import Struct

from secrel.adapters.gitlab.neutral import original
from secrel.reading.rows import RowNames, stated_in
from secrel.reading.yaml import read_yaml
from secrel.words.errors import Misused
from secrel.words.facts.stated import UNSTATED, Facts, LineFault, Stated, read_json, united
from secrel.words.facts.tables import as_table
from secrel.words.patterns import pattern

_TOKEN = 32
_LAST = pattern(
    r"(?:\A|\r?\n\r?\n|\r?\n)<!-- secrel ([a-z0-9]{24,40})(?: ([\w.#!@+/-]{1,900}))? -->\s{0,9}\Z", re.ASCII
)
_DETAILS = pattern(
    r"(?:\A|\r?\n\r?\n|\r?\n)###{1,4} Details[ \t]*\r?\n(?:[ \t]*\r?\n){0,3}"
    r"```[ \t]*(json|yaml)[ \t]*\r?\n(.*?)\r?\n?```[ \t]*(?=\r?\n|\Z)",
    re.DOTALL,
)
_MOST = 400_000


def token_of(key: str) -> str:
    """Give the letters and digits that stand for a key: always the same 32, so that every search can index them."""
    return hashlib.sha256(key.encode()).hexdigest()[:_TOKEN]


class Mark(Struct, frozen=True):
    """A mark as found: `key` is empty where everybody could read it, and has to be known to whoever looks for it."""

    token: str
    key: str = ""

    def is_of(self, key: str) -> bool:
        """Whether it was left by the effect `key`."""
        return self.token == token_of(key) and self.key in {"", key}


def line_of(key: str, *, is_public: bool = False) -> str:
    """Give the line that marks what the effect `key` made; in public without the key, which may name a fix."""
    return f"<!-- secrel {token_of(key)} -->" if is_public else f"<!-- secrel {token_of(key)} {key} -->"


class Parts(Struct, frozen=True):
    """A text taken apart: the words, what the details table says, and the mark; the last None without one."""

    words: str
    facts: Stated = UNSTATED
    mark: Mark | None = None

    def stated(self, rows: RowNames) -> Stated:
        """Give what the text states in all: in its details table, and in the tables that people wrote into it."""
        return united(self.facts, stated_in(original(self.words), rows))


def together(words: str, *, facts: Stated | Facts | None = None, mark: str = "") -> str:
    """Put a text together: words, details table (None, or nothing stated: none), and the line of its mark.

    `taken_apart` gives exactly these words back, whatever blank lines they end with.
    """
    table = facts.table if isinstance(facts, Stated) else {} if facts is None else as_table(facts)
    details = f"### Details\n\n```json\n{_written(table)}\n```" if table else ""
    return "\n\n".join([words, *filter(None, (details, mark))])


def _written(table: dict[str, Any]) -> str:
    """Write a table so that no line of it can begin with anything but a bracket or a quoted name."""
    return json.dumps(table, ensure_ascii=True, indent=2, sort_keys=True)


def unmarked(text: str) -> tuple[str, Mark | None]:
    """Take the mark off a text; one whose letters are not those of its key is part of the words."""
    mark = _LAST.search(text)
    found = Mark(mark[1], mark[2] or "") if mark else None
    if mark is None or found is None or (found.key and not found.is_of(found.key)):
        return text, None
    return text[: mark.start()], found


def taken_apart(text: str) -> Parts:
    """Take a description apart: words, details table and mark."""
    text, found = unmarked(text)
    tables = list(_DETAILS.finditer(text)) if "### Details" in text else []
    if not tables:
        return Parts(text, UNSTATED, found)
    last = tables[-1]
    return Parts(text[: last.start()] + text[last.end() :], _stated(last[1], last[2]), found)


def table_in(text: str) -> str:
    """Give the details table of a description to the letter, as whoever wrote it did; empty without one."""
    tables = list(_DETAILS.finditer(unmarked(text)[0])) if "### Details" in text else []
    return tables[-1][0].strip("\r\n") if tables else ""


def _stated(kind: str, written: str) -> Stated:
    """Read a details table as the desk writes it (JSON) or as a person may (YAML); one that is neither is a fault."""
    if len(written) > _MOST:
        return _fault(f"the details table has more than {_MOST:,} characters", "shorten it")
    try:
        return read_json(written if kind == "json" else _as_json(written))
    except Misused as fault:
        return _fault(fault.what, fault.remedy)
    except (ValueError, RecursionError):
        return _fault("the details table is no JSON", "correct it, or write it as YAML, after ```yaml")


def _as_json(written: str) -> str:
    document = read_yaml(written, "the details table", most=_MOST, remedy="correct the line")
    return json.dumps(document.data or {})


def _fault(what: str, remedy: str) -> Stated:
    """Give a table of which no line can be read; the text itself is kept out, since all of it may be a secret."""
    return Stated(faults=(LineFault(("details",), what, remedy, json.dumps("")),))
