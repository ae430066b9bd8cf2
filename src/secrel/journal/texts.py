"""Long texts are kept once: taken out of what is remembered, where their digest stands for them; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from secrel.words.patterns import pattern

Texts = Callable[[Sequence[str]], Mapping[str, str]]
"""Gives texts by what stands for them, all that are asked for."""

LONG = 200
"""How many characters make a text worth keeping by itself: one stands for it in 71."""
_STANDS = pattern(r"sha256:[0-9a-f]{64}")


def take_out(value: Any, texts: dict[str, str]) -> Any:
    """Give JSON values with `sha256:HEX` in the place of each long text, and put the texts into `texts`, by that.

    A text that looks as if it stood for another is taken out as well, so that what is put back is what was there to
    the byte. One with a NUL stays: PostgreSQL cannot keep it outside of JSON.
    """
    if isinstance(value, str):
        if (len(value) < LONG and not _STANDS.fullmatch(value)) or "\0" in value:
            return value
        name = f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"
        texts[name] = value
        return name
    if isinstance(value, list | tuple):
        return [take_out(part, texts) for part in value]
    if isinstance(value, Mapping):
        return {name: take_out(part, texts) for name, part in value.items()}
    return value


def put_back(value: Any, texts: Texts) -> Any:
    """Give JSON values with every text in its place; `texts` is asked once, and not at all when none was taken out."""
    wanted = list(dict.fromkeys(_standing(value)))
    return _filled(value, texts(wanted)) if wanted else value


def _standing(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _STANDS.fullmatch(value):
            yield value
    elif isinstance(value, list):
        for part in value:
            yield from _standing(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _standing(part)


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, list):
        return [_filled(part, known) for part in value]
    if isinstance(value, Mapping):
        return {name: _filled(part, known) for name, part in value.items()}
    return value
