"""The embargo guard: the last look at every effect that reveals (mission M10, design.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from secrel.plan.plan import Refusal
from secrel.words.effects import Effect, LiftConfidentiality

_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class EmbargoedFact:
    """A text that must not become public yet; `label` tells people which one, without saying it."""

    label: str
    text: str


def _told(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _told(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _told(part)


def _folded(text: str) -> str:
    return re.sub(r"[\s`*_\\>|-]+", " ", text).casefold()


def leaks(effect: Effect, facts: Iterable[EmbargoedFact]) -> list[str]:
    """Name the labels of the embargoed facts that the bytes of `effect` hold.

    White space, Markdown signs and case do not hide a fact. A fact shorter than eight characters is not looked for:
    it would be found everywhere.
    """
    text = _folded("\n".join(_told(asdict(effect)["action"])))
    return [f.label for f in facts if len(f.text) >= _SHORTEST and _folded(f.text).strip() in text]


def refusals(effects: Sequence[Effect], facts: Sequence[EmbargoedFact], now: datetime) -> Iterator[Refusal]:
    """Refuse every effect that would reveal too early, or would reveal what stays under embargo."""
    for effect in effects:
        if not effect.reveals:
            continue
        if effect.not_before is not None and now < effect.not_before:
            yield Refusal(
                "embargo",
                f"{effect.key} would be public {effect.not_before - now} early",
                (effect.key,),
                f"wait until {effect.not_before:%Y-%m-%d %H:%M %Z}, or move the due time of the release",
            )
        if isinstance(effect.action, LiftConfidentiality):
            continue
        found = leaks(effect, facts)
        if found:
            yield Refusal(
                "embargo",
                f"{effect.key} holds what is still under embargo: {', '.join(sorted(set(found))[:5])}",
                (effect.key,),
                "take it out of the document, then plan again",
            )
