"""References in an effect to what other effects of its plan make, and the addresses that are put in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from secrel.words.effects import Action, RewriteFiles, RewriteIssue
from secrel.words.patterns import pattern

_REFERENCE = pattern(r"⟦([^⟦⟧]{1,300})⟧")
_AS_FOUND = frozenset({"expects", "stood", "files", "desk_text", "lines", "vouched"})
"""Fields that carry what people wrote, as it was found: nothing in them stands for an address."""


def _waiting(action: Action) -> tuple[str, ...]:
    """Name the fields in which a reference may stand; a rewritten text is a person's and has none."""
    if isinstance(action, RewriteIssue | RewriteFiles):
        return ()
    return tuple(name for name in action.__struct_fields__ if name not in _AS_FOUND)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)


def references(action: Action) -> frozenset[str]:
    """Name the keys whose addresses `action` waits for."""
    told = (text for name in _waiting(action) for text in _texts(getattr(action, name)))
    return frozenset(key for text in told for key in _REFERENCE.findall(text))


def _filled(value: Any, addresses: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: addresses[match[1]], value)
    if isinstance(value, tuple):
        return tuple(_filled(part, addresses) for part in value)
    return value


def fill(action: Action, addresses: Mapping[str, str]) -> Action:
    """Put addresses in the place of references; raises `KeyError` for one that is not known."""
    return replace(action, **{name: _filled(getattr(action, name), addresses) for name in _waiting(action)})
