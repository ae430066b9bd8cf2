"""Front matter as found: YAML between two lines of three hyphens, above a post."""

from __future__ import annotations

from datetime import date

import ruamel.yaml

from secrel.verify.post.facts.values import FrontMatter
from secrel.words.patterns import pattern

_KEY = pattern(r"([^\s:#'\"][^:]*):(?:\s|$)")
_LONGEST = 20_000


def split_front(text: str) -> tuple[FrontMatter | None, str, int]:
    """Part a file into its front matter, its body, and the number of the body's first line.

    A file that does not begin with `---` has none. One that never ends is a fault, and all of it is body.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 1
    end = next((place for place, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if end is None:
        return FrontMatter({}, {}, fault="it has no end"), text, 1
    front = lines[1:end]
    found = {match[1]: place for place, line in enumerate(front, start=2) if (match := _KEY.match(line))}
    loose = tuple(place for place, line in enumerate(front, start=2) if line.rstrip("\r") != line.rstrip("\r").rstrip())
    values, fault = _values("\n".join(front))
    return FrontMatter(values, found, loose, fault), "\n".join(lines[end + 1 :]), end + 2


def _values(text: str) -> tuple[dict[str, str], str]:
    if len(text) > _LONGEST:
        return {}, f"it is longer than {_LONGEST} characters"
    try:
        found = ruamel.yaml.YAML(typ="safe", pure=True).load(text)
    except (ruamel.yaml.error.YAMLError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}, "it is not YAML"
    if not isinstance(found, dict):
        return {}, "it is not a list of keys and values"
    return {str(key): str(value) for key, value in found.items() if isinstance(value, str | int | float | date)}, ""
