"""What lines of work are made of: effects that are wanted, or the reason why one is held back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from secrel.papers.scene import Scene
from secrel.plan.plan import Prepared, Refusal
from secrel.words.effects import Effect
from secrel.words.errors import Misused, NotSeen

Step = Effect | Refusal | Prepared
"""What a line of work gives: an effect, why it is held back, or what is somebody else's to do."""
Work = Callable[[Scene], Iterator[Step]]
"""A line of work: it gives what it wants done now, with the exact bytes that will be sent."""


def once(scene: Scene, key: str, make: Callable[[str], Effect | None]) -> Iterator[Step]:
    """Give what `make` makes under `key`, unless that is done already, or there is nothing to change (None).

    What cannot be made because a fact is missing, or was not seen, is held back with the reason: the rest goes on.
    """
    if key in scene.snapshot.receipts:
        return
    try:
        effect = make(key)
    except (Misused, NotSeen) as fault:
        rule = "unseen" if isinstance(fault, NotSeen) else "facts"
        yield Refusal(rule, str(fault), (key,), fault.remedy)
        return
    if effect is not None:
        yield effect
