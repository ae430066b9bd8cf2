"""Whether a text holds a fact, however it is quoted and wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize


def lacking(body: str, facts: Iterable[tuple[str, str]]) -> list[str]:
    """Name the facts (label, text) that a document's text does not hold.

    Only letters and figures count, so that neither quoting nor wrapping hides a fact; a version is found whole only.
    """
    there = f" {_bare(body)} "
    return [label for label, text in facts if (bare := _bare(text)) and f" {bare} " not in there]


def tells(body: str, prose: str) -> bool:
    """Whether a document's text holds a passage of prose, letter for letter and figure for figure.

    Neither quoting, wrapping, unseen signs nor the escapes of a quoted YAML text hide it.
    """
    return _letters(prose) in _letters(body)


@lru_cache(maxsize=512)
def _letters(text: str) -> str:
    plain = re.sub(r"\\(?:[nrt]|u[\da-fA-F]{4}|U[\da-fA-F]{8})", " ", text)
    return re.sub(r"[\W_]+", "", normalize("NFKC", plain))


@lru_cache(maxsize=2048)
def _bare(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+(?:\.[^\W_]+)*", text))
